/* Glossary terms for services that take no glossary. Each term is replaced by a made-up word in capitals (ZQAX, ZQBX,
 * ...), which a service copies like a name; in the translation it is replaced by the term's English. */
#ifndef STAGES_TRANSLATE_PLACEHOLDERS_H
#define STAGES_TRANSLATE_PLACEHOLDERS_H

#include "stages/language/termbase.h"

/* Returns the text with placeholders, in the arena; or the text itself if it already contains such a word. */
struct span placeholders_put(struct span text, const struct term_match *matches, size_t count, struct arena *arena);
/* Puts the terms' English into the translation. Returns false unless each placeholder occurs in it exactly once. */
bool placeholders_take(struct span target, const struct term_match *matches, size_t count, struct arena *arena,
                       struct span *ret_target);

#endif
