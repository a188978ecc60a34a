/* What a run remembers: articles and where they stand, the translation memory, fingerprints, feed validators, the bill
 * and what the user has been told. SQLite behind this header; nothing above it knows SQL.
 *
 * Main thread only, but for store_make_durable(), which any one other thread may call. Every function that changes
 * something takes part in an open transaction; store_commit() ends it (cheap: no disk flush) and the next change opens
 * another. What has been committed survives a kill; what has been made durable survives a power cut. */
#ifndef PIPELINE_STORE_STORE_H
#define PIPELINE_STORE_STORE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "pipeline/base/arena.h"
#include "pipeline/base/failure.h"
#include "pipeline/base/text.h"

struct store;

/* `path` NULL: in memory (show). Refuses (EXIT_BUSY) when another process has it open for a run and `exclusive`. */
bool store_open(const char *path, bool exclusive, struct store **ret_store, struct failure *ret_failure);
void store_close(struct store *store); /* commits; accepts NULL */
/* From now on nothing is committed: what is written is seen by this process only, and gone when the store closes. */
void store_keep_nothing(struct store *store);
bool store_commit(struct store *store, struct failure *ret_failure);
/* Everything committed before the call survives a power cut after it. */
bool store_make_durable(struct store *store, struct failure *ret_failure);

/* -------------------------------------------------------------- articles */

enum article_state {
    ARTICLE_STATE_UNKNOWN,
    ARTICLE_STATE_FOUND,     /* to be worked on; `record` holds what is known */
    ARTICLE_STATE_WAITING,   /* to be tried again in a later run; `record` holds it as far as it got */
    ARTICLE_STATE_DONE,      /* a record file stands at `path` (and `note`); `record` is empty */
    ARTICLE_STATE_SKIPPED,   /* with the reason in `note` */
    ARTICLE_STATE_DUPLICATE, /* of the id in `note` */
    ARTICLE_STATE_DEAD       /* dead letter: the error in `note`, `record` holds it as far as it got */
};

/* As users read it: "waiting", "failed". */
const char *article_state_name(enum article_state article_state);

struct article_row {
    char id[33];
    enum article_state article_state;
    unsigned kills;      /* runs that ended while they computed this article alone */
    bool suspected;      /* such a run ended while several were computed, this one among them */
    struct span version; /* of the item, see origin.version */
    struct span source, address, note, day, record;
    enum failure_cause waits_for; /* WAITING: whose fault it is, */
    struct span waits_on;         /* the name of that service, host, cap or file, */
    struct span since;            /* and since when (ISO 8601, UTC); FAILED: when it failed */
    struct span path;             /* the record file that stands, in any state; empty when there is none */
    int unfinished;               /* DONE: segments that failed; -1 not known (rows of older states) */
    bool cut;                     /* DONE: lacks a part of its page, which fetching it again may bring */
};

/* Whether a source that comes upon this version of the article may pass on: it stands here in the same version,
 * whatever became of it, or in any version that still waits to be worked on. Look-ups are made within the open
 * transaction: cheap in great numbers. */
bool store_knows(struct store *store, const char *id, struct span version);
/* Inserts or replaces. A row that goes on waiting for the same keeps the `since` and the `day` it has. */
bool store_put(struct store *store, const struct article_row *row, struct failure *ret_failure);
/* The next FOUND or WAITING article, not suspected, that this run has not claimed yet, in order of discovery; false
 * when there is none now. Spans are copied into the arena. WAITING ones that became so in this run are not given again.
 */
bool store_claim(struct store *store, struct arena *arena, struct article_row *ret_row);
/* The next article that is suspected of ending the process, whatever store_claim() has given: to be worked on alone,
 * after all others. store_put() clears the suspicion. */
bool store_claim_suspected(struct store *store, struct arena *arena, struct article_row *ret_row);
/* The process before died while it computed this article: suspected from now on, and, when it was computed alone, one
 * kill more is counted. */
bool store_suspect(struct store *store, const char *id, bool alone, struct failure *ret_failure);
/* Bytes of records that are found but not yet claimed: the run's own backpressure on discovery. */
size_t store_backlog(struct store *store);
/* Rows with this state, newest first, at most `limit`; returns the number of rows passed to `row`. */
size_t store_list(struct store *store, enum article_state article_state, size_t limit,
                  void (*row)(void *, const struct article_row *), void *context);
/* The same of DONE rows that `retry` takes: with segments that failed, or cut. */
size_t store_list_partial(struct store *store, size_t limit, void (*row)(void *, const struct article_row *),
                          void *context);
size_t store_count_partial(struct store *store);
/* One row by id or unique prefix of it. */
bool store_find(struct store *store, struct span id, struct arena *arena, struct article_row *ret_row);
/* Counts by state, indexed by enum article_state. */
void store_counts(struct store *store, size_t ret_counts[7]);

/* Articles that wait for the same, taken together. */
struct waiting {
    enum failure_cause waits_for;
    struct span waits_on, since, reason; /* of the one that has waited longest */
    size_t count;
};
/* Most articles first; the spans live during the call. Returns how many groups. */
size_t store_each_waiting(struct store *store, void (*waiting)(void *, const struct waiting *), void *context);

struct retry_counts {
    size_t failed, waiting, partial; /* articles */
    size_t missing, cut;             /* of the partial ones: segments that failed; how many of them are cut */
};
/* DEAD articles and DONE ones that are unfinished or cut become FOUND again: those whose id begins with `id` (WAITING
 * ones too), or all of them when it is empty. Worthless answers of these articles, and of no others, are forgotten, so
 * that services are asked afresh. A DONE one has no working record: the file at `path` is what is known. */
bool store_retry(struct store *store, struct span id, struct retry_counts *ret_counts, struct failure *ret_failure);
/* What a DONE row lacks, for rows of older states. */
bool store_put_unfinished(struct store *store, const char *id, size_t count, bool cut, struct failure *ret_failure);

/* -------------------------------------------------------------- what the user has been told */

/* So that news is told once: any key and value, and when (ISO 8601, UTC). */
bool store_told(struct store *store, struct span key, struct arena *arena, struct span *ret_value, struct span *ret_at);
bool store_tell(struct store *store, struct span key, struct span value, struct span at, struct failure *ret_failure);
/* Everything that was told of keys that begin so, in the order of the keys; the spans live during the call. */
void store_each_told(struct store *store, struct span prefix,
                     void (*told)(void *context, struct span key, struct span value, struct span at), void *context);
/* Forgets what was told before this time. */
bool store_forget_told(struct store *store, struct span before, struct failure *ret_failure);

/* -------------------------------------------------------------- translation memory */

/* 128 bits of SHA-256 over everything that shaped the answer (translate.c builds it). */
struct memory_key {
    unsigned char bytes[16];
};
struct memory_entry {
    struct span source, target, source_language, service, model;
    unsigned unknown_words;
    struct span
        only_for; /* the id of the article that may have it: an answer that the checks found worthless; empty: all */
};
bool store_remember(struct store *store, const struct memory_key *key, const struct memory_entry *entry,
                    struct failure *ret_failure);
/* `whom`: who asks, as in only_for. */
bool store_recall(struct store *store, const struct memory_key *key, struct span whom, struct arena *arena,
                  struct memory_entry *ret_entry);
/* Forgets a service's answers from a language: those that are `canned` (the same English for whatever was asked; may be
 * empty), and with `worthless` those that the checks rejected. */
bool store_forget_answers(struct store *store, struct span service, struct span language, struct span canned,
                          bool worthless, struct failure *ret_failure);
/* All that is remembered for everybody, for export. */
size_t store_each_memory(struct store *store,
                         void (*entry)(void *, const struct memory_key *, const struct memory_entry *), void *context);

/* -------------------------------------------------------------- fingerprints (dedupe) */

bool store_add_fingerprints(struct store *store, const char *id, const char *day, const uint64_t *hashes, size_t count,
                            struct failure *ret_failure);
struct fingerprint_match {
    char id[33];
    size_t shared, count; /* hashes in common; hashes the other article has */
};
/* The articles since `since` (a day) that share most with these hashes, best first; returns how many. */
size_t store_match_fingerprints(struct store *store, const char *since, const uint64_t *hashes, size_t count,
                                struct fingerprint_match *ret_matches, size_t room);
void store_forget_fingerprints(struct store *store, const char *before);

/* -------------------------------------------------------------- feed validators */

struct validator {
    struct span etag, last_modified, moved_to; /* moved_to: where the feed went for good */
};
bool store_validator(struct store *store, struct span address, struct arena *arena, struct validator *ret_validator);
bool store_put_validator(struct store *store, struct span address, const struct validator *validator,
                         struct failure *ret_failure);

/* -------------------------------------------------------------- the bill */

struct bill_line {
    struct span day, service, source;
    unsigned long requests, characters, input_tokens, output_tokens, segments;
    long long cost; /* millionths of the configured currency */
};
/* Adds the amounts of one line to another's. */
void bill_add(struct bill_line *sum, const struct bill_line *line);
bool store_bill(struct store *store, const struct bill_line *line,
                struct failure *ret_failure); /* added to the day's */
/* What has been spent: filters that are empty match everything; a day may be the beginning of one ("2026-01"). */
struct bill_line store_spent(struct store *store, struct span day, struct span service, struct span source);
size_t store_each_bill(struct store *store, struct span day, void (*line)(void *, const struct bill_line *),
                       void *context);
/* Adds the line's amounts, `times` over, to what is reserved (pipeline/store/budget.h); negative: takes them away
 * again. */
bool store_reserve(struct store *store, const struct bill_line *line, long long times, struct failure *ret_failure);
/* The sum of what is reserved. */
struct bill_line store_reserved(struct store *store);
/* What is still reserved is billed, and its sum told: its run was killed. */
bool store_recover_reserved(struct store *store, struct bill_line *ret_sum, struct failure *ret_failure);

#endif
