#define _GNU_SOURCE
#include "unit/cmocka_test.h"

#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

#include "pipeline/store/store_days.h"
#include "pipeline/store/store_sources.h"
#include "unit/empty_store.h"

/* Returns the time this many hours after the beginning of 2026. */
static const char *at(double hours) {
    static char text[21];
    time_t then = 1767225600 + (time_t)(hours * 3600);
    struct tm parts;
    gmtime_r(&then, &parts);
    strftime(text, sizeof text, "%Y-%m-%dT%H:%M:%SZ", &parts);
    return text;
}

static struct source_health see(const char *name, double hours, size_t fresh) {
    struct source_health health;
    struct source_visit visit = {.name = span_of(name), .answered = true, .fresh = fresh};
    assert_true(store_see_source(store, &visit, at(hours), NULL));
    assert_true(store_find_source(store, span_of(name), arena, &health));
    return health;
}

static struct source_health fail_at(const char *name, double hours, const char *reason) {
    struct source_health health;
    struct source_visit visit = {.name = span_of(name), .failed = true, .reason = span_of(reason)};
    assert_true(store_see_source(store, &visit, at(hours), NULL));
    assert_true(store_find_source(store, span_of(name), arena, &health));
    return health;
}

static void failures_are_counted_in_a_row_with_the_last_reason(void **state) {
    (void)state;
    struct source_health health;
    assert_false(store_find_source(store, SPAN("costa"), arena, &health));
    see("costa", 1, 3);
    fail_at("costa", 2, "404");
    health = fail_at("costa", 3, "no answer");
    assert_int_equal(health.failures, 2);
    assert_span(health.failing_since, "2026-01-01T02:00:00Z");
    assert_span(health.reason, "no answer");
    assert_span(health.last_success, "2026-01-01T01:00:00Z");
    assert_span(health.last_new, "2026-01-01T01:00:00Z");
    health = see("costa", 4, 0);
    assert_int_equal(health.failures, 0);
    assert_span(health.failing_since, "");
    assert_span(health.reason, "");
    assert_span(health.last_success, "2026-01-01T04:00:00Z");
    assert_span(health.last_new, "2026-01-01T01:00:00Z");
    assert_span(fail_at("costa", 5, "500").failing_since, "2026-01-01T05:00:00Z");
}

static void a_source_that_was_never_read_has_no_success(void **state) {
    (void)state;
    fail_at("typo", 1, "404");
    struct source_health health = fail_at("typo", 2, "404");
    assert_int_equal(health.failures, 2);
    assert_span(health.last_success, "");
    assert_int_equal(health.usual, 0);
    assert_false(health.silent);
}

static void a_stopped_visit_counts_only_its_items(void **state) {
    (void)state;
    struct source_health health;
    fail_at("slow", 1, "404");
    struct source_visit stopped = {.name = SPAN("slow"), .fresh = 2};
    assert_true(store_see_source(store, &stopped, at(2), NULL));
    assert_true(store_find_source(store, SPAN("slow"), arena, &health));
    assert_int_equal(health.failures, 1);
    assert_span(health.last_success, "");
    assert_span(health.last_new, "2026-01-01T02:00:00Z");
}

static void silence_is_three_times_the_usual_gap(void **state) {
    (void)state;
    static const double usual[] = {12, 48, 7 * 24};
    for (size_t i = 0; i < 3; i++) {
        char name[8];
        snprintf(name, sizeof name, "s%zu", i);
        for (int visit = 0; visit < 8; visit++) see(name, visit * usual[i], 1);
        struct source_health health = see(name, 10 * usual[i], 0);
        assert_int_equal(health.usual, usual[i] * 3600);
        assert_false(health.silent);
        assert_true(see(name, 10 * usual[i] + 1, 0).silent);
        assert_false(see(name, 11 * usual[i], 1).silent);
    }
}

static void a_night_without_news_is_not_silence(void **state) {
    (void)state;
    for (int hour = 0; hour < 12; hour++) see("hourly", hour, 1);
    assert_false(see("hourly", 11 + 23, 0).silent);
    assert_true(see("hourly", 11 + 25, 0).silent);
}

static void too_little_history_is_not_judged(void **state) {
    (void)state;
    for (int visit = 0; visit < 5; visit++) see("young", visit * 24, 1); /* five visits, so four gaps */
    assert_false(see("young", 1000, 0).silent);
    assert_int_equal(see("young", 1001, 0).usual, 0);
    see("files", 1, 40);
    assert_false(see("files", 1500, 0).silent);
}

/* The source was not read for two weeks, so it is unknown whether it had anything new. */
static void time_off_does_not_make_a_source_silent(void **state) {
    (void)state;
    struct source_health health;
    for (int visit = 0; visit < 8; visit++) see("off", visit * 24, 1);
    assert_true(store_find_source(store, SPAN("off"), arena, &health));
    assert_false(health.silent);
    assert_false(see("off", 7 * 24 + 14 * 24, 3).silent);
}

static void one_long_pause_does_not_change_the_usual_gap(void **state) {
    (void)state;
    double hours = 0;
    for (int visit = 0; visit < 30; visit++) see("steady", hours += 10, 1);
    see("steady", hours += 300, 1);
    assert_int_equal(see("steady", hours + 1, 0).usual, 10 * 3600);
}

static void the_usual_gap_follows_the_last_twenty_gaps(void **state) {
    (void)state;
    double hours = 0;
    for (int visit = 0; visit < 30; visit++) see("slower", hours += 1, 1);
    for (int visit = 0; visit < 11; visit++) see("slower", hours += 30, 1);
    assert_int_equal(see("slower", hours + 1, 0).usual, 30 * 3600);
}

static void a_failing_source_is_not_called_silent_as_well(void **state) {
    (void)state;
    for (int visit = 0; visit < 8; visit++) see("both", visit * 24, 1);
    assert_true(see("both", 20 * 24, 0).silent);
    assert_false(fail_at("both", 21 * 24, "404").silent);
}

static void silence_is_shown_from_its_notice_and_dated_from_the_last_item(void **state) {
    (void)state;
    size_t count;
    assert_true(store_notice_silence(store, SPAN("s"), SPAN("2026-03-01T08:00:00Z"), SPAN("weekly"),
                                     "2026-03-10T09:00:00Z", NULL));
    assert_true(store_notice_silence(store, SPAN("s"), SPAN("2026-03-01T08:00:00Z"), SPAN("weekly"),
                                     "2026-03-11T09:00:00Z", NULL));
    store_outages(store, "2026-03-09", arena, &count);
    assert_int_equal(count, 0);
    const struct outage *outage = store_outages(store, "2026-03-10", arena, &count);
    assert_int_equal(count, 1);
    assert_int_equal(outage->kind, OUTAGE_SILENCE);
    assert_span(outage->since, "2026-03-01T08:00:00Z");
    assert_true(store_end_outage(store, OUTAGE_SILENCE, SPAN("s"), "2026-03-12T09:00:00Z", NULL));
    store_outages(store, "2026-03-13", arena, &count);
    assert_int_equal(count, 0);
}

static void an_outage_in_a_state_of_version_six_continues(void **state) {
    if (any_store_server()) skip(); /* is about a file */
    (void)state;
    static const char downgrade[] =
        "DROP TRIGGER event_of_none; DROP TRIGGER event_of_pruned; DROP TABLE event; "
        "DROP TABLE pruned; DROP TABLE removal; DROP INDEX article_pruned; ALTER TABLE article DROP COLUMN pruned; "
        "ALTER TABLE memory DROP COLUMN used; DROP TABLE mail_reader; DROP TABLE mail_seen; DROP TABLE mail_thread; "
        "ALTER TABLE kept DROP COLUMN made; DROP TABLE story; DROP TABLE story_member; DROP TABLE story_forward; DROP "
        "TABLE revisit; DROP TABLE "
        "source_health; ALTER TABLE outage DROP COLUMN noticed; ALTER TABLE article "
        "DROP COLUMN cut;"
        "INSERT INTO outage VALUES (0, 'gone', '2026-01-29T08:00:00Z', '', '404'), (0, 'back', '2026-01-28T08:00:00Z', "
        "'2026-01-29T08:00:00Z', '404'), (1, 'deepl', '2026-01-29T08:00:00Z', '', '403'); PRAGMA user_version = 6;";
    char path[80];
    sqlite3 *database = NULL;
    struct store *old;
    struct source_health health;
    char folder[] = "/tmp/dragoman-test-XXXXXX";
    assert_non_null(mkdtemp(folder));
    snprintf(path, sizeof path, "%s/six.db", folder);
    assert_true(store_open(path, false, &old, NULL));
    store_close(old);
    assert_int_equal(sqlite3_open(path, &database), SQLITE_OK);
    assert_int_equal(sqlite3_exec(database, downgrade, NULL, NULL, NULL), SQLITE_OK);
    sqlite3_close(database);
    assert_true(store_open(path, false, &old, NULL));
    assert_true(store_find_source(old, SPAN("gone"), arena, &health));
    assert_span(health.failing_since, "2026-01-29T08:00:00Z");
    assert_span(health.reason, "404");
    assert_false(store_find_source(old, SPAN("back"), arena, &health));
    assert_false(store_find_source(old, SPAN("deepl"), arena, &health));
    store_close(old);
    assert_int_equal(unlink(path), 0);
    snprintf(path, sizeof path, "%s/six.db.format-6", folder); /* the state as it was */
    assert_int_equal(unlink(path), 0);
    assert_int_equal(rmdir(folder), 0);
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(failures_are_counted_in_a_row_with_the_last_reason),
                                       cmocka_unit_test(a_source_that_was_never_read_has_no_success),
                                       cmocka_unit_test(a_stopped_visit_counts_only_its_items),
                                       cmocka_unit_test(silence_is_three_times_the_usual_gap),
                                       cmocka_unit_test(a_night_without_news_is_not_silence),
                                       cmocka_unit_test(too_little_history_is_not_judged),
                                       cmocka_unit_test(time_off_does_not_make_a_source_silent),
                                       cmocka_unit_test(one_long_pause_does_not_change_the_usual_gap),
                                       cmocka_unit_test(the_usual_gap_follows_the_last_twenty_gaps),
                                       cmocka_unit_test(a_failing_source_is_not_called_silent_as_well),
                                       cmocka_unit_test(silence_is_shown_from_its_notice_and_dated_from_the_last_item),
                                       cmocka_unit_test(an_outage_in_a_state_of_version_six_continues)};
    return cmocka_run_group_tests(tests, open_store, close_store);
}
