/* What texts and values of a page mean. */
#include "unit/cmocka_test.h"

#include "stages/extract/page_text.h"
#include "unit/random_text.h"

#define REPLACED "\xEF\xBF\xBD"

static void check(struct span text, enum page_text_place place, const char *meaning) {
    struct buffer buffer = BUFFER(1000);
    assert_span(page_text_read(text, place, &buffer), meaning);
    buffer_free(&buffer);
}

static void plain_text_is_not_copied(void **state) {
    (void)state;
    struct buffer buffer = BUFFER(1000);
    struct span text = SPAN("Im Hafen lagen <drei> große Kähne, 港口 \xF0\x9F\x98\x80\n\t");
    assert_ptr_equal(page_text_read(text, PAGE_TEXT_BODY, &buffer).at, text.at);
    assert_int_equal(page_text_read(SPAN(""), PAGE_TEXT_BODY, &buffer).length, 0);
    assert_int_equal(buffer.length, 0);
}

static void references_are_replaced(void **state) {
    (void)state;
    check(SPAN("A &amp; B &lt;b&gt; &#8217; &nosuch; & &copy=1&"), PAGE_TEXT_BODY, "A & B <b> ’ &nosuch; & ©=1&");
    check(SPAN("A &amp; B"), PAGE_TEXT_TITLE, "A & B");
    check(SPAN("A &amp; B"), PAGE_TEXT_RAW, "A &amp; B");
    check(SPAN("/?a=1&copy=1&amp;b"), PAGE_TEXT_VALUE, "/?a=1&copy=1&b");
}

static void controls_are_replaced(void **state) {
    (void)state;
    check(SPAN("a\x01"
               "b\x7F\xC2\x85\xEF\xBF\xBF\xEF\xB7\x90"),
          PAGE_TEXT_BODY, "a" REPLACED "b" REPLACED REPLACED REPLACED REPLACED);
    check(SPAN("a\r\nb\rc"), PAGE_TEXT_VALUE, "a\nb\nc");
    check(SPAN("\xC3(\xE2\x82"), PAGE_TEXT_BODY, REPLACED "(" REPLACED REPLACED);
}

static void nuls_are_left_out_of_the_body(void **state) {
    (void)state;
    check(SPAN("a\0b"), PAGE_TEXT_BODY, "ab");
    check(SPAN("\0"), PAGE_TEXT_BODY, "");
    check(SPAN("a\0b"), PAGE_TEXT_TITLE, "a" REPLACED "b");
    check(SPAN("a\0b"), PAGE_TEXT_RAW, "a" REPLACED "b");
    check(SPAN("a\0b"), PAGE_TEXT_VALUE, "a" REPLACED "b");
}

static void the_meaning_is_always_utf8(void **state) {
    (void)state;
    unsigned seed = 1;
    struct buffer text = BUFFER(1 << 16), meaning = BUFFER(1 << 18);
    for (int i = 0; i < 5000; i++) {
        buffer_clear(&text);
        random_text(&seed, &text);
        struct span got = page_text_read(buffer_span(&text), (enum page_text_place)(i % 4), &meaning);
        assert_true(text_valid(got));
        assert_true(got.length == 0 || !memchr(got.at, '\0', got.length));
    }
    buffer_free(&text);
    buffer_free(&meaning);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(plain_text_is_not_copied),   cmocka_unit_test(references_are_replaced),
        cmocka_unit_test(controls_are_replaced),      cmocka_unit_test(nuls_are_left_out_of_the_body),
        cmocka_unit_test(the_meaning_is_always_utf8),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
