/* `dragoman verify`: checks that no record has changed since it was written, and that every page was made from the
 * present records. */
#ifndef PROGRAM_VERIFY_H
#define PROGRAM_VERIFY_H

#include "pipeline/base/json.h"
#include "program/program.h"

/* Lists the problems, one per line, and returns EXIT_BAD_DATA if there are any. With `repair`, first restores what can
 * be restored. The store must be open, exclusively for a repair. If `json` is NULL, prints them as text on standard
 * output; otherwise, adds them to `json` (docs/json.md). */
enum exit_code verify_command(struct program *program, bool repair, cJSON *json, struct failure *ret_failure);

#endif
