/* Mojibake: text that somebody decoded with the wrong encoding and saved. Each line is encoded again by the encodings
 * it may have been misread by, and read rightly; what comes out is taken only when somebody is far likelier to have
 * written it than what was there, so that clean text is never touched. */
#ifndef STAGES_DECODE_REPAIR_H
#define STAGES_DECODE_REPAIR_H

#include "pipeline/article/article.h"
#include "pipeline/base/text.h"
#include "stages/decode/candidates.h"

struct repairer; /* constant after it is made; borrows all three */

struct repairer *repairer_new(const struct encodings *encodings, const struct writing *writing,
                              const struct candidates *candidates);
void repairer_free(struct repairer *repairer); /* accepts NULL */
/* Appends the text, repaired line by line; each kind of repair is added to the article's record once, with the number
 * of lines and the first of them. `language` is the text's in the model of writing, -1 when it is not known yet. The
 * text must be valid UTF-8. Linear. */
void repair_text(const struct repairer *repairer, struct span text, int language, struct article *article,
                 struct buffer *out);
/* The text's language in the model of writing, -1 when it has none, for repair_text() of what belongs to it. */
int repair_language(const struct repairer *repairer, struct span text);

#endif
