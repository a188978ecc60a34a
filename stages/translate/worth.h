/* What an answer is worth: the check stage's verdict on one pair of texts, as a number. The one place of this stage that
 * knows the checks. */
#ifndef STAGES_TRANSLATE_WORTH_H
#define STAGES_TRANSLATE_WORTH_H

#include "pipeline/article.h"

enum { DEMERIT_WARNING = 1, DEMERIT_ERROR = 1000 };

/* 0: nothing found; DEMERIT_ERROR or more: it would fail. *ret_check (static) is the worst finding's name, or NULL. */
unsigned worth_demerits(struct span source, struct span target, unsigned unknown_words, const char **ret_check);

#endif
