/* The causes for which articles wait, the articles to be retried, and what the user has been told. */
#include "pipeline/base/clock.h"
#include "pipeline/store/store_internal.h"

size_t store_each_waiting(struct store *store, void (*waiting)(void *, const struct waiting *), void *context) {
    struct statement *statement = store_statement(store, SQL_WAITING);
    size_t count = 0;
    for (; store_step(store, statement) == STATEMENT_ROW; count++) {
        struct waiting one = {.waits_for = (enum failure_cause)store_column_choice(statement, 0, FAILURE_CAUSES),
                              .waits_on = store_column(statement, 1, NULL),
                              .since = store_column(statement, 2, NULL),
                              .reason = store_column(statement, 3, NULL),
                              .count = (size_t)statement_integer(statement, 4)};
        waiting(context, &one);
    }
    statement_reset(statement);
    return count;
}

/* ---------------------------------------------------------------- retry */

/* Without an id, all articles are reopened except waiting ones, which the next run tries anyway. */
static bool bind_reopened(struct statement *statement, struct span id) {
    static const char first[] = "00000000000000000000000000000000", last[] = "ffffffffffffffffffffffffffffffff";
    statement_bind_integer(statement, 3, id.length > 0);
    if (id.length) return store_bind_prefix(statement, id);
    store_bind_id(statement, 1, first);
    store_bind_id(statement, 2, last);
    return true;
}

/* Counts what store_retry() is about to reopen. Returns false if `id` cannot be the beginning of an id. */
static bool count_reopened(struct store *store, struct span id, struct retry_counts *ret_counts) {
    struct statement *statement = store_statement(store, SQL_COUNT_RETRIED);
    *ret_counts = (struct retry_counts){0};
    if (!bind_reopened(statement, id)) return false;
    while (store_step(store, statement) == STATEMENT_ROW) {
        enum article_state state = (enum article_state)statement_integer(statement, 0);
        size_t count = (size_t)statement_integer(statement, 1);
        if (state == ARTICLE_STATE_DEAD) ret_counts->failed = count;
        if (state == ARTICLE_STATE_WAITING) ret_counts->waiting = count;
        if (state != ARTICLE_STATE_DONE) continue;
        /* Only partial records have failed segments or lack part of their page. */
        ret_counts->partial = count;
        ret_counts->missing = (size_t)statement_integer(statement, 2);
        ret_counts->cut = (size_t)statement_integer(statement, 3);
    }
    statement_reset(statement);
    return true;
}

/* Rejected translations are removed first, while the articles to which they belong can still be selected by their
 * state. */
bool store_retry(struct store *store, struct span id, struct retry_counts *ret_counts, struct failure *ret_failure) {
    static const enum statement_name steps[] = {SQL_FORGET_WORTHLESS, SQL_FORGET_REVISITS, SQL_RETRY_EVENTS, SQL_RETRY};
    char now[21];
    if (!store_change(store, ret_failure)) return false;
    clock_iso_now(now);
    store_forget_all_answers(store);
    bool known = count_reopened(store, id, ret_counts), done = true;
    for (size_t i = 0; known && done && i < sizeof steps / sizeof *steps; i++) {
        struct statement *statement = store_statement(store, steps[i]);
        bind_reopened(statement, id);
        if (steps[i] == SQL_RETRY_EVENTS) statement_bind_text(statement, 4, span_of(now));
        done = store_run(store, statement, ret_failure);
    }
    return done;
}

bool store_put_unfinished(struct store *store, const char *id, size_t count, bool cut, struct failure *ret_failure) {
    if (!store_change(store, ret_failure)) return false;
    struct statement *statement = store_statement(store, SQL_UNFINISHED);
    store_bind_id(statement, 1, id);
    statement_bind_integer(statement, 2, (int64_t)count);
    statement_bind_integer(statement, 3, cut);
    return store_run(store, statement, ret_failure);
}

/* ---------------------------------------------------------------- what has been told */

bool store_told(struct store *store, struct span key, struct arena *arena, struct span *ret_value,
                struct span *ret_at) {
    struct statement *statement = store_statement(store, SQL_TOLD);
    statement_bind_text(statement, 1, key);
    bool found = store_step(store, statement) == STATEMENT_ROW;
    if (found) {
        *ret_value = store_column(statement, 0, arena);
        *ret_at = store_column(statement, 1, arena);
    }
    statement_reset(statement);
    return found;
}

/* Records what the user has been told, replacing what is recorded under the same key. */
bool store_tell(struct store *store, struct span key, struct span value, struct span at, struct failure *ret_failure) {
    if (!store_change(store, ret_failure)) return false;
    struct statement *statement = store_statement(store, SQL_TELL);
    statement_bind_text(statement, 1, key);
    statement_bind_text(statement, 2, value);
    statement_bind_text(statement, 3, at);
    return store_run(store, statement, ret_failure);
}

bool store_untell(struct store *store, struct span key, struct failure *ret_failure) {
    if (!store_change(store, ret_failure)) return false;
    struct statement *statement = store_statement(store, SQL_UNTELL);
    statement_bind_text(statement, 1, key);
    return store_run(store, statement, ret_failure);
}

bool store_untell_old(struct store *store, struct span prefix, struct span before, struct failure *ret_failure) {
    if (!store_change(store, ret_failure)) return false;
    struct statement *statement = store_statement(store, SQL_UNTELL_OLD);
    statement_bind_text(statement, 1, prefix);
    statement_bind_text(statement, 2, before);
    return store_run(store, statement, ret_failure);
}

void store_each_told(struct store *store, struct span prefix,
                     void (*told)(void *context, struct span key, struct span value, struct span at), void *context) {
    struct statement *statement = store_statement(store, SQL_EACH_TOLD);
    statement_bind_text(statement, 1, prefix);
    while (store_step(store, statement) == STATEMENT_ROW)
        told(context, store_column(statement, 0, NULL), store_column(statement, 1, NULL),
             store_column(statement, 2, NULL));
    statement_reset(statement);
}
