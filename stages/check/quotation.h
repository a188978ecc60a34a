/* Quotation marks, for the checks that look at what a text quotes. */
#ifndef STAGES_CHECK_QUOTATION_H
#define STAGES_CHECK_QUOTATION_H

#include "stages/language/marks.h"

/* Returns whether the character can only be a quotation mark. The East Asian 「」『』 are among the brackets in the
 * table. */
static inline bool rune_is_quotation(const struct marks *marks, uint32_t rune) {
    return marks_of(marks, rune) == MARK_QUOTE || (rune >= 0x300C && rune <= 0x300F);
}

/* Returns whether the character may be one: it may also be an apostrophe. */
static inline bool rune_may_be_quotation(const struct marks *marks, uint32_t rune) {
    return rune_is_quotation(marks, rune) || marks_of(marks, rune) == MARK_MARK;
}

#endif
