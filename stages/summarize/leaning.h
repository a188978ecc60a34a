/* Recognizes sentences that cannot be understood without the sentence before: "He said", "However", "In 2010, she ...",
 * "'Never,' they added". The words are in tables/summarize/leaning.tsv. */
#ifndef STAGES_SUMMARIZE_LEANING_H
#define STAGES_SUMMARIZE_LEANING_H

#include "pipeline/base/failure.h"
#include "pipeline/base/text.h"
#include "stages/language/marks.h"

struct leaning; /* does not change after leaning_open(), so threads can share it */

/* `marks` must outlive the result. NULL on failure. */
struct leaning *leaning_open(const char *data_folder, const struct marks *marks, struct failure *ret_failure);
void leaning_close(struct leaning *leaning); /* accepts NULL */
/* Returns whether the English sentence needs its predecessor. `opens` says that it is the first one of the article's
 * text, where "this" and "it" refer to the headline or to what follows. */
bool leaning_needs_predecessor(const struct leaning *leaning, struct span sentence, bool opens);
/* Returns whether the sentence can be understood before `lead`, the article's first sentence: it refers to nothing
 * ("the two", "also") and calls nobody by a part of a name that the lead has in full. */
bool leaning_can_lead(const struct leaning *leaning, struct span sentence, struct span lead);

#endif
