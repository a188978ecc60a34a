/* What `dragoman status` prints. */
#include "unit/program/commands/four_articles.h"

#include "pipeline/store/store_sources.h"
#include "stages/translate/closings.h"

static void have_a_source_that_fails(void) {
    const struct source_visit visit = {.name = SPAN("mina"), .reason = SPAN("404"), .failed = true};
    assert_true(store_see_source(program.store, &visit, "2026-01-29T06:10:00Z", NULL));
}

static void have_problems(void) {
    const struct closing closing = {.service = SPAN("paid"), .language = SPAN("uk"), .reason = SPAN("it repeats")};
    have_a_source_that_fails();
    store_begin_outage(program.store, OUTAGE_SERVICE, SPAN("paid"), SPAN("service paid: it is down"),
                       "2026-01-28T10:00:00Z", NULL);
    store_begin_outage(program.store, OUTAGE_SERVICE, SPAN("other"), SPAN("it is slow"), "2026-01-28T10:00:00Z", NULL);
    closings_put(program.store, &closing, NULL);
    store_tell(program.store, SPAN("worthless\tpaid\tuk"), SPAN("it repeats\t"), SPAN("2026-01-27T10:00:00Z"), NULL);
}

static void status_counts_and_lists(void **state) {
    (void)state;
    end_run(CONFIGURATION);
    const char *said = output_of("status", EXIT_DONE);
    assert_true(span_starts(span_of(said),
                            SPAN("found      0\nwaiting    1\ndone       1\nskipped    0\nduplicate  1\nfailed     1\n"
                                 "1 article waits for service paid since 2026-01-29 06:10: the key was refused\n"
                                 "waiting:\n  2aaaaaaa  https://costa.example/1\n            the key was refused\n"
                                 "failed (`dragoman retry` tries again):\n  3aaaaaaa  https://costa.example/1\n        "
                                 "    no text\n  cap ")));
    assert_non_null(strstr(said, "\n  cap cost_per_day of service paid: 0.0000 of 2.0000\n"));
    assert_non_null(strstr(said, "\n  cap cost_per_month of everything: 0.0000 of 9.0000\n"));
    assert_non_null(strstr(said, "\n  cap characters_per_day of everything: 0 of 1000\n"));
    said = output_of("status --limit 0", EXIT_DONE);
    assert_non_null(strstr(said, "waiting:\n  and 1 more (--limit)\nfailed (`dragoman retry` tries again):\n  and 1 "
                                 "more (--limit)\n"));
}

static void status_tells_of_sources_services_and_money(void **state) {
    (void)state;
    char today[11];
    clock_today(today);
    have_problems();
    bill("2026-01-28", NULL);
    bill(today, NULL);
    const struct bill_line reserved = {.day = SPAN("2026-01-29"), .service = SPAN("paid"), .requests = 2};
    assert_true(store_reserve(program.store, &reserved, 1, NULL));
    end_run(CONFIGURATION);
    const char *said = output_of("status", EXIT_DONE);
    static const char *const lines[] = {
        "\nsource mina has been unreadable since 2026-01-29 06:10 (1 run; never read so far): 404\n",
        "\nservice paid has been failing since 2026-01-28 10:00: it is down\n",
        "\nservice other has been failing since 2026-01-28 10:00: it is slow\n",
        "\nservice paid gets only one request per run for 'uk' since 2026-01-27 10:00, because the checks rejected its "
        "answers\n",
        "\nspent in EUR:\n  paid\n    today      1 request, 200 characters, 1.5000\n",
        "\n    in all     2 requests, 400 characters, 3.0000\n",
        "\n    reserved   2 requests, 0 characters, 0.0000\n               for requests in progress or left by a run "
        "that was killed\n",
        "\n  cap cost_per_day of service paid: 1.5000 of 2.0000\n"};
    for (size_t i = 0; i < sizeof lines / sizeof *lines; i++)
        if (!strstr(said, lines[i])) fail_msg("there is no%sin:\n%s", lines[i], said);
    assert_null(strstr(said, "cost_per_run"));
    assert_null(strstr(said, "source costa"));
}

static void status_lists_what_is_partial(void **state) {
    (void)state;
    store_put_unfinished(program.store, FIRST_ID, 1, false, NULL);
    end_run(CONFIGURATION);
    assert_non_null(strstr(output_of("status", EXIT_DONE),
                           "partial (`dragoman retry` tries again):\n  1aaaaaaa  https://costa.example/1\n"
                           "            1 sentence is not translated\n"));
    assert_non_null(strstr(output_of("status --limit 0", EXIT_DONE), "again):\n  and 1 more (--limit)\n  cap"));
}

static void status_says_how_an_article_is_partial(void **state) {
    (void)state;
    store_put_unfinished(program.store, FIRST_ID, 2, true, NULL);
    end_run(CONFIGURATION);
    assert_non_null(strstr(output_of("status", EXIT_DONE), "            2 sentences are not translated\n"));
}

static void status_says_that_a_page_is_cut(void **state) {
    (void)state;
    store_put_unfinished(program.store, FIRST_ID, 0, true, NULL);
    end_run(CONFIGURATION);
    assert_non_null(strstr(output_of("status", EXIT_DONE), "            a part of the page is missing\n"));
}

static void write_from_feed(struct article *article) {
    write_story(article);
    article->origin.note = SPAN("This is the text from the feed. The page could not be read: costa.example: HTTP 404");
    article->status = ARTICLE_PARTIAL;
}

static void status_says_that_no_page_could_be_read(void **state) {
    (void)state;
    fate.change = write_from_feed;
    close_run_loop();
    open_run_loop();
    find_article("5aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", "1");
    work_through();
    store_put_unfinished(program.store, "5aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", 0, true, NULL);
    end_run(CONFIGURATION);
    static const char note[] = "This is the text from the feed. The page could not be read: costa.example: HTTP 404";
    assert_non_null(strstr(output_of("status", EXIT_DONE), note));
    assert_non_null(strstr(output_of("explain 5", EXIT_DONE), note));
}

static void status_is_json_on_request(void **state) {
    (void)state;
    end_run(CONFIGURATION);
    cJSON *json = json_of("status --json", EXIT_DONE);
    assert_json(json, "waiting", "1");
    assert_int_equal(cJSON_GetArraySize(json_member(json, "articles")), 3);
    cJSON_Delete(json);
    json = json_of("status --json --limit 0", EXIT_DONE);
    assert_json(json, "articles", "[]");
    cJSON_Delete(json);
    assert_error("status --limit x", EXIT_USAGE, "dragoman: invalid value 'x' for --limit: expected a number\n");
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void) {
    setenv("TZ", "UTC", 1);
    const struct CMUnitTest tests[] = {
        TEST(status_counts_and_lists),        TEST(status_tells_of_sources_services_and_money),
        TEST(status_lists_what_is_partial),   TEST(status_says_how_an_article_is_partial),
        TEST(status_says_that_a_page_is_cut), TEST(status_says_that_no_page_could_be_read),
        TEST(status_is_json_on_request)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
