/* Tests whether the configured sources and services work, by reading and asking them. */
#ifndef PROGRAM_COMMANDS_ONLINE_H
#define PROGRAM_COMMANDS_ONLINE_H

#include "pipeline/base/json.h"
#include "program/program.h"

/* Reads the sources (online_sources.h). Then sends each service one test request for each language for which a route
 * uses it and that sources state, or else for one language that the service offers, within the caps. Prints what works
 * to standard output, and what does not to standard error, with the reason; with `json`, adds the lists
 * "online_sources" and "online_services" to it instead. Opens the engine and closes it. Returns EXIT_NO_SERVICE if
 * anything does not work. */
enum exit_code online_check(struct program *program, cJSON *json, struct failure *ret_failure);

#endif
