/* How a record reads: what all formats for readers share. */
#ifndef PROGRAM_EXPORT_PARTS_READING_H
#define PROGRAM_EXPORT_PARTS_READING_H

#include "pipeline/article/article.h"

/* A headline or a sentence of the summary that may not say what its source says is followed by " [to check: why]". */
/* Title and body in English, paragraphs parted by an empty line. What was not translated stands there as its source,
 * marked as such; captions are left out. */
void reading_title(const struct article *article, struct buffer *out); /* the source's without usable English */
void reading_english(const struct article *article, struct buffer *out);
void reading_source(const struct article *article, struct buffer *out);
void reading_summary(const struct article *article, struct buffer *out); /* one line */
/* "Translated by machine (deepl, apertium); 2 sentences should be checked; 1 was not translated.", with the article's
 * notes behind it; `out` is empty. */
void reading_note(const struct article *article, struct buffer *out);
/* A time as RFC 3339 wants it, with date, time and zone; false when the record does not know that much. */
bool reading_time(struct span iso, char ret_text[32]);

#endif
