/* Figures on which the articles of a story differ. */
#ifndef STAGES_DIGEST_FIGURES_H
#define STAGES_DIGEST_FIGURES_H

#include "stages/digest/day.h"

/* Appends a table of what the articles count or measure with different results. Appends nothing if no two publishers
 * differ. */
void figures_html(const struct day *day, const struct entry *entry, struct buffer *out);

#endif
