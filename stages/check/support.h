/* How well the words of a sentence and of its translation support each other: for each English content word the best
 * probability that a word of the source is translated by it, and for each word of the source the best probability that
 * it is translated by one of the English words. Only the lexicon speaks here; names, numbers and loans, which both
 * texts spell alike, are for the caller. */
#ifndef STAGES_CHECK_SUPPORT_H
#define STAGES_CHECK_SUPPORT_H

#include "stages/check/lexicon.h"
#include "stages/check/word_units.h"

enum { SUPPORT_TOKENS = 500, SUPPORT_NONE = 0xFF };

struct supported {
    struct token token; /* within the spelled text */
    uint16_t word;      /* English only: index in the lexicon, or LEXICON_WORDS if unknown */
    uint8_t steps;      /* of lexicon_probability(), or SUPPORT_NONE */
    bool known;         /* source only: the lexicon has a translation of a unit of it */
};

/* Working memory and result for one pair of texts; reused for the next, so that nothing is allocated. Initialize with
 * SUPPORT and free with support_free(). */
struct support {
    struct buffer source_text, english_text; /* spelled; the tokens refer to them */
    struct supported source[SUPPORT_TOKENS];
    size_t source_count;
    struct supported english[SUPPORT_TOKENS]; /* numbers and words, without function words */
    size_t english_count;
    struct token tokens[SUPPORT_TOKENS];
};

enum { SUPPORT_TEXT = 1 << 20 };
#define SUPPORT ((struct support){.source_text = BUFFER(SUPPORT_TEXT), .english_text = BUFFER(SUPPORT_TEXT)})
void support_free(struct support *support);

/* Fills in the support of a pair. Only the first SUPPORT_TOKENS words of each text are looked at, so the time is linear
 * in the length of the texts. */
void support_measure(const struct lexicon *lexicon, const struct lexicon_part *part, const struct word_units *units,
                     const struct unit_rules *rules, struct span source, struct span english,
                     struct support *ret_support);

#endif
