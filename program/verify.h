/* `dragoman verify`: whether every record is what was written, and every page was made from the records. */
#ifndef PROGRAM_VERIFY_H
#define PROGRAM_VERIFY_H

#include "pipeline/base/json.h"
#include "program/program.h"

/* Names what is not, a line each, and is EXIT_BAD_DATA then. With `repair` all that can be is written again first. The
 * store is open, exclusively for a repair. `json` NULL: in words on standard output, else filled (docs/json.md). */
enum exit_code verify_command(struct program *program, bool repair, cJSON *json, struct failure *ret_failure);

#endif
