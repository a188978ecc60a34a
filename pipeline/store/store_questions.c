#include "pipeline/store/store_questions.h"

#include <stdlib.h>
#include <string.h>
#include <sys/queue.h>

#include "pipeline/base/hash_table.h"
#include "pipeline/store/store_internal.h"

/* Bytes of the keys that are sent together; one question may have more. */
enum { KEYS_AT_ONCE = 1 << 13, KEYS_LIMIT = 1 << 28 };

enum question_state { QUESTION_NEW, QUESTION_SENT, QUESTION_ANSWERED };

struct store_question {
    enum question_state state;
    bool failed; /* the memory could not be read */
    struct arena *arena;
    struct span keys;          /* one behind the other */
    struct hash_table answers; /* struct memory_answer by key; a key that was not found has one too */
    TAILQ_ENTRY(store_question) next;
};

struct store_questions {
    TAILQ_HEAD(, store_question) all;
    struct buffer keys; /* of those that have been sent together; empty = none */
    struct store_question *used;
};

static struct store_questions *questions_of(struct store *store) {
    if (!store->questions) {
        store->questions = memory_take(sizeof *store->questions);
        *store->questions = (struct store_questions){.keys = BUFFER(KEYS_LIMIT)};
        TAILQ_INIT(&store->questions->all);
    }
    return store->questions;
}

static struct span span_of_key(const struct memory_key *key) {
    return (struct span){(const char *)key->bytes, sizeof key->bytes};
}

/* ---------------------------------------------------------------- sending */

/* The hash table borrows the bytes of the keys, so they are copied. */
static struct store_question *new_question(const struct memory_key *keys, size_t count) {
    struct arena *arena = arena_new();
    struct store_question *question = memory_take(sizeof *question);
    *question = (struct store_question){.arena = arena, .answers = HASH_TABLE(arena)};
    struct memory_key *copies = arena_take(arena, count * sizeof *copies);
    if (count) memcpy(copies, keys, count * sizeof *copies);
    for (size_t i = 0; i < count; i++)
        hash_table_set(&question->answers, span_of_key(&copies[i]), arena_take(arena, sizeof(struct memory_answer)));
    question->keys = (struct span){(const char *)copies, count * sizeof *copies};
    return question;
}

static void send_new(struct store *store) {
    struct store_questions *questions = store->questions;
    struct store_question *question;
    buffer_clear(&questions->keys);
    TAILQ_FOREACH(question, &questions->all, next) {
        if (question->state != QUESTION_NEW || questions->keys.length > KEYS_AT_ONCE) continue;
        buffer_add(&questions->keys, question->keys.at, question->keys.length);
        question->state = QUESTION_SENT;
    }
    if (!questions->keys.length) return;
    struct statement *statement = store_statement(store, SQL_RECALL_ALL);
    statement_bind_bytes(statement, 1, buffer_span(&questions->keys));
    statement_ask(statement);
}

struct store_question *store_ask(struct store *store, const struct memory_key *keys, size_t count) {
    struct store_questions *questions = questions_of(store);
    struct store_question *question = new_question(keys, count);
    if (count == 0) question->state = QUESTION_ANSWERED;
    TAILQ_INSERT_TAIL(&questions->all, question, next);
    if (!questions->keys.length) send_new(store);
    return question;
}

void store_end_question(struct store *store, struct store_question *question) {
    if (!question) return;
    if (store->questions->used == question) store->questions->used = NULL;
    TAILQ_REMOVE(&store->questions->all, question, next);
    arena_free(question->arena);
    free(question);
}

void store_free_questions(struct store *store) {
    struct store_questions *questions = store->questions;
    if (!questions) return;
    while (!TAILQ_EMPTY(&questions->all)) store_end_question(store, TAILQ_FIRST(&questions->all));
    buffer_free(&questions->keys);
    free(questions);
    store->questions = NULL;
}

/* ---------------------------------------------------------------- answers */

static void take_row(struct store *store, struct statement *statement) {
    struct store_question *question;
    struct span key = store_column(statement, 0, NULL);
    TAILQ_FOREACH(question, &store->questions->all, next) {
        struct memory_answer *answer =
            question->state == QUESTION_SENT ? hash_table_find(&question->answers, key) : NULL;
        if (answer && !answer->found) store_read_answer(store, statement, question->arena, answer);
    }
}

/* What could not be read must not look as if it were not there. */
static void end_sent(struct store *store) {
    struct store_question *question;
    TAILQ_FOREACH(question, &store->questions->all, next) {
        if (question->state != QUESTION_SENT) continue;
        question->state = QUESTION_ANSWERED;
        question->failed = store->broken.reach != REACH_NONE;
    }
}

bool store_has_answers(struct store *store) {
    return store->questions && store->questions->keys.length &&
           statement_is_answered(store->statements[SQL_RECALL_ALL]);
}

bool store_take_answers(struct store *store) {
    if (!store_has_answers(store)) return false;
    struct statement *statement = store->statements[SQL_RECALL_ALL];
    while (store_step(store, statement) == STATEMENT_ROW) take_row(store, statement);
    statement_reset(statement);
    end_sent(store);
    send_new(store);
    return true;
}

int store_questions_fd(struct store *store) {
    return store->questions && store->questions->keys.length ? database_descriptor(store->database) : -1;
}

/* ---------------------------------------------------------------- using them */

bool store_is_answered(const struct store_question *question) {
    return question->state == QUESTION_ANSWERED;
}

bool store_question_covers(const struct store_question *question, const struct memory_key *key) {
    return question->failed || (store_is_answered(question) && hash_table_find(&question->answers, span_of_key(key)));
}

void store_use_question(struct store *store, struct store_question *question) {
    if (store->questions) store->questions->used = question;
}

struct memory_answer *store_find_answer(const struct store *store, const struct memory_key *key) {
    struct store_question *question = store->questions ? store->questions->used : NULL;
    bool usable = question && store_is_answered(question) && !question->failed;
    return usable ? hash_table_find(&question->answers, span_of_key(key)) : NULL;
}

/* A question that is still to be sent will find the change. */
void store_forget_answer(struct store *store, const struct memory_key *key) {
    struct store_question *question;
    if (!store->questions) return;
    TAILQ_FOREACH(question, &store->questions->all, next)
        if (question->state != QUESTION_NEW) hash_table_remove(&question->answers, span_of_key(key));
}

void store_forget_all_answers(struct store *store) {
    struct store_question *question;
    if (!store->questions) return;
    TAILQ_FOREACH(question, &store->questions->all, next)
        if (question->state != QUESTION_NEW) question->answers = HASH_TABLE(question->arena);
}
