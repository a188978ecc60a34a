/* Whether a service gives the same English whatever it is asked: one that stands for two unlike sources of at least
 * three times as many words, for three unlike ones, short and long, or for six unlike ones that are
 * no mere phrases. */
#ifndef STAGES_TRANSLATE_CANNED_H
#define STAGES_TRANSLATE_CANNED_H

#include <stdbool.h>
#include <stdint.h>

#include "pipeline/base/text.h"

enum { CANNED_TEXTS = 16, CANNED_SOURCES = 6 };

/* The last texts of one service in one language. */
struct canned {
    struct canned_text {
        uint64_t target;
        struct {
            uint64_t words; /* a bit each, by hash */
            size_t count;
        } sources[CANNED_SOURCES];
        size_t source_count;
        bool canned;
    } texts[CANNED_TEXTS];
    size_t next;
};

/* Takes note of a translation, and returns whether its English is canned. */
bool canned_note(struct canned *canned, struct span source, struct span target);
/* It is known that this English is. */
void canned_know(struct canned *canned, struct span target);

/* The English that a service gave last in one article, and for how many texts in a row. */
struct canned_row {
    struct span target; /* borrowed */
    size_t words;       /* of the last source */
    unsigned times;
};

/* Takes note of the next translation, and returns whether the service gives nothing else: the same for three texts in a
 * row, or for two when it `miscounts`, none of them with as many words as the one before. This closes the service, and
 * needs no more than one article; canned_note() sees what is spread over many, and rejects single texts. */
bool canned_follows(struct canned_row *row, struct span source, struct span target, bool miscounts);

#endif
