#define _GNU_SOURCE
#include "unit/cmocka_test.h"

#include <dirent.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "pipeline/store/durable_writer.h"
#include "pipeline/store/store.h"

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
    for (struct dirent *entry; (entry = readdir(directory));) count += entry->d_name[0] != '.';
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

static void files_are_whole_and_nothing_else_is_left(void **state) {
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

static void what_cannot_be_written_is_said_and_the_others_are(void **state) {
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
    assert_int_equal(bad.failure.reach, REACH_RUN);
    assert_non_null(strstr(bad.failure.sentence, "good.json"));
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(files_are_whole_and_nothing_else_is_left),
                                       cmocka_unit_test(what_cannot_be_written_is_said_and_the_others_are)};
    return cmocka_run_group_tests(tests, open_store, close_store);
}
