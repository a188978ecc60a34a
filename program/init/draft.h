/* The draft of a first configuration, from the answers of `dragoman init`. Pure functions over text. */
#ifndef PROGRAM_INIT_DRAFT_H
#define PROGRAM_INIT_DRAFT_H

#include <stdbool.h>
#include <stddef.h>

#include "pipeline/base/arena.h"
#include "pipeline/base/text.h"

enum { DRAFT_SOURCES = 1000 };

struct draft {
    struct span output;   /* absolute path of the folder for the digest */
    struct span *sources; /* http: and https: addresses of feeds, or of sites that name their feeds */
    size_t source_count;
    struct span service; /* its section, as draft_service() returns it; empty for the embedded engine alone */
};

/* Returns the address that a user means: "costa.example" is https://costa.example. Empty if it is none. */
struct span draft_address(struct span written, struct arena *arena);
/* Returns the section of a service in the examples (config/examples/services.conf), without its comments; empty if
 * there is none. */
struct span draft_service(struct span examples, struct span name);
/* Returns the value of a key in such a section; empty if the section does not have it. */
struct span draft_value(struct span section, struct span key);
/* Returns the section with this value of a key, which replaces the line that begins with `instead`, another key or the
 * same one; without that line, it is added. */
struct span draft_with(struct span section, struct span instead, struct span key, struct span value,
                       struct arena *arena);
/* Returns the section without a key. */
struct span draft_without(struct span section, struct span key, struct arena *arena);
/* Returns the section without the keys that a service on this machine does not need: of the secret and of prices. */
struct span draft_local(struct span section, struct arena *arena);
/* Appends the configuration, with comments. */
void draft_write(const struct draft *draft, struct buffer *out);

#endif
