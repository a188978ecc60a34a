/* Nobody pays twice for a sentence that two articles share. */
#include "unit/cmocka_test.h"

#include "stages/translate/pending_keys.h"

enum { MANY = 3000 };

static struct memory_key key_of_number(unsigned number) {
    struct memory_key key = {{0}};
    memcpy(key.bytes + 12, &number, sizeof number);
    return key;
}

static void a_key_is_there_until_it_is_dropped(void **state) {
    (void)state;
    struct pending_keys *keys = pending_keys_new();
    for (unsigned i = 0; i < MANY; i++) {
        struct memory_key key = key_of_number(i);
        assert_false(pending_keys_has(keys, &key));
        pending_keys_add(keys, &key);
        pending_keys_add(keys, &key);
        assert_true(pending_keys_has(keys, &key));
    }
    for (unsigned i = 0; i < MANY; i += 2) {
        struct memory_key key = key_of_number(i);
        pending_keys_drop(keys, &key);
        pending_keys_drop(keys, &key); /* dropping a key that is not held has no effect */
    }
    for (unsigned i = 0; i < MANY; i++) {
        struct memory_key key = key_of_number(i);
        assert_int_equal(pending_keys_has(keys, &key), i % 2 == 1);
    }
    pending_keys_free(keys);
    pending_keys_free(NULL);
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(a_key_is_there_until_it_is_dropped)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
