/* Numbers in digits as an English reader will read them. Most languages of Europe write 1.234,5 for the English
 * 1,234.5; left as it is, "1.234" reads as little more than one. The table decimals.tsv has the convention of each
 * language. */
#ifndef STAGES_LANGUAGE_FIGURES_H
#define STAGES_LANGUAGE_FIGURES_H

#include "pipeline/base/failure.h"
#include "pipeline/base/table.h"
#include "pipeline/base/text.h"

enum figure_marks {
    FIGURES_UNKNOWN, /* as in English, or nothing can be concluded */
    FIGURES_COMMA,   /* 1.234,5 */
    FIGURES_EITHER   /* 1.234,5 in some countries, 1,234.5 in others */
};

/* Reads the table. Fails if a row has an unknown mark. */
bool figures_read(const char *data_folder, struct arena *arena, struct table *ret_table, struct failure *ret_failure);
/* Returns the convention of a language by its BCP 47 code. A region is ignored, a script is not. */
enum figure_marks figures_marks(const struct table *table, struct span language);

/* A number in a text: bytes [from, to), which begin and end with a digit. */
struct figure {
    size_t from, to;
};

/* Finds the next number with a comma or a full stop in it, at or after `from`, that stands alone: not one that is part
 * of a word, a link, a version, an IP address, a date or a time. Returns false if there is none. */
bool figures_next(struct span text, size_t from, struct figure *ret_figure);

/* Enough for any number that figures_in_english() changes. */
enum { FIGURE_BYTES = 48 };
/* Writes the number as English does ("1.234,5": 1,234.5). `text` is the text in the source language, which tells what
 * "1,234" means where this is in doubt. Returns false if the number needs no change or nothing can be concluded. */
bool figures_in_english(enum figure_marks marks, struct span text, struct span figure, char ret_english[FIGURE_BYTES]);

/* Appends the English text, with those of its numbers that it has from the source unchanged written as English does. */
void figures_write(enum figure_marks marks, struct span source, struct span english, struct buffer *out);

#endif
