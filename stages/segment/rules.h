/* The rules that decide whether a sentence ends at a possible place. */
#ifndef STAGES_SEGMENT_RULES_H
#define STAGES_SEGMENT_RULES_H

#include "stages/segment/languages.h"
#include "stages/segment/place.h"

/* Returns whether a sentence ends at `place`. Calls place_look(), which sets the fields from `next` on. */
bool rules_end_at(const struct marks *marks, const struct language_rules *language, struct place *place);

#endif
