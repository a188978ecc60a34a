#include "pipeline/store/store_revisits.h"

#include "pipeline/store/store_internal.h"

/* `state` is the article's state until the revisit; `times` counts revisits; `due` is a time in UTC. */
const char store_revisits_schema[] = "CREATE TABLE revisit (id BLOB PRIMARY KEY, state INTEGER NOT NULL, times INTEGER "
                                     "NOT NULL, due TEXT NOT NULL) WITHOUT ROWID;";

bool store_plan_revisit(struct store *store, const char *id, enum article_state article_state, unsigned times,
                        struct span due, struct failure *ret_failure) {
    if (!store_change(store, ret_failure)) return false;
    struct statement *statement = store_statement(store, SQL_PLAN_REVISIT);
    store_bind_id(statement, 1, id);
    statement_bind_integer(statement, 2, (int)article_state);
    statement_bind_integer(statement, 3, times);
    statement_bind_text(statement, 4, due);
    return store_run(store, statement, ret_failure);
}

bool store_find_revisit(struct store *store, const char *id, unsigned *ret_times) {
    struct statement *statement = store_statement(store, SQL_FIND_REVISIT);
    store_bind_id(statement, 1, id);
    bool found = store_step(store, statement) == STATEMENT_ROW;
    if (found) *ret_times = (unsigned)statement_integer(statement, 0);
    statement_reset(statement);
    return found;
}

/* Runs a statement whose only parameter is an id. */
static bool change_one(struct store *store, enum statement_name name, const char *id, struct failure *ret_failure) {
    if (!store_change(store, ret_failure)) return false;
    struct statement *statement = store_statement(store, name);
    store_bind_id(statement, 1, id);
    return store_run(store, statement, ret_failure);
}

bool store_forget_revisit(struct store *store, const char *id, struct failure *ret_failure) {
    return change_one(store, SQL_FORGET_REVISIT, id, ret_failure);
}

bool store_begin_revisits(struct store *store, struct span now, struct failure *ret_failure) {
    if (!store_change(store, ret_failure)) return false;
    struct statement *statement = store_statement(store, SQL_BEGIN_REVISITS);
    statement_bind_text(statement, 1, now);
    return store_run(store, statement, ret_failure);
}

/* The row of the revisit stays until the caller plans the next one or forgets it. */
bool store_end_revisit(struct store *store, const char *id, struct failure *ret_failure) {
    return change_one(store, SQL_END_REVISIT, id, ret_failure);
}
