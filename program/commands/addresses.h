/* Checks the addresses and paths in a configuration for check-config. Whatever is malformed, missing or not writable
 * becomes a problem of the configuration, with its file and line. Whether a folder is writable is tested by writing to
 * it; nothing is left behind. A run is less strict: it only skips the sources that have a problem. */
#ifndef PROGRAM_COMMANDS_ADDRESSES_H
#define PROGRAM_COMMANDS_ADDRESSES_H

struct config;

void addresses_check(const struct config *config);

#endif
