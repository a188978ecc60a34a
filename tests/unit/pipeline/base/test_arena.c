/* The guarantees of an arena's memory, and that AddressSanitizer detects overruns within it. */
#include "unit/cmocka_test.h"

#include "pipeline/base/arena.h"
#include "pipeline/base/poison.h"

enum { NOT_TESTED = 77, MANY = 5000 };

static void items_are_zeroed_aligned_and_separate(void **state) {
    (void)state;
    struct arena *arena = arena_new();
    unsigned char *taken[200];
    for (size_t i = 0; i < 200; i++) {
        size_t size = i * i % 997;
        taken[i] = arena_take(arena, size);
        assert_int_equal((uintptr_t)taken[i] % 16, 0);
        for (size_t j = 0; j < size; j++) assert_int_equal(taken[i][j], 0);
        memset(taken[i], (int)i, size);
    }
    for (size_t i = 0; i < 200; i++)
        for (size_t j = 0; j < i * i % 997; j++) assert_int_equal(taken[i][j], i);
    arena_free(arena);
}

static void a_large_item_leaves_the_room_of_the_newest_chunk(void **state) {
    (void)state;
    struct arena *arena = arena_new();
    char *small = arena_take(arena, 16);
    arena_take(arena, 1 << 20);
    size_t before = arena_size(arena);
    assert_true(before > 1 << 20);
    char *next = arena_take(arena, 16);
    assert_true(next > small && next - small < 64);
    assert_int_equal(arena_size(arena), before);
    arena_free(arena);
}

static void an_array_grows_and_keeps_its_items(void **state) {
    (void)state;
    struct arena *arena = arena_new();
    unsigned *items = NULL;
    size_t capacity = 0;
    for (unsigned i = 0; i < MANY; i++) {
        items = arena_grow(arena, items, i, &capacity, sizeof *items);
        assert_int_equal(items[i], 0);
        items[i] = i;
    }
    for (unsigned i = 0; i < MANY; i++) assert_int_equal(items[i], i);
    assert_true(arena_size(arena) < 8 * MANY * sizeof *items);
    arena_free(arena);
}

static void texts_end_in_a_nul_and_only_empty_fields_are_filled(void **state) {
    (void)state;
    struct arena *arena = arena_new();
    struct span field = {NULL, 0}, copy = arena_copy(arena, SPAN("Alcoba"));
    assert_int_equal(copy.at[copy.length], 0);
    arena_fill(arena, &field, SPAN(""));
    assert_null(field.at);
    arena_fill(arena, &field, SPAN("one"));
    arena_fill(arena, &field, SPAN("two"));
    assert_span(field, "one");
    assert_span(arena_print(arena, "%d of %s", 3, "many"), "3 of many");
    arena_free(arena);
}

#ifdef POISON_WORKS
static void assert_watched(const char *at, size_t size) {
    for (size_t i = 0; i < size; i++) assert_false(__asan_address_is_poisoned(at + i));
    assert_true(__asan_address_is_poisoned(at + size));
}

static void memory_after_an_item_is_poisoned(void **state) {
    (void)state;
    struct arena *arena = arena_new();
    static const size_t sizes[] = {1, 7, 8, 15, 16, 17, 100, 4096, 8192, 100000};
    char *taken[sizeof sizes / sizeof *sizes];
    for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) taken[i] = arena_take(arena, sizes[i]);
    for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) assert_watched(taken[i], sizes[i]);
    struct span text = arena_copy(arena, SPAN("fourteen bytes"));
    assert_watched(text.at, text.length + 1);
    arena_free(arena);
}
#endif

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(items_are_zeroed_aligned_and_separate),
        cmocka_unit_test(a_large_item_leaves_the_room_of_the_newest_chunk),
        cmocka_unit_test(an_array_grows_and_keeps_its_items),
        cmocka_unit_test(texts_end_in_a_nul_and_only_empty_fields_are_filled),
#ifdef POISON_WORKS
        cmocka_unit_test(memory_after_an_item_is_poisoned),
#endif
    };
    int failed = cmocka_run_group_tests(tests, NULL, NULL);
#ifndef POISON_WORKS
    if (!failed) return NOT_TESTED; /* poisoning, without AddressSanitizer; ctest reports "Skipped" */
#endif
    return failed;
}
