/* What words mean to the checks, language by language: the tables of config/tables/check, read once a run and const
 * afterwards, so any number of threads may look things up.
 *
 * A table has the columns language, value, kind and forms (parted by spaces, in small letters; a star at the end of a
 * form stands for any ending). The language "*" holds for all. What a kind is used for stands in the head of its table.
 */
#ifndef STAGES_CHECK_KNOWLEDGE_H
#define STAGES_CHECK_KNOWLEDGE_H

#include <stdbool.h>
#include <stddef.h>

#include "pipeline/base/failure.h"
#include "pipeline/base/text.h"

struct knowledge;

enum meaning {
    MEANS_CARDINAL,
    MEANS_ORDINAL,
    MEANS_PERHAPS,
    MEANS_SCALE,
    MEANS_MAYBE_SCALE,
    MEANS_HALF,
    MEANS_JOINS,
    MEANS_VAGUE,
    MEANS_PREFIX,
    MEANS_MONTH,
    MEANS_MAYBE_MONTH,
    MEANS_OTHER_MONTH,
    MEANS_WHEN,
    MEANS_WEEKDAY,
    MEANS_MONTH_MARK,
    MEANS_ERA,
    MEANS_LENGTH,
    MEANS_OPEN,
    MEANS_DOUBLES,
    MEANS_DETERMINER,
    MEANS_CAPITALS,
    MEANS_NEGATION,
    MEANS_NEGATIVE,
    MEANS_NEUTRAL,
    MEANS_CURRENCY,
    MEANS_UNIT,
    MEANS_ORDINAL_END,
    MEANS_SOME,
    MEANS_RANGES,
    MEANS_SCALES_FIRST,
    MEANS_ARTICLE,
    MEANS_INSIDE,
};

/* One meaning of a form; a form that has several is a list. */
struct sense {
    enum meaning means;
    double value;
    const struct sense *next;
};

bool knowledge_open(const char *data_folder, struct knowledge **ret_knowledge, struct failure *ret_failure);
void knowledge_close(struct knowledge *knowledge); /* accepts NULL */

/* A number for the language code ("sr-Cyrl", or "zh" for "zh-Hans"), or KNOWLEDGE_NONE, in which only "*" is known. */
enum { KNOWLEDGE_NONE = 0 };
unsigned knowledge_language(const struct knowledge *knowledge, struct span code);
/* Whether the tables have words of that kind for the language, so that one not found is really missing. */
bool knowledge_knows(const struct knowledge *knowledge, unsigned language, enum meaning means);

/* The meanings of a folded word (see reading.h), or NULL. Tries the word, then its stems, then the word without the
 * language's prefixes. */
const struct sense *knowledge_word(const struct knowledge *knowledge, unsigned language, struct span folded);
/* For text without spaces between words: the longest form that the text begins with, its bytes in *ret_length. */
const struct sense *knowledge_beginning(const struct knowledge *knowledge, unsigned language, struct span folded,
                                        size_t *ret_length);
/* Whether the word has letters inside that the tables list as `inside`. */
bool knowledge_has_inside(const struct knowledge *knowledge, unsigned language, struct span folded);
/* For words written together ("fünfundzwanzig"): cuts a whole word into forms that are cardinals or join them. Gives
 * the number that they come to. */
bool knowledge_compound(const struct knowledge *knowledge, unsigned language, struct span folded, double *ret_value);

/* The first sense of that kind in the list, or NULL. */
const struct sense *sense_of(const struct sense *senses, enum meaning means);

#endif
