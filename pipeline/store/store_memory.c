/* The translation memory. */
#include <stdlib.h>
#include <string.h>

#include "pipeline/store/store_internal.h"

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

/* With an arena the texts are copied; with NULL they are valid until the next step. */
static void read_entry(sqlite3_stmt *statement, struct arena *arena, struct memory_entry *ret_entry) {
    *ret_entry = (struct memory_entry){.source = store_column(statement, 1, arena),
                                       .target = store_column(statement, 2, arena),
                                       .source_language = store_column(statement, 3, arena),
                                       .service = store_column(statement, 4, arena),
                                       .model = store_column(statement, 5, arena),
                                       .unknown_words = (unsigned)sqlite3_column_int(statement, 6),
                                       .only_for = store_column(statement, 7, arena)};
}

bool store_recall(struct store *store, const struct memory_key *key, struct span whom, struct arena *arena,
                  struct memory_entry *ret_entry) {
    sqlite3_stmt *statement = store_statement(store, SQL_RECALL);
    sqlite3_bind_blob(statement, 1, key->bytes, sizeof key->bytes, SQLITE_STATIC);
    store_bind_text(statement, 2, whom);
    bool found = store_step(store, statement) == SQLITE_ROW;
    if (found) read_entry(statement, arena, ret_entry);
    sqlite3_reset(statement);
    return found;
}

bool store_forget_answers(struct store *store, struct span service, struct span language, struct span canned,
                          bool worthless, struct failure *ret_failure) {
    if (!store_change(store, ret_failure)) return false;
    sqlite3_stmt *statement = store_statement(store, SQL_FORGET_ANSWERS);
    store_bind_text(statement, 1, service);
    store_bind_text(statement, 2, language);
    store_bind_text(statement, 3, canned);
    sqlite3_bind_int(statement, 4, worthless);
    return store_run(store, statement, ret_failure);
}

size_t store_each_memory(struct store *store,
                         void (*entry)(void *, const struct memory_key *, const struct memory_entry *), void *context) {
    sqlite3_stmt *statement = store_statement(store, SQL_EACH_MEMORY);
    size_t count = 0;
    for (; store_step(store, statement) == SQLITE_ROW; count++) {
        struct memory_key key = {{0}};
        struct memory_entry one;
        struct span bytes = store_column(statement, 0, NULL);
        if (bytes.length)
            memcpy(key.bytes, bytes.at, bytes.length < sizeof key.bytes ? bytes.length : sizeof key.bytes);
        read_entry(statement, NULL, &one);
        entry(context, &key, &one);
    }
    sqlite3_reset(statement);
    return count;
}
