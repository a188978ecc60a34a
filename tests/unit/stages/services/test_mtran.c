/* MTranServer: batches in order, an optional token, and other programs on its port. */
#include "service_test.h"

static const char *const settings[] = {"key_env=TEST_KEY", "url=http://mt.example:8989", "plain_http=yes", NULL};

static void ask_two(struct bench *bench, const char *const *given) {
    bench_open(bench, "mtran", given);
    bench_ask(bench, "zh", "一。", "二。");
}

static void the_request_is_a_batch(void **state) {
    (void)state;
    struct bench bench;
    ask_two(&bench, settings);
    assert_span(bench.exchange.url, "http://mt.example:8989/translate/batch");
    assert_header(&bench, "authorization", "Bearer secret-key-1");
    assert_true(bench.exchange.plain_text_ok);
    assert_span(bench.exchange.body,
                "{\"from\":\"zh-Hans\",\"to\":\"en\",\"texts\":[\"一。\",\"二。\"],\"html\":false}");
    bench_close(&bench);
}

static void results_are_read_in_order(void **state) {
    (void)state;
    struct bench bench;
    ask_two(&bench, NULL);
    assert_false(bench.exchange.carries_key);
    assert_true(bench_read(&bench, "{\"results\":[\"One.\",\"Two.\"]}"));
    assert_translated(&bench, 0, "One.");
    assert_translated(&bench, 1, "Two.");
    assert_false(bench_read(&bench, "{\"results\":[\"One.\"]}"));
    assert_false(bench_read(&bench, "{\"result\":\"One.\"}"));
    bench_close(&bench);
}

static void errors_say_what_to_do(void **state) {
    (void)state;
    struct bench bench;
    ask_two(&bench, NULL);
    assert_int_equal(bench_judge(&bench, 401, "{\"error\":\"Unauthorized\"}"), EXCHANGE_CLOSED);
    assert_sentence(&bench.exchange.failure, "set key_file");
    assert_int_equal(bench_judge(&bench, 404, "404"), EXCHANGE_CLOSED);
    assert_sentence(&bench.exchange.failure, "not MTranServer");
    assert_int_equal(bench_judge(&bench, 500, "{\"error\":\"m\",\"requestId\":\"r\"}"), EXCHANGE_TRANSIENT);
    bench_close(&bench);
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(the_request_is_a_batch),
                                       cmocka_unit_test(results_are_read_in_order),
                                       cmocka_unit_test(errors_say_what_to_do)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
