/* Glossary terms for services that know no glossary: each is replaced by a word of capital letters that a translation
 * carries along as a name (ZQAX, ZQBX, ...), and put back as the term's English. */
#ifndef STAGES_TRANSLATE_PLACEHOLDERS_H
#define STAGES_TRANSLATE_PLACEHOLDERS_H

#include "stages/language/termbase.h"

/* The text with placeholders, in the arena; the text itself when it cannot take any. */
struct span placeholders_put(struct span text, const struct term_match *matches, size_t count, struct arena *arena);
/* The translation with the terms in their places. False when not every placeholder came back once. */
bool placeholders_take(struct span target, const struct term_match *matches, size_t count, struct arena *arena,
                       struct span *ret_target);

#endif
