/* Repairs mojibake: text that was decoded in the wrong encoding and saved. Each line is converted back to bytes with
 * the encodings in which it may have been misread, and the bytes are decoded correctly. The result is used only if it
 * is much more plausible than the original, so correct text is never changed. */
#ifndef STAGES_DECODE_REPAIR_H
#define STAGES_DECODE_REPAIR_H

#include "pipeline/article/article.h"
#include "pipeline/base/text.h"
#include "stages/decode/candidates.h"

struct repairer; /* immutable once created; borrows the arguments of repairer_new() */

struct repairer *repairer_new(const struct encodings *encodings, const struct writing *writing,
                              const struct candidates *candidates);
void repairer_free(struct repairer *repairer); /* accepts NULL */
/* Returns the text, repaired line by line: the text itself if nothing is repaired, otherwise a span of `out`, which
 * must be empty. Records each kind of repair once in the article, with the number of lines and the first of them.
 * `language` is the index of the text's language in the writing model (writing.h), or -1 if unknown. The text must be
 * valid UTF-8. Takes linear time. */
struct span repair_text(const struct repairer *repairer, struct span text, int language, struct article *article,
                        struct buffer *out);
/* Returns the index of the text's language in the writing model, or -1 if unknown. Pass it to repair_text() for a short
 * text from the same document, such as a headline. */
int repair_language(const struct repairer *repairer, struct span text);

#endif
