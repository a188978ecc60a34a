/* How sources that cannot be read, or have nothing new, are described. */
#include "unit/cmocka_test.h"

#include <stdlib.h>

#include "program/report_sources.h"

static void usual(int64_t seconds, const char *expected) {
    struct buffer out = BUFFER(200);
    const struct source_health health = {.usual = seconds};
    report_usual(&health, &out);
    struct span said = buffer_span(&out);
    assert_true(span_starts(said, SPAN("it usually has something new every ")));
    assert_span(span_cut(said, strlen("it usually has something new every "), said.length), expected);
    buffer_free(&out);
}

/* In the largest unit of which there are at least two, rounded. */
static void the_usual_interval_is_rounded(void **state) {
    (void)state;
    usual(20, "minute");
    usual(89, "minute");
    usual(90, "2 minutes");
    usual(149, "2 minutes");
    usual(150, "3 minutes");
    usual(2 * 3600 - 1, "120 minutes");
    usual(2 * 3600, "2 hours");
    usual(2 * 3600 + 1799, "2 hours");
    usual(2 * 3600 + 1800, "3 hours");
    usual(48 * 3600 - 1, "48 hours");
    usual(48 * 3600, "2 days");
    usual(60 * 3600 - 1, "2 days");
    usual(60 * 3600, "3 days");
}

static void described(const struct source_health *health, const char *expected) {
    struct buffer out = BUFFER(500);
    report_source(health, &out);
    assert_span(buffer_span(&out), expected);
    buffer_free(&out);
}

static void a_source_with_a_problem_is_described(void **state) {
    (void)state;
    struct source_health health = {.name = SPAN("costa"), .last_success = SPAN("2026-01-29T06:10:00Z")};
    described(&health, "");
    health.failures = 1;
    health.reason = SPAN("404");
    health.failing_since = SPAN("2026-01-29T08:10:00Z");
    described(&health, "source costa has been unreadable since 2026-01-29 08:10 (1 run; last read 2026-01-29 06:10): "
                       "404");
    health.failures = 3;
    health.silent = true; /* that it cannot be read is worse */
    described(&health, "source costa has been unreadable since 2026-01-29 08:10 (3 runs in a row; last read "
                       "2026-01-29 06:10): 404");
    health.last_success = SPAN("");
    described(&health, "source costa has been unreadable since 2026-01-29 08:10 (3 runs in a row; never read so far): "
                       "404");
    const struct source_health silent = {
        .name = SPAN("mina"), .silent = true, .last_new = SPAN("2026-01-20T10:00:00Z"), .usual = 7200};
    described(&silent, "source mina has given nothing new since 2026-01-20 10:00: it usually has something new every "
                       "2 hours");
    const struct source_health never = {.name = SPAN("mina"), .silent = true, .usual = 7200};
    described(&never, "source mina has given nothing new: it usually has something new every 2 hours");
}

static void in_json(const struct source_health *health, const char *expected) {
    cJSON *item = report_source_json(health);
    char *given = cJSON_PrintUnformatted(item);
    assert_string_equal(given, expected);
    free(given);
    cJSON_Delete(item);
}

static void json_leaves_out_what_is_not_known(void **state) {
    (void)state;
    const struct source_health fine = {.name = SPAN("costa")};
    in_json(&fine, "{\"name\":\"costa\",\"failures\":0,\"silent\":false}");
    const struct source_health all = {.name = SPAN("costa"),
                                      .failing_since = SPAN("2026-01-29T08:10:00Z"),
                                      .reason = SPAN("404"),
                                      .failures = 2,
                                      .last_success = SPAN("2026-01-29T06:10:00Z"),
                                      .last_new = SPAN("2026-01-28T06:10:00Z"),
                                      .usual = 7260,
                                      .silent = true};
    in_json(&all, "{\"name\":\"costa\",\"failing_since\":\"2026-01-29T08:10:00Z\",\"failures\":2,\"reason\":\"404\","
                  "\"last_success\":\"2026-01-29T06:10:00Z\",\"last_new\":\"2026-01-28T06:10:00Z\","
                  "\"usual_minutes\":121,\"silent\":true}");
}

int main(void) {
    setenv("TZ", "UTC", 1);
    const struct CMUnitTest tests[] = {cmocka_unit_test(the_usual_interval_is_rounded),
                                       cmocka_unit_test(a_source_with_a_problem_is_described),
                                       cmocka_unit_test(json_leaves_out_what_is_not_known)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
