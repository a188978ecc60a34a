/* Chooses the English words and the translations that the lexicon keeps. */
#ifndef TOOLS_LEXICON_PRUNE_H
#define TOOLS_LEXICON_PRUNE_H

#include "tools/lexicon/learn.h"

enum { UNITS_IN_BUCKET = 8 };

/* The English words of the lexicon: the most frequent ones. */
struct vocabulary {
    uint32_t *units; /* sorted */
    uint8_t *rarities;
    size_t count;
    uint16_t *indexes; /* by id in the corpus: the position in `units`, or LEXICON_WORDS */
};
void vocabulary_choose(const struct corpus *corpus, struct vocabulary *ret_vocabulary);
void vocabulary_free(struct vocabulary *vocabulary);

/* A translation of a unit, and what it is worth. */
struct choice {
    uint32_t unit; /* id */
    struct translation translation;
    float value;
};
struct choices {
    struct choice *at; /* the most valuable first */
    size_t count, capacity;
    size_t units; /* how many units they belong to */
    size_t size;  /* half bytes in the file */
};
/* The choices of one language. Those that tell nothing, because the word is nearly as frequent in any pair, are left
 * out, and so are all but the LEXICON_TRANSLATIONS most probable of a unit. */
void choices_list(const struct corpus *corpus, const struct vocabulary *vocabulary, size_t units,
                  const struct translations *learned, struct choices *ret_choices);
/* Keeps the most valuable that fit in `size` half bytes. */
void choices_prune(struct choices *choices, size_t units, size_t size);
/* Returns the largest number of half bytes per language with which all of them together take at most `budget`. */
size_t choices_share(const struct choices *choices, size_t count, size_t budget);

#endif
