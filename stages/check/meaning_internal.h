/* Between meaning.c, which judges, and meaning_table.c, which reads the weights. */
#ifndef STAGES_CHECK_MEANING_INTERNAL_H
#define STAGES_CHECK_MEANING_INTERNAL_H

#include "stages/check/meaning.h"

/* The features of a pair. tools/learn_meaning.py computes the same ones in the same order. */
enum {
    /* relative to good translations from the language */
    ENGLISH_SUM, /* of the weights of the words, by the root of their number */
    ENGLISH_MEAN,
    ENGLISH_RUN, /* the worst sum over words that follow each other */
    SOURCE_SUM,
    SOURCE_MEAN,
    SOURCE_RUN,
    LENGTH,
    ENGLISH_THIRD, /* the mean of the worst third of the text */
    SOURCE_THIRD,
    ENGLISH_FALL, /* the worst sum of what is missing to the mean of the text */
    SOURCE_FALL,
    RELATIVES,
    /* of the pair alone */
    WORDS = RELATIVES,
    ENGLISH_SUPPORT,
    SOURCE_SUPPORT,
    BOTH_MEANS,
    WORSE_MEAN,
    FEWER_AND_THIRD, /* fewer sentences, and part of the source without support */
    MORE_AND_THIRD,
    SHORT_AND_THIRD,
    LONG_AND_THIRD,
    SHORT, /* the first that needs no words */
    SHORT_SQUARED,
    LONG,
    LONG_SQUARED,
    FEWER_SENTENCES,
    MORE_SENTENCES,
    CUT,
    CUT_OPEN,
    FEWER_SHORT,
    MORE_LONG,
    CUT_SHORT,
    EXPECTED,
    MARKS,                            /* for each of the marks: how many more, how many fewer, how many in both */
    ONE = MARKS + 3 * EVIDENCE_MARKS, /* always 1 */
    FEATURES
};

/* What is normal in good translations from a language. */
struct normal {
    struct span language;
    double mean[RELATIVES], spread[RELATIVES];
    double offset[MEANING_FAULTS]; /* how much higher they score than those from all languages */
};

struct meaning {
    double english[EVIDENCE_ENGLISH_CODES], source[EVIDENCE_SOURCE_CODES]; /* weights of evidence by code */
    struct normal *normals;                                                /* by language, the last one "*" */
    size_t normal_count;
    uint64_t english_rows, source_rows, fault_rows; /* one bit for each that the table has */
    double with_words[MEANING_FAULTS][FEATURES], without_words[MEANING_FAULTS][FEATURES];
};

/* Computes the features of a pair, and returns what is normal in its language, or NULL if the pair has no words. */
const struct normal *meaning_features(const struct meaning *meaning, struct span language,
                                      const struct meaning_evidence *evidence, double ret_features[FEATURES]);

/* Returns what is normal in a language. Falls back to the base language ("pt" for "pt-BR") and to "*". */
const struct normal *meaning_normal(const struct meaning *meaning, struct span language);

#endif
