/* Follows quotations through the sentences of a paragraph. A sentence out of the middle of a quotation has no quotation
 * marks of its own and would look like a statement of the newspaper. */
#ifndef STAGES_SUMMARIZE_QUOTING_H
#define STAGES_SUMMARIZE_QUOTING_H

#include <stdbool.h>

#include "pipeline/base/text.h"
#include "stages/language/marks.h"

/* Zeroed at the beginning of every paragraph: a quotation that goes on in the next one is opened again there. */
struct quoting {
    bool open; /* a quotation is open after the sentences read so far */
};

/* Reads the next sentence of the paragraph. Returns whether every quotation in it begins and ends there. Single
 * quotation marks are not followed from sentence to sentence, because apostrophes look the same; but one at the
 * beginning that is not closed, or one after the final mark that was not opened, tells that there is more. */
bool quoting_is_whole(const struct marks *marks, struct span sentence, struct quoting *quoting);
/* Returns whether all words of the sentence stand within quotation marks, so that it does not say who speaks. */
bool quoting_is_only(const struct marks *marks, struct span sentence);

#endif
