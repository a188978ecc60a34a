/* Azure: addresses and headers of global and regional resources, and errors by their six-digit codes. */
#include "service_test.h"

static const char *const settings[] = {"key_env=TEST_KEY", "region=westeurope", NULL};

static void ask_two(struct bench *bench, const char *const *given) {
    bench_open(bench, "azure", given);
    bench_ask(bench, "zh-Hans", "一。", "二。");
}

static void the_request_has_a_region(void **state) {
    (void)state;
    struct bench bench;
    ask_two(&bench, settings);
    assert_span(
        bench.exchange.url,
        "https://api.cognitive.microsofttranslator.com/translate?api-version=3.0&from=zh-Hans&to=en&textType=plain");
    assert_header(&bench, "ocp-apim-subscription-key", "secret-key-1");
    assert_header(&bench, "ocp-apim-subscription-region", "westeurope");
    assert_header(&bench, "content-type", "application/json; charset=UTF-8");
    assert_span(bench.exchange.body, "[{\"Text\":\"一。\"},{\"Text\":\"二。\"}]");
    bench_close(&bench);
}

static void a_resource_may_have_its_own_address_and_model(void **state) {
    (void)state;
    static const char *const own[] = {"key_env=TEST_KEY", "url=https://mine.cognitiveservices.azure.com/",
                                      "category=a b", NULL};
    struct bench bench;
    ask_two(&bench, own);
    assert_span(bench.exchange.url, "https://mine.cognitiveservices.azure.com/translator/text/v3.0/translate?"
                                    "api-version=3.0&from=zh-Hans&to=en&textType=plain&category=a%20b");
    for (size_t i = 0; i < bench.exchange.header_count; i++)
        assert_false(span_is_ascii_fold(bench.exchange.headers[i].name, "ocp-apim-subscription-region"));
    bench_close(&bench);
}

static void translations_are_read_in_order(void **state) {
    (void)state;
    struct bench bench;
    ask_two(&bench, settings);
    assert_true(bench_read(&bench, "[{\"translations\":[{\"text\":\"One.\",\"to\":\"en\"}]},{\"translations\":[{"
                                   "\"text\":\"Two.\",\"to\":\"en\"}]}]"));
    assert_translated(&bench, 0, "One.");
    assert_translated(&bench, 1, "Two.");
    assert_true(bench_read(&bench, "[{\"translations\":[{\"text\":\"One.\",\"to\":\"en\"}]},{\"translations\":[]}]"));
    assert_int_equal(bench.answers[1].verdict, VERDICT_BROKEN);
    assert_false(bench_read(&bench, "[{\"translations\":[{\"text\":\"One.\",\"to\":\"en\"}]}]"));
    bench_close(&bench);
}

static void the_metered_usage_header_is_the_bill(void **state) {
    (void)state;
    struct bench bench;
    struct header header = {SPAN("x-metered-usage"), SPAN("4")};
    ask_two(&bench, settings);
    bench_reply(&bench, 200, "[{\"translations\":[{\"text\":\"One.\"}]},{\"translations\":[{\"text\":\"Two.\"}]}]");
    bench.exchange.reply_headers = &header;
    bench.exchange.reply_header_count = 1;
    assert_true(bench.service->read_reply(bench.state, &bench.batch, &bench.exchange, bench.answers, &bench.count,
                                          &bench.usage, &bench.failure));
    assert_int_equal(bench.usage.characters, 4);
    bench_close(&bench);
}

static void errors_say_what_to_do(void **state) {
    (void)state;
    struct bench bench;
    ask_two(&bench, settings);
    assert_int_equal(bench_judge(&bench, 401,
                                 "{\"error\":{\"code\":401000,\"message\":\"The request is not authorized because "
                                 "credentials are missing or invalid.\"}}"),
                     EXCHANGE_CLOSED);
    assert_sentence(&bench.exchange.failure, "check key_file and region");
    assert_int_equal(bench_judge(&bench, 403,
                                 "{\"error\":{\"code\":403001,\"message\":\"The operation isn't allowed because the "
                                 "subscription has exceeded its free quota.\"}}"),
                     EXCHANGE_CLOSED);
    assert_sentence(&bench.exchange.failure, "next month");
    assert_int_equal(bench_judge(&bench, 429, "{\"error\":{\"code\":429001,\"message\":\"m\"}}"), EXCHANGE_THROTTLED);
    assert_int_equal(bench.exchange.retry_after_ms, 15000);
    assert_sentence(&bench.exchange.failure, "gap = 9s");
    assert_int_equal(bench_judge(&bench, 408, "{\"error\":{\"code\":408002,\"message\":\"m\"}}"), EXCHANGE_TRANSIENT);
    assert_int_equal(
        bench_judge(&bench, 400, "{\"error\":{\"code\":400035,\"message\":\"The source language is not valid.\"}}"),
        EXCHANGE_FINAL);
    assert_sentence(&bench.exchange.failure, "languages");
    assert_int_equal(bench_judge(&bench, 503, "{\"error\":{\"code\":503000,\"message\":\"m\"}}"), EXCHANGE_TRANSIENT);
    bench_close(&bench);
}

static void a_request_fits_into_a_minute_of_the_free_tier(void **state) {
    (void)state;
    assert_true(service_of(SPAN("azure"))->limits.characters <= 33300);
    assert_refuses("azure", NULL, "needs a key");
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(the_request_has_a_region),
                                       cmocka_unit_test(a_resource_may_have_its_own_address_and_model),
                                       cmocka_unit_test(translations_are_read_in_order),
                                       cmocka_unit_test(the_metered_usage_header_is_the_bill),
                                       cmocka_unit_test(errors_say_what_to_do),
                                       cmocka_unit_test(a_request_fits_into_a_minute_of_the_free_tier)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
