/* The sentences of the source or of its translation, divided by the rules of the segment stage, with their lengths. */
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
    size_t count; /* sentences beyond MAX_SENTENCES are not read */
};

/* Divides the text into sentences. If `rule` is given, each length is the length expected of the English translation;
 * if `rule` is NULL, it is the length of the sentence itself. Lengths are in characters. */
void sentences_read(const struct segmenter *segmenter, const char *language, struct span text,
                    const struct length_rule *rule, struct sentences *ret_sentences);

#endif
