#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "stages/decode/repair.h"

static struct encodings encodings;
static struct repairer *repairer;

static void expect(const char *text, const char *expected, const char *kind) {
    struct article *article = article_new();
    struct buffer out = BUFFER(1 << 16);
    repair_text(repairer, span_of(text), article, &out);
    assert_string_equal(out.at, expected);
    assert_int_equal(article->encoding.repair_count, kind ? 1 : 0);
    if (kind) assert_string_equal(article->encoding.repairs[0].kind.at, kind);
    buffer_free(&out);
    article_free(article);
}

static void utf8_read_as_windows_1252(void **state) {
    (void)state;
    expect("Der K\xC3\x83\xC2\xA4se schmeckt.", "Der K\xC3\xA4se schmeckt.", "mojibake utf-8 as windows-1252");
}

static void utf8_read_twice_as_windows_1252(void **state) {
    (void)state;
    expect("Der K\xC3\x83\xC6\x92\xC3\x82\xC2\xA4se schmeckt.", "Der K\xC3\xA4se schmeckt.", "mojibake utf-8 as windows-1252 2 times");
}

static void only_the_broken_paragraph_is_changed(void **state) {
    (void)state;
    expect("K\xC3\xA4se.\nK\xC3\x83\xC2\xA4se.", "K\xC3\xA4se.\nK\xC3\xA4se.", "mojibake utf-8 as windows-1252");
}

static void windows_1251_read_as_windows_1252(void **state) {
    (void)state;
    expect("\xC3\x8F\xC3\xAE\xC3\xA3\xC3\xAE\xC3\xA4\xC3\xA0 \xC3\xB1\xC3\xA5\xC3\xA3\xC3\xAE\xC3\xA4\xC3\xAD\xC3\xBF",
           "\xD0\x9F\xD0\xBE\xD0\xB3\xD0\xBE\xD0\xB4\xD0\xB0 \xD1\x81\xD0\xB5\xD0\xB3\xD0\xBE\xD0\xB4\xD0\xBD\xD1\x8F",
           "mojibake windows-1251 as windows-1252");
}

static void clean(const char *text) { expect(text, text, NULL); }

static void clean_german_is_left_alone(void **state) { (void)state; clean("Stra\xC3\x9F" "en\xC3\xBC" "berg\xC3\xA4nge \xE2\x80\x9Eja\xE2\x80\x9C"); }

static void clean_ukrainian_is_left_alone(void **state) { (void)state; clean("\xD0\x9D\xD1\x96!"); }

static void a_product_sign_before_pounds_is_left_alone(void **state) { (void)state; clean("3\xC3\x97\xC2\xA3" "40"); }

static void capitals_are_left_alone(void **state) { (void)state; clean("R\xC3\x85\xC3\x98T"); }

static int open_tables(void **state) {
    (void)state;
    struct failure failure = {0};
    if (!encodings_open(TEST_DATA "/tables", &encodings, &failure)) return -1;
    repairer = repairer_new(&encodings);
    return 0;
}

static int close_tables(void **state) {
    (void)state;
    repairer_free(repairer);
    encodings_close(&encodings);
    return 0;
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(utf8_read_as_windows_1252),
        cmocka_unit_test(utf8_read_twice_as_windows_1252),
        cmocka_unit_test(only_the_broken_paragraph_is_changed),
        cmocka_unit_test(windows_1251_read_as_windows_1252),
        cmocka_unit_test(clean_german_is_left_alone),
        cmocka_unit_test(clean_ukrainian_is_left_alone),
        cmocka_unit_test(a_product_sign_before_pounds_is_left_alone),
        cmocka_unit_test(capitals_are_left_alone),
    };
    return cmocka_run_group_tests(tests, open_tables, close_tables);
}
