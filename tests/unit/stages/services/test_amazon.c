/* Amazon: signatures, one text per request, and errors by their type, whatever the status. */
#include "service_test.h"

static const char *const settings[] = {"region=eu-central-1", "access_key_env=TEST_IDENTITY", "key_env=TEST_KEY", NULL};

static void ask(struct bench *bench, const char *const *given) {
    setenv("TEST_IDENTITY", "AKID1", 1);
    setenv("TEST_TOKEN", "session-1", 1);
    bench_open(bench, "amazon", given);
    bench_ask(bench, "nb", "En.", NULL);
}

static void the_request_is_signed(void **state) {
    (void)state;
    struct bench bench;
    ask(&bench, settings);
    assert_span(bench.exchange.url, "https://translate.eu-central-1.amazonaws.com/");
    assert_span(bench.exchange.aws_sigv4, "aws:amz:eu-central-1:translate");
    assert_span(bench.exchange.user_password, "AKID1:secret-key-1");
    assert_header(&bench, "content-type", "application/x-amz-json-1.1");
    assert_header(&bench, "x-amz-target", "AWSShineFrontendService_20170701.TranslateText");
    assert_true(bench.exchange.carries_key);
    assert_span(bench.exchange.body, "{\"Text\":\"En.\",\"SourceLanguageCode\":\"no\",\"TargetLanguageCode\":\"en\"}");
    bench_close(&bench);
}

static void preferences_are_sent_and_are_part_of_the_memory_s_key(void **state) {
    (void)state;
    static const char *const given[] = {"region=us-east-1",  "access_key_env=TEST_IDENTITY",
                                        "key_env=TEST_KEY",  "token_env=TEST_TOKEN",
                                        "terminology=names", "formality=FORMAL",
                                        "brevity=ON",        NULL};
    struct bench bench;
    struct span model;
    ask(&bench, given);
    assert_header(&bench, "x-amz-security-token", "session-1");
    assert_body(&bench, "TerminologyNames", "[\"names\"]");
    assert_body(&bench, "Settings", "{\"Formality\":\"FORMAL\",\"Brevity\":\"ON\"}");
    assert_true(bench.service->offers(bench.state, "nb", "en", &model));
    assert_span(model, "names FORMAL ON");
    bench_close(&bench);
}

static void one_text_is_one_request(void **state) {
    (void)state;
    struct bench bench;
    ask(&bench, settings);
    assert_int_equal(bench.service->limits.texts, 1);
    assert_no_request(&bench, "nb", SPAN("En."), 2, "Amazon accepts one text per request, not 2");
    assert_no_request(&bench, "nb", SPAN("En."), 0, "Amazon accepts one text per request, not 0");
    bench_close(&bench);
}

static void the_text_is_read(void **state) {
    (void)state;
    struct bench bench;
    ask(&bench, settings);
    assert_true(bench_read(
        &bench, "{\"TranslatedText\":\"One.\",\"SourceLanguageCode\":\"no\",\"TargetLanguageCode\":\"en\"}"));
    assert_int_equal(bench.count, 1);
    assert_translated(&bench, 0, "One.");
    assert_true(bench_read(&bench, "{\"SourceLanguageCode\":\"no\"}"));
    assert_int_equal(bench.answers[0].verdict, VERDICT_BROKEN);
    bench_close(&bench);
}

static void throttling_arrives_as_400(void **state) {
    (void)state;
    struct bench bench;
    struct header header = {SPAN("x-amz-retry-after"), SPAN("1500")};
    ask(&bench, settings);
    assert_int_equal(bench_judge(&bench, 400, "{\"__type\":\"ThrottlingException\",\"Message\":\"Rate exceeded\"}"),
                     EXCHANGE_THROTTLED);
    assert_int_equal(
        bench_judge(&bench, 400, "{\"__type\":\"com.amazonaws.translate#TooManyRequestsException\",\"message\":\"m\"}"),
        EXCHANGE_THROTTLED);
    bench.exchange.reply_headers = &header;
    bench.exchange.reply_header_count = 1;
    assert_int_equal(exchange_retry_after(&bench.exchange), 1500);
    bench_close(&bench);
}

static void other_errors_are_distinguished_by_type(void **state) {
    (void)state;
    struct bench bench;
    ask(&bench, settings);
    assert_int_equal(bench_judge(&bench, 400, "{\"__type\":\"TextSizeLimitExceededException\",\"Message\":\"m\"}"),
                     EXCHANGE_FINAL);
    assert_int_equal(bench_judge(&bench, 400, "{\"__type\":\"UnsupportedLanguagePairException\",\"Message\":\"m\"}"),
                     EXCHANGE_FINAL);
    assert_sentence(&bench.exchange.failure, "languages");
    assert_int_equal(bench_judge(&bench, 400,
                                 "{\"__type\":\"UnrecognizedClientException\",\"message\":\"The security token "
                                 "included in the request is invalid.\"}"),
                     EXCHANGE_CLOSED);
    assert_sentence(&bench.exchange.failure, "check access_key_file and key_file");
    assert_int_equal(bench_judge(&bench, 403, "{\"__type\":\"InvalidSignatureException\",\"message\":\"m\"}"),
                     EXCHANGE_CLOSED);
    assert_sentence(&bench.exchange.failure, "region and the clock");
    assert_int_equal(bench_judge(&bench, 400, "{\"__type\":\"AccessDeniedException\",\"Message\":\"m\"}"),
                     EXCHANGE_CLOSED);
    assert_sentence(&bench.exchange.failure, "policy");
    assert_int_equal(bench_judge(&bench, 400, "{\"__type\":\"ResourceNotFoundException\",\"Message\":\"m\"}"),
                     EXCHANGE_CLOSED);
    assert_int_equal(bench_judge(&bench, 500, "{\"__type\":\"InternalServerException\",\"Message\":\"m\"}"),
                     EXCHANGE_TRANSIENT);
    assert_int_equal(bench_judge(&bench, 503, ""), EXCHANGE_TRANSIENT);
    bench_close(&bench);
}

static void missing_settings_are_named(void **state) {
    (void)state;
    static const char *const no_region[] = {"access_key_env=TEST_KEY", "key_env=TEST_KEY", NULL},
                             *const no_key[] = {"region=us-east-1", "access_key_env=TEST_KEY", NULL};
    static const char *const elsewhere[] = {"region=evil.example/", "access_key_env=TEST_KEY", "key_env=TEST_KEY",
                                            NULL};
    assert_refuses("amazon", no_region, "needs region");
    assert_refuses("amazon", no_key, "key_command");
    assert_invalid("amazon", elsewhere,
                   "invalid value 'evil.example/' for 'region': expected a region, e.g. eu-central-1");
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(the_request_is_signed),
                                       cmocka_unit_test(preferences_are_sent_and_are_part_of_the_memory_s_key),
                                       cmocka_unit_test(one_text_is_one_request),
                                       cmocka_unit_test(the_text_is_read),
                                       cmocka_unit_test(throttling_arrives_as_400),
                                       cmocka_unit_test(other_errors_are_distinguished_by_type),
                                       cmocka_unit_test(missing_settings_are_named)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
