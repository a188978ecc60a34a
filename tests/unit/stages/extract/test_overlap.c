/* How much of one text occurs in another, whatever its spaces, marks and case. */
#include "unit/cmocka_test.h"

#include "stages/extract/overlap.h"

/* 26 letters: three windows of 24. */
#define ALPHABET "abcdefghijklmnopqrstuvwxyz"
#define DIGITS "012345678901234567890123456789"

static double share(const char *whole, const char *part) {
    struct arena *arena = arena_new();
    struct overlap overlap = overlap_make(span_of(whole), arena);
    double found = overlap_share(&overlap, span_of(part));
    arena_free(arena);
    return found;
}

static void assert_near(double given, double wanted) {
    if (given < wanted - 1e-9 || given > wanted + 1e-9) fail_msg("%f, and not %f", given, wanted);
}

static void the_share_is_that_of_the_second_text(void **state) {
    (void)state;
    assert_near(share(ALPHABET, ALPHABET), 1);
    assert_near(share("0" ALPHABET "1", ALPHABET), 1);
    assert_near(share(ALPHABET, DIGITS), 0);
    /* 3 of the 28 windows of the longer text */
    assert_near(share(ALPHABET, ALPHABET "0123456789012345678901234"), 3.0 / 28);
}

static void texts_without_a_window_share_nothing(void **state) {
    (void)state;
    assert_near(share(ALPHABET, "abcdefghijklmnopqrstuvw"), 0);
    assert_near(share(ALPHABET, "abcdefghijklmnopqrstuvwx"), 1);
    assert_near(share("abcdefghijklmnopqrstuvw", "abcdefghijklmnopqrstuvwx"), 0);
    assert_near(share(ALPHABET, ""), 0);
    assert_near(share("", ALPHABET), 0);
}

static void spaces_marks_and_case_do_not_count(void **state) {
    (void)state;
    assert_near(share(ALPHABET "0189", "ABCDEFGHIJKLM NOPQRSTUVWXYZ0189"), 1);
    assert_near(share(ALPHABET, "ab, cd. ef (gh) ij-kl \"mn\" op\nqr/st:uv;wx!yz@`{["), 1);
    assert_near(share(ALPHABET, "\xE2\x80\x9C"
                                "abcdefghijklm\xE2\x80\x94nopqr\xC2\xA0stuvwxyz\xE2\x80\x9D"),
                1);
}

static void other_letters_count(void **state) {
    (void)state;
    assert_near(share("Пароход ушёл в море без капитана", "пароход ушёл"), 0); /* case of ASCII alone is ignored */
    assert_near(share("Пароход ушёл в море без капитана", "ушёл в море, без капитана"), 1);
    assert_near(share("漁船が嵐の中で港に戻った", "漁船が嵐の中で港に戻った。"), 13.0 / 16);
    assert_near(share("abcdefghijkl€nopqrstuvwxyz", "abcdefghijkl£nopqrstuvwxyz"), 0);
}

static void the_width_is_that_of_the_first_text(void **state) {
    (void)state;
    struct arena *arena = arena_new();
    assert_int_equal(overlap_make(SPAN("漁船 a"), arena).columns, 6);
    arena_free(arena);
}

/* As many windows as fill a table. */
static void long_texts_are_compared_too(void **state) {
    (void)state;
    struct buffer text = BUFFER(1 << 16);
    for (int i = 0; i < 2000; i++) buffer_print(&text, "%d word%d ", i, i * 7);
    struct arena *arena = arena_new();
    struct overlap overlap = overlap_make(buffer_span(&text), arena);
    assert_near(overlap_share(&overlap, buffer_span(&text)), 1);
    assert_true(overlap.size >= 2 * text.length && (overlap.size & (overlap.size - 1)) == 0);
    arena_free(arena);
    buffer_free(&text);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_share_is_that_of_the_second_text), cmocka_unit_test(texts_without_a_window_share_nothing),
        cmocka_unit_test(spaces_marks_and_case_do_not_count),   cmocka_unit_test(other_letters_count),
        cmocka_unit_test(the_width_is_that_of_the_first_text),  cmocka_unit_test(long_texts_are_compared_too),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
