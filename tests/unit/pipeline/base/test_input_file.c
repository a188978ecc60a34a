/* Files whose names come from outside: only regular ones, and only where they may lie. */
#define _GNU_SOURCE
#include "unit/cmocka_test.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "pipeline/base/file.h"
#include "pipeline/base/folder.h"
#include "pipeline/base/input_file.h"

static char top[] = "/tmp/dragoman-input-XXXXXX";

static void write_text(const char *name, const char *text) {
    FILE *file = fopen(name, "wb");
    assert_non_null(file);
    fputs(text, file);
    fclose(file);
}

/* in/ is the folder that may be read; out/ may not. */
static int begin(void **state) {
    (void)state;
    if (!mkdtemp(top) || chdir(top) != 0) return -1;
    if (mkdir("in", 0700) != 0 || mkdir("in/sub", 0700) != 0 || mkdir("out", 0700) != 0 || mkdir("inside", 0700) != 0)
        return -1;
    write_text("in/a", "a");
    write_text("in/sub/b", "b");
    write_text("out/secret", "s");
    write_text("inside/c", "c");
    bool done = symlink("../out/secret", "in/link") == 0 && symlink("../out", "in/folder") == 0 &&
                symlink("sub/b", "in/within") == 0 && symlink("in", "door") == 0 && mkfifo("in/pipe", 0600) == 0;
    return done ? 0 : -1;
}

static int end(void **state) {
    (void)state;
    char command[100];
    snprintf(command, sizeof command, "rm -r %s", top);
    return chdir("/") == 0 && system(command) == 0 ? 0 : -1;
}

static const char *full(const char *name) {
    static char path[200];
    snprintf(path, sizeof path, "%s/%s", top, name);
    return path;
}

/* `why` NULL: the file is read. */
static void expect_inside(const char *folder, const char *name, const char *why) {
    const char *told = NULL;
    char root[200];
    snprintf(root, sizeof root, "%s", full(folder));
    int file = input_file_open_inside(root, full(name), &told);
    if (why)
        assert_string_equal(told, why);
    else
        assert_true(file >= 0);
    assert_int_equal(file < 0, why != NULL);
    if (file >= 0) close(file);
}

static void a_file_must_lie_in_the_folder(void **state) {
    (void)state;
    static const char out[] = "a link leads out of the folder";
    expect_inside("in", "in/a", NULL);
    expect_inside("in", "in/sub/b", NULL);
    expect_inside("in", "in/within", NULL);
    expect_inside("door", "door/a", NULL);
    expect_inside("in", "in/link", out);
    expect_inside("in", "in/folder/secret", out);
    expect_inside("in", "in/../out/secret", out);
    expect_inside("in", "inside/c", out);
    expect_inside("door", "door/link", out);
    expect_inside("in", "in/pipe", "it is not a regular file");
    expect_inside("in", "in/gone", "No such file or directory");
    expect_inside("in/sub", "in/a", out);
    expect_inside("gone", "gone/a", "No such file or directory");
}

static void what_leads_out_is_told_from_what_is_missing(void **state) {
    (void)state;
    assert_true(input_file_leads_out("in", "in/link"));
    assert_true(input_file_leads_out("in", "in/folder"));
    assert_true(input_file_leads_out("in", "inside"));
    assert_false(input_file_leads_out("in", "in/within"));
    assert_false(input_file_leads_out("in", "in"));
    assert_false(input_file_leads_out("in", "in/gone"));
}

static void expect_refused(const char *path, const char *why) {
    const char *told = NULL;
    struct buffer bytes = BUFFER(100);
    assert_int_equal(input_file_open(path, &told), -1);
    assert_string_equal(told, why);
    assert_int_equal(errno, strcmp(why, strerror(EISDIR)) == 0 ? EISDIR : 0);
    assert_false(file_read(path, &bytes));
    buffer_free(&bytes);
}

static void only_regular_files_are_read(void **state) {
    (void)state;
    expect_refused("in/pipe", "it is not a regular file");
    expect_refused("/dev/null", "it is not a regular file");
    expect_refused("/proc/self/environ", "it is a file of the kernel");
    expect_refused("in", strerror(EISDIR));
}

static void a_pipe_that_was_passed_is_read(void **state) {
    (void)state;
    int ends[2];
    char name[40];
    const char *why;
    struct buffer bytes = BUFFER(100);
    assert_int_equal(pipe(ends), 0);
    assert_int_equal(write(ends[1], "abc", 3), 3);
    close(ends[1]);
    snprintf(name, sizeof name, "/dev/fd/%d", ends[0]);
    int file = input_file_open_passed(name, &why);
    assert_true(file >= 0 && input_file_read(file, &bytes));
    assert_span(buffer_span(&bytes), "abc");
    buffer_free(&bytes);
    close(ends[0]);
}

static void folders_are_opened_without_links(void **state) {
    (void)state;
    int file = folder_open(full("door"), SPAN("new/one/"), true);
    assert_true(file >= 0);
    close(file);
    assert_int_equal(access("in/new/one", F_OK), 0);
    static const char *const links[] = {"folder", "folder/x", "sub/../folder", "link"};
    for (size_t i = 0; i < sizeof links / sizeof *links; i++) {
        errno = 0;
        assert_int_equal(folder_open(full("in"), span_of(links[i]), true), -1);
        assert_int_equal(errno, ELOOP);
    }
    assert_int_equal(access("out/x", F_OK), -1);
    assert_int_equal(folder_open(full("in"), SPAN("a"), true), -1);
    assert_int_equal(errno, ENOTDIR);
    assert_int_equal(folder_open(full("in"), SPAN("gone"), false), -1);
    assert_int_equal(errno, ENOENT);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_file_must_lie_in_the_folder), cmocka_unit_test(what_leads_out_is_told_from_what_is_missing),
        cmocka_unit_test(only_regular_files_are_read), cmocka_unit_test(a_pipe_that_was_passed_is_read),
        cmocka_unit_test(folders_are_opened_without_links)};
    return cmocka_run_group_tests(tests, begin, end);
}
