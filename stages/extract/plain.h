/* Text pages as people save them: site line, headline, stand-first, a line with date and counter, the headline again as
 * a caption, then paragraphs. */
#ifndef STAGES_EXTRACT_PLAIN_H
#define STAGES_EXTRACT_PLAIN_H

#include "pipeline/article.h"

/* Sets title.source and adds the blocks. Lines that are wrapped within a paragraph (no empty line, no closing
 * punctuation, all about as long) are joined. */
void plain_read(struct span text, struct article *article);

#endif
