/* The limits on a service's requests, learned from its refusals. */
#ifndef STAGES_TRANSLATE_LIMITS_H
#define STAGES_TRANSLATE_LIMITS_H

#include "stages/services/service.h"

/* The size of a request that was refused as too large. */
struct sent {
    size_t texts, characters, longest; /* longest: number of characters in the longest text */
};

/* Returns the lower of the two values for each limit; 0 means "no limit". */
struct service_limits limits_stricter(struct service_limits limits, const struct service_limits *learned);
/* Lowers the limits after a refusal, to the number that the service's message gives (4 in "7 texts exceed the maximum
 * of 4") or else to half of what was sent. Returns false if the request had only one text and cannot be divided. */
bool limits_learn(struct service_limits *learned, enum service_unit unit, const struct sent *sent,
                  struct span sentence);

#endif
