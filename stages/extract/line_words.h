/* Classifies short lines of plain texts and emails by their words, from config/tables/extract/lines.tsv. */
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

/* Reads the table into the arena. Returns false if it cannot be read. */
bool line_words_read(const char *data_folder, struct arena *arena, struct line_words *ret_words,
                     struct failure *ret_failure);

enum { LINE_FOLDED = 400 };
/* Folds the first LINE_FOLDED bytes of a line in the same way as the words of the table: to lower case, without
 * accents. */
struct span line_fold(struct span line, char to[LINE_FOLDED]);
/* Returns the length of the longest word of this kind at the beginning of a folded text, or 0. Except in scripts
 * without spaces, no letter may follow the word. */
size_t line_begins(const struct line_words *words, enum line_word kind, struct span folded);
/* Returns the position behind the first word of this kind in the folded text, or 0. */
size_t line_behind(const struct line_words *words, enum line_word kind, struct span folded);
/* Returns true if there is a word of this kind anywhere in the folded text. */
bool line_holds(const struct line_words *words, enum line_word kind, struct span folded);
/* Returns the letters and digits of a line, case-folded, as a key that is equal for lines with the same text. Unless
 * `digits` is set, digits at the beginning and the end are left out. */
struct span line_key(struct span line, bool digits, char to[LINE_FOLDED]);

#endif
