/* Whether a sentence that a language model wrote says nothing that the sentences it cites do not say.
 *
 * Every number of it (in digits or words, by what they mean), every name (a capitalised word inside the sentence, by
 * its stem) and every address must occur in what it cites. That proves no truth, but an invented figure, person or
 * place does not get through. */
#ifndef STAGES_SUMMARIZE_VERIFY_H
#define STAGES_SUMMARIZE_VERIFY_H

#include <stdbool.h>

#include "pipeline/base/failure.h"
#include "pipeline/base/text.h"

struct verifier; /* const after opening: any number of threads may ask */

bool verifier_open(const char *data_folder, struct verifier **ret_verifier, struct failure *ret_failure);
void verifier_close(struct verifier *verifier); /* accepts NULL */
/* `cited` are the English sentences it rests on, joined. When it is not supported, *why (a buffer) gets the reason. */
bool verifier_supports(const struct verifier *verifier, struct span sentence, struct span cited, struct buffer *why);

#endif
