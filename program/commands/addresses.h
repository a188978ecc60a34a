/* Checks the addresses and paths in a configuration for check-config. Whatever is malformed, missing or not writable
 * becomes a problem of the configuration, with its file and line. Writing is actually tried, and leaves nothing behind.
 * A run is less strict: it skips a source that is at fault. */
#ifndef PROGRAM_COMMANDS_ADDRESSES_H
#define PROGRAM_COMMANDS_ADDRESSES_H

struct config;

void addresses_check(const struct config *config);

#endif
