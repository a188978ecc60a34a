#include "unit/failure_is.h"

#include <math.h>

#include "stages/decode/writing.h"

static struct writing *writing;

/* The cheapest language by pricing the text in each, one after the other. */
static int cheapest_one_by_one(const struct glyphs *glyphs, int first, double limit, double *ret_bits) {
    int cheapest = -1;
    for (int i = first >= 0 ? -1 : 0; i < writing_find(writing, SPAN("zu")) + 1; i++) {
        double bits = writing_bits(writing, i < 0 ? first : i, glyphs, INFINITY);
        if (bits >= limit) continue;
        cheapest = i < 0 ? first : i;
        limit = *ret_bits = bits;
    }
    return cheapest;
}

static void expect_same(struct span text, int first, double limit) {
    struct glyphs glyphs = {0};
    double bits = -1, expected = -1;
    glyphs_fill(writing, text, &glyphs);
    int language = writing_cheapest(writing, &glyphs, first, limit, &bits);
    assert_int_equal(language, cheapest_one_by_one(&glyphs, first, limit, &expected));
    assert_true(bits <= expected && bits >= expected);
    glyphs_free(&glyphs);
}

static void expect_same_with_limits(struct span text) {
    struct glyphs glyphs = {0};
    glyphs_fill(writing, text, &glyphs);
    double bits = writing_bits(writing, writing_find(writing, SPAN("pl")), &glyphs, INFINITY);
    glyphs_free(&glyphs);
    const double limits[] = {0, bits / 2, bits, INFINITY};
    for (size_t i = 0; i < sizeof limits / sizeof *limits; i++) {
        expect_same(text, -1, limits[i]);
        expect_same(text, writing_find(writing, SPAN("uk")), limits[i]);
        expect_same(text, writing_find(writing, SPAN("en")), limits[i]);
    }
}

static void the_last_language_is_zulu(void **state) {
    (void)state;
    const char *const codes[] = {"en", "de", "zh", "ja", "yo", "vi", "uz", "zh-Hans", "zh-Hant"};
    for (size_t i = 0; i < sizeof codes / sizeof *codes; i++)
        assert_true(writing_find(writing, span_of(codes[i])) <= writing_find(writing, SPAN("zu")));
}

static void texts_are_priced_as_one_by_one(void **state) {
    (void)state;
    static const char *const texts[] = {
        "",
        " ",
        "a",
        "é",
        "\n",
        "plain English words",
        "“Quoted” English words — with dashes",
        "Im Hafen lagen drei große Kähne\nund warteten auf Wind.",
        "В порту стояли три больших корабля",
        "港口停着三艘大船，等着起风。OK, it was windy",
        "港には大きな船が三隻あり",
        "큰 배 세 척이 mail 항구에",
        "Three ships, в порту, 港口; ñandú \xC2\x85 \xEF\xBF\xBD \xF0\x9F\x98\x80 ﬁ ==== ____ ¤¤ x²",
        "!!!!!!!! -- -- \t\t é!!!!!!!!!! aaaa\xCC\x81\xCC\x81",
        "UPPER lower UpPeR Éa aÉ 5é é5 A1"};
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) expect_same_with_limits(span_of(texts[i]));
}

/* Longer than a word may be, so that words follow one another without a space between them. */
static void endless_words_are_priced_as_one_by_one(void **state) {
    (void)state;
    static const char *const pieces[] = {"abcdefg", "é", "aб", "港", "x,"};
    for (size_t i = 0; i < sizeof pieces / sizeof *pieces; i++) {
        struct buffer text = BUFFER(1 << 16);
        for (size_t k = 0; k < 600; k++) buffer_add_string(&text, k == 300 ? "é" : pieces[i]);
        expect_same_with_limits(buffer_span(&text));
        buffer_free(&text);
    }
}

static uint32_t next_random(uint32_t *seed) {
    return *seed = *seed * 1664525u + 1013904223u;
}

/* Returns a character of the block that `kind` stands for. */
static uint32_t random_rune(uint32_t *seed, uint32_t kind) {
    static const uint32_t from[] = {0x20, 'a', 0xA0, 0x400, 0x2010, 0x4E00, 0xAC00, 0x100, 0x80, 0xFF00, 0x1F300};
    static const uint32_t size[] = {0x5F, 26, 0x60, 0x60, 0x30, 0x2000, 0x2000, 0x200, 0x20, 0xF0, 0x100};
    kind %= sizeof from / sizeof *from;
    return from[kind] + (next_random(seed) >> 8) % size[kind];
}

static void random_texts_are_priced_as_one_by_one(void **state) {
    (void)state;
    uint32_t seed = 1;
    for (int i = 0; i < 100; i++) {
        struct buffer text = BUFFER(1 << 12);
        uint32_t kind = next_random(&seed) >> 24;
        for (size_t k = 0; k < 80; k++) {
            uint32_t dice = (next_random(&seed) >> 20) % 8;
            buffer_add_rune(&text, dice == 0 ? ' ' : random_rune(&seed, dice < 4 ? 1 : dice < 7 ? kind : dice));
        }
        expect_same_with_limits(buffer_span(&text));
        buffer_free(&text);
    }
}

static int open_model(void **state) {
    (void)state;
    struct failure failure = {0};
    return writing_open(TEST_DATA, &writing, &failure) ? 0 : -1;
}

static int close_model(void **state) {
    (void)state;
    writing_close(writing);
    return 0;
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_last_language_is_zulu),
        cmocka_unit_test(texts_are_priced_as_one_by_one),
        cmocka_unit_test(endless_words_are_priced_as_one_by_one),
        cmocka_unit_test(random_texts_are_priced_as_one_by_one),
    };
    return cmocka_run_group_tests(tests, open_model, close_model);
}
