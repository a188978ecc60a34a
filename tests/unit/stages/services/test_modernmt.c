/* ModernMT: a POST with the method GET in a header, translation memories as hints, and the status inside the JSON. */
#include "service_test.h"

static const char *const settings[] = {"key_env=TEST_KEY", "hints=12 7", "glossaries=3", NULL};

static void ask_two(struct bench *bench) {
    bench_open(bench, "modernmt", settings);
    bench_ask(bench, "it", "Uno.", "Due.");
}

static void the_request_names_memories(void **state) {
    (void)state;
    struct bench bench;
    struct span model;
    ask_two(&bench);
    assert_span(bench.exchange.url, "https://api.modernmt.com/translate");
    assert_span(bench.exchange.method, "POST");
    assert_header(&bench, "x-http-method-override", "GET");
    assert_header(&bench, "mmt-apikey", "secret-key-1");
    assert_body(&bench, "q", "[\"Uno.\",\"Due.\"]");
    assert_body(&bench, "hints", "[12,7]");
    assert_body(&bench, "glossaries", "[3]");
    assert_body(&bench, "priority", "\"normal\"");
    assert_true(bench.service->offers(bench.state, "it", "en", &model));
    assert_span(model, "hints 12 7 glossaries 3");
    bench_close(&bench);
}

static void translations_and_the_bill_are_read(void **state) {
    (void)state;
    struct bench bench;
    ask_two(&bench);
    assert_true(bench_read(
        &bench, "{\"status\":200,\"data\":[{\"translation\":\"One.\",\"characters\":4,\"billedCharacters\":4},"
                "{\"translation\":\"Two.\",\"characters\":4,\"billedCharacters\":0}]}"));
    assert_translated(&bench, 0, "One.");
    assert_translated(&bench, 1, "Two.");
    assert_int_equal(bench.usage.characters, 4);
    assert_false(bench_read(&bench, "{\"status\":200,\"data\":[{\"translation\":\"One.\"}]}"));
    bench_close(&bench);
}

static void the_status_inside_decides(void **state) {
    (void)state;
    struct bench bench;
    ask_two(&bench);
    assert_int_equal(
        bench_judge(&bench, 200, "{\"status\":401,\"error\":{\"type\":\"AuthenticationException\",\"message\":\"m\"}}"),
        EXCHANGE_CLOSED);
    assert_sentence(&bench.exchange.failure, "answered 401 (the key was refused");
    assert_int_equal(bench_judge(&bench, 200, "{\"status\":429,\"error\":{\"type\":\"x\",\"message\":\"m\"}}"),
                     EXCHANGE_THROTTLED);
    assert_int_equal(bench_judge(&bench, 200, "{\"status\":503}"), EXCHANGE_TRANSIENT);
    assert_int_equal(bench_judge(&bench, 402, "{\"status\":402,\"error\":{\"type\":\"x\",\"message\":\"m\"}}"),
                     EXCHANGE_CLOSED);
    assert_int_equal(
        bench_judge(
            &bench, 400,
            "{\"status\":400,\"error\":{\"type\":\"ApiException\",\"message\":\"Language pair not supported\"}}"),
        EXCHANGE_FINAL);
    assert_sentence(&bench.exchange.failure, "languages");
    bench_close(&bench);
}

static void nothing_works_without_a_key(void **state) {
    (void)state;
    assert_refuses("modernmt", NULL, "needs a key");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_request_names_memories), cmocka_unit_test(translations_and_the_bill_are_read),
        cmocka_unit_test(the_status_inside_decides), cmocka_unit_test(nothing_works_without_a_key)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
