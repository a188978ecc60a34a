/* C1 controls, which nobody types: letters and signs of an older encoding that was read as ISO-8859-1. */
#ifndef STAGES_DECODE_CONTROLS_H
#define STAGES_DECODE_CONTROLS_H

#include "stages/decode/search.h"

/* Notes which encodings they may be of. */
void controls_know(struct repairer *repairer);
/* Whether there are any (U+0080 to U+009F). Linear. */
bool controls_found(struct span text);
/* Whether U+0085 ends lines here, as on mainframes: several times, in a text that has no other line ends. */
bool controls_end_lines(struct span text);
/* Appends the text with a line feed for each of these; how many there were. */
size_t controls_feed_lines(struct span text, struct buffer *out);
/* What the sample costs with its controls read and all else as it is, or `bits`, when that is less. */
double controls_price(struct session *session, struct span sample, double bits);
/* Appends the line with its controls read by the encoding that makes most of them; NULL, and nothing appended, when
 * none does. What that encoding does not have stays. After many lines the rest is read as the last one was, so that
 * time is bounded. */
const struct encoding_entry *controls_read(struct session *session, struct span line, struct buffer *out);

#endif
