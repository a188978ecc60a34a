/* Records which sources, services and caps are out, and since when. An outage begins with the first run that meets it
 * and ends with the first run that finds it resolved, whether or not those runs finished any article. */
#ifndef PROGRAM_OUTAGES_H
#define PROGRAM_OUTAGES_H

#include "program/run_internal.h"

/* To be called at the end of a run, before the pages are made, because they show the outages. */
bool outages_note(struct run *run, struct failure *ret_failure);

#endif
