#include "pipeline/engine/crash_marks.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include "unit/failure_is.h"

static char path[] = "/tmp/dragoman-marks-XXXXXX";

static const char *const ids[] = {"0123456789abcdef0123456789abcdef", "11111111111111111111111111111111",
                                  "22222222222222222222222222222222"};

static struct crash_marks *open_marks(void) {
    struct crash_marks *marks = NULL;
    assert_true(crash_marks_open(path, &marks, NULL));
    return marks;
}

/* Runs a process that marks the first `count` articles, clears the first `cleared` marks, and is killed. */
static void die(size_t count, size_t cleared) {
    pid_t child = fork();
    if (child == 0) {
        struct crash_marks *marks = NULL;
        size_t mark[3];
        if (!crash_marks_open(path, &marks, NULL)) _exit(1);
        for (size_t i = 0; i < count; i++) mark[i] = crash_marks_set(marks, ids[i]);
        for (size_t i = 0; i < cleared; i++) crash_marks_clear(marks, mark[i]);
        kill(getpid(), SIGKILL);
    }
    int status;
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_true(WIFSIGNALED(status));
}

static void marked_articles_are_found_once(void **state) {
    (void)state;
    die(3, 1);
    struct crash_marks *marks = open_marks();
    assert_int_equal(crash_marks_found(marks), 2);
    assert_string_equal(crash_marks_id(marks, 0), ids[1]);
    assert_string_equal(crash_marks_id(marks, 1), ids[2]);
    crash_marks_close(marks);
    marks = open_marks();
    assert_int_equal(crash_marks_found(marks), 0);
    crash_marks_close(marks);
}

/* The process exits by itself while articles are being processed: out of memory, or after a second signal. */
static void a_process_that_ends_itself_blames_nobody(void **state) {
    (void)state;
    pid_t child = fork();
    if (child == 0) {
        struct crash_marks *marks = NULL;
        if (!crash_marks_open(path, &marks, NULL)) _exit(1);
        crash_marks_set(marks, ids[0]);
        crash_marks_clear_all(marks);
        crash_marks_set(marks, ids[1]); /* as another thread might do in the meantime */
        crash_marks_clear_all(NULL);
        kill(getpid(), SIGKILL);
    }
    int status;
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_true(WIFSIGNALED(status));
    struct crash_marks *marks = open_marks();
    assert_int_equal(crash_marks_found(marks), 0);
    crash_marks_close(marks);
}

static void a_clean_end_blames_nobody(void **state) {
    (void)state;
    struct crash_marks *marks = open_marks();
    crash_marks_set(marks, ids[0]);
    crash_marks_close(marks);
    marks = open_marks();
    assert_int_equal(crash_marks_found(marks), 0);
    crash_marks_close(marks);
}

static void garbage_blames_nobody(void **state) {
    (void)state;
    FILE *file = fopen(path, "w");
    for (int i = 0; i < 3000; i++) fputs("0123456789abcdef", file);
    fclose(file);
    struct crash_marks *marks = open_marks();
    assert_int_equal(crash_marks_found(marks), 0);
    crash_marks_close(marks);
}

static void more_marks_than_slots_are_harmless(void **state) {
    (void)state;
    struct crash_marks *marks = open_marks();
    for (size_t i = 0; i < CRASH_MARKS_MAX; i++) assert_int_equal(crash_marks_set(marks, ids[0]), i);
    size_t none = crash_marks_set(marks, ids[1]);
    assert_int_equal(none, CRASH_MARKS_MAX);
    crash_marks_clear(marks, none);
    crash_marks_clear(marks, 7);
    assert_int_equal(crash_marks_set(marks, ids[1]), 7);
    crash_marks_close(marks);
    assert_int_equal(crash_marks_set(NULL, ids[1]), CRASH_MARKS_MAX);
}

static void a_missing_folder_is_reported(void **state) {
    (void)state;
    struct crash_marks *marks = NULL;
    struct failure failure = {0};
    assert_false(crash_marks_open("/nowhere/state.marks", &marks, &failure));
    assert_failure(&failure, REACH_RUN, REMEDY_NONE, CAUSE_MACHINE, EXIT_IO, "/nowhere/state.marks");
}

/* Runs on one machine that share a store on a server. */
static void each_process_has_a_file_and_the_next_finds_all(void **state) {
    (void)state;
    char second[64];
    snprintf(second, sizeof second, "%s-2", path);
    struct crash_marks *first = open_marks();
    crash_marks_set(first, ids[0]);
    die(2, 0); /* in the second file */
    assert_int_equal(access(second, F_OK), 0);
    crash_marks_close(first);
    first = open_marks();
    assert_int_equal(crash_marks_found(first), 2);
    assert_string_equal(crash_marks_id(first, 0), ids[0]);
    crash_marks_close(first);
    first = open_marks();
    assert_int_equal(crash_marks_found(first), 0);
    crash_marks_close(first);
    unlink(second);
}

int main(void) {
    close(mkstemp(path));
    const struct CMUnitTest tests[] = {cmocka_unit_test(marked_articles_are_found_once),
                                       cmocka_unit_test(a_process_that_ends_itself_blames_nobody),
                                       cmocka_unit_test(a_clean_end_blames_nobody),
                                       cmocka_unit_test(garbage_blames_nobody),
                                       cmocka_unit_test(more_marks_than_slots_are_harmless),
                                       cmocka_unit_test(each_process_has_a_file_and_the_next_finds_all),
                                       cmocka_unit_test(a_missing_folder_is_reported)};
    int failed = cmocka_run_group_tests(tests, NULL, NULL);
    unlink(path);
    return failed;
}
