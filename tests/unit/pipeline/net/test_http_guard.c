/* Which addresses are allowed: private ones only if they are configured, and keys only over https: or to this machine.
 */
#include "unit/failure_is.h"

#include "pipeline/net/http_guard.h"

static struct arena *arena;

static int begin(void **state) {
    (void)state;
    arena = arena_new();
    return 0;
}

static int end(void **state) {
    (void)state;
    arena_free(arena);
    return 0;
}

static struct exchange with_hosts(const char *hosts) {
    struct exchange exchange;
    exchange_start(&exchange, EXCHANGE_HTTP, arena);
    exchange.local_hosts = span_of(hosts);
    return exchange;
}

static void a_private_address_is_allowed_if_configured_with_its_port(void **state) {
    (void)state;
    static const struct {
        const char *hosts, *url;
        bool admitted;
    } cases[] = {{"127.0.0.1:1200 ", "http://127.0.0.1:1200/feed", true},
                 {"127.0.0.1:1200 ", "http://127.0.0.1:1201/feed", false},
                 {"127.0.0.1:1200 ", "http://127.0.0.1/feed", false},
                 {"127.0.0.1:1200 ", "http://127.1:1200/feed", true},
                 {"127.0.0.1:1200 ", "http://2130706433:1201/feed", false},
                 {"hub.example [::1]:8000 10.0.0.2 ", "http://[::1]:8000/", true},
                 {"hub.example [::1]:8000 10.0.0.2 ", "http://10.0.0.2/", true},
                 {"hub.example [::1]:8000 10.0.0.2 ", "http://10.0.0.3/", false},
                 {"localhost:8000 ", "http://LOCALHOST:8000/", true},
                 {"localhost:8000 ", "http://127.0.0.1:8000/", false},
                 {"", "http://192.168.0.1/", false},
                 {"", "http://news.example/", true}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct exchange exchange = with_hosts(cases[i].hosts);
        bool admitted = http_guard_admits(&exchange, cases[i].url);
        if (admitted != cases[i].admitted) fail_msg("%s with '%s'", cases[i].url, cases[i].hosts);
        assert_int_equal(exchange.refused, !admitted);
    }
}

static void a_refusal_says_what_to_configure(void **state) {
    (void)state;
    struct exchange exchange = with_hosts("");
    assert_false(http_guard_admits(&exchange, "http://192.168.0.1:8080/a?key=secret"));
    assert_failure(&exchange.failure, REACH_ARTICLE, REMEDY_NONE, CAUSE_ARTICLE, EXIT_DONE,
                   "local_hosts = 192.168.0.1:8080 in the [source] section");
    assert_null(strstr(exchange.failure.sentence, "secret"));
}

static void a_key_is_sent_only_over_https_or_locally(void **state) {
    (void)state;
    struct exchange exchange = with_hosts("127.0.0.1 ");
    exchange.carries_key = true;
    assert_true(http_guard_admits(&exchange, "https://news.example/"));
    assert_true(http_guard_admits(&exchange, "http://127.0.0.1/"));
    assert_false(http_guard_admits(&exchange, "http://news.example/"));
    assert_non_null(strstr(exchange.failure.sentence, "plain_http = yes"));
    exchange.plain_text_ok = true;
    assert_true(http_guard_admits(&exchange, "http://news.example/"));
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(a_private_address_is_allowed_if_configured_with_its_port),
                                       cmocka_unit_test(a_refusal_says_what_to_configure),
                                       cmocka_unit_test(a_key_is_sent_only_over_https_or_locally)};
    return cmocka_run_group_tests(tests, begin, end);
}
