/* What libcurl's errors become: whether it helps to ask again, whose fault it is, and what the user is told. */
#include "unit/failure_is.h"

#include <curl/curl.h>

#include "pipeline/net/http_error.h"

static struct failure describe(const char *url, int code, const char *detail) {
    struct arena *arena = arena_new();
    struct exchange exchange;
    exchange_start(&exchange, EXCHANGE_HTTP, arena);
    exchange.url = span_of(url);
    http_error_describe(&exchange, code, detail);
    struct failure failure = exchange.failure;
    exchange_clear(&exchange);
    arena_free(arena);
    return failure;
}

static void each_error_has_its_remedy_and_sentence(void **state) {
    (void)state;
    static const struct {
        int code;
        enum failure_remedy remedy;
        enum failure_cause cause;
        const char *said;
    } errors[] = {
        {CURLE_COULDNT_RESOLVE_HOST, REMEDY_RETRY, CAUSE_NETWORK, "a.example:81 was not found: check the address"},
        {CURLE_COULDNT_RESOLVE_PROXY, REMEDY_NONE, CAUSE_NETWORK, "was not contacted because the proxy was not found"},
        {CURLE_COULDNT_CONNECT, REMEDY_RETRY, CAUSE_NETWORK, "a.example:81 cannot be reached"},
        {CURLE_OPERATION_TIMEDOUT, REMEDY_RETRY, CAUSE_NETWORK, "a.example:81 timed out"},
        {CURLE_GOT_NOTHING, REMEDY_RETRY, CAUSE_NETWORK, "closed the connection without a reply"},
        {CURLE_PARTIAL_FILE, REMEDY_RETRY, CAUSE_NETWORK, "closed the connection in the middle of its reply"},
        {CURLE_RECV_ERROR, REMEDY_RETRY, CAUSE_NETWORK, "closed the connection in the middle of its reply"},
        {CURLE_HTTP2, REMEDY_RETRY, CAUSE_NETWORK, "closed the connection in the middle of its reply"},
        {CURLE_HTTP2_STREAM, REMEDY_RETRY, CAUSE_NETWORK, "closed the connection in the middle of its reply"},
        {CURLE_SEND_ERROR, REMEDY_RETRY, CAUSE_NETWORK, "a.example:81: more"},
        {CURLE_PEER_FAILED_VERIFICATION, REMEDY_NONE, CAUSE_NETWORK, "has a certificate that cannot be verified"},
        {CURLE_SSL_CACERT_BADFILE, REMEDY_NONE, CAUSE_NETWORK, "check ca_file in [http]"},
        {CURLE_URL_MALFORMAT, REMEDY_NONE, CAUSE_ARTICLE, "is not a valid address: it must begin with http://"},
        {CURLE_FAILED_INIT, REMEDY_NONE, CAUSE_ARTICLE, "a.example:81: more"}};
    for (size_t i = 0; i < sizeof errors / sizeof *errors; i++) {
        struct failure failure = describe("http://a.example:81/x?key=secret", errors[i].code, "more");
        assert_failure(&failure, REACH_ARTICLE, errors[i].remedy, errors[i].cause, EXIT_DONE, errors[i].said);
        assert_non_null(strstr(failure.sentence, "more"));
        assert_null(strstr(failure.sentence, "secret"));
        assert_string_equal(failure.blamed, errors[i].cause == CAUSE_NETWORK ? "a.example:81" : "");
    }
}

static void encryption_is_named_by_the_address(void **state) {
    (void)state;
    struct failure failure = describe("https://a.example/", CURLE_SSL_CONNECT_ERROR, "");
    assert_failure(&failure, REACH_ARTICLE, REMEDY_RETRY, CAUSE_NETWORK, EXIT_DONE,
                   "check that this port expects https:");
    failure = describe("http://a.example/", CURLE_SSL_CONNECT_ERROR, "");
    assert_failure(&failure, REACH_ARTICLE, REMEDY_RETRY, CAUSE_NETWORK, EXIT_DONE, "could not negotiate encryption (");
}

static void libcurl_s_own_words_stand_in_for_missing_ones(void **state) {
    (void)state;
    struct failure failure = describe("https://a.example/", CURLE_SEND_ERROR, "");
    assert_failure(&failure, REACH_ARTICLE, REMEDY_RETRY, CAUSE_NETWORK, EXIT_DONE, "a.example: Failed sending data");
}

static void a_login_in_the_address_is_not_shown(void **state) {
    (void)state;
    static const char *const urls[] = {"http://ann:secret@a.example/", "http://a.example?secret",
                                       "http://a.example#secret", "a.example/secret"};
    for (size_t i = 0; i < sizeof urls / sizeof *urls; i++) {
        struct failure failure = describe(urls[i], CURLE_COULDNT_CONNECT, "");
        assert_string_equal(failure.blamed, "a.example");
        assert_null(strstr(failure.sentence, "secret"));
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(each_error_has_its_remedy_and_sentence),
                                       cmocka_unit_test(encryption_is_named_by_the_address),
                                       cmocka_unit_test(libcurl_s_own_words_stand_in_for_missing_ones),
                                       cmocka_unit_test(a_login_in_the_address_is_not_shown)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
