/* What a run makes of the articles that are found: rows of the store, records, and counts. */
#include "unit/program/run_workspace.h"

#include <unistd.h>

#include "pipeline/article/record.h"
#include "pipeline/engine/plan.h"
#include "pipeline/engine/source_settings.h"
#include "pipeline/store/store_days.h"
#include "pipeline/store/store_revisits.h"

#define OTHER_ID "fedcba9876543210fedcba9876543210"

/* One paragraph, translated. */
static void write_body(struct article *article) {
    struct block *block = article_add_block(article, BLOCK_PARAGRAPH, SPAN("Uno."));
    struct segment *segment = article_add_segment(article, block, SPAN("Uno."));
    segment->target = SPAN("One.");
    segment->status = SEGMENT_OK;
    article->status = ARTICLE_COMPLETE;
}

/* One paragraph is translated, the other is not. */
static void write_half(struct article *article) {
    write_body(article);
    struct block *block = article_add_block(article, BLOCK_PARAGRAPH, SPAN("Dos."));
    article_add_segment(article, block, SPAN("Dos."))->status = SEGMENT_FAILED;
    article->status = ARTICLE_PARTIAL;
}

/* ---------------------------------------------------------------- found */

static void a_new_article_is_stored_before_anything_happens_to_it(void **state) {
    (void)state;
    assert_true(find_article(RUN_ID, "1"));
    struct article_row row = row_of_article(RUN_ID, run_arena);
    assert_int_equal(row.article_state, ARTICLE_STATE_FOUND);
    assert_span(row.source, "costa");
    assert_span(row.address, "https://costa.example/1");
    assert_span(row.version, "1");
    assert_span(row.day, "2026-01-29");
    assert_int_equal(row.since.length, 20);
    assert_true(row.record.length > 0);
    assert_int_equal(run.report.found, 1);
    assert_int_equal(run.report.known, 0);
}

static void an_article_is_known_in_the_same_version_and_new_in_another(void **state) {
    (void)state;
    static const struct discovered source = {.name = {"costa", 5}};
    fate.change = write_body;
    assert_true(find_article(RUN_ID, "1"));
    work_through();
    assert_false(find_article(RUN_ID, "1"));
    assert_false(run_found(&run, &source, NULL)); /* the source itself knew it */
    assert_int_equal(run.report.found, 1);
    assert_int_equal(run.report.known, 2);
    assert_true(find_article(RUN_ID, "2"));
    assert_int_equal(run.report.found, 2);
    assert_int_equal(run.report.known, 2);
}

static void a_new_version_needs_no_revisit(void **state) {
    (void)state;
    unsigned times;
    assert_true(store_plan_revisit(program.store, RUN_ID, ARTICLE_STATE_DONE, 1, SPAN("2026-02-01T00:00:00Z"), NULL));
    assert_true(find_article(RUN_ID, "1"));
    assert_false(store_find_revisit(program.store, RUN_ID, &times));
}

/* ---------------------------------------------------------------- finished */

static bool read_record(const char *name, struct article **ret_article) {
    char path[200];
    struct buffer text = BUFFER(1 << 20);
    snprintf(path, sizeof path, "%s/%s", workspace, name);
    bool read = file_read(path, &text) && record_intact(buffer_span(&text)) &&
                record_read(buffer_span(&text), 0, ret_article, NULL);
    buffer_free(&text);
    return read;
}

static void a_finished_article_has_a_record(void **state) {
    (void)state;
    struct article *article;
    fate.change = write_body;
    find_article(RUN_ID, "1");
    work_through();
    struct article_row row = row_of_article(RUN_ID, run_arena);
    assert_int_equal(row.article_state, ARTICLE_STATE_DONE);
    assert_span(row.path, "2026-01-29/articles/" RUN_ID ".json");
    assert_span(row.note, "2026-01-29/articles/" RUN_ID ".json");
    assert_int_equal(row.record.length, 0);
    assert_int_equal(row.unfinished, 0);
    assert_false(row.cut);
    assert_int_equal(run.report.complete, 1);
    assert_int_equal(run.report.partial, 0);
    assert_true(read_record("2026-01-29/articles/" RUN_ID ".json", &article));
    assert_span(article->body[0].segments[0].target, "One.");
    article_free(article);
    size_t count;
    const struct kept_record *kept = store_kept_of_day(program.store, "2026-01-29", run_arena, &count);
    assert_int_equal(count, 1);
    assert_true(kept[0].in_place);
    assert_string_equal(fate.source, "costa");
    assert_string_equal(fate.id, RUN_ID);
    assert_string_equal(fate.address, "https://costa.example/1");
}

static void a_partial_article_says_how_much_is_missing(void **state) {
    (void)state;
    fate.change = write_half;
    find_article(RUN_ID, "1");
    work_through();
    struct article_row row = row_of_article(RUN_ID, run_arena);
    assert_int_equal(row.article_state, ARTICLE_STATE_DONE);
    assert_int_equal(row.unfinished, 1);
    assert_int_equal(run.report.complete, 0);
    assert_int_equal(run.report.partial, 1);
}

static void write_teaser(struct article *article) {
    write_body(article);
    article->content = CONTENT_TEASER;
    article->status = ARTICLE_PARTIAL;
}

static void an_article_of_which_part_is_missing_is_cut(void **state) {
    (void)state;
    fate.change = write_teaser;
    find_article(RUN_ID, "1");
    work_through();
    assert_true(row_of_article(RUN_ID, run_arena).cut);
}

/* ---------------------------------------------------------------- waits, fails */

static void a_failed_article_stays_failed(void **state) {
    (void)state;
    fate.outcome = STAGE_FAIL;
    failure_set(&fate.failure, REACH_ARTICLE, REMEDY_NONE, "it has no text");
    find_article(RUN_ID, "1");
    work_through();
    struct article_row row = row_of_article(RUN_ID, run_arena);
    assert_int_equal(row.article_state, ARTICLE_STATE_DEAD);
    assert_span(row.note, "it has no text");
    assert_true(row.record.length > 0);
    assert_int_equal(run.report.dead, 1);
    assert_int_equal(run.report.waiting, 0);
    assert_int_equal(run.report.failed_count, 1);
    assert_string_equal(run.report.failed[0].id, RUN_ID);
    assert_span(run.report.failed[0].where, "https://costa.example/1");
    assert_span(run.report.failed[0].what, "it has no text");
    assert_int_equal(scheduler_in_flight(run.loop.scheduler), 0);
}

static void an_article_that_a_service_failed_waits_for_it(void **state) {
    (void)state;
    fate.outcome = STAGE_FAIL;
    failure_set(&fate.failure, REACH_SERVICE, REMEDY_NEXT_RUN, "the key was refused");
    failure_blame(&fate.failure, CAUSE_SERVICE, SPAN("deepl"));
    find_article(RUN_ID, "1");
    work_through();
    struct article_row row = row_of_article(RUN_ID, run_arena);
    assert_int_equal(row.article_state, ARTICLE_STATE_WAITING);
    assert_int_equal(row.waits_for, CAUSE_SERVICE);
    assert_span(row.waits_on, "deepl");
    assert_span(row.note, "the key was refused");
    assert_true(row.record.length > 0);
    assert_int_equal(run.report.waiting, 1);
    assert_int_equal(run.report.dead, 0);
    assert_int_equal(run.report.article_count, 1);
    assert_int_equal(run.report.articles[0].state, ARTICLE_STATE_WAITING);
    assert_int_equal(run.report.note_count, 1);
    assert_span(run.report.notes[0].where, "https://costa.example/1");
    assert_span(run.report.notes[0].what, "the key was refused");
    assert_int_equal(fate.seen, 1); /* it is not tried again in this run */
}

static void the_cause_for_which_an_article_waits_is_never_itself(void **state) {
    (void)state;
    static const enum failure_cause causes[] = {CAUSE_NETWORK, CAUSE_MONEY, CAUSE_MACHINE, CAUSE_ARTICLE};
    static const enum failure_cause expected[] = {CAUSE_NETWORK, CAUSE_MONEY, CAUSE_MACHINE, CAUSE_SERVICE};
    struct failure failure;
    for (size_t i = 0; i < 4; i++) {
        struct article *article = new_article(RUN_ID, "costa", "1");
        failure_set(&failure, REACH_SERVICE, REMEDY_NEXT_RUN, "later");
        failure_blame(&failure, causes[i], SPAN("x"));
        run_wait(&run, article, &failure);
        assert_int_equal(row_of_article(RUN_ID, run_arena).waits_for, expected[i]);
        article_free(article);
    }
}

static void a_failure_of_the_run_ends_it(void **state) {
    (void)state;
    struct failure second;
    fate.outcome = STAGE_FAIL;
    failure_fatal(&fate.failure, EXIT_IO, "the disk is full");
    find_article(RUN_ID, "1");
    work_through();
    assert_int_equal(run.fatal.reach, REACH_RUN);
    assert_string_equal(run.fatal.sentence, "the disk is full");
    assert_int_equal(row_of_article(RUN_ID, run_arena).article_state, ARTICLE_STATE_WAITING);
    failure_fatal(&second, EXIT_BUSY, "another one");
    run_note_fatal(&run, &second);
    assert_int_equal(run.fatal.exit_code, EXIT_IO);
}

/* A file is in the place of the day's folder, so no record can be written. */
static void an_article_whose_record_cannot_be_written_waits(void **state) {
    (void)state;
    fate.change = write_body;
    write_output("2026-01-29", "");
    find_article(RUN_ID, "1");
    work_through();
    assert_int_equal(run.fatal.reach, REACH_RUN);
    assert_int_equal(row_of_article(RUN_ID, run_arena).article_state, ARTICLE_STATE_WAITING);
    assert_int_equal(run.report.complete, 0);
    assert_int_equal(run.report.waiting, 1);
    assert_int_equal(scheduler_in_flight(run.loop.scheduler), 0);
}

/* ---------------------------------------------------------------- dropped */

static void be_skipped(struct article *article) {
    article->status = ARTICLE_SKIPPED;
    failure_set(&article->failure, REACH_ARTICLE, REMEDY_NONE, "too short");
}

static void be_copy(struct article *article) {
    article->status = ARTICLE_DUPLICATE;
    article->duplicate_of = SPAN(OTHER_ID);
    failure_set(&article->failure, REACH_ARTICLE, REMEDY_NONE, "a copy");
}

static void a_skipped_article_has_a_row_and_no_record(void **state) {
    (void)state;
    fate.outcome = STAGE_DROP;
    fate.change = be_skipped;
    find_article(RUN_ID, "1");
    work_through();
    struct article_row row = row_of_article(RUN_ID, run_arena);
    assert_int_equal(row.article_state, ARTICLE_STATE_SKIPPED);
    assert_span(row.note, "too short");
    assert_int_equal(row.record.length, 0);
    assert_int_equal(run.report.skipped, 1);
    assert_int_equal(run.report.duplicate, 0);
    assert_span(run.report.skips[0].source, "costa");
    assert_span(run.report.skips[0].why, "too short");
    assert_int_equal(run.report.article_count, 1);
    assert_int_equal(scheduler_in_flight(run.loop.scheduler), 0);
}

static void a_duplicate_says_of_what(void **state) {
    (void)state;
    fate.outcome = STAGE_DROP;
    fate.change = be_copy;
    find_article(RUN_ID, "1");
    work_through();
    struct article_row row = row_of_article(RUN_ID, run_arena);
    assert_int_equal(row.article_state, ARTICLE_STATE_DUPLICATE);
    assert_span(row.note, OTHER_ID);
    assert_int_equal(run.report.skipped, 0);
    assert_int_equal(run.report.duplicate, 1);
    assert_int_equal(run.report.skip_count, 0);
    assert_span(run.report.articles[0].why, OTHER_ID);
}

/* ---------------------------------------------------------------- suspected */

static void an_article_that_has_crashed_the_program_is_given_up(void **state) {
    (void)state;
    find_article(RUN_ID, "1");
    assert_true(store_suspect(program.store, RUN_ID, true, NULL));
    assert_true(store_suspect(program.store, RUN_ID, true, NULL));
    run.suspects = true;
    work_through();
    struct article_row row = row_of_article(RUN_ID, run_arena);
    assert_int_equal(fate.seen, 0);
    assert_int_equal(row.article_state, ARTICLE_STATE_DEAD);
    assert_span(row.note, "the program died 2 times while processing this article alone; `dragoman retry` tries again");
    assert_int_equal(run.report.dead, 1);
}

static void one_crash_is_not_enough(void **state) {
    (void)state;
    fate.change = write_body;
    find_article(RUN_ID, "1");
    find_article(OTHER_ID, "1");
    assert_true(store_suspect(program.store, RUN_ID, true, NULL));
    run.suspects = true;
    work_through();
    assert_string_equal(fate.id, RUN_ID); /* after all others */
    assert_int_equal(fate.seen, 2);
    assert_int_equal(run.report.complete, 2);
}

static void suspected_articles_are_left_alone_unless_there_are_some(void **state) {
    (void)state;
    fate.change = write_body;
    find_article(RUN_ID, "1");
    assert_true(store_suspect(program.store, RUN_ID, false, NULL));
    work_through();
    assert_int_equal(fate.seen, 0);
}

/* ---------------------------------------------------------------- what is read again */

static void finish_and_reopen(void) {
    struct retry_counts counts;
    fate.change = write_half;
    find_article(RUN_ID, "1");
    work_through();
    assert_true(store_retry(program.store, SPAN(""), &counts, NULL));
    assert_int_equal(counts.partial, 1);
}

static bool look_again(void) {
    struct article *article = NULL;
    assert_int_equal(run_feed(&run, &article), FEED_ARTICLE);
    bool had_body = article->block_count == 2 && span_is(article->body[0].segments[0].target, "One.");
    assert_span(article->path, "2026-01-29/articles/" RUN_ID ".json");
    assert_string_equal(article->id, RUN_ID);
    assert_span(article->origin.source, "costa");
    assert_span(article->origin.address, "https://costa.example/1");
    assert_span(article->origin.version, "1");
    assert_ptr_equal(article->source_section, config_section_at(program.config, source_table, 0));
    article_free(article);
    return had_body;
}

static void a_reopened_article_goes_on_from_its_record(void **state) {
    (void)state;
    finish_and_reopen();
    assert_true(look_again());
}

static void a_lost_record_is_read_from_the_store(void **state) {
    (void)state;
    char path[200];
    finish_and_reopen();
    snprintf(path, sizeof path, "%s/2026-01-29/articles/" RUN_ID ".json", workspace);
    assert_int_equal(unlink(path), 0);
    assert_true(look_again());
}

static void a_damaged_record_is_read_from_the_store(void **state) {
    (void)state;
    finish_and_reopen();
    write_output("2026-01-29/articles/" RUN_ID ".json", "{}");
    assert_true(look_again());
}

/* Stores of early versions have no copies of records. */
static void forget_copies(void) {
    struct article_row row = row_of_article(RUN_ID, run_arena);
    store_close(program.store);
    assert_true(store_open(NULL, false, &program.store, NULL));
    assert_true(store_put(program.store, &row, NULL));
}

static void without_a_copy_the_file_is_read(void **state) {
    (void)state;
    finish_and_reopen();
    forget_copies();
    assert_true(look_again());
}

static void without_a_copy_a_damaged_file_is_not_read(void **state) {
    (void)state;
    struct buffer text = BUFFER(1 << 20);
    char path[200];
    finish_and_reopen();
    forget_copies();
    snprintf(path, sizeof path, "%s/2026-01-29/articles/" RUN_ID ".json", workspace);
    assert_true(file_read(path, &text));
    text.at[span_find(buffer_span(&text), SPAN("One."))] = 'X'; /* it can be read, but is not what was written */
    write_output("2026-01-29/articles/" RUN_ID ".json", arena_string(run_arena, buffer_span(&text)));
    buffer_free(&text);
    assert_false(look_again());
}

static void an_article_whose_record_is_gone_starts_over(void **state) {
    (void)state;
    struct article_row row = {.article_state = ARTICLE_STATE_FOUND,
                              .id = RUN_ID,
                              .source = SPAN("costa"),
                              .address = SPAN("https://costa.example/1"),
                              .version = SPAN("1"),
                              .path = SPAN("2026-01-29/articles/" RUN_ID ".json"),
                              .day = SPAN("2026-01-29")};
    assert_true(store_put(program.store, &row, NULL));
    assert_false(look_again());
}

static void there_is_nothing_to_do_until_something_is_found(void **state) {
    (void)state;
    struct article *article;
    assert_int_equal(run_feed(&run, &article), FEED_END);
}

/* ---------------------------------------------------------------- sources */

static void source_failed(enum failure_reach reach, enum failure_remedy remedy, const char *sentence) {
    const struct discovered source = {.name = SPAN("costa")};
    struct failure failure = {0};
    failure_set(&failure, reach, remedy, "%s", sentence);
    run_source_failed(&run, &source, &failure);
}

static size_t notes_of_day(void) {
    size_t count;
    store_notes(program.store, "2026-01-29", run_arena, &count);
    return count;
}

static void a_notice_of_a_source_is_only_noted(void **state) {
    (void)state;
    source_failed(REACH_NONE, REMEDY_NONE, "it has moved");
    assert_int_equal(run.report.note_count, 1);
    assert_span(run.report.notes[0].where, "costa");
    assert_span(run.report.notes[0].what, "it has moved");
    assert_int_equal(run.report.sources_failed + run.report.items_unusable + run.report.items_new, 0);
    assert_int_equal(notes_of_day(), 0);
}

static void a_source_that_cannot_be_read_has_failed(void **state) {
    (void)state;
    source_failed(REACH_SERVICE, REMEDY_NEXT_RUN, "no answer");
    assert_int_equal(run.report.sources_failed, 1);
    assert_span(run.report.sources[0].name, "costa");
    assert_string_equal(run.report.sources[0].failure.sentence, "no answer");
    assert_int_equal(run.report.items_unusable, 0);
    assert_int_equal(run.report.note_count, 1);
    assert_int_equal(notes_of_day(), 0); /* outages are told otherwise */
}

static void an_unusable_item_is_new_once(void **state) {
    (void)state;
    source_failed(REACH_ARTICLE, REMEDY_NONE, "item 3 has no text");
    assert_int_equal(run.report.sources_failed, 0);
    assert_int_equal(run.report.items_unusable, 1);
    assert_int_equal(run.report.items_new, 1);
    assert_span(run.report.first_failed.where, "costa");
    assert_span(run.report.first_failed.what, "item 3 has no text");
    assert_int_equal(run.report.note_count, 1);
    assert_int_equal(notes_of_day(), 1);
    source_failed(REACH_ARTICLE, REMEDY_NONE, "item 3 has no text");
    assert_int_equal(run.report.items_unusable, 2);
    assert_int_equal(run.report.items_new, 1);
    source_failed(REACH_ARTICLE, REMEDY_NONE, "item 4 has no text");
    assert_int_equal(run.report.items_new, 2);
}

static void items_that_wait_are_not_unusable(void **state) {
    (void)state;
    source_failed(REACH_ARTICLE, REMEDY_NEXT_RUN, "40 items wait");
    assert_int_equal(run.report.items_unusable, 0);
    assert_int_equal(run.report.items_new, 0);
    assert_int_equal(run.report.sources_failed, 0);
    assert_int_equal(run.report.note_count, 1);
    assert_int_equal(notes_of_day(), 1);
}

/* ---------------------------------------------------------------- dry run */

static void a_dry_run_writes_no_record(void **state) {
    (void)state;
    fate.change = write_body;
    program.plan = plan_new();
    find_article(RUN_ID, "1");
    work_through();
    assert_int_equal(run.report.complete, 1);
    assert_int_equal(row_of_article(RUN_ID, run_arena).article_state, ARTICLE_STATE_FOUND);
    assert_int_equal(scheduler_in_flight(run.loop.scheduler), 0);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up_run, tear_down_run)

int main(void) {
    const struct CMUnitTest tests[] = {TEST(a_new_article_is_stored_before_anything_happens_to_it),
                                       TEST(an_article_is_known_in_the_same_version_and_new_in_another),
                                       TEST(a_new_version_needs_no_revisit),
                                       TEST(a_finished_article_has_a_record),
                                       TEST(a_partial_article_says_how_much_is_missing),
                                       TEST(an_article_of_which_part_is_missing_is_cut),
                                       TEST(a_failed_article_stays_failed),
                                       TEST(an_article_that_a_service_failed_waits_for_it),
                                       TEST(the_cause_for_which_an_article_waits_is_never_itself),
                                       TEST(a_failure_of_the_run_ends_it),
                                       TEST(an_article_whose_record_cannot_be_written_waits),
                                       TEST(a_skipped_article_has_a_row_and_no_record),
                                       TEST(a_duplicate_says_of_what),
                                       TEST(an_article_that_has_crashed_the_program_is_given_up),
                                       TEST(one_crash_is_not_enough),
                                       TEST(suspected_articles_are_left_alone_unless_there_are_some),
                                       TEST(a_reopened_article_goes_on_from_its_record),
                                       TEST(a_lost_record_is_read_from_the_store),
                                       TEST(a_damaged_record_is_read_from_the_store),
                                       TEST(without_a_copy_the_file_is_read),
                                       TEST(without_a_copy_a_damaged_file_is_not_read),
                                       TEST(an_article_whose_record_is_gone_starts_over),
                                       TEST(there_is_nothing_to_do_until_something_is_found),
                                       TEST(a_notice_of_a_source_is_only_noted),
                                       TEST(a_source_that_cannot_be_read_has_failed),
                                       TEST(an_unusable_item_is_new_once),
                                       TEST(items_that_wait_are_not_unusable),
                                       TEST(a_dry_run_writes_no_record)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
