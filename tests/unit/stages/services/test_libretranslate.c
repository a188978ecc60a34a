/* LibreTranslate: arrays in one request. The emoji sent with 200 for a wrong secret is not a translation. */
#include "service_test.h"

static const char *const settings[] = {"key_env=TEST_KEY", "url=https://mt.example/", NULL};

static void ask_two(struct bench *bench, const char *const *given) {
    bench_open(bench, "libretranslate", given);
    bench_ask(bench, "pt-BR", "Um.", "Dois.");
}

static void the_request_is_an_array_of_plain_text(void **state) {
    (void)state;
    struct bench bench;
    ask_two(&bench, settings);
    assert_span(bench.exchange.url, "https://mt.example/translate");
    assert_body(&bench, "q", "[\"Um.\",\"Dois.\"]");
    assert_body(&bench, "source", "\"pb\"");
    assert_body(&bench, "format", "\"text\"");
    assert_body(&bench, "api_key", "\"secret-key-1\"");
    assert_true(bench.exchange.carries_key);
    bench_close(&bench);
}

static void a_private_server_needs_no_key(void **state) {
    (void)state;
    struct bench bench;
    ask_two(&bench, NULL);
    assert_false(bench.exchange.carries_key);
    assert_true(span_find(bench.exchange.body, SPAN("api_key")) == SIZE_MAX);
    bench_close(&bench);
}

static void one_emoji_is_not_a_translation(void **state) {
    (void)state;
    struct bench bench;
    ask_two(&bench, settings);
    assert_true(bench_read(&bench, "{\"translatedText\":[\"One.\",\"Two.\"]}"));
    assert_translated(&bench, 1, "Two.");
    assert_false(bench_read(&bench, "{\"translatedText\":\"\\ud83d\\ude00\"}"));
    assert_false(bench_read(&bench, "{\"translatedText\":[\"One.\"]}"));
    assert_true(bench_read(&bench, "{\"translatedText\":[\"\\ud83d\\ude00\",\"2.\"]}"));
    assert_int_equal(bench.answers[0].verdict, VERDICT_BROKEN);
    assert_translated(&bench, 1, "2.");
    bench_close(&bench);
}

static void errors_say_what_to_do(void **state) {
    (void)state;
    struct bench bench;
    ask_two(&bench, settings);
    assert_int_equal(bench_judge(&bench, 429, "{\"error\":\"Slowdown: 30 per 1 minute\"}"), EXCHANGE_THROTTLED);
    assert_int_equal(bench.exchange.retry_after_ms, 10000);
    assert_int_equal(bench_judge(&bench, 403, "{\"error\":\"Invalid API key\"}"), EXCHANGE_CLOSED);
    assert_sentence(&bench.exchange.failure, "check key_file");
    assert_int_equal(bench_judge(&bench, 403, "{\"error\":\"Too many request limits violations\"}"), EXCHANGE_CLOSED);
    assert_sentence(&bench.exchange.failure, "banned");
    assert_int_equal(bench_judge(&bench, 400, "{\"error\":\"xx is not supported\"}"), EXCHANGE_FINAL);
    assert_int_equal(bench_judge(&bench, 400, "{\"error\":\"Please contact the server operator to get an API key\"}"),
                     EXCHANGE_CLOSED);
    assert_int_equal(bench_judge(&bench, 500, "{\"error\":\"Cannot translate text: x\"}"), EXCHANGE_TRANSIENT);
    bench_close(&bench);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_request_is_an_array_of_plain_text), cmocka_unit_test(a_private_server_needs_no_key),
        cmocka_unit_test(one_emoji_is_not_a_translation), cmocka_unit_test(errors_say_what_to_do)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
