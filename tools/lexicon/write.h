/* Writes what was learned as lexicon.model (stages/check/lexicon.h), the least useful translations left out. */
#ifndef TOOLS_LEXICON_WRITE_H
#define TOOLS_LEXICON_WRITE_H

#include "tools/lexicon/learn.h"

/* Appends the file to the buffer. `learned` has an item for each language of the corpus. The file gets about `budget`
 * bytes and never more. Every language may use the same number of bytes, and what a language with little text does not
 * need is shared by the others: so nothing of the weak languages is lost. Returns false if the budget is too small for
 * the list of English words. */
bool lexicon_write(const struct corpus *corpus, const struct translations *learned, size_t budget,
                   struct buffer *ret_file);

#endif
