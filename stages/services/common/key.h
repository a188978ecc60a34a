/* The key of the translation memory: everything that influenced the answer. */
#ifndef STAGES_SERVICES_COMMON_KEY_H
#define STAGES_SERVICES_COMMON_KEY_H

#include "pipeline/store/store.h"
#include "stages/services/service_list.h"

/* Returns the first 128 bits of a SHA-256 over the source (with whitespace folded), the language pair, the service's
 * name and kind, the model, and the versions of prompt and glossary. Each part is preceded by its length, so that
 * different parts cannot form the same bytes. */
struct memory_key key_of(struct span source, const char *language, const struct configured_service *configured_service,
                         struct span model, struct span prompt, struct span glossary);

/* Returns the key of an imported translation. The key is independent of service, script and region, so that the
 * translation is found whichever service would otherwise be asked. */
struct memory_key key_of_import(struct span source, const char *language);

#endif
