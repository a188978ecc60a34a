/* The state of an adapter that speaks HTTP and needs no more than its settings and its table of languages. */
#ifndef STAGES_SERVICES_COMMON_REMOTE_H
#define STAGES_SERVICES_COMMON_REMOTE_H

#include "stages/services/common/codes.h"
#include "stages/services/service.h"

struct remote {
    const struct service_settings *common;
    const void *settings; /* of the adapter's own kind */
    struct arena *arena;
    struct codes codes;
    struct span model; /* the settings that shape the answers, as one word: part of the memory's key */
};

/* `shapers` are the values of those settings; empty ones and "default" count as not set. Reads the table that the
 * service's `languages` names. */
bool remote_open(const struct service_context *context, const struct span *shapers, size_t shaper_count,
                 void **ret_state, struct failure *ret_failure);
void remote_close(void *state); /* accepts NULL */
/* service.offers: to English, from the languages of the table. */
bool remote_offers(const void *state, const char *source_language, const char *target_language, struct span *ret_model);
/* At open: a key or another setting without which nothing works. The sentence names it. */
bool remote_needs_secret(const struct service_context *context, const struct secret *secret, const char *name,
                         struct failure *ret_failure);
bool remote_needs_key(const struct service_context *context, struct failure *ret_failure);
bool remote_needs_text(const struct service_context *context, struct span text, const char *name,
                       struct failure *ret_failure);

#endif
