/* DeepL: requests according to its OpenAPI description, and replies and errors as it sends them. */
#include "service_test.h"

static const char *const settings[] = {"key_env=TEST_KEY", NULL};

static void ask_two(struct bench *bench, const char *const *given) {
    bench_open(bench, "deepl", given);
    bench->batch.title = SPAN("Заглавие");
    bench->batch.context = SPAN("Преди това.");
    bench_ask(bench, "bg", "Първо.", "Второ.");
}

static void the_request_has_everything_around_the_texts_as_context(void **state) {
    (void)state;
    struct bench bench;
    ask_two(&bench, settings);
    assert_span(bench.exchange.url, "https://api.deepl.com/v2/translate");
    assert_header(&bench, "authorization", "DeepL-Auth-Key secret-key-1");
    assert_true(bench.exchange.carries_key);
    assert_body(&bench, "text", "[\"Първо.\",\"Второ.\"]");
    assert_body(&bench, "source_lang", "\"BG\"");
    assert_body(&bench, "target_lang", "\"EN-GB\"");
    assert_body(&bench, "split_sentences", "\"0\"");
    assert_body(&bench, "context", "\"Заглавие\\nПреди това.\\nПърво.\\nВторо.\"");
    assert_body(&bench, "show_billed_characters", "true");
    assert_true(span_find(bench.exchange.body, SPAN("formality")) == SIZE_MAX);
    bench_close(&bench);
}

static void free_keys_go_to_the_free_address(void **state) {
    (void)state;
    static const char *const given[] = {"key_env=TEST_FREE_KEY", "formality=prefer_more", "english=EN-US",
                                        "glossary_id=g-1", NULL};
    struct bench bench;
    struct span model;
    setenv("TEST_FREE_KEY", "secret-key-2:fx", 1);
    ask_two(&bench, given);
    assert_span(bench.exchange.url, "https://api-free.deepl.com/v2/translate");
    assert_body(&bench, "formality", "\"prefer_more\"");
    assert_body(&bench, "glossary_id", "\"g-1\"");
    assert_true(bench.service->offers(bench.state, "bg", "en", &model));
    assert_span(model, "EN-US prefer_more g-1");
    bench_close(&bench);
}

static void billed_characters_are_added_up(void **state) {
    (void)state;
    struct bench bench;
    ask_two(&bench, settings);
    assert_true(bench_read(
        &bench, "{\"translations\":[{\"detected_source_language\":\"BG\",\"text\":\"First.\",\"billed_characters\":6},"
                "{\"detected_source_language\":\"BG\",\"text\":\"Second.\",\"billed_characters\":7}]}"));
    assert_translated(&bench, 0, "First.");
    assert_translated(&bench, 1, "Second.");
    assert_int_equal(bench.usage.characters, 13);
    bench_close(&bench);
}

static void missing_or_empty_texts_are_not_translations(void **state) {
    (void)state;
    struct bench bench;
    ask_two(&bench, settings);
    assert_false(bench_read(&bench, "{\"translations\":[{\"text\":\"First.\"}]}"));
    assert_sentence(&bench.failure, "1 translation for 2 texts");
    assert_true(bench_read(&bench, "{\"translations\":[{\"text\":\"First.\"},{\"text\":\"\"}]}"));
    assert_int_equal(bench.answers[1].verdict, VERDICT_BROKEN);
    bench_close(&bench);
}

static void errors_say_what_to_do(void **state) {
    (void)state;
    struct bench bench;
    ask_two(&bench, settings);
    assert_int_equal(bench_judge(&bench, 456, "{\"message\":\"Quota Exceeded\"}"), EXCHANGE_CLOSED);
    assert_sentence(&bench.exchange.failure, "quota");
    assert_int_equal(bench.exchange.failure.remedy, REMEDY_NEXT_RUN);
    assert_int_equal(bench_judge(&bench, 403, ""), EXCHANGE_CLOSED);
    assert_sentence(&bench.exchange.failure, "check key_file");
    assert_int_equal(bench_judge(&bench, 403, "{\"message\":\"Wrong endpoint. Use https://api-free.deepl.com\"}"),
                     EXCHANGE_CLOSED);
    assert_sentence(&bench.exchange.failure, "leave url empty");
    assert_int_equal(bench_judge(&bench, 400, "{\"message\":\"Value for 'source_lang' not supported.\"}"),
                     EXCHANGE_FINAL);
    assert_sentence(&bench.exchange.failure, "languages");
    assert_int_equal(bench_judge(&bench, 413, ""), EXCHANGE_FINAL);
    assert_int_equal(bench_judge(&bench, 429, "{\"message\":\"Too many requests\"}"), EXCHANGE_THROTTLED);
    assert_int_equal(bench_judge(&bench, 529, "{\"message\":\"Too many requests\"}"), EXCHANGE_THROTTLED);
    assert_int_equal(bench_judge(&bench, 504, ""), EXCHANGE_TRANSIENT);
    bench_close(&bench);
}

/* Where a glossary is chosen by hand, none is made. */
static void a_glossary_is_made_unless_the_settings_choose_one(void **state) {
    (void)state;
    static const char *const given[] = {"key_env=TEST_KEY", "glossary_id=g-1", NULL};
    static const struct glossary glossary = {.count = 0};
    struct bench bench;
    ask_two(&bench, given);
    assert_false(
        bench.service->write_glossary(bench.state, &glossary, "bg", SPAN("n"), true, &bench.exchange, &bench.failure));
    assert_failure(&bench.failure, REACH_ARTICLE, REMEDY_NONE, CAUSE_ARTICLE, EXIT_DONE,
                   "the setting glossary_id selects another glossary");
    bench_close(&bench);
    ask_two(&bench, settings);
    assert_true(
        bench.service->write_glossary(bench.state, &glossary, "bg", SPAN("n"), true, &bench.exchange, &bench.failure));
    assert_span(bench.exchange.url, "https://api.deepl.com/v3/glossaries");
    assert_body(&bench, "name", "\"n\"");
    assert_body(&bench, "dictionaries.0.source_lang", "\"bg\"");
    bench_close(&bench);
}

static void nothing_works_without_a_key(void **state) {
    (void)state;
    assert_refuses("deepl", NULL, "needs a key");
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(the_request_has_everything_around_the_texts_as_context),
                                       cmocka_unit_test(free_keys_go_to_the_free_address),
                                       cmocka_unit_test(billed_characters_are_added_up),
                                       cmocka_unit_test(missing_or_empty_texts_are_not_translations),
                                       cmocka_unit_test(errors_say_what_to_do),
                                       cmocka_unit_test(a_glossary_is_made_unless_the_settings_choose_one),
                                       cmocka_unit_test(nothing_works_without_a_key)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
