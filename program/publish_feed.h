/* OUT/feed.xml: the newest entries of the days' feeds, at one address to subscribe to. */
#ifndef PROGRAM_PUBLISH_FEED_H
#define PROGRAM_PUBLISH_FEED_H

#include "program/program.h"
#include "stages/digest/days.h"

/* Writes the feed if it is missing or out of date, so that its file changes only when an entry does. `days` are sorted,
 * the newest first. */
bool publish_feed(const struct program *program, const struct listed_day *days, size_t count,
                  struct failure *ret_failure);

#endif
