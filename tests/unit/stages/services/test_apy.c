/* APy: form encoding, packed texts, marks of unknown words, and the tail that the server may drop despite status 200.
 */
#include "service_test.h"

static void ask_two(struct bench *bench, const char *language) {
    bench_open(bench, "apy", NULL);
    bench_ask(bench, language, "Uno & dos.", "Tres\ncuatro.");
}

static void texts_are_packed_with_blank_lines_and_a_number_behind(void **state) {
    (void)state;
    struct bench bench;
    ask_two(&bench, "es");
    assert_span(bench.exchange.url, "http://127.0.0.1:2737/translate");
    assert_span(bench.exchange.body,
                "langpair=spa%7Ceng&format=txt&markUnknown=yes&q=Uno%20%26%20dos.%0A%0ATres%20cuatro.%0A%0A77101");
    assert_header(&bench, "content-type", "application/x-www-form-urlencoded");
    bench_close(&bench);
}

static void a_chain_is_named_and_serbian_cyrillic_goes_in_latin_letters(void **state) {
    (void)state;
    struct bench bench;
    ask_two(&bench, "bg");
    assert_span(bench.exchange.url, "http://127.0.0.1:2737/translateChain");
    assert_true(span_starts(bench.exchange.body, SPAN("langpairs=bul%7Cmkd%7Ceng&")));
    bench_ask(&bench, "sr-Cyrl", "Њива", NULL);
    assert_true(span_ends(bench.exchange.body, SPAN("q=Njiva%0A%0A77101")));
    bench_close(&bench);
}

static void blocks_come_back_with_marks_counted(void **state) {
    (void)state;
    struct bench bench;
    ask_two(&bench, "es");
    assert_true(bench_read(&bench, "{\"responseData\":{\"translatedText\":\"One *and two.\\n\\nThree "
                                   "four.\\n\\n#77101\"},\"responseStatus\":200}"));
    assert_translated(&bench, 0, "One and two.");
    assert_translated(&bench, 1, "Three four.");
    assert_int_equal(bench.answers[0].unknown_words, 1);
    bench_close(&bench);
}

static void figures_are_written_as_in_english(void **state) {
    (void)state;
    struct bench bench;
    bench_open(&bench, "apy", NULL);
    bench_ask(&bench, "es", "Vinieron 1.850 vecinos.", NULL);
    assert_true(bench_read(&bench, "{\"responseData\":{\"translatedText\":\"1.850 neighbours came.\\n\\n77101\"}}"));
    assert_translated(&bench, 0, "1,850 neighbours came.");
    bench_close(&bench);
}

static void an_answer_without_its_tail_is_rejected(void **state) {
    (void)state;
    struct bench bench;
    ask_two(&bench, "es");
    assert_true(bench_read(&bench, "{\"responseData\":{\"translatedText\":\"One and two.\\n\\nThree\"}}"));
    assert_int_equal(bench.count, 2);
    assert_int_equal(bench.answers[0].verdict, VERDICT_TOO_LONG);
    assert_int_equal(bench.answers[1].verdict, VERDICT_TOO_LONG);
    bench_close(&bench);
}

static void a_wrong_number_of_blocks_is_rejected(void **state) {
    (void)state;
    struct bench bench;
    ask_two(&bench, "es");
    assert_false(bench_read(&bench, "{\"responseData\":{\"translatedText\":\"One and two. Three four.\\n\\n77101\"}}"));
    assert_sentence(&bench.failure, "1 translation for 2 texts");
    assert_false(bench_read(&bench, "{\"responseData\":{\"translatedText\":\"\"}}"));
    assert_false(bench_read(&bench, "{\"responseData\":{\"translatedText\":\"77101\"}}"));
    assert_failure(&bench.failure, REACH_ARTICLE, REMEDY_NONE, CAUSE_ARTICLE, EXIT_DONE,
                   "service s returned no translations for 2 texts");
    bench_close(&bench);
}

static void what_it_cannot_translate_is_not_sent(void **state) {
    (void)state;
    struct bench bench;
    char *text = malloc(1 << 20);
    memset(text, 'a', 1 << 20);
    bench_open(&bench, "apy", NULL);
    assert_no_request(&bench, "zz", SPAN("Uno."), 1, "there is no chain of Apertium pairs from 'zz' to English");
    assert_no_request(&bench, "es", (struct span){text, 1 << 20}, 1, "the text is larger than 1048576 bytes");
    assert_no_request(&bench, "es", (struct span){text, 1 << 19}, 2, "the text is larger than 1048576 bytes");
    bench_ask(&bench, "es", "Uno.", NULL);
    bench_close(&bench);
    free(text);
}

static void errors_say_what_to_do(void **state) {
    (void)state;
    struct bench bench;
    ask_two(&bench, "es");
    assert_int_equal(
        bench_judge(&bench, 400, "{\"status\":\"error\",\"code\":400,\"explanation\":\"That pair is not installed\"}"),
        EXCHANGE_FINAL);
    assert_sentence(&bench.exchange.failure, "lacks a language pair");
    assert_int_equal(bench_judge(&bench, 404, "<html>404: Not Found</html>"), EXCHANGE_CLOSED);
    assert_sentence(&bench.exchange.failure, "check url");
    assert_int_equal(bench_judge(&bench, 503, "{\"explanation\":\"internal error\"}"), EXCHANGE_TRANSIENT);
    bench_close(&bench);
}

static void only_the_languages_that_the_server_has(void **state) {
    (void)state;
    static const char *const settings[] = {"languages=es bg", NULL};
    struct bench bench;
    struct span model;
    bench_open(&bench, "apy", settings);
    assert_true(bench.service->offers(bench.state, "bg", "en", &model));
    assert_span(model, "bul-mkd, mkd-eng");
    assert_false(bench.service->offers(bench.state, "mk", "en", &model));
    assert_false(bench.service->offers(bench.state, "sv", "en", &model));
    bench_close(&bench);
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(texts_are_packed_with_blank_lines_and_a_number_behind),
                                       cmocka_unit_test(a_chain_is_named_and_serbian_cyrillic_goes_in_latin_letters),
                                       cmocka_unit_test(blocks_come_back_with_marks_counted),
                                       cmocka_unit_test(figures_are_written_as_in_english),
                                       cmocka_unit_test(an_answer_without_its_tail_is_rejected),
                                       cmocka_unit_test(a_wrong_number_of_blocks_is_rejected),
                                       cmocka_unit_test(what_it_cannot_translate_is_not_sent),
                                       cmocka_unit_test(errors_say_what_to_do),
                                       cmocka_unit_test(only_the_languages_that_the_server_has)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
