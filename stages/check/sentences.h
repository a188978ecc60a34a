/* The sentences of one side of a pair, found by the segment stage's rules, and how long their English is or should be.
 */
#ifndef STAGES_CHECK_SENTENCES_H
#define STAGES_CHECK_SENTENCES_H

#include "stages/check/lengths.h"
#include "stages/segment/scanner.h"

enum { MAX_SENTENCES = 32 };

struct sentences {
    struct sentence {
        struct span text;
        double length;
    } items[MAX_SENTENCES];
    size_t count; /* those past the last are left out */
};

/* With a rule the lengths are those expected of the English, without one those of the text itself. */
void sentences_read(const struct segmenter *segmenter, const char *language, struct span text,
                    const struct length_rule *rule, struct sentences *ret_sentences);

#endif
