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

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_resolve), cmocka_unit_test(test_canonical)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
