/* When an article was published: what can be true, how times are ordered, and how they are shown. */
#include "unit/cmocka_test.h"

#include <stdlib.h>
#include <time.h>

#include "stages/digest/times.h"

#define COLLECTED "2026-01-29T10:00:00Z"
enum { AT_TEN = 1769680800 }; /* 2026-01-29T10:00:00Z */

static struct when when(const char *published, const char *collected) {
    struct article article = {.published = span_of(published)};
    article.origin.collected = span_of(collected);
    return when_of(&article);
}

static void assert_when(const char *published, enum when_kind kind, int64_t at) {
    struct when found = when(published, COLLECTED);
    if (found.kind != kind || found.at != at)
        fail_msg("%s: %s %lld", published, when_kind_name(found.kind), (long long)found.at);
}

static void a_time_is_taken_as_it_is_given(void **state) {
    (void)state;
    assert_when("", WHEN_UNKNOWN, 0);
    assert_when("2026-01-29T09:00:00Z", WHEN_TIME, AT_TEN - 3600);
    assert_when("2026-01-29T09:00:00+02:00", WHEN_TIME, AT_TEN - 3 * 3600);
    assert_when("2026-01-29T09:00", WHEN_TIME, AT_TEN - 3600);
    assert_when("2026-01-28", WHEN_DATE, AT_TEN - 10 * 3600 - 1);
    assert_int_equal(when("2026-01-29T09:00:00Z", "").at, AT_TEN - 3600);
}

static void a_date_that_does_not_exist_is_impossible(void **state) {
    (void)state;
    assert_when("2026-02-30", WHEN_IMPOSSIBLE, 0);
    assert_when("yesterday", WHEN_IMPOSSIBLE, 0);
    assert_when("1989-12-31T23:59:59Z", WHEN_IMPOSSIBLE, 0);
    assert_when("1990-01-01T00:00:00Z", WHEN_TIME, 631152000);
    assert_int_equal(when("2026-02-30T10:00:00Z", "").kind, WHEN_IMPOSSIBLE);
}

/* Up to two hours after it was read a time may be a mistake of clocks; without a zone, up to 14 hours. */
static void what_is_to_come_is_impossible(void **state) {
    (void)state;
    assert_when("2026-01-29T12:00:00Z", WHEN_TIME, AT_TEN);
    assert_when("2026-01-29T12:00:01Z", WHEN_IMPOSSIBLE, 0);
    assert_when("2026-01-29T14:00:00+02:00", WHEN_TIME, AT_TEN);
    assert_when("2026-01-29T14:00:01+02:00", WHEN_IMPOSSIBLE, 0);
    assert_when("2026-01-29T07:00:01-05:00", WHEN_IMPOSSIBLE, 0);
    assert_when("2026-01-30T00:00:00", WHEN_TIME, AT_TEN);
    assert_when("2026-01-30T00:00:01", WHEN_IMPOSSIBLE, 0);
    assert_when("2026-01-29", WHEN_DATE, AT_TEN); /* its last second has not come yet */
    assert_when("2026-01-30", WHEN_DATE, AT_TEN); /* somewhere it has begun */
    assert_when("2026-01-31", WHEN_IMPOSSIBLE, 0);
    assert_int_equal(when("2026-01-31", "").kind, WHEN_DATE);
}

static void only_a_time_with_a_zone_is_exact(void **state) {
    (void)state;
    static const char *const texts[] = {"2026-01-29T09:00:00Z",
                                        "2026-01-29T09:00:00+02:00",
                                        "2026-01-29T05:00:00-02:00",
                                        "2026-01-29T09:00:00",
                                        "2026-01-29",
                                        "2026-02-30T09:00:00Z",
                                        ""};
    for (size_t i = 0; i < 7; i++) {
        struct article article = {.published = span_of(texts[i])};
        const struct when found = when_of(&article);
        if (when_is_exact(&article, &found) != (i < 3)) fail_msg("%s", texts[i]);
    }
}

static int compare(enum when_kind one, int64_t at, enum when_kind other, int64_t other_at) {
    return when_compare(&(struct when){one, at}, &(struct when){other, other_at});
}

static void the_newest_comes_first_and_the_impossible_last(void **state) {
    (void)state;
    assert_true(compare(WHEN_TIME, 2, WHEN_TIME, 1) < 0);
    assert_true(compare(WHEN_TIME, 1, WHEN_TIME, 2) > 0);
    assert_true(compare(WHEN_TIME, 1, WHEN_DATE, 1) == 0);
    assert_true(compare(WHEN_DATE, 2, WHEN_TIME, 1) < 0);
    assert_true(compare(WHEN_DATE, 1, WHEN_TIME, 2) > 0);
    assert_true(compare(WHEN_TIME, 1, WHEN_UNKNOWN, 0) < 0);
    assert_true(compare(WHEN_UNKNOWN, 0, WHEN_DATE, 1) > 0);
    assert_true(compare(WHEN_UNKNOWN, 0, WHEN_IMPOSSIBLE, 0) < 0);
    assert_true(compare(WHEN_IMPOSSIBLE, 0, WHEN_UNKNOWN, 0) > 0);
    assert_string_equal(when_kind_name(WHEN_TIME), "time");
    assert_string_equal(when_kind_name(WHEN_DATE), "date");
    assert_string_equal(when_kind_name(WHEN_UNKNOWN), "undated");
    assert_string_equal(when_kind_name(WHEN_IMPOSSIBLE), "impossible");
}

static void shown(const char *published, bool in_list, const char *expected) {
    struct article article = {.published = span_of(published)};
    const struct when found = when_of(&article);
    struct buffer out = BUFFER(500);
    when_write(&article, &found, "2026-01-29", in_list, &out);
    assert_span(buffer_span(&out), expected);
    buffer_free(&out);
}

static void times_are_shown_as_briefly_as_possible(void **state) {
    (void)state;
    shown("2026-01-29T09:05:00Z", false, "<time datetime=\"2026-01-29T11:05+02:00\">11:05</time>");
    shown("2026-01-29T09:05:00Z", true, "<time>11:05</time>");
    shown("2026-01-28T09:05:00Z", true, "<time datetime=\"2026-01-28T11:05+02:00\">28 Jan</time>");
    shown("2026-01-28T23:05:00Z", true, "<time>01:05</time>"); /* the local day counts */
    shown("2025-12-31T09:05:00Z", false, "<time datetime=\"2025-12-31T11:05+02:00\">31 Dec 2025</time>");
    shown("2026-01-29", true, "<time datetime=\"2026-01-29\">29 Jan</time>");
    shown("2019-11-07", true, "<time datetime=\"2019-11-07\">7 Nov 2019</time>");
    shown("", true, "<em class=\"t\">undated</em>");
    shown("2026-02-30", true, "<em class=\"t bad\" title=\"this date cannot be true\">dated 2026-02-30?</em>");
    shown("<b>&", true, "<em class=\"t bad\" title=\"this date cannot be true\">dated &lt;b&gt;&amp;?</em>");
}

static void zoned(const char *published, const char *expected) {
    struct article article = {.published = span_of(published)};
    const struct when found = when_of(&article);
    char text[26];
    when_zoned(&article, &found, text);
    assert_string_equal(text, expected);
}

static void times_have_the_local_zone(void **state) {
    (void)state;
    zoned("2026-01-29T06:05:04Z", "2026-01-29T08:05:04+02:00");
    zoned("2026-01-29", "2026-01-29");
    zoned("", "");
    zoned("2026-02-30", "");
}

int main(void) {
    setenv("TZ", "EET-2", 1);
    const struct CMUnitTest tests[] = {cmocka_unit_test(a_time_is_taken_as_it_is_given),
                                       cmocka_unit_test(a_date_that_does_not_exist_is_impossible),
                                       cmocka_unit_test(what_is_to_come_is_impossible),
                                       cmocka_unit_test(only_a_time_with_a_zone_is_exact),
                                       cmocka_unit_test(the_newest_comes_first_and_the_impossible_last),
                                       cmocka_unit_test(times_are_shown_as_briefly_as_possible),
                                       cmocka_unit_test(times_have_the_local_zone)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
