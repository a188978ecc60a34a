/* Reads the numbered items in a language model's answer, written as JSON or as lines between fences. */
#ifndef STAGES_SERVICES_COMMON_NUMBERED_H
#define STAGES_SERVICES_COMMON_NUMBERED_H

#include "pipeline/base/arena.h"
#include "pipeline/base/table.h"

enum { NUMBERED_MAX_SOURCES = 8 };

struct numbered {
    struct span text;
    unsigned number;                        /* the item's number; 0 if it has none */
    unsigned sources[NUMBERED_MAX_SOURCES]; /* for a sentence of a summary: numbers of the texts that support it */
    size_t source_count;
    bool doubtful; /* a blank line and unnumbered text followed the item; the text may or may not belong to it */
};

struct numbered_form {
    const struct table *words;   /* names of the members in JSON answers (services/answers.tsv) */
    const struct table *phrases; /* remarks that models add to an answer (services/refusals.tsv) */
    size_t expected;             /* number of items expected */
};

struct numbered_items {
    struct numbered *items; /* in the arena */
    size_t count;
    bool whole; /* the answer is not cut off: the JSON is complete, or the closing fence is present */
};

/* Reads paragraphs: {"paragraphs":[{"n":1,"text":"..."}]}, a bare array, an object with numbers as member names, or
 * lines of the form "[1] text". Prose or fences may surround them. Members may have any of the names in the table, and
 * numbers may be strings. If JSON is cut off, its complete items are read. Repeated items are returned once; if two
 * items have the same number but different texts, both are returned. */
struct numbered_items numbered_read_paragraphs(const struct numbered_form *form, struct span answer,
                                               struct arena *arena);
/* Returns whether a line begins like a remark that models add to an answer. */
bool numbered_is_remark(const struct numbered_form *form, struct span line);
/* Reads the sentences of a summary: {"sentences":[{"text":"...","from":[1,2]}]}, or lines of "text [1,2]". */
struct numbered_items numbered_read_sentences(const struct numbered_form *form, struct span answer,
                                              struct arena *arena);

#endif
