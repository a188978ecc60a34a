/* Finds out whether the configured services work by asking them. */
#ifndef PROGRAM_COMMANDS_ONLINE_H
#define PROGRAM_COMMANDS_ONLINE_H

#include "program/program.h"

/* Asks each service once to translate one word from each language for which a route uses it, or, if no route does, from
 * one language that it offers. Prints the services that work to standard output, and those that do not, with a remedy,
 * to standard error. Opens the engine and closes it. Returns EXIT_NO_SERVICE if any service does not work. */
enum exit_code online_check(struct program *program, struct failure *ret_failure);

#endif
