/* What HTTP adapters share: addresses, JSON bodies, and the sentence of a reply that is none. */
#ifndef STAGES_SERVICES_COMMON_CALL_H
#define STAGES_SERVICES_COMMON_CALL_H

#include "pipeline/json.h"
#include "stages/services/service.h"

/* `base` without trailing slashes, and `path`, in the exchange's arena. */
void call_address(struct exchange *exchange, struct span base, const char *path);
/* Prints the tree into the body, frees it, and sets method and content type. */
void call_json(struct exchange *exchange, cJSON *tree);
/* The reply as JSON, at most 64 MiB; NULL with a sentence that names the service when it is none. */
cJSON *call_read(const struct exchange *exchange, struct failure *ret_failure);
/* One text as an answer: broken when it is empty. */
struct answer call_answer(struct span text, struct arena *arena);
/* Whether `code`, or its part before '-', stands in the setting's list. */
bool call_offers(const struct settings *settings, const char *list, const char *code);

#endif
