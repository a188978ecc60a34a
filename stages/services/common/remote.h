/* The state of HTTP adapters that need only their settings and a table of languages. */
#ifndef STAGES_SERVICES_COMMON_REMOTE_H
#define STAGES_SERVICES_COMMON_REMOTE_H

#include "stages/services/common/codes.h"
#include "stages/services/service.h"

struct remote {
    const struct service_settings *common;
    const void *settings; /* the settings of this kind of service, in a struct that the adapter defines */
    struct arena *arena;
    struct codes codes;
    struct span model; /* the settings that influence the answers, joined; part of the translation memory key */
};

/* Creates the state. `shapers` are the values of the settings that influence the answers; empty values and "default"
 * are ignored. Reads the table named by service.languages. */
bool remote_open(const struct service_context *context, const struct span *shapers, size_t shaper_count,
                 void **ret_state, struct failure *ret_failure);
void remote_close(void *state); /* accepts NULL */
/* Implements service.offers for translations to English from the languages of the table. */
bool remote_offers(const void *state, const char *source_language, const char *target_language, struct span *ret_model);
/* For use in service.open: fails, with a message that names the setting, if a required setting is missing. */
bool remote_needs_secret(const struct service_context *context, const struct secret *secret, const char *name,
                         struct failure *ret_failure);
bool remote_needs_key(const struct service_context *context, struct failure *ret_failure);
bool remote_needs_text(const struct service_context *context, struct span text, const char *name,
                       struct failure *ret_failure);

#endif
