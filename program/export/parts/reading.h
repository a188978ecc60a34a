/* Renders a record as plain text, for the export formats that are meant for reading. */
#ifndef PROGRAM_EXPORT_PARTS_READING_H
#define PROGRAM_EXPORT_PARTS_READING_H

#include "pipeline/article/article.h"

/* All of these append to `out`. A headline or summary sentence that may be wrong is followed by " [to check: why]". */

/* Appends the English headline, or the original one if there is no usable translation. */
void reading_title(const struct article *article, struct buffer *out);
/* Appends the body in English, with empty lines between paragraphs and without captions. Sentences that were not
 * translated appear as "[not translated: SOURCE]". */
void reading_english(const struct article *article, struct buffer *out);
/* Appends the body in the original language, also without captions. */
void reading_source(const struct article *article, struct buffer *out);
/* Appends the summary as one line. */
void reading_summary(const struct article *article, struct buffer *out);
/* Appends "Translated by machine (deepl, apertium); 2 sentences should be checked; 1 was not translated; ..." with the
 * article's notes at the end. `out` must be empty. */
void reading_note(const struct article *article, struct buffer *out);
/* Writes the time in the form of RFC 3339. Returns false if the record does not have the date, time and zone. */
bool reading_time(struct span iso, char ret_text[32]);

#endif
