/* A program as a command opens it: a configuration, a store in memory, a budget, and an output folder of its own. */
#ifndef TESTS_UNIT_PROGRAM_WORKSPACE_H
#define TESTS_UNIT_PROGRAM_WORKSPACE_H

#include "unit/cmocka_test.h"

#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>

#include "config/reader.h"
#include "pipeline/base/file.h"
#include "pipeline/base/json.h"
#include "pipeline/store/store.h"
#include "program/program.h"

static struct program program;
static char workspace[40];
static bool workspace_on_disk; /* the store is state.db in the workspace, for what opens it itself */

/* Opens the program on the day 2026-01-29 with these settings, which are written as for --set and separated by
 * semicolons. */
static inline void open_workspace(const char *settings) {
    char line[600];
    struct span rest = span_of(settings), one;
    strcpy(workspace, "/tmp/dragoman-test-XXXXXX");
    assert_non_null(mkdtemp(workspace));
    program = (struct program){.signal_fd = -1, .config = config_new(program_section_tables())};
    snprintf(line, sizeof line, "run.output=%s", workspace);
    config_set(program.config, line);
    while (span_next(&rest, ';', &one)) {
        snprintf(line, sizeof line, "%.*s", SPAN_ARGS(one));
        config_set(program.config, line);
    }
    config_finish(program.config);
    for (size_t i = 0; i < config_problem_count(program.config); i++)
        print_error("%s\n", config_problem(program.config, i));
    assert_int_equal(config_problem_count(program.config), 0);
    program.settings = config_values(program.config, run_table);
    program.output_folder = program.settings->output.at;
    snprintf(line, sizeof line, "%s/state.db", workspace);
    program.state_path = memory_string(span_of(line));
    program.data_folder = memory_string(SPAN(TEST_DATA));
    strcpy(program.day, "2026-01-29");
    assert_true(log_open("off", &program.log, NULL));
    assert_true(store_open(workspace_on_disk ? program.state_path : NULL, false, &program.store, NULL));
    program.budget = program_budget(&program, program.store, false, NULL);
    assert_non_null(program.budget);
}

static inline void close_workspace(void) {
    char command[80];
    program_close(&program);
    snprintf(command, sizeof command, "rm -r %s", workspace);
    assert_int_equal(system(command), 0);
}

/* Writes a file below the output folder; its folder must exist. */
static inline void write_output(const char *name, const char *text) {
    char path[200];
    snprintf(path, sizeof path, "%s/%s", workspace, name);
    FILE *file = fopen(path, "w");
    assert_non_null(file);
    assert_int_equal(fputs(text, file) < 0, 0);
    assert_int_equal(fclose(file), 0);
}

static inline void make_output_folder(const char *name) {
    char path[200];
    snprintf(path, sizeof path, "%s/%s", workspace, name);
    assert_int_equal(mkdir(path, 0777), 0);
}

/* Asserts that the text of a buffer, which it frees, is exactly this. */
static inline void assert_text_free(struct buffer *text, const char *expected) {
    char *given = memory_string(buffer_span(text));
    buffer_free(text);
    assert_string_equal(given, expected);
    free(given);
}

/* Asserts that what is at this path (see json_at(); "" = the whole tree) is printed so; NULL = that nothing is. */
static inline void assert_json(const cJSON *root, const char *at, const char *printed) {
    const cJSON *item = *at ? json_at(root, at) : root;
    char *given = item ? cJSON_PrintUnformatted(item) : NULL;
    bool same = given && printed ? strcmp(given, printed) == 0 : given == printed;
    if (!same) fail_msg("%s is %s, not %s", at, given ? given : "missing", printed ? printed : "missing");
    free(given);
}

/* Stores an article of the source "costa" in this state, with a note. */
static inline struct article_row put_article(const char *id, enum article_state state, const char *note) {
    struct article_row row = {.article_state = state,
                              .source = SPAN("costa"),
                              .address = SPAN("https://costa.example/1"),
                              .note = span_of(note),
                              .day = SPAN("2026-01-29"),
                              .since = SPAN("2026-01-29T06:10:00Z"),
                              .version = SPAN("1"),
                              .unfinished = -1};
    snprintf(row.id, sizeof row.id, "%s", id);
    assert_true(store_put(program.store, &row, NULL));
    return row;
}

/* The same, waiting for this service or host. */
static inline void put_waiting(const char *id, enum failure_cause cause, const char *name, const char *reason) {
    struct article_row row = {.article_state = ARTICLE_STATE_WAITING,
                              .source = SPAN("costa"),
                              .address = SPAN("https://costa.example/1"),
                              .note = span_of(reason),
                              .day = SPAN("2026-01-29"),
                              .since = SPAN("2026-01-29T06:10:00Z"),
                              .version = SPAN("1"),
                              .waits_for = cause,
                              .waits_on = span_of(name),
                              .unfinished = -1};
    snprintf(row.id, sizeof row.id, "%s", id);
    assert_true(store_put(program.store, &row, NULL));
}

#endif
