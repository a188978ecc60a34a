/* Text pages as people save them from a news site: site line, headline, stand-first, a line with date and counter, the
 * headline again as a caption, then paragraphs; and mails with heads, quotations and hard-wrapped lines. */
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
    const struct date_words *dates; /* the caller's, as are the phrases */
    const struct phrases *phrases;
    const struct marks *marks; /* in the arena */
    struct model *model;       /* for what a month's name means */
};

/* Reads the tables into the arena; plain_words_close() lets go of the model. */
bool plain_words_open(const char *data_folder, const struct date_words *dates, const struct phrases *phrases,
                      struct arena *arena, struct plain_words *ret_words, struct failure *ret_failure);
void plain_words_close(struct plain_words *words);

/* Sets what is not known yet of title.source, published, modified and authors, and adds the blocks; what the page says
 * about itself (dates, counters, repetitions of the headline, lines above it) is no block. */
void plain_read(const struct plain_words *words, struct span text, struct article *article);

#endif
