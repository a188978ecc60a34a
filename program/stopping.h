/* What is still finished after the first SIGINT or SIGTERM. The signal handler itself prints it on the terminal, so
 * that ^C is answered at once, even while the main thread waits for a disk or parses a large page. There is one run in
 * a process, so this is the process' state, as signals are. */
#ifndef PROGRAM_STOPPING_H
#define PROGRAM_STOPPING_H

#include <stdbool.h>
#include <stddef.h>

#include "pipeline/base/text.h"

/* From now on, a first signal is answered on standard error; with `erases`, the row of the terminal is erased before.
 */
void stopping_answer(bool erases);
/* Sets what is being done: `what` ("the pages", a static text) or, if it is NULL, this many articles. */
void stopping_finishes(const char *what, size_t articles);
/* Answers the signal. Async-signal-safe. */
void stopping_tell(void);
/* Appends what is being finished, for the log: "finishing 3 articles; a second signal stops at once". */
void stopping_write(struct buffer *out);

#endif
