/* The feeds of the configuration, for exports. */
#ifndef PROGRAM_COMMANDS_EXPORT_FEEDS_H
#define PROGRAM_COMMANDS_EXPORT_FEEDS_H

#include "program/export/export.h"
#include "program/program.h"

/* What is not in the export. */
struct feeds_left_out {
    size_t secrets; /* feeds whose address had a secret, which was taken out */
    size_t sites;   /* sites whose feed no run has found so far */
};

/* Calls `feed` for each feed with an address on the web, in the order of the configuration: feeds, the feeds of OPML
 * lists, and those that runs have found for sites. Spans are valid during the call only. Returns false if a list or the
 * state cannot be read. */
bool export_feeds(struct program *program, void (*feed)(void *context, const struct export_feed *feed), void *context,
                  struct feeds_left_out *ret_left_out, struct failure *ret_failure);
/* Returns the address without user name, password and the parameters of its query that hold keys; in the arena. */
struct span export_feed_address(struct span address, struct arena *arena);

#endif
