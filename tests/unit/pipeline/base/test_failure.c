#include "pipeline/base/failure.h"

#include <errno.h>

#include "unit/failure_is.h"

static void the_cause_follows_from_the_reach(void **state) {
    (void)state;
    struct failure failure;
    assert_false(failure_set(&failure, REACH_ARTICLE, REMEDY_NONE, "no text in %s", "a.html"));
    assert_failure(&failure, REACH_ARTICLE, REMEDY_NONE, CAUSE_ARTICLE, EXIT_DONE, "no text in a.html");
    failure_set(&failure, REACH_SERVICE, REMEDY_NEXT_RUN, "down");
    assert_failure(&failure, REACH_SERVICE, REMEDY_NEXT_RUN, CAUSE_SERVICE, EXIT_DONE, "down");
    failure_fatal(&failure, EXIT_IO, "the disk is full");
    assert_failure(&failure, REACH_RUN, REMEDY_NONE, CAUSE_MACHINE, EXIT_IO, "full");
    assert_false(failure_set(&failure, REACH_RUN, REMEDY_NEXT_RUN, "over"));
    assert_failure(&failure, REACH_RUN, REMEDY_NEXT_RUN, CAUSE_MACHINE, EXIT_SYSTEM, "over");
}

static void blame_replaces_the_cause_and_keeps_the_rest(void **state) {
    (void)state;
    struct failure failure;
    failure_set(&failure, REACH_ARTICLE, REMEDY_NEXT_RUN, "no answer");
    assert_false(failure_blame(&failure, CAUSE_NETWORK, SPAN("news.example")));
    assert_failure(&failure, REACH_ARTICLE, REMEDY_NEXT_RUN, CAUSE_NETWORK, EXIT_DONE, "no answer");
    assert_string_equal(failure.blamed, "news.example");
    failure_blame(NULL, CAUSE_MONEY, SPAN("x"));
}

static void a_long_name_is_cut_on_a_character(void **state) {
    (void)state;
    char name[201] = {0};
    for (size_t i = 0; i < 100; i++) memcpy(name + 2 * i, "\xC3\xA9", 2);
    struct failure failure;
    failure_set(&failure, REACH_ARTICLE, REMEDY_NONE, "x");
    failure_blame(&failure, CAUSE_MACHINE, span_of(name));
    assert_int_equal(strlen(failure.blamed), 62);
}

static void only_its_own_failures_count_against_an_article(void **state) {
    (void)state;
    struct failure failure = {0};
    assert_false(failure_waits(&failure));
    failure_set(&failure, REACH_ARTICLE, REMEDY_NONE, "x");
    assert_false(failure_waits(&failure));
    for (enum failure_cause cause = CAUSE_SERVICE; cause < FAILURE_CAUSES; cause++) {
        failure_blame(&failure, cause, SPAN(""));
        assert_true(failure_waits(&failure));
        assert_true(strlen(failure_cause_name(cause)) > 3);
    }
    failure_fatal(&failure, EXIT_IO, "x");
    assert_true(failure_waits(&failure));
}

static void a_missing_permission_has_its_own_exit_code(void **state) {
    (void)state;
    static const int denied[] = {EACCES, EPERM, EROFS}, others[] = {ENOENT, ENOTDIR, ENOSPC, EIO};
    for (size_t i = 0; i < sizeof denied / sizeof *denied; i++)
        assert_int_equal(failure_exit_code(denied[i]), EXIT_PERMISSION);
    for (size_t i = 0; i < sizeof others / sizeof *others; i++) assert_int_equal(failure_exit_code(others[i]), EXIT_IO);
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(the_cause_follows_from_the_reach),
                                       cmocka_unit_test(blame_replaces_the_cause_and_keeps_the_rest),
                                       cmocka_unit_test(a_long_name_is_cut_on_a_character),
                                       cmocka_unit_test(only_its_own_failures_count_against_an_article),
                                       cmocka_unit_test(a_missing_permission_has_its_own_exit_code)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
