/* What is out, and since when: sources, services and money. An outage begins with the run that meets it first and ends
 * with the first run that finds it mended, whether or not an article came to its end in those runs. */
#ifndef PROGRAM_OUTAGES_H
#define PROGRAM_OUTAGES_H

#include "program/run_internal.h"

/* At the end of a run, before the pages are made. */
bool outages_note(struct run *run, struct failure *ret_failure);

#endif
