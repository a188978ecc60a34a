/* Joins the notes of several days (edition.run_notes) for pages about all of them. */
#ifndef STAGES_DIGEST_NOTES_H
#define STAGES_DIGEST_NOTES_H

#include "pipeline/base/arena.h"
#include "pipeline/base/json.h"

/* Chooses what is taken over; `list` is "outages", "waiting", "failed" or "notes". Without `keeps`, everything is. */
struct notes_filter {
    bool (*keeps)(const void *context, const char *list, const cJSON *item);
    const void *context;
};

/* Returns the notes of all days, in the arena. `days` are in order. What several days say of an outage or an article is
 * said once, as the newest of them does. Of very many articles that wait or have failed, the newest days' are listed
 * and the others counted in "more_missing". What was spent is left out. */
struct span notes_join(const struct span *days, size_t count, const struct notes_filter *filter, struct arena *arena);

#endif
