/* A damaged table of weights ends the run: a weight that is missing would silently count as 0. */
#define _GNU_SOURCE
#include "unit/failure_is.h"

#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "pipeline/base/file.h"
#include "stages/check/meaning.h"

static char folder[64], path[96];
static struct buffer table; /* as it is delivered */

static int make_folder(void **state) {
    (void)state;
    table = BUFFER(1 << 20);
    strcpy(folder, "/tmp/dragoman-test-XXXXXX");
    if (!mkdtemp(folder) || !file_read(TEST_DATA "/tables/check/meaning.tsv", &table)) return -1;
    snprintf(path, sizeof path, "%s/tables/check/meaning.tsv", folder);
    return file_make_folders(path) ? 0 : -1;
}

static int remove_folder(void **state) {
    (void)state;
    char command[96];
    snprintf(command, sizeof command, "rm -r %s", folder);
    buffer_free(&table);
    return system(command);
}

/* Writes the table with another row in place of the one that begins so; without this row if `row` is NULL. */
static void write_changed(const char *begins, const char *row) {
    FILE *file = fopen(path, "w");
    struct span rest = buffer_span(&table), line;
    bool found = false;
    assert_non_null(file);
    while (span_next(&rest, '\n', &line)) {
        bool is_row = span_starts(line, span_of(begins));
        if (!is_row) fprintf(file, "%.*s\n", SPAN_ARGS(line));
        if (is_row && row) fprintf(file, "%s\n", row);
        found = found || is_row;
    }
    assert_true(found);
    assert_int_equal(fclose(file), 0);
}

static bool read_written(struct failure *ret_failure) {
    struct meaning *meaning;
    struct arena *arena = arena_new();
    bool done = meaning_read(folder, arena, &meaning, ret_failure);
    arena_free(arena);
    return done;
}

static void expect_refused(const char *begins, const char *row, const char *said) {
    struct failure failure = {0};
    write_changed(begins, row);
    if (read_written(&failure)) fail_msg("'%s' is read", row ? row : begins);
    assert_failure(&failure, REACH_RUN, REMEDY_NONE, CAUSE_MACHINE, EXIT_CONFIG, "tables/check/meaning.tsv");
    if (!strstr(failure.sentence, said)) fail_msg("'%s' does not say '%s'", failure.sentence, said);
}

static void the_table_as_it_is_delivered_is_read(void **state) {
    (void)state;
    struct failure failure = {0};
    FILE *file = fopen(path, "w");
    assert_int_equal(fwrite(table.at, 1, table.length, file), table.length);
    assert_int_equal(fclose(file), 0);
    assert_true(read_written(&failure));
}

static void a_missing_row_is_named(void **state) {
    (void)state;
    expect_refused("fault\tother\t", NULL, "fault other");
    expect_refused("fault\ttruncated\t", NULL, "fault truncated");
    expect_refused("fault\tadded\t", NULL, "fault added");
    expect_refused("normal\t*\t", NULL, "normal *");
    expect_refused("english\t5\t", NULL, "english 5");
    expect_refused("english\t36\t", NULL, "english 36");
    expect_refused("source\t0\t", NULL, "source 0");
    expect_refused("normal\t", NULL, "normal *");
}

static void a_wrong_number_of_values_is_named(void **state) {
    (void)state;
    expect_refused("english\t0\t", "english\t0\t1 2 3 4 5 6 7 8 9 10 11 12 13", "'english 0'");
    expect_refused("source\t7\t", "source\t7\t1 2 3 4 5 6 7 8 9 10 11 12 13 14 15", "'source 7'");
    expect_refused("source\t7\t", "source\t7", "'source 7'");
    expect_refused("normal\tde\t", "normal\tde\t1 2 3 4 5 6 7 8 9 10 11\t1 2 3 4 5 6 7 8 9 10\t0 0 0", "'normal de'");
    expect_refused("normal\tde\t", "normal\tde\t1 2 3 4 5 6 7 8 9 10 11\t1 2 3 4 5 6 7 8 9 10 11", "'normal de'");
    expect_refused("normal\tde\t", "normal\tde\t1 2 3 4 5 6 7 8 9 10 11\t1 2 3 4 5 6 7 8 9 10 11\t0 0", "'normal de'");
    expect_refused("normal\tde\t", "normal\tde\t1 2 3 4 5 6 7 8 9 10 11", "'normal de'");
    expect_refused("fault\tadded\t", "fault\tadded\t1\t1", "'fault added'");
}

static void values_that_are_no_numbers_are_named(void **state) {
    (void)state;
    static const char *const bad[] = {"nan", "NaN", "inf", "-inf", "1e999",
                                      "",    "zz",  "1,5", "1.5x", "0.0000000000000000000000000000000000001"};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        char row[160];
        snprintf(row, sizeof row, "english\t3\t1 2 3 4 5 6 %s 8 9 10 11 12 13 14", bad[i]);
        expect_refused("english\t3\t", row, "'english 3'");
        snprintf(row, sizeof row, "normal\tru\t1 2 3 4 5 6 7 8 9 10 11\t1 2 3 4 5 6 %s 8 9 10 11\t0 0 0", bad[i]);
        expect_refused("normal\tru\t", row, "'normal ru'");
    }
}

/* Features are divided by the spread. */
static void a_spread_that_is_not_positive_is_named(void **state) {
    (void)state;
    expect_refused("normal\tzh\t", "normal\tzh\t1 2 3 4 5 6 7 8 9 10 11\t1 2 3 4 5 6 7 8 9 10 0\t0 0 0", "'normal zh'");
    expect_refused("normal\t*\t", "normal\t*\t1 2 3 4 5 6 7 8 9 10 11\t-1 2 3 4 5 6 7 8 9 10 11\t0 0 0", "'normal *'");
}

static void unknown_rows_are_named(void **state) {
    (void)state;
    expect_refused("fault\tadded\t", "fault\tlonger\t1\t1", "'fault longer'");
    expect_refused("english\t0\t", "english\t37\t1 2 3 4 5 6 7 8 9 10 11 12 13 14", "'english 37'");
    expect_refused("source\t0\t", "source\t15\t1 2 3 4 5 6 7 8 9 10 11 12 13 14", "'source 15'");
    expect_refused("source\t0\t", "source\t-1\t1 2 3 4 5 6 7 8 9 10 11 12 13 14", "'source -1'");
    expect_refused("english\t0\t", "target\t0\t1 2 3 4 5 6 7 8 9 10 11 12 13 14", "'target 0'");
    /* what stands behind "*" would never be found */
    expect_refused("normal\t*\t", "normal\tzz\t1 2 3 4 5 6 7 8 9 10 11\t1 2 3 4 5 6 7 8 9 10 11\t0 0 0", "normal *");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_table_as_it_is_delivered_is_read),
        cmocka_unit_test(a_missing_row_is_named),
        cmocka_unit_test(a_wrong_number_of_values_is_named),
        cmocka_unit_test(values_that_are_no_numbers_are_named),
        cmocka_unit_test(a_spread_that_is_not_positive_is_named),
        cmocka_unit_test(unknown_rows_are_named),
    };
    return cmocka_run_group_tests(tests, make_folder, remove_folder);
}
