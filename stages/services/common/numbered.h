/* Numbered items in the answer of a language model, as JSON or as lines between fences. */
#ifndef STAGES_SERVICES_COMMON_NUMBERED_H
#define STAGES_SERVICES_COMMON_NUMBERED_H

#include "pipeline/base/arena.h"
#include "pipeline/base/table.h"

enum { NUMBERED_MAX_SOURCES = 8 };

struct numbered {
    struct span text;
    unsigned number;                        /* its own; 0: none */
    unsigned sources[NUMBERED_MAX_SOURCES]; /* of a summary's sentence: what it rests on */
    size_t source_count;
    bool doubtful; /* text without a number followed it behind a blank line: it may not be part of it */
};

struct numbered_form {
    const struct table *words;   /* names of members (tables/services/answers.tsv) */
    const struct table *phrases; /* what models say around an answer (tables/services/refusals.tsv) */
    size_t expected;             /* as many items are wanted */
};

struct numbered_items {
    struct numbered *items; /* in the arena */
    size_t count;
    bool whole; /* nothing is cut off: the JSON is complete, or the fence was closed */
};

/* Paragraphs: {"paragraphs":[{"n":1,"text":"..."}]}, the bare array, an object by number, or "[1] text" a line; with
 * prose or fences around it. Members may have any of the names in the table, numbers may be strings. Of JSON that is
 * cut off, the items that are complete are read. The same item twice is one; two texts for a number are both given. */
struct numbered_items numbered_read_paragraphs(const struct numbered_form *form, struct span answer,
                                               struct arena *arena);
/* Whether a line begins as what models say around an answer does. */
bool numbered_is_remark(const struct numbered_form *form, struct span line);
/* Sentences of a summary: {"sentences":[{"text":"...","from":[1,2]}]}, or "text [1,2]" a line. */
struct numbered_items numbered_read_sentences(const struct numbered_form *form, struct span answer,
                                              struct arena *arena);

#endif
