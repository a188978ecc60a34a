/* An article for people: readable paragraphs, the original below its translation, every doubt visible. */
#ifndef PROGRAM_SHOW_TEXT_H
#define PROGRAM_SHOW_TEXT_H

#include "pipeline/article/article.h"

/* The width of a text where the width of the terminal is not known. */
enum { SHOW_COLUMNS = 80 };

/* Appends the article as text of at most `columns` terminal columns, where East Asian characters take two. Nothing of
 * it is obeyed by a terminal. A translation is followed by its original, indented by "  > ". A doubtful one is marked
 * "[?]", with the reasons in the lines below; what has no translation is marked "[!]". */
void show_text(const struct article *article, size_t columns, struct buffer *out);
/* Appends the same as Markdown: the original as a quotation, doubts in bold. */
void show_markdown(const struct article *article, struct buffer *out);

#endif
