/* Whether a line ends like a sentence, for those who tell paragraphs from scraps and do not cut sentences. */
#ifndef STAGES_SEGMENT_SENTENCE_END_H
#define STAGES_SEGMENT_SENTENCE_END_H

#include <stdbool.h>

#include "pipeline/base/arena.h"
#include "pipeline/base/failure.h"

struct marks;

/* The table of marks (config/tables/segment/marks.tsv), in the arena; NULL on failure. */
const struct marks *sentence_marks_read(const char *data_folder, struct arena *arena, struct failure *ret_failure);
/* Whether behind closing quotes, brackets and spaces stands a mark that may end a sentence, in whatever language. A
 * colon announces something and ends none. */
bool sentence_ends(const struct marks *marks, struct span text);

#endif
