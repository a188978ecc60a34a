/* Google: plain text in both versions, quotas distinguished by their reason, and items without text. */
#include "service_test.h"

static const char *const basic[] = {"key_env=TEST_KEY", NULL};
static const char *const advanced[] = {
    "api=v3",       "project=p-1", "location=europe-west1", "token_command=printf token-%s 7", "model=general/nmt",
    "glossary=g-1", NULL};

#define ERROR(code, reason, status, message)                                                                           \
    "{\"error\":{\"code\":" code ",\"message\":\"" message                                                             \
    "\",\"errors\":[{\"message\":\"m\",\"domain\":\"usageLimits\",\"reason\":\"" reason "\"}],\"status\":\"" status    \
    "\"}}"

static void ask_two(struct bench *bench, const char *const *given) {
    bench_open(bench, "google", given);
    bench_ask(bench, "he", "Uno & dos.", "Tres.");
}

static void the_old_version_is_told_that_the_text_is_plain(void **state) {
    (void)state;
    struct bench bench;
    ask_two(&bench, basic);
    assert_span(bench.exchange.url, "https://translation.googleapis.com/language/translate/v2");
    assert_header(&bench, "x-goog-api-key", "secret-key-1");
    assert_body(&bench, "format", "\"text\"");
    assert_body(&bench, "q", "[\"Uno & dos.\",\"Tres.\"]");
    assert_body(&bench, "source", "\"iw\"");
    assert_body(&bench, "target", "\"en\"");
    bench_close(&bench);
}

static void the_new_version_gets_a_token_from_a_command(void **state) {
    (void)state;
    struct bench bench;
    ask_two(&bench, advanced);
    assert_span(bench.exchange.url,
                "https://translation.googleapis.com/v3/projects/p-1/locations/europe-west1:translateText");
    assert_header(&bench, "authorization", "Bearer token-7");
    assert_true(bench.exchange.carries_key);
    assert_body(&bench, "mimeType", "\"text/plain\"");
    assert_body(&bench, "contents", "[\"Uno & dos.\",\"Tres.\"]");
    assert_body(&bench, "model", "\"projects/p-1/locations/europe-west1/models/general/nmt\"");
    assert_body(&bench, "glossaryConfig.glossary", "\"projects/p-1/locations/europe-west1/glossaries/g-1\"");
    bench_close(&bench);
}

static void text_is_used_unchanged(void **state) {
    (void)state;
    struct bench bench;
    ask_two(&bench, basic);
    assert_true(bench_read(&bench, "{\"data\":{\"translations\":[{\"translatedText\":\"One & "
                                   "two's.\",\"model\":\"nmt\"},{\"translatedText\":\"Three.\"}]}}"));
    assert_translated(&bench, 0, "One & two's.");
    assert_translated(&bench, 1, "Three.");
    bench_close(&bench);
}

static void translations_by_the_glossary_are_read_when_one_was_sent(void **state) {
    (void)state;
    struct bench bench;
    ask_two(&bench, advanced);
    assert_true(bench_read(&bench,
                           "{\"translations\":[{\"translatedText\":\"a\"},{\"translatedText\":\"b\"}],"
                           "\"glossaryTranslations\":[{\"translatedText\":\"A\"},{\"translatedText\":\"B\"}]}"));
    assert_translated(&bench, 0, "A");
    assert_translated(&bench, 1, "B");
    bench_close(&bench);
}

static void an_item_without_text_is_requested_again(void **state) {
    (void)state;
    struct bench bench;
    ask_two(&bench, advanced);
    assert_true(bench_read(&bench, "{\"translations\":[{\"model\":\"m\"},{\"translatedText\":\"b\"}]}"));
    assert_int_equal(bench.answers[0].verdict, VERDICT_RETRY);
    assert_translated(&bench, 1, "b");
    bench_close(&bench);
}

static void the_reason_decides_what_403_means(void **state) {
    (void)state;
    struct bench bench;
    ask_two(&bench, basic);
    assert_int_equal(
        bench_judge(&bench, 403,
                    ERROR("403", "userRateLimitExceeded", "PERMISSION_DENIED", "User Rate Limit Exceeded")),
        EXCHANGE_THROTTLED);
    assert_int_equal(bench.exchange.retry_after_ms, 15000);
    assert_int_equal(bench_judge(&bench, 403, ERROR("403", "rateLimitExceeded", "PERMISSION_DENIED", "m")),
                     EXCHANGE_THROTTLED);
    assert_int_equal(
        bench_judge(&bench, 403, ERROR("403", "dailyLimitExceeded", "PERMISSION_DENIED", "Daily Limit Exceeded")),
        EXCHANGE_CLOSED);
    assert_sentence(&bench.exchange.failure, "midnight");
    assert_int_equal(bench_judge(&bench, 403, ERROR("403", "accessNotConfigured", "PERMISSION_DENIED", "m")),
                     EXCHANGE_CLOSED);
    assert_sentence(&bench.exchange.failure, "enable");
    assert_int_equal(bench_judge(&bench, 403, ERROR("403", "forbidden", "PERMISSION_DENIED", "m")), EXCHANGE_CLOSED);
    bench_close(&bench);
}

static void other_errors_say_what_to_do(void **state) {
    (void)state;
    struct bench bench;
    ask_two(&bench, basic);
    assert_int_equal(bench_judge(&bench, 429,
                                 "{\"error\":{\"code\":429,\"message\":\"m\",\"status\":\"RESOURCE_EXHAUSTED\","
                                 "\"details\":[{\"@type\":\"t\"},{\"retryDelay\":\"12s\"}]}}"),
                     EXCHANGE_THROTTLED);
    assert_int_equal(bench.exchange.retry_after_ms, 12000);
    assert_int_equal(bench_judge(&bench, 400,
                                 "{\"error\":{\"code\":400,\"message\":\"API key not valid. Please pass a valid API "
                                 "key.\",\"errors\":[{\"reason\":\"badRequest\"}],"
                                 "\"status\":\"INVALID_ARGUMENT\",\"details\":[{\"reason\":\"API_KEY_INVALID\"}]}}"),
                     EXCHANGE_CLOSED);
    assert_sentence(&bench.exchange.failure, "check key_file");
    assert_int_equal(bench_judge(&bench, 400, ERROR("400", "invalid", "INVALID_ARGUMENT", "Text is too long.")),
                     EXCHANGE_FINAL);
    assert_int_equal(bench_judge(&bench, 401, ERROR("401", "authError", "UNAUTHENTICATED", "m")), EXCHANGE_CLOSED);
    assert_sentence(&bench.exchange.failure, "token_command");
    assert_int_equal(bench_judge(&bench, 503, ERROR("503", "backendError", "UNAVAILABLE", "m")), EXCHANGE_TRANSIENT);
    bench_close(&bench);
}

static void each_version_requires_its_own_settings(void **state) {
    (void)state;
    static const char *const no_project[] = {"api=v3", "token_env=TEST_KEY", NULL}, *const no_token[] = {
                                                                                        "api=v3", "project=p", NULL};
    assert_refuses("google", NULL, "key_file");
    assert_refuses("google", no_project, "needs project");
    assert_refuses("google", no_token, "token_command");
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(the_old_version_is_told_that_the_text_is_plain),
                                       cmocka_unit_test(the_new_version_gets_a_token_from_a_command),
                                       cmocka_unit_test(text_is_used_unchanged),
                                       cmocka_unit_test(translations_by_the_glossary_are_read_when_one_was_sent),
                                       cmocka_unit_test(an_item_without_text_is_requested_again),
                                       cmocka_unit_test(the_reason_decides_what_403_means),
                                       cmocka_unit_test(other_errors_say_what_to_do),
                                       cmocka_unit_test(each_version_requires_its_own_settings)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
