/* Text that stays text in Markdown. tests/command/test_markdown.py has a real parser read it. */
#include "unit/cmocka_test.h"

#include "stages/digest/markdown.h"
#include "unit/random_text.h"

static void becomes(const char *text, const char *wanted) {
    struct buffer out = BUFFER(1 << 16);
    markdown_text(&out, span_of(text));
    assert_string_equal(out.length ? out.at : "", wanted);
    buffer_free(&out);
}

static void links_to(const char *address, const char *wanted) {
    struct buffer out = BUFFER(1 << 16);
    markdown_link(&out, span_of(address));
    assert_string_equal(out.length ? out.at : "", wanted);
    buffer_free(&out);
}

static void plain_text_stays_as_it_is(void **state) {
    (void)state;
    becomes("Prices rise by 3.5 % (to 4:30) - \"why\", she said; 2026: a year!",
            "Prices rise by 3.5 % (to 4:30) - \"why\", she said; 2026: a year!");
    becomes("می\u200cخواهم", "می\u200cخواهم");
    becomes("", "");
}

static void markup_is_escaped(void **state) {
    (void)state;
    becomes("[a](b) <i> `c` *d* _e_ &lt; x|y ~z~ $1 {f} \\ #",
            "\\[a\\](b) \\<i\\> \\`c\\` \\*d\\* \\_e\\_ \\&lt; x\\|y "
            "\\~z\\~ \\$1 \\{f\\} \\\\ \\#");
}

static void only_a_beginning_can_open_a_block(void **state) {
    (void)state;
    becomes("- a - b", "\\- a - b");
    becomes("1. a 1. b", "1\\. a 1. b");
    becomes("123456789) a", "123456789\\) a");
    becomes("1234567890. no item has so many digits", "1234567890. no item has so many digits");
    becomes("=== a ===", "\\=== a ===");
}

static void addresses_become_no_links(void **state) {
    (void)state;
    becomes("https://a.example WWW.a.example", "https\\://a.example WWW\\.a.example");
    becomes("mailto:a@b.example", "mailto\\:a@<!---->b.example");
    becomes("at 5 @ home", "at 5 @ home");
}

static void a_text_is_one_line_in_its_own_direction(void **state) {
    (void)state;
    becomes(" a\r\nb\u2028c\xC2\x85"
            "d\t e ",
            "a b c d e");
    becomes("\u202Ea\u202C\u2067b\u2069\u200B\uFEFFc\u00ADd", "abcd");
    becomes("\u3000- a", "\\- a");
}

/* Most texts need no copy without breaks and repeated spaces. What is left out at the beginning makes one necessary. */
static void a_text_without_breaks_comes_out_the_same(void **state) {
    (void)state;
    unsigned seed = 5;
    struct buffer text = BUFFER(1 << 16), plain = BUFFER(1 << 16), copied = BUFFER(1 << 16);
    for (int i = 0; i < 20000; i++) {
        buffer_clear(&text), buffer_clear(&plain), buffer_clear(&copied);
        buffer_add_string(&text, "\u200B");
        random_text(&seed, &text);
        markdown_text(&plain, span_cut(buffer_span(&text), 3, text.length));
        markdown_text(&copied, buffer_span(&text));
        assert_true(span_equal(buffer_span(&plain), buffer_span(&copied)));
    }
    buffer_free(&text), buffer_free(&plain), buffer_free(&copied);
}

static void links_hold_any_address(void **state) {
    (void)state;
    links_to("https://a.example/x?a=1&b=2", "<https://a.example/x?a=1&b=2>");
    links_to("https://a.example/&copy;", "<https://a.example/&amp;copy;>");
    links_to("https://a.example/a b<c>\"", "<https://a.example/a%20b%3Cc%3E%22>");
    links_to("https://a.example/\u202Eé", "<https://a.example/%E2%80%AEé>");
    links_to("javascript:alert(1)", "");
    links_to("/srv/a.html", "");
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(plain_text_stays_as_it_is),
                                       cmocka_unit_test(markup_is_escaped),
                                       cmocka_unit_test(only_a_beginning_can_open_a_block),
                                       cmocka_unit_test(addresses_become_no_links),
                                       cmocka_unit_test(a_text_is_one_line_in_its_own_direction),
                                       cmocka_unit_test(a_text_without_breaks_comes_out_the_same),
                                       cmocka_unit_test(links_hold_any_address)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
