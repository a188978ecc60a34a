/* Reads the configured sources once, for `check-config --online`. */
#ifndef PROGRAM_COMMANDS_ONLINE_SOURCES_H
#define PROGRAM_COMMANDS_ONLINE_SOURCES_H

#include "pipeline/base/json.h"
#include "program/program.h"

struct online_sources;

/* Reads each source that has an address, and each feed of an OPML list, as a run would, side by side; nothing is
 * stored, and pages are not requested. Stops after a few minutes or a signal. The engine must be open. */
struct online_sources *online_sources_read(struct program *program);
/* Prints what was found to standard output and what is wrong to standard error, or appends both to the JSON list.
 * Returns whether all sources work. */
bool online_sources_tell(const struct online_sources *reading, cJSON *json);
/* Calls `language` for each language that a source states, with the name of its section. */
void online_sources_each_language(const struct online_sources *reading,
                                  void (*language)(void *context, struct span source, struct span code), void *context);
/* The engine must be closed first: it borrows the requests that are still in progress. Accepts NULL. */
void online_sources_free(struct online_sources *reading);

#endif
