/* Prompts for language models: files with sections that contain placeholders. All placeholders are replaced in a single
 * pass, so text from an article that looks like a placeholder is left alone. */
#ifndef STAGES_SERVICES_COMMON_PROMPT_H
#define STAGES_SERVICES_COMMON_PROMPT_H

#include "pipeline/base/arena.h"
#include "pipeline/base/failure.h"
#include "stages/services/common/recited.h"

struct prompt {
    struct span system, user, schema, fences; /* the sections of the file */
    struct span version;                      /* the first 12 hex digits of the file's SHA-256 */
};

/* The text that replaces {{name}}. */
struct filling {
    const char *name;
    struct span text;
};

/* Reads a file of at most 64 KiB in UTF-8, which must have all four sections. The spans belong to the arena. */
bool prompt_read(const char *path, struct arena *arena, struct prompt *ret_prompt, struct failure *ret_failure);
/* Returns the index by which recited() recognises the words of the prompts. It belongs to the arena. */
struct recital *prompt_recital(const struct prompt *const *prompts, size_t count, struct arena *arena);
/* Replaces the placeholders in a section. A paragraph (paragraphs are separated by blank lines) that has an empty or
 * unknown placeholder is left out. `fillings` ends with an entry without a name. */
struct span prompt_fill(struct span section, const struct filling *fillings, struct arena *arena);
/* Returns a delimiter that the texts do not contain: 64 bits of a SHA-256 over all of them. The author of a text cannot
 * insert the delimiter, because that would change the hash. The same texts always have the same delimiter, so requests
 * are reproducible. */
struct span prompt_mark(const struct span *texts, size_t count, struct arena *arena);

#endif
