/* Verifies that a sentence written by a language model says nothing that is not in the sentences it cites. Every number
 * (in digits or words, compared by value), every name (a capitalized word within the sentence, compared by stem) and
 * every address must occur in the cited sentences. This does not prove the sentence true, but it rejects invented
 * figures, people and places. */
#ifndef STAGES_SUMMARIZE_VERIFY_H
#define STAGES_SUMMARIZE_VERIFY_H

#include <stdbool.h>

#include "pipeline/base/failure.h"
#include "pipeline/base/text.h"

struct verifier; /* not changed after opening, so threads can share it */

bool verifier_open(const char *data_folder, struct verifier **ret_verifier, struct failure *ret_failure);
void verifier_close(struct verifier *verifier); /* accepts NULL */
/* Returns whether the cited English sentences, joined into one text, support the sentence. If not, appends the reason
 * to *why. */
bool verifier_supports(const struct verifier *verifier, struct span sentence, struct span cited, struct buffer *why);

#endif
