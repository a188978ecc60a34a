/* Detects canned answers. A canned answer is an English text that a service returns whatever the source says. An answer
 * is treated as canned if it was given for two unlike sources that have at least three times as many words as the
 * answer, for three unlike sources of different length, or for six unlike sources none of which is a short phrase. */
#ifndef STAGES_TRANSLATE_CANNED_H
#define STAGES_TRANSLATE_CANNED_H

#include <stdbool.h>
#include <stdint.h>

#include "stages/language/word_set.h"

enum { CANNED_TEXTS = 16, CANNED_SOURCES = 6 };

/* The most recent answers of one service in one language. */
struct canned {
    struct canned_text {
        uint64_t target;
        struct {
            uint64_t hash; /* of the text */
            struct word_set words;
            size_t count;
        } sources[CANNED_SOURCES];
        size_t source_count;
        bool canned;
    } texts[CANNED_TEXTS];
    size_t next;
};

/* Adds an answer and returns whether it is canned. */
bool canned_note(struct canned *canned, struct span source, struct span target);
/* Marks this answer as canned, because an earlier run found that it is. */
void canned_know(struct canned *canned, struct span target);

/* The last answer of a service in an article, and the number of consecutive texts for which it was given. */
struct canned_row {
    struct span target; /* borrowed */
    size_t words;       /* of the last source */
    unsigned times;
};

/* Adds the next answer in an article. Returns whether the service should be disabled because it gave the same answer
 * three times in a row (twice if `miscounts` is set), each time for a source with a different number of words than the
 * one before. canned_note(), in contrast, looks at many articles and rejects single answers. */
bool canned_follows(struct canned_row *row, struct span source, struct span target, bool miscounts);

#endif
