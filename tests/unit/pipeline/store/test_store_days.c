#define _GNU_SOURCE
#include "unit/cmocka_test.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "pipeline/base/clock.h"
#include "pipeline/base/pack.h"
#include "pipeline/store/store_days.h"
#include "unit/empty_store.h"

/* In a time zone whose days do not begin with those of UTC. */
static int open_store_in_sofia(void **state) {
    setenv("TZ", "Europe/Sofia", 1);
    tzset();
    return open_store(state);
}

static struct kept_record record_of(char digit, const char *day, const char *path) {
    struct kept_record record = {.day = span_of(day), .path = span_of(path), .version = SPAN("v1"), .hash = SPAN("aa")};
    memset(record.id, digit, 32);
    return record;
}

static void keep(char digit, const char *day, const char *path, const char *text) {
    struct kept_record record = record_of(digit, day, path);
    struct buffer packed = BUFFER(1 << 16);
    assert_true(pack(span_of(text), &packed));
    assert_true(store_keep_record(store, &record, buffer_span(&packed), NULL));
    buffer_free(&packed);
}

static void a_record_belongs_to_its_day_once_it_is_in_place(void **state) {
    (void)state;
    size_t count;
    struct buffer bytes = BUFFER(1 << 16);
    keep('a', "2026-01-29", "2026-01-29/articles/a.json", "{\"n\":1}\n");
    store_kept_of_day(store, "2026-01-29", arena, &count);
    assert_int_equal(count, 0);
    assert_string_equal(store_kept_unplaced(store, arena, &count)->id, record_of('a', "", "").id);
    assert_true(store_record_in_place(store, record_of('a', "", "").id, NULL));
    assert_span(store_kept_of_day(store, "2026-01-29", arena, &count)->path, "2026-01-29/articles/a.json");
    assert_int_equal(count, 1);
    store_kept_unplaced(store, arena, &count);
    assert_int_equal(count, 0);
    assert_true(store_kept_bytes(store, record_of('a', "", "").id, &bytes));
    assert_string_equal(bytes.at, "{\"n\":1}\n");
    buffer_free(&bytes);
}

static void the_old_file_of_a_moved_record_is_a_leftover_once_the_new_one_exists(void **state) {
    (void)state;
    size_t count;
    keep('b', "2026-01-29", "2026-01-29/articles/b.json", "old");
    assert_true(store_record_in_place(store, record_of('b', "", "").id, NULL));
    keep('b', "2026-01-30", "2026-01-30/articles/b.json", "new");
    store_leftovers(store, arena, &count);
    assert_int_equal(count, 0);
    assert_true(store_record_in_place(store, record_of('b', "", "").id, NULL));
    assert_span(*store_leftovers(store, arena, &count), "2026-01-29/articles/b.json");
    assert_int_equal(count, 1);
    assert_true(store_clear_leftovers(store, NULL));
    store_leftovers(store, arena, &count);
    assert_int_equal(count, 0);
}

static void a_path_that_is_used_again_is_not_a_leftover(void **state) {
    (void)state;
    size_t count;
    const char *paths[] = {"2026-01-29/articles/c.json", "2026-01-30/articles/c.json", "2026-01-29/articles/c.json"};
    for (size_t i = 0; i < 3; i++) keep('c', "2026-01-29", paths[i], "x");
    assert_true(store_record_in_place(store, record_of('c', "", "").id, NULL));
    assert_span(*store_leftovers(store, arena, &count), paths[1]);
    assert_int_equal(count, 1);
    assert_true(store_clear_leftovers(store, NULL));
}

static size_t outages_of(const char *day) {
    size_t count;
    store_outages(store, day, arena, &count);
    return count;
}

/* Days are local: 22:30 UTC is half past midnight of the next day in Sofia. */
/* Callers look up the kind's name in a table. */
static void an_outage_of_an_unknown_kind_has_a_known_one(void **state) {
    (void)state;
    static const int unknown[] = {OUTAGE_KINDS, 99, -1};
    for (size_t i = 0; i < sizeof unknown / sizeof *unknown; i++) {
        size_t count = 0;
        assert_true(store_begin_outage(store, (enum outage_kind)unknown[i], SPAN("odd"), SPAN("x"),
                                       "2026-01-29T08:00:00Z", NULL));
        struct outage *outages = store_outages(store, NULL, arena, &count);
        assert_true(count > i);
        for (size_t j = 0; j < count; j++) assert_true(outages[j].kind < OUTAGE_KINDS);
    }
}

static void an_outage_belongs_to_every_day_that_it_touches(void **state) {
    (void)state;
    assert_true(store_begin_outage(store, OUTAGE_SOURCE, SPAN("gone"), SPAN("404"), "2026-01-28T22:30:00Z", NULL));
    assert_true(store_begin_outage(store, OUTAGE_SOURCE, SPAN("gone"), SPAN("503"), "2026-01-29T08:00:00Z", NULL));
    assert_int_equal(outages_of("2026-01-28"), 0);
    assert_int_equal(outages_of("2026-01-29"), 1);
    assert_int_equal(outages_of("2026-02-14"), 1);
    assert_int_equal(outages_of(NULL), 1);
    assert_true(store_end_outage(store, OUTAGE_SOURCE, SPAN("gone"), "2026-01-30T09:00:00Z", NULL));
    assert_int_equal(outages_of("2026-01-30"), 1);
    assert_int_equal(outages_of("2026-01-31"), 0);
    assert_int_equal(outages_of(NULL), 0);
    size_t count;
    const struct outage *outage = store_outages(store, "2026-01-29", arena, &count);
    assert_span(outage->since, "2026-01-28T22:30:00Z");
    assert_span(outage->reason, "503");
    assert_true(store_begin_outage(store, OUTAGE_SOURCE, SPAN("gone"), SPAN("404"), "2026-01-30T10:00:00Z", NULL));
    assert_int_equal(outages_of("2026-01-30"), 2);
}

static void put(char digit, enum article_state article_state, const char *day) {
    struct article_row row = {.article_state = article_state, .day = span_of(day), .note = SPAN("why")};
    memset(row.id, digit, 32);
    /* Only in another version is an article found again. */
    if (article_state == ARTICLE_STATE_FOUND) row.version = SPAN("new");
    assert_true(store_put(store, &row, NULL));
}

static void waiting_articles_are_missing_until_they_end_and_failed_ones_on_their_day(void **state) {
    (void)state;
    size_t count;
    put('1', ARTICLE_STATE_WAITING, "2026-03-01");
    put('2', ARTICLE_STATE_DEAD, "2026-03-02");
    put('3', ARTICLE_STATE_SKIPPED, "2026-03-02");
    const struct {
        const char *day;
        size_t missing;
    } wanted[] = {{"2026-02-28", 0}, {"2026-03-01", 1}, {"2026-03-02", 2}, {"2026-03-03", 1}};
    for (size_t i = 0; i < 4; i++) {
        store_missing(store, wanted[i].day, 10, arena, &count);
        assert_int_equal(count, wanted[i].missing);
    }
    const struct missing_article *missing = store_missing(store, "2026-03-02", 1, arena, &count);
    assert_true(count == 2 && missing->waits);
    put('1', ARTICLE_STATE_DONE, "2026-03-03");
    store_missing(store, "2026-03-01", 10, arena, &count);
    assert_int_equal(count, 0);
}

static void begin_pages(void) {
    assert_true(store_begin_pages(store, NULL) && store_commit(store, NULL));
}

static void end_days_until(const char *day) {
    begin_pages();
    assert_true(store_end_day(store, day, NULL));
}

/* Asserts for which days from 1 to 5 April a much later run would rebuild pages: "25" means the 2nd and the 5th. */
static void assert_open(const char *digits) {
    size_t count;
    begin_pages();
    const struct span *days = store_days(store, "2026-12-01", arena, &count);
    assert_int_equal(count, strlen(digits));
    for (size_t i = 0; i < count; i++) {
        assert_true(span_starts(days[i], SPAN("2026-04-0")));
        assert_int_equal(days[i].at[days[i].length - 1], digits[i]);
    }
    assert_true(store_end_day(store, "2026-12-01", NULL));
}

static void an_old_day_is_reopened_when_its_pages_must_change(void **state) {
    (void)state;
    static const char *const days[] = {"2026-04-01", "2026-04-02", "2026-04-03", "2026-04-04", "2026-04-05"};
    for (size_t i = 0; i < 5; i++) assert_true(store_begin_day(store, days[i], NULL));
    put('7', ARTICLE_STATE_WAITING, days[2]);
    put('8', ARTICLE_STATE_DEAD, days[1]);
    keep('9', days[0], "2026-04-01/articles/9.json", "{}\n");
    assert_true(store_begin_outage(store, OUTAGE_SERVICE, SPAN("mine"), SPAN("503"), "2026-04-04T12:00:00Z", NULL));
    end_days_until("2026-12-01");
    assert_open("");
    put('7', ARTICLE_STATE_WAITING, days[2]); /* still waiting as before */
    assert_true(store_begin_outage(store, OUTAGE_SERVICE, SPAN("mine"), SPAN("503"), "2026-04-05T12:00:00Z", NULL));
    assert_open("");
    put('7', ARTICLE_STATE_DONE, days[4]);
    assert_open("345");
    put('8', ARTICLE_STATE_FOUND, "");
    assert_open("2");
    assert_true(store_record_in_place(store, record_of('9', "", "").id, NULL));
    assert_open("1");
    keep('9', days[0], "2026-04-01/articles/9.json", "{\"n\":2}\n");
    assert_open("1");
    assert_true(store_end_outage(store, OUTAGE_SERVICE, SPAN("mine"), "2026-11-30T12:00:00Z", NULL));
    assert_open("345"); /* in local time it may have begun on the previous day */
}

/* Another run, on another machine, changes it. */
static void a_day_that_changes_while_its_pages_are_made_is_made_again(void **state) {
    (void)state;
    size_t count;
    static const char *const days[] = {"2026-05-01", "2026-05-02", "2026-05-03"};
    for (size_t i = 0; i < 3; i++) assert_true(store_begin_day(store, days[i], NULL));
    put('a', ARTICLE_STATE_DEAD, days[0]);
    put('b', ARTICLE_STATE_DEAD, days[1]);
    end_days_until(days[1]);
    put('a', ARTICLE_STATE_FOUND, "");
    begin_pages();
    const struct span *found = store_days(store, "2026-12-01", arena, &count);
    assert_int_equal(count, 2);
    assert_span(found[0], days[0]);
    assert_span(found[1], days[2]);
    keep('a', days[0], "2026-05-01/articles/a.json", "{}\n"); /* a day whose pages are being made */
    put('b', ARTICLE_STATE_FOUND, "");                        /* a day whose pages were complete */
    assert_true(store_end_day(store, "2026-12-01", NULL));
    found = store_days(store, "2026-12-01", arena, &count);
    assert_int_equal(count, 2);
    assert_span(found[0], days[0]);
    assert_span(found[1], days[1]);
    end_days_until("2026-12-01");
    store_days(store, "2026-12-01", arena, &count);
    assert_int_equal(count, 0);
}

static void a_day_whose_pages_were_begun_and_not_completed_is_out_of_date(void **state) {
    (void)state;
    size_t count;
    char last[11];
    assert_true(store_begin_day(store, "2026-06-01", NULL));
    begin_pages(); /* and the run is killed */
    assert_span(*store_days(store, "2026-12-01", arena, &count), "2026-06-01");
    assert_int_equal(count, 1);
    store_last_ended_day(store, last);
    assert_true(strcmp(last, "2026-06-01") < 0);
    end_days_until("2026-12-01");
    store_days(store, "2026-12-01", arena, &count);
    assert_int_equal(count, 0);
}

static void days_and_notes_are_kept_once(void **state) {
    (void)state;
    size_t count;
    char last[11];
    for (int i = 0; i < 2; i++) {
        assert_true(store_begin_day(store, "2026-04-01", NULL));
        assert_true(store_note(store, "2026-04-01", SPAN("costa"), SPAN("item 3 has no text"), NULL));
    }
    assert_span(*store_days(store, "2026-04-01", arena, &count), "2026-04-01");
    assert_int_equal(count, 1);
    store_notes(store, "2026-04-01", arena, &count);
    assert_int_equal(count, 1);
    store_last_ended_day(store, last);
    assert_string_equal(last, "");
    end_days_until("2026-04-01");
    store_last_ended_day(store, last);
    assert_string_equal(last, "2026-04-01");
}

static void days_are_counted_across_months_and_clock_changes(void **state) {
    (void)state;
    char day[11], begins[21];
    clock_day_before("2026-03-02", 7, day);
    assert_string_equal(day, "2026-02-23");
    clock_day_before("2026-03-28", -1, day);
    assert_string_equal(day, "2026-03-29");
    clock_day_before("2026-03-30", 1, day);
    assert_string_equal(day, "2026-03-29");
    clock_day_begins("2026-03-29", begins);
    assert_string_equal(begins, "2026-03-28T22:00:00Z");
    clock_day_begins("2026-03-30", begins);
    assert_string_equal(begins, "2026-03-29T21:00:00Z");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_record_belongs_to_its_day_once_it_is_in_place),
        cmocka_unit_test(the_old_file_of_a_moved_record_is_a_leftover_once_the_new_one_exists),
        cmocka_unit_test(a_path_that_is_used_again_is_not_a_leftover),
        cmocka_unit_test(an_outage_belongs_to_every_day_that_it_touches),
        cmocka_unit_test(waiting_articles_are_missing_until_they_end_and_failed_ones_on_their_day),
        cmocka_unit_test(days_and_notes_are_kept_once),
        cmocka_unit_test(days_are_counted_across_months_and_clock_changes),
        cmocka_unit_test(an_old_day_is_reopened_when_its_pages_must_change),
        cmocka_unit_test(a_day_that_changes_while_its_pages_are_made_is_made_again),
        cmocka_unit_test(a_day_whose_pages_were_begun_and_not_completed_is_out_of_date),
        cmocka_unit_test(an_outage_of_an_unknown_kind_has_a_known_one)};
    return cmocka_run_group_tests(tests, open_store_in_sofia, close_store);
}
