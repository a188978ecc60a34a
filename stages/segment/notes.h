/* Recognizes footnote references that directly follow the end of a sentence: "the end.[7] Next", "the end.11 12 Next".
 */
#ifndef STAGES_SEGMENT_NOTES_H
#define STAGES_SEGMENT_NOTES_H

#include "stages/language/marks.h"

/* Returns the end of a reference such as "[7]", "[a]" or "[note 2]" that begins at `position`, or 0 if there is none.
 */
size_t notes_bracketed(const struct marks *marks, struct span text, size_t position);
/* Returns the end of numbers such as "12", "11 12" or "3,4" that begin at `position`, or 0 if there are none. Each may
 * have at most three digits, and whitespace or the end of the text must follow. */
size_t notes_figures(const struct marks *marks, struct span text, size_t position);

#endif
