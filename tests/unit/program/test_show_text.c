#include "program/show_text.h"

#include <string.h>

#include "stages/language/unicode.h"
#include "tests/unit/cmocka_test.h"

static struct article *make(const char *source, const char *target, enum segment_status status) {
    struct article *article = article_new();
    struct block *block = article_add_block(article, BLOCK_PARAGRAPH, span_of(source));
    struct segment *segment = article_add_segment(article, block, span_of(source));
    segment->target = span_of(target);
    segment->status = status;
    return article;
}

static void check(struct article *article, size_t columns, const char *expected) {
    struct buffer out = BUFFER(1 << 20);
    if (columns)
        show_text(article, columns, &out);
    else
        show_markdown(article, &out);
    assert_string_equal(out.at, expected);
    buffer_free(&out);
    article_free(article);
}

static void test_lines_are_as_wide_as_the_terminal(void **state) {
    (void)state;
    check(make("uno dos tres cuatro cinco", "one two three four five", SEGMENT_OK), 20,
          "one two three four\nfive\n  > uno dos tres\n  > cuatro cinco\n\n");
    check(make("x", "https://news.example/a/long/path", SEGMENT_OK), 20,
          "https://news.example\n/a/long/path\n  > x\n\n");
    /* A mark stays with the character that it ends, and a combining mark with its letter. */
    check(make("x", "一二三四五六七八九十。一", SEGMENT_OK), 20, "一二三四五六七八九\n十。一\n  > x\n\n");
    check(make("x", "abcdefghijklmnopqrse\xCC\x81u", SEGMENT_OK), 20, "abcdefghijklmnopqrse\xCC\x81\nu\n  > x\n\n");
}

static void test_doubts_and_gaps_are_marked(void **state) {
    (void)state;
    struct article *article = make("dos", "three", SEGMENT_SUSPECT);
    article_add_finding(article, &article->body[0].segments[0], "numbers", SEVERITY_WARNING, SPAN("2 became 3"));
    article_add_finding(article, &article->body[0].segments[0], "names", SEVERITY_NOTE, SPAN("a mere note"));
    check(article, 40, "[?] three\n    2 became 3\n  > dos\n\n");
    check(make("dos", "rejected", SEGMENT_FAILED), 40, "[!] not translated\n  > dos\n\n");
    check(make("dos", "rejected", SEGMENT_FAILED), 0, "**[!]** not translated\n\n> dos\n\n");
    check(make("dos", "", SEGMENT_NEW), 40, "dos\n\n");
}

static void test_no_text_is_obeyed(void **state) {
    (void)state;
    check(make("a\x1b[2J\nb",
               "c\xE2\x80\xAE"
               "d\xC2\xAD"
               "e",
               SEGMENT_OK),
          40,
          "c\xEF\xBF\xBD"
          "de\n  > a\xEF\xBF\xBD[2J b\n\n");
    check(make("x", "# no *heading*", SEGMENT_OK), 0, "\\# no \\*heading\\*\n\n> x\n\n");
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_lines_are_as_wide_as_the_terminal),
                                       cmocka_unit_test(test_doubts_and_gaps_are_marked),
                                       cmocka_unit_test(test_no_text_is_obeyed)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
