/* From a corpus to the file, as tools/train_lexicon.c and the tests need it. */
#ifndef TOOLS_LEXICON_TRAIN_H
#define TOOLS_LEXICON_TRAIN_H

#include "tools/lexicon/corpus.h"

enum { TRAIN_BUDGET = 12000000 };

/* Appends lexicon.model, of at most `budget` bytes, to the buffer. The pairs in the corpus lose units that teach
 * nothing. Returns false if the budget is too small for the list of English words. */
bool train_lexicon(struct corpus *corpus, size_t budget, struct buffer *ret_file);

#endif
