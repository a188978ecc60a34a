/* What short lines of text pages and mails are, by their words: config/tables/extract/lines.tsv. */
#ifndef STAGES_EXTRACT_LINE_WORDS_H
#define STAGES_EXTRACT_LINE_WORDS_H

#include "pipeline/base/arena.h"
#include "pipeline/base/failure.h"

enum line_word {
    LINE_COUNTER,
    LINE_PUBLISHED,
    LINE_UPDATED,
    LINE_BYLINE,
    LINE_PHOTO,
    LINE_SUBJECT,
    LINE_FROM,
    LINE_SENT,
    LINE_TO,
    LINE_FORWARDED,
    LINE_WROTE,
    LINE_WORDS
};

struct line_words {
    struct span *words[LINE_WORDS];
    size_t counts[LINE_WORDS], capacities[LINE_WORDS];
};

bool line_words_read(const char *data_folder, struct arena *arena, struct line_words *ret_words,
                     struct failure *ret_failure);

enum { LINE_FOLDED = 400 };
/* At most the first LINE_FOLDED bytes of a line as the table writes words: small letters without accents. */
struct span line_fold(struct span line, char to[LINE_FOLDED]);
/* The length of the longest word of this kind that a folded text begins with, followed by no letter; 0: none. */
size_t line_begins(const struct line_words *words, enum line_word kind, struct span folded);
/* Whether a word of this kind stands anywhere in it. */
bool line_holds(const struct line_words *words, enum line_word kind, struct span folded);
/* Letters and figures only, folded: equal for lines that say the same. `figures` false leaves them out at both ends. */
struct span line_key(struct span line, bool figures, char to[LINE_FOLDED]);

#endif
