/* What words mean to the checks, language by language: the tables of config/tables/check, read once a run and const
 * afterwards, so any number of threads may look things up.
 *
 * A table has the columns language, value, kind and forms (parted by spaces, in small letters; a star at the end of a
 * form stands for any ending). The language "*" holds for all. What a kind is used for stands in the head of its table.
 */
#ifndef STAGES_CHECK_WORD_TABLES_H
#define STAGES_CHECK_WORD_TABLES_H

#include <stdbool.h>
#include <stddef.h>

#include "pipeline/base/failure.h"
#include "pipeline/base/text.h"

struct word_tables;

enum role {
    ROLE_CARDINAL,
    ROLE_ORDINAL,
    ROLE_PERHAPS,
    ROLE_SCALE,
    ROLE_MAYBE_SCALE,
    ROLE_HALF,
    ROLE_JOINS,
    ROLE_VAGUE,
    ROLE_PREFIX,
    ROLE_MONTH,
    ROLE_MAYBE_MONTH,
    ROLE_OTHER_MONTH,
    ROLE_WHEN,
    ROLE_WEEKDAY,
    ROLE_MONTH_MARK,
    ROLE_ERA,
    ROLE_LENGTH,
    ROLE_OPEN,
    ROLE_DOUBLES,
    ROLE_DETERMINER,
    ROLE_CAPITALS,
    ROLE_NEGATION,
    ROLE_NEGATIVE,
    ROLE_NEUTRAL,
    ROLE_CURRENCY,
    ROLE_UNIT,
    ROLE_ORDINAL_END,
    ROLE_SOME,
    ROLE_RANGES,
    ROLE_SCALES_FIRST,
    ROLE_ARTICLE,
    ROLE_INSIDE,
};

/* One meaning of a form; a form that has several is a list. */
struct sense {
    enum role role;
    double value;
    const struct sense *next;
};

bool word_tables_open(const char *data_folder, struct word_tables **ret_word_tables, struct failure *ret_failure);
void word_tables_close(struct word_tables *word_tables); /* accepts NULL */

/* A number for the language code ("sr-Cyrl", or "zh" for "zh-Hans"), or WORD_TABLES_NONE, in which only "*" is known.
 */
enum { WORD_TABLES_NONE = 0 };
unsigned word_tables_language(const struct word_tables *word_tables, struct span code);
/* Whether the tables have words of that kind for the language, so that one not found is really missing. */
bool word_tables_have(const struct word_tables *word_tables, unsigned language, enum role role);

/* The meanings of a folded word (see reading.h), or NULL. Tries the word, then its stems, then the word without the
 * language's prefixes. */
const struct sense *word_tables_find(const struct word_tables *word_tables, unsigned language, struct span folded);
/* For text without spaces between words: the longest form that the text begins with, its bytes in *ret_length. */
const struct sense *word_tables_find_prefix(const struct word_tables *word_tables, unsigned language,
                                            struct span folded, size_t *ret_length);
/* Whether the word has letters inside that the tables list as `inside`. */
bool word_tables_has_inside(const struct word_tables *word_tables, unsigned language, struct span folded);
/* For words written together ("fünfundzwanzig"): cuts a whole word into forms that are cardinals or join them. Gives
 * the number that they come to. */
bool word_tables_compound(const struct word_tables *word_tables, unsigned language, struct span folded,
                          double *ret_value);

/* The first sense of that kind in the list, or NULL. */
const struct sense *sense_of(const struct sense *senses, enum role role);

#endif
