/* A whole run over local files, in a process of its own: what it leaves, says and ends with. */
#include "unit/program/command_line.h"

/* English needs no service. */
#define PAGE                                                                                                           \
    "<!doctype html><html lang=\"en\"><head><title>Harbour of Lugo grows</title></head><body><article><h1>Harbour of " \
    "Lugo grows</h1><p>The harbour of Lugo has grown for three years in a row, and the town is glad about the ships "  \
    "that come from the north with wood, paper and fish.</p><p>Next year a second pier will be built, which the "      \
    "council decided on Monday after a long debate about its cost and its shadow on the beach.</p></article></body>"   \
    "</html>"

static int set_up(void **state) {
    (void)state;
    command_arena = arena_new();
    strcpy(workspace, "/tmp/dragoman-test-XXXXXX");
    if (!mkdtemp(workspace)) return -1;
    make_output_folder("in");
    make_output_folder("out-folder");
    return 0;
}

static int tear_down(void **state) {
    (void)state;
    end_commands();
    return 0;
}

/* Writes the configuration; `more` is what it has besides the files in the folder "in". */
static void configure(const char *more) {
    write_output("dragoman.conf",
                 arena_print(command_arena,
                             "[identify]\nskip = la\n[source \"local\"]\nkind = files\npath = %s/in\n[run]\noutput = "
                             "%s/out-folder\nsandbox = no\n%s",
                             workspace, workspace, more)
                     .at);
}

static const char *today(void) {
    char day[11];
    clock_today(day);
    return arena_string(command_arena, span_of(day));
}

static bool is_there(const char *name) {
    return access(path_in_workspace(name), F_OK) == 0;
}

static cJSON *report(void) {
    const char *name = arena_print(command_arena, "out-folder/%s/report.json", today()).at;
    cJSON *json = json_parse(span_of(text_in_workspace(name)), 1 << 20, name, NULL);
    assert_non_null(json);
    return json;
}

static void a_run_makes_records_pages_and_a_report(void **state) {
    (void)state;
    configure(arena_print(command_arena, "[metrics]\nfile = %s/m.prom\n", workspace).at);
    write_output("in/a.html", PAGE);
    assert_output("run", EXIT_DONE, "");
    assert_string_equal(text_in_workspace("errors"), "");
    cJSON *json = report();
    assert_json(json, "found", "1");
    assert_json(json, "complete", "1");
    assert_json(json, "failed", "0");
    assert_json(json, "notes", "[]");
    assert_json(json, "mails", "[]");
    assert_true(json_member_number(json, "seconds", -1) >= 0 && json_member_number(json, "seconds", -1) < 300);
    cJSON_Delete(json);
    assert_true(is_there("out-folder/state.db"));
    assert_true(is_there("out-folder/index.html"));
    assert_true(is_there("out-folder/latest/index.html"));
    const char *page = arena_print(command_arena, "out-folder/%s/index.html", today()).at;
    assert_non_null(strstr(text_in_workspace(page), "Harbour of Lugo grows"));
    assert_non_null(strstr(text_in_workspace("m.prom"), "\ndragoman_run_exit_code 0\n"));
    assert_non_null(strstr(text_in_workspace("m.prom"), "\ndragoman_run_articles{result=\"complete\"} 1\n"));
    assert_non_null(strstr(output_of("search pier", EXIT_DONE), "\n1 article\n")); /* the index is up to date */
    output_of("verify", EXIT_DONE);
}

static void the_next_run_finds_nothing_new(void **state) {
    (void)state;
    configure("");
    write_output("in/a.html", PAGE);
    output_of("run", EXIT_DONE);
    cJSON *json = json_of("run --json", EXIT_DONE);
    assert_json(json, "found", "0");
    assert_json(json, "known", "1");
    assert_json(json, "complete", "0");
    cJSON_Delete(json);
}

static void an_item_that_cannot_be_used_is_told_once(void **state) {
    (void)state;
    configure("");
    write_output("in/a.html", "<html><body></body></html>");
    int code = give("run");
    assert_int_equal(code, EXIT_SOME_FAILED);
    assert_non_null(strstr(text_in_workspace("errors"), "1 failed ("));
    assert_non_null(strstr(text_in_workspace("errors"), "; details in "));
    cJSON *json = report();
    assert_json(json, "failed", "1");
    assert_json(json, "articles.0.state", "\"failed\"");
    assert_int_equal(cJSON_GetArraySize(json_member(json, "notes")), 1);
    cJSON_Delete(json);
    assert_output("run", EXIT_DONE, "");
    assert_string_equal(text_in_workspace("errors"), "");
}

static void a_source_that_cannot_be_read_is_told_until_it_can(void **state) {
    (void)state;
    write_output("dragoman.conf", arena_print(command_arena,
                                              "[source \"local\"]\nkind = feed\nurl = %s/in/feed.xml\n[run]\noutput = "
                                              "%s/out-folder\nsandbox = no\n",
                                              workspace, workspace)
                                      .at);
    output_of("run", EXIT_NO_SERVICE);
    assert_non_null(strstr(text_in_workspace("errors"), "1 source failed; source local failed: "));
    output_of("run", EXIT_NO_SERVICE);
    assert_string_equal(text_in_workspace("errors"), ""); /* it lasts */
    cJSON *json = json_of("status --json", EXIT_DONE);
    assert_json(json, "sources.0.failures", "2");
    cJSON_Delete(json);
    write_output("in/feed.xml", "<rss version=\"2.0\"><channel><title>x</title></channel></rss>");
    output_of("run", EXIT_DONE);
    json = json_of("status --json", EXIT_DONE);
    assert_json(json, "sources.0.failures", "0");
    cJSON_Delete(json);
}

static void without_a_source_there_is_nothing_to_read(void **state) {
    (void)state;
    write_output("dragoman.conf", arena_print(command_arena, "[run]\noutput = %s/out-folder\n", workspace).at);
    output_of("run", EXIT_CONFIG);
    assert_non_null(strstr(text_in_workspace("errors"), "dragoman: no [source] is configured"));
}

static void a_dry_run_changes_nothing(void **state) {
    (void)state;
    configure("");
    write_output("in/a.html", PAGE);
    const char *said = output_of("run --dry-run", EXIT_DONE);
    assert_non_null(strstr(said, "1 article, 1 complete"));
    assert_false(is_there("out-folder/state.db"));
    assert_false(is_there(arena_print(command_arena, "out-folder/%s", today()).at));
    output_of("run", EXIT_DONE);
    assert_non_null(strstr(output_of("run --dry-run", EXIT_DONE), "0 articles, 1 known"));
}

static void two_runs_at_once_are_refused(void **state) {
    (void)state;
    struct store *store;
    struct failure failure = {0};
    configure("");
    output_of("run", EXIT_DONE);
    assert_true(store_open(path_in_workspace("out-folder/state.db"), true, &store, &failure));
    output_of("run", EXIT_BUSY);
    assert_false(strcmp(text_in_workspace("errors"), "") == 0);
    store_close(store);
    output_of("run", EXIT_DONE);
}

static void hooks_are_told_how_it_ended(void **state) {
    (void)state;
    configure(
        arena_print(command_arena, "[hooks]\nsuccess = tee %s/good\nfailure = tee %s/bad\n", workspace, workspace).at);
    write_output("in/a.html", PAGE);
    output_of("run", EXIT_DONE);
    assert_non_null(strstr(text_in_workspace("good"), "\"complete\":1"));
    assert_false(is_there("bad"));
    write_output("in/b.html", "<html><body></body></html>");
    output_of("run", EXIT_SOME_FAILED);
    assert_non_null(strstr(text_in_workspace("bad"), "\"failed\":1"));
}

static void a_hook_that_fails_is_noted(void **state) {
    (void)state;
    configure("[hooks]\nsuccess = false\n");
    output_of("run", EXIT_DONE);
    assert_non_null(strstr(text_in_workspace("errors"), "success"));
    cJSON *json = report();
    assert_json(json, "notes.0.where", "\"hook success\"");
    cJSON_Delete(json);
    output_of("run", EXIT_DONE);
    assert_string_equal(text_in_workspace("errors"), ""); /* once is enough */
}

static void pruning_after_the_run_spares_what_is_new(void **state) {
    (void)state;
    configure("[prune]\ndays = 30\n");
    write_output("in/a.html", PAGE);
    make_output_folder("out-folder/2020-01-02");
    output_of("run", EXIT_DONE);
    assert_true(is_there(arena_print(command_arena, "out-folder/%s/index.html", today()).at));
}

static void the_log_tells_of_each_step(void **state) {
    (void)state;
    configure("");
    write_output("in/a.html", "<html><body></body></html>");
    output_of("run --log text", EXIT_SOME_FAILED);
    assert_non_null(strstr(text_in_workspace("errors"), " info started command=run "));
    assert_non_null(strstr(text_in_workspace("errors"), " warning article-failed "));
    assert_non_null(strstr(text_in_workspace("errors"), " warning run-ended "));
    write_output("in/a.html", PAGE);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void) {
    setenv("TZ", "UTC", 1);
    const struct CMUnitTest tests[] = {TEST(a_run_makes_records_pages_and_a_report),
                                       TEST(the_next_run_finds_nothing_new),
                                       TEST(an_item_that_cannot_be_used_is_told_once),
                                       TEST(a_source_that_cannot_be_read_is_told_until_it_can),
                                       TEST(without_a_source_there_is_nothing_to_read),
                                       TEST(a_dry_run_changes_nothing),
                                       TEST(two_runs_at_once_are_refused),
                                       TEST(hooks_are_told_how_it_ended),
                                       TEST(a_hook_that_fails_is_noted),
                                       TEST(pruning_after_the_run_spares_what_is_new),
                                       TEST(the_log_tells_of_each_step)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
