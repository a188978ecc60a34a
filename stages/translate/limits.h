/* How much a service takes in a request, as learned from its refusals. */
#ifndef STAGES_TRANSLATE_LIMITS_H
#define STAGES_TRANSLATE_LIMITS_H

#include "stages/services/service.h"

/* What was sent in a request that was too large. */
struct sent {
    size_t texts, characters, longest; /* longest: characters of one text */
};

/* The stricter of each. */
struct service_limits limits_stricter(struct service_limits limits, const struct service_limits *learned);
/* Learns from the numbers in the service's sentence ("7 exceeds 4"), or by halving. False when it was one text. */
bool limits_learn(struct service_limits *learned, enum service_unit unit, const struct sent *sent,
                  struct span sentence);

#endif
