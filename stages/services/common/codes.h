/* The source languages of a service: a table that maps BCP 47 codes to the codes of the service. */
#ifndef STAGES_SERVICES_COMMON_CODES_H
#define STAGES_SERVICES_COMMON_CODES_H

#include "pipeline/base/table.h"
#include "stages/services/service.h"
#include "stages/services/service_settings.h"

struct codes {
    struct table table;             /* columns: BCP 47 code, the service's code (empty if it is the same) */
    const struct word_list *wanted; /* value of the setting `languages`; borrowed */
};

/* The setting that restricts or extends the table. Every adapter with a table of languages has this setting. */
#define CODES_SETTING                                                                                                  \
    SERVICE_LANGUAGES_SETTING("use only these source languages; CODE=NAME adds a language that the service calls "     \
                              "NAME")

/* Reads the table named by service.languages. The table belongs to the arena. */
bool codes_open(const struct service_context *context, struct arena *arena, struct codes *ret_codes,
                struct failure *ret_failure);
/* Returns the service's code for a language, or an empty span if the service does not offer the language. Looks up the
 * full code first, then the part before '-'. */
struct span codes_of(const struct codes *codes, const char *language);
/* Returns the code without its region ("pt" for "pt-BR"), because a service that translates a language also translates
 * its regional variants. Scripts are kept ("sr-Cyrl"). */
struct span codes_without_region(const char *language);

#endif
