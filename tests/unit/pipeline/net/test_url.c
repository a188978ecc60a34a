/* Resolving and normalising addresses. */
#include "unit/cmocka_test.h"

#include "pipeline/net/url.h"

static void resolves(const char *base, const char *reference, const char *expected) {
    struct arena *arena = arena_new();
    struct span found = url_resolve(span_of(base), span_of(reference), arena);
    if (!span_is(found, expected)) print_error("%s + %s gives %.*s\n", base, reference, SPAN_ARGS(found));
    assert_true(span_is(found, expected));
    arena_free(arena);
}

static void test_resolve(void **state) {
    (void)state;
    resolves("https://a.example/news/feed.xml", "1.html", "https://a.example/news/1.html");
    resolves("https://a.example/news/feed.xml", "../x?y=1", "https://a.example/x?y=1");
    resolves("https://a.example/news/", "//b.example/z", "https://b.example/z");
    resolves("file:///srv/feeds/feed.xml", "pages/1.html", "file:///srv/feeds/pages/1.html");
    resolves("https://a.example/", "javascript:alert(1)", "");
    resolves("https://a.example/", "", "");
    resolves("", "no address", "");
}

static void canonical(const char *url, const char *expected) {
    static const struct span tracking[] = {{"utm_*", 5}, {"fbclid", 6}};
    struct arena *arena = arena_new();
    struct span found = url_canonical(span_of(url), tracking, 2, arena);
    if (!span_is(found, expected)) print_error("%s gives %.*s\n", url, SPAN_ARGS(found));
    assert_true(span_is(found, expected));
    arena_free(arena);
}

static void test_canonical(void **state) {
    (void)state;
    canonical("HTTPS://A.Example:443/Path?utm_source=x&id=2&fbclid=9#part", "https://a.example/Path?id=2");
    canonical("https://a.example/p?utm_medium=rss", "https://a.example/p");
    canonical("https://a.example/p?a=%26&b", "https://a.example/p?a=%26&b");
    canonical("item 17", "item 17");
}

static void what_is_left_of_a_query_keeps_its_form(void **state) {
    (void)state;
    canonical("https://a.example/p?b=1&utm_term=x&a=2", "https://a.example/p?b=1&a=2");
    canonical("https://a.example/p?utm_term=x&b=1", "https://a.example/p?b=1");
    canonical("https://a.example/p?b=1&utm_term=x", "https://a.example/p?b=1");
    canonical("https://a.example/p?b=1&&&c=3&", "https://a.example/p?b=1&c=3");
    canonical("https://a.example/p?", "https://a.example/p");
    canonical("https://a.example/p?b=1=2&c", "https://a.example/p?b=1=2&c");
    canonical("https://a.example/p?UTM_Term=x&FBclid=1", "https://a.example/p");
    canonical("https://a.example/p?fbclid2=x&my_utm_term=y", "https://a.example/p?fbclid2=x&my_utm_term=y");
    canonical("https://a.example/p?fbclid&utm_", "https://a.example/p");
    canonical("http://a.example:80/p", "http://a.example/p");
    canonical("http://a.example:8080/p", "http://a.example:8080/p");
}

static void host(const char *url, const char *expected) {
    struct arena *arena = arena_new();
    struct span found = url_host(span_of(url), arena);
    if (!span_is(found, expected)) print_error("the host of %s is %.*s\n", url, SPAN_ARGS(found));
    assert_true(span_is(found, expected));
    arena_free(arena);
}

static void a_host_is_the_same_however_it_is_written(void **state) {
    (void)state;
    host("https://News.Example:443/a", "news.example");
    host("http://news.example:80/a?b", "news.example");
    host("http://news.example:443/", "news.example:443");
    host("https://somebody:secret@news.example:8443", "news.example:8443");
    host("http://[::1]:81/", "[::1]:81");
    host("news", "");
    host("", "");
}

/* What a user may have mistyped, with the word of the answer that says what to look at. */
static void a_fault_of_an_address_is_named(void **state) {
    static const char *const cases[][2] = {
        {"ftp://a.example/", "begin with http"},   {"a.example", "begin with http"},
        {"https://a.example/a b", "a space"},      {"https://a.example/\x7f", "a space"},
        {"https://a.example/\"", "a quote"},       {"https://a.example/<1", "angle bracket"},
        {"https://a.example/1>", "angle bracket"}, {"https://", "check the host"},
        {"https:///a", "check the host"},          {"https://?a", "check the host"},
        {"https://#a", "check the host"},          {"https://.a.example/", "check the host"},
        {"https://a..example/", "check the host"}, {"https://a.example:99999/", "host and port"},
        {"https://me@a.example/", "login"},        {"https://me:word@a.example/", "login"},
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const char *fault = url_fault(span_of(cases[i][0]));
        if (!fault || !strstr(fault, cases[i][1])) fail_msg("%s: %s", cases[i][0], fault ? fault : "no fault");
    }
    assert_null(url_fault(SPAN("https://a.example")));
    assert_null(url_fault(SPAN("HTTP://a.example:8080/b?c=d#e")));
    assert_null(url_fault(SPAN("http://[::1]:5000/")));
}

static void an_address_has_a_longest_length(void **state) {
    char longest[URL_LIMIT + 2] = "https://a.example/", name[300] = "https://";
    (void)state;
    memset(longest + 18, 'x', URL_LIMIT - 18);
    assert_null(url_fault(span_of(longest)));
    longest[URL_LIMIT] = 'x';
    assert_non_null(strstr(url_fault(span_of(longest)), "too long"));
    for (int i = 0; i < 253; i++) name[8 + i] = i % 60 == 59 ? '.' : 'x';
    assert_null(url_fault(span_of(name)));
    name[8 + 253] = 'x';
    assert_non_null(strstr(url_fault(span_of(name)), "check the host"));
}

static void a_file_is_named_by_itself(void **state) {
    (void)state;
    assert_true(url_names_file(SPAN(" FILE:a")));
    assert_true(url_names_file(SPAN("/etc/hosts")));
    assert_false(url_names_file(SPAN("etc/hosts")));
    assert_false(url_names_file(SPAN("https://a.example/")));
    assert_true(url_is_remote(SPAN("HTTPS://a.example/")));
    assert_true(url_is_remote(SPAN("Http://a.example/")));
    assert_false(url_is_remote(SPAN("file:///a")));
}

static void shown(const char *text, const char *expected) {
    struct buffer out = BUFFER(1000);
    url_add_without_users(&out, span_of(text));
    if (!span_is(buffer_span(&out), expected)) print_error("%s becomes %.*s\n", text, SPAN_ARGS(buffer_span(&out)));
    assert_true(span_is(buffer_span(&out), expected));
    buffer_free(&out);
}

static void no_login_is_shown(void **state) {
    (void)state;
    shown("http://me:word@a.example/b", "http://a.example/b");
    shown("//me@a.example", "//a.example");
    shown("see http://me:w@rd@a.example/ and\thttps://you@b.example?", "see http://a.example/ and\thttps://b.example?");
    shown("<a href=\"//me@a.example/\"> href='//me@a.example'", "<a href=\"//a.example/\"> href='//a.example'");
    shown("http://a.example/b@c", "http://a.example/b@c");
    shown("http://a.example?b@c", "http://a.example?b@c");
    shown("http://a.example/b//me@c", "http://a.example/b//me@c");
    shown("me@a.example", "me@a.example");
    shown("/", "/");
    shown("", "");
}

static void check_ascii(const char *url, const char *expected) {
    struct arena *arena = arena_new();
    assert_span(url_ascii(span_of(url), arena), expected);
    arena_free(arena);
}

static void hosts_are_requested_in_ascii(void **state) {
    (void)state;
    check_ascii("https://bücher.example/feed?q=ü#x", "https://xn--bcher-kva.example/feed?q=%c3%bc#x");
    check_ascii("https://b%C3%BCcher.example:8443/", "https://xn--bcher-kva.example:8443/");
    check_ascii("http://anna@новини.example/", "http://anna@xn--b1amarcd.example/");
    check_ascii("http://新聞。example/", "http://xn--efvv70d.example/");
    check_ascii("http://\xEF\xBC\x91\xEF\xBC\x92\xEF\xBC\x97.0.0.1/", "http://127.0.0.1/");
    check_ascii("http://straße.example/", "http://xn--strae-oqa.example/");
    check_ascii("http://A.Example/%C3%BC", "http://A.Example/%C3%BC"); /* unchanged */
    check_ascii("smtp://büro.example:587", "smtp://xn--bro-hoa.example:587/");
    /* No name: a hyphen in front, a slash in the host, bytes that are not UTF-8, a label that is too long. */
    check_ascii("http://-ü.example/", "");
    check_ascii("http://ü\xEF\xBC\x8F"
                "a.example/",
                "");
    check_ascii("http://\xFC.example/", "");
    check_ascii("http://\xE2\x80\x8D.example/", "");
}

static void hosts_are_compared_in_ascii(void **state) {
    (void)state;
    struct arena *arena = arena_new();
    assert_span(url_host(SPAN("https://BÜCHER.example:8443/"), arena), "xn--bcher-kva.example:8443");
    assert_span(url_host(SPAN("https://XN--BCHER-KVA.example/"), arena), "xn--bcher-kva.example");
    assert_span(url_host(SPAN("https://-ü.example/"), arena), "-ü.example");
    canonical("https://Bücher.example/a", "https://xn--bcher-kva.example/a");
    assert_null(url_fault(SPAN("https://новини.example/")));
    assert_string_equal(url_fault(SPAN("https://-ü.example/")), "is not a valid address: check the host");
    arena_free(arena);
}

static void check_spelling(const char *url, const char *other, const char *expected) {
    struct arena *arena = arena_new();
    assert_span(url_spelled_as(span_of(url), span_of(other), arena), expected);
    arena_free(arena);
}

/* Only as somebody has written it: nothing is decoded, because a decoded name may look like another. */
static void an_address_stays_as_it_was_spelled(void **state) {
    (void)state;
    check_spelling("https://xn--bcher-kva.example/b?c", "https://bücher.example/a", "https://bücher.example/b?c");
    check_spelling("https://xn--bcher-kva.example/b", "https://bucher.example/a", "https://xn--bcher-kva.example/b");
    check_spelling("https://xn--pple-43d.example/", "https://apple.example/", "https://xn--pple-43d.example/");
    check_spelling("https://a.example/b", "https://A.example/", "https://a.example/b");
}

static void a_path_becomes_an_address(void **state) {
    (void)state;
    struct arena *arena = arena_new();
    assert_span(url_of_file(SPAN("/srv/news/latest/index.html"), arena), "file:///srv/news/latest/index.html");
    assert_span(url_of_file(SPAN("/home/Zoë/my news%/a?b#c"), arena), "file:///home/Zo%C3%AB/my%20news%25/a%3Fb%23c");
    arena_free(arena);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_path_becomes_an_address),
        cmocka_unit_test(test_resolve),
        cmocka_unit_test(test_canonical),
        cmocka_unit_test(what_is_left_of_a_query_keeps_its_form),
        cmocka_unit_test(a_host_is_the_same_however_it_is_written),
        cmocka_unit_test(a_fault_of_an_address_is_named),
        cmocka_unit_test(an_address_has_a_longest_length),
        cmocka_unit_test(a_file_is_named_by_itself),
        cmocka_unit_test(no_login_is_shown),
        cmocka_unit_test(hosts_are_requested_in_ascii),
        cmocka_unit_test(hosts_are_compared_in_ascii),
        cmocka_unit_test(an_address_stays_as_it_was_spelled),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
