/* A reply that is no JSON is the server's fault: no article suffers, and the next run asks again. */
#include "unit/stages/services/service_test.h"

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

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(a_reply_that_is_no_json_waits_for_the_next_run)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
