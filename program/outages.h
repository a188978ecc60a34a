/* Records outages: sources that cannot be read, services that do not work, and spending caps that are reached. An
 * outage begins with the first run that detects it and ends with the first run that finds it resolved, even if those
 * runs finished no article. */
#ifndef PROGRAM_OUTAGES_H
#define PROGRAM_OUTAGES_H

#include "program/run_internal.h"

/* To be called at the end of a run, before the pages are made, because they show the outages. */
bool outages_note(struct run *run, struct failure *ret_failure);

#endif
