/* Checks what sections refer to, for check-config: languages, sources and prices. */
#ifndef PROGRAM_COMMANDS_REFERENCES_H
#define PROGRAM_COMMANDS_REFERENCES_H

#include "config/reader.h"

/* Adds a problem for each code of a language that is not in names.tsv of the data folder, each route that names a
 * source that is not configured or lists no service, each service whose cap on money has no price to count with, and
 * each whose key could only be sent unencrypted. */
void references_check(const struct config *config, const char *data_folder);

#endif
