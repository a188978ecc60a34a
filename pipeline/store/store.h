/* The store: everything that outlives a run. Articles and their state, the translation memory, fingerprints, feed
 * validators, the bill, and what the user has been told. It is an SQLite
 * file or a PostgreSQL database (store_postgresql.h); nothing above this header knows SQL.
 *
 * All functions must be called on the main thread, except store_make_durable() and store_flush_log(), which any thread
 * may call. A function that changes something opens a transaction unless one is open; store_commit() ends it, which is
 * cheap because nothing is flushed. What store_commit() has committed survives a kill; what has been made durable
 * survives a power failure. A bool result is false on error, with *ret_failure set, unless stated otherwise. */
#ifndef PIPELINE_STORE_STORE_H
#define PIPELINE_STORE_STORE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "pipeline/base/arena.h"
#include "pipeline/base/failure.h"
#include "pipeline/base/text.h"

struct store;

/* Who may use the store at the same time: anybody; nobody else; other runs, if it is on a server (store_workers.h). */
enum store_lock { STORE_UNLOCKED, STORE_LOCKED, STORE_SHARED };

/* Opens the database at `path`, creating it if necessary; NULL = in memory (show). With `exclusive`, fails with
 * EXIT_BUSY if another run is using it. A file that is empty, damaged, newer or of another program is refused with what
 * to do (store_file.h); it is never replaced. */
bool store_open(const char *path, bool exclusive, struct store **ret_store, struct failure *ret_failure);
/* Fails with EXIT_BUSY if another process has opened the store exclusively, so that what is found may be unfinished. */
bool store_check_unused(const struct store *store, struct failure *ret_failure);
void store_close(struct store *store); /* commits; accepts NULL */
/* Returns whether the store is on a server, where each statement is a round trip. */
bool store_is_remote(const struct store *store);
/* Returns whether the store has never had an article. */
bool store_is_empty(const struct store *store);
/* Sets a function that is called while the server of the store is away: before each attempt to reach it, with the
 * reason, and with NULL when it is back. If it returns false, there is no other attempt, and the call that needs the
 * server fails. It is called on whichever thread waits. */
void store_on_outage(struct store *store, bool (*function)(void *context, const char *why), void *context);
/* Stops committing: from now on, changes are visible only to this process and are lost when the store closes. */
void store_keep_nothing(struct store *store);
/* Returns false, with the failure, if something in the database could not be read. Functions that find something report
 * nothing in that case, so a command must ask before it ends. */
bool store_is_readable(const struct store *store, struct failure *ret_failure);
/* Ends the open transaction, if any. Fails if something in the database could not be read. */
bool store_commit(struct store *store, struct failure *ret_failure);
/* The same, without waiting for a server's answer, so that the transaction may be lost with this process. If the server
 * cannot commit it, every later call fails with that error, and nothing that follows is committed. What has been made
 * durable has been answered. Must be called regularly, also if nothing was changed, until store_commit(). */
bool store_queue_commit(struct store *store, struct failure *ret_failure);
/* Flushes to disk: everything committed before the call survives a power failure after it. */
bool store_make_durable(struct store *store, struct failure *ret_failure);
/* The same, and nothing else: store_make_durable() also keeps the log short. */
bool store_flush_log(const struct store *store, struct failure *ret_failure);
/* Whether store_make_durable() would shorten the log. It may be doing so on another thread, at the disk's speed; who
 * adds much has to wait meanwhile. */
bool store_log_is_long(const struct store *store);
/* Whether a thread is doing so, so that nobody need ask for it. */
bool store_log_is_being_shortened(struct store *store);

/* -------------------------------------------------------------- articles */

enum article_state {
    ARTICLE_STATE_UNKNOWN,
    ARTICLE_STATE_FOUND,     /* to be processed; `record` holds what is known */
    ARTICLE_STATE_WAITING,   /* to be retried in a later run; `record` holds the progress so far */
    ARTICLE_STATE_DONE,      /* finished, with a record file at `path` (and in `note`); `record` is empty */
    ARTICLE_STATE_SKIPPED,   /* skipped for the reason in `note` */
    ARTICLE_STATE_DUPLICATE, /* a duplicate of the article whose id is in `note` */
    ARTICLE_STATE_DEAD       /* failed permanently, with the error in `note`; `record` holds the progress so far */
};

/* Returns the name that users see: "waiting", "failed". */
const char *article_state_name(enum article_state article_state);

struct article_row {
    char id[33];
    enum article_state article_state;
    unsigned kills;      /* number of runs that were killed or crashed while they processed this article alone */
    bool suspected;      /* a run was killed or crashed while it processed this article among others */
    struct span version; /* version of the source's item, see origin.version */
    struct span source, address, note, day, record;
    enum failure_cause waits_for; /* WAITING: kind of the cause */
    struct span waits_on;         /* WAITING: name of the service, host, cap or file that caused it */
    struct span since;            /* WAITING: since when; DEAD: when it failed (ISO 8601, UTC) */
    struct span path;             /* path of its record file, in any state; empty if there is none */
    int unfinished;               /* DONE: number of failed segments; -1 = unknown (rows from older versions) */
    struct span pruned;           /* day on which its record was pruned; empty = it was not. Read only */
    bool cut; /* DONE: part of the page is missing; it may be there when the page is fetched again */
    /* Set by store_claim() and store_claim_suspected() only. */
    bool revisited; /* its page is being fetched again (store_revisits.h) */
    bool finished;  /* a record of it has been finished before (store_days.h) */
};

/* Whether a source may skip this version of an article: the store has it in the same version, in whatever state, or in
 * any version that is still to be processed. Cheap, because lookups share the open transaction. */
bool store_knows(struct store *store, const char *id, struct span version);
/* Inserts or replaces an article. A row that was already waiting for the same reason keeps its `since` and `day`. */
bool store_put(struct store *store, const struct article_row *row, struct failure *ret_failure);
/* Claims the next FOUND or WAITING article that this run has not claimed yet, in the order of discovery. Skips
 * articles that are suspected of crashing the program. Returns false if there is none at present. Spans are copied into
 * the arena. An article that began to wait during this run is not claimed again. */
bool store_claim(struct store *store, struct arena *arena, struct article_row *ret_row);
/* On a server: from now on store_claim() asks for several articles at once, which saves round trips, and after it has
 * found none it asks again only a tenth of a second later. What it has not handed out is free again after
 * store_hand_back() or when the store is closed. */
void store_claim_several(struct store *store);
bool store_hand_back(struct store *store, struct failure *ret_failure);
/* Whether there is an article that is suspected of crashing the program and still to be processed. */
bool store_has_suspected(struct store *store);
/* Claims the next article that is suspected of crashing the program, whether or not store_claim() has returned it
 * before. Such articles must be processed alone, after all others. store_put() clears the suspicion. */
bool store_claim_suspected(struct store *store, struct arena *arena, struct article_row *ret_row);
/* Marks an article as suspected because an earlier run crashed while processing it. If it was processed `alone`, also
 * increments `kills`. */
bool store_suspect(struct store *store, const char *id, bool alone, struct failure *ret_failure);
/* Size in bytes of the records that are found but not yet claimed. Discovery pauses when it becomes too large. */
size_t store_backlog(struct store *store);
/* Calls `row` for at most `limit` articles in this state, newest first, and returns how many. Spans are valid during
 * the call only. */
size_t store_list(struct store *store, enum article_state article_state, size_t limit,
                  void (*row)(void *, const struct article_row *), void *context);
/* Like store_list(), but for the DONE articles that `retry` reopens: those with failed segments, and those of which
 * part of the page is missing (`cut`). */
size_t store_list_partial(struct store *store, size_t limit, void (*row)(void *, const struct article_row *),
                          void *context);
size_t store_count_partial(struct store *store);
/* Finds an article by its id or a prefix of it. False if no article or more than one matches. */
bool store_find(struct store *store, struct span id, struct arena *arena, struct article_row *ret_row);
/* Returns whether more than one article has an id that begins so. */
bool store_is_ambiguous(struct store *store, struct span id);
/* Counts the articles in each state, indexed by enum article_state. */
void store_counts(struct store *store, size_t ret_counts[7]);

/* All articles that are waiting for the same reason, as one group. */
struct waiting {
    enum failure_cause waits_for;
    struct span waits_on, since, reason; /* `since` and `reason` are taken from the article that has waited longest */
    size_t count;
};
/* Calls `waiting` for each reason, the one with the most articles first, and returns how many there are. Spans are
 * valid during the call only. */
size_t store_each_waiting(struct store *store, void (*waiting)(void *, const struct waiting *), void *context);

struct retry_counts {
    size_t failed, waiting, partial; /* articles */
    size_t missing, cut; /* missing: failed segments of the partial articles; cut: partial articles with `cut` */
};
/* Reopens articles for the next run: DEAD ones, and DONE ones with failed segments or with `cut`, become FOUND. If
 * `id` is empty, reopens all of them; otherwise those whose id begins with `id`, including WAITING ones. Rejected
 * translations of these articles are removed from the translation memory, so that services are asked for them again. A
 * DONE article has no working record: all that is known is the file at `path`. */
bool store_retry(struct store *store, struct span id, struct retry_counts *ret_counts, struct failure *ret_failure);
/* Sets how many segments of a DONE article failed and whether part of its page is missing, which rows from older
 * versions do not say. */
bool store_put_unfinished(struct store *store, const char *id, size_t count, bool cut, struct failure *ret_failure);

/* -------------------------------------------------------------- what the user has been told */

/* Remembers reports to the user, so that each is made only once: a key, a value and the time (ISO 8601, UTC).
 * store_told() returns false if there is no entry for the key. */
bool store_told(struct store *store, struct span key, struct arena *arena, struct span *ret_value, struct span *ret_at);
bool store_tell(struct store *store, struct span key, struct span value, struct span at, struct failure *ret_failure);
/* Forgets the key. */
bool store_untell(struct store *store, struct span key, struct failure *ret_failure);
/* Forgets the keys that begin with `prefix` and were last told before this time. */
bool store_untell_old(struct store *store, struct span prefix, struct span before, struct failure *ret_failure);
/* Calls the callback for each key that begins with `prefix`, in order. Spans are valid during the call only. */
void store_each_told(struct store *store, struct span prefix,
                     void (*told)(void *context, struct span key, struct span value, struct span at), void *context);

/* -------------------------------------------------------------- translation memory */

/* 128 bits of SHA-256 over everything that shaped the translation (built by translate.c). */
struct memory_key {
    unsigned char bytes[16];
};
struct memory_entry {
    struct span source, target, source_language, service, model;
    unsigned unknown_words;
    /* Id of the only article that may use the translation, because the checks rejected it; empty = any article. */
    struct span only_for;
};
/* Adds or replaces a translation. */
bool store_remember(struct store *store, const struct memory_key *key, const struct memory_entry *entry,
                    struct failure *ret_failure);
/* Looks up a translation. `whom` is the id of the article that asks, as in only_for. False if there is none. */
bool store_recall(struct store *store, const struct memory_key *key, struct span whom, struct arena *arena,
                  struct memory_entry *ret_entry);
/* Removes translations by a service from a language: those that equal `canned` (its reply to every request; may be
 * empty) and, if `worthless` is true, those that the checks rejected. */
bool store_forget_answers(struct store *store, struct span service, struct span language, struct span canned,
                          bool worthless, struct failure *ret_failure);
/* Calls `entry` for each translation that any article may use, for export; returns how many. Spans are valid during the
 * call only. */
size_t store_each_memory(struct store *store,
                         void (*entry)(void *, const struct memory_key *, const struct memory_entry *), void *context);

/* -------------------------------------------------------------- fingerprints (dedupe) */

/* Adds or replaces the fingerprints of an article. */
bool store_add_fingerprints(struct store *store, const char *id, const char *day, const uint64_t *hashes, size_t count,
                            struct failure *ret_failure);
struct fingerprint_match {
    char id[33];
    size_t shared, count; /* shared: hashes in common; count: all hashes of the other article */
};
/* Finds the articles since the day `since` that share the most hashes with these, best first, at most `room`. Returns
 * how many. */
size_t store_match_fingerprints(struct store *store, const char *since, const uint64_t *hashes, size_t count,
                                struct fingerprint_match *ret_matches, size_t room);
/* Removes the fingerprints of articles before this day. */
void store_forget_fingerprints(struct store *store, const char *before);

/* -------------------------------------------------------------- feed validators */

struct validator {
    struct span etag, last_modified, moved_to; /* moved_to: the feed's new address after a permanent redirect */
};
/* What a feed's last reply said, for conditional requests. store_validator() returns false if nothing is known. */
bool store_validator(struct store *store, struct span address, struct arena *arena, struct validator *ret_validator);
bool store_put_validator(struct store *store, struct span address, const struct validator *validator,
                         struct failure *ret_failure);

/* -------------------------------------------------------------- the bill */

/* One line of the bill: what a service has billed, or may bill, on a day for the articles of a source. */
struct bill_line {
    struct span day, service, source;
    unsigned long requests, characters, input_tokens, output_tokens, segments;
    long long cost;      /* in millionths of the configured currency */
    const char *article; /* id of the article for which it is spent, which then has an event of it; NULL = none */
};
/* Adds the amounts of `line` to `sum`. */
void bill_add(struct bill_line *sum, const struct bill_line *line);
bool store_bill(struct store *store, const struct bill_line *line,
                struct failure *ret_failure); /* adds to the line of that day, service and source */
/* Returns what was spent. An empty filter matches everything; `day` may be a prefix such as "2026-01". */
struct bill_line store_spent(struct store *store, struct span day, struct span service, struct span source);
/* Calls `line` for each bill whose day begins with `day`; returns how many. Spans are valid during the call only. */
size_t store_each_bill(struct store *store, struct span day, void (*line)(void *, const struct bill_line *),
                       void *context);
/* Adds the line's amounts `times` times to the reservations (budget.h); a negative number removes them. For a file; on
 * a server, several runs reserve side by side (store_workers.h). */
bool store_reserve(struct store *store, const struct bill_line *line, long long times, struct failure *ret_failure);
/* Returns the sum of all reservations. */
struct bill_line store_reserved(struct store *store);
/* Bills the reservations that a killed run has left, and returns their sum. In a file these are all; on a server, those
 * of runs that are no longer at work. */
bool store_recover_reserved(struct store *store, struct bill_line *ret_sum, struct failure *ret_failure);

#endif
