/* Prompts of language models: files with sections, filled in one pass, so that what comes from an article is never
 * read as a place to fill. */
#ifndef STAGES_SERVICES_COMMON_PROMPT_H
#define STAGES_SERVICES_COMMON_PROMPT_H

#include "pipeline/base/arena.h"
#include "pipeline/base/failure.h"

struct prompt {
    struct span system, user, schema, fences; /* sections */
    struct span version;                      /* the first 12 hex digits of the file's SHA-256 */
};

/* What stands for {{name}}. */
struct filling {
    const char *name;
    struct span text;
};

/* Reads the file (at most 64 KiB, UTF-8); all four sections must be there. Spans belong to the arena. */
bool prompt_read(const char *path, struct arena *arena, struct prompt *ret_prompt, struct failure *ret_failure);
/* Fills a section's paragraphs (separated by blank lines); those with a place whose filling is empty or unknown are
 * left out. `fillings` is ended by one without name. */
struct span prompt_fill(struct span section, const struct filling *fillings, struct arena *arena);
/* A delimiter that the texts cannot contain: 64 bits of a SHA-256 over all of them. A text that held its own delimiter
 * would have to be a fixed point of the hash. Same texts, same delimiter, so that requests can be compared and
 * recomputed. */
struct span prompt_mark(const struct span *texts, size_t count, struct arena *arena);

#endif
