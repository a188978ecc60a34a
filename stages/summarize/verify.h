/* Verifies that the cited sentences support a sentence written by a language model: every number (in digits or words,
 * compared by value), every name (a capitalized word within the sentence, compared by stem) and every address in it
 * must also occur in the cited sentences. It must be English, and no refusal, remark or part of a prompt
 * (checker_allows()). This does not prove that the sentence is true, but it rejects invented figures, people and
 * places. */
#ifndef STAGES_SUMMARIZE_VERIFY_H
#define STAGES_SUMMARIZE_VERIFY_H

#include <stdbool.h>

#include "pipeline/base/failure.h"
#include "pipeline/base/text.h"
#include "pipeline/engine/resources.h"

struct verifier; /* does not change after verifier_open(), so threads can share it */

/* Borrows the run's checker from `resources`, which must live longer. */
bool verifier_open(const char *data_folder, struct resources *resources, struct verifier **ret_verifier,
                   struct failure *ret_failure);
void verifier_close(struct verifier *verifier); /* accepts NULL */
/* Returns whether the cited English sentences (joined into one text) support the sentence. If not, appends the reason
 * to *why. */
bool verifier_supports(const struct verifier *verifier, struct span sentence, struct span cited, struct buffer *why);

#endif
