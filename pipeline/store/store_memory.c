/* The translation memory. */
#include <stdlib.h>
#include <string.h>

#include "pipeline/store/store_internal.h"

bool store_remember(struct store *store, const struct memory_key *key, const struct memory_entry *entry,
                    struct failure *ret_failure) {
    store_forget_answer(store, key);
    if (!store_change(store, ret_failure)) return false;
    struct statement *statement = store_statement(store, SQL_REMEMBER);
    statement_bind_key(statement, 1, key->bytes);
    statement_bind_text(statement, 2, entry->source);
    statement_bind_text(statement, 3, entry->target);
    statement_bind_text(statement, 4, entry->source_language);
    statement_bind_text(statement, 5, entry->service);
    statement_bind_text(statement, 6, entry->model);
    statement_bind_integer(statement, 7, entry->unknown_words);
    statement_bind_text(statement, 8, entry->only_for);
    statement_bind_text(statement, 9, span_of(store->month));
    return store_run(store, statement, ret_failure);
}

/* The column of SQL_RECALL that follows those of an entry. */
enum { COLUMN_USED = 8 };

/* With an arena the texts are copied; with NULL they are valid until the next step. */
static void read_entry(struct statement *statement, struct arena *arena, struct memory_entry *ret_entry) {
    *ret_entry = (struct memory_entry){.source = store_column(statement, 1, arena),
                                       .target = store_column(statement, 2, arena),
                                       .source_language = store_column(statement, 3, arena),
                                       .service = store_column(statement, 4, arena),
                                       .model = store_column(statement, 5, arena),
                                       .unknown_words = (unsigned)statement_integer(statement, 6),
                                       .only_for = store_column(statement, 7, arena)};
}

/* The month rather than the time, so that an entry is written at most once a month however often it is used. That it
 * cannot be written is no reason to do without the translation. */
static void note_use(struct store *store, const struct memory_key *key) {
    struct failure ignored = {0};
    if (!store_change(store, &ignored)) return;
    struct statement *statement = store_statement(store, SQL_USE_MEMORY);
    statement_bind_key(statement, 1, key->bytes);
    statement_bind_text(statement, 2, span_of(store->month));
    store_run(store, statement, &ignored);
}

void store_read_answer(const struct store *store, struct statement *statement, struct arena *arena,
                       struct memory_answer *ret_answer) {
    ret_answer->found = true;
    ret_answer->used = span_is(store_column(statement, COLUMN_USED, NULL), store->month);
    read_entry(statement, arena, &ret_answer->entry);
}

static struct memory_answer ask(struct store *store, const struct memory_key *key, struct span whom,
                                struct arena *arena) {
    struct memory_answer answer = {.found = false};
    struct statement *statement = store_statement(store, SQL_RECALL);
    statement_bind_key(statement, 1, key->bytes);
    statement_bind_text(statement, 2, whom);
    if (store_step(store, statement) == STATEMENT_ROW) store_read_answer(store, statement, arena, &answer);
    statement_reset(statement);
    return answer;
}

static struct memory_entry copy_entry(const struct memory_entry *entry, struct arena *arena) {
    struct memory_entry copy = *entry;
    struct span *texts[] = {&copy.source,  &copy.target, &copy.source_language,
                            &copy.service, &copy.model,  &copy.only_for};
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
        if (texts[i]->length) *texts[i] = arena_copy(arena, *texts[i]);
    return copy;
}

/* As SQL_RECALL chooses. */
static struct memory_answer remembered(const struct memory_answer *ahead, struct span whom, struct arena *arena) {
    struct memory_answer answer = *ahead;
    struct span only_for = answer.entry.only_for;
    answer.found = answer.found && (only_for.length == 0 || span_equal(only_for, whom));
    if (answer.found) answer.entry = copy_entry(&answer.entry, arena);
    return answer;
}

bool store_recall(struct store *store, const struct memory_key *key, struct span whom, struct arena *arena,
                  struct memory_entry *ret_entry) {
    struct memory_answer *ahead = store_find_answer(store, key);
    struct memory_answer answer = ahead ? remembered(ahead, whom, arena) : ask(store, key, whom, arena);
    if (!answer.found) return false;
    *ret_entry = answer.entry;
    if (!answer.used && !store->only_reads) note_use(store, key);
    if (ahead) ahead->used = true;
    return true;
}

bool store_forget_answers(struct store *store, struct span service, struct span language, struct span canned,
                          bool worthless, struct failure *ret_failure) {
    store_forget_all_answers(store);
    if (!store_change(store, ret_failure)) return false;
    struct statement *statement = store_statement(store, SQL_FORGET_ANSWERS);
    statement_bind_text(statement, 1, service);
    statement_bind_text(statement, 2, language);
    statement_bind_text(statement, 3, canned);
    statement_bind_integer(statement, 4, worthless);
    return store_run(store, statement, ret_failure);
}

size_t store_each_memory(struct store *store,
                         void (*entry)(void *, const struct memory_key *, const struct memory_entry *), void *context) {
    struct statement *statement = store_statement(store, SQL_EACH_MEMORY);
    size_t count = 0;
    for (; store_step(store, statement) == STATEMENT_ROW; count++) {
        struct memory_key key = {{0}};
        struct memory_entry one;
        struct span bytes = store_column(statement, 0, NULL);
        if (bytes.length)
            memcpy(key.bytes, bytes.at, bytes.length < sizeof key.bytes ? bytes.length : sizeof key.bytes);
        read_entry(statement, NULL, &one);
        entry(context, &key, &one);
    }
    statement_reset(statement);
    return count;
}
