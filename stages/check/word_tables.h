/* The meanings of words for the checks, by language. The tables in config/tables/check are read once per run and are
 * const afterwards, so any number of threads may use them.
 *
 * A table has four columns: language, value, kind and forms. The forms are separated by spaces and in lower case; a
 * star at the end stands for any ending, and "_" for a space within a form. The language "*" applies to all languages.
 * The comment at the top of each table explains its kinds. */
#ifndef STAGES_CHECK_WORD_TABLES_H
#define STAGES_CHECK_WORD_TABLES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "pipeline/base/failure.h"
#include "pipeline/base/text.h"
#include "pipeline/engine/resources.h"

/* Limit of languages, whose numbers are below it. */
enum { MAX_LANGUAGES = 160 };

struct word_tables;

/* The kinds of meaning in the tables. The comment at the top of each table explains those that it uses. */
enum role {
    ROLE_CARDINAL,
    ROLE_ORDINAL,
    ROLE_PERHAPS,
    ROLE_SCALE,
    ROLE_MAYBE_SCALE,
    ROLE_HALF,
    ROLE_JOINS,
    ROLE_TENS,
    ROLE_TAIL,
    ROLE_SPLITS,
    ROLE_SHIFTED_HOUR,
    ROLE_VAGUE,
    ROLE_PREFIX,
    ROLE_MONTH,
    ROLE_MAYBE_MONTH,
    ROLE_OTHER_MONTH,
    ROLE_MAYBE_WEEKDAY,
    ROLE_RELATIVE,
    ROLE_EVE,
    ROLE_WHEN,
    ROLE_WEEKDAY,
    ROLE_MONTH_MARK,
    ROLE_ERA,
    ROLE_YEAR_MARK,
    ROLE_YEAR_END,
    ROLE_LENGTH,
    ROLE_IMPERIAL,
    ROLE_SLASH_DECIMAL,
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
    ROLE_WANTS_NOUN,
    ROLE_NO_NOUN,
    ROLE_RESPELLS,
    ROLE_WHERE,
    ROLE_INITIAL,
    ROLE_FINAL,
    ROLE_INSIDE,
    ROLE_ENDING,
    ROLE_LEADS,
    ROLE_FOLLOWS,
    ROLE_DENIAL,
    ROLE_NEEDS,
    ROLE_TURNS,
    ROLE_AVERTS,
    ROLE_ONE,
    ROLE_ADDS,
    ROLE_CENTURY,
    ROLE_BESIDE_YEAR,
    ROLE_MISTAKEN,
    ROLE_COUNTED,
};

/* One meaning of a form. A form with several meanings has a linked list of them. */
struct sense {
    enum role role;
    double value;
    const struct sense *next;
};

/* The word tables of the run. Reading them takes longer than checking several articles. */
extern const struct resource word_tables_resource;
/* Reads the tables. Fails if one cannot be read or has an invalid row. */
bool word_tables_open(const char *data_folder, struct word_tables **ret_word_tables, struct failure *ret_failure);
/* Reads only the forms of one language and those for all languages, for whoever looks up nothing else. */
bool word_tables_open_one(const char *data_folder, struct span code, struct word_tables **ret_word_tables,
                          struct failure *ret_failure);
void word_tables_close(struct word_tables *word_tables); /* accepts NULL */

/* Returns the index of a language by its code ("sr-Cyrl"; "zh-Hans" falls back to "zh"). WORD_TABLES_NONE stands for an
 * unknown language, for which only the forms for all languages ("*") are found. */
enum { WORD_TABLES_NONE = 0 };
unsigned word_tables_language(const struct word_tables *word_tables, struct span code);
/* Removes prefix number `i` of the language ("and", "the" in Arabic) from the word, if it begins with it and enough
 * remains; otherwise *ret_rest is empty. Returns false if the language has no such prefix. */
bool word_tables_without_prefix(const struct word_tables *word_tables, unsigned language, struct span folded, size_t i,
                                struct span *ret_rest);
/* Returns whether the tables have words of this kind for the language. If they do not, a word that is not found may
 * still be of this kind. */
bool word_tables_have(const struct word_tables *word_tables, unsigned language, enum role role);

/* Returns the meanings of a folded word (see fold.h), or NULL. Tries the word, then its stems, then the word without
 * the prefixes of the language, and then the forms for all languages ("*" in the tables). */
const struct sense *word_tables_find(const struct word_tables *word_tables, unsigned language, struct span folded);
/* The same without prefixes and the forms for all languages: only this form, or this form or its stems. */
const struct sense *word_tables_form(const struct word_tables *word_tables, unsigned language, struct span folded);
const struct sense *word_tables_word(const struct word_tables *word_tables, unsigned language, struct span folded);
/* Returns the lengths that a form may have with which the text begins, for word_filter_has_length(). */
uint32_t word_tables_lengths(const struct word_tables *word_tables, unsigned language, struct span text);
/* For text without spaces between words: finds the longest form that the text begins with. Sets *ret_length to its
 * length in bytes. Returns NULL if there is none. */
const struct sense *word_tables_find_prefix(const struct word_tables *word_tables, unsigned language,
                                            struct span folded, size_t *ret_length);
/* Returns whether the language has forms of several words ("thứ_hai" in the tables), and whether one begins with this
 * word. */
bool word_tables_have_phrases(const struct word_tables *word_tables, unsigned language);
bool word_tables_begin_phrase(const struct word_tables *word_tables, unsigned language, struct span folded);
/* Finds letters within the word that the tables list under the kind `inside`, or under `ending` if the word ends with
 * them. Returns the highest value of those found, or 0. */
double word_tables_affix(const struct word_tables *word_tables, unsigned language, struct span folded);
/* Removes from the word the longest beginning that the tables list under the kind `denial`. Returns false if there is
 * none. */
bool word_tables_denial(const struct word_tables *word_tables, unsigned language, struct span folded,
                        struct span *ret_rest);
/* Reads a number that is written as one word ("fünfundzwanzig") by splitting it into cardinals and joining words. It
 * may contain halves and quarters ("zweieinhalb", "полмиллиона"). If the word ends in the thing that is counted
 * ("zwanzigjährig", "artonhundratalet"), *ret_tail is set to the meanings of that part, otherwise to NULL. Returns
 * false if the word cannot be split completely. In word_compound.c. */
bool word_tables_compound(const struct word_tables *word_tables, unsigned language, struct span folded,
                          double *ret_value, const struct sense **ret_tail);

/* Returns the Gregorian year for a year of the language's own calendar. A year that begins in spring has two; `nth`
 * counts them from 0. Some calendars are only meant where a word marks the year. Returns 0 if there is no such year. */
double word_tables_gregorian(const struct word_tables *word_tables, unsigned language, double year, bool marked,
                             size_t nth);

/* Returns the first meaning of this kind in the list, or NULL. */
static inline const struct sense *sense_of(const struct sense *senses, enum role role) {
    while (senses && senses->role != role) senses = senses->next;
    return senses;
}

#endif
