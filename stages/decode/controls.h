/* Restores characters that were turned into C1 controls (U+0080 to U+009F). Nobody types these controls: they are
 * letters and signs of a legacy encoding that was decoded as ISO-8859-1. */
#ifndef STAGES_DECODE_CONTROLS_H
#define STAGES_DECODE_CONTROLS_H

#include "stages/decode/search.h"

/* Looks up the encodings from which C1 controls may come. */
void controls_know(struct repairer *repairer);
/* Returns whether the text has C1 controls (U+0080 to U+009F). Takes linear time. */
bool controls_found(struct span text);
/* Returns whether U+0085 serves as the line ending, as in text from mainframes: it occurs several times, and there are
 * no other line endings. */
bool controls_end_lines(struct span text);
/* Appends the text with each U+0085 replaced by a line feed. Returns the number of replacements. */
size_t controls_feed_lines(struct span text, struct buffer *out);
/* Returns the cost of the sample if only its controls are converted, or `bits` if that is lower. */
double controls_price(struct session *session, struct span sample, double bits);
/* Appends the line with its controls decoded from the encoding that gives the line the lowest cost, and returns that
 * encoding. Controls that are unassigned in the encoding are kept. Returns NULL if no encoding fits. To limit the time,
 * only the first lines of a text are examined; later lines are converted like the last one examined. */
const struct encoding_entry *controls_read(struct session *session, struct span line, struct buffer *out);

#endif
