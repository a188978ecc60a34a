/* What the store knows about each day: its finished records, byte for byte, so that a lost output folder can be written
 * again; files to be removed; outages and events, for the pages.
 *
 * A finished record is stored before its file exists, together with its day and path, which do not change from then on.
 * If a run is killed in between, the next run only has to write the file. */
#ifndef PIPELINE_STORE_STORE_DAYS_H
#define PIPELINE_STORE_STORE_DAYS_H

#include "pipeline/store/store.h"

/* -------------------------------------------------------------- finished records */

struct kept_record {
    char id[33];
    struct span day, path; /* `path` is relative to the output folder */
    struct span version;   /* version of the source's item, see origin.version */
    struct span hash;      /* SHA-256 of the file, 64 hex digits; empty = written before records were stored */
    bool in_place;         /* the file has been written and the article is done */
    struct span made;      /* when a record with these bytes was first stored (ISO 8601, UTC); empty = not known */
};

/* Stores a record (`packed`, see pack.h) as not yet in place, replacing an earlier one of the article. If that had
 * another path, its file becomes a leftover (see store_leftovers). A record whose hash is that of the earlier one keeps
 * the time at which that was made. */
bool store_keep_record(struct store *store, const struct kept_record *record, struct span packed,
                       struct failure *ret_failure);
/* Marks the record's file as written, and sets the article's day. */
bool store_record_in_place(struct store *store, const char *id, struct failure *ret_failure);
/* False if no record of the article is stored. */
bool store_find_kept(struct store *store, const char *id, struct arena *arena, struct kept_record *ret_record);
/* Appends the bytes of the record's file. Returns false if they are not stored or do not fit. */
bool store_kept_bytes(struct store *store, const char *id, struct buffer *out);
/* Returns the records of a day whose files are in place, ordered by id, in the arena. */
struct kept_record *store_kept_of_day(struct store *store, const char *day, struct arena *arena, size_t *ret_count);
/* Returns the records of all days whose files are not in place yet. */
struct kept_record *store_kept_unplaced(struct store *store, struct arena *arena, size_t *ret_count);
/* Makes the next run read this article from its source again, if the source still offers it: its version becomes
 * "lost", which no item has, and all feeds are requested in full. */
bool store_ask_sources_again(struct store *store, const char *id, struct failure *ret_failure);

/* Leftovers: files of records that have moved to another day and whose new file is in place. The caller removes the
 * files, then clears the list. */
struct span *store_leftovers(struct store *store, struct arena *arena, size_t *ret_count);
bool store_clear_leftovers(struct store *store, struct failure *ret_failure);

/* -------------------------------------------------------------- days */

/* Records that there was a run on this day. */
bool store_begin_day(struct store *store, const char *day, struct failure *ret_failure);
/* Records that the pages of all days that are out of date are being made from now on. Must be committed before anything
 * is read that is shown on them: what another run changes meanwhile makes them out of date again. */
bool store_begin_pages(struct store *store, struct failure *ret_failure);
/* Records that the pages of this day and of all days before it are complete, as far as they have been begun and nothing
 * has changed since. */
bool store_end_day(struct store *store, const char *day, struct failure *ret_failure);
/* Returns the last day whose pages are complete; empty if there is none. */
void store_last_ended_day(struct store *store, char ret_day[11]);
/* Returns the days with a run, in order: all from `since` on, and earlier ones whose pages are incomplete or out of
 * date. */
struct span *store_days(struct store *store, const char *since, struct arena *arena, size_t *ret_count);

/* An event of a day that could not be reconstructed later: "item 3 of feed x has no text". An identical event is stored
 * once. */
struct day_note {
    struct span where, what;
};
bool store_note(struct store *store, const char *day, struct span where, struct span what, struct failure *ret_failure);
struct day_note *store_notes(struct store *store, const char *day, struct arena *arena, size_t *ret_count);

/* Returns the articles that the page of a day lists as missing: those that have been waiting since that day or earlier,
 * and those that failed on that day. At most `room` are returned, the failed ones last; *ret_count is their total
 * number. */
struct missing_article {
    char id[33];
    bool waits;
    struct span source, address, note, since, record; /* `since`: an ISO time, or a day in rows from older versions */
    enum failure_cause waits_for;                     /* kind of the cause for which it waits */
    struct span waits_on;                             /* name of that cause */
};
struct missing_article *store_missing(struct store *store, const char *day, size_t room, struct arena *arena,
                                      size_t *ret_count);

/* -------------------------------------------------------------- outages */

enum outage_kind { OUTAGE_SOURCE, OUTAGE_SERVICE, OUTAGE_MONEY, OUTAGE_SILENCE, OUTAGE_KINDS };

struct outage {
    enum outage_kind kind;
    struct span name, since, until, reason; /* ISO times in UTC; `until` is empty while the outage lasts */
};
/* Begins an outage at `now`. If the outage has begun already, only its reason is updated. */
bool store_begin_outage(struct store *store, enum outage_kind kind, struct span name, struct span reason,
                        const char *now, struct failure *ret_failure);
/* Begins the outage of a silent source. The outage dates from the last new item, but pages show it only from the day
 * on which it was noticed. */
bool store_notice_silence(struct store *store, struct span name, struct span since, struct span reason, const char *now,
                          struct failure *ret_failure);
/* Ends the outage, if there is one. */
bool store_end_outage(struct store *store, enum outage_kind kind, struct span name, const char *now,
                      struct failure *ret_failure);
/* Returns the outages that overlap the day, oldest first; `day` NULL = those that have not ended. */
struct outage *store_outages(struct store *store, const char *day, struct arena *arena, size_t *ret_count);

#endif
