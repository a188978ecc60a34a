/* What `dragoman digest` makes, from which days and articles, and to where. */
#include "unit/program/commands/four_articles.h"

static void write_bulgarian(struct article *article) {
    write_story(article);
    article->section = SPAN("sport");
    memcpy(article->language.code, "bg", 3);
}

/* Another article, of the day before, in Bulgarian and about sport. */
static void have_two_days(void) {
    memcpy(program.day, "2026-01-28", 11);
    assert_true(store_begin_day(program.store, program.day, NULL));
    close_run_loop();
    open_run_loop();
    fate.change = write_bulgarian;
    assert_true(find_article("5aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", "1"));
    work_through();
    end_run(CONFIGURATION);
}

static bool is_there(const char *name) {
    return access(path_in_workspace(name), F_OK) == 0;
}

/* Asserts that the command makes this file, and says so; returns its text. */
static const char *made(const char *words, const char *name) {
    assert_output(words, EXIT_DONE, arena_print(command_arena, "%s/%s\n", workspace, name).at);
    return text_in_workspace(name);
}

static void assert_shows(const char *text, bool spanish, bool bulgarian) {
    assert_int_equal(strstr(text, "Dos 1") != NULL, spanish);
    assert_int_equal(strstr(text, "Dos 5") != NULL, bulgarian);
}

static void a_day_or_a_week_has_its_own_pages(void **state) {
    (void)state;
    have_two_days();
    assert_shows(made("digest 2026-01-29", "2026-01-29/index.html"), true, false);
    assert_false(is_there("2026-01-28/index.html"));
    const char *week = made("digest 2026-W05", "2026-W05.html");
    assert_non_null(strstr(week, "Two 1"));
    assert_non_null(strstr(week, "Two 5"));
    assert_true(is_there("2026-01-28/index.html"));
}

static void days_are_put_together(void **state) {
    (void)state;
    have_two_days();
    output_of("digest 2026-W05", EXIT_DONE);
    assert_shows(made("digest 2026-01-28..2026-01-29", "selections/2026-01-28..2026-01-29.html"), true, true);
    const char *text = made("digest 2026-01-26..2026-01-29", "selections/2026-01-26..2026-01-29.html");
    assert_shows(text, true, true);
    assert_non_null(strstr(text, "2 of these days have no records: 2026-01-26, 2026-01-27"));
    assert_null(strstr(text, "is not known"));
    text = made("digest 2026-01-27..2026-01-29", "selections/2026-01-27..2026-01-29.html");
    assert_non_null(strstr(text, "1 of these days has no records: 2026-01-27"));
}

static void without_its_file_the_stories_of_a_day_are_not_known(void **state) {
    (void)state;
    have_two_days();
    output_of("digest 2026-01-29", EXIT_DONE);
    const char *text = made("digest 2026-01-28..2026-01-29", "selections/2026-01-28..2026-01-29.html");
    assert_non_null(strstr(text, "What was missing on 2026-01-28 is not known"));
    assert_null(strstr(text, "What was missing on 2026-01-29"));
}

static void languages_sources_and_sections_choose(void **state) {
    (void)state;
    have_two_days();
    output_of("digest 2026-W05", EXIT_DONE);
    assert_shows(output_of("digest 2026-01-28..2026-01-29 --language bg --output -", EXIT_DONE), false, true);
    assert_shows(output_of("digest 2026-01-28..2026-01-29 --language bg,es --output -", EXIT_DONE), true, true);
    assert_shows(output_of("digest 2026-01-28..2026-01-29 --language bg --language es --output -", EXIT_DONE), true,
                 true);
    assert_shows(output_of("digest 2026-01-28..2026-01-29 --section sport --output -", EXIT_DONE), false, true);
    assert_shows(output_of("digest 2026-01-29 --source costa --output -", EXIT_DONE), true, false);
    assert_output("digest 2026-01-29 --language bg", EXIT_DONE, "There are no records of 2026-01-29: Bulgarian.\n");
    assert_output("digest 2026-01-28..2026-01-29 --source mina", EXIT_DONE,
                  "There are no records from 2026-01-28 to 2026-01-29: from mina.\n");
    assert_int_equal(give("digest 2026-01-29 --source cost"), EXIT_USAGE);
    assert_non_null(strstr(text_in_workspace("errors"), "did you mean 'costa'?"));
    assert_int_equal(give("digest 2026-01-29 --language klingonish"), EXIT_USAGE);
}

static void the_name_of_the_file_says_in_which_format(void **state) {
    (void)state;
    have_two_days();
    static const char *const names[] = {"a.html", "a.htm", "a.HTML", "a", "a.md", "a.json", "a.csv", "a.xml"};
    static const char *const begins[] = {"<!", "<!", "<!", "<!", NULL, "{", NULL, "<?xml"};
    for (size_t i = 0; i < 8; i++) {
        const char *words = arena_print(command_arena, "digest 2026-01-29 --output %s/%s", workspace, names[i]).at;
        const char *text = made(words, names[i]);
        assert_shows(text, true, false);
        if (begins[i]) assert_true(strncmp(text, begins[i], strlen(begins[i])) == 0);
    }
    assert_error(
        arena_print(command_arena, "digest 2026-01-29 --output %s/a.docx", workspace).at, EXIT_USAGE,
        arena_print(command_arena,
                    "dragoman: --output %s/a.docx: unknown format '.docx': expected .html, .json, .md, .csv or "
                    ".xml\n",
                    workspace)
            .at);
}

/* `name` is relative to the workspace. */
static void assert_refused(const char *name, const char *why) {
    const char *path = path_in_workspace(name);
    assert_error(arena_print(command_arena, "digest 2026-01-29 --output %s", path).at, EXIT_USAGE,
                 arena_print(command_arena, "dragoman: --output %s: %s\n", path, why).at);
}

static void what_runs_write_is_not_replaced(void **state) {
    (void)state;
    static const char every[] = "this file is written by every run; choose another name";
    static const char folder[] = "this is a folder; add the name of a file, such as week.html";
    have_two_days();
    output_of("digest 2026-01-29", EXIT_DONE);
    assert_refused("2026-01-29/a.html", "this is in the folder of a day, whose pages are only written whole");
    assert_refused("2026-01-29/articles/a.html", "this is in the folder of a day, whose pages are only written whole");
    assert_refused("index.html", every);
    assert_refused("feed.xml", every);
    assert_refused("2026-W05.html", every);
    assert_refused("no/a.html", "there is no such folder; create it first");
    assert_refused("2026-01-29", folder);
    assert_refused("", folder);
    assert_refused(".", folder);
    assert_int_equal(symlink("a", path_in_workspace("link.html")), 0);
    assert_refused("link.html", "this is a symbolic link, which is not followed; name the file itself");
    assert_int_equal(mkfifo(path_in_workspace("pipe.html"), 0666), 0);
    assert_refused("pipe.html", "this is not a regular file; use - for standard output");
    made(arena_print(command_arena, "digest 2026-01-29 --output %s/2026-W77.html", workspace).at, "2026-W77.html");
}

static void links_lead_to_the_output_folder_from_wherever_the_file_is(void **state) {
    (void)state;
    have_two_days();
    output_of("digest 2026-01-29", EXIT_DONE);
    make_output_folder("a");
    make_output_folder("a/b");
    const char *text = made(arena_print(command_arena, "digest 2026-01-29 --output %s/x.html", workspace).at, "x.html");
    assert_non_null(strstr(text, "href=\"2026-01-29/"));
    text = made(arena_print(command_arena, "digest 2026-01-29 --output %s/a/b/x.html", workspace).at, "a/b/x.html");
    assert_non_null(strstr(text, "href=\"../../2026-01-29/"));
    text = output_of("digest 2026-01-29 --output -", EXIT_DONE);
    assert_non_null(strstr(text, arena_print(command_arena, "href=\"file://%s/2026-01-29/", workspace).at));
    text = output_of("digest 2026-01-29 --output - --set digest.url=https://a.example/n", EXIT_DONE);
    assert_non_null(strstr(text, "href=\"https://a.example/n/2026-01-29/"));
}

static void days_without_anything_are_told(void **state) {
    (void)state;
    have_two_days();
    assert_output("digest 2026-01-27", EXIT_DONE, "There are no records of 2026-01-27.\n");
    assert_output("digest 2026-01-26..2026-01-27", EXIT_DONE, "There are no records from 2026-01-26 to 2026-01-27.\n");
    assert_output("digest 2025-W05", EXIT_DONE, "There are no records from 2025-01-27 to 2025-02-02.\n");
    output_of("prune --days 30", EXIT_DONE);
    const char *said = output_of("digest 2026-01-29", EXIT_DONE);
    assert_true(span_starts(span_of(said), SPAN("The records of 2026-01-29 were pruned on ")));
    said = output_of("digest 2026-01-26..2026-01-29", EXIT_DONE);
    assert_string_equal(said, "There are no records from 2026-01-26 to 2026-01-29.\n2 of these days were pruned.\n");
    said = output_of("digest 2026-01-29..2026-01-30", EXIT_DONE);
    assert_string_equal(said, "There are no records from 2026-01-29 to 2026-01-30.\n1 of these days was pruned.\n");
}

static void mistakes_are_named(void **state) {
    (void)state;
    have_two_days();
    assert_error("digest 2026-01-28 2026-01-29", EXIT_USAGE,
                 "dragoman: unexpected argument '2026-01-29': digest takes one date or range; did you mean "
                 "'2026-01-28..2026-01-29'?\n");
    assert_error("digest 2026-01-29 2026-01-28", EXIT_USAGE,
                 "dragoman: unexpected argument '2026-01-28': digest takes one date or range; did you mean "
                 "'2026-01-28..2026-01-29'?\n");
    assert_error("digest 2026-01-29 x", EXIT_USAGE,
                 "dragoman: unexpected argument 'x': digest takes one date or range\n");
    static const char mail[] =
        "dragoman: --mail takes one day, and none of --language, --source, --section and --output\n";
    assert_error("digest 2026-W05 --mail", EXIT_USAGE, mail);
    assert_error("digest 2026-01-29 --language es --mail", EXIT_USAGE, mail);
    assert_error("digest 2026-01-28..2026-01-29 --mail", EXIT_USAGE, mail);
}

static void without_a_state_the_records_are_read(void **state) {
    (void)state;
    have_two_days();
    assert_int_equal(unlink(path_in_workspace("state.db")), 0);
    assert_shows(made("digest 2026-01-29", "2026-01-29/index.html"), true, false);
    assert_false(is_there("state.db"));
    assert_error("digest 2026-01-29 --mail", EXIT_IO,
                 arena_print(command_arena,
                             "dragoman: there is no state in %s/state.db, so it is not known what was mailed before\n",
                             workspace)
                     .at);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void) {
    setenv("TZ", "UTC", 1);
    const struct CMUnitTest tests[] = {TEST(a_day_or_a_week_has_its_own_pages),
                                       TEST(days_are_put_together),
                                       TEST(without_its_file_the_stories_of_a_day_are_not_known),
                                       TEST(languages_sources_and_sections_choose),
                                       TEST(the_name_of_the_file_says_in_which_format),
                                       TEST(what_runs_write_is_not_replaced),
                                       TEST(links_lead_to_the_output_folder_from_wherever_the_file_is),
                                       TEST(days_without_anything_are_told),
                                       TEST(mistakes_are_named),
                                       TEST(without_a_state_the_records_are_read)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
