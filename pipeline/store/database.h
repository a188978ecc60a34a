/* What the store needs of a database: statements, transactions, errors. The store's statements (store.c) are written
 * once, in SQL that SQLite and PostgreSQL both understand; each database is one table of operations.
 *
 * Parameters are ?1, ?2 and so on, bound by number from 1; columns are numbered from 0. Integers have 64 bits. Texts
 * and bytes that are bound are borrowed until the statement has been run; those of a row are borrowed until the next
 * step or reset. A function that returns false or STATEMENT_FAILED leaves an error that database_fail() tells. A
 * database and its statements belong to one thread, except where stated otherwise.
 *
 * A statement that fails within a transaction may end it: in PostgreSQL nothing that follows succeeds, the commit
 * neither, and the error to be told stays the first one. So who ignores that a statement has failed only puts the
 * failure off until the commit; none may be run in the expectation that it fails. */
#ifndef PIPELINE_STORE_DATABASE_H
#define PIPELINE_STORE_DATABASE_H

#include <stdbool.h>
#include <stdint.h>

#include "pipeline/base/failure.h"
#include "pipeline/base/text.h"

enum statement_result { STATEMENT_ROW, STATEMENT_DONE, STATEMENT_FAILED };

/* Bytes of an id of an article, a story or a translation. */
enum { DATABASE_KEY = 16 };

struct database {
    const struct database_operations *operations;
};

struct statement {
    const struct database_operations *operations;
};

/* The two kinds of SQL; most statements are the same in both. */
enum database_dialect { DATABASE_SQLITE, DATABASE_POSTGRESQL };

/* One table for each kind of database. The functions below call these and say what they do. */
struct database_operations {
    enum database_dialect dialect;
    void (*close)(struct database *database);
    bool (*run)(struct database *database, const char *script);
    bool (*begin)(struct database *database);
    bool (*commit)(struct database *database);
    bool (*queue_commit)(struct database *database); /* NULL = commit */
    void (*roll_back)(struct database *database);
    int64_t (*changes)(const struct database *database);
    bool (*keep_journal)(struct database *database); /* NULL = nothing to do, as in the next four */
    bool (*end_journal)(struct database *database);
    void (*on_return)(struct database *database, bool (*function)(void *context, bool reconnected), void *context);
    void (*on_outage)(struct database *database, bool (*function)(void *context, const char *why), void *context);
    bool (*flush)(struct database *database, struct failure *ret_failure);
    int (*descriptor)(const struct database *database); /* NULL = none */
    bool (*fail)(const struct database *database, const char *path, bool only_reads, struct failure *ret_failure);
    struct statement *(*prepare)(struct database *database, const char *sql);

    void (*free)(struct statement *statement);
    void (*reset)(struct statement *statement);
    void (*clear)(struct statement *statement);
    enum statement_result (*step)(struct statement *statement);
    bool (*queue)(struct statement *statement); /* NULL = step */
    void (*ask)(struct statement *statement);   /* NULL = nothing to do, as in the next one */
    bool (*is_answered)(struct statement *statement);
    void (*bind_integer)(struct statement *statement, int index, int64_t value);
    void (*bind_text)(struct statement *statement, int index, struct span text);
    void (*bind_bytes)(struct statement *statement, int index, struct span bytes);
    void (*bind_key)(struct statement *statement, int index, const unsigned char key[DATABASE_KEY]);
    bool (*is_null)(struct statement *statement, int column);
    int64_t (*integer)(struct statement *statement, int column);
    struct span (*bytes)(struct statement *statement, int column);
};

enum database_dialect database_dialect(const struct database *database);
/* Closes the database, after all its statements have been freed; accepts NULL. */
void database_close(struct database *database);
/* Runs statements without parameters, separated by semicolons. */
bool database_run(struct database *database, const char *script);
/* Begins a transaction that may write, so that a conflict with another process shows now and not halfway through. */
bool database_begin(struct database *database);
/* If the transaction could not be committed, it must be rolled back. Without one, waits for those that are queued. */
bool database_commit(struct database *database);
/* Commits without waiting for a server's answer. A later error of this transaction can no longer be rolled back: every
 * function that follows fails with it, the next commit and database_flush() too, and nothing that comes after the
 * transaction is committed. What a server has not answered yet may be lost with this process. What the network does not
 * take at once is sent by the next call, so that it must be called regularly, with or without a transaction. */
bool database_queue_commit(struct database *database);
/* Does nothing if there is no transaction. */
void database_roll_back(struct database *database);
/* Returns how many rows were inserted, changed or deleted by the last statement that does such things. Scripts
 * (database_run) may count or not. Waits for what is queued; 0 if that fails. */
int64_t database_changes(const struct database *database);
/* Keeps the statements of all transactions in memory until they are on the server's disk. When the connection is lost,
 * or the server undoes a transaction to end a conflict or because a lock took too long, the call that notices makes the
 * connection anew, for up to ten minutes, and repeats what the server does not have, each transaction exactly once.
 * This covers what was queued (statement_queue) in a transaction. A statement that changes something and is asked for
 * rows (statement_step) is not repeated once its transaction goes on, and neither is a script: who needs them must
 * queue a statement that says what they did. Outside a transaction, both may be run twice. The server ends the
 * connection of a process that has sent nothing for a minute within a transaction, which is repeated too. Does nothing
 * for a file. */
bool database_keep_journal(struct database *database);
/* Keeps none any more, for one transaction that is too long to be repeated: a lost connection ends it. To be called
 * outside a transaction. */
bool database_end_journal(struct database *database);
/* Sets a function that is called before anything is repeated. `reconnected`: on a new connection, on which locks have
 * to be taken again; otherwise the server has undone a transaction, and only the locks on its rows
 * are lost: what others have done to them meanwhile is what the statements that are repeated will find, so that they
 * may change less than the first time. The function may run scripts and statements of its own, but change nothing else,
 * because it is called on the thread that has noticed the error. If it returns false, everything is tried again a
 * little later. */
void database_on_return(struct database *database, bool (*function)(void *context, bool reconnected), void *context);
/* Sets a function that is called, on the thread that waits (two may wait at once), before each attempt to make a lost
 * connection anew, with the reason, and with NULL when it is back. If it returns false, there is no other attempt. Must
 * be set before another thread flushes. */
void database_on_outage(struct database *database, bool (*function)(void *context, const char *why), void *context);
/* Makes durable what was committed before the call, after a server has answered it; any thread may call it. Does
 * nothing for a database in a file, whose log the store flushes itself. Once it has failed on a server, it fails for
 * good: what was committed before may be lost. */
bool database_flush(struct database *database, struct failure *ret_failure);
/* Returns a descriptor that becomes readable when a server has answered something; -1 for a file. It is another one
 * once the connection has been made anew. */
int database_descriptor(const struct database *database);
/* Turns the latest error into a failure; returns false. `path` is the file that the message names (NULL = none);
 * `only_reads`: nothing was to be written. */
bool database_fail(const struct database *database, const char *path, bool only_reads, struct failure *ret_failure);
/* Returns a statement that can be run any number of times, or NULL. A server may find its faults only when it is first
 * run. A value that is bound to a number that the statement does not have is ignored by a server. */
struct statement *database_prepare(struct database *database, const char *sql);

void statement_free(struct statement *statement); /* accepts NULL */
/* Ends what the statement is doing, so that it holds no lock; it can be run again with the same parameters. Accepts
 * NULL. */
void statement_reset(struct statement *statement);
/* Sets all parameters to NULL. */
void statement_clear(struct statement *statement);
/* Runs the statement, or takes its next row. */
enum statement_result statement_step(struct statement *statement);
/* Runs a statement whose rows are wanted later. A server is not waited for: until statement_is_answered(), which waits
 * for nothing either, statement_step() and statement_reset() would wait. What was bound stays borrowed until the first
 * statement_step(), which asks again if the connection was lost, and asks a file. */
void statement_ask(struct statement *statement);
bool statement_is_answered(struct statement *statement);
/* Runs and resets a statement whose rows nobody needs. A server is not waited for: the statement is run, in the order
 * of the calls, before anything that is asked later, and its error is that of the next statement_step(),
 * database_changes() or commit. What was bound is no longer borrowed. */
bool statement_queue(struct statement *statement);

void statement_bind_integer(struct statement *statement, int index, int64_t value);
/* An empty text is bound as such, not as NULL. */
void statement_bind_text(struct statement *statement, int index, struct span text);
void statement_bind_bytes(struct statement *statement, int index, struct span bytes);
/* Copies the key. */
void statement_bind_key(struct statement *statement, int index, const unsigned char key[DATABASE_KEY]);

bool statement_is_null(struct statement *statement, int column);
/* Returns 0 for NULL; true is 1. */
int64_t statement_integer(struct statement *statement, int column);
/* Returns a text or bytes; empty for NULL. */
struct span statement_bytes(struct statement *statement, int column);

#endif
