#include "pipeline/store/store_mail.h"

#include "pipeline/store/store_internal.h"

/* An article is told once, whatever its day: a record may move to another day. `day` is only for forgetting. */
const char store_mail_schema[] =
    "CREATE TABLE mail_reader (id INTEGER PRIMARY KEY, list TEXT NOT NULL, address TEXT NOT NULL, since TEXT NOT NULL, "
    "UNIQUE (list, address));"
    "CREATE TABLE mail_seen (reader INTEGER, article BLOB, day TEXT NOT NULL, PRIMARY KEY (reader, article)) WITHOUT "
    "ROWID;"
    "CREATE TABLE mail_thread (list TEXT, day TEXT, root TEXT NOT NULL, mails INTEGER NOT NULL, PRIMARY KEY (list, "
    "day)) WITHOUT ROWID;";

bool store_mail_reader(struct store *store, struct span list, struct span address, const char *today,
                       struct mail_reader *ret_reader, struct failure *ret_failure) {
    if (!store_change(store, ret_failure)) return false;
    struct statement *add = store_statement(store, SQL_MAIL_ADD_READER);
    statement_bind_text(add, 1, list);
    statement_bind_text(add, 2, address);
    statement_bind_text(add, 3, span_of(today));
    if (!store_run(store, add, ret_failure)) return false;
    struct statement *statement = store_statement(store, SQL_MAIL_READER);
    statement_bind_text(statement, 1, list);
    statement_bind_text(statement, 2, address);
    bool found = store_step(store, statement) == STATEMENT_ROW;
    if (found) {
        ret_reader->id = statement_integer(statement, 0);
        store_column_string(statement, 1, ret_reader->since, sizeof ret_reader->since);
    }
    statement_reset(statement);
    return found || store_fail(store, ret_failure);
}

struct span *store_mail_days(struct store *store, const char *since, struct arena *arena, size_t *ret_count) {
    struct span *days = NULL;
    size_t capacity = 0;
    struct statement *statement = store_statement(store, SQL_MAIL_DAYS);
    statement_bind_text(statement, 1, span_of(since));
    for (*ret_count = 0; store_step(store, statement) == STATEMENT_ROW; ++*ret_count) {
        days = arena_grow(arena, days, *ret_count, &capacity, sizeof *days);
        days[*ret_count] = store_column(statement, 0, arena);
    }
    statement_reset(statement);
    return days;
}

const char (*store_mail_unseen(struct store *store, const struct mail_reader *reader, const char *day,
                               struct arena *arena, size_t *ret_count))[33] {
    char(*ids)[33] = NULL;
    size_t capacity = 0;
    struct statement *statement = store_statement(store, SQL_MAIL_UNSEEN);
    statement_bind_text(statement, 1, span_of(day));
    statement_bind_integer(statement, 2, reader->id);
    for (*ret_count = 0; store_step(store, statement) == STATEMENT_ROW; ++*ret_count) {
        ids = arena_grow(arena, ids, *ret_count, &capacity, sizeof *ids);
        store_column_id(statement, 0, ids[*ret_count]);
    }
    statement_reset(statement);
    return (const char(*)[33])ids;
}

bool store_mail_see(struct store *store, const struct mail_reader *reader, const char *day, const char *id,
                    struct failure *ret_failure) {
    if (!store_change(store, ret_failure)) return false;
    struct statement *statement = store_statement(store, SQL_MAIL_SEE);
    statement_bind_integer(statement, 1, reader->id);
    store_bind_id(statement, 2, id);
    statement_bind_text(statement, 3, span_of(day));
    return store_run(store, statement, ret_failure);
}

bool store_mail_forget(struct store *store, const char *before, struct failure *ret_failure) {
    if (!store_change(store, ret_failure)) return false;
    struct statement *statement = store_statement(store, SQL_MAIL_FORGET);
    statement_bind_text(statement, 1, span_of(before));
    return store_run(store, statement, ret_failure);
}

struct mail_thread store_mail_thread(struct store *store, struct span list, const char *day, struct arena *arena) {
    struct mail_thread thread = {.root = SPAN("")};
    struct statement *statement = store_statement(store, SQL_MAIL_THREAD);
    statement_bind_text(statement, 1, list);
    statement_bind_text(statement, 2, span_of(day));
    if (store_step(store, statement) == STATEMENT_ROW) {
        thread.root = store_column(statement, 0, arena);
        thread.mails = statement_integer(statement, 1);
    }
    statement_reset(statement);
    return thread;
}

bool store_mail_put_thread(struct store *store, struct span list, const char *day, const struct mail_thread *thread,
                           struct failure *ret_failure) {
    if (!store_change(store, ret_failure)) return false;
    struct statement *statement = store_statement(store, SQL_MAIL_PUT_THREAD);
    statement_bind_text(statement, 1, list);
    statement_bind_text(statement, 2, span_of(day));
    statement_bind_text(statement, 3, thread->root);
    statement_bind_integer(statement, 4, thread->mails);
    return store_run(store, statement, ret_failure);
}
