/* A reply that is no JSON is the server's fault: no article suffers, and the next run asks again. */
#include "unit/stages/services/service_test.h"

#include "stages/services/common/call.h"

static const char *const keyed[] = {"key_env=TEST_KEY", NULL};
static const char *const with_model[] = {"key_env=TEST_KEY", "model=m", NULL};
static const char *const amazon[] = {"region=eu-central-1", "access_key_env=TEST_IDENTITY", "key_env=TEST_KEY", NULL};
static const char *const local[] = {"model=m", NULL};

static const struct kind {
    const char *name;
    const char *const *settings;
} kinds[] = {{"amazon", amazon},  {"anthropic", with_model}, {"apy", NULL},     {"azure", keyed},
             {"deepl", keyed},    {"gemini", with_model},    {"google", keyed}, {"libretranslate", NULL},
             {"modernmt", keyed}, {"mtran", NULL},           {"ollama", local}, {"openai", with_model},
             {"yandex", keyed}};

static const struct reply {
    const char *body, *said;
} replies[] = {{"<html><title>Welcome</title></html>", "the reply of service s is not valid JSON near '<html>"},
               {"", "the reply of service s is empty; JSON was expected"},
               {"{\"a\": \"\xff\"}", "the reply of service s is not UTF-8"},
               {"{\"a\": [1, 2", "the reply of service s is not valid JSON near"},
               {"wrong key secret-key-1", "the reply of service s is not valid JSON near 'wrong key "}};

static void a_reply_that_is_no_json_waits_for_the_next_run(void **state) {
    (void)state;
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
        for (size_t j = 0; j < sizeof replies / sizeof *replies; j++) {
            struct bench bench;
            setenv("TEST_IDENTITY", "AKID1", 1); /* reading a secret removes its variable */
            bench_open(&bench, kinds[i].name, kinds[i].settings);
            bench_ask(&bench, "es", "Uno.", NULL);
            bench_reply(&bench, 200, replies[j].body);
            assert_false(bench.service->read_reply(bench.state, &bench.batch, &bench.exchange, bench.answers,
                                                   &bench.count, &bench.usage, &bench.failure));
            if (!strstr(bench.failure.sentence, replies[j].said))
                fail_msg("%s: '%s'", kinds[i].name, bench.failure.sentence);
            assert_failure(&bench.failure, REACH_SERVICE, REMEDY_NEXT_RUN, CAUSE_SERVICE, EXIT_DONE, "");
            assert_true(bench.failure.passing);
            if (bench.exchange.carries_key) assert_null(strstr(bench.failure.sentence, "secret-key-1"));
            bench_close(&bench);
        }
}

/* Opens a service, asks it for `count` texts (1 or 2) and reads the reply, which must be unusable as a whole. */
static void check_unusable(const struct kind *kind, size_t count, const char *reply, enum failure_reach reach,
                           const char *said, bool miscounted) {
    struct bench bench;
    setenv("TEST_IDENTITY", "AKID1", 1);
    bench_open(&bench, kind->name, kind->settings);
    bench_ask(&bench, "es", "Uno.", count > 1 ? "Dos." : NULL);
    bench_reply(&bench, 200, reply);
    if (bench.service->read_reply(bench.state, &bench.batch, &bench.exchange, bench.answers, &bench.count, &bench.usage,
                                  &bench.failure))
        fail_msg("%s: %s", kind->name, reply);
    if (!strstr(bench.failure.sentence, said)) fail_msg("%s: '%s'", kind->name, bench.failure.sentence);
    assert_int_equal(bench.failure.reach, reach);
    assert_int_equal(bench.failure.remedy, REMEDY_NEXT_RUN);
    assert_int_equal(bench.count, miscounted ? count : 0);
    for (size_t i = 0; i < bench.count; i++) {
        assert_int_equal(bench.answers[i].verdict, VERDICT_MISCOUNTED);
        assert_true(bench.answers[i].of_all);
    }
    bench_close(&bench);
}

static void json_without_translations_is_that_of_another_server(void **state) {
    (void)state;
    static const char *const bare[] = {"apy",      "azure", "deepl", "google", "libretranslate",
                                       "modernmt", "mtran", "yandex"};
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
        for (size_t j = 0; j < sizeof bare / sizeof *bare; j++)
            if (strcmp(kinds[i].name, bare[j]) == 0)
                check_unusable(&kinds[i], 1, "{\"a\":1}", REACH_SERVICE,
                               j == 0 ? "service s returned no translatedText"
                                      : "service s returned no translations: check url and kind",
                               false);
}

static void a_wrong_number_of_translations_is_told(void **state) {
    (void)state;
    static const struct {
        const char *kind, *one, *three;
    } rows[] = {{"libretranslate", "{\"translatedText\":[\"A\"]}", "{\"translatedText\":[\"A\",\"B\",\"C\"]}"},
                {"mtran", "{\"results\":[\"A\"]}", "{\"results\":[\"A\",\"B\",\"C\"]}"},
                {"deepl", "{\"translations\":[{\"text\":\"A\"}]}",
                 "{\"translations\":[{\"text\":\"A\"},{\"text\":\"B\"},{\"text\":\"C\"}]}"}};
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
        for (size_t j = 0; j < sizeof rows / sizeof *rows; j++)
            if (strcmp(kinds[i].name, rows[j].kind) == 0) {
                check_unusable(&kinds[i], 2, rows[j].one, REACH_SERVICE, "service s returned 1 translation for 2 texts",
                               true);
                check_unusable(&kinds[i], 1, rows[j].three, REACH_SERVICE,
                               "service s returned 3 translations for 1 text", true);
            }
}

static void a_model_that_answers_something_else_is_the_article_s_matter(void **state) {
    (void)state;
    static const struct kind model = {"openai", with_model};
    static const char *const replies_of_models[][2] = {
        {"Let me think about it.", "service s: the model did not follow the format: 'Let me think about it.'"},
        {"{ no, json", "service s: the model did not follow the format, its JSON is invalid: '{ no, json'"},
        {"[1] A.\\n[2] B.\\n[3] C.", "service s returned 3 paragraphs for 1 text"}};
    for (size_t i = 0; i < 3; i++) {
        char reply[512];
        snprintf(reply, sizeof reply, "{\"choices\":[{\"finish_reason\":\"stop\",\"message\":{\"content\":\"%s\"}}]}",
                 replies_of_models[i][0]);
        check_unusable(&model, 1, reply, REACH_ARTICLE, replies_of_models[i][1], false);
    }
}

/* ---------------------------------------------------------------- one translation */

static void a_translation_must_have_words_if_its_source_has(void **state) {
    (void)state;
    struct arena *arena = arena_new();
    static const struct {
        const char *source, *target, *kept, *note;
    } rows[] = {{"Uno.", " One. ", "One.", ""},
                {"Uno.", " ", "", "the translation is empty"},
                {"Uno.", "...", "", "the translation contains no words"},
                {"Uno.", "1", "1", ""},
                {"\xE2\x80\x94", "-", "-", ""},
                {"\xE6\xB8\xAF", "\xE6\xB8\xAF", "\xE6\xB8\xAF", ""}};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct answer answer = call_answer(span_of(rows[i].source), span_of(rows[i].target), arena);
        assert_int_equal(answer.verdict, *rows[i].note ? VERDICT_BROKEN : VERDICT_TRANSLATED);
        assert_span(answer.target, rows[i].kept);
        assert_span(answer.note, rows[i].note);
    }
    arena_free(arena);
}

static void forms_are_percent_encoded(void **state) {
    (void)state;
    struct buffer body = BUFFER(1024);
    call_form_add(&body, "q", SPAN("azAZ09-_.~ a&b=\xC3\xB1+/[`{:@\n"));
    call_form_add(&body, "n", SPAN(""));
    assert_span(buffer_span(&body), "q=azAZ09-_.~%20a%26b%3D%C3%B1%2B%2F%5B%60%7B%3A%40%0A&n=");
    buffer_free(&body);
}

static void addresses_have_one_slash(void **state) {
    (void)state;
    struct exchange exchange;
    struct arena *arena = arena_new();
    exchange_start(&exchange, EXCHANGE_HTTP, arena);
    static const char *const bases[] = {"http://a.example", "http://a.example/", "http://a.example//"};
    for (size_t i = 0; i < 3; i++) {
        call_address(&exchange, span_of(bases[i]), "/translate");
        assert_span(exchange.url, "http://a.example/translate");
    }
    exchange_clear(&exchange);
    arena_free(arena);
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(a_reply_that_is_no_json_waits_for_the_next_run),
                                       cmocka_unit_test(json_without_translations_is_that_of_another_server),
                                       cmocka_unit_test(a_wrong_number_of_translations_is_told),
                                       cmocka_unit_test(a_model_that_answers_something_else_is_the_article_s_matter),
                                       cmocka_unit_test(a_translation_must_have_words_if_its_source_has),
                                       cmocka_unit_test(forms_are_percent_encoded),
                                       cmocka_unit_test(addresses_have_one_slash)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
