/* Restores C1 controls (U+0080 to U+009F). Nobody types them; they are letters and signs of a legacy encoding that was
 * decoded as ISO-8859-1. */
#ifndef STAGES_DECODE_CONTROLS_H
#define STAGES_DECODE_CONTROLS_H

#include "stages/decode/search.h"

/* Looks up the encodings from which C1 controls are converted. */
void controls_know(struct repairer *repairer);
/* Returns whether the text has C1 controls (U+0080 to U+009F). Takes linear time. */
bool controls_found(struct span text);
/* Returns whether U+0085 ends lines, as on mainframes: it occurs several times, and the text has no other line endings.
 */
bool controls_end_lines(struct span text);
/* Appends the text with each U+0085 replaced by a line feed. Returns the number of replacements. */
size_t controls_feed_lines(struct span text, struct buffer *out);
/* Returns the cost of the sample with only its controls converted, or `bits` if that is less. */
double controls_price(struct session *session, struct span sample, double bits);
/* Appends the line with its controls converted from the encoding in which the line is cheapest, and returns that
 * encoding. Controls that the encoding lacks are kept. Returns NULL if no encoding fits. To limit the time, only the
 * first lines are examined; the others are converted like the last of these. */
const struct encoding_entry *controls_read(struct session *session, struct span line, struct buffer *out);

#endif
