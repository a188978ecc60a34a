/* What the store knows of the days: their finished records, byte for byte, so that a folder that was lost can be
 * written again; the files that have to go; what was out, and what happened, for the pages.
 *
 * A finished record is kept before its file can exist, and belongs to the day and the path that are fixed then. So a
 * run that is killed in between leaves a record that the next run only has to put in its place. */
#ifndef PIPELINE_STORE_STORE_DAYS_H
#define PIPELINE_STORE_STORE_DAYS_H

#include "pipeline/store/store.h"

/* -------------------------------------------------------------- finished records */

struct kept_record {
    char id[33];
    struct span day, path; /* path: relative to the output folder */
    struct span version;   /* of the item it was made from, see origin.version */
    struct span hash;      /* SHA-256 of its file, 64 hex digits; empty: made before records were kept */
    bool in_place;         /* its file has been written, and its article is done */
};

/* Keeps the record (`packed`, see pack.h) in the place of an earlier one of the article, not in place yet. Another path
 * of the earlier one becomes a leftover. */
bool store_keep_record(struct store *store, const struct kept_record *record, struct span packed,
                       struct failure *ret_failure);
/* The file has been written. */
bool store_record_in_place(struct store *store, const char *id, struct failure *ret_failure);
bool store_find_kept(struct store *store, const char *id, struct arena *arena, struct kept_record *ret_record);
/* Appends the record's bytes as they stand in its file; false when they are not kept or do not fit. */
bool store_kept_bytes(struct store *store, const char *id, struct buffer *out);
/* Those of a day that are in place, in order of id; they live in the arena. */
struct kept_record *store_kept_of_day(struct store *store, const char *day, struct arena *arena, size_t *ret_count);
/* Those of any day that are not in place. */
struct kept_record *store_kept_unplaced(struct store *store, struct arena *arena, size_t *ret_count);
/* Makes the next run take this article from its source again, as far as the source still has it: its version becomes
 * "lost", which no item has. */
bool store_ask_sources_again(struct store *store, const char *id, struct failure *ret_failure);

/* Files of records that have moved to another day and whose new file is in place: to be removed. */
struct span *store_leftovers(struct store *store, struct arena *arena, size_t *ret_count);
bool store_clear_leftovers(struct store *store, struct failure *ret_failure);

/* -------------------------------------------------------------- days */

/* A day on which there was a run. */
bool store_begin_day(struct store *store, const char *day, struct failure *ret_failure);
/* All its pages, and those of the days before it, have been made. */
bool store_end_day(struct store *store, const char *day, struct failure *ret_failure);
/* The last day that has ended; empty when there is none. */
void store_last_ended_day(struct store *store, char ret_day[11]);
/* The days on which there was a run, in order: those from `since` on, and earlier ones that have not ended, or of which
 * the pages tell something else by now. */
struct span *store_days(struct store *store, const char *since, struct arena *arena, size_t *ret_count);

/* What happened on a day and will not be found out again by looking: "item 3 of feed x has no text". The same is noted
 * once. */
struct day_note {
    struct span where, what;
};
bool store_note(struct store *store, const char *day, struct span where, struct span what, struct failure *ret_failure);
struct day_note *store_notes(struct store *store, const char *day, struct arena *arena, size_t *ret_count);

/* The articles that a day's page has to name: those that wait and have waited since that day or before, and those that
 * failed on that day. At most `room`, the failed ones last; *ret_count says how many there are. */
struct missing_article {
    char id[33];
    bool waits;
    struct span source, address, note, since, record; /* since: an ISO time, or a day in rows of older states */
    enum failure_cause waits_for;                     /* whose fault it is, */
    struct span waits_on;                             /* and the name of it */
};
struct missing_article *store_missing(struct store *store, const char *day, size_t room, struct arena *arena,
                                      size_t *ret_count);

/* -------------------------------------------------------------- outages */

enum outage_kind { OUTAGE_SOURCE, OUTAGE_SERVICE, OUTAGE_MONEY, OUTAGE_SILENCE, OUTAGE_KINDS };

struct outage {
    enum outage_kind kind;
    struct span name, since, until, reason; /* ISO times in UTC; until: empty while it lasts */
};
/* Begins at `now`, unless it lasts already: then only its reason is renewed. */
bool store_begin_outage(struct store *store, enum outage_kind kind, struct span name, struct span reason,
                        const char *now, struct failure *ret_failure);
/* A source is silent since its last new item, but is so on the pages only from the day on which that was noticed. */
bool store_notice_silence(struct store *store, struct span name, struct span since, struct span reason, const char *now,
                          struct failure *ret_failure);
bool store_end_outage(struct store *store, enum outage_kind kind, struct span name, const char *now,
                      struct failure *ret_failure);
/* Those that lasted at any time of the day, oldest first; `day` NULL: those that still last. */
struct outage *store_outages(struct store *store, const char *day, struct arena *arena, size_t *ret_count);

#endif
