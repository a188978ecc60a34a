/* What a reply of a service means: who is to blame, and what helps. */
#include "unit/failure_is.h"

#include "stages/services/common/judge.h"

static struct arena *arena;
static struct table errors;
static struct exchange exchange;

static int open_table(void **state) {
    (void)state;
    arena = arena_new();
    return table_read(TEST_DATA, "services/errors.tsv", arena, &errors, NULL) ? 0 : -1;
}

static int close_table(void **state) {
    (void)state;
    exchange_clear(&exchange);
    arena_free(arena);
    return 0;
}

static void begin(long status, const char *reply) {
    exchange_clear(&exchange);
    exchange_start(&exchange, EXCHANGE_HTTP, arena);
    exchange.limiter = SPAN("service mine");
    exchange.status = status;
    exchange.errors = &errors;
    exchange.retry_after_ms = -1;
    exchange.reply = BUFFER(1 << 20);
    buffer_add_string(&exchange.reply, reply);
}

static const struct judge_form usual = {.asker = {"openai", true}, .details = "error.details", .throttle_ms = 15000};

static enum exchange_verdict judge(long status, const char *reply) {
    begin(status, reply);
    return judge_by(&exchange, &usual);
}

/* ---------------------------------------------------------------- the kinds of refusals */

static void only_texts_and_languages_are_the_article_s_fault(void **state) {
    (void)state;
    static const struct {
        enum exchange_refusal kind;
        enum exchange_verdict verdict;
        enum failure_reach reach;
        enum failure_remedy remedy;
        enum failure_cause cause;
    } rows[] = {{REFUSAL_KEY, EXCHANGE_CLOSED, REACH_SERVICE, REMEDY_NEXT_RUN, CAUSE_SERVICE},
                {REFUSAL_MONEY, EXCHANGE_CLOSED, REACH_SERVICE, REMEDY_NEXT_RUN, CAUSE_MONEY},
                {REFUSAL_SETTING, EXCHANGE_CLOSED, REACH_SERVICE, REMEDY_NEXT_RUN, CAUSE_SERVICE},
                {REFUSAL_BUSY, EXCHANGE_THROTTLED, REACH_SERVICE, REMEDY_NEXT_RUN, CAUSE_SERVICE},
                {REFUSAL_TROUBLE, EXCHANGE_TRANSIENT, REACH_SERVICE, REMEDY_NEXT_RUN, CAUSE_SERVICE},
                {REFUSAL_SIZE, EXCHANGE_FINAL, REACH_SERVICE, REMEDY_NEXT_RUN, CAUSE_SERVICE},
                {REFUSAL_TEXT, EXCHANGE_FINAL, REACH_ARTICLE, REMEDY_NONE, CAUSE_ARTICLE},
                {REFUSAL_LANGUAGE, EXCHANGE_FINAL, REACH_ARTICLE, REMEDY_NONE, CAUSE_ARTICLE},
                {REFUSAL_PARAMETER, EXCHANGE_FINAL, REACH_SERVICE, REMEDY_NEXT_RUN, CAUSE_SERVICE},
                {REFUSAL_USELESS, EXCHANGE_TRANSIENT, REACH_SERVICE, REMEDY_NEXT_RUN, CAUSE_SERVICE},
                {REFUSAL_UNKNOWN, EXCHANGE_FINAL, REACH_SERVICE, REMEDY_NEXT_RUN, CAUSE_SERVICE}};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        begin(400, "");
        assert_int_equal(judge_refuse(&exchange, rows[i].kind, "do this", SPAN("No.")), rows[i].verdict);
        assert_int_equal(exchange.refusal, rows[i].kind);
        assert_failure(&exchange.failure, rows[i].reach, rows[i].remedy, rows[i].cause, EXIT_DONE,
                       "service mine answered 400 (do this): No.");
        assert_string_equal(exchange.failure.blamed, rows[i].cause == CAUSE_ARTICLE ? "" : "mine");
    }
}

static void the_words_of_the_table_are_the_kinds(void **state) {
    (void)state;
    static const char *const words[] = {
        [REFUSAL_KEY] = "key",         [REFUSAL_MONEY] = "money",          [REFUSAL_SETTING] = "setting",
        [REFUSAL_BUSY] = "busy",       [REFUSAL_TROUBLE] = "trouble",      [REFUSAL_SIZE] = "size",
        [REFUSAL_TEXT] = "text",       [REFUSAL_LANGUAGE] = "language",    [REFUSAL_PARAMETER] = "parameter",
        [REFUSAL_USELESS] = "useless", [REFUSAL_UNKNOWN] = "anything else"};
    for (size_t i = REFUSAL_KEY; i < sizeof words / sizeof *words; i++) {
        struct row row = {.cells = {SPAN("*"), SPAN("*"), SPAN("-"), span_of(words[i]), SPAN("-"), SPAN("")}};
        assert_int_equal(refusal_kind(&row), i);
    }
    assert_int_equal(refusal_verdict(REFUSAL_NONE), EXCHANGE_GOOD);
}

/* ---------------------------------------------------------------- success */

static void json_is_good(void **state) {
    (void)state;
    assert_int_equal(judge(200, "{\"a\":1}"), EXCHANGE_GOOD);
    assert_int_equal(judge(299, " [1] \n"), EXCHANGE_GOOD);
    assert_int_equal(judge(200, "{\"error\":null}"), EXCHANGE_GOOD);
    assert_int_equal(judge(200, "{\"error\":\"\"}"), EXCHANGE_GOOD);
    assert_int_equal(judge(200, "{\"error\":false}"), EXCHANGE_GOOD);
    assert_int_equal(judge(200, "{\"a\n\":1}"), EXCHANGE_GOOD);
    assert_int_equal(exchange.refusal, REFUSAL_NONE);
    assert_int_equal(exchange.failure.reach, REACH_NONE);
}

static void what_is_no_answer_is_told_apart(void **state) {
    (void)state;
    static const struct {
        const char *reply;
        enum exchange_refusal refusal;
        const char *says;
    } rows[] = {{"", REFUSAL_USELESS, "but the answer is empty"},
                {" \n", REFUSAL_USELESS, "but the answer is empty"},
                {"<html>", REFUSAL_SETTING, "the reply is a web page: check url"},
                {"Welcome", REFUSAL_USELESS, "but not with JSON: check url"},
                {"{\"a\":", REFUSAL_TROUBLE, "but the answer is cut off"},
                {"[1,", REFUSAL_TROUBLE, "but the answer is cut off"},
                {"data: {}", REFUSAL_SETTING, "answers only as a stream"},
                {"event: x", REFUSAL_SETTING, "answers only as a stream"},
                {"id: 1", REFUSAL_SETTING, "answers only as a stream"},
                {"retry: 1", REFUSAL_SETTING, "answers only as a stream"},
                {": ping", REFUSAL_SETTING, "answers only as a stream"},
                {"{\"a\":1}\n{\"a\":2}", REFUSAL_SETTING, "answers only as a stream"},
                {"{\"a\":1} \n\n {\"a\":2}\n", REFUSAL_SETTING, "answers only as a stream"},
                {"{\"error\":{\"message\":\"overloaded\"}}", REFUSAL_TROUBLE, "overloaded"},
                {"{\"error\":\"a mishap\"}", REFUSAL_TROUBLE, "but with an error in the answer): a mishap"},
                {"[{\"error\":\"a mishap\"}]", REFUSAL_TROUBLE, "a mishap"},
                {"{\"choices\":[{\"error\":{\"message\":\"a mishap\"}}]}", REFUSAL_TROUBLE, "a mishap"},
                {"{\"error\":{\"message\":\"Bad key\",\"code\":401}}", REFUSAL_KEY, "Bad key"},
                {"{\"choices\":[{\"error\":{\"message\":\"slow\",\"code\":429}}]}", REFUSAL_BUSY, "slow"}};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        assert_int_equal(judge(200, rows[i].reply), refusal_verdict(rows[i].refusal));
        if (exchange.refusal != rows[i].refusal || !strstr(exchange.failure.sentence, rows[i].says))
            fail_msg("%s: %d, %s", rows[i].reply, (int)exchange.refusal, exchange.failure.sentence);
        assert_int_equal(exchange.useless.reach != REACH_NONE, rows[i].refusal == REFUSAL_USELESS);
        assert_int_equal(exchange.useless.passing, rows[i].refusal == REFUSAL_USELESS);
    }
}

static void a_stream_may_be_announced(void **state) {
    (void)state;
    struct header header = {SPAN("content-type"), SPAN("text/event-stream; charset=utf-8")};
    begin(200, "{\"a\":1}");
    exchange.reply_headers = &header;
    exchange.reply_header_count = 1;
    assert_int_equal(judge_by(&exchange, &usual), EXCHANGE_CLOSED);
    assert_int_equal(exchange.refusal, REFUSAL_SETTING);
    exchange.reply_headers = NULL;
    exchange.reply_header_count = 0;
}

/* An error is short; a long reply is an answer that may mention one. */
static void long_replies_are_not_searched_for_errors(void **state) {
    (void)state;
    for (size_t length = 64 * 1024; length <= 64 * 1024 + 1; length++) {
        struct buffer reply = BUFFER(1 << 20);
        buffer_add_string(&reply, "{\"error\":\"a mishap\"");
        while (reply.length < length - 1) buffer_add_string(&reply, " ");
        buffer_add_string(&reply, "}");
        assert_int_equal(judge(200, reply.at), length > 64 * 1024 ? EXCHANGE_GOOD : EXCHANGE_TRANSIENT);
        buffer_free(&reply);
    }
}

/* ---------------------------------------------------------------- failures */

static void other_statuses_are_failures(void **state) {
    (void)state;
    assert_int_equal(judge(401, "{\"error\":\"No.\"}"), EXCHANGE_CLOSED);
    assert_int_equal(exchange.refusal, REFUSAL_KEY);
    assert_span(exchange.refusal_said, "No.");
    assert_int_equal(judge(500, "{\"a\":1}"), EXCHANGE_TRANSIENT);
    assert_int_equal(judge(503, "<html>"), EXCHANGE_TRANSIENT);
    assert_int_equal(judge(199, "{\"a\":1}"), judge(199, "x"));
    assert_int_not_equal(judge(300, "{\"a\":1}"), EXCHANGE_GOOD);
    assert_int_equal(judge(400, "{\"error\":{\"message\":\"temperature: Unsupported parameter\",\"code\":"
                                "\"unsupported_parameter\"}}"),
                     EXCHANGE_FINAL);
    assert_int_equal(exchange.refusal, REFUSAL_PARAMETER);
    assert_span(exchange.refusal_setting, "temperature=none");
}

static void a_failure_of_the_transport_stays(void **state) {
    (void)state;
    begin(200, "{\"a\":1}");
    failure_set(&exchange.failure, REACH_SERVICE, REMEDY_NEXT_RUN, "no connection");
    assert_int_not_equal(judge_by(&exchange, &usual), EXCHANGE_GOOD);
    assert_string_equal(exchange.failure.sentence, "no connection");
}

/* ---------------------------------------------------------------- how long to wait */

static void the_server_says_how_long_to_wait(void **state) {
    (void)state;
    judge(429,
          "{\"error\":{\"message\":\"m\",\"details\":[{\"a\":1},{\"retryDelay\":\"12s\"},{\"retryDelay\":\"3s\"}]}}");
    assert_int_equal(exchange.retry_after_ms, 12000);
    judge(429, "{\"error\":{\"message\":\"m\",\"details\":[{\"retryDelay\":\"0s\"}]}}");
    assert_int_equal(exchange.retry_after_ms, 0);
    judge(429, "{\"error\":{\"message\":\"Please try again in 2s.\"}}");
    assert_int_equal(exchange.retry_after_ms, 2000);
    judge(429, "{\"error\":{\"message\":\"m\"}}");
    assert_int_equal(exchange.retry_after_ms, 15000);
    judge(500, "{\"error\":{\"message\":\"Please try again in 2s.\"}}");
    assert_int_equal(exchange.retry_after_ms, -1);
    begin(429, "{\"error\":{\"message\":\"Please try again in 2s.\",\"details\":[{\"retryDelay\":\"12s\"}]}}");
    exchange.retry_after_ms = 7000; /* from a header */
    judge_by(&exchange, &usual);
    assert_int_equal(exchange.retry_after_ms, 7000);
    begin(429, "{\"error\":{\"message\":\"m\",\"details\":[{\"retryDelay\":\"12s\"}]}}");
    const struct judge_form plain = {.asker = {"openai", true}};
    judge_by(&exchange, &plain);
    assert_int_equal(exchange.retry_after_ms, -1);
}

static void durations_are_read(void **state) {
    (void)state;
    static const struct {
        const char *sentence;
        long wait;
    } rows[] = {{"Please try again in 2s.", 2000},
                {"Please try again in 1m30.5s. Thank you.", 90500},
                {"Rate limit: retry in 350ms", 350},
                {"retry after 5 seconds", 5000},
                {"try again in 2 minutes", 2000}, /* the unit must follow the number */
                {"retry in 1m", 60000},
                {"retry in soon", -1},
                {"retry in 3h", -1},
                {"retry in 7", -1},
                {"retry in 10000s", 10000000},
                {"retry in 10001s", -1},
                {"wait 2s", -1},
                {"", -1}};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        if (refusal_wait(span_of(rows[i].sentence)) != rows[i].wait)
            fail_msg("%s: %ld", rows[i].sentence, refusal_wait(span_of(rows[i].sentence)));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(only_texts_and_languages_are_the_article_s_fault),
        cmocka_unit_test(the_words_of_the_table_are_the_kinds),
        cmocka_unit_test(json_is_good),
        cmocka_unit_test(what_is_no_answer_is_told_apart),
        cmocka_unit_test(a_stream_may_be_announced),
        cmocka_unit_test(long_replies_are_not_searched_for_errors),
        cmocka_unit_test(other_statuses_are_failures),
        cmocka_unit_test(a_failure_of_the_transport_stays),
        cmocka_unit_test(the_server_says_how_long_to_wait),
        cmocka_unit_test(durations_are_read),
    };
    return cmocka_run_group_tests(tests, open_table, close_table);
}
