/* What `dragoman explain` tells of one article. */
#include "unit/program/commands/four_articles.h"

static const char *history_of(const char *said) {
    const char *history = strstr(said, "history   the last events, oldest first:\n");
    assert_non_null(history);
    return history;
}

/* Asserts what is said before the history, and that an event ends with these words; NULL = any. */
static void assert_explained(const char *id, const char *expected, const char *event) {
    const char *said = output_of(arena_print(command_arena, "explain %s", id).at, EXIT_DONE), *end = history_of(said);
    assert_string_equal(arena_string(command_arena, (struct span){said, (size_t)(end - said)}), expected);
    if (event && !strstr(end, arena_print(command_arena, "%s\n", event).at)) fail_msg("no '%s' in %s", event, end);
}

static void explain_tells_of_each_state(void **state) {
    (void)state;
    end_run(CONFIGURATION);
    assert_explained("2",
                     "id        " SECOND_ID "\nsource    costa\naddress   https://costa.example/1\nstate     waiting\n"
                     "waits for service paid\nsince     2026-01-29T06:10:00Z\nnote      the key was refused\n",
                     "  waiting: the key was refused");
    assert_explained("3a",
                     "id        " THIRD_ID "\nsource    costa\naddress   https://costa.example/1\nstate     failed\n"
                     "since     2026-01-29T06:10:00Z\nnote      no text\n",
                     "  failed: no text");
    assert_explained(COPY_ID,
                     "id        " COPY_ID "\nsource    costa\naddress   https://costa.example/1\nstate     duplicate\n"
                     "since     2026-01-29T06:10:00Z\ncopy of   " FIRST_ID "\n",
                     "  duplicate of " FIRST_ID);
}

static void explain_tells_what_is_missing_and_what_it_cost(void **state) {
    (void)state;
    struct arena *arena = arena_new();
    struct article_row row = row_of_article(FIRST_ID, arena);
    row.since = SPAN("2026-01-29T06:10:00Z");
    row.unfinished = 2;
    row.cut = true;
    assert_true(store_put(program.store, &row, NULL));
    bill("2026-01-29", FIRST_ID);
    end_run(CONFIGURATION);
    assert_explained("1",
                     "id        " FIRST_ID "\nsource    costa\naddress   https://costa.example/1\nstate     done\n"
                     "since     2026-01-29T06:10:00Z\nrecord    " FIRST "\n"
                     "missing   a part of the page (`dragoman retry 1aaaaaaa`)\n"
                     "missing   2 sentences (`dragoman retry 1aaaaaaa`)\n",
                     "  asked paid: 1 request, 200 characters, 1.5000 EUR");
    arena_free(arena);
}

static void explain_needs_one_id(void **state) {
    (void)state;
    end_run(CONFIGURATION);
    static const char usage[] = "dragoman: give one article id, or its first digits: `dragoman explain ID`\n";
    assert_error("explain", EXIT_USAGE, usage);
    assert_error("explain 1 2", EXIT_USAGE, usage);
    assert_error("explain 9", EXIT_BAD_DATA, "dragoman: no article has an id that begins with '9'\n");
    cJSON *json = json_of("explain 3 --json", EXIT_DONE);
    assert_json(json, "state", "\"failed\"");
    assert_json(json, "events.0.event", "\"failed\"");
    cJSON_Delete(json);
}

static void an_id_must_be_that_of_one_article(void **state) {
    (void)state;
    put_article("3bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb", ARTICLE_STATE_DEAD, "no text");
    end_run(CONFIGURATION);
    assert_error("explain 3", EXIT_BAD_DATA,
                 "dragoman: more than one article has an id that begins with '3'; give more digits of it\n");
    output_of("explain 3b", EXIT_DONE);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void) {
    setenv("TZ", "UTC", 1);
    const struct CMUnitTest tests[] = {TEST(explain_tells_of_each_state),
                                       TEST(explain_tells_what_is_missing_and_what_it_cost), TEST(explain_needs_one_id),
                                       TEST(an_id_must_be_that_of_one_article)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
