/* Records in a small file which articles are being processed (a mark for each), so that after a crash (or a kill by the
 * kernel's out-of-memory killer) the next run can tell the article that may have caused it from those that were merely
 * waiting. Setting and clearing a mark are plain stores to shared memory, on any thread. Marks from before the last
 * boot of the machine are ignored, because they say nothing about an article. */
#ifndef PIPELINE_ENGINE_CRASH_MARKS_H
#define PIPELINE_ENGINE_CRASH_MARKS_H

#include <stdbool.h>
#include <stddef.h>

#include "pipeline/base/failure.h"

struct crash_marks;

enum { CRASH_MARKS_MAX = 257 }; /* maximum number of marks at a time: one for each thread */

/* Opens the file at `path`, notes which marks the previous process left there, and clears it. If another process is
 * using it, because runs share a store on a server, opens PATH-2 instead, and so on. The marks in those behind it that
 * no process uses are noted and cleared, too. */
bool crash_marks_open(const char *path, struct crash_marks **ret_marks, struct failure *ret_failure);
void crash_marks_close(struct crash_marks *marks); /* clears all marks; accepts NULL */
/* Returns the ids of the articles that the previous process was processing when it died. */
size_t crash_marks_found(const struct crash_marks *marks);
const char *crash_marks_id(const struct crash_marks *marks, size_t index);
/* Marks an article (32 hex digits). Returns the mark for crash_marks_clear(). If `marks` is NULL, does nothing. */
size_t crash_marks_set(struct crash_marks *marks, const char *id);
/* Clears all marks, because the process ends on purpose and no article is to blame. May be called on any thread, in a
 * signal handler and when memory has run out. If `marks` is NULL, does nothing. */
void crash_marks_clear_all(struct crash_marks *marks);
void crash_marks_clear(struct crash_marks *marks, size_t mark);

#endif
