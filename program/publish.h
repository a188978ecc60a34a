/* A day's digest: its records, loaded and given to the stages for editions, and what those made, written beside them.
 */
#ifndef PROGRAM_PUBLISH_H
#define PROGRAM_PUBLISH_H

#include "program/program.h"

enum { REPORT_LIMIT = 16 << 20 };

/* `notes` is the run's report as JSON, or empty. Opens the stages for editions in the place of those that are open. */
bool publish_edition(struct program *program, const char *day, struct span notes, struct failure *ret_failure);
/* `dragoman digest [DATE]`: groups a day's records anew and writes its digest. */
enum exit_code digest_command(struct program *program, const char *day, struct failure *ret_failure);

#endif
