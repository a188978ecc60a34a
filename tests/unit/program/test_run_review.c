/* Articles that failed by the answers of a service that was then found to be useless. */
#include "unit/program/run_workspace.h"

#include "stages/translate/closings.h"

/* The headline was not translated; the sentence was rejected as the answer of "bad". */
static void be_rejected(struct article *article) {
    const struct provider bad = {.service = SPAN("bad"), .kind = SPAN("deepl")};
    struct block *block = article_add_block(article, BLOCK_PARAGRAPH, SPAN("Uno."));
    struct segment *segment = article_add_segment(article, block, SPAN("Uno."));
    memcpy(article->language.code, "es", 3);
    article->title.source = SPAN("Dos");
    article->title.status = SEGMENT_FAILED;
    article->title.translated_by = -1;
    segment->target = SPAN("One.");
    segment->status = SEGMENT_FAILED;
    segment->translated_by = article_add_provider(article, &bad);
}

static void be_good_in_part(struct article *article) {
    be_rejected(article);
    article->body[0].segments[0].status = SEGMENT_OK;
}

static void fail_article(void (*change)(struct article *)) {
    fate.outcome = STAGE_FAIL;
    fate.change = change;
    failure_set(&fate.failure, REACH_ARTICLE, REMEDY_NONE, "none of it was translated");
    assert_true(find_article(RUN_ID, "1"));
    work_through();
    assert_int_equal(run.report.dead, 1);
    assert_int_equal(run.report.note_count, 0); /* not yet */
}

static void close_service(const char *service, const char *language) {
    const struct closing closing = {
        .service = span_of(service), .language = span_of(language), .reason = SPAN("its answers are useless")};
    assert_true(closings_put(program.store, &closing, NULL));
}

static void it_waits_if_the_service_was_closed(void **state) {
    (void)state;
    fail_article(be_rejected);
    close_service("bad", "es");
    run_review_failed(&run);
    struct article_row row = row_of_article(RUN_ID, run_arena);
    assert_int_equal(row.article_state, ARTICLE_STATE_WAITING);
    assert_int_equal(row.waits_for, CAUSE_SERVICE);
    assert_span(row.waits_on, "bad");
    assert_span(row.note, "its answers are useless");
    assert_int_equal(run.report.dead, 0);
    assert_int_equal(run.report.waiting, 1);
    assert_int_equal(run.report.failed_count, 0);
    assert_int_equal(run.report.first_failed.what.length, 0);
}

static void assert_stays_failed(void) {
    run_review_failed(&run);
    assert_int_equal(row_of_article(RUN_ID, run_arena).article_state, ARTICLE_STATE_DEAD);
    assert_int_equal(run.report.dead, 1);
    assert_int_equal(run.report.waiting, 0);
    assert_int_equal(run.report.failed_count, 0);
    assert_int_equal(run.report.article_count, 1);
    assert_int_equal(run.report.articles[0].state, ARTICLE_STATE_DEAD);
    assert_int_equal(run.report.note_count, 1);
    assert_span(run.report.notes[0].where, "https://costa.example/1");
    assert_span(run.report.notes[0].what, "none of it was translated");
    assert_span(run.report.first_failed.where, "https://costa.example/1");
    assert_span(run.report.first_failed.what, "none of it was translated");
    run_review_failed(&run); /* it is told once */
    assert_int_equal(run.report.note_count, 1);
}

static void it_stays_failed_if_the_service_works(void **state) {
    (void)state;
    fail_article(be_rejected);
    assert_stays_failed();
}

static void another_service_or_language_that_was_closed_changes_nothing(void **state) {
    (void)state;
    fail_article(be_rejected);
    close_service("other", "es");
    close_service("bad", "uk");
    assert_stays_failed();
}

static void answers_that_were_accepted_change_nothing(void **state) {
    (void)state;
    fail_article(be_good_in_part);
    close_service("bad", "es");
    assert_stays_failed();
}

static void an_article_without_a_record_stays_failed(void **state) {
    (void)state;
    fail_article(be_rejected);
    close_service("bad", "es");
    struct article_row row = row_of_article(RUN_ID, run_arena);
    row.record = SPAN("");
    assert_true(store_put(program.store, &row, NULL));
    assert_stays_failed();
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up_run, tear_down_run)

int main(void) {
    setenv("TZ", "UTC", 1);
    const struct CMUnitTest tests[] = {
        TEST(it_waits_if_the_service_was_closed), TEST(it_stays_failed_if_the_service_works),
        TEST(another_service_or_language_that_was_closed_changes_nothing),
        TEST(answers_that_were_accepted_change_nothing), TEST(an_article_without_a_record_stays_failed)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
