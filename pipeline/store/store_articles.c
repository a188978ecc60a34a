/* Articles and their state. */
#include <string.h>

#include "pipeline/store/store_events.h"
#include "pipeline/store/store_internal.h"

const char *article_state_name(enum article_state article_state) {
    /* In the order of enum article_state. "failed" is what users call DEAD. */
    static const char *const names[] = {"unknown", "found", "waiting", "done", "skipped", "duplicate", "failed"};
    return names[article_state < sizeof names / sizeof *names ? article_state : ARTICLE_STATE_UNKNOWN];
}

/* An article that is still to be processed need not be found again. */
static bool is_known(enum article_state article_state, struct span known_version, struct span version) {
    bool pending = article_state == ARTICLE_STATE_FOUND || article_state == ARTICLE_STATE_WAITING;
    return pending || (article_state != ARTICLE_STATE_UNKNOWN && span_equal(known_version, version));
}

bool store_knows(struct store *store, const char *id, struct span version) {
    const struct known_article *ahead = store_find_article_ahead(store, id);
    if (ahead) return is_known(ahead->article_state, ahead->version, version);
    if (!store_change(store, NULL)) return false;
    struct statement *statement = store_statement(store, SQL_ARTICLE_STATE);
    store_bind_id(statement, 1, id);
    bool known =
        store_step(store, statement) == STATEMENT_ROW &&
        is_known((enum article_state)statement_integer(statement, 0), store_column(statement, 1, NULL), version);
    statement_reset(statement);
    return known;
}

static struct statement *bind_row(struct store *store, const struct article_row *row) {
    struct statement *statement = store_statement(store, SQL_PUT);
    store_bind_id(statement, 1, row->id);
    statement_bind_integer(statement, 2, (int)row->article_state);
    statement_bind_integer(statement, 3, row->kills);
    statement_bind_text(statement, 4, row->version);
    statement_bind_text(statement, 5, row->source);
    statement_bind_text(statement, 6, row->address);
    statement_bind_text(statement, 7, row->note);
    statement_bind_text(statement, 8, row->day);
    statement_bind_bytes(statement, 9, row->record);
    statement_bind_integer(statement, 10, (int)row->waits_for);
    statement_bind_text(statement, 11, row->waits_on);
    statement_bind_text(statement, 12, row->since);
    statement_bind_text(statement, 13, row->path);
    statement_bind_integer(statement, 14, row->unfinished);
    statement_bind_integer(statement, 15, row->cut);
    if (store->worker[0])
        statement_bind_text(statement, 16, span_of(store->worker));
    else
        statement_bind_integer(statement, 16, store->sequence);
    return statement;
}

/* Each change of state gets a new sequence number, so that articles are claimed in the order in which they were found,
 * and those that began to wait during this run are recognised. */
bool store_put(struct store *store, const struct article_row *row, struct failure *ret_failure) {
    if (!store_change(store, ret_failure)) return false;
    store_forget_article_ahead(store, row->id);
    ++store->sequence;
    struct statement *statement = bind_row(store, row);
    /* store_claim() subtracts the size again. */
    if (row->article_state == ARTICLE_STATE_FOUND) store->backlog += row->record.length;
    if (row->article_state == ARTICLE_STATE_FOUND) store->ask_again_at = store->claim_again_at = 0;
    return store_run(store, statement, ret_failure) && store_note_state(store, row, ret_failure);
}

void store_read_row(struct statement *statement, struct arena *arena, struct article_row *ret_row) {
    *ret_row = (struct article_row){.article_state =
                                        (enum article_state)store_column_choice(statement, 1, ARTICLE_STATE_DEAD + 1),
                                    .kills = (unsigned)statement_integer(statement, 2),
                                    .version = store_column(statement, 3, arena),
                                    .source = store_column(statement, 4, arena),
                                    .address = store_column(statement, 5, arena),
                                    .note = store_column(statement, 6, arena),
                                    .day = store_column(statement, 7, arena),
                                    .waits_for = (enum failure_cause)store_column_choice(statement, 8, FAILURE_CAUSES),
                                    .waits_on = store_column(statement, 9, arena),
                                    .since = store_column(statement, 10, arena),
                                    .path = store_column(statement, 11, arena),
                                    .unfinished = (int)statement_integer(statement, 12),
                                    .suspected = statement_integer(statement, 13) != 0,
                                    .cut = statement_integer(statement, 14) != 0,
                                    .pruned = store_column(statement, 15, arena),
                                    .record = store_column(statement, STORE_COLUMN_RECORD, arena)};
    store_column_id(statement, 0, ret_row->id);
}

/* Calls `row` for each result; the spans are valid during the call. */
static size_t list(struct store *store, struct statement *statement, void (*row)(void *, const struct article_row *),
                   void *context) {
    size_t count = 0;
    for (struct article_row one; store_step(store, statement) == STATEMENT_ROW; count++) {
        store_read_row(statement, NULL, &one);
        row(context, &one);
    }
    statement_reset(statement);
    return count;
}

size_t store_list(struct store *store, enum article_state article_state, size_t limit,
                  void (*row)(void *, const struct article_row *), void *context) {
    struct statement *statement = store_statement(store, SQL_LIST);
    statement_bind_integer(statement, 1, (int)article_state);
    statement_bind_integer(statement, 2, (int64_t)limit);
    return list(store, statement, row, context);
}

size_t store_list_partial(struct store *store, size_t limit, void (*row)(void *, const struct article_row *),
                          void *context) {
    struct statement *statement = store_statement(store, SQL_LIST_PARTIAL);
    statement_bind_integer(statement, 1, (int64_t)limit);
    return list(store, statement, row, context);
}

size_t store_count_partial(struct store *store) {
    struct statement *statement = store_statement(store, SQL_COUNT_PARTIAL);
    size_t count = store_step(store, statement) == STATEMENT_ROW ? (size_t)statement_integer(statement, 0) : 0;
    statement_reset(statement);
    return count;
}

bool store_bind_prefix(struct statement *statement, struct span id) {
    /* Ids are compared as bytes, so a prefix selects the range from the prefix padded with zeros to the prefix padded
     * with f's. */
    char first[33] = "00000000000000000000000000000000", last[33] = "ffffffffffffffffffffffffffffffff";
    if (id.length == 0 || id.length > 32) return false;
    for (size_t i = 0; i < id.length; i++) {
        if (!strchr("0123456789abcdef", id.at[i])) return false;
        first[i] = last[i] = id.at[i];
    }
    store_bind_id(statement, 1, first);
    store_bind_id(statement, 2, last);
    return true;
}

bool store_find(struct store *store, struct span id, struct arena *arena, struct article_row *ret_row) {
    struct statement *statement = store_statement(store, SQL_FIND);
    bool found = store_bind_prefix(statement, id) && store_step(store, statement) == STATEMENT_ROW;
    if (found) store_read_row(statement, arena, ret_row);
    /* A second row means that the prefix is ambiguous. */
    found = found && store_step(store, statement) == STATEMENT_DONE;
    statement_reset(statement);
    return found;
}

bool store_is_ambiguous(struct store *store, struct span id) {
    struct statement *statement = store_statement(store, SQL_FIND);
    bool more = store_bind_prefix(statement, id);
    for (int i = 0; i < 2; i++) more = more && store_step(store, statement) == STATEMENT_ROW;
    statement_reset(statement);
    return more;
}

void store_counts(struct store *store, size_t ret_counts[7]) {
    memset(ret_counts, 0, 7 * sizeof *ret_counts);
    struct statement *statement = store_statement(store, SQL_COUNTS);
    while (store_step(store, statement) == STATEMENT_ROW) {
        int article_state = (int)statement_integer(statement, 0);
        if (article_state >= 0 && article_state < 7)
            ret_counts[article_state] = (size_t)statement_integer(statement, 1);
    }
    statement_reset(statement);
}
