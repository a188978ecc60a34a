#include "unit/scratch.h"

#include <errno.h>

#include "pipeline/base/file.h"

static void the_whole_file_is_appended(void **state) {
    (void)state;
    struct buffer bytes = BUFFER(64);
    assert_true(file_read(scratch_path, &bytes));
    assert_true(file_read(scratch_path, &bytes));
    assert_span(buffer_span(&bytes), "abcdefabcdef");
    buffer_free(&bytes);
}

static void a_buffer_tells_that_the_file_did_not_fit(void **state) {
    (void)state;
    struct buffer bytes = BUFFER(5);
    assert_true(file_read(scratch_path, &bytes));
    assert_true(bytes.full);
    buffer_free(&bytes);
}

static void an_open_file_is_read_from_its_position(void **state) {
    (void)state;
    struct buffer bytes = BUFFER(64);
    FILE *file = fopen(scratch_path, "rb");
    assert_non_null(file);
    assert_int_equal(fgetc(file), 'a');
    assert_true(file_read_rest(file, &bytes));
    assert_span(buffer_span(&bytes), "bcdef");
    fclose(file);
    buffer_free(&bytes);
}

static void the_reason_stays_in_errno(void **state) {
    (void)state;
    struct buffer bytes = BUFFER(64);
    assert_false(file_read(TEST_TESTS "/none", &bytes));
    assert_int_equal(errno, ENOENT);
    assert_false(file_read(TEST_TESTS, &bytes));
    assert_int_equal(errno, EISDIR);
    buffer_free(&bytes);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(the_whole_file_is_appended, scratch_make, scratch_remove),
        cmocka_unit_test_setup_teardown(a_buffer_tells_that_the_file_did_not_fit, scratch_make, scratch_remove),
        cmocka_unit_test_setup_teardown(an_open_file_is_read_from_its_position, scratch_make, scratch_remove),
        cmocka_unit_test(the_reason_stays_in_errno),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
