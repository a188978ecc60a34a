/* Learns translations by IBM Model 1 (Brown et al. 1993) over units: each English word of a pair is explained by the
 * units of the source, or by none of them, and the explanations of all pairs determine the probabilities of the next
 * round. */
#ifndef TOOLS_LEXICON_LEARN_H
#define TOOLS_LEXICON_LEARN_H

#include "tools/lexicon/corpus.h"

/* What was learned about one language. */
struct translations {
    uint32_t *starts;     /* by unit, and one more: the range of its translations */
    uint32_t *words;      /* ids of English words */
    float *probabilities; /* that the unit is translated by the word */
    double *weights;      /* by unit: the sum of the weights of the pairs that have it */
};

/* Sequences of letters that occur in one pair only are dropped from the pairs, since they teach nothing. */
void learn_translations(const struct corpus *corpus, struct language *language, struct translations *ret_learned);
void translations_free(struct translations *learned);

#endif
