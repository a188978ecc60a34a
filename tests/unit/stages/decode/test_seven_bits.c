/* ISO-2022-JP with vendor extensions or without its escape characters, and UTF-7. */
#include "unit/cmocka_test.h"

#include <time.h>

#include "stages/decode/encodings.h"
#include "stages/decode/seven_bits.h"
#include "stages/formats/sniff.h"

static void check(const char *raw, const char *want, size_t bad) {
    struct buffer out = BUFFER(4096);
    assert_true(seven_bits_is_japanese(span_of(raw)));
    assert_int_equal(seven_bits_japanese(span_of(raw), &out), bad);
    assert_span(buffer_span(&out), want);
    buffer_free(&out);
}

static void characters_of_vendors_are_read(void **state) {
    (void)state;
    check("\x1B$B-!@/I\\\x1B(B 1", "①政府 1", 0);
    check("\x1B$B-j;3ED-5\x1B(B", "㈱山田Ⅰ", 0);
    check("\x1B$@F|K\\\x1B(J\\5~\x1B(B\\5~", "日本¥5‾\\5~", 0);
    check("\x1B(I12\x1B(B", "ｱｲ", 0);
    check("\x1B$(D0!\x1B(BA", "丂A", 0);
}

static void damage_costs_one_character(void **state) {
    (void)state;
    check("\x1B$BF|\x1B(BA", "日A", 0);
    check("\x1B$BF|K\n ASCII", "日\xEF\xBF\xBD\n ASCII", 1);
    check("a\xE9z", "a\xEF\xBF\xBDz", 1);
}

static void other_escapes_are_left_to_others(void **state) {
    (void)state;
    assert_false(seven_bits_is_japanese(SPAN("\x1B$BF|\x1B$A:C\x1B(B")));
    assert_false(seven_bits_is_japanese(SPAN("\x1B")));
}

static void stripped_escapes_are_put_back(void **state) {
    (void)state;
    check("It costs US$Bn. $B@/I\\$O(B and $B$9$k(J", "It costs US$Bn. 政府は and する", 0);
    check("$B@/I\\$O\n$B;TD9(B", "$B@/I\\$O\n市長", 0);
}

static void check_stripped(const char *raw, const char *label, const char *want) {
    const char *name = sniff_stripped(span_of(raw), span_of(label));
    if (!want) assert_null(name);
    if (want) assert_non_null(name);
    if (want) assert_string_equal(name, want);
}

static void stripped_texts_are_recognised(void **state) {
    (void)state;
    check_stripped("$B@/I\\$OF|K\\$N(B", "iso-2022-jp", "iso-2022-jp");
    check_stripped("$B@/I\\$OF|K\\$N(B", "", NULL);
    check_stripped("$B@/I\\$OFs==;0F|!\"MhG/EY$NM=;;0F$rH/I=$7$?!#(B", "", "iso-2022-jp");
    check_stripped("Prices in $BUSD and $BTC (BTC) rose, $Bn of them (B)", "iso-2022-jp", NULL);
}

static void utf_7_is_recognised(void **state) {
    (void)state;
    check_stripped("El r+AO0-o", "utf-7", "utf-7");
    check_stripped("1 + 1 = 2, C++ and a+b", "utf-7", NULL);
    check_stripped("El r+AO0-o", "", NULL);
    check_stripped("call +4930123456 or +381 11 2000, C++, g+Builder and x+Abcd", "", NULL);
    check_stripped("+A6QDvw +A7QDtwO8A78 +A5w +A8MDxQO8A7I +A7UDvQOtA7o +A8cDuAO1A8I +A8QDvwO9 +A8ADwQO/A8s", "",
                   "utf-7");
}

static void utf_7_is_read(void **state) {
    (void)state;
    struct encodings encodings;
    struct failure failure = {0};
    struct buffer out = BUFFER(256);
    assert_true(encodings_open(TEST_DATA "/tables", &encodings, &failure));
    const struct encoding_entry *entry = encodings_find(&encodings, SPAN("UTF-7"));
    assert_non_null(entry);
    assert_int_equal(encoding_convert(entry, SPAN("r+AO0-o, 1 +- 1, +A5EDuw."), &out), 0);
    assert_span(buffer_span(&out), "río, 1 + 1, Αλ.");
    buffer_free(&out);
    encodings_close(&encodings);
}

static void hostile_runs_cost_little(void **state) {
    (void)state;
    struct buffer raw = BUFFER(1 << 22), out = BUFFER(1 << 24);
    while (raw.length < 1 << 17) buffer_add_string(&raw, "$B");
    clock_t start = clock();
    sniff_stripped(buffer_span(&raw), SPAN("iso-2022-jp"));
    seven_bits_japanese(buffer_span(&raw), &out);
    assert_true(clock() - start < 20 * CLOCKS_PER_SEC);
    buffer_free(&raw);
    buffer_free(&out);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(characters_of_vendors_are_read),
        cmocka_unit_test(damage_costs_one_character),
        cmocka_unit_test(other_escapes_are_left_to_others),
        cmocka_unit_test(stripped_escapes_are_put_back),
        cmocka_unit_test(stripped_texts_are_recognised),
        cmocka_unit_test(utf_7_is_recognised),
        cmocka_unit_test(utf_7_is_read),
        cmocka_unit_test(hostile_runs_cost_little),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
