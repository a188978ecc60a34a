#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "pipeline/base/arena.h"
#include "pipeline/store/postgresql_internal.h"

struct journal_entry {
    STAILQ_ENTRY(journal_entry) next;
    struct postgresql_text *text;
    struct postgresql_values values; /* in the same piece of memory */
};

struct journal_transaction {
    STAILQ_ENTRY(journal_transaction) next;
    STAILQ_HEAD(, journal_entry) entries;
    int64_t number;
    size_t bytes;
    bool incomplete; /* it was too long to be kept */
};

/* ---------------------------------------------------------------- statements */

struct postgresql_text *postgresql_text_new(struct postgresql_database *database, struct span sql, int count) {
    struct postgresql_text *text = memory_take(sizeof *text);
    *text = (struct postgresql_text){.users = 1, .sql = memory_string(sql), .count = count};
    snprintf(text->name, sizeof text->name, "s%u", database->statements++);
    return text;
}

void postgresql_text_free(struct postgresql_text *text) {
    if (!text || --text->users > 0) return;
    free(text->sql);
    free(text);
}

/* ---------------------------------------------------------------- keeping */

static size_t length_of(const struct postgresql_values *values, int index) {
    if (!values->at[index]) return 0;
    bool counted = values->formats[index] == FORMAT_BINARY;
    return counted ? (size_t)values->lengths[index] : strlen(values->at[index]) + 1;
}

static size_t size_of(const struct postgresql_text *text, const struct postgresql_values *values) {
    size_t size = sizeof(struct journal_entry);
    for (int i = 0; i < text->count; i++) size += length_of(values, i);
    return size;
}

static struct journal_entry *new_entry(struct postgresql_text *text, const struct postgresql_values *values,
                                       size_t size) {
    struct journal_entry *entry = memory_take(size);
    char *room = (char *)(entry + 1);
    *entry = (struct journal_entry){.text = text, .values = *values};
    text->users++;
    for (int i = 0; i < text->count; i++) {
        size_t length = length_of(values, i);
        if (!values->at[i]) continue;
        entry->values.at[i] = length ? memcpy(room, values->at[i], length) : "";
        room += length;
    }
    return entry;
}

static void forget_entries(struct postgresql_journal *journal, struct journal_transaction *transaction) {
    struct journal_entry *entry;
    while ((entry = STAILQ_FIRST(&transaction->entries))) {
        STAILQ_REMOVE_HEAD(&transaction->entries, next);
        postgresql_text_free(entry->text);
        free(entry);
    }
    journal->bytes -= transaction->bytes;
    transaction->bytes = 0;
}

bool postgresql_journal_has(const struct postgresql_journal *journal, int64_t number) {
    return journal->last && journal->last->number == number;
}

static struct journal_transaction *transaction_of(struct postgresql_journal *journal, int64_t number) {
    if (postgresql_journal_has(journal, number)) return journal->last;
    struct journal_transaction *last = journal->last = memory_take(sizeof *last);
    last->number = number;
    STAILQ_INIT(&last->entries);
    STAILQ_INSERT_TAIL(&journal->transactions, last, next);
    return last;
}

void postgresql_journal_add(struct postgresql_journal *journal, int64_t number, struct postgresql_text *text,
                            const struct postgresql_values *values) {
    struct journal_transaction *transaction = transaction_of(journal, number);
    size_t size = size_of(text, values);
    if (transaction->bytes + size > POSTGRESQL_JOURNAL_BYTES) transaction->incomplete = true;
    if (transaction->incomplete) {
        forget_entries(journal, transaction);
        return;
    }
    struct journal_entry *entry = new_entry(text, values, size);
    STAILQ_INSERT_TAIL(&transaction->entries, entry, next);
    transaction->bytes += size;
    journal->bytes += size;
}

int64_t postgresql_journal_last(const struct postgresql_journal *journal, int64_t up_to) {
    const struct journal_transaction *transaction;
    int64_t number = journal->dropped;
    STAILQ_FOREACH(transaction, &journal->transactions, next)
        if (transaction->number <= up_to) number = transaction->number;
    return number;
}

/* ---------------------------------------------------------------- forgetting */

static void forget(struct postgresql_journal *journal, struct journal_transaction *transaction) {
    STAILQ_REMOVE(&journal->transactions, transaction, journal_transaction, next);
    if (transaction == journal->last) journal->last = NULL;
    forget_entries(journal, transaction);
    free(transaction);
}

void postgresql_journal_drop(struct postgresql_journal *journal, int64_t up_to) {
    struct journal_transaction *first;
    while ((first = STAILQ_FIRST(&journal->transactions)) && first->number <= up_to) {
        journal->dropped = first->number;
        forget(journal, first);
    }
}

void postgresql_journal_undo(struct postgresql_journal *journal, int64_t number) {
    if (postgresql_journal_has(journal, number)) forget(journal, journal->last);
}

/* ---------------------------------------------------------------- repeating */

static bool repeat(struct postgresql_database *database, const struct journal_transaction *transaction) {
    const struct journal_entry *entry;
    if (transaction->incomplete)
        return postgresql_set_error(&database->error, "XX000", "it has undone a transaction too long to be repeated");
    database->open = true;
    database->begun = database->placed = false;
    database->number = transaction->number;
    STAILQ_FOREACH(entry, &transaction->entries, next)
        if (!postgresql_send_write(database, entry->text, &entry->values, NULL)) return false;
    return transaction->number > database->committed || postgresql_send_commit(database);
}

bool postgresql_journal_repeat(struct postgresql_database *database, int64_t after) {
    const struct journal_transaction *transaction;
    STAILQ_FOREACH(transaction, &database->journal.transactions, next)
        if (transaction->number > after && !repeat(database, transaction)) return false;
    return true;
}
