/* Decides which lines of a page belong to the article, by the line model. */
#ifndef STAGES_EXTRACT_LINE_CHOICE_H
#define STAGES_EXTRACT_LINE_CHOICE_H

#include "stages/extract/line_features.h"
#include "stages/extract/line_model.h"

/* Returns, for each line, whether it belongs to the article; in the page's arena. Returns NULL if the page is so short,
 * or the text so long, that the model cannot judge it. */
const bool *line_choice_make(const struct line_model *model, const struct line_evidence *evidence);

#endif
