#include "unit/cmocka_test.h"

#include <stdio.h>
#include <stdlib.h>

#include "pipeline/base/hash_table.h"

enum { KEYS = 2000 };

/* Returns distinct keys of lengths 1 to 300, which cover every branch of the hash function for lengths. */
static struct span make_key(struct arena *arena, int number) {
    return arena_print(arena, "%d%0*d", number, number % 296 + 1, 0);
}

struct keys {
    struct arena *arena;
    struct span of[KEYS];
};

static int make_keys(void **state) {
    struct keys *keys = memory_take(sizeof *keys);
    keys->arena = arena_new();
    for (int i = 0; i < KEYS; i++) keys->of[i] = make_key(keys->arena, i);
    *state = keys;
    return 0;
}

static int free_keys(void **state) {
    struct keys *keys = *state;
    arena_free(keys->arena);
    free(keys);
    return 0;
}

static void add_all(struct hash_table *table, struct keys *keys) {
    for (size_t i = 0; i < KEYS; i++) hash_table_set(table, keys->of[i], &keys->of[i]);
}

static void an_empty_table_finds_nothing(void **state) {
    (void)state;
    struct hash_table table = {0};
    size_t position = 0;
    assert_null(hash_table_find(&table, SPAN("a")));
    assert_null(hash_table_remove(&table, SPAN("a")));
    assert_null(hash_table_next(&table, &position));
    hash_table_free(&table);
}

static void every_key_keeps_its_value_while_the_table_grows(void **state) {
    struct keys *keys = *state;
    struct hash_table table = {0};
    for (size_t i = 0; i < KEYS; i++) {
        assert_null(hash_table_find(&table, keys->of[i]));
        hash_table_set(&table, keys->of[i], &keys->of[i]);
        assert_ptr_equal(hash_table_find(&table, keys->of[i]), &keys->of[i]);
    }
    for (size_t i = 0; i < KEYS; i++) assert_ptr_equal(hash_table_find(&table, keys->of[i]), &keys->of[i]);
    hash_table_free(&table);
}

static void equal_bytes_are_the_same_key_wherever_they_lie(void **state) {
    (void)state;
    struct hash_table table = {0};
    char copy[] = "key and more";
    int value;
    hash_table_set(&table, SPAN("key"), &value);
    assert_ptr_equal(hash_table_find(&table, (struct span){copy, 3}), &value);
    assert_null(hash_table_find(&table, (struct span){copy, 4}));
    assert_null(hash_table_find(&table, (struct span){copy, 2}));
    hash_table_free(&table);
}

static void the_empty_key_and_zero_bytes_are_valid(void **state) {
    (void)state;
    struct hash_table table = {0};
    int values[3];
    hash_table_set(&table, (struct span){NULL, 0}, &values[0]);
    hash_table_set(&table, SPAN("\0"), &values[1]);
    hash_table_set(&table, SPAN("\0\0"), &values[2]);
    assert_ptr_equal(hash_table_find(&table, SPAN("")), &values[0]);
    assert_ptr_equal(hash_table_find(&table, SPAN("\0")), &values[1]);
    assert_ptr_equal(hash_table_find(&table, SPAN("\0\0")), &values[2]);
    hash_table_free(&table);
}

static void a_key_set_again_has_the_new_value(void **state) {
    (void)state;
    struct hash_table table = {0};
    int values[2];
    hash_table_set(&table, SPAN("key"), &values[0]);
    hash_table_set(&table, SPAN("key"), &values[1]);
    assert_ptr_equal(hash_table_find(&table, SPAN("key")), &values[1]);
    assert_int_equal(table.count, 1);
    hash_table_free(&table);
}

static void removing_a_key_hides_no_other(void **state) {
    struct keys *keys = *state;
    struct hash_table table = {0};
    add_all(&table, keys);
    for (size_t i = 0; i < KEYS; i += 2) assert_ptr_equal(hash_table_remove(&table, keys->of[i]), &keys->of[i]);
    for (size_t i = 0; i < KEYS; i++)
        assert_ptr_equal(hash_table_find(&table, keys->of[i]), i % 2 ? &keys->of[i] : NULL);
    for (size_t i = 1; i < KEYS; i += 2) assert_ptr_equal(hash_table_remove(&table, keys->of[i]), &keys->of[i]);
    assert_int_equal(table.count, 0);
    assert_null(hash_table_remove(&table, keys->of[1]));
    hash_table_free(&table);
}

static void a_table_stays_small_while_keys_are_added_and_removed(void **state) {
    struct keys *keys = *state;
    struct hash_table table = {0};
    for (size_t i = 0; i < KEYS; i++) {
        hash_table_set(&table, keys->of[i], &keys->of[i]);
        if (i >= 4) assert_non_null(hash_table_remove(&table, keys->of[i - 4]));
    }
    assert_int_equal(table.count, 4);
    assert_int_equal(table.capacity, 16);
    hash_table_free(&table);
}

static void walking_meets_every_value_once(void **state) {
    struct keys *keys = *state;
    struct hash_table table = {0};
    bool met[KEYS] = {false};
    size_t count = 0, position = 0;
    add_all(&table, keys);
    for (const struct span *value; (value = hash_table_next(&table, &position)); count++) {
        assert_false(met[value - keys->of]);
        met[value - keys->of] = true;
    }
    assert_int_equal(count, KEYS);
    hash_table_free(&table);
}

static void a_table_in_an_arena_dies_with_it(void **state) {
    struct keys *keys = *state;
    struct arena *arena = arena_new();
    struct hash_table table = HASH_TABLE(arena);
    add_all(&table, keys);
    assert_ptr_equal(hash_table_find(&table, keys->of[KEYS - 1]), &keys->of[KEYS - 1]);
    arena_free(arena);
}

static void every_table_has_a_seed_of_its_own(void **state) {
    (void)state;
    struct hash_table one = {0}, other = {0};
    int value;
    hash_table_set(&one, SPAN("key"), &value);
    hash_table_set(&other, SPAN("key"), &value);
    assert_true(one.seed != other.seed);
    hash_table_free(&one);
    hash_table_free(&other);
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(an_empty_table_finds_nothing),
                                       cmocka_unit_test(every_key_keeps_its_value_while_the_table_grows),
                                       cmocka_unit_test(equal_bytes_are_the_same_key_wherever_they_lie),
                                       cmocka_unit_test(the_empty_key_and_zero_bytes_are_valid),
                                       cmocka_unit_test(a_key_set_again_has_the_new_value),
                                       cmocka_unit_test(removing_a_key_hides_no_other),
                                       cmocka_unit_test(a_table_stays_small_while_keys_are_added_and_removed),
                                       cmocka_unit_test(walking_meets_every_value_once),
                                       cmocka_unit_test(a_table_in_an_arena_dies_with_it),
                                       cmocka_unit_test(every_table_has_a_seed_of_its_own)};
    return cmocka_run_group_tests(tests, make_keys, free_keys);
}
