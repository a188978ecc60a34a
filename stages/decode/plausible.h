/* How much a decoded text looks like writing, by the classes of neighbouring letters alone: words stay in one script,
 * capitals begin words, signs and controls do not stand between letters. Higher is better; about 0 to 3 for every
 * character beyond ASCII in good text, negative for a wrong encoding. The text
 * must be valid UTF-8. Linear. */
#ifndef STAGES_DECODE_PLAUSIBLE_H
#define STAGES_DECODE_PLAUSIBLE_H

#include "pipeline/text.h"

double plausible_score(struct span text);

#endif
