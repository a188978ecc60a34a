#define _GNU_SOURCE
#include "unit/failure_is.h"

#include <dirent.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "pipeline/store/durable_writer.h"
#include "unit/any_store.h"

enum { FILES = 60 };

static char folder[] = "/tmp/dragoman-writer-XXXXXX";
static struct store *store;

static int open_store(void **state) {
    (void)state;
    char path[100];
    if (!mkdtemp(folder)) return -1;
    snprintf(path, sizeof path, "%s/state.db", folder);
    return store_open(path, true, &store, NULL) ? 0 : -1;
}

static int close_store(void **state) {
    (void)state;
    store_close(store);
    return 0;
}

static void read_back(const char *name, char *text, size_t size) {
    char path[200];
    snprintf(path, sizeof path, "%s/%s", folder, name);
    FILE *file = fopen(path, "r");
    assert_non_null(file);
    text[fread(text, 1, size - 1, file)] = '\0';
    fclose(file);
}

static int count_files(const char *name) {
    char path[200];
    int count = 0;
    snprintf(path, sizeof path, "%s/%s", folder, name);
    DIR *directory = opendir(path);
    assert_non_null(directory);
    for (struct dirent *entry; (entry = readdir(directory));)
        count += strcmp(entry->d_name, ".") != 0 && strcmp(entry->d_name, "..") != 0;
    closedir(directory);
    return count;
}

static void collect(struct durable_writer *durable_writer, size_t wanted) {
    for (size_t back = 0; back < wanted;) {
        struct pollfd fd = {.fd = durable_writer_fd(durable_writer), .events = POLLIN};
        assert_int_equal(poll(&fd, 1, 20000), 1);
        while (durable_writer_take(durable_writer)) back++;
    }
}

static void files_are_complete_and_nothing_else_is_left(void **state) {
    (void)state;
    static struct pending_write pending_writes[FILES];
    static char names[FILES][40], texts[FILES][40];
    struct durable_writer *durable_writer = durable_writer_new(folder, store);
    for (int i = 0; i < FILES; i++) {
        snprintf(names[i], sizeof names[i], "2026-01-%02d/articles/%d.json", i % 3 + 1, i);
        snprintf(texts[i], sizeof texts[i], "text %d", i);
        pending_writes[i] = (struct pending_write){.path = span_of(names[i]), .bytes = span_of(texts[i])};
        durable_writer_give(durable_writer, &pending_writes[i]);
    }
    collect(durable_writer, FILES);
    durable_writer_free(durable_writer);
    for (int i = 0; i < FILES; i++) {
        char text[80];
        assert_int_equal(pending_writes[i].failure.reach, REACH_NONE);
        read_back(names[i], text, sizeof text);
        assert_string_equal(text, texts[i]);
    }
    assert_int_equal(count_files("2026-01-01/articles"), FILES / 3);
}

static void a_failed_write_is_reported_and_the_others_are_written(void **state) {
    (void)state;
    struct pending_write good = {.path = SPAN("good.json"), .bytes = SPAN("good")};
    struct pending_write bad = {.path = SPAN("good.json/below-a-file.json"), .bytes = SPAN("bad")};
    assert_true(durable_writer_write(folder, SPAN("good.json"), SPAN("old"), NULL));
    struct durable_writer *durable_writer = durable_writer_new(folder, store);
    durable_writer_give(durable_writer, &good);
    durable_writer_give(durable_writer, &bad);
    collect(durable_writer, 2);
    durable_writer_free(durable_writer);
    char text[80];
    read_back("good.json", text, sizeof text);
    assert_string_equal(text, "good");
    assert_int_equal(good.failure.reach, REACH_NONE);
    assert_failure(&bad.failure, REACH_RUN, REMEDY_NONE, CAUSE_MACHINE, EXIT_IO, "good.json");
}

static void planted(const char *before, long owner, const char *after, char *ret_path, size_t size) {
    char name[100];
    snprintf(name, sizeof name, "%s%ld%s", before, owner, after);
    snprintf(ret_path, size, "%s/swept/%s", folder, name);
    FILE *file = fopen(ret_path, "w");
    assert_non_null(file);
    fclose(file);
}

static void only_files_of_dead_processes_are_swept(void **state) {
    (void)state;
    const struct {
        const char *before;
        long owner;
        const char *after;
        bool stays;
    } files[] = {{".a.json.", 1, "-0123456789abcdef.tmp", true},
                 {".a.json.", (long)getpid(), "-0123456789abcdef.tmp", false},
                 {".a.json.", 2147483000, "-0123456789abcdef.tmp", false},
                 {"a.json.", 2147483000, ".tmp", false},
                 {".a.json.", 2147483000, "-0123456789abcdeg.tmp", true},
                 {"a.json.", 2147483000, "", true},
                 {"a", 2147483000, ".tmp", true},
                 {"", 2147483000, ".tmp", true}};
    enum { COUNT = sizeof files / sizeof *files };
    static char paths[COUNT][200];
    assert_true(durable_writer_write(folder, SPAN("swept/kept.json"), SPAN("x"), NULL));
    for (size_t i = 0; i < COUNT; i++)
        planted(files[i].before, files[i].owner, files[i].after, paths[i], sizeof paths[i]);
    char swept[100];
    snprintf(swept, sizeof swept, "%s/swept", folder);
    durable_writer_sweep(swept, SPAN(""));
    for (size_t i = 0; i < COUNT; i++) {
        bool there = access(paths[i], F_OK) == 0;
        if (there != files[i].stays) fail_msg("%s %s", paths[i], there ? "stays" : "is gone");
    }
}

/* Somebody with write access to the folder has put a link in place of the temporary file. */
static void a_planted_link_is_not_followed(void **state) {
    (void)state;
    char victim[100], trap[120], text[20];
    snprintf(victim, sizeof victim, "%s/victim", folder);
    snprintf(trap, sizeof trap, "%s/page.html.%ld.tmp", folder, (long)getpid());
    assert_true(durable_writer_write(folder, SPAN("victim"), SPAN("precious"), NULL));
    assert_int_equal(symlink(victim, trap), 0);
    assert_true(durable_writer_write(folder, SPAN("page.html"), SPAN("page"), NULL));
    read_back("victim", text, sizeof text);
    assert_string_equal(text, "precious");
    read_back("page.html", text, sizeof text);
    assert_string_equal(text, "page");
}

static void a_file_of_a_group_may_be_written_in_pieces(void **state) {
    (void)state;
    char text[40];
    struct file_group *group = file_group_new(folder);
    assert_true(file_group_add(group, SPAN("day/a"), SPAN("first"), NULL));
    assert_true(file_group_extend(group, SPAN(", second"), NULL));
    assert_true(file_group_add(group, SPAN("day/b"), SPAN("one"), NULL));
    assert_true(file_group_extend(group, SPAN(", two"), NULL));
    assert_true(file_group_extend(group, SPAN(", three"), NULL));
    assert_true(file_group_place(group, NULL));
    file_group_free(group);
    read_back("day/a", text, sizeof text);
    assert_string_equal(text, "first, second");
    read_back("day/b", text, sizeof text);
    assert_string_equal(text, "one, two, three");
    assert_int_equal(count_files("day"), 2);
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(files_are_complete_and_nothing_else_is_left),
                                       cmocka_unit_test(a_failed_write_is_reported_and_the_others_are_written),
                                       cmocka_unit_test(only_files_of_dead_processes_are_swept),
                                       cmocka_unit_test(a_planted_link_is_not_followed),
                                       cmocka_unit_test(a_file_of_a_group_may_be_written_in_pieces)};
    return cmocka_run_group_tests(tests, open_store, close_store);
}
