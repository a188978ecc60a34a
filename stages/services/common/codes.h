/* The source languages of a service: our codes (BCP 47) and its own, as data. */
#ifndef STAGES_SERVICES_COMMON_CODES_H
#define STAGES_SERVICES_COMMON_CODES_H

#include "config/setting.h"
#include "pipeline/base/table.h"

struct codes {
    struct table table; /* ours, its own (empty: the same) */
    const struct settings *settings;
};

/* The setting that changes the table; every adapter with languages has it. */
#define CODES_SETTING                                                                                                  \
    {                                                                                                                  \
        "languages", SETTING_LIST, "", NULL, 0, 0,                                                                     \
            "only these source languages; for one that the table lacks: code=CODE-OF-THE-SERVICE"                      \
    }

/* Reads the table `name` under the data folder's tables/. */
bool codes_open(const struct settings *settings, const char *data_folder, const char *name, struct arena *arena,
                struct codes *ret_codes, struct failure *ret_failure);
/* The service's code for a language, found by the whole code or by its part before '-'; empty when it is not offered.
 */
struct span codes_of(const struct codes *codes, const char *language);
/* "pt" of "pt-BR": whoever translates a language translates its regional variants. Scripts stay ("sr-Cyrl"). */
struct span codes_without_region(const char *language);

#endif
