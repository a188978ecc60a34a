/* What can be observed about a pair of source and English, for meaning.h to judge: which words support each other, and
 * how the lengths, the numbers of sentences and the ends of the texts compare. */
#ifndef STAGES_CHECK_EVIDENCE_H
#define STAGES_CHECK_EVIDENCE_H

#include "stages/check/support.h"

struct pair;

/* Every word is of a class, which tells how well the lexicon knows such words, and in a band, which tells how well it
 * is supported. Both together are its code: class * EVIDENCE_BANDS + band.
 *
 * Classes of English words: 0 words that the lexicon lacks; 1 to 15 by lexicon_coverage() from 1, three for each, by
 * rarity, because common words have a support in many a wrong sentence; 16 words with a capital of coverage 0; 17 to 31
 * the same as 1 to 15 for words with a capital; 32 to 35 words of coverage 0, by rarity; 36 numbers. Classes of the
 * source: 0 to 6 by the sum of the known probabilities; 7 numbers; 8 to 14 the same as 0 to 6 for letters of scripts
 * without spaces. Bands: 0 no support; 1 to 9 by probability, a factor of two each; 10 to 13 sounds like a name of the
 * other text. */
enum {
    EVIDENCE_ENGLISH_CLASSES = 37,
    EVIDENCE_SOURCE_CLASSES = 15,
    EVIDENCE_BANDS = 14,
    EVIDENCE_MAX_MARKS = 4,
    EVIDENCE_ENGLISH_CODES = EVIDENCE_ENGLISH_CLASSES * EVIDENCE_BANDS,
    EVIDENCE_SOURCE_CODES = EVIDENCE_SOURCE_CLASSES * EVIDENCE_BANDS
};

/* What translators keep: numbers, quotation marks and the like. */
enum evidence_mark { EVIDENCE_QUOTES, EVIDENCE_NUMBERS, EVIDENCE_QUESTIONS, EVIDENCE_COLONS, EVIDENCE_MARKS };

struct meaning_evidence {
    bool has_words; /* false: the lexicon does not know the language, a text has no words, or the source has too many */
    uint16_t english[SUPPORT_TOKENS], source[SUPPORT_TOKENS]; /* codes, in the order of the texts */
    size_t english_count, source_count;
    unsigned source_marks[EVIDENCE_MARKS], english_marks[EVIDENCE_MARKS]; /* how many, at most EVIDENCE_MAX_MARKS */
    double length;    /* natural logarithm of the length of the English over the expected length */
    double deviation; /* the same in standard deviations, length_deviation() */
    double expected;  /* expected length of the English, in characters */
    int sentences;    /* number of sentences that the English has more (or fewer) than the source */
    bool cut;         /* the source ends like a sentence, the English does not */
    bool open;        /* the English ends with a comma, or a word such as "the" */
};

/* Fills in the evidence of a pair. `support` is working memory, which afterwards holds the words. */
void evidence_read(const struct pair *pair, const struct support_language *language, struct support *support,
                   struct meaning_evidence *ret_evidence);

#endif
