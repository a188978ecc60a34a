#include "pipeline/net/exchange.h"

#include <curl/curl.h>

#include "pipeline/net/http_error.h"
#include "unit/failure_is.h"

struct asked {
    bool service;
    long status;
    enum exchange_verdict verdict;
    enum failure_reach reach;
    enum failure_cause cause;
    const char *blamed;
};

static struct exchange exchange_of(struct arena *arena, bool service) {
    struct exchange exchange;
    exchange_start(&exchange, EXCHANGE_HTTP, arena);
    exchange.trusted_host = service;
    exchange.url = SPAN("https://news.example/a");
    exchange.limiter = service ? SPAN("service deepl") : SPAN("host news.example");
    return exchange;
}

static void a_status_decides_the_cause(void **state) {
    (void)state;
    static const struct asked all[] = {
        {true, 400, EXCHANGE_FINAL, REACH_ARTICLE, CAUSE_SERVICE, "deepl"},
        {true, 401, EXCHANGE_CLOSED, REACH_SERVICE, CAUSE_SERVICE, "deepl"},
        {true, 402, EXCHANGE_CLOSED, REACH_SERVICE, CAUSE_MONEY, "deepl"},
        {true, 403, EXCHANGE_CLOSED, REACH_SERVICE, CAUSE_SERVICE, "deepl"},
        {true, 422, EXCHANGE_FINAL, REACH_ARTICLE, CAUSE_SERVICE, "deepl"},
        {true, 429, EXCHANGE_THROTTLED, REACH_SERVICE, CAUSE_SERVICE, "deepl"},
        {true, 456, EXCHANGE_CLOSED, REACH_SERVICE, CAUSE_MONEY, "deepl"},
        {true, 503, EXCHANGE_TRANSIENT, REACH_SERVICE, CAUSE_SERVICE, "deepl"},
        {false, 403, EXCHANGE_FINAL, REACH_ARTICLE, CAUSE_ARTICLE, ""},
        {false, 404, EXCHANGE_FINAL, REACH_ARTICLE, CAUSE_ARTICLE, ""},
        {false, 410, EXCHANGE_FINAL, REACH_ARTICLE, CAUSE_ARTICLE, ""},
        {false, 429, EXCHANGE_THROTTLED, REACH_SERVICE, CAUSE_NETWORK, "news.example"},
        {false, 502, EXCHANGE_TRANSIENT, REACH_SERVICE, CAUSE_NETWORK, "news.example"},
    };
    for (size_t i = 0; i < sizeof all / sizeof *all; i++) {
        struct arena *arena = arena_new();
        struct exchange exchange = exchange_of(arena, all[i].service);
        exchange.status = all[i].status;
        assert_int_equal(exchange_judge_common(&exchange), all[i].verdict);
        assert_int_equal(exchange.failure.reach, all[i].reach);
        assert_int_equal(exchange.failure.cause, all[i].cause);
        assert_string_equal(exchange.failure.blamed, all[i].blamed);
        arena_free(arena);
    }
}

static void a_refusal_named_by_the_adapter_concerns_only_the_text(void **state) {
    (void)state;
    struct arena *arena = arena_new();
    struct exchange exchange = exchange_of(arena, true);
    exchange.status = 400;
    exchange_fail(&exchange, EXCHANGE_FINAL, "the filter refuses this text", SPAN(""));
    assert_failure(&exchange.failure, REACH_ARTICLE, REMEDY_NONE, CAUSE_ARTICLE, EXIT_DONE, "the filter refuses");
    assert_false(failure_waits(&exchange.failure));
    arena_free(arena);
}

static void silence(bool service, int code, enum failure_cause cause, const char *blamed) {
    struct arena *arena = arena_new();
    struct exchange exchange = exchange_of(arena, service);
    http_error_describe(&exchange, code, "");
    assert_int_not_equal(exchange_judge_common(&exchange), EXCHANGE_GOOD);
    assert_int_equal(exchange.failure.cause, cause);
    assert_string_equal(exchange.failure.blamed, blamed);
    arena_free(arena);
}

static void no_answer_is_the_fault_of_network_or_service(void **state) {
    (void)state;
    silence(false, CURLE_COULDNT_RESOLVE_HOST, CAUSE_NETWORK, "news.example");
    silence(false, CURLE_OPERATION_TIMEDOUT, CAUSE_NETWORK, "news.example");
    silence(false, CURLE_PEER_FAILED_VERIFICATION, CAUSE_NETWORK, "news.example");
    silence(false, CURLE_TOO_MANY_REDIRECTS, CAUSE_ARTICLE, "");
    silence(false, CURLE_URL_MALFORMAT, CAUSE_ARTICLE, "");
    silence(true, CURLE_COULDNT_CONNECT, CAUSE_SERVICE, "deepl");
    silence(true, CURLE_URL_MALFORMAT, CAUSE_SERVICE, "deepl");
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(a_status_decides_the_cause),
                                       cmocka_unit_test(a_refusal_named_by_the_adapter_concerns_only_the_text),
                                       cmocka_unit_test(no_answer_is_the_fault_of_network_or_service)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
