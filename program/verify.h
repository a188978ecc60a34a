/* `dragoman verify`: checks that every record is what was written and that every page was made from the records. */
#ifndef PROGRAM_VERIFY_H
#define PROGRAM_VERIFY_H

#include "pipeline/base/json.h"
#include "program/program.h"

/* Lists whatever is not in order, one line each, and returns EXIT_BAD_DATA if there is anything. With `repair`, first
 * restores what can be restored. The store must be open, exclusively for a repair. The output goes to `json`
 * (docs/json.md), or, if that is NULL, in words to standard output. */
enum exit_code verify_command(struct program *program, bool repair, cJSON *json, struct failure *ret_failure);

#endif
