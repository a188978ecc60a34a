#include "unit/failure_is.h"
#include "unit/scratch.h"

#include "pipeline/base/mapped.h"

static void the_whole_file_is_there(void **state) {
    (void)state;
    struct mapped mapped;
    assert_true(mapped_open(scratch_path, 6, "the model", &mapped, NULL));
    assert_int_equal(mapped.size, 6);
    assert_memory_equal(mapped.at, "abcdef", 6);
    mapped_close(&mapped);
    assert_null(mapped.at);
    mapped_close(&mapped);
}

static void a_truncated_file_is_damaged(void **state) {
    (void)state;
    struct mapped mapped = {0};
    struct failure failure = {0};
    assert_false(mapped_open(scratch_path, 7, "the model", &mapped, &failure));
    assert_null(mapped.at);
    assert_failure(&failure, REACH_RUN, REMEDY_NONE, CAUSE_MACHINE, EXIT_CONFIG, "the model /tmp/dragoman-test-");
    assert_failure(&failure, REACH_RUN, REMEDY_NONE, CAUSE_MACHINE, EXIT_CONFIG, "damaged");
}

static void an_empty_file_is_damaged(void **state) {
    (void)state;
    struct mapped mapped = {0};
    struct failure failure = {0};
    assert_int_equal(truncate(scratch_path, 0), 0);
    assert_false(mapped_open(scratch_path, 1, "the model", &mapped, &failure));
    assert_failure(&failure, REACH_RUN, REMEDY_NONE, CAUSE_MACHINE, EXIT_CONFIG, "damaged");
}

static void a_missing_file_is_reported(void **state) {
    (void)state;
    struct mapped mapped = {0};
    struct failure failure = {0};
    assert_false(mapped_open(TEST_TESTS "/none.model", 1, "the model", &mapped, &failure));
    assert_failure(&failure, REACH_RUN, REMEDY_NONE, CAUSE_MACHINE, EXIT_CONFIG, "No such file");
}

static void a_folder_is_rejected(void **state) {
    (void)state;
    struct mapped mapped = {0};
    struct failure failure = {0};
    assert_false(mapped_open(TEST_TESTS, 1, "the model", &mapped, &failure));
    assert_null(mapped.at);
    assert_failure(&failure, REACH_RUN, REMEDY_NONE, CAUSE_MACHINE, EXIT_CONFIG, TEST_TESTS);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(the_whole_file_is_there, scratch_make, scratch_remove),
        cmocka_unit_test_setup_teardown(a_truncated_file_is_damaged, scratch_make, scratch_remove),
        cmocka_unit_test_setup_teardown(an_empty_file_is_damaged, scratch_make, scratch_remove),
        cmocka_unit_test(a_missing_file_is_reported),
        cmocka_unit_test(a_folder_is_rejected),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
