/* Shared by the files that put PostgreSQL behind database.h: database_postgresql.c (statements), postgresql_connect.c
 * (addresses, connections, messages), postgresql_queue.c (what has been sent and not yet answered),
 * postgresql_journal.c (what may have to be repeated), postgresql_return.c (a connection that was lost) and
 * postgresql_flush.c. No other file may know libpq.
 *
 * The main connection is in libpq's pipeline mode. What is sent is answered in the same order, so the queue holds, for
 * each command, what to do with its answer. All functions must be called with `mutex` held, except those of the
 * statements' operations and postgresql_flush(), which take it, and where stated otherwise. */
#ifndef PIPELINE_STORE_POSTGRESQL_INTERNAL_H
#define PIPELINE_STORE_POSTGRESQL_INTERNAL_H

#include <libpq-fe.h>
#include <pthread.h>
#include <sys/queue.h>

#include "pipeline/store/database_postgresql.h"

/* PARAMETERS: no statement may have more. MESSAGE: in bytes. */
enum { PARAMETERS = 32, MESSAGE = 512 };

enum { FORMAT_TEXT, FORMAT_BINARY };

/* What went wrong last. */
struct postgresql_error {
    char state[6], message[MESSAGE]; /* SQLSTATE; "" = none from the server */
    bool lost;                       /* the connection is gone */
};

/* What a statement says, and under which name the server knows it. */
struct postgresql_text {
    unsigned users; /* the statement, and each place in the journal */
    char *sql, name[16];
    int count;         /* of its parameters */
    unsigned prepared; /* number of the connection on which it has been prepared; 0 = none */
};

struct postgresql_values {
    const char *at[PARAMETERS]; /* NULL = NULL */
    int lengths[PARAMETERS], formats[PARAMETERS];
};

/* The answer to a statement. */
struct postgresql_answer {
    PGresult *result; /* NULL = none, or none yet */
    bool awaited;     /* it has been sent, and the answer is still to come */
};

enum awaited_kind { AWAIT_PREPARED, AWAIT_BEGUN, AWAIT_STATEMENT, AWAIT_COMMITTED, AWAIT_SYNC };

/* What to do with an answer. */
struct awaited {
    enum awaited_kind kind;
    int64_t transaction;                  /* to which the command belongs; 0 = none */
    struct postgresql_text *text;         /* PREPARED: one of its users */
    struct postgresql_answer *ret_answer; /* STATEMENT: receives the answer; NULL = nobody wants it */
};

/* The statements of all transactions that are not known to be on the server's disk, the oldest first. */
struct journal_transaction;
struct postgresql_journal {
    STAILQ_HEAD(, journal_transaction) transactions;
    struct journal_transaction *last; /* NULL = none */
    size_t bytes;
    int64_t dropped; /* number of the last transaction that is known to be there */
};

/* How long a server has been away; all zero = not at all. */
struct postgresql_outage {
    int64_t begun, wait; /* in milliseconds */
};

struct postgresql_database {
    struct database base;
    pthread_mutex_t mutex;      /* of everything but what belongs to `flushing` */
    char *address, *password;   /* for further connections; password NULL = none */
    char name[POSTGRESQL_NAME]; /* "NAME on HOST", see database_postgresql.h */
    PGconn *connection;
    unsigned connections, statements; /* how many there have been, which gives the next one its number */
    int64_t changes;
    struct awaited *awaited; /* a ring */
    size_t first, count, capacity;
    size_t unsent;       /* bytes queued since everything had last been handed to the network, at most */
    int64_t number;      /* of the last transaction */
    bool open, begun;    /* a transaction is open; the server has been told so */
    int64_t committed;   /* the last transaction whose commit has been sent */
    int64_t answered;    /* the last transaction whose commit has been answered */
    bool scripted;       /* a script has begun a transaction and not ended it */
    bool failed, broken; /* `error` has ended the transaction; or one that the caller took for committed */
    bool gone;           /* the connection was lost for good */
    struct postgresql_error error;
    struct postgresql_journal journal;
    struct postgresql_text *place; /* notes how far the session has come; NULL = no journal is kept */
    char session[40];              /* its name */
    int64_t generation;            /* how often it has returned */
    bool placed;                   /* the open transaction has noted its place */
    bool returning;                /* the connection is being made anew */
    bool unlocked;                 /* it has not taken its locks again yet */
    unsigned repeats;              /* how often, since something last succeeded */
    bool (*on_return)(void *context, bool reconnected);
    bool (*on_outage)(void *context, const char *why);
    void *return_context, *outage_context;
    pthread_mutex_t flushing;
    PGconn *flusher; /* belongs to the thread that flushes; NULL = none */
    bool has_flushed;
    struct failure not_flushed; /* what ended all flushing */
};

/* -------------------------------------------------------------- connecting (postgresql_connect.c) */

/* Connects, without any setting of the session. Never NULL; PQstatus() tells. */
PGconn *postgresql_connect(const struct postgresql_database *database);
/* Makes the main connection. */
bool postgresql_open(struct postgresql_database *database, struct failure *ret_failure);
/* Prepares the main connection for its work. */
bool postgresql_begin_session(struct postgresql_database *database);
/* Why a connection to this database could not be made. Returns false. */
bool postgresql_cannot_connect(const struct postgresql_database *database, PGconn *connection,
                               struct failure *ret_failure);
/* The same, as an error by which the connection is lost. */
void postgresql_keep_refusal(PGconn *connection, struct postgresql_error *ret_error);
void postgresql_keep_error(PGconn *connection, const PGresult *result, struct postgresql_error *ret_error);
/* An error that the server has not told itself. Returns false. */
bool postgresql_set_error(struct postgresql_error *ret_error, const char *state, const char *message);
/* Whether the error says that the connection is gone. */
bool postgresql_is_lost(const struct postgresql_error *error);
/* Turns the error into a failure; returns false. */
bool postgresql_tell(const struct postgresql_database *database, const struct postgresql_error *error,
                     struct failure *ret_failure);

/* -------------------------------------------------------------- the queue (postgresql_queue.c) */

/* Whether commands may be sent: the connection is there, and nothing has failed. */
bool postgresql_is_usable(const struct postgresql_database *database);
/* Forgets what is awaited. */
void postgresql_await_nothing(struct postgresql_database *database);
/* Queues a command without parameters. */
bool postgresql_send(struct postgresql_database *database, const char *command, enum awaited_kind kind);
/* Queues a statement, and before it whatever it needs: the beginning of its transaction, its preparation. `ret_answer`
 * receives the answer, without a result if it fails; NULL = nobody wants it. */
bool postgresql_send_statement(struct postgresql_database *database, struct postgresql_text *text,
                               const struct postgresql_values *values, struct postgresql_answer *ret_answer);
/* The same, after a note of how far the session has come. */
bool postgresql_send_write(struct postgresql_database *database, struct postgresql_text *text,
                           const struct postgresql_values *values, struct postgresql_answer *ret_answer);
/* Queues the end of the transaction, if the server knows of it. */
bool postgresql_send_commit(struct postgresql_database *database);
/* Ends a sequence of commands: if one of them fails, the server ignores the others, up to here. Outside a transaction
 * it also commits them. */
bool postgresql_sync(struct postgresql_database *database);
/* Has the server answer what is queued, without ending the sequence: what follows an error is still ignored. */
bool postgresql_request_answers(struct postgresql_database *database);
/* Sends what the network takes, and takes the answers that have arrived. */
void postgresql_take(struct postgresql_database *database);
/* Waits for all answers. Returns false if the connection is lost; that a command has failed shows elsewhere. */
bool postgresql_wait(struct postgresql_database *database);
/* Waits until the transaction of this number has been answered. Meanwhile others may take the mutex. */
bool postgresql_wait_for(struct postgresql_database *database, int64_t transaction);
/* Notes that the connection is gone, or no longer what it was. Returns false. */
bool postgresql_lose(struct postgresql_database *database);
/* Runs a script, which libpq's pipeline mode cannot do, after everything that is queued. */
bool postgresql_run_script(struct postgresql_database *database, const char *script);

/* -------------------------------------------------------------- the journal (postgresql_journal.c) */

/* What may be kept of one transaction, and what is kept of all before they are flushed. In bytes. */
enum { POSTGRESQL_JOURNAL_BYTES = 64 << 20 };

struct postgresql_text *postgresql_text_new(struct postgresql_database *database, struct span sql, int count);
/* Gives up one use; accepts NULL. */
void postgresql_text_free(struct postgresql_text *text);
/* Copies a statement into the journal, as the last one of this transaction. */
void postgresql_journal_add(struct postgresql_journal *journal, int64_t number, struct postgresql_text *text,
                            const struct postgresql_values *values);
/* Whether the last transaction in the journal is this one. */
bool postgresql_journal_has(const struct postgresql_journal *journal, int64_t number);
/* Returns the last transaction up to this number that has written something. */
int64_t postgresql_journal_last(const struct postgresql_journal *journal, int64_t up_to);
/* Forgets the transactions up to this number, which are on disk. */
void postgresql_journal_drop(struct postgresql_journal *journal, int64_t up_to);
/* Forgets a transaction that was rolled back. */
void postgresql_journal_undo(struct postgresql_journal *journal, int64_t number);
/* Queues all transactions after this number, with their commits. */
bool postgresql_journal_repeat(struct postgresql_database *database, int64_t after);

/* -------------------------------------------------------------- a lost connection (postgresql_return.c) */

/* A run that is stopped within a transaction must not hold its rows for ever. When it goes on, it makes the connection
 * anew and repeats the transaction, which a session without a journal could not do. */
#define POSTGRESQL_LIMIT_IDLE "SET idle_in_transaction_session_timeout = '60s';"

/* Its row, which says what the server has, is missing. */
#define POSTGRESQL_NOT_THERE "it no longer has what this run has written"

/* Creates the session's row; from then on a connection that is lost is made anew. */
bool postgresql_keep_journal(struct postgresql_database *database);
/* Removes the row. */
void postgresql_leave(struct postgresql_database *database);
/* Queues the note of how far the session has come, once in a transaction. */
bool postgresql_send_place(struct postgresql_database *database);
/* Whether the latest error is one after which postgresql_return() may help. */
bool postgresql_may_return(const struct postgresql_database *database);
/* Makes the connection anew, if it was lost, and repeats what the server does not have. Then everything is as it was
 * before the error, and what failed can be tried again. Returns false if that does not help. */
bool postgresql_return(struct postgresql_database *database);
/* Waits before the next attempt to connect. Returns false if there should be none. These two need no mutex: they only
 * read what was set before a second thread could flush. */
bool postgresql_waits(const struct postgresql_database *database, const char *why, struct postgresql_outage *outage);
void postgresql_is_back(const struct postgresql_database *database, const struct postgresql_outage *outage);

/* -------------------------------------------------------------- flushing (postgresql_flush.c) */

bool postgresql_flush(struct database *database, struct failure *ret_failure);

#endif
