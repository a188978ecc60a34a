/* Which articles are being computed, in a small file that survives the process: so that an article that ends it (a
 * crash, the kernel's out-of-memory killer) can be told from those that were only on their way. Setting and clearing a
 * mark are plain stores into shared memory, on any thread. Marks of before the last start of the machine say nothing
 * and are ignored. */
#ifndef PIPELINE_ENGINE_CRASH_MARKS_H
#define PIPELINE_ENGINE_CRASH_MARKS_H

#include <stdbool.h>
#include <stddef.h>

#include "pipeline/base/failure.h"

struct crash_marks;

enum { CRASH_MARKS_MAX = 257 }; /* at a time: worker threads and the main thread */

/* Opens the file at `path`, remembers the marks that the process before left there, and begins anew. Whoever opens it
 * holds the state's lock. */
bool crash_marks_open(const char *path, struct crash_marks **ret_marks, struct failure *ret_failure);
void crash_marks_close(struct crash_marks *marks); /* no mark is left; accepts NULL */
/* The ids that the process before was computing when it died. */
size_t crash_marks_found(const struct crash_marks *marks);
const char *crash_marks_id(const struct crash_marks *marks, size_t index);
/* Marks an article (32 hex digits); returns the mark for crash_marks_clear(). NULL marks: nothing happens. */
size_t crash_marks_set(struct crash_marks *marks, const char *id);
/* None is left: the process ends itself, for which no article is to blame. On any thread, also in a signal handler or
 * with no memory left. NULL: nothing happens. */
void crash_marks_clear_all(struct crash_marks *marks);
void crash_marks_clear(struct crash_marks *marks, size_t mark);

#endif
