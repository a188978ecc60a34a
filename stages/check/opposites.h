/* Pairs of words with opposite meanings and their counterparts in other languages (config/tables/check/antonyms.tsv):
 * "rose" and "fell", "subió" and "bajó". Read once per run and const afterwards. */
#ifndef STAGES_CHECK_OPPOSITES_H
#define STAGES_CHECK_OPPOSITES_H

#include <stdint.h>

#include "pipeline/base/arena.h"
#include "pipeline/base/failure.h"
#include "stages/check/reading.h"

/* MAX_OPPOSITES: the bits of a set of pairs. */
enum { SIDES = 2, MAX_OPPOSITES = 64 };

struct opposites;

/* The pairs of which a word or a text has a side: bit n stands for pair n. A word that may mean the side, but may as
 * well mean something else, is only in `any`. */
struct opposite_marks {
    uint64_t sure[SIDES], any[SIDES];
};

/* Reads the table into the arena. Fails if it cannot be read or has an invalid row. */
bool opposites_read(const char *data_folder, const struct word_tables *word_tables, struct arena *arena,
                    struct opposites **ret_opposites, struct failure *ret_failure);
/* Returns the pairs of which an English word has a side, or NULL. */
const struct opposite_marks *opposites_of_english(const struct opposites *opposites, struct span folded);
/* Returns whether the table has words of a language for the pair. */
bool opposites_have(const struct opposites *opposites, unsigned language, unsigned pair);
/* Finds a word of the text that means this side of the pair; if `sure`, one that means nothing else. Returns it as
 * written, or an empty span. Takes time linear in the text. */
struct span opposites_find(const struct opposites *opposites, const struct word_tables *word_tables,
                           const struct reading *source, struct span text, unsigned pair, int side, bool sure);

#endif
