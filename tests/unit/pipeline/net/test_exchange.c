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
        {false, 407, EXCHANGE_FINAL, REACH_ARTICLE, CAUSE_NETWORK, "news.example"},
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

/* What a user can do about a page, a service or a proxy that refuses, by its status. */
static void a_status_has_its_advice(void **state) {
    (void)state;
    static const struct {
        bool service;
        long status;
        const char *said;
    } all[] = {
        {false, 401, "login required: set user and password_file, or header_file, in the [source] section"},
        {false, 402, "subscription required: set user and password_file, or header_file, in the [source] section"},
        {false, 403, "access denied: the page may require a login, or the host may block the user_agent"},
        {false, 404, "page not found: check the address"},
        {false, 407, "the proxy requires a login: check proxy in [http]"},
        {false, 410, "the page was removed permanently"},
        {false, 418, "the request was refused"},
        {false, 451, "unavailable for legal reasons"},
        {true, 401, "check address, key and model"},
        {true, 402, "the account has no credit or quota left: top it up, or wait"},
        {true, 429, "too many requests"},
        {true, 500, "the server reported an error"},
    };
    for (size_t i = 0; i < sizeof all / sizeof *all; i++) {
        struct arena *arena = arena_new();
        struct exchange exchange = exchange_of(arena, all[i].service);
        exchange.status = all[i].status;
        exchange_judge_common(&exchange);
        if (!strstr(exchange.failure.sentence, all[i].said))
            fail_msg("%ld: %s", all[i].status, exchange.failure.sentence);
        arena_free(arena);
    }
}

/* Of a page, only those that lead nowhere get here: libcurl follows the others. */
static void a_redirect_is_told_with_its_address(void **state) {
    (void)state;
    struct arena *arena = arena_new();
    struct exchange exchange = exchange_of(arena, false);
    exchange.status = 302;
    assert_int_equal(exchange_judge_common(&exchange), EXCHANGE_FINAL);
    assert_failure(&exchange.failure, REACH_ARTICLE, REMEDY_NONE, CAUSE_ARTICLE, EXIT_DONE,
                   "a redirect without an address");
    struct header where = {SPAN("location"), SPAN("https://new.example/v2")};
    exchange = exchange_of(arena, true);
    exchange.status = 308;
    exchange.reply_headers = &where;
    exchange.reply_header_count = 1;
    assert_int_equal(exchange_judge_common(&exchange), EXCHANGE_CLOSED);
    assert_failure(&exchange.failure, REACH_SERVICE, REMEDY_NEXT_RUN, CAUSE_SERVICE, EXIT_DONE,
                   "redirects are not followed: set url to the new address");
    assert_non_null(strstr(exchange.failure.sentence, "https://new.example/v2"));
    arena_free(arena);
}

static void a_reply_is_quoted_unless_it_is_the_markup_of_a_page(void **state) {
    (void)state;
    static const struct {
        bool service;
        const char *reply;
        bool quoted;
    } all[] = {{false, " <html><body>Sorry</body></html>", false},
               {false, "Sorry", true},
               {true, "<html><body>Sorry</body></html>", true}};
    for (size_t i = 0; i < sizeof all / sizeof *all; i++) {
        struct arena *arena = arena_new();
        struct exchange exchange = exchange_of(arena, all[i].service);
        exchange.status = 404;
        exchange.reply = BUFFER(4096);
        buffer_add_string(&exchange.reply, all[i].reply);
        exchange_judge_common(&exchange);
        if ((strstr(exchange.failure.sentence, "Sorry") != NULL) != all[i].quoted)
            fail_msg("%zu: %s", i, exchange.failure.sentence);
        buffer_free(&exchange.reply);
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

/* Pages tell why an article waits, and are not to change because it took a moment longer to find out. */
static void a_reason_does_not_tell_how_long_it_took(void **state) {
    (void)state;
    struct arena *arena = arena_new();
    struct exchange one = exchange_of(arena, false), other = exchange_of(arena, false);
    http_error_describe(&one, CURLE_COULDNT_CONNECT, "Failed to connect after 0 ms: Couldn't connect to server");
    http_error_describe(&other, CURLE_COULDNT_CONNECT, "Failed to connect after 317 ms: Couldn't connect to server");
    assert_string_equal(one.failure.sentence, other.failure.sentence);
    assert_non_null(strstr(one.failure.sentence, "(Failed to connect: Couldn't connect to server)"));
    http_error_describe(&one, CURLE_RECV_ERROR, "closed after the greeting");
    assert_non_null(strstr(one.failure.sentence, "closed after the greeting"));
    arena_free(arena);
}

static void no_answer_is_the_fault_of_network_or_service(void **state) {
    (void)state;
    silence(false, CURLE_COULDNT_RESOLVE_HOST, CAUSE_NETWORK, "news.example");
    silence(false, CURLE_OPERATION_TIMEDOUT, CAUSE_NETWORK, "news.example");
    silence(false, CURLE_PEER_FAILED_VERIFICATION, CAUSE_NETWORK, "news.example");
    silence(false, CURLE_UNSUPPORTED_PROTOCOL, CAUSE_NETWORK, "news.example");
    silence(false, CURLE_BAD_CONTENT_ENCODING, CAUSE_NETWORK, "news.example");
    silence(false, CURLE_OUT_OF_MEMORY, CAUSE_NETWORK, "news.example");
    silence(false, CURLE_URL_MALFORMAT, CAUSE_ARTICLE, "");
    silence(true, CURLE_COULDNT_CONNECT, CAUSE_SERVICE, "deepl");
    silence(true, CURLE_URL_MALFORMAT, CAUSE_SERVICE, "deepl");
}

static long wait_for(const char *name, const char *value) {
    struct arena *arena = arena_new();
    struct exchange exchange = exchange_of(arena, false);
    struct header header = {.name = span_of(name), .value = span_of(value)};
    exchange.reply_headers = &header;
    exchange.reply_header_count = 1;
    long wait = exchange_retry_after(&exchange);
    arena_free(arena);
    return wait;
}

static void how_long_to_wait_is_read_however_it_is_written(void **state) {
    (void)state;
    static const struct {
        const char *value;
        long wait;
    } all[] = {{"0", 0},
               {"1.5", 1500},
               {"86400", 86400000},
               {"10000001", 10000000000},
               {"999999999999999999999", 10000000000},
               {"1e999", 10000000000},
               {"99999999999999999999999999999999999999999999", 10000000000},
               {"-5", -1},
               {"soon", -1},
               {"", -1},
               {"inf", -1},
               {"nan", -1},
               {"5 minutes", -1},
               {"Mon, 05 Jan 1998 10:00:00 GMT", 0}};
    for (size_t i = 0; i < sizeof all / sizeof *all; i++)
        if (wait_for("retry-after", all[i].value) != all[i].wait)
            fail_msg("'%s': %ld", all[i].value, wait_for("retry-after", all[i].value));
    assert_true(wait_for("retry-after", "Fri, 31 Dec 9999 23:59:59 GMT") > 10000000000);
    assert_int_equal(wait_for("retry-after-ms", "250"), 250);
}

static bool allows(const char *url, bool one_too_many, const char *said) {
    struct arena *arena = arena_new();
    struct exchange exchange = exchange_of(arena, false);
    bool allowed = http_error_allows_redirect(&exchange, url, one_too_many);
    if (!allowed) assert_failure(&exchange.failure, REACH_ARTICLE, REMEDY_NONE, CAUSE_ARTICLE, EXIT_DONE, said);
    arena_free(arena);
    return allowed;
}

static void redirects_lead_to_web_addresses_only(void **state) {
    (void)state;
    assert_true(allows("https://other.example/b", false, ""));
    assert_false(allows("https://other.example/b", true, "news.example redirects too many times"));
    static const char *const others[] = {"file:///etc/hostname",
                                         "ftp://other.example/",
                                         "javascript:alert(1)",
                                         "http://[other/",
                                         "http://",
                                         "https:///"};
    for (size_t i = 0; i < sizeof others / sizeof *others; i++)
        if (allows(others[i], false, "which is not a valid http or https address")) fail_msg("%s", others[i]);
}

static void the_proxy_is_named(long status, enum failure_remedy remedy, const char *said) {
    struct arena *arena = arena_new();
    struct exchange exchange = exchange_of(arena, false);
    http_error_describe_proxy(&exchange, status, "detail");
    assert_failure(&exchange.failure, REACH_ARTICLE, remedy, CAUSE_NETWORK, EXIT_DONE, said);
    assert_true(failure_waits(&exchange.failure));
    arena_free(arena);
}

static void what_the_proxy_refuses_waits(void **state) {
    (void)state;
    the_proxy_is_named(407, REMEDY_NONE, "news.example was not contacted because the proxy requires a login");
    the_proxy_is_named(403, REMEDY_NONE, "the proxy answered 403");
    the_proxy_is_named(502, REMEDY_RETRY, "the proxy answered 502");
    the_proxy_is_named(0, REMEDY_RETRY, "the proxy cannot be reached: check proxy in [http] (detail)");
}

/* ---------------------------------------------------------------- secrets that a server repeats */

static const struct span passwords[] = {{"cup2026!", 8}};

struct repeated {
    bool service, sent;
    long status;
    const char *body, *header, *address; /* what is left of "euro2024 cup2026!" in each of them */
};

static struct exchange repeating(struct arena *arena, const struct repeated *how) {
    struct exchange exchange = exchange_of(arena, how->service);
    exchange.user_password = SPAN("anna:euro2024");
    exchange.proxy_passwords = passwords;
    exchange.proxy_password_count = 1;
    exchange.sent_secrets = how->sent;
    exchange.status = how->status;
    exchange.reply = BUFFER(100);
    buffer_add_string(&exchange.reply, "euro2024 cup2026!");
    exchange.final_url = SPAN("http://a.example/?t=euro2024&p=cup2026!");
    exchange.reply_headers = arena_take(arena, sizeof *exchange.reply_headers);
    exchange.reply_headers[0] = (struct header){SPAN("x-said"), SPAN("euro2024 cup2026!")};
    exchange.reply_header_count = 1;
    return exchange;
}

/* An ordinary word stays where it cannot have come from whoever got it as a password. */
static void a_password_is_hidden_where_it_may_be_repeated(void **state) {
    (void)state;
    static const struct repeated cases[] = {
        {false, true, 200, "euro2024 cup2026!", "******** cup2026!", "?t=********&p=cup2026!"},
        {false, false, 200, "euro2024 cup2026!", "euro2024 cup2026!", "?t=euro2024&p=cup2026!"},
        {false, true, 403, "******** ********", "******** ********", "?t=********&p=cup2026!"},
        {false, false, 407, "euro2024 ********", "euro2024 ********", "?t=euro2024&p=cup2026!"},
        {true, false, 200, "******** cup2026!", "******** cup2026!", "?t=********&p=cup2026!"},
        {true, false, 0, "******** ********", "******** ********", "?t=********&p=cup2026!"}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct arena *arena = arena_new();
        struct exchange exchange = repeating(arena, &cases[i]);
        exchange_conceal_reply(&exchange);
        assert_span(buffer_span(&exchange.reply), cases[i].body);
        assert_span(exchange_reply_header(&exchange, "x-said"), cases[i].header);
        assert_span(span_cut(exchange.final_url, strlen("http://a.example/"), 100), cases[i].address);
        buffer_free(&exchange.reply);
        arena_free(arena);
    }
}

/* A key that no writer would use is hidden everywhere. */
static void a_key_is_hidden_everywhere(void **state) {
    (void)state;
    for (int sent = 0; sent < 2; sent++) {
        struct arena *arena = arena_new();
        struct exchange exchange = exchange_of(arena, false);
        struct header header = {SPAN("Cookie"), SPAN("session=Zk9tQ7vLx8Rm4Wp1")};
        exchange.secret_headers = &header;
        exchange.secret_header_count = 1;
        exchange.sent_secrets = sent;
        exchange.status = 200;
        exchange.reply = BUFFER(100);
        buffer_add_string(&exchange.reply, "You are Zk9tQ7vLx8Rm4Wp1.");
        exchange.final_url = SPAN("http://a.example/?s=Zk9tQ7vLx8Rm4Wp1&page=2");
        exchange_conceal_reply(&exchange);
        assert_span(buffer_span(&exchange.reply), "You are ****************.");
        assert_span(exchange.final_url, "http://a.example/?s=****************&page=2");
        buffer_free(&exchange.reply);
        arena_free(arena);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(a_status_decides_the_cause),
                                       cmocka_unit_test(a_status_has_its_advice),
                                       cmocka_unit_test(a_redirect_is_told_with_its_address),
                                       cmocka_unit_test(a_reply_is_quoted_unless_it_is_the_markup_of_a_page),
                                       cmocka_unit_test(a_refusal_named_by_the_adapter_concerns_only_the_text),
                                       cmocka_unit_test(a_reason_does_not_tell_how_long_it_took),
                                       cmocka_unit_test(no_answer_is_the_fault_of_network_or_service),
                                       cmocka_unit_test(how_long_to_wait_is_read_however_it_is_written),
                                       cmocka_unit_test(redirects_lead_to_web_addresses_only),
                                       cmocka_unit_test(what_the_proxy_refuses_waits),
                                       cmocka_unit_test(a_password_is_hidden_where_it_may_be_repeated),
                                       cmocka_unit_test(a_key_is_hidden_everywhere)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
