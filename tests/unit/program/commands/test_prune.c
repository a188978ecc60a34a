/* What `dragoman prune` removes and prints. */
#include "unit/program/commands/four_articles.h"

static void prune_removes_old_days(void **state) {
    (void)state;
    char today[11];
    clock_today(today);
    finish_article("6aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", today, "1");
    end_run(CONFIGURATION);
    struct stat status;
    assert_int_equal(stat(path_in_workspace(FIRST), &status), 0);
    const char *said = output_of("prune --days 30 --dry-run", EXIT_DONE);
    assert_true(span_starts(span_of(said), SPAN("2026-01-29: 1 record, ")));
    assert_non_null(strstr(said, "\nwould prune 1 day with 1 record, 0 archive files and 0 translations: "));
    assert_int_equal(access(path_in_workspace(FIRST), F_OK), 0);
    said = output_of("prune --days 30", EXIT_DONE);
    assert_non_null(strstr(said, "\npruned 1 day with 1 record, 0 archive files and 0 translations: "));
    assert_int_equal(access(path_in_workspace(FIRST), F_OK), -1);
    assert_int_equal(access(path_in_workspace(arena_print(command_arena, "%s/articles", today).at), F_OK), 0);
    cJSON *json = json_of("prune --days 30 --json", EXIT_DONE);
    assert_json(json, "dry_run", "false");
    assert_json(json, "days", "[]");
    assert_json(json, "records", "0");
    cJSON_Delete(json);
    said = output_of("explain 1", EXIT_DONE);
    assert_non_null(strstr(said, arena_print(command_arena, "pruned    its record was pruned on %s", today).at));
    said = output_of("retry 1", EXIT_DONE);
    assert_non_null(strstr(said, "nothing to retry: the record of " FIRST_ID " was pruned on "));
}

static void prune_in_json(void **state) {
    (void)state;
    end_run(CONFIGURATION);
    struct stat status;
    assert_int_equal(stat(path_in_workspace(FIRST), &status), 0);
    cJSON *json = json_of("prune --days 30 --json --dry-run", EXIT_DONE);
    assert_json(json, "dry_run", "true");
    assert_json(json, "days.0.day", "\"2026-01-29\"");
    assert_json(json, "days.0.records", "1");
    assert_true(json_member_number(json_at(json, "days.0"), "bytes", 0) >= (double)status.st_size);
    assert_json(json, "records", "1");
    assert_json(json, "unfinished", "[]");
    assert_json(json, "forgotten", "0");
    assert_json(json, "aside", "[]");
    assert_json(json, "foreign", "[]");
    cJSON_Delete(json);
}

static void prune_needs_a_limit_and_a_state(void **state) {
    (void)state;
    end_run(CONFIGURATION);
    assert_error("prune --days x", EXIT_USAGE, "dragoman: invalid value 'x' for --days: expected a number\n");
    assert_int_equal(give("prune --archive 999999"), EXIT_USAGE);
    assert_non_null(strstr(text_in_workspace("errors"), "invalid value '999999' for --archive: expected at most "));
    assert_int_equal(give("prune 2026-01-29"), EXIT_USAGE);
    assert_int_equal(unlink(path_in_workspace("state.db")), 0);
    assert_error(
        "prune --days 30", EXIT_IO,
        arena_print(command_arena, "dragoman: there is no state in %s/state.db, so nothing can be pruned\n", workspace)
            .at);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void) {
    setenv("TZ", "UTC", 1);
    const struct CMUnitTest tests[] = {TEST(prune_removes_old_days), TEST(prune_in_json),
                                       TEST(prune_needs_a_limit_and_a_state)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
