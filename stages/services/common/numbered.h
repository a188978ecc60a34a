/* Numbered items in the answer of a language model, as JSON or as lines between fences. */
#ifndef STAGES_SERVICES_COMMON_NUMBERED_H
#define STAGES_SERVICES_COMMON_NUMBERED_H

#include "pipeline/base/arena.h"

enum { NUMBERED_MAX_SOURCES = 8 };

struct numbered {
    struct span text;
    unsigned number;                        /* its own; 0: none */
    unsigned sources[NUMBERED_MAX_SOURCES]; /* of a summary's sentence: what it rests on */
    size_t source_count;
    bool doubtful; /* text without a number followed it behind a blank line: it may not be part of it */
};

/* "[1] text" a line, or {"paragraphs":[{"n":1,"text":"..."}]}, fenced or not. Returns how many there are (at most
 * `most`, more are counted but not kept). Texts belong to the arena. Nothing before the first number is kept. */
size_t numbered_read_paragraphs(struct span reply, struct numbered *items, size_t most, struct arena *arena);
/* "text [1,2]" a line, or {"sentences":[{"text":"...","from":[1,2]}]}. */
size_t numbered_read_sentences(struct span reply, struct numbered *items, size_t most, struct arena *arena);

#endif
