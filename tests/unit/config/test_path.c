/* Paths as users write them. */
#include "unit/cmocka_test.h"

#include <stdlib.h>

#include "config/path.h"

static void assert_path(const char *folder, const char *written, const char *wanted) {
    struct arena *arena = arena_new();
    assert_span(path_resolve(folder, span_of(written), arena), wanted);
    arena_free(arena);
}

static void a_tilde_is_the_home_folder(void **state) {
    (void)state;
    assert_int_equal(setenv("HOME", "/home/ana", 1), 0);
    assert_path("/etc/dragoman", "~/news", "/home/ana/news");
    assert_path("", "~/news", "/home/ana/news");
    assert_path("", "~", "/home/ana");
    assert_path("/etc", "~user/news", "/etc/~user/news");
    assert_path("/etc", "a/~/news", "/etc/a/~/news");
    /* Without HOME, the system's list of users has it. */
    assert_int_equal(unsetenv("HOME"), 0);
    struct arena *arena = arena_new();
    assert_true(span_starts(path_resolve("", SPAN("~/news"), arena), SPAN("/")));
    arena_free(arena);
}

static void a_relative_path_starts_at_the_folder(void **state) {
    (void)state;
    assert_path("/etc/dragoman", "keys/a", "/etc/dragoman/keys/a");
    assert_path("/etc/dragoman", "/srv/a", "/srv/a");
    assert_path("", "keys/a", "keys/a");
    assert_path(".", "keys/a", "./keys/a"); /* ids of articles depend on it */
    assert_path("/etc/dragoman", "", "");
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(a_tilde_is_the_home_folder),
                                       cmocka_unit_test(a_relative_path_starts_at_the_folder)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
