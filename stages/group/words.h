/* The words of English text, as features of what it is about. */
#ifndef STAGES_GROUP_WORDS_H
#define STAGES_GROUP_WORDS_H

#include <stdbool.h>
#include <stdint.h>

#include "pipeline/base/text.h"

struct word {
    struct span text;
    uint64_t hash; /* of the word in lower case */
    bool capital;  /* it begins with one */
    bool follows;  /* nothing but a space or a hyphen stands between it and the word before */
};

/* The next word of three letters or more, or of digits, from *position on, which is moved behind it; false at the end.
 */
bool words_next(struct span text, size_t *position, struct word *ret_word);
/* The feature of two words that stand together. */
uint64_t words_pair(uint64_t first, uint64_t second);

#endif
