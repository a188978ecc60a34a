/* The store as the queue from which a run takes its work. */
#include <stdlib.h>

#include "pipeline/base/arena.h"
#include "pipeline/base/clock.h"
#include "pipeline/store/store_internal.h"
#include "pipeline/store/store_workers.h"

/* The columns of a claim that follow those of ROW (store.c) and the record. */
enum { COLUMN_SEQUENCE = STORE_COLUMN_RECORD + 1, COLUMN_REVISITED, COLUMN_FINISHED };

/* How long a run that has found nothing to claim waits until it asks a server again, unless it adds an article. */
enum { CLAIM_AGAIN_MS = 100 };

static void read_claimed(struct statement *statement, struct arena *arena, struct article_row *ret_row) {
    store_read_row(statement, arena, ret_row);
    ret_row->revisited = statement_integer(statement, COLUMN_REVISITED) != 0;
    ret_row->finished = statement_integer(statement, COLUMN_FINISHED) != 0;
}

/* Nobody else can have claimed the article: its row is locked until the transaction ends. */
static bool hold(struct store *store, const struct article_row *row) {
    if (!store->worker[0]) return true;
    struct statement *statement = store_statement(store, SQL_HOLD);
    store_bind_id(statement, 1, row->id);
    statement_bind_text(statement, 2, span_of(store->worker));
    return store_run(store, statement, &store->broken);
}

/* ---------------------------------------------------------------- several at once */

/* Articles that have been claimed and not been handed out yet. */
struct claimed_articles {
    struct arena *arena; /* of the texts */
    struct article_row rows[STORE_CLAIMS_AT_ONCE];
    size_t count, next;
};

void store_claim_several(struct store *store) {
    if (store->worker[0] && !store->claimed) store->claimed = memory_take(sizeof *store->claimed);
}

void store_free_claimed(struct store *store) {
    if (store->claimed) arena_free(store->claimed->arena);
    free(store->claimed);
    store->claimed = NULL;
}

static void copy_row(const struct article_row *row, struct arena *arena, struct article_row *ret_row) {
    struct article_row copy = *row;
    struct span *texts[] = {&copy.version, &copy.source,   &copy.address, &copy.note, &copy.day,
                            &copy.record,  &copy.waits_on, &copy.since,   &copy.path, &copy.pruned};
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
        if (texts[i]->length) *texts[i] = arena_copy(arena, *texts[i]);
    *ret_row = copy;
}

/* A run that was stopped may have lost some of them in the meantime. */
static bool hand_out(struct store *store, struct arena *arena, struct article_row *ret_row) {
    struct claimed_articles *claimed = store->claimed;
    while (claimed && claimed->next < claimed->count) {
        const struct article_row *row = &claimed->rows[claimed->next++];
        if (!store_holds(store, row->id)) continue;
        copy_row(row, arena, ret_row);
        return true;
    }
    return false;
}

/* What a run that ends early has not begun is for others. */
bool store_hand_back(struct store *store, struct failure *ret_failure) {
    struct claimed_articles *claimed = store->claimed;
    bool done = !claimed || claimed->next == claimed->count || store_change(store, ret_failure);
    while (done && claimed && claimed->next < claimed->count) {
        struct statement *statement = store_statement(store, SQL_HAND_BACK);
        store_bind_id(statement, 1, claimed->rows[claimed->next++].id);
        statement_bind_text(statement, 2, span_of(store->worker));
        done = store_run(store, statement, ret_failure);
    }
    return done;
}

/* Notes the rest of what a claim has found. */
static bool keep_rest(struct store *store, struct statement *statement) {
    struct claimed_articles *claimed = store->claimed;
    if (!claimed) return true;
    arena_free(claimed->arena);
    *claimed = (struct claimed_articles){.arena = arena_new()};
    while (claimed->count < STORE_CLAIMS_AT_ONCE && store_step(store, statement) == STATEMENT_ROW) {
        read_claimed(statement, claimed->arena, &claimed->rows[claimed->count]);
        store->cursor = statement_integer(statement, COLUMN_SEQUENCE);
        if (!hold(store, &claimed->rows[claimed->count++])) return false;
    }
    return true;
}

/* ---------------------------------------------------------------- claims */

static struct statement *bind_claim(struct store *store, enum article_state article_state, int64_t after,
                                    int64_t last) {
    struct statement *statement = store_statement(store, SQL_CLAIM);
    statement_bind_integer(statement, 1, (int)article_state);
    statement_bind_integer(statement, 2, last);
    statement_bind_integer(statement, 3, after);
    if (store->worker[0]) statement_bind_text(statement, 4, span_of(store->worker));
    if (store->worker[0]) statement_bind_integer(statement, 5, store->claimed ? STORE_CLAIMS_AT_ONCE : 1);
    return statement;
}

/* Claims by sequence number rather than by state, so that an article which is still in progress is not claimed
 * twice. */
static bool claim(struct store *store, enum article_state article_state, int64_t after, int64_t last,
                  struct arena *arena, struct article_row *ret_row) {
    if (store->worker[0] && !store_change(store, NULL)) return false;
    struct statement *statement = bind_claim(store, article_state, after, last);
    bool found = store_step(store, statement) == STATEMENT_ROW;
    if (found) {
        read_claimed(statement, arena, ret_row);
        store->cursor = statement_integer(statement, COLUMN_SEQUENCE);
        found = hold(store, ret_row) && keep_rest(store, statement);
    }
    statement_reset(statement);
    return found;
}

/* On a server the search goes on behind the last one as well, so that it need not pass what has been done and not been
 * cleaned up; at the end it looks for those that others have left. */
static bool claim_found(struct store *store, struct arena *arena, struct article_row *ret_row) {
    if (claim(store, ARTICLE_STATE_FOUND, store->cursor, INT64_MAX, arena, ret_row)) return true;
    if (!store->worker[0] || store->cursor == 0) return false;
    store->cursor = 0;
    return claim(store, ARTICLE_STATE_FOUND, 0, INT64_MAX, arena, ret_row);
}

/* First those that earlier runs left waiting, then the others that are to be processed. A claimed article that has to
 * wait again gets a number above run_starts, so it is not claimed twice. */
static bool claim_next(struct store *store, struct arena *arena, struct article_row *ret_row) {
    /* claim() moves `cursor`, which belongs to the found articles; restore it after claiming a waiting article. */
    int64_t cursor = store->cursor;
    bool found = false;
    if (store->waiting_cursor < store->run_starts) {
        found = claim(store, ARTICLE_STATE_WAITING, store->waiting_cursor, store->run_starts, arena, ret_row);
        store->waiting_cursor = found ? store->cursor : store->run_starts;
        store->cursor = cursor;
    }
    return found || claim_found(store, arena, ret_row);
}

/* On a server others add articles as well, so it is asked at intervals. */
static bool is_time_to_ask(const struct store *store) {
    int64_t now = clock_ms();
    return now >= store->ask_again_at && now >= store->claim_again_at && !store_is_back_lately(store);
}

/* Not below zero, because the size of a record may have changed since it was counted. */
static void shrink_backlog(struct store *store, const struct article_row *row) {
    if (row->article_state == ARTICLE_STATE_FOUND)
        store->backlog -= row->record.length < store->backlog ? row->record.length : store->backlog;
}

bool store_claim(struct store *store, struct arena *arena, struct article_row *ret_row) {
    bool found = hand_out(store, arena, ret_row);
    if (!found && !is_time_to_ask(store)) return false;
    found = found || claim_next(store, arena, ret_row);
    if (found) {
        shrink_backlog(store, ret_row);
    } else if (store->worker[0]) {
        /* What others have claimed does not count, and nothing else is left. */
        store->backlog = 0;
        store->claim_again_at = store->claimed ? clock_ms() + CLAIM_AGAIN_MS : 0;
    }
    return found;
}

/* ---------------------------------------------------------------- suspected articles */

bool store_has_suspected(struct store *store) {
    struct statement *statement = store_statement(store, SQL_HAS_SUSPECTED);
    bool found = store_step(store, statement) == STATEMENT_ROW;
    statement_reset(statement);
    return found;
}

bool store_claim_suspected(struct store *store, struct arena *arena, struct article_row *ret_row) {
    if (store->worker[0] && !store_change(store, NULL)) return false;
    struct statement *statement = store_statement(store, SQL_CLAIM_SUSPECTED);
    if (store->worker[0]) statement_bind_text(statement, 1, span_of(store->worker));
    bool found = store_step(store, statement) == STATEMENT_ROW;
    if (found) read_claimed(statement, arena, ret_row);
    statement_reset(statement);
    return found && hold(store, ret_row);
}

bool store_suspect(struct store *store, const char *id, bool alone, struct failure *ret_failure) {
    if (!store_change(store, ret_failure)) return false;
    struct statement *statement = store_statement(store, SQL_BLAME);
    store_bind_id(statement, 1, id);
    statement_bind_integer(statement, 2, alone);
    return store_run(store, statement, ret_failure);
}

size_t store_backlog(struct store *store) {
    return store->backlog;
}
