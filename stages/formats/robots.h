/* robots.txt (RFC 9309): which paths of a host its owner asks programs to leave alone. */
#ifndef STAGES_FORMATS_ROBOTS_H
#define STAGES_FORMATS_ROBOTS_H

#include <stdbool.h>
#include <stddef.h>

#include "pipeline/base/arena.h"

enum { ROBOTS_LIMIT = 500 * 1024 }; /* bytes that are read, as the RFC has it */

struct robots {
    struct robots_rule {
        struct span pattern; /* with '*' for anything and '$' for the end */
        bool allow;
    } * rules;
    size_t count, capacity;
};

/* From UTF-8. The rules for the product `agent` ("dragoman": case, versions and comments behind it do not matter), else
 * those for every agent. A byte-order mark is skipped. Linear; copied into the arena. */
void robots_read(struct span text, struct span agent, struct arena *arena, struct robots *ret_robots);
/* Bytes beyond ASCII and escaped ones are compared as what they mean. Whether the path (with its query, beginning with
 * '/') may be fetched: the longest matching rule decides, and allow where two are equally long. */
bool robots_allow(const struct robots *robots, struct span path);

#endif
