/* Reads robots.txt (RFC 9309): the paths of a host that programs are asked not to fetch. */
#ifndef STAGES_FORMATS_ROBOTS_H
#define STAGES_FORMATS_ROBOTS_H

#include <stdbool.h>
#include <stddef.h>

#include "pipeline/base/arena.h"

enum { ROBOTS_LIMIT = 500 * 1024 }; /* bytes of a robots.txt that are read, as RFC 9309 requires */

struct robots {
    struct robots_rule {
        struct span pattern; /* pattern, in which '*' stands for any characters and '$' for the end */
        bool allow;
    } * rules;
    size_t count, capacity;
};

/* Reads the rules for the product `agent`, or those for all agents if there are none. The text is UTF-8, with or
 * without a byte order mark. Agents are compared without regard to case, version or comment. Takes linear time; the
 * rules are copied into the arena. */
void robots_read(struct span text, struct span agent, struct arena *arena, struct robots *ret_robots);
/* Returns true if the path, which includes the query and begins with "/", may be fetched. The longest matching rule
 * decides; of two rules of equal length, "allow" wins. Unreserved and non-ASCII characters match whether or not they
 * are escaped. */
bool robots_allow(const struct robots *robots, struct span path);

#endif
