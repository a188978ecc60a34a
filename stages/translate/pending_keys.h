/* Which keys are being asked for right now, so that two articles with the same sentence do not both pay for it. */
#ifndef STAGES_TRANSLATE_PENDING_KEYS_H
#define STAGES_TRANSLATE_PENDING_KEYS_H

#include "pipeline/store/store.h"

struct claims;

struct claims *claims_new(void);
void claims_free(struct claims *claims); /* accepts NULL */
/* False when the key is claimed already. */
bool claims_take(struct claims *claims, const struct memory_key *key);
void claims_drop(struct claims *claims, const struct memory_key *key);

#endif
