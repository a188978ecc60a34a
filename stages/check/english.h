/* Which words are English: lists of words in the order of their bytes, config/tables/check/english.txt (about 65,000
 * words of three letters and more) and names.txt (names that English has its own form of). */
#ifndef STAGES_CHECK_ENGLISH_H
#define STAGES_CHECK_ENGLISH_H

#include "pipeline/base/arena.h"
#include "pipeline/base/failure.h"
#include "pipeline/base/text.h"

struct english;

/* The list belongs to the arena and is const from then on. */
bool english_read(const char *data_folder, const char *name, struct arena *arena, struct english **ret_english,
                  struct failure *ret_failure);
/* Whether the list has the word (in small letters), or its plural or possessive does. Logarithmic in the list. */
bool english_has(const struct english *english, struct span word);

#endif
