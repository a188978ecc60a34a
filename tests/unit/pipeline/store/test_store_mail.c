#include "unit/cmocka_test.h"

#include <string.h>

#include "pipeline/store/store_days.h"
#include "pipeline/store/store_mail.h"
#include "unit/empty_store.h"

#define A "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
#define B "bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb"

static void keep(const char *id, const char *day) {
    struct kept_record record = {.day = span_of(day), .path = SPAN("p"), .version = SPAN("v"), .hash = SPAN("h")};
    memcpy(record.id, id, sizeof record.id);
    assert_true(store_keep_record(store, &record, SPAN("x"), NULL));
    assert_true(store_record_in_place(store, id, NULL));
}

static struct mail_reader reader_of(const char *list, const char *address, const char *today) {
    struct mail_reader reader = {0};
    assert_true(store_mail_reader(store, span_of(list), span_of(address), today, &reader, NULL));
    return reader;
}

static size_t count_unseen(const struct mail_reader *reader, const char *day) {
    size_t count;
    store_mail_unseen(store, reader, day, arena, &count);
    return count;
}

static void readers_keep_their_first_day(void **state) {
    (void)state;
    struct mail_reader first = reader_of("desk", "a@x.example", "2026-01-29");
    struct mail_reader again = reader_of("desk", "a@x.example", "2026-02-01");
    assert_int_equal(first.id, again.id);
    assert_string_equal(again.since, "2026-01-29");
    assert_int_not_equal(reader_of("", "a@x.example", "2026-02-01").id, first.id);
    assert_int_not_equal(reader_of("desk", "b@x.example", "2026-02-01").id, first.id);
}

static void each_reader_sees_an_article_once(void **state) {
    (void)state;
    struct mail_reader one = reader_of("", "a@x.example", "2026-01-29"),
                       other = reader_of("", "b@x.example", "2026-01-29");
    keep(A, "2026-01-29");
    keep(B, "2026-01-29");
    assert_true(store_mail_see(store, &one, "2026-01-29", A, NULL));
    assert_true(store_mail_see(store, &one, "2026-01-29", A, NULL));
    size_t count;
    const char(*ids)[33] = store_mail_unseen(store, &one, "2026-01-29", arena, &count);
    assert_int_equal(count, 1);
    assert_string_equal(ids[0], B);
    assert_int_equal(count_unseen(&other, "2026-01-29"), 2);
}

/* A record that moves to another day is no news. */
static void a_moved_record_is_not_told_again(void **state) {
    (void)state;
    struct mail_reader reader = reader_of("", "a@x.example", "2026-01-29");
    keep(A, "2026-01-29");
    assert_true(store_mail_see(store, &reader, "2026-01-29", A, NULL));
    keep(A, "2026-01-30");
    assert_int_equal(count_unseen(&reader, "2026-01-30"), 0);
}

static void old_days_are_forgotten(void **state) {
    (void)state;
    struct mail_reader reader = reader_of("", "a@x.example", "2026-01-28");
    keep(A, "2026-01-28");
    keep(B, "2026-01-29");
    assert_true(store_mail_see(store, &reader, "2026-01-28", A, NULL));
    assert_true(store_mail_see(store, &reader, "2026-01-29", B, NULL));
    assert_true(store_mail_forget(store, "2026-01-29", NULL));
    assert_int_equal(count_unseen(&reader, "2026-01-28"), 1);
    assert_int_equal(count_unseen(&reader, "2026-01-29"), 0);
    size_t count;
    const struct span *days = store_mail_days(store, "2026-01-29", arena, &count);
    assert_int_equal(count, 1);
    assert_true(span_is(days[0], "2026-01-29"));
}

static void a_thread_belongs_to_a_list_and_a_day(void **state) {
    (void)state;
    struct mail_thread thread = {.root = SPAN("<1@x>"), .mails = 2};
    assert_true(store_mail_put_thread(store, SPAN("desk"), "2026-01-29", &thread, NULL));
    struct mail_thread found = store_mail_thread(store, SPAN("desk"), "2026-01-29", arena);
    assert_true(span_is(found.root, "<1@x>"));
    assert_int_equal(found.mails, 2);
    assert_int_equal(store_mail_thread(store, SPAN("desk"), "2026-01-30", arena).mails, 0);
    assert_int_equal(store_mail_thread(store, SPAN(""), "2026-01-29", arena).root.length, 0);
}

int main(void) {
#define TEST(name) cmocka_unit_test_setup_teardown(name, open_store, close_store)
    const struct CMUnitTest tests[] = {TEST(readers_keep_their_first_day), TEST(each_reader_sees_an_article_once),
                                       TEST(a_moved_record_is_not_told_again), TEST(old_days_are_forgotten),
                                       TEST(a_thread_belongs_to_a_list_and_a_day)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
