/* Mojibake: text that somebody decoded with the wrong encoding and saved. Each line is encoded again by the encodings
 * it may have been misread by, and read rightly; what comes out is taken only when it is clearly better writing than
 * what was there, so that clean text is never touched. */
#ifndef STAGES_DECODE_REPAIR_H
#define STAGES_DECODE_REPAIR_H

#include "pipeline/article.h"
#include "pipeline/text.h"
#include "stages/decode/encodings.h"

struct repairer; /* constant after it is made */

struct repairer *repairer_new(const struct encodings *encodings); /* borrows the encodings */
void repairer_free(struct repairer *repairer);                     /* accepts NULL */

/* Appends the repaired text and puts every repair on the article's record; valid UTF-8 goes in and comes out. Up to
 * three misreadings of a line are undone. Linear. */
void repair_text(const struct repairer *repairer, struct span text, struct article *article, struct buffer *out);

#endif
