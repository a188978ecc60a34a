/* The stories of each day as its pages show them, so that ids stay the same from run to run, and so that the next day
 * can link back. Ids have 32 hex digits. */
#ifndef PIPELINE_STORE_STORE_STORIES_H
#define PIPELINE_STORE_STORE_STORIES_H

#include "pipeline/store/store.h"

struct kept_story {
    char id[33];
    struct span signature; /* by what a later day recognizes the story; the store does not look inside */
};

struct kept_member {
    char article[33], story[33];
};

/* `from` was a story of the day and is now part of `to`. */
struct kept_forward {
    char from[33], to[33];
};

struct kept_stories {
    struct kept_story *stories; /* the oldest first */
    struct kept_member *members;
    struct kept_forward *forwards;
    size_t count, member_count, forward_count;
};

/* Returns what was kept for the day, in the arena; empty if nothing was. */
struct kept_stories store_find_stories(struct store *store, const char *day, struct arena *arena);
/* Finds the last day before this one, but not more than STORY_DAYS earlier, that has stories. False if there is none.
 */
enum { STORY_DAYS = 3 };
bool store_earlier_story_day(struct store *store, const char *day, char ret_day[11]);
/* Replaces what is kept for the day. */
bool store_keep_stories(struct store *store, const char *day, const struct kept_stories *stories,
                        struct failure *ret_failure);

#endif
