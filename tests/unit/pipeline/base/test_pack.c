#include "unit/cmocka_test.h"

#include <string.h>

#include "pipeline/base/pack.h"

static void unpacking_returns_the_same_bytes(void **state) {
    (void)state;
    static char bytes[100000];
    for (size_t i = 0; i < sizeof bytes; i++) bytes[i] = (char)(i * i % 251);
    const size_t lengths[] = {0, 1, 4711, sizeof bytes};
    for (size_t i = 0; i < 4; i++) {
        struct buffer packed = BUFFER(1 << 20), back = BUFFER(1 << 20);
        assert_true(pack((struct span){bytes, lengths[i]}, &packed));
        assert_true(unpack(buffer_span(&packed), &back));
        assert_int_equal(back.length, lengths[i]);
        assert_memory_equal(back.at ? back.at : "", bytes, lengths[i]);
        buffer_free(&packed);
        buffer_free(&back);
    }
}

static void truncated_foreign_or_large_data_is_rejected(void **state) {
    (void)state;
    char text[5000];
    memset(text, 'a', sizeof text);
    struct buffer packed = BUFFER(1 << 20), back = BUFFER(1 << 20), small = BUFFER(4999);
    assert_true(pack((struct span){text, sizeof text}, &packed));
    assert_false(unpack(span_cut(buffer_span(&packed), 0, packed.length - 1), &back));
    assert_false(unpack(SPAN("no zlib stream"), &back));
    assert_false(unpack(SPAN(""), &back));
    assert_false(unpack(buffer_span(&packed), &small));
    buffer_free(&packed);
    buffer_free(&back);
    buffer_free(&small);
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(unpacking_returns_the_same_bytes),
                                       cmocka_unit_test(truncated_foreign_or_large_data_is_rejected)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
