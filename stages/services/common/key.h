/* The key of the translation memory, which covers everything that influences an answer. */
#ifndef STAGES_SERVICES_COMMON_KEY_H
#define STAGES_SERVICES_COMMON_KEY_H

#include "pipeline/store/store.h"
#include "stages/services/service_list.h"

/* Returns the first 128 bits of a SHA-256 over the source (with runs of whitespace replaced by one space), the language
 * pair, the service's name and kind, the model, and the versions of the prompt and the glossary. The length of each
 * part precedes it, so that no two different lists of parts give the same bytes. */
struct memory_key key_of(struct span source, const char *language, const struct configured_service *configured_service,
                         struct span model, struct span prompt, struct span glossary);

/* Returns the key of an imported translation. It does not depend on the service, nor on script and region of the
 * language, so the translation is found for every service. */
struct memory_key key_of_import(struct span source, const char *language);

#endif
