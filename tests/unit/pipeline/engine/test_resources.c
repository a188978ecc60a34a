#include "unit/cmocka_test.h"

#include "pipeline/engine/resources.h"

static int made, closed[2], closings;

static bool open_saw(struct resources *resources, const char *data_folder, void **ret_thing,
                     struct failure *ret_failure) {
    (void)resources, (void)ret_failure;
    assert_string_equal(data_folder, "data");
    made++;
    *ret_thing = &made;
    return true;
}

static void close_saw(void *thing) {
    assert_ptr_equal(thing, &made);
    closed[0] = ++closings;
}

static const struct resource saw = {.name = "saw", .open = open_saw, .close = close_saw};

/* Depends on the saw until it is closed. */
static bool open_bench(struct resources *resources, const char *data_folder, void **ret_thing,
                       struct failure *ret_failure) {
    (void)data_folder;
    *ret_thing = resources_borrow(resources, &saw, ret_failure);
    return *ret_thing != NULL;
}

static void close_bench(void *thing) {
    (void)thing;
    closed[1] = ++closings;
}

static const struct resource bench = {.name = "bench", .open = open_bench, .close = close_bench};

static bool open_broken(struct resources *resources, const char *data_folder, void **ret_thing,
                        struct failure *ret_failure) {
    (void)resources, (void)data_folder, (void)ret_thing;
    return failure_fatal(ret_failure, EXIT_CONFIG, "it is broken");
}

static const struct resource broken = {.name = "broken", .open = open_broken, .close = close_bench};

static void a_resource_is_opened_once_and_closed_after_its_users(void **state) {
    (void)state;
    struct resources *resources = resources_new("data");
    void *first = resources_borrow(resources, &bench, NULL);
    assert_ptr_equal(resources_borrow(resources, &saw, NULL), first);
    assert_ptr_equal(resources_borrow(resources, &bench, NULL), first);
    assert_int_equal(made, 1);
    resources_free(resources);
    assert_int_equal(closed[1], 1);
    assert_int_equal(closed[0], 2);
}

static void a_failure_to_open_is_reported_each_time(void **state) {
    (void)state;
    struct resources *resources = resources_new("data");
    struct failure failure = {0};
    assert_null(resources_borrow(resources, &broken, NULL));
    assert_null(resources_borrow(resources, &broken, &failure));
    assert_string_equal(failure.sentence, "it is broken");
    resources_free(resources);
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(a_resource_is_opened_once_and_closed_after_its_users),
                                       cmocka_unit_test(a_failure_to_open_is_reported_each_time)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
