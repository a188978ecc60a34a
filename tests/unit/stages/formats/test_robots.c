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

static void test_a_byte_order_mark_is_not_part_of_the_first_line(void **state) {
    (void)state;
    assert_false(allows("\xEF\xBB\xBFUser-agent: *\nDisallow: /private/\n", "/private/1"));
}

/* The file and the address may use different forms of the same byte. */
static void test_escaped_and_bare_bytes_are_the_same(void **state) {
    (void)state;
    assert_false(allows("User-agent: *\nDisallow: /новини/\n", "/%D0%BD%D0%BE%D0%B2%D0%B8%D0%BD%D0%B8/1"));
    assert_false(allows("User-agent: *\nDisallow: /%d0%bd%d0%be%d0%b2%d0%b8%d0%bd%d0%b8/\n", "/новини/1"));
    assert_false(allows("User-agent: *\nDisallow: /%7Eana/\n", "/~ana/1"));
    assert_false(allows("User-agent: *\nDisallow: /a-b\n", "/a%2Db"));
    assert_true(allows("User-agent: *\nDisallow: /a%2Fb\n", "/a/b"));
    assert_false(allows("User-agent: *\nDisallow: /a%2fb\n", "/a%2Fb"));
}

static void test_stars_in_addresses_are_not_wildcards(void **state) {
    (void)state;
    assert_false(allows("User-agent: *\nDisallow: /a%2A\n", "/a*"));
    assert_true(allows("User-agent: *\nDisallow: /a%2A\n", "/ab"));
    assert_false(allows("User-agent: *\nDisallow: /a%24\n", "/a$b"));
}

static void test_the_product_counts_and_not_its_version(void **state) {
    (void)state;
    assert_false(allows("User-agent: Dragoman/2.1 (+https://a.example)\nDisallow: /a\n", "/a"));
    assert_true(allows("User-agent: dragoman-images\nDisallow: /a\n", "/a"));
    assert_false(allows("User-agent: * # everybody\nDisallow: /a\n", "/a"));
    assert_true(allows("User-agent: dragoman\nAllow: /a\nUser-agent: *\nDisallow: /\n", "/a"));
}

static void test_groups_of_one_agent_are_joined(void **state) {
    (void)state;
    const char *text =
        "User-agent: dragoman\nDisallow: /a\n\nUser-agent: x\nDisallow: /c\nUser-agent: dragoman\nDisallow: /b\n";
    assert_false(allows(text, "/a"));
    assert_false(allows(text, "/b"));
    assert_true(allows(text, "/c"));
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_empty_allows_all),
                                       cmocka_unit_test(test_own_group_wins),
                                       cmocka_unit_test(test_longest_match_decides),
                                       cmocka_unit_test(test_wildcards),
                                       cmocka_unit_test(test_rules_of_others_do_not_count),
                                       cmocka_unit_test(test_a_byte_order_mark_is_not_part_of_the_first_line),
                                       cmocka_unit_test(test_escaped_and_bare_bytes_are_the_same),
                                       cmocka_unit_test(test_stars_in_addresses_are_not_wildcards),
                                       cmocka_unit_test(test_the_product_counts_and_not_its_version),
                                       cmocka_unit_test(test_groups_of_one_agent_are_joined)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
