/* Yandex: keys and tokens, terms inside the request, gRPC codes. */
#include "service_test.h"

static const char *const settings[] = {"key_env=TEST_KEY", NULL};
static const char *const by_token[] = {"token_command=echo t-1", "folder=b1g", "model=m-1", NULL};

static void ask_two(struct bench *bench, const char *const *given) {
    bench_open(bench, "yandex", given);
    bench_ask(bench, "sr-Cyrl", "Један.", "Два.");
}

static void the_request_is_plain_text(void **state) {
    (void)state;
    struct bench bench;
    ask_two(&bench, settings);
    assert_span(bench.exchange.url, "https://translate.api.cloud.yandex.net/translate/v2/translate");
    assert_header(&bench, "authorization", "Api-Key secret-key-1");
    assert_body(&bench, "format", "\"PLAIN_TEXT\"");
    assert_body(&bench, "texts", "[\"Један.\",\"Два.\"]");
    assert_body(&bench, "sourceLanguageCode", "\"sr\"");
    assert_true(span_find(bench.exchange.body, SPAN("glossary")) == SIZE_MAX);
    assert_true(span_find(bench.exchange.body, SPAN("folderId")) == SIZE_MAX);
    bench_close(&bench);
}

static void a_token_needs_a_folder(void **state) {
    (void)state;
    struct bench bench;
    ask_two(&bench, by_token);
    assert_header(&bench, "authorization", "Bearer t-1");
    assert_body(&bench, "folderId", "\"b1g\"");
    assert_body(&bench, "model", "\"m-1\"");
    bench_close(&bench);
}

static void at_most_fifty_terms_go_along(void **state) {
    (void)state;
    struct bench bench;
    struct glossary_term terms[60];
    for (size_t i = 0; i < 60; i++) terms[i] = (struct glossary_term){SPAN("један"), SPAN("one")};
    const struct glossary glossary = {terms, 60, SPAN("v")};
    bench_open(&bench, "yandex", settings);
    bench.batch.glossary = &glossary;
    bench_ask(&bench, "sr", "Један.", NULL);
    assert_body(&bench, "glossaryConfig.glossaryData.glossaryPairs.0",
                "{\"sourceText\":\"један\",\"translatedText\":\"one\"}");
    assert_body(&bench, "glossaryConfig.glossaryData.glossaryPairs.49.translatedText", "\"one\"");
    cJSON *root = json_parse(bench.exchange.body, 1 << 20, "request", NULL);
    assert_null(json_at(root, "glossaryConfig.glossaryData.glossaryPairs.50"));
    cJSON_Delete(root);
    bench_close(&bench);
}

static void texts_are_read_in_order(void **state) {
    (void)state;
    struct bench bench;
    ask_two(&bench, settings);
    assert_true(bench_read(
        &bench, "{\"translations\":[{\"text\":\"One.\",\"detectedLanguageCode\":\"sr\"},{\"text\":\"Two.\"}]}"));
    assert_translated(&bench, 0, "One.");
    assert_translated(&bench, 1, "Two.");
    assert_false(bench_read(&bench, "{\"translations\":[]}"));
    bench_close(&bench);
}

static void error_codes_decide_what_to_do(void **state) {
    (void)state;
    struct bench bench;
    ask_two(&bench, settings);
    assert_int_equal(
        bench_judge(
            &bench, 429,
            "{\"code\":8,\"message\":\"The limit on requests was exceeded. Limit: 20, Interval: 1s\",\"details\":[]}"),
        EXCHANGE_THROTTLED);
    assert_int_equal(bench.exchange.retry_after_ms, 1000);
    assert_int_equal(
        bench_judge(&bench, 429,
                    "{\"code\":8,\"message\":\"The limit on units was exceeded. Limit: 1000000, Interval: 1h0m0s\"}"),
        EXCHANGE_CLOSED);
    assert_sentence(&bench.exchange.failure, "this hour");
    assert_int_equal(bench_judge(&bench, 401, "{\"code\":16,\"message\":\"Unknown api key\"}"), EXCHANGE_CLOSED);
    assert_sentence(&bench.exchange.failure, "check key_file");
    assert_int_equal(bench_judge(&bench, 403, "{\"code\":7,\"message\":\"Permission denied\"}"), EXCHANGE_CLOSED);
    assert_sentence(&bench.exchange.failure, "check folder");
    assert_int_equal(bench_judge(&bench, 400, "{\"code\":3,\"message\":\"unsupported source_language_code: xx\"}"),
                     EXCHANGE_FINAL);
    assert_sentence(&bench.exchange.failure, "languages");
    assert_int_equal(bench_judge(&bench, 503, "{\"code\":14,\"message\":\"m\"}"), EXCHANGE_TRANSIENT);
    bench_close(&bench);
}

static void nothing_works_without_a_key(void **state) {
    (void)state;
    assert_refuses("yandex", NULL, "needs a key");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_request_is_plain_text),     cmocka_unit_test(a_token_needs_a_folder),
        cmocka_unit_test(at_most_fifty_terms_go_along),  cmocka_unit_test(texts_are_read_in_order),
        cmocka_unit_test(error_codes_decide_what_to_do), cmocka_unit_test(nothing_works_without_a_key)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
