/* The translation memory and the fingerprints of recent articles. */
#include <stdlib.h>
#include <string.h>

#include "pipeline/store_internal.h"

bool store_remember(struct store *store, const struct memory_key *key, const struct memory_entry *entry,
                    struct failure *ret_failure) {
    if (!store_change(store, ret_failure)) return false;
    sqlite3_stmt *statement = store_statement(store, SQL_REMEMBER);
    sqlite3_bind_blob(statement, 1, key->bytes, sizeof key->bytes, SQLITE_STATIC);
    store_bind_text(statement, 2, entry->source);
    store_bind_text(statement, 3, entry->target);
    store_bind_text(statement, 4, entry->source_language);
    store_bind_text(statement, 5, entry->service);
    store_bind_text(statement, 6, entry->model);
    sqlite3_bind_int64(statement, 7, entry->unknown_words);
    store_bind_text(statement, 8, entry->only_for);
    return store_run(store, statement, ret_failure);
}

static void read_entry(sqlite3_stmt *statement, struct arena *arena, struct memory_entry *ret_entry) {
    *ret_entry = (struct memory_entry){.source = store_column(statement, 1, arena),
                                       .target = store_column(statement, 2, arena),
                                       .source_language = store_column(statement, 3, arena),
                                       .service = store_column(statement, 4, arena),
                                       .model = store_column(statement, 5, arena),
                                       .unknown_words = (unsigned)sqlite3_column_int(statement, 6)};
}

bool store_recall(struct store *store, const struct memory_key *key, struct span whom, struct arena *arena,
                  struct memory_entry *ret_entry) {
    sqlite3_stmt *statement = store_statement(store, SQL_RECALL);
    sqlite3_bind_blob(statement, 1, key->bytes, sizeof key->bytes, SQLITE_STATIC);
    store_bind_text(statement, 2, whom);
    bool found = sqlite3_step(statement) == SQLITE_ROW;
    if (found) read_entry(statement, arena, ret_entry);
    sqlite3_reset(statement);
    return found;
}

size_t store_each_memory(struct store *store, void (*entry)(void *, const struct memory_key *, const struct memory_entry *),
                         void *context) {
    sqlite3_stmt *statement = store_statement(store, SQL_EACH_MEMORY);
    size_t count = 0;
    for (; sqlite3_step(statement) == SQLITE_ROW; count++) {
        struct memory_key key = {{0}};
        struct memory_entry one;
        struct span bytes = store_column(statement, 0, NULL);
        memcpy(key.bytes, bytes.at, bytes.length < sizeof key.bytes ? bytes.length : sizeof key.bytes);
        read_entry(statement, NULL, &one);
        entry(context, &key, &one);
    }
    sqlite3_reset(statement);
    return count;
}

bool store_add_fingerprints(struct store *store, const char *id, const char *day, const uint64_t *hashes, size_t count,
                            struct failure *ret_failure) {
    if (!store_change(store, ret_failure)) return false;
    sqlite3_stmt *statement = store_statement(store, SQL_DROP_FINGERPRINTS);
    store_bind_id(statement, 1, id);
    bool done = store_run(store, statement, ret_failure);
    for (size_t i = 0; i < count && done; i++) {
        statement = store_statement(store, SQL_ADD_FINGERPRINT);
        sqlite3_bind_int64(statement, 1, (sqlite3_int64)hashes[i]);
        store_bind_id(statement, 2, id);
        store_bind_text(statement, 3, span_of(day));
        sqlite3_bind_int64(statement, 4, (sqlite3_int64)count);
        done = store_run(store, statement, ret_failure);
    }
    return done;
}

static int by_id(const void *a, const void *b) {
    return memcmp(((const struct fingerprint_match *)a)->id, ((const struct fingerprint_match *)b)->id, 33);
}

static int by_shared(const void *a, const void *b) {
    size_t left = ((const struct fingerprint_match *)a)->shared, right = ((const struct fingerprint_match *)b)->shared;
    return left < right ? 1 : left > right ? -1 : 0;
}

/* Adds up what one article shares: hits are sorted by id, so equal ones lie side by side. */
static size_t merge_hits(struct fingerprint_match *hits, size_t count) {
    size_t kept = 0;
    qsort(hits, count, sizeof *hits, by_id);
    for (size_t i = 0; i < count; i++) {
        if (kept && memcmp(hits[kept - 1].id, hits[i].id, 33) == 0) hits[kept - 1].shared++;
        else hits[kept++] = hits[i];
    }
    qsort(hits, kept, sizeof *hits, by_shared);
    return kept;
}

size_t store_match_fingerprints(struct store *store, const char *since, const uint64_t *hashes, size_t count,
                                struct fingerprint_match *ret_matches, size_t room) {
    struct fingerprint_match *hits = NULL;
    size_t hit_count = 0, capacity = 0;
    for (size_t i = 0; i < count; i++) {
        sqlite3_stmt *statement = store_statement(store, SQL_MATCH);
        sqlite3_bind_int64(statement, 1, (sqlite3_int64)hashes[i]);
        store_bind_text(statement, 2, span_of(since));
        while (sqlite3_step(statement) == SQLITE_ROW) {
            if (hit_count == capacity) {
                capacity = capacity ? capacity * 2 : 64;
                hits = memory_resize(hits, capacity * sizeof *hits);
            }
            hits[hit_count] = (struct fingerprint_match){.shared = 1, .count = (size_t)sqlite3_column_int64(statement, 1)};
            store_column_id(statement, 0, hits[hit_count++].id);
        }
        sqlite3_reset(statement);
    }
    size_t found = hit_count ? merge_hits(hits, hit_count) : 0;
    if (found > room) found = room;
    if (found) memcpy(ret_matches, hits, found * sizeof *hits);
    free(hits);
    return found;
}

void store_forget_fingerprints(struct store *store, const char *before) {
    if (!store_change(store, NULL)) return;
    sqlite3_stmt *statement = store_statement(store, SQL_FORGET);
    store_bind_text(statement, 1, span_of(before));
    store_run(store, statement, NULL);
}
