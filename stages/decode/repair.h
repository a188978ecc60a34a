/* Repairs mojibake: text that was decoded in the wrong encoding and saved. Each line is encoded again in the encodings
 * in which it may have been misread, and decoded correctly. The result is used only if it is a far more likely text
 * than the original, so clean text is never changed. */
#ifndef STAGES_DECODE_REPAIR_H
#define STAGES_DECODE_REPAIR_H

#include "pipeline/article/article.h"
#include "pipeline/base/text.h"
#include "stages/decode/candidates.h"

struct repairer; /* immutable once created; borrows its three arguments */

struct repairer *repairer_new(const struct encodings *encodings, const struct writing *writing,
                              const struct candidates *candidates);
void repairer_free(struct repairer *repairer); /* accepts NULL */
/* Appends the text, repaired line by line. Adds each kind of repair to the record of the article once, with the number
 * of lines and the first of them. `language` is the language of the text in the model of writing, or -1 if unknown. The
 * text must be valid UTF-8. Takes linear time. */
void repair_text(const struct repairer *repairer, struct span text, int language, struct article *article,
                 struct buffer *out);
/* Returns the language of the text in the model of writing, or -1 if unknown. Pass it to repair_text() for a short text
 * of the same document, such as a headline. */
int repair_language(const struct repairer *repairer, struct span text);

#endif
