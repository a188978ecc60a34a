/* When each source is asked: not more often than its `every`, and one that fails again and again less often, up to once
 * a day. A source of which the configuration has changed is asked at once. */
#ifndef PROGRAM_SCHEDULE_H
#define PROGRAM_SCHEDULE_H

#include "program/run_internal.h"

struct section;

/* Whether the source is to be asked in this run; why it is not is told (a source that fails goes on counting as
 * failed).
 */
bool schedule_is_due(struct run *run, const struct section *section);
/* At the end of a run: remembers which sources were asked and how they answered. */
bool schedule_note(struct run *run, struct failure *ret_failure);

#endif
