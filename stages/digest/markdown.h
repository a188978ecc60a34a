/* Text in Markdown (CommonMark with GitHub's extensions) that stays text, whatever it holds. */
#ifndef STAGES_DIGEST_MARKDOWN_H
#define STAGES_DIGEST_MARKDOWN_H

#include "pipeline/base/text.h"

/* Appends the text on one line, so that none of it is taken for markup or a link, wherever on a line it stands. Line
 * breaks become spaces; what is not displayed and what turns the direction of text around is left out. */
void markdown_text(struct buffer *out, struct span text);
/* Appends a link that shows its address; nothing unless that is an http: or https: URL. */
void markdown_link(struct buffer *out, struct span address);
/* Appends an address as it can stand in any text: what must not be in one, ends a line or is not displayed is
 * percent-encoded. */
void markdown_address(struct buffer *out, struct span address);

#endif
