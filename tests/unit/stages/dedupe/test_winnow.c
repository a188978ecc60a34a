#include "unit/cmocka_test.h"

#include <stdlib.h>

#include "stages/dedupe/winnow.h"

static const char story[] =
    "The ferry Alda ran aground off Sarnoy on Tuesday morning. All 214 passengers were taken ashore by lifeboats, the "
    "coast guard "
    "said. The captain spoke of a failed rudder. Divers will look at the hull as soon as the sea is calm. The island "
    "has no other "
    "link to the mainland, and the mayor asked the shipping line for a second vessel before the end of the week.";

static size_t print(const char *text, uint64_t hashes[WINNOW_MAX]) {
    struct buffer normalized = BUFFER(1 << 20);
    winnow_normalize(span_of(text), &normalized);
    size_t count = winnow(buffer_span(&normalized), hashes);
    buffer_free(&normalized);
    return count;
}

static size_t count_shared(const uint64_t *a, size_t a_count, const uint64_t *b, size_t b_count) {
    size_t shared = 0;
    for (size_t i = 0; i < a_count; i++)
        for (size_t j = 0; j < b_count; j++) shared += a[i] == b[j];
    return shared;
}

static void only_letters_and_digits_count(void **state) {
    (void)state;
    struct buffer normalized = BUFFER(1000);
    winnow_normalize(SPAN("«Ужас», — Él dijo:  3.5%!"), &normalized);
    assert_string_equal(normalized.at, "ужасéldijo35");
    buffer_free(&normalized);
}

/* The guarantee of the algorithm: a shared run of WINNOW_RUN + WINNOW_WINDOW - 1 bytes is always noticed. */
static void shared_runs_are_always_noticed(void **state) {
    (void)state;
    enum { RUN = WINNOW_RUN + WINNOW_WINDOW - 1 };
    char one[3 * RUN + 1], other[3 * RUN + 1];
    uint64_t hashes[WINNOW_MAX], others[WINNOW_MAX];
    uint32_t seed = 3;
    for (int round = 0; round < 500; round++) {
        for (size_t i = 0; i < 3 * RUN; i++) {
            seed = seed * 1664525u + 1013904223u;
            one[i] = (char)('a' + (seed >> 24) % 26);
            other[i] = (char)('a' + (seed >> 16) % 26);
        }
        one[3 * RUN] = other[3 * RUN] = '\0';
        for (size_t i = 0; i < RUN; i++) other[i + 7] = one[i + 100];
        size_t count = print(one, hashes), other_count = print(other, others);
        assert_true(count_shared(hashes, count, others, other_count) > 0);
    }
}

static void density_is_as_promised(void **state) {
    (void)state;
    uint64_t hashes[WINNOW_MAX];
    size_t count = print(story, hashes);
    assert_in_range(count, 8, 24); /* two in WINNOW_WINDOW + 1 of 250 letters, on average */
}

static void short_and_monotonous_texts_have_few(void **state) {
    (void)state;
    uint64_t hashes[WINNOW_MAX];
    char same[4001];
    assert_int_equal(print("", hashes), 0);
    assert_int_equal(print("A short line.", hashes), 0);
    for (size_t i = 0; i < 4000; i++) same[i] = 'a';
    same[4000] = '\0';
    assert_int_equal(print(same, hashes), 1);
}

static void long_texts_keep_a_bounded_and_common_choice(void **state) {
    (void)state;
    enum { LONG = 400000 };
    char *text = calloc(1, LONG + 64);
    uint64_t hashes[WINNOW_MAX], others[WINNOW_MAX];
    uint32_t seed = 9;
    for (size_t i = 0; i < LONG; i++) {
        seed = seed * 1664525u + 1013904223u;
        text[i] = (char)('a' + (seed >> 24) % 26);
    }
    size_t count = print(text, hashes);
    assert_in_range(count, WINNOW_MAX / 3, WINNOW_MAX);
    text[LONG / 2] = text[LONG / 2] == 'a' ? 'b' : 'a';
    size_t other_count = print(text, others);
    assert_true(count_shared(hashes, count, others, other_count) * 100 >= 98 * count);
    free(text);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(only_letters_and_digits_count),
        cmocka_unit_test(shared_runs_are_always_noticed),
        cmocka_unit_test(density_is_as_promised),
        cmocka_unit_test(short_and_monotonous_texts_have_few),
        cmocka_unit_test(long_texts_keep_a_bounded_and_common_choice),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
