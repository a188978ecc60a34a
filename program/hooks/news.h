/* News for others: stories that are new on a watch-list, and stories that grow fast. It is found in the digest.json of
 * the last days, put into the store together with the note that it was found, and sent from there, to the webhook and
 * to the program of [hooks]. A run that is killed loses none of it; what was being sent at that moment is sent again,
 * with the same id. */
#ifndef PROGRAM_HOOKS_NEWS_H
#define PROGRAM_HOOKS_NEWS_H

#include "config/setting.h"
#include "program/hooks/hooks.h"

/* Finds what is new and sends it, together with what waits from earlier runs. To be called when the pages are made. */
void news_after_run(struct program *program, hook_done *done, void *context);

/* What waits to be sent to "webhook" or "news" (the program). */
struct news_waiting {
    const char *hook;
    struct span since, reason; /* of the oldest */
    size_t count;
};
/* Calls `waiting` for each of the two for which something waits. Spans are valid during the call only. */
void news_each_waiting(const struct program *program, void (*waiting)(void *context, const struct news_waiting *one),
                       void *context);

#endif
