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

#endif
