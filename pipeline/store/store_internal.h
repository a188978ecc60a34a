/* The store's parts among themselves; nobody else includes this or knows SQL. */
#ifndef PIPELINE_STORE_STORE_INTERNAL_H
#define PIPELINE_STORE_STORE_INTERNAL_H

#include <pthread.h>
#include <sqlite3.h>

#include "pipeline/store/store.h"

enum statement_name {
    SQL_BEGIN,
    SQL_COMMIT,
    SQL_ARTICLE_STATE,
    SQL_PUT,
    SQL_CLAIM,
    SQL_CLAIM_SUSPECTED,
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
    SQL_FORGET_TOLD,
    SQL_REMEMBER,
    SQL_RECALL,
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
    SQL_VALIDATOR,
    SQL_PUT_VALIDATOR,
    SQL_BILL,
    SQL_SPENT,
    SQL_EACH_BILL,
    SQL_RESERVE,
    SQL_SUM_RESERVED,
    SQL_BILL_RESERVED,
    SQL_CLEAR_RESERVED,
    SQL_LAST
};

struct store {
    sqlite3 *database;
    sqlite3_stmt *statements[SQL_LAST];
    char *path; /* NULL: in memory */
    int lock;   /* -1 when not exclusive */
    bool in_transaction, keeps_nothing;
    sqlite3_int64 sequence;               /* the last one given */
    sqlite3_int64 cursor, waiting_cursor; /* the last ones claimed */
    sqlite3_int64 run_starts;             /* what became WAITING after this is for the next run */
    size_t backlog;
    struct fingerprints *fingerprints; /* NULL until they are asked for */
    sqlite3 *checkpointer;             /* used by store_make_durable() only, on its own thread */
};

/* What version 6 of the schema added. */
extern const char store_days_schema[];
/* What version 7 of the schema added. */
extern const char store_sources_schema[];
/* What version 8 of the schema added. */
extern const char store_revisits_schema[];
/* Makes days open again when what their pages tell changes; once, when the schema is there. */
bool store_watch_days(struct store *store, struct failure *ret_failure);

/* Makes the tables, or brings those of an earlier version up to this one, in one step. */
bool store_bring_up(struct store *store, struct failure *ret_failure);
/* A reset statement; never NULL (all are prepared by store_open). */
sqlite3_stmt *store_statement(struct store *store, enum statement_name name);
/* Opens a transaction when none is open. */
bool store_change(struct store *store, struct failure *ret_failure);
/* Runs a statement that gives no rows. */
bool store_run(struct store *store, sqlite3_stmt *statement, struct failure *ret_failure);
bool store_fail(const struct store *store, struct failure *ret_failure);
void store_bind_text(sqlite3_stmt *statement, int index, struct span text);
void store_bind_id(sqlite3_stmt *statement, int index, const char *id);
struct span store_column(sqlite3_stmt *statement, int index, struct arena *arena); /* arena NULL: borrowed */
/* Binds the first and the last id that begin with these digits as ?1 and ?2; false when they are none of an id. */
bool store_bind_prefix(sqlite3_stmt *statement, struct span id);
void store_column_id(sqlite3_stmt *statement, int index, char ret_id[33]);

#endif
