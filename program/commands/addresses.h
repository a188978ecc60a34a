/* The addresses and paths of a configuration, for check-config: what is malformed, not there, or not to be written to
 * is told with its file and line, as a problem of the configuration. Writing is tried, and leaves nothing behind. A run
 * goes on without a source that is at fault. */
#ifndef PROGRAM_COMMANDS_ADDRESSES_H
#define PROGRAM_COMMANDS_ADDRESSES_H

struct config;

void addresses_check(const struct config *config);

#endif
