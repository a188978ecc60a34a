/* The translation memory's key: everything that shaped the answer. */
#ifndef STAGES_SERVICES_COMMON_KEY_H
#define STAGES_SERVICES_COMMON_KEY_H

#include "pipeline/store/store.h"
#include "stages/services/service_list.h"

/* 128 bits of the SHA-256 of: source with white space folded, language pair, service, its kind, model, prompt version,
 * glossary version; each with its length before it, so that no two lists of parts give the same bytes. */
struct memory_key key_of(struct span source, const char *language, const struct configured_service *configured_service,
                         struct span model, struct span prompt, struct span glossary);

/* Of a translation that was imported: it answers whatever service would be asked, in any script or region of the
 * language. */
struct memory_key key_of_import(struct span source, const char *language);

#endif
