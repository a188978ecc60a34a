/* Shared by the store's own files. No other file may include this or contain SQL. */
#ifndef PIPELINE_STORE_STORE_INTERNAL_H
#define PIPELINE_STORE_STORE_INTERNAL_H

#include <pthread.h>
#include <stdatomic.h>
#include <sys/stat.h>
#include <time.h>

#include "pipeline/store/database.h"
#include "pipeline/store/store.h"

enum statement_name {
    SQL_ARTICLE_STATE,
    SQL_ARTICLE_STATES,
    SQL_PUT,
    SQL_CLAIM,
    SQL_HOLD,
    SQL_HAND_BACK,
    SQL_CLAIM_SUSPECTED,
    SQL_HAS_SUSPECTED,
    SQL_BLAME,
    SQL_LIST,
    SQL_LIST_PARTIAL,
    SQL_COUNT_PARTIAL,
    SQL_FIND,
    SQL_COUNTS,
    SQL_COUNT_RETRIED,
    SQL_FORGET_WORTHLESS,
    SQL_RETRY,
    SQL_UNFINISHED,
    SQL_WAITING,
    SQL_TOLD,
    SQL_TELL,
    SQL_EACH_TOLD,
    SQL_UNTELL,
    SQL_UNTELL_OLD,
    SQL_REMEMBER,
    SQL_RECALL,
    SQL_RECALL_ALL,
    SQL_FORGET_ANSWERS,
    SQL_EACH_MEMORY,
    SQL_PUT_FINGERPRINTS,
    SQL_EACH_FINGERPRINTS,
    SQL_FORGET,
    SQL_KEEP,
    SQL_LEAVE_OVER,
    SQL_NOT_LEFT_OVER,
    SQL_IN_PLACE,
    SQL_DONE_ON,
    SQL_KEPT,
    SQL_KEPT_BYTES,
    SQL_KEPT_OF_DAY,
    SQL_KEPT_UNPLACED,
    SQL_FORGET_VERSION,
    SQL_FORGET_VALIDATORS,
    SQL_LEFTOVERS,
    SQL_CLEAR_LEFTOVERS,
    SQL_BEGIN_DAY,
    SQL_BEGIN_PAGES,
    SQL_END_DAY,
    SQL_LAST_ENDED_DAY,
    SQL_DAYS,
    SQL_NOTE,
    SQL_NOTES,
    SQL_MISSING,
    SQL_COUNT_MISSING,
    SQL_BEGIN_OUTAGE,
    SQL_RENEW_OUTAGE,
    SQL_END_OUTAGE,
    SQL_OUTAGES,
    SQL_OPEN_OUTAGES,
    SQL_SOURCE,
    SQL_PUT_SOURCE,
    SQL_PLAN_REVISIT,
    SQL_FIND_REVISIT,
    SQL_FORGET_REVISIT,
    SQL_FORGET_REVISITS,
    SQL_BEGIN_REVISITS,
    SQL_END_REVISIT,
    SQL_STORIES,
    SQL_STORY_MEMBERS,
    SQL_STORY_FORWARDS,
    SQL_EARLIER_STORY_DAY,
    SQL_KEEP_STORY,
    SQL_KEEP_STORY_MEMBER,
    SQL_KEEP_STORY_FORWARD,
    SQL_FORGET_STORIES,
    SQL_FORGET_STORY_MEMBERS,
    SQL_FORGET_STORY_FORWARDS,
    SQL_MAIL_ADD_READER,
    SQL_MAIL_READER,
    SQL_MAIL_DAYS,
    SQL_MAIL_UNSEEN,
    SQL_MAIL_SEE,
    SQL_MAIL_FORGET,
    SQL_MAIL_THREAD,
    SQL_MAIL_PUT_THREAD,
    SQL_VALIDATOR,
    SQL_PUT_VALIDATOR,
    SQL_BILL,
    SQL_SPENT,
    SQL_EACH_BILL,
    SQL_RESERVE,
    SQL_SUM_RESERVED,
    SQL_BILL_RESERVED,
    SQL_CLEAR_RESERVED,
    /* Those up to SQL_RELEASE are for a server only. */
    SQL_RESERVE_WITHIN,
    SQL_SUM_LEFT_BEHIND,
    SQL_TAKE_LEASE,
    SQL_END_LEASE,
    SQL_OTHERS_WORK,
    SQL_HOLDS,
    SQL_RELEASE,
    SQL_USE_MEMORY,
    SQL_NOT_PRUNED,
    SQL_OLD_DAYS,
    SQL_PLAN_REMOVALS,
    SQL_PRUNE_ARTICLES,
    SQL_PRUNE_PATHS,
    SQL_PRUNE_REVISITS,
    SQL_PRUNE_LEFTOVERS,
    SQL_PRUNE_KEPT,
    SQL_PRUNE_EDITION,
    SQL_PRUNE_NOTES,
    SQL_PRUNE_TOLD,
    SQL_PRUNE_MAIL_THREADS,
    SQL_FIRST_DAY,
    SQL_PRUNE_OUTAGES,
    SQL_PRUNED,
    SQL_REOPEN_NEXT,
    SQL_PRUNED_BEFORE,
    SQL_FIND_PRUNED,
    SQL_REMOVAL_DAYS,
    SQL_IS_LEAVING,
    SQL_REMOVALS,
    SQL_CLEAR_REMOVALS,
    SQL_END_REMOVAL,
    SQL_PRUNE_MEMORY,
    SQL_FORGET_PRUNED,
    SQL_PUT_EVENT,
    SQL_ADD_TO_EVENT,
    SQL_FORGET_EVENTS,
    SQL_RETRY_EVENTS,
    SQL_EVENTS,
    SQL_LAST
};

/* Tells whether a file has changed. */
struct store_stamp {
    ino_t inode; /* 0 = there is no file */
    off_t size;
    struct timespec changed;
};

enum { WORKER_ROOM = 100 };

/* How many articles a run claims at once on a server. */
enum { STORE_CLAIMS_AT_ONCE = 8 };

struct store {
    struct database *database;
    struct statement *statements[SQL_LAST];
    char *path;    /* of the file; NULL = in memory, or on a server */
    char month[8]; /* when the store was opened, "2026-01" */
    int lock;      /* -1 = not exclusive */
    bool in_transaction, keeps_nothing;
    bool only_reads, unlocked;      /* opened by store_read(); unlocked: a run may change the files meanwhile */
    struct store_stamp stamps[2];   /* only_reads: of the database and of its log */
    struct failure broken;          /* the first read error; from then on nothing is committed */
    int64_t sequence;               /* the last number assigned; on a server, which counts itself, at opening */
    int64_t cursor, waiting_cursor; /* sequence numbers of the articles claimed last */
    int64_t run_starts;             /* articles that began to wait after this number are for the next run */
    size_t backlog;
    char worker[WORKER_ROOM];          /* on a server: who claims (struct worker_name); "" = a file */
    int64_t renewed, renewed_at;       /* when the leases were renewed, by CLOCK_BOOTTIME and CLOCK_REALTIME, in ms */
    int64_t ask_again_at;              /* on a server: when to look for free articles again, as clock_ms() */
    bool alone;                        /* no other run was at work when the store was opened */
    enum store_lock server_lock;       /* on a server */
    bool reads;                        /* the run is reading sources (store_begin_reading) */
    atomic_bool returned;              /* the server was away, and the leases are to be renewed now */
    _Atomic int64_t back_at;           /* when it came back, as clock_ms(); 0 = it was not away */
    atomic_bool paused;                /* for longer than a lease, or without the server: claims may be lost */
    int64_t reservations;              /* on a server: the number of the last one */
    struct bill_sheet *sheet;          /* on a server: what is to be billed at the next commit */
    int64_t claim_again_at;            /* on a server: when to ask again what is to be processed, as clock_ms() */
    struct claimed_articles *claimed;  /* on a server: what store_claim() hands out next; NULL = claims one by one */
    struct store_questions *questions; /* NULL = none has been asked */
    struct articles_ahead *articles;   /* articles looked up ahead; NULL = none */
    struct fingerprints *fingerprints; /* NULL until first needed */
    pthread_mutex_t checkpointing;     /* held by the thread that shortens the log */
    struct database *checkpointer;     /* used only by that thread */
    _Atomic int64_t log_kept;          /* size of the log when it could not be emptied, or 0 */
};

/* The statements that upgrade the schema to version 6. */
extern const char store_days_schema[];
/* The statements that upgrade the schema to version 7. */
extern const char store_sources_schema[];
/* The statements that upgrade the schema to version 8. */
extern const char store_revisits_schema[];
/* The statements that upgrade the schema to version 9. */
extern const char store_stories_schema[];
/* The statement that upgrades the schema to version 10. */
extern const char store_made_schema[];
/* The statements that upgrade the schema to version 11. */
extern const char store_mail_schema[];
/* The statements that upgrade the schema to version 12. */
extern const char store_prune_schema[];
/* The statements that upgrade the schema to version 13. */
extern const char store_events_schema[];
/* Installs the triggers that reopen a day when something on its pages changes. Must be called once, after the schema
 * has been created. */
bool store_watch_days(struct store *store, struct failure *ret_failure);

/* Creates the folder of the state file, which may be outside the output folder. */
bool store_make_folder(const char *path, struct failure *ret_failure);
/* Ensures that only one run uses the store at `store->path`. The kernel releases the lock when the process ends,
 * however it ends; the process id in the file is only for the message. */
bool store_take_lock(struct store *store, struct failure *ret_failure);
/* Returns false, with a failure that names both, if the format is one that only a newer version knows. */
bool store_is_known(struct store *store, struct failure *ret_failure);
/* Returns whether the format is that of an earlier version. */
bool store_is_old(struct store *store);
/* Sets what every way to open a store needs. Copies `path`; NULL = in memory. */
void store_begin(struct store *store, const char *path);
/* Continues the numbering of earlier runs. */
bool store_find_sequence(struct store *store, struct failure *ret_failure);
/* Fails with EXIT_BUSY if a run has changed what is being read without its locks. */
bool store_read_check(const struct store *store, struct failure *ret_failure);
bool store_read_is_unchanged(const struct store *store);
/* The format of the state that this version writes. */
extern const int store_format;
/* Fails because the state, as messages call it, has a format that only a newer version knows; this one knows those up
 * to `known`. */
bool store_is_too_new(const char *name, int format, int known, struct failure *ret_failure);
/* How long a claim or another lease on a server holds, by the server's clock, unless it is renewed. */
enum { STORE_LEASE_MS = 120000 };
#define STORE_LEASE_TIME "interval '2 minutes'"
#define STORE_LEASE "lease_until = clock_timestamp() + " STORE_LEASE_TIME
/* Extends the leases that this worker has on a server, if a quarter of one has passed. Does nothing for a file, which
 * belongs to one run. */
bool store_renew_in_time(struct store *store, struct failure *ret_failure);
/* Notes that the server is back, on any thread; and whether that was so lately that others may not be back yet. */
void store_come_back(struct store *store);
bool store_is_back_lately(const struct store *store);
/* Writes what store_bill() has added up for a server. */
bool store_write_bills(struct store *store, struct failure *ret_failure);
void store_free_bills(struct store *store);
/* What the translation memory has under a key. */
struct memory_answer {
    bool found, used; /* used: in this month, so that its use need not be noted */
    struct memory_entry entry;
};
/* Reads a row of SQL_RECALL or SQL_RECALL_ALL. With an arena the texts are copied. */
void store_read_answer(const struct store *store, struct statement *statement, struct arena *arena,
                       struct memory_answer *ret_answer);
/* Returns what the question in use says about the key; NULL if it does not cover it. */
struct memory_answer *store_find_answer(const struct store *store, const struct memory_key *key);
/* The memory has changed, under one key or as a whole. */
void store_forget_answer(struct store *store, const struct memory_key *key);
void store_forget_all_answers(struct store *store);
void store_free_questions(struct store *store);
/* What is known of an article under an id. */
struct known_article {
    enum article_state article_state;
    struct span version;
};
/* Returns what was looked up ahead for the article, ARTICLE_STATE_UNKNOWN if it is not there; NULL if it was not looked
 * up. */
const struct known_article *store_find_article_ahead(const struct store *store, const char *id);
/* The article has changed. */
void store_forget_article_ahead(struct store *store, const char *id);
void store_forget_articles_ahead(struct store *store);
/* Reads the columns of ROW (store.c) and the one after them. With `arena` NULL the spans are valid until the next step.
 */
enum { STORE_COLUMN_RECORD = 16 };
void store_read_row(struct statement *statement, struct arena *arena, struct article_row *ret_row);
void store_free_claimed(struct store *store);
/* The parts of a worker's name, "PROCESS-TIMECHANCE@HOST", in which the time and the chance are 8 hexadecimal digits
 * each. */
struct worker_name {
    long long process;
    int64_t begun; /* in seconds since 1970 */
    struct span host;
};
/* Returns false if it is no such name. The host is borrowed from it. */
bool store_read_worker(struct span worker, struct worker_name *ret_name);
/* Begins to claim as a worker with a name of its own; `alone`: nobody else is at work. */
bool store_begin_claims(struct store *store, bool alone, struct failure *ret_failure);
/* Gives up all claims and leases of this worker. */
void store_release_claims(struct store *store);
/* store_check_unused() for a store on a server. */
bool store_server_is_unused(const struct store *store, struct failure *ret_failure);
/* Creates the tables, or upgrades those of an earlier version, in one transaction. */
bool store_bring_up(struct store *store, struct failure *ret_failure);
/* Returns the statement, reset; never NULL (store_open() has prepared all of them). */
struct statement *store_statement(struct store *store, enum statement_name name);
/* Returns whether there is a log with anything in it. */
bool store_log_is_used(const struct store *store);
/* Opens a transaction unless one is open. */
bool store_change(struct store *store, struct failure *ret_failure);
/* Takes the statement's next row. What could not be read must not look as if it were not there,
 * so an error makes the store commit nothing more. */
enum statement_result store_step(struct store *store, struct statement *statement);
/* Prepares all statements, so that an unexpected table layout in a file is an error on opening and not in the middle of
 * a run; a server is asked only for those that are used. */
bool store_prepare(struct store *store, struct failure *ret_failure);
/* Runs a statement whose rows, if any, are not needed. On a server it is queued: its error may be that of a later
 * statement or of the commit. */
bool store_run(struct store *store, struct statement *statement, struct failure *ret_failure);
/* Turns the database's latest error into a failure; returns false. */
bool store_fail(const struct store *store, struct failure *ret_failure);
void store_read_id(const char *id, unsigned char ret_bytes[DATABASE_KEY]);
void store_bind_id(struct statement *statement, int index, const char *id);
/* Returns a column, copied into the arena; arena NULL = borrowed until the next step. */
struct span store_column(struct statement *statement, int index, struct arena *arena);
/* Copies a column as a string, cut to the room there is. */
void store_column_string(struct statement *statement, int index, char *ret_string, size_t room);
/* Copies the first column of all rows into the arena. */
struct span *store_list_texts(struct store *store, struct statement *statement, struct arena *arena, size_t *ret_count);
/* Binds the first and last id that begin with these hex digits as ?1 and ?2. Returns false if they cannot begin an
 * id. */
bool store_bind_prefix(struct statement *statement, struct span id);
/* Returns a column that holds one of `count` values from 0 on; a value of another version, or of a damaged row, is read
 * as 0, because callers use it as an index. */
int store_column_choice(struct statement *statement, int index, int count);
void store_column_id(struct statement *statement, int index, char ret_id[33]);

#endif
