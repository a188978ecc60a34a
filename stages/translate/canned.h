/* Detects canned answers: the same English, given by a service whatever the source says. A translation is canned if it
 * was given for two unlike sources that have at least three times as many words as the English, for three unlike
 * sources of different length, or for six unlike sources none of which is a short phrase. */
#ifndef STAGES_TRANSLATE_CANNED_H
#define STAGES_TRANSLATE_CANNED_H

#include <stdbool.h>
#include <stdint.h>

#include "stages/language/word_set.h"

enum { CANNED_TEXTS = 16, CANNED_SOURCES = 6 };

/* The most recent translations from one language by one service. */
struct canned {
    struct canned_text {
        uint64_t target;
        struct {
            struct word_set words;
            size_t count;
        } sources[CANNED_SOURCES];
        size_t source_count;
        bool canned;
    } texts[CANNED_TEXTS];
    size_t next;
};

/* Adds a translation, and returns whether its English is canned. */
bool canned_note(struct canned *canned, struct span source, struct span target);
/* Marks this English as canned, because an earlier run found that it is. */
void canned_know(struct canned *canned, struct span target);

/* The last English that a service gave in an article, and for how many consecutive texts. */
struct canned_row {
    struct span target; /* borrowed */
    size_t words;       /* of the last source */
    unsigned times;
};

/* Adds the next translation, and returns whether the service should be closed: it gave the same English three times in
 * a row (twice if `miscounts` is set), each time for a source whose number of words differs from that of the source
 * before it. This needs one article only; canned_note() looks at many articles and rejects single texts. */
bool canned_follows(struct canned_row *row, struct span source, struct span target, bool miscounts);

#endif
