/* Questions to the translation memory, in either kind of store. */
#include <poll.h>
#include <string.h>

#include "pipeline/store/store_internal.h"
#include "pipeline/store/store_questions.h"
#include "unit/empty_store.h"

static const struct memory_key known = {{1}}, bound = {{2, 0xff}}, unknown = {{3}};

static void remember(const struct memory_key *key, const char *target, const char *only_for) {
    struct memory_entry entry = {.source = SPAN("hola"),
                                 .target = span_of(target),
                                 .source_language = SPAN("es"),
                                 .service = SPAN("deepl"),
                                 .unknown_words = 2,
                                 .only_for = span_of(only_for)};
    assert_true(store_remember(store, key, &entry, NULL));
}

static void take_answers(void) {
    struct pollfd answers = {.fd = store_questions_fd(store), .events = POLLIN};
    while (!store_take_answers(store)) assert_int_equal(poll(&answers, 1, 30000), 1);
}

static void empty_the_table(void) {
    assert_true(database_run(store->database, "DELETE FROM memory"));
}

static bool recall(const struct memory_key *key, const char *whom, struct memory_entry *ret_entry) {
    return store_recall(store, key, span_of(whom), arena, ret_entry);
}

/* Fills the memory, asks, and empties the table behind the store's back. */
static struct store_question *ask(void) {
    const struct memory_key keys[] = {known, unknown, bound, known};
    remember(&known, "hello", "");
    remember(&bound, "hi", "a");
    struct store_question *question = store_ask(store, keys, 4);
    assert_false(store_is_answered(question));
    assert_false(store_question_covers(question, &known));
    take_answers();
    assert_true(store_is_answered(question));
    empty_the_table();
    store_use_question(store, question);
    return question;
}

static void what_was_answered_is_not_asked_for_again(void **state) {
    (void)state;
    struct memory_entry found;
    struct store_question *question = ask();
    assert_true(store_question_covers(question, &known));
    assert_true(recall(&known, "a", &found));
    assert_span(found.source, "hola");
    assert_span(found.target, "hello");
    assert_span(found.source_language, "es");
    assert_span(found.service, "deepl");
    assert_int_equal(found.unknown_words, 2);
    assert_true(recall(&known, "b", &found));
    store_use_question(store, NULL);
    assert_false(recall(&known, "b", &found)); /* it has been taken out meanwhile */
}

static void what_belongs_to_one_article_is_for_no_other(void **state) {
    (void)state;
    struct memory_entry found;
    ask();
    assert_false(recall(&bound, "b", &found));
    assert_true(recall(&bound, "a", &found));
    assert_span(found.only_for, "a");
}

static void what_was_not_found_is_known_not_to_be_there(void **state) {
    (void)state;
    struct memory_entry found;
    struct store_question *question = store_ask(store, &unknown, 1);
    take_answers();
    remember(&known, "hello", "");
    store_use_question(store, question);
    assert_true(store_question_covers(question, &unknown));
    assert_false(store_question_covers(question, &known));
    assert_false(recall(&unknown, "a", &found));
    assert_true(recall(&known, "a", &found)); /* one by one */
}

static void what_this_run_changes_is_no_longer_covered(void **state) {
    (void)state;
    struct memory_entry found;
    struct store_question *question = ask();
    remember(&unknown, "bye", "");
    assert_false(store_question_covers(question, &unknown));
    assert_true(store_question_covers(question, &known));
    assert_true(recall(&unknown, "a", &found));
    assert_span(found.target, "bye");
    assert_true(recall(&known, "a", &found));
    assert_true(store_forget_answers(store, SPAN("other"), SPAN("fr"), SPAN("x"), false, NULL));
    assert_false(store_question_covers(question, &known));
}

/* The answer that is on its way does not know of it. */
static void a_change_after_the_question_counts(void **state) {
    (void)state;
    struct memory_entry found;
    const struct memory_key keys[] = {known, bound};
    remember(&known, "hello", "");
    struct store_question *question = store_ask(store, keys, 2);
    remember(&known, "good day", "");
    take_answers();
    store_use_question(store, question);
    assert_false(store_question_covers(question, &known));
    assert_true(store_question_covers(question, &bound));
    assert_true(recall(&known, "a", &found));
    assert_span(found.target, "good day");
}

/* The first is sent at once, the others together when it has been answered. */
static void questions_wait_for_the_one_on_its_way(void **state) {
    (void)state;
    struct memory_entry found;
    remember(&known, "hello", "");
    struct store_question *first = store_ask(store, &unknown, 1), *second = store_ask(store, &known, 1);
    const struct memory_key keys[] = {known, bound};
    struct store_question *third = store_ask(store, keys, 2), *ended = store_ask(store, keys, 2);
    remember(&bound, "hi", ""); /* will be found, as it was not sent yet */
    store_end_question(store, ended);
    take_answers();
    assert_true(store_is_answered(first));
    assert_false(store_is_answered(second) || store_is_answered(third));
    take_answers();
    assert_true(store_is_answered(second) && store_is_answered(third));
    empty_the_table();
    store_use_question(store, second);
    assert_true(recall(&known, "a", &found));
    assert_false(recall(&bound, "a", &found));
    store_use_question(store, third);
    assert_true(recall(&known, "a", &found));
    assert_true(recall(&bound, "a", &found));
    assert_false(store_take_answers(store));
    assert_int_equal(store_questions_fd(store), -1);
}

static void nothing_is_answered_at_once(void **state) {
    (void)state;
    struct store_question *question = store_ask(store, NULL, 0);
    assert_true(store_is_answered(question));
    assert_false(store_take_answers(store));
}

static void the_texts_outlive_the_question(void **state) {
    (void)state;
    struct memory_entry found;
    struct store_question *question = ask();
    assert_true(recall(&known, "a", &found));
    store_end_question(store, question);
    store_end_question(store, NULL);
    assert_span(found.target, "hello");
    assert_false(recall(&known, "a", &found));
}

/* ---------------------------------------------------------------- on a server */

/* A store that waited for the answer would wait for ever. */
static void nobody_waits_for_a_server(void **state) {
    (void)state;
    if (!any_store_server()) skip();
    char address[300], script[200];
    struct database *other = NULL;
    snprintf(address, sizeof address, "%s", any_store_server());
    assert_true(database_postgresql_open(address, NULL, &other, NULL));
    remember(&known, "hello", "");
    assert_true(store_commit(store, NULL));
    struct statement *schema = database_prepare(store->database, "SELECT current_schema()");
    assert_int_equal(statement_step(schema), STATEMENT_ROW);
    struct span name = statement_bytes(schema, 0);
    snprintf(script, sizeof script, "BEGIN; LOCK TABLE %.*s.memory IN ACCESS EXCLUSIVE MODE", SPAN_ARGS(name));
    statement_free(schema);
    assert_true(database_run(other, script));
    struct store_question *question = store_ask(store, &known, 1);
    for (int i = 0; i < 100; i++) assert_false(store_take_answers(store) || store_has_answers(store));
    assert_true(database_run(other, "COMMIT"));
    database_close(other);
    take_answers();
    assert_true(store_question_covers(question, &known));
}

/* Whether the question was on its way, or still to be sent. */
static void a_lost_connection_is_made_anew(void **state) {
    (void)state;
    if (!any_store_server()) skip();
    struct memory_entry found;
    char script[100];
    remember(&known, "hello", "");
    assert_true(store_commit(store, NULL));
    struct statement *process = database_prepare(store->database, "SELECT CAST(pg_backend_pid() AS BIGINT)");
    assert_int_equal(statement_step(process), STATEMENT_ROW);
    snprintf(script, sizeof script, "SELECT pg_terminate_backend(%lld, 10000)",
             (long long)statement_integer(process, 0));
    statement_free(process);
    any_store_run(script);
    struct store_question *first = store_ask(store, &known, 1), *second = store_ask(store, &known, 1);
    take_answers();
    take_answers();
    store_use_question(store, first);
    assert_true(recall(&known, "a", &found));
    assert_span(found.target, "hello");
    assert_true(store_question_covers(second, &known));
}

#define TEST(function) cmocka_unit_test_setup_teardown(function, open_store, close_store)

int main(void) {
    const struct CMUnitTest tests[] = {TEST(what_was_answered_is_not_asked_for_again),
                                       TEST(what_belongs_to_one_article_is_for_no_other),
                                       TEST(what_was_not_found_is_known_not_to_be_there),
                                       TEST(what_this_run_changes_is_no_longer_covered),
                                       TEST(a_change_after_the_question_counts),
                                       TEST(questions_wait_for_the_one_on_its_way),
                                       TEST(nothing_is_answered_at_once),
                                       TEST(the_texts_outlive_the_question),
                                       TEST(nobody_waits_for_a_server),
                                       TEST(a_lost_connection_is_made_anew)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
