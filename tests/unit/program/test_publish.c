/* When a day's pages are made, and what leads to them. */
#include "unit/program/run_workspace.h"

#include <unistd.h>

#include "program/day_notes.h"
#include "program/publish.h"
#include "program/publish_days.h"
#include "program/publish_links.h"

#define FIRST_ID "1aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
#define SECOND_ID "2aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"

/* Makes the stale pages of all days, and returns of how many. */
static size_t publish_all(void) {
    struct failure failure = {0};
    size_t count = 99;
    if (!publish_stale_days(&program, "", &count, &failure)) fail_msg("%s", failure.sentence);
    return count;
}

static const char *path_of(const char *name) {
    return arena_print(run_arena, "%s/%s", workspace, name).at;
}

static bool is_there(const char *name) {
    return access(path_of(name), R_OK) == 0;
}

/* Returns the text of a file in the output folder. */
static const char *text_of(const char *name) {
    struct buffer text = BUFFER(64 << 20);
    if (!file_read(path_of(name), &text)) fail_msg("there is no %s", name);
    const char *copy = arena_string(run_arena, buffer_span(&text));
    buffer_free(&text);
    return copy;
}

static bool says(const char *name, const char *words) {
    return strstr(text_of(name), words) != NULL;
}

/* ---------------------------------------------------------------- stale */

static void pages_are_made_once(void **state) {
    (void)state;
    finish_article(FIRST_ID, "2026-01-29", "1");
    assert_true(publish_day_is_stale(&program, "2026-01-29"));
    assert_int_equal(publish_all(), 1);
    assert_false(publish_day_is_stale(&program, "2026-01-29"));
    assert_int_equal(publish_all(), 0);
    assert_true(says("2026-01-29/index.html", "Two 1"));
    assert_true(says("2026-01-29/index.html", "Dos 1"));
    assert_true(says("2026-01-29/feed.xml", "Two 1"));
    assert_true(says("feed.xml", "Two 1"));
    assert_true(says("index.html", "2026-01-29/index.html"));
    assert_true(is_there("2026-W05.html"));
    assert_true(is_there("latest/index.html"));
}

static void they_are_stale_when_another_record_comes(void **state) {
    (void)state;
    finish_article(FIRST_ID, "2026-01-29", "1");
    publish_all();
    finish_article(SECOND_ID, "2026-01-29", "1");
    assert_true(publish_day_is_stale(&program, "2026-01-29"));
    assert_int_equal(publish_all(), 1);
    assert_true(says("2026-01-29/index.html", "Two 2"));
    assert_true(says("feed.xml", "Two 2"));
}

static void they_are_stale_when_what_they_note_changes(void **state) {
    (void)state;
    finish_article(FIRST_ID, "2026-01-29", "1");
    publish_all();
    assert_true(store_note(program.store, "2026-01-29", SPAN("costa"), SPAN("item 3 has no text"), NULL));
    assert_true(publish_day_is_stale(&program, "2026-01-29"));
    assert_int_equal(publish_all(), 1);
    assert_true(says("2026-01-29/index.html", "item 3 has no text"));
}

/* Each page counts; the table has no version, so only its absence does. */
static void they_are_stale_when_one_is_missing(void **state) {
    (void)state;
    static const char *const names[] = {"index.html", "digest.md", "digest.json", "feed.xml", "digest.csv"};
    finish_article(FIRST_ID, "2026-01-29", "1");
    publish_all();
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        const char *name = arena_print(run_arena, "2026-01-29/%s", names[i]).at;
        if (!is_there(name)) fail_msg("there is no %s", name);
        assert_int_equal(unlink(path_of(name)), 0);
        if (!publish_day_is_stale(&program, "2026-01-29")) fail_msg("%s is missing", name);
        assert_int_equal(publish_all(), 1);
        assert_true(is_there(name));
    }
}

static void a_day_with_a_run_has_pages_even_without_articles(void **state) {
    (void)state;
    assert_true(store_begin_day(program.store, "2026-01-29", NULL));
    assert_int_equal(publish_all(), 1);
    assert_true(is_there("2026-01-29/index.html"));
}

static void another_watch_list_changes_the_pages(void **state) {
    (void)state;
    finish_article(FIRST_ID, "2026-01-29", "1");
    publish_all();
    struct config *before = program.config;
    program_close_stages(&program);
    program.config = config_new(program_section_tables());
    config_set(program.config, arena_print(run_arena, "run.output=%s", workspace).at);
    config_set(program.config, "source.costa.kind=page");
    config_set(program.config, "watch.ports.terms=harbour");
    config_finish(program.config);
    assert_int_equal(config_problem_count(program.config), 0);
    assert_true(publish_day_is_stale(&program, "2026-01-29"));
    config_free(program.config);
    program.config = before;
    assert_false(publish_day_is_stale(&program, "2026-01-29"));
}

/* ---------------------------------------------------------------- changed */

static void a_page_that_somebody_edits_has_changed(void **state) {
    (void)state;
    finish_article(FIRST_ID, "2026-01-29", "1");
    assert_false(publish_day_is_changed(&program, "2026-01-29")); /* it is stale, which is another matter */
    publish_all();
    assert_false(publish_day_is_changed(&program, "2026-01-29"));
    write_output("2026-01-29/index.html", arena_print(run_arena, "%s ", text_of("2026-01-29/index.html")).at);
    assert_false(publish_day_is_stale(&program, "2026-01-29"));
    assert_true(publish_day_is_changed(&program, "2026-01-29"));
    assert_int_equal(publish_all(), 0);
    program.repairs = true; /* verify --repair */
    assert_int_equal(publish_all(), 1);
    assert_false(publish_day_is_changed(&program, "2026-01-29"));
}

static void links_from_day_to_day_change_nothing(void **state) {
    (void)state;
    finish_article(FIRST_ID, "2026-01-28", "1");
    publish_all();
    finish_article(SECOND_ID, "2026-01-29", "1");
    assert_int_equal(publish_all(), 1);
    assert_false(publish_day_is_changed(&program, "2026-01-28"));
    assert_false(publish_day_is_stale(&program, "2026-01-28"));
}

static void a_broken_link_is_a_change(void **state) {
    (void)state;
    finish_article(FIRST_ID, "2026-01-29", "1");
    publish_all();
    const char *link = strstr(text_of("2026-01-29/index.html"), "href=\"stories/");
    assert_non_null(link);
    size_t length = strcspn(link + 6, "\"#");
    const char *page = arena_print(run_arena, "2026-01-29/%.*s", (int)length, link + 6).at;
    assert_true(is_there(page));
    assert_int_equal(unlink(path_of(page)), 0);
    assert_true(publish_day_is_changed(&program, "2026-01-29"));
}

static bool is_broken(const char *html) {
    write_output("2026-01-29/index.html", html);
    return publish_links_are_broken(path_of("2026-01-29"));
}

static void only_links_to_pages_of_the_day_are_followed(void **state) {
    (void)state;
    make_output_folder("2026-01-29");
    make_output_folder("2026-01-29/stories");
    write_output("2026-01-29/stories/a.html", "");
    assert_false(is_broken(""));
    assert_false(is_broken("<a href=\"stories/a.html\">a</a> <a href=\"stories/a.html#part\">b</a>"));
    assert_true(is_broken("<a href=\"stories/a.html\">a</a> <a href=\"stories/b.html\">b</a>"));
    assert_true(is_broken("<a href=\"stories/b.html#part\">b</a> <a href=\"stories/a.html\">a</a>"));
    assert_false(is_broken("<a href=\"../2026-01-28/index.html\">x</a> <a href=\"https://a.example/stories/x\">x</a>"));
    assert_true(is_broken("<a href=\"more-2.html\">on</a>"));
    write_output("2026-01-29/more-2.html", "<a href=\"stories/a.html\">a</a>");
    assert_false(is_broken("<a href=\"more-2.html\">on</a>"));
    write_output("2026-01-29/more-3.html", "<a href=\"stories/b.html\">b</a>");
    assert_true(is_broken("<a href=\"more-2.html\">on</a>"));
    assert_false(publish_links_are_broken(path_of("2026-01-30")));
}

/* ---------------------------------------------------------------- from day to day */

static void days_lead_to_one_another(void **state) {
    (void)state;
    finish_article(FIRST_ID, "2026-01-27", "1");
    finish_article(SECOND_ID, "2026-01-29", "1");
    assert_int_equal(publish_all(), 2);
    assert_true(says("2026-01-27/index.html", "../2026-01-29/index.html"));
    assert_true(says("2026-01-29/index.html", "../2026-01-27/index.html"));
    const char *list = text_of("index.html");
    const char *newer = strstr(list, "2026-01-29/index.html"), *older = strstr(list, "2026-01-27/index.html");
    assert_non_null(newer);
    assert_non_null(older);
    assert_true(newer < older);
    const char *feed = text_of("feed.xml");
    assert_non_null(strstr(feed, "Two 1"));
    assert_non_null(strstr(feed, "Two 2"));
}

static void the_days_beside_a_day_are_the_nearest_with_pages(void **state) {
    (void)state;
    static const char *const days[] = {"2026-01-20", "2026-01-25", "2026-01-27",
                                       "2026-01-29", "2026-02-03", "2026-02-05"};
    char previous[11], next[11];
    for (size_t i = 0; i < 6; i++) {
        make_output_folder(days[i]);
        write_output(arena_print(run_arena, "%s/index.html", days[i]).at, "x");
    }
    make_output_folder("2026-01-28"); /* without a page */
    make_output_folder("2026-01-26.old");
    publish_days_beside(workspace, "2026-01-29", previous, next);
    assert_string_equal(previous, "2026-01-27");
    assert_string_equal(next, "2026-02-03");
    publish_days_beside(workspace, "2026-01-20", previous, next);
    assert_string_equal(previous, "");
    assert_string_equal(next, "2026-01-25");
    publish_days_beside(workspace, "2026-02-05", previous, next);
    assert_string_equal(previous, "2026-02-03");
    assert_string_equal(next, "");
    publish_days_beside("/nowhere", "2026-02-05", previous, next);
    assert_string_equal(previous, "");
}

static const char *latest(void) {
    char day[16] = "";
    ssize_t length = readlink(path_of("latest"), day, sizeof day - 1);
    return length < 0 ? "" : arena_string(run_arena, span_of(day));
}

static void latest_leads_to_the_newest_day(void **state) {
    (void)state;
    finish_article(FIRST_ID, "2026-01-28", "1");
    publish_all();
    assert_string_equal(latest(), "2026-01-28");
    finish_article(SECOND_ID, "2026-01-29", "1");
    publish_all();
    assert_string_equal(latest(), "2026-01-29");
}

static void a_file_of_the_users_in_its_place_stays(void **state) {
    (void)state;
    write_output("latest", "mine");
    finish_article(FIRST_ID, "2026-01-28", "1");
    publish_all();
    assert_string_equal(text_of("latest"), "mine");
}

/* ---------------------------------------------------------------- what moves */

static void a_record_that_moves_leaves_nothing_behind(void **state) {
    (void)state;
    finish_article(FIRST_ID, "2026-01-28", "1");
    finish_article(SECOND_ID, "2026-01-28", "1");
    publish_all();
    finish_article(FIRST_ID, "2026-01-29", "2"); /* another version comes the next day */
    assert_int_equal(publish_all(), 2);
    assert_false(is_there("2026-01-28/articles/" FIRST_ID ".json"));
    assert_true(is_there("2026-01-28/articles/" SECOND_ID ".json"));
    assert_true(is_there("2026-01-29/articles/" FIRST_ID ".json"));
    assert_false(says("2026-01-28/index.html", "Two 1"));
    assert_true(says("2026-01-29/index.html", "Two 1"));
    assert_int_equal(publish_all(), 0);
}

/* ---------------------------------------------------------------- one day */

static void a_day_has_something_if_there_was_a_run_or_a_record_or_a_page(void **state) {
    (void)state;
    assert_false(publish_has_day(&program, "2026-01-28", true));
    assert_false(publish_has_day(&program, "2026-01-28", false));
    assert_true(store_begin_day(program.store, "2026-01-28", NULL));
    assert_true(publish_has_day(&program, "2026-01-28", true));
    assert_false(publish_has_day(&program, "2026-01-27", true));
    assert_false(publish_has_day(&program, "2026-01-28", false)); /* nothing is in the folder */
    finish_article(FIRST_ID, "2026-01-26", "1");
    assert_true(publish_has_day(&program, "2026-01-26", true));
    assert_true(publish_has_day(&program, "2026-01-26", false));
    publish_all();
    assert_true(publish_has_day(&program, "2026-01-28", false)); /* now there are pages */
}

static void a_day_is_made_again_on_request(void **state) {
    (void)state;
    struct failure failure = {0};
    finish_article(FIRST_ID, "2026-01-29", "1");
    publish_all();
    write_output("2026-01-29/digest.csv", "");
    assert_true(publish_day(&program, "2026-01-29", true, &failure));
    assert_true(says("2026-01-29/digest.csv", "Two 1"));
    write_output("2026-01-29/digest.csv", "");
    assert_true(publish_day(&program, "2026-01-29", false, &failure)); /* from the records in the folder */
    assert_true(says("2026-01-29/digest.csv", "Two 1"));
}

static void damaged_records_are_told(void **state) {
    (void)state;
    char *printed;
    size_t length;
    FILE *before = program.log.out, *out = open_memstream(&printed, &length);
    program.log.out = out;
    publish_warn_of_damage(&program, 1, "2026-01-29");
    publish_warn_of_damage(&program, 2, "2026-01-29");
    program.log.out = before;
    fclose(out);
    assert_string_equal(printed, "dragoman: 1 damaged record of 2026-01-29 was left out; see `dragoman verify`\n"
                                 "dragoman: 2 damaged records of 2026-01-29 were left out; see `dragoman verify`\n");
    free(printed);
}

static void pages_are_made_although_a_record_is_damaged(void **state) {
    (void)state;
    finish_article(FIRST_ID, "2026-01-29", "1");
    finish_article(SECOND_ID, "2026-01-29", "1");
    struct timespec made;
    assert_false(publish_day_made(&program, "2026-01-29", &made));
    publish_all();
    assert_true(publish_day_made(&program, "2026-01-29", &made));
    struct stat status;
    assert_int_equal(stat(path_of("2026-01-29/digest.csv"), &status), 0);
    assert_true(made.tv_sec <= status.st_ctim.tv_sec);
    assert_true(made.tv_sec >= status.st_ctim.tv_sec - 60);
    write_output("2026-01-29/articles/" FIRST_ID ".json", "{}");
    assert_int_equal(unlink(path_of("2026-01-29/digest.csv")), 0);
    assert_int_equal(publish_all(), 1);
    assert_true(says("2026-01-29/index.html", "Two 2"));
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up_run, tear_down_run)

int main(void) {
    setenv("TZ", "UTC", 1);
    const struct CMUnitTest tests[] = {TEST(pages_are_made_once),
                                       TEST(they_are_stale_when_another_record_comes),
                                       TEST(they_are_stale_when_what_they_note_changes),
                                       TEST(they_are_stale_when_one_is_missing),
                                       TEST(a_day_with_a_run_has_pages_even_without_articles),
                                       TEST(another_watch_list_changes_the_pages),
                                       TEST(a_page_that_somebody_edits_has_changed),
                                       TEST(links_from_day_to_day_change_nothing),
                                       TEST(a_broken_link_is_a_change),
                                       TEST(only_links_to_pages_of_the_day_are_followed),
                                       TEST(days_lead_to_one_another),
                                       TEST(the_days_beside_a_day_are_the_nearest_with_pages),
                                       TEST(latest_leads_to_the_newest_day),
                                       TEST(a_file_of_the_users_in_its_place_stays),
                                       TEST(a_record_that_moves_leaves_nothing_behind),
                                       TEST(a_day_has_something_if_there_was_a_run_or_a_record_or_a_page),
                                       TEST(a_day_is_made_again_on_request),
                                       TEST(damaged_records_are_told),
                                       TEST(pages_are_made_although_a_record_is_damaged)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
