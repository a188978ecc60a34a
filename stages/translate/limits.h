/* The limits on requests to a service, learned from the requests that the service has refused. */
#ifndef STAGES_TRANSLATE_LIMITS_H
#define STAGES_TRANSLATE_LIMITS_H

#include "stages/services/service.h"

/* The size of a request that was refused for being too large. */
struct sent {
    size_t texts, characters, longest; /* longest: number of characters in the longest text */
};

/* Returns the lower of the two limits for each quantity; 0 means "no limit". */
struct service_limits limits_stricter(struct service_limits limits, const struct service_limits *learned);
/* Lowers the limits after a refusal: to the limit given in the message ("7 texts exceed the maximum of 4" gives 4) or,
 * if there is none, to half of what was sent. Returns false if the request had only one text, so that it cannot be
 * divided. */
bool limits_learn(struct service_limits *learned, enum service_unit unit, const struct sent *sent,
                  struct span sentence);

#endif
