/* Whether a sentence ends at a place where it may. */
#ifndef STAGES_SEGMENT_RULES_H
#define STAGES_SEGMENT_RULES_H

#include "stages/segment/languages.h"
#include "stages/segment/place.h"

bool rules_end_at(const struct marks *marks, const struct language_rules *language, struct place *place);

#endif
