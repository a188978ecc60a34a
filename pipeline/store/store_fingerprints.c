/* The fingerprints of recent articles: one row per article, and the index over them in memory. */
#include <stdlib.h>
#include <string.h>

#include "pipeline/store/fingerprints.h"
#include "pipeline/store/store_internal.h"

/* Builds the index only when it is first needed, because a run without new articles does not need it. */
static struct fingerprints *index_of(struct store *store) {
    if (store->fingerprints) return store->fingerprints;
    store->fingerprints = fingerprints_new();
    struct statement *statement = store_statement(store, SQL_EACH_FINGERPRINTS);
    while (store_step(store, statement) == STATEMENT_ROW) {
        char id[33], day[11] = "";
        struct span date = store_column(statement, 1, NULL), bytes = store_column(statement, 2, NULL);
        size_t count = bytes.length / sizeof(uint64_t);
        uint64_t *hashes = memory_take(count * sizeof *hashes);
        store_column_id(statement, 0, id);
        if (count) memcpy(hashes, bytes.at, count * sizeof *hashes);
        /* A malformed date counts as very old, so the article is never matched. */
        if (date.length && date.length < sizeof day) memcpy(day, date.at, date.length);
        fingerprints_add(store->fingerprints, id, day, hashes, count);
        free(hashes);
    }
    statement_reset(statement);
    return store->fingerprints;
}

bool store_add_fingerprints(struct store *store, const char *id, const char *day, const uint64_t *hashes, size_t count,
                            struct failure *ret_failure) {
    /* The index must be built before the row is written. Otherwise it would contain the row already, and adding the
     * fingerprints below would duplicate them. */
    struct fingerprints *index = index_of(store);
    if (!store_change(store, ret_failure)) return false;
    struct statement *statement = store_statement(store, SQL_PUT_FINGERPRINTS);
    store_bind_id(statement, 1, id);
    statement_bind_text(statement, 2, span_of(day));
    statement_bind_bytes(statement, 3, (struct span){(const char *)hashes, count * sizeof *hashes});
    if (!store_run(store, statement, ret_failure)) return false;
    fingerprints_add(index, id, day, hashes, count);
    return true;
}

size_t store_match_fingerprints(struct store *store, const char *since, const uint64_t *hashes, size_t count,
                                struct fingerprint_match *ret_matches, size_t room) {
    return fingerprints_match(index_of(store), since, hashes, count, ret_matches, room);
}

void store_forget_fingerprints(struct store *store, const char *before) {
    if (!store_change(store, NULL)) return;
    struct statement *statement = store_statement(store, SQL_FORGET);
    statement_bind_text(statement, 1, span_of(before));
    store_run(store, statement, NULL);
    /* Entries cannot be removed from the index. It is read again when next needed. */
    fingerprints_free(store->fingerprints);
    store->fingerprints = NULL;
}
