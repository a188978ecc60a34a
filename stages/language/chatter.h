/* Answers of language models that are no translation: refusals, and talk around it. The phrases are data. */
#ifndef STAGES_LANGUAGE_CHATTER_H
#define STAGES_LANGUAGE_CHATTER_H

#include "pipeline/base/table.h"

enum chatter { CHATTER_NONE, CHATTER_TALK, CHATTER_REFUSAL };

/* By how the text begins; case and the form of apostrophes do not count. A text in quotation marks is somebody's
 * speech. */
enum chatter chatter_of(const struct table *phrases, struct span text);

#endif
