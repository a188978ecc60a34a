/* Placeholders for glossary terms, for services that have no glossaries. Each term is replaced with an invented word in
 * capitals (ZQAX, ZQBX, ...), which a service copies as it would copy a name. In the translation, the placeholder is
 * replaced with the English term. */
#ifndef STAGES_TRANSLATE_PLACEHOLDERS_H
#define STAGES_TRANSLATE_PLACEHOLDERS_H

#include "stages/language/termbase.h"

/* Returns the text with placeholders instead of terms, allocated in the arena. Returns the text itself if it already
 * contains a word like a placeholder. */
struct span placeholders_put(struct span text, const struct term_match *matches, size_t count, struct arena *arena);
/* Replaces the placeholders in the translation with the English terms. Returns false unless each placeholder occurs
 * exactly once. */
bool placeholders_take(struct span target, const struct term_match *matches, size_t count, struct arena *arena,
                       struct span *ret_target);

#endif
