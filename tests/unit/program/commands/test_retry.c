/* What `dragoman retry` schedules, and what it says. */
#include "unit/program/commands/four_articles.h"

static void write_half(struct article *article) {
    write_story(article);
    struct block *block = article_add_block(article, BLOCK_PARAGRAPH, SPAN("Tres."));
    article_add_segment(article, block, SPAN("Tres."))->status = SEGMENT_FAILED;
    article->status = ARTICLE_PARTIAL;
}

static void retry_takes_all_that_failed(void **state) {
    (void)state;
    end_run(CONFIGURATION);
    assert_output("retry", EXIT_DONE, "1 article will be tried again in the next run: 1 failed\n");
    assert_output("retry", EXIT_DONE, "0 articles will be tried again in the next run\n");
    assert_output("retry 2", EXIT_DONE, "1 article will be tried again in the next run: 1 waiting\n");
    assert_output("retry 2", EXIT_DONE, SECOND_ID " is already due in the next run\n");
    assert_output("retry 1", EXIT_DONE, "nothing to retry: " FIRST_ID " is done\n");
    assert_output("retry 4", EXIT_DONE, "nothing to retry: " COPY_ID " is a duplicate\n");
    cJSON *json = json_of("retry 1 --json", EXIT_DONE);
    assert_json(json, "", "{\"articles\":0,\"failed\":0,\"waiting\":0,\"partial\":0,\"missing\":0,\"cut\":0}");
    cJSON_Delete(json);
    assert_error("retry 9", EXIT_BAD_DATA, "dragoman: no article has an id that begins with '9'\n");
}

static void retry_says_what_is_missing(void **state) {
    (void)state;
    store_put_unfinished(program.store, FIRST_ID, 1, false, NULL);
    end_run(CONFIGURATION);
    assert_output("retry", EXIT_DONE,
                  "2 articles will be tried again in the next run: 1 failed, 1 partial with 1 "
                  "sentence missing\n");
}

static void retry_says_what_is_cut(void **state) {
    (void)state;
    store_put_unfinished(program.store, FIRST_ID, 2, true, NULL);
    end_run(CONFIGURATION);
    cJSON *json = json_of("retry --json", EXIT_DONE);
    assert_json(json, "", "{\"articles\":2,\"failed\":1,\"waiting\":0,\"partial\":1,\"missing\":2,\"cut\":1}");
    cJSON_Delete(json);
}

static void retry_counts_pages_that_are_cut(void **state) {
    (void)state;
    store_put_unfinished(program.store, FIRST_ID, 2, true, NULL);
    end_run(CONFIGURATION);
    assert_output("retry 1", EXIT_DONE,
                  "1 article will be tried again in the next run: 1 partial with 2 sentences missing and 1 page cut\n");
}

/* Rows of older versions do not say what is missing. */
static void retry_reads_old_records(void **state) {
    (void)state;
    struct arena *arena = arena_new();
    fate.change = write_half;
    close_run_loop();
    open_run_loop();
    find_article("5aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", "1");
    work_through();
    struct article_row row = row_of_article("5aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", arena);
    row.unfinished = -1;
    assert_true(store_put(program.store, &row, NULL));
    end_run(CONFIGURATION);
    assert_output("retry", EXIT_DONE,
                  "2 articles will be tried again in the next run: 1 failed, 1 partial with 1 "
                  "sentence missing\n");
    arena_free(arena);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void) {
    setenv("TZ", "UTC", 1);
    const struct CMUnitTest tests[] = {TEST(retry_takes_all_that_failed), TEST(retry_says_what_is_missing),
                                       TEST(retry_says_what_is_cut), TEST(retry_counts_pages_that_are_cut),
                                       TEST(retry_reads_old_records)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
