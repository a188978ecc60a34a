/* The source languages of a service: our codes (BCP 47) and its own, as data. */
#ifndef STAGES_SERVICES_COMMON_CODES_H
#define STAGES_SERVICES_COMMON_CODES_H

#include "pipeline/base/table.h"
#include "stages/services/service.h"
#include "stages/services/service_settings.h"

struct codes {
    struct table table;             /* ours, its own (empty: the same) */
    const struct word_list *wanted; /* of the setting `languages`; borrowed */
};

/* The setting that changes the table; every adapter with such a table has it. */
#define CODES_SETTING                                                                                                  \
    SERVICE_LANGUAGES_SETTING("only these source languages; CODE=NAME adds one that the service calls NAME")

/* Reads the table that the service's `languages` names. */
bool codes_open(const struct service_context *context, struct arena *arena, struct codes *ret_codes,
                struct failure *ret_failure);
/* The service's code for a language, found by the whole code or by its part before '-'; empty when it is not offered.
 */
struct span codes_of(const struct codes *codes, const char *language);
/* "pt" of "pt-BR": whoever translates a language translates its regional variants. Scripts stay ("sr-Cyrl"). */
struct span codes_without_region(const char *language);

#endif
