/* One decision on meaning: does the English say what the source says, all of it, and nothing else? Judges the evidence
 * of a pair (evidence.h) by weights that tools/learn_meaning.py learns from good translations and planted faults, in
 * config/tables/check/meaning.tsv. All three faults share one budget of false alarms, which the thresholds in the table
 * were set by.
 *
 * Method: each word has a weight of evidence, the logarithm of how much more often its code occurs in good translations
 * than beside another sentence (naive Bayes). From the weights and the lengths, features are computed, most of them
 * relative to the mean and the spread of good translations from the same language; logistic regression weighs them. */
#ifndef STAGES_CHECK_MEANING_H
#define STAGES_CHECK_MEANING_H

#include "pipeline/base/arena.h"
#include "stages/check/evidence.h"

enum meaning_fault {
    MEANING_OTHER,     /* the English says something else */
    MEANING_TRUNCATED, /* part of the source is not in the English */
    MEANING_ADDED,     /* part of the English is not in the source */
    MEANING_FAULTS     /* their number; also: none */
};

struct meaning;

/* Reads the table into the arena. Fails if it cannot be read or is incomplete. */
bool meaning_read(const char *data_folder, struct arena *arena, struct meaning **ret_meaning,
                  struct failure *ret_failure);

/* The gravest fault of a pair, or MEANING_FAULTS if it has none, and the part of each text that is supported worst, as
 * the range [from, to) of the words in struct support; the range is empty if no part stands out. */
struct meaning_verdict {
    enum meaning_fault fault;
    size_t source_from, source_to, english_from, english_to;
};

/* Judges a pair. `language` is the code of the source, which may be empty. Takes time linear in the number of words. */
void meaning_judge(const struct meaning *meaning, struct span language, const struct meaning_evidence *evidence,
                   struct meaning_verdict *ret_verdict);

#endif
