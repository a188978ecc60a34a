/* Tests whether the configured services work, by sending requests to them. */
#ifndef PROGRAM_COMMANDS_ONLINE_H
#define PROGRAM_COMMANDS_ONLINE_H

#include "program/program.h"

/* Sends each service one test request for each language for which a route uses it, or, if no route does, for one
 * language that the service offers. Prints the services that work to standard output, and those that do not to standard
 * error, with the reason. Opens the engine and closes it. Returns EXIT_NO_SERVICE if any service does not work. */
enum exit_code online_check(struct program *program, struct failure *ret_failure);

#endif
