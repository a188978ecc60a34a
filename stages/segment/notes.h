/* References to notes, glued to the end of a sentence: "the end.[7] Next", "the end.11 12 Next". */
#ifndef STAGES_SEGMENT_NOTES_H
#define STAGES_SEGMENT_NOTES_H

#include "stages/language/marks.h"

/* Behind "[7]", "[a]" or "[note 2]" at `position`; 0 when none stands there. */
size_t notes_bracketed(const struct marks *marks, struct span text, size_t position);
/* Behind "12", "11 12" or "3,4" at `position`, numbers of at most three figures with a space behind them; or 0. */
size_t notes_figures(const struct marks *marks, struct span text, size_t position);

#endif
