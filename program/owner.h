/* Keeps root from making files that the service's user could not write. */
#ifndef PROGRAM_OWNER_H
#define PROGRAM_OWNER_H

#include "program/program.h"

/* The user as whom the package's service runs (config/units). */
#define SERVICE_USER "dragoman"

/* Returns whether root is about to write into an output folder that belongs to the service's user, with what to do
 * instead. */
bool owner_is_service(const struct program *program, struct failure *ret_failure);

#endif
