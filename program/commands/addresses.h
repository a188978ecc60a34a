/* The addresses and paths of a configuration, for check-config: what is malformed or not there is told with its file
 * and line, as a problem of the configuration. A run goes on without such a source. */
#ifndef PROGRAM_COMMANDS_ADDRESSES_H
#define PROGRAM_COMMANDS_ADDRESSES_H

struct config;

void addresses_check(const struct config *config);

#endif
