/* The values that a page holds for its scripts, printed as JSON, one per line. */
#include "unit/cmocka_test.h"

#include <stdio.h>

#include "pipeline/base/json.h"
#include "stages/extract/script_json.h"

/* 200 characters, so that a value with them is long enough to be read. */
#define FIFTY "abcdefghijklmnopqrstuvwxyabcdefghijklmnopqrstuvwxy"
#define PAD FIFTY FIFTY FIFTY FIFTY

static struct buffer found = {.limit = 64 << 20};

static int free_found(void **state) {
    (void)state;
    buffer_free(&found);
    return 0;
}

static void print(void *context, const cJSON *root) {
    size_t *count = context;
    char *text = cJSON_PrintUnformatted(root);
    buffer_print(&found, "%s%s", (*count)++ ? "\n" : "", text);
    cJSON_free(text);
}

static const char *values_of(const char *page, size_t *ret_count) {
    *ret_count = 0;
    buffer_clear(&found);
    buffer_add_string(&found, "");
    script_json_each(span_of(page), print, ret_count);
    return found.length ? found.at : "";
}

#define assert_values(page, want)                                                                                      \
    do {                                                                                                               \
        size_t count_;                                                                                                 \
        assert_string_equal(values_of(page, &count_), want);                                                           \
    } while (0)

/* Asserts what becomes of an object's member `v`, as it is written in a script. */
static void check_member(const char *written, const char *want) {
    char page[1024], all[1024];
    snprintf(page, sizeof page, "<script>x = {v:%s,pad:'" PAD "'}</script>", written);
    snprintf(all, sizeof all, "{\"v\":%s,\"pad\":\"" PAD "\"}", want);
    assert_values(page, all);
}

static void json_is_taken_as_it_is(void **state) {
    (void)state;
    assert_values("<script type=\"application/json\">{\"a\":[1,{\"b\":null}],\"pad\":\"" PAD "\"}</script>",
                  "{\"a\":[1,{\"b\":null}],\"pad\":\"" PAD "\"}");
}

static void constants_are_kept_and_all_else_is_null(void **state) {
    (void)state;
    static const char *const kept[] = {"0", "7", "-2.5", "9", "1e5", "true", "false", "null", "[1,2]", "{\"a\":1}"};
    static const char *const dropped[] = {
        "name", "a.b",         "-x",     "-",    "!0",   "void 0", "f(1,{a:[2]})",
        "$_1",  "new Date(1)", "truely", "Zeta", "zeta", "Alpha",  "\xC3\xA9t\xC3\xA9"};
    for (size_t i = 0; i < sizeof kept / sizeof *kept; i++)
        check_member(kept[i], strcmp(kept[i], "1e5") == 0 ? "100000" : kept[i]);
    for (size_t i = 0; i < sizeof dropped / sizeof *dropped; i++) check_member(dropped[i], "null");
}

static void strings_of_all_three_kinds_are_strings(void **state) {
    (void)state;
    check_member("\"as it is\"", "\"as it is\"");
    check_member("'it\\'s \"so\"'", "\"it's \\\"so\\\"\"");
    check_member("`a } ] ) ' mark`", "\"a } ] ) ' mark\"");
    check_member("'two\\nlines, a\\u00e9 and a \\\\ sign'", "\"two\\nlines, a\xC3\xA9 and a \\\\ sign\"");
    check_member("'a\\x41b'", "\"a41b\"");
    check_member("'one\ttab and\nline'", "\"one tab and line\"");
    check_member("'one\\\nline'", "\"oneline\"");
    check_member("'one'+two", "\"one\"");
}

static void names_are_quoted_and_commas_dropped(void **state) {
    (void)state;
    check_member("{a:1,$b_2 : 2,'c':3,}", "{\"a\":1,\"$b_2\":2,\"c\":3}");
    check_member("[1,[2,],]", "[1,[2]]");
    check_member("[ ]", "[]");
}

static void only_values_are_read(void **state) {
    (void)state;
    const char *want = "{\"pad\":\"" PAD "\"}";
    assert_values("<script>window.x = {\"pad\":\"" PAD "\"}</script>", want);
    assert_values("<script>var x=\n{\"pad\":\"" PAD "\"};</script>", want);
    assert_values("<script> {\"pad\":\"" PAD "\"}</script>", want);
    assert_values("<script>(function () { return {\"pad\":\"" PAD "\"}; })()</script>", want);
    assert_values("<script>if (y) {\"pad\";'" PAD "'}</script>", "");
    assert_values("<script>f({\"pad\":\"" PAD "\"})</script>", "");
    assert_values("<script>s = \"t = {u:'" PAD "'}\"</script>", "");
    assert_values("<script>s = 't = {'; x = {\"pad\":\"" PAD "\"}</script>", want);
    assert_values("<script>x = [\"" PAD "\"]</script>", "[\"" PAD "\"]");
}

static void every_script_but_linked_data_is_read(void **state) {
    (void)state;
    assert_values("<p>x = {pad:'" PAD "'}</p><script id=a>x = {n:1,pad:'" PAD "'};y = {n:2,pad:'" PAD
                  "'}</script><script type=\"application/ld+json\">{\"n\":3,\"pad\":\"" PAD
                  "\"}</script><script>{\"n\":4,\"pad\":\"" PAD "\"}</script><script src=x>",
                  "{\"n\":1,\"pad\":\"" PAD "\"}\n{\"n\":2,\"pad\":\"" PAD "\"}\n{\"n\":4,\"pad\":\"" PAD "\"}");
    assert_values("<script>x = {pad:'" PAD "'}", "{\"pad\":\"" PAD "\"}");
    assert_values("<script", "");
}

static void short_values_are_no_articles(void **state) {
    (void)state;
    size_t count;
    char page[512];
    for (size_t length = 190; length < 210; length++) {
        snprintf(page, sizeof page, "<script>x = {a:'%.*s'}</script>", (int)length - 6, PAD PAD);
        values_of(page, &count);
        assert_int_equal(count, length > 200);
    }
}

/* Writes `count` times `piece` and then `last` in one script. */
static size_t count_values(const char *piece, size_t count, const char *last) {
    struct buffer page = BUFFER(64 << 20);
    size_t values;
    buffer_add_string(&page, "<script>");
    for (size_t i = 0; i < count; i++) buffer_add_string(&page, piece);
    buffer_print(&page, "%s</script>", last);
    values_of(page.at, &values);
    buffer_free(&page);
    return values;
}

static void a_page_cannot_make_us_read_without_end(void **state) {
    (void)state;
    const char *value = "x = {pad:'" PAD "'};";
    assert_int_equal(count_values(value, 15, ""), 15);
    assert_int_equal(count_values(value, 16, ""), 16);
    assert_int_equal(count_values(value, 17, ""), 16);
    assert_int_equal(count_values("u = [(", 31, value), 1);
    assert_int_equal(count_values("u = [(", 32, value), 0);
    assert_int_equal(count_values(" ", (4 << 20) - 300, value), 1);
    assert_int_equal(count_values("z", (4 << 20), value), 0);
}

static void lists_of_references_are_unfolded(void **state) {
    (void)state;
    assert_values("<script>[{\"a\":1,\"b\":2,\"c\":4},\"" PAD "\",[3,1],{\"d\":4},7]</script>",
                  "{\"a\":\"" PAD "\",\"b\":[{\"d\":7},\"" PAD "\"],\"c\":7}");
    assert_values("<script>[[\"Reactive\",1],{\"a\":2},\"" PAD "\"]</script>", "{\"a\":\"" PAD "\"}");
    assert_values("<script>[{\"a\":1,\"b\":2,\"c\":-1},\"" PAD "\"]</script>",
                  "{\"a\":\"" PAD "\",\"b\":null,\"c\":null}");
}

static void other_lists_stay_as_they_are(void **state) {
    (void)state;
    static const char *const lists[] = {"[{\"a\":1}]",
                                        "[{\"a\":\"x\"},1]",
                                        "[1,{\"a\":1}]",
                                        "[[],1]",
                                        "[[\"x\",\"y\"],1]",
                                        "[[\"x\"],1]",
                                        "[{},\"a\"]",
                                        "[{\"a\":\"x\"},{\"a\":\"y\"}]",
                                        "[{\"a\":1,\"b\":\"x\"},1]"};
    for (size_t i = 0; i < sizeof lists / sizeof *lists; i++) {
        char page[512]; /* with so many spaces that the list is long enough */
        snprintf(page, sizeof page, "<script>x = %.*s%200s]</script>", (int)strlen(lists[i]) - 1, lists[i], "");
        assert_values(page, lists[i]);
    }
}

static void cycles_end(void **state) {
    (void)state;
    size_t count, depth = 0;
    const char *at = values_of("<script>[{\"a\":0},\"" PAD "\"]</script>", &count);
    for (; (at = strstr(at, "\"a\"")); at += 3) depth++;
    assert_in_range(depth, 20, 100);
    values_of("<script>[[0,0,0,0,0,0,0,0,0,0],\"" PAD "\"]</script>", &count);
    assert_int_equal(count, 1);
    assert_in_range(found.length, 1000, 32 << 20);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(json_is_taken_as_it_is),
        cmocka_unit_test(constants_are_kept_and_all_else_is_null),
        cmocka_unit_test(strings_of_all_three_kinds_are_strings),
        cmocka_unit_test(names_are_quoted_and_commas_dropped),
        cmocka_unit_test(only_values_are_read),
        cmocka_unit_test(every_script_but_linked_data_is_read),
        cmocka_unit_test(short_values_are_no_articles),
        cmocka_unit_test(a_page_cannot_make_us_read_without_end),
        cmocka_unit_test(lists_of_references_are_unfolded),
        cmocka_unit_test(other_lists_stay_as_they_are),
        cmocka_unit_test(cycles_end),
    };
    return cmocka_run_group_tests(tests, NULL, free_found);
}
