/* What `dragoman accept` does to doubts. */
#include "unit/program/commands/four_articles.h"

#define DOUBT_ID "7aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"

/* The first sentence is doubtful, the second is not translated. */
static void write_doubt(struct article *article) {
    write_story(article);
    struct segment *segment = &article->body[0].segments[0];
    segment->status = SEGMENT_SUSPECT;
    segment->translated_by = -1;
    article_add_finding(article, segment, "numbers", SEVERITY_WARNING, SPAN("1 became 2"));
    struct block *block = article_add_block(article, BLOCK_PARAGRAPH, SPAN("Tres."));
    article_add_segment(article, block, SPAN("Tres."))->status = SEGMENT_FAILED;
    article->status = ARTICLE_PARTIAL;
}

static void have_a_doubt(void) {
    close_run_loop();
    open_run_loop();
    fate.change = write_doubt;
    assert_true(find_article(DOUBT_ID, "1"));
    work_through();
    end_run(CONFIGURATION);
}

static void a_doubt_is_removed(void **state) {
    (void)state;
    have_a_doubt();
    assert_non_null(strstr(text_in_workspace("2026-01-29/articles/" DOUBT_ID ".json"), "suspect"));
    assert_output("accept 7 1", EXIT_DONE, "accepted segment 1 of " DOUBT_ID ": One 7.\n");
    assert_null(strstr(text_in_workspace("2026-01-29/articles/" DOUBT_ID ".json"), "\"suspect\""));
    assert_output("accept 7 s1", EXIT_DONE, "segment 1 of " DOUBT_ID " has been accepted already\n");
    assert_output("accept 7 0", EXIT_DONE, "segment 0 of " DOUBT_ID " has no doubt to accept\n");
    assert_non_null(strstr(text_in_workspace("2026-01-29/index.html"), "Two 7"));
    assert_non_null(strstr(output_of("export tmx", EXIT_DONE), "<seg>Uno 7.</seg>")); /* in the translation memory */
}

static void json_tells_of_each_segment(void **state) {
    (void)state;
    have_a_doubt();
    cJSON *json = json_of("accept 7 1 0 --json", EXIT_DONE);
    assert_json(json, "article", "\"" DOUBT_ID "\"");
    assert_json(json, "accepted", "1");
    assert_json(json, "segments",
                "[{\"segment\":1,\"state\":\"accepted\",\"source\":\"Uno 7.\",\"english\":\"One 7.\"},"
                "{\"segment\":0,\"state\":\"no doubt\",\"source\":\"Dos 7\",\"english\":\"Two 7\"}]");
    cJSON_Delete(json);
    json = json_of("accept 7 1 --json", EXIT_DONE);
    assert_json(json, "accepted", "0");
    assert_json(json, "segments.0.state", "\"accepted before\"");
    cJSON_Delete(json);
}

static void nothing_is_changed_unless_all_can_be_accepted(void **state) {
    (void)state;
    have_a_doubt();
    assert_error("accept 7 1 2", EXIT_BAD_DATA,
                 "dragoman: segment 2 of " DOUBT_ID " has no translation that could be accepted; correct it: "
                 "`dragoman export xliff`, then `dragoman import FILE.xlf`\n");
    assert_error("accept 7 1 3", EXIT_BAD_DATA,
                 "dragoman: " DOUBT_ID " has no segment 3: its last one is 2 (0 is the headline)\n");
    assert_non_null(strstr(text_in_workspace("2026-01-29/articles/" DOUBT_ID ".json"), "\"suspect\""));
}

static void mistakes_are_named(void **state) {
    (void)state;
    have_a_doubt();
    static const char usage[] = "dragoman: give an article and its segments: `dragoman accept ID SEGMENT...`, for "
                                "example `dragoman accept 3f2a 4`\n";
    assert_error("accept", EXIT_USAGE, usage);
    assert_error("accept 7", EXIT_USAGE, usage);
    assert_error("accept 7 x", EXIT_USAGE, "dragoman: 'x' is not the number of a segment\n");
    assert_error("accept 7 -- -1", EXIT_USAGE, "dragoman: '-1' is not the number of a segment\n");
    assert_error("accept 7 2147483648", EXIT_USAGE, "dragoman: '2147483648' is not the number of a segment\n");
    assert_error("accept 9 1", EXIT_BAD_DATA, "dragoman: no article has an id that begins with '9'\n");
    assert_error("accept 2 1", EXIT_BAD_DATA, "dragoman: " SECOND_ID " has no finished record: it is waiting\n");
}

static void a_damaged_record_cannot_be_accepted(void **state) {
    (void)state;
    struct article_row row = put_article("8aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", ARTICLE_STATE_DONE, "");
    row.path = SPAN("2026-01-29/articles/8aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa.json");
    assert_true(store_put(program.store, &row, NULL));
    have_a_doubt();
    assert_error("accept 8 1", EXIT_BAD_DATA,
                 "dragoman: the record of 8aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa is missing or damaged; `dragoman verify "
                 "--repair` may restore it\n");
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void) {
    setenv("TZ", "UTC", 1);
    const struct CMUnitTest tests[] = {TEST(a_doubt_is_removed), TEST(json_tells_of_each_segment),
                                       TEST(nothing_is_changed_unless_all_can_be_accepted), TEST(mistakes_are_named),
                                       TEST(a_damaged_record_cannot_be_accepted)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
