/* Letters that have a meaning within a word, such as the "los" of German "arbeitslos"; only for word_tables.c. */
#ifndef STAGES_CHECK_WORD_AFFIXES_H
#define STAGES_CHECK_WORD_AFFIXES_H

#include "stages/check/word_tables.h"

enum { MAX_AFFIXES = 128 };

/* A sequence of letters that has a meaning at the end of a word, at its beginning or anywhere within it. */
struct affix {
    struct span start, letters; /* `start` is what a word with the ending must begin with; mostly empty */
    enum role role;
    double value;
};

/* Those of one language. Zero-initialize. */
struct word_affixes {
    struct affix items[MAX_AFFIXES];
    size_t count;
    bool inside; /* one of them may be anywhere within a word */
    uint64_t first[4],
        last[4]; /* one bit for each byte that words with one at the beginning, or at the end, have there */
};

/* Adds the letters of a row of the tables if its kind is `inside`, `ending` or `denial`: "ne*al" is the ending "al" of
 * words that begin with "ne". Letters beyond MAX_AFFIXES are ignored. */
void word_affixes_add(struct word_affixes *affixes, struct span text, const struct sense *sense);
/* See word_tables_affix() and word_tables_denial(). */
double word_affixes_value(const struct word_affixes *affixes, struct span folded);
bool word_affixes_denial(const struct word_affixes *affixes, struct span folded, struct span *ret_rest);

#endif
