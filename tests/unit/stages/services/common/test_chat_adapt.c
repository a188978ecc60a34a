/* What a model's adapter learns from refusals: which parameters are left out, and how long answers may be. */
#include "unit/stages/services/service_test.h"

static const char *const usual[] = {"model=m-1", "key_env=TEST_KEY", NULL};
static const char *const fenced[] = {"model=m-1", "key_env=TEST_KEY", "format=fences", "temperature=none", NULL};

static unsigned written; /* the request that is refused was composed after so many changes */

static bool adapt(struct bench *bench, const char *setting, const char *said) {
    struct exchange refused = {.refusal = REFUSAL_PARAMETER,
                               .refusal_setting = span_of(setting),
                               .refusal_said = span_of(said),
                               .written_with = written};
    return bench->service->adapt(bench->state, &refused);
}

static void assert_lacks(struct bench *bench, const char *part) {
    bench_ask(bench, "bg", "Първи.", NULL);
    if (span_find(bench->exchange.body, span_of(part)) != SIZE_MAX) fail_msg("%s is still sent", part);
}

/* ---------------------------------------------------------------- parameters */

static void refused_parameters_are_left_out_once(void **state) {
    (void)state;
    static const struct {
        const char *setting, *gone;
    } rows[] = {{"temperature=none", "\"temperature\""},
                {"system_role=merge", "\"system\""},
                {"format=fences", "response_format"},
                {"limit_key=max_tokens", "max_completion_tokens"}};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct bench bench;
        written = 0;
        bench_open(&bench, "openai", usual);
        bench_ask(&bench, "bg", "Първи.", NULL);
        assert_true(span_find(bench.exchange.body, span_of(rows[i].gone)) != SIZE_MAX);
        assert_int_equal(bench.exchange.written_with, 0);
        assert_true(adapt(&bench, rows[i].setting, ""));
        assert_lacks(&bench, rows[i].gone);
        assert_int_equal(bench.exchange.written_with, 1);
        assert_int_equal(bench.service->learned(bench.state), 1);
        assert_true(adapt(&bench, rows[i].setting, "")); /* composed before the change */
        assert_int_equal(bench.service->learned(bench.state), 1);
        written = 1;
        assert_false(adapt(&bench, rows[i].setting, "")); /* the change has not helped */
        assert_int_equal(bench.service->learned(bench.state), 1);
        bench_close(&bench);
    }
}

static void what_is_not_sent_cannot_be_left_out(void **state) {
    (void)state;
    struct bench bench;
    written = 0;
    bench_open(&bench, "openai", fenced);
    assert_false(adapt(&bench, "temperature=none", ""));
    assert_false(adapt(&bench, "format=fences", ""));
    assert_false(adapt(&bench, "something=else", ""));
    assert_false(adapt(&bench, "", ""));
    assert_true(adapt(&bench, "system_role=merge", ""));
    bench_close(&bench);
}

static void the_name_of_the_limit_is_changed_only_once(void **state) {
    (void)state;
    struct bench bench;
    written = 0;
    bench_open(&bench, "openai", usual);
    assert_true(adapt(&bench, "limit_key=max_completion_tokens", ""));
    written = 1;
    assert_false(adapt(&bench, "limit_key=max_tokens", ""));
    bench_ask(&bench, "bg", "Първи.", NULL);
    assert_body(&bench, "max_completion_tokens", "8192");
    bench_close(&bench);
}

static void thinking_is_turned_off_or_left_alone(void **state) {
    (void)state;
    static const char *const low[] = {"model=m-1", "key_env=TEST_KEY", "think=low", NULL};
    struct bench bench;
    written = 0;
    bench_open(&bench, "openai", low);
    assert_true(adapt(&bench, "thinking=enable_thinking", ""));
    bench_ask(&bench, "bg", "Първи.", NULL);
    assert_body(&bench, "enable_thinking", "false");
    assert_lacks(&bench, "reasoning_effort");
    written = 1;
    assert_true(adapt(&bench, "thinking=default", ""));
    assert_lacks(&bench, "enable_thinking");
    written = 2;
    assert_false(adapt(&bench, "thinking=default", ""));
    bench_close(&bench);
    bench_open(&bench, "openai", low);
    written = 0;
    assert_true(adapt(&bench, "thinking=default", ""));
    assert_lacks(&bench, "reasoning_effort");
    written = 1;
    assert_false(adapt(&bench, "thinking=enable_thinking", ""));
    bench_close(&bench);
}

/* ---------------------------------------------------------------- the longest answer */

static unsigned long longest(const struct bench *bench) {
    return bench->service->longest_answer(bench->state);
}

/* Asserts the limit after a refusal, if 8192 tokens were asked for. */
static void check_limit(const char *said, unsigned long want) {
    struct bench bench;
    written = 0;
    bench_open(&bench, "openai", usual);
    bool adapts = adapt(&bench, "answer_tokens", said);
    if (longest(&bench) != want || adapts != (want != 8192)) fail_msg("%s: %lu", said, longest(&bench));
    bench_ask(&bench, "bg", "Първи.", NULL);
    assert_body(&bench, "max_completion_tokens", arena_print(bench.arena, "%lu", want).at);
    bench_close(&bench);
}

static void the_limit_in_the_message_is_taken(void **state) {
    (void)state;
    check_limit("max_tokens is too large: 8192. This model supports at most 4096 completion tokens.", 4096);
    check_limit("8192 > 4,096, which is the maximum", 4096);
    check_limit("the limit is 1,234, of 8,192 tokens", 1234);
    check_limit("m-3000 allows 2000 tokens, not 8192", 2000); /* the digits in a name are no number */
    check_limit("3000b allows 2000 tokens", 2000);
    check_limit("_3000 allows 2000 tokens", 2000);
    check_limit("at most 256", 256);
    check_limit("between 1 and 2048", 2048);
}

static void a_message_without_a_limit_halves_it(void **state) {
    (void)state;
    check_limit("too many tokens", 4096);
    check_limit("at most 255", 4096);
    check_limit("at most 8192", 4096);
    check_limit("at most 9000", 4096);
    check_limit("m-3000", 4096);
}

static void the_context_is_shared_with_the_request(void **state) {
    (void)state;
    check_limit("This model's maximum context length is 8192 tokens.", 4096);
    check_limit("maximum context length is 4,096 tokens; you asked for 8692 (500 in the messages, 8192 in the answer)",
                4096 - 1250);
    check_limit("400 tokens do not fit beside the answer: the context is 4096", 4096 - 1000);
    check_limit("the context is 4096, the messages have 2000", 1024);
    check_limit("the context is 4096, the messages have 1300", 1024);
    check_limit("the context is 4096, the messages have 1228", 4096 - 3070);
    check_limit("the context is 100000, the messages have 1000", 8192);
}

static void guesses_and_limits_are_counted(void **state) {
    (void)state;
    struct bench bench;
    bench_open(&bench, "openai", usual);
    for (written = 0; written < 2; written++) assert_true(adapt(&bench, "answer_tokens", "too many"));
    assert_int_equal(longest(&bench), 2048);
    assert_false(adapt(&bench, "answer_tokens", "too many"));
    assert_true(adapt(&bench, "answer_tokens", "at most 2000"));
    written++;
    assert_false(adapt(&bench, "answer_tokens", "too many"));
    assert_int_equal(longest(&bench), 2000);
    bench_close(&bench);
    bench_open(&bench, "openai", usual);
    static const char *const limits[] = {"at most 5000", "at most 4000", "at most 3000", "at most 2000"};
    for (written = 0; written < 4; written++) assert_true(adapt(&bench, "answer_tokens", limits[written]));
    assert_false(adapt(&bench, "answer_tokens", "at most 1000"));
    assert_int_equal(longest(&bench), 2000);
    bench_close(&bench);
}

static void a_limit_that_was_too_low_is_raised_once(void **state) {
    (void)state;
    static const struct {
        const char *setting;
        unsigned long then;
    } rows[] = {{"answer_tokens=8192", 32768},
                {"answer_tokens=32767", 131068},
                {"answer_tokens=40000", 131072},
                {"answer_tokens=131071", 131072}};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        const char *const given[] = {"model=m-1", "key_env=TEST_KEY", rows[i].setting, NULL};
        struct bench bench;
        struct exchange cut = {.written_with = 0};
        bench_open(&bench, "openai", given);
        assert_true(bench.service->enlarge(bench.state, &cut));
        assert_int_equal(longest(&bench), rows[i].then);
        assert_int_equal(bench.service->learned(bench.state), 1);
        assert_true(bench.service->enlarge(bench.state, &cut)); /* composed before */
        assert_int_equal(longest(&bench), rows[i].then);
        cut.written_with = 1;
        assert_false(bench.service->enlarge(bench.state, &cut));
        bench_close(&bench);
    }
    const char *const most[] = {"model=m-1", "key_env=TEST_KEY", "answer_tokens=131072", NULL};
    struct bench bench;
    struct exchange cut = {.written_with = 0};
    bench_open(&bench, "openai", most);
    assert_false(bench.service->enlarge(bench.state, &cut));
    bench_close(&bench);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(refused_parameters_are_left_out_once),
        cmocka_unit_test(what_is_not_sent_cannot_be_left_out),
        cmocka_unit_test(the_name_of_the_limit_is_changed_only_once),
        cmocka_unit_test(thinking_is_turned_off_or_left_alone),
        cmocka_unit_test(the_limit_in_the_message_is_taken),
        cmocka_unit_test(a_message_without_a_limit_halves_it),
        cmocka_unit_test(the_context_is_shared_with_the_request),
        cmocka_unit_test(guesses_and_limits_are_counted),
        cmocka_unit_test(a_limit_that_was_too_low_is_raised_once),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
