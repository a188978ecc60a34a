/* Recognizes replies of large language models that are not translations: refusals, and remarks about the translation.
 * The phrases are listed in a table. */
#ifndef STAGES_LANGUAGE_CHATTER_H
#define STAGES_LANGUAGE_CHATTER_H

#include "pipeline/base/table.h"

enum chatter { CHATTER_NONE, CHATTER_TALK, CHATTER_REFUSAL };

/* Returns the kind of phrase with which the text begins, ignoring ASCII case and the form of apostrophes. A phrase
 * after a quotation mark is quoted speech and does not count. */
enum chatter chatter_of(const struct table *phrases, struct span text);

#endif
