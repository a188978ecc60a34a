/* References to footnotes that directly follow the end of a sentence: "the end.[7] Next", "the end.11 12 Next". */
#ifndef STAGES_SEGMENT_NOTES_H
#define STAGES_SEGMENT_NOTES_H

#include "stages/language/marks.h"

/* Returns the position after "[7]", "[a]" or "[note 2]" at `position`, or 0 if there is no such note. */
size_t notes_bracketed(const struct marks *marks, struct span text, size_t position);
/* Returns the position after "12", "11 12" or "3,4" at `position`, or 0. The numbers may have at most three digits and
 * must be followed by whitespace or the end of the text. */
size_t notes_figures(const struct marks *marks, struct span text, size_t position);

#endif
