/* What `dragoman prune` removes from the store. No function here touches a file except that of the store.
 *
 * A day is pruned in two steps. First its rows go, in one transaction, and the paths of its records become removals,
 * files that are to be removed. When they have been, store_end_removal() ends the removal. If the process is killed in
 * between, the removals say what is left to be done. */
#ifndef PIPELINE_STORE_STORE_PRUNE_H
#define PIPELINE_STORE_STORE_PRUNE_H

#include "pipeline/store/store.h"

/* A day that could be pruned. */
struct old_day {
    struct span day;
    size_t records;
    bool waits; /* an article with a record of this day is unfinished, so the day must stay */
};
/* Returns the days before `before` that have records or pages, the oldest first. */
struct old_day *store_old_days(struct store *store, const char *before, struct arena *arena, size_t *ret_count);
/* Removes what is stored of a day. Its articles stay known as pruned `today`, without a record, so that no source
 * offers them again and `retry` leaves them alone. */
bool store_prune_day(struct store *store, const char *day, const char *today, struct failure *ret_failure);

/* Returns the days whose files are still to be removed, in order. */
struct span *store_removal_days(struct store *store, struct arena *arena, size_t *ret_count);
/* Whether the files of a day that was pruned are still to be removed. */
bool store_is_leaving(struct store *store, const char *day);
/* Returns the paths of the day's records that are to be removed, relative to the output folder, in order. */
struct span *store_removals(struct store *store, const char *day, struct arena *arena, size_t *ret_count);
bool store_end_removal(struct store *store, const char *day, struct failure *ret_failure);

/* Finds when a day was pruned. Returns false if it was not, or if there was a run on it afterwards. */
bool store_find_pruned(struct store *store, const char *day, char ret_on[11]);

/* Finds the day that was pruned and to whose stories the pages of `day` may have linked. Returns false if there is
 * none. */
bool store_pruned_before(struct store *store, const char *day, char ret_day[11]);

/* Removes the translations that were last used before this month ("2026-01"), except those that an editor has accepted,
 * corrected or imported. */
bool store_prune_memory(struct store *store, const char *month, size_t *ret_count, struct failure *ret_failure);
/* Forgets the articles that were pruned before this day; their sources may offer them again. */
bool store_forget_pruned(struct store *store, const char *before, size_t *ret_count, struct failure *ret_failure);

/* Makes the file smaller if a quarter of it is unused and no other process has it open. *ret_bytes is by how much; 0 if
 * nothing was done. Must be called outside a transaction, while no other thread uses the store. */
bool store_shrink(struct store *store, size_t *ret_bytes, struct failure *ret_failure);

#endif
