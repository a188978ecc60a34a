/* Part of check-config: checks the languages, sources and prices that sections name. */
#ifndef PROGRAM_COMMANDS_REFERENCES_H
#define PROGRAM_COMMANDS_REFERENCES_H

#include "config/reader.h"

/* Adds a problem for each of these: a language code that is not in names.tsv in the data folder, a route that lists no
 * service or names a source that is not configured, a service with a spending cap but without a price, and a service
 * whose key would be sent unencrypted. */
void references_check(const struct config *config, const char *data_folder);

#endif
