/* Decides when each source is read: at most as often as its `every` allows, and less often (down to once a day) while
 * it keeps failing. A source whose configuration has changed is read at once. */
#ifndef PROGRAM_SCHEDULE_H
#define PROGRAM_SCHEDULE_H

#include "program/run_internal.h"

struct section;

/* Returns whether this run is to read the source. If not, reports the reason; a source that keeps failing is reported
 * as failed. */
bool schedule_is_due(struct run *run, const struct section *section);
/* Remembers, at the end of a run, which sources were read and whether they failed. */
bool schedule_note(struct run *run, struct failure *ret_failure);

#endif
