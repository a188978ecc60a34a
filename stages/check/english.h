/* Lists of English words: config/tables/check/english.txt (about 110,000 words), names.txt
 * (names that have an English form of their own) and places.txt (places that may be in lower case). */
#ifndef STAGES_CHECK_ENGLISH_H
#define STAGES_CHECK_ENGLISH_H

#include "pipeline/base/arena.h"
#include "pipeline/base/failure.h"
#include "pipeline/base/text.h"

struct english;

/* Reads the list `name` from config/tables/check. The list is allocated in the arena and is const from then on. Fails
 * if the file is missing, empty or too large. */
bool english_read(const char *data_folder, const char *name, struct arena *arena, struct english **ret_english,
                  struct failure *ret_failure);
/* Returns whether the list contains the word, or the word without a possessive ending or (if three letters remain) a
 * plural ending. `word` must be in lower case. Takes constant time on average. */
bool english_has(const struct english *english, struct span word);

#endif
