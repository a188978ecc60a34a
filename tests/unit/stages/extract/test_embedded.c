/* Articles inside data for scripts. */
#include "unit/cmocka_test.h"

#include <time.h>

#include "stages/extract/embedded.h"

static const char words[] =
    "Words that a script would have put on the page, and more of them, until there are enough. ";

/* Finds the text in a page whose script repeats `words` six times between two marks. */
static struct span find(struct arena *arena, const char *before, const char *behind) {
    struct buffer page = BUFFER(1 << 16);
    buffer_add_string(&page, before);
    for (int i = 0; i < 6; i++) buffer_add_string(&page, words);
    buffer_add_string(&page, behind);
    struct span copy = arena_copy(arena, buffer_span(&page));
    buffer_free(&page);
    return embedded_article(copy, arena);
}

static void check_starts(const char *before, const char *behind, const char *wanted) {
    struct arena *arena = arena_new();
    struct span found = find(arena, before, behind);
    assert_true(span_starts(found, span_of(wanted)));
    assert_true(wanted[0] || found.length == 0);
    arena_free(arena);
}

static void strings_with_paragraphs_are_found(void **state) {
    (void)state;
    check_starts("<script>x={\"a\":\"short\",\"b\":\"<p>", "</p>\"}</script>", "<p>Words");
    check_starts("<script>x={\"b\":\"\\u003cp\\u003e", "\\u003c/p\\u003e\"}</script>", "<p>Words");
    check_starts("<script>x=[\"{\\\"b\\\":\\\"\\\\u003cp\\\\u003e", "\\\"}\"]</script>", "<p>Words");
    check_starts("<script>x={\"b\":\"<p>\\ud83d\\ude00 \\u00e9 \\\"q\\\" ", "\"}</script>",
                 "<p>\xF0\x9F\x98\x80 \xC3\xA9 \"q\" Words");
}

/* An escape that means nothing is left out, and so is a NUL. */
static void wrong_escapes_are_left_out(void **state) {
    (void)state;
    check_starts("<script>x={\"b\":\"<p>a\\uZZZZb ", "\"}</script>", "<p>auZZZZb Words");
    check_starts("<script>x={\"b\":\"<p>a\\u0000b ", "\"}</script>", "<p>ab Words");
}

static void other_strings_are_not(void **state) {
    (void)state;
    check_starts("<script>x={\"b\":\"", "\"}</script>", "");
    check_starts("x={\"b\":\"<p>", "\"}", "");
    check_starts("<script>x={\"b\":\"<p>few\"}</script>", "", "");
}

static void unclosed_quotes_take_linear_time(void **state) {
    (void)state;
    struct arena *arena = arena_new();
    struct buffer page = BUFFER(32 << 20);
    buffer_add_string(&page, "<script>");
    for (int i = 0; i < 2000000; i++) buffer_add_string(&page, i % 3 ? "\\\"" : "\"<p>");
    clock_t start = clock();
    embedded_article(buffer_span(&page), arena);
    assert_true((double)(clock() - start) / CLOCKS_PER_SEC < 10);
    buffer_free(&page);
    arena_free(arena);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(strings_with_paragraphs_are_found),
        cmocka_unit_test(wrong_escapes_are_left_out),
        cmocka_unit_test(other_strings_are_not),
        cmocka_unit_test(unclosed_quotes_take_linear_time),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
