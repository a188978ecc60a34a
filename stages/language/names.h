/* English names of languages (config/tables/names.tsv), for prompts, pages and messages. */
#ifndef STAGES_LANGUAGE_NAMES_H
#define STAGES_LANGUAGE_NAMES_H

#include "pipeline/base/table.h"

/* Reads the table into the arena. */
bool language_names_read(const char *data_folder, struct arena *arena, struct table *ret_names,
                         struct failure *ret_failure);
/* Returns the name of the language with this BCP 47 code ("de", "zh-Hant"). If the full code has no name, returns the
 * name without script or region, or else the code without them. The result lasts as long as the table and the code. */
struct span language_name(const struct table *names, struct span code);
/* Finds the code of a language as the user wrote it: a code ("ru", "zh-Hant") or an English name, in any case. The
 * code is a NUL-terminated copy in the arena. Returns false, with a failure of EXIT_USAGE that names the nearest
 * language, if there is none. */
bool language_read(const struct table *names, struct span word, struct arena *arena, struct span *ret_code,
                   struct failure *ret_failure);
/* Returns whether the choice of a language covers this code: "zh" covers "zh-Hant". */
bool language_covers(struct span choice, struct span code);

#endif
