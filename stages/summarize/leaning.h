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
/* Returns whether the sentence is in the first person and `before`, its predecessor, is not: somebody else speaks, such
 * as in a post that the article shows. */
bool leaning_changes_speaker(const struct leaning *leaning, struct span sentence, struct span before);
/* Returns whether the sentence can be understood if it precedes `lead`, the article's first sentence: it contains no
 * references ("the two", "also"), and no part of a name that `lead` has in full. */
bool leaning_can_lead(const struct leaning *leaning, struct span sentence, struct span lead);
/* Returns whether the sentence begins with "the" and a noun that does not tell which one ("the port", but not "the port
 * of Lorven") and occurs in none of the `known` texts. */
bool leaning_has_unknown_noun(const struct leaning *leaning, struct span sentence, const struct span *known,
                              size_t count);
/* Returns whether the sentence calls somebody by a part of the name that `left_out` has in full ("Quist" for "Hedda
 * Quist"), while none of the `known` texts has that part. */
bool leaning_shortens_name(const struct leaning *leaning, struct span sentence, struct span left_out,
                           const struct span *known, size_t count);

#endif
