/* robots.txt: groups, longest match, wildcards. */
#include "unit/cmocka_test.h"

#include "stages/formats/robots.h"

static bool allows(const char *text, const char *path) {
    struct arena *arena = arena_new();
    struct robots robots;
    robots_read(span_of(text), SPAN("dragoman"), arena, &robots);
    bool allowed = robots_allow(&robots, span_of(path));
    arena_free(arena);
    return allowed;
}

static void test_empty_allows_all(void **state) {
    (void)state;
    assert_true(allows("", "/a"));
    assert_true(allows("User-agent: *\nDisallow:\n", "/a"));
}

static void test_own_group_wins(void **state) {
    (void)state;
    const char *text =
        "User-agent: *\nDisallow: /\n\nUser-agent: other\nUser-agent: Dragoman # news\r\nDisallow: /private\n";
    assert_true(allows(text, "/news"));
    assert_false(allows(text, "/private/1"));
}

static void test_longest_match_decides(void **state) {
    (void)state;
    const char *text = "User-agent: *\nDisallow: /a\nAllow: /a/open\n";
    assert_false(allows(text, "/a/shut"));
    assert_true(allows(text, "/a/open/1"));
}

static void test_wildcards(void **state) {
    (void)state;
    const char *text = "user-agent: *\ndisallow: /*.pdf$\ndisallow: /*?print=\n";
    assert_false(allows(text, "/x/y.pdf"));
    assert_true(allows(text, "/x/y.pdf.html"));
    assert_false(allows(text, "/x?print=1"));
}

static void test_rules_of_others_do_not_count(void **state) {
    (void)state;
    assert_true(allows("User-agent: other\nDisallow: /\n", "/a"));
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_empty_allows_all), cmocka_unit_test(test_own_group_wins),
                                       cmocka_unit_test(test_longest_match_decides), cmocka_unit_test(test_wildcards),
                                       cmocka_unit_test(test_rules_of_others_do_not_count)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
