/* Reads plain text: pages copied from a news site (line with the site's name, headline, stand-first, line with date and
 * view counter, the headline repeated as a caption, paragraphs), and emails with header fields, quotations and
 * hard-wrapped lines. */
#ifndef STAGES_EXTRACT_PLAIN_H
#define STAGES_EXTRACT_PLAIN_H

#include "pipeline/article/article.h"
#include "stages/extract/date.h"
#include "stages/extract/line_words.h"
#include "stages/extract/phrases.h"
#include "stages/language/unicode.h"

struct model;

struct plain_words {
    struct line_words lines;
    const struct date_words *dates; /* like the phrases, borrowed from the caller */
    const struct phrases *phrases;
    const struct marks *marks; /* in the arena */
    struct model *model;       /* used to guess the language, which decides what a month's name means */
};

/* Reads the tables into the arena and opens the language model, which plain_words_close() closes. */
bool plain_words_open(const char *data_folder, const struct date_words *dates, const struct phrases *phrases,
                      struct arena *arena, struct plain_words *ret_words, struct failure *ret_failure);
void plain_words_close(struct plain_words *words);

/* Appends the blocks, and sets those of title.source, published, modified and authors that are still empty. Lines about
 * the page itself (dates, counters, repeated headlines, lines above the headline) do not become blocks. */
void plain_read(const struct plain_words *words, struct span text, struct article *article);

#endif
