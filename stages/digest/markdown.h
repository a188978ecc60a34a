/* Text in Markdown (CommonMark with GitHub's extensions) that stays text, whatever it holds. */
#ifndef STAGES_DIGEST_MARKDOWN_H
#define STAGES_DIGEST_MARKDOWN_H

#include "pipeline/base/text.h"

/* Appends the text on one line, escaped so that no part of it is taken for markup or a link, at any position of the
 * line. Line breaks become spaces. Characters that are invisible or reverse the direction of text are left out. */
void markdown_text(struct buffer *out, struct span text);
/* Appends a link that shows its address; nothing unless that is an http: or https: URL. */
void markdown_link(struct buffer *out, struct span address);
/* Appends an address so that it can be used anywhere in Markdown: characters that are not allowed in addresses, end a
 * line or are invisible are percent-encoded. */
void markdown_address(struct buffer *out, struct span address);

#endif
