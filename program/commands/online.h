/* Whether the configured services work, asked of themselves. */
#ifndef PROGRAM_COMMANDS_ONLINE_H
#define PROGRAM_COMMANDS_ONLINE_H

#include "program/program.h"

/* Asks each service for a word in each language that a route has it for (without such: in one that it offers), once,
 * and prints a line for each service: what works to standard output, what does not to standard error, with what to do.
 * Opens the engine and closes it. EXIT_NO_SERVICE when one of them does not work. */
enum exit_code online_check(struct program *program, struct failure *ret_failure);

#endif
