/* Copies of the state, and what they bring back. */
#include "unit/program/commands/four_articles.h"

static void a_backup_brings_everything_back(void **state) {
    (void)state;
    end_run(CONFIGURATION);
    cJSON *json = json_of(arena_print(command_arena, "backup %s/copy.db --json", workspace).at, EXIT_DONE);
    struct stat status;
    assert_int_equal(stat(path_in_workspace("copy.db"), &status), 0);
    assert_json(json, "path", arena_print(command_arena, "\"%s/copy.db\"", workspace).at);
    assert_json(json, "articles", "4");
    assert_int_equal((long long)json_member_number(json, "bytes", 0), status.st_size);
    cJSON_Delete(json);
    assert_int_equal(unlink(path_in_workspace("state.db")), 0);
    assert_int_equal(unlink(path_in_workspace(FIRST)), 0);
    const char *said = output_of(arena_print(command_arena, "restore %s/copy.db", workspace).at, EXIT_DONE);
    assert_true(span_starts(span_of(said), SPAN("restored 1 record and rebuilt the pages of 1 day\n")));
    assert_non_null(strstr(text_in_workspace(FIRST), FIRST_ID));
    assert_non_null(strstr(output_of("status", EXIT_DONE), "done       1\n"));
}

static void a_state_that_is_there_is_replaced_on_request(void **state) {
    (void)state;
    end_run(CONFIGURATION);
    const char *words = arena_print(command_arena, "restore %s/copy.db", workspace).at;
    output_of(arena_print(command_arena, "backup %s/copy.db", workspace).at, EXIT_DONE);
    assert_true(give(words) != EXIT_DONE);
    output_of(arena_print(command_arena, "%s --replace", words).at, EXIT_DONE);
    assert_int_equal(access(path_in_workspace("state.db.replaced"), R_OK), 0);
}

static void a_backup_in_a_folder_is_named_after_the_time(void **state) {
    (void)state;
    end_run(CONFIGURATION);
    make_output_folder("copies");
    const char *said = output_of(arena_print(command_arena, "backup %s/copies", workspace).at, EXIT_DONE);
    char now[21];
    clock_iso_now(now);
    const char *begin = arena_print(command_arena, "%s/copies/dragoman-%.10sT", workspace, now).at;
    assert_true(span_starts(span_of(said), span_of(begin)));
    struct span rest = span_of(said + strlen(begin));
    assert_int_equal(span_form(rest, "dddddd"), 6);
    assert_true(span_starts(span_cut(rest, 6, rest.length), SPAN("Z.db: 4 articles, ")));
    assert_true(span_ends(rest, SPAN(" bytes\n")));
    assert_error("backup", EXIT_USAGE,
                 "dragoman: write `dragoman backup FILE, or FOLDER for a file named after the time`\n");
    assert_error("restore", EXIT_USAGE, "dragoman: write `dragoman restore FILE`\n");
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void) {
    setenv("TZ", "UTC", 1);
    const struct CMUnitTest tests[] = {TEST(a_backup_brings_everything_back),
                                       TEST(a_state_that_is_there_is_replaced_on_request),
                                       TEST(a_backup_in_a_folder_is_named_after_the_time)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
