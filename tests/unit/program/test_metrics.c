/* The metrics for Prometheus, line by line. */
#include "unit/program/workspace.h"

#include <time.h>
#include <unistd.h>

#include "pipeline/store/store_days.h"
#include "pipeline/store/store_sources.h"
#include "program/metrics.h"
#include "program/report.h"

/* The caller frees the text. */
static char *metrics_of(const struct report *report) {
    struct buffer out = BUFFER(1 << 20);
    const struct metrics_run run = {.code = EXIT_NO_SERVICE, .seconds = 2.5, .report = report};
    metrics_print(&program, &run, &out);
    char *text = memory_string(buffer_span(&out));
    buffer_free(&out);
    return text;
}

static void assert_has(const char *text, const char *lines) {
    if (!strstr(text, lines)) fail_msg("there is no\n%sin\n%s", lines, text);
}

static void the_run_and_its_articles(void **state) {
    (void)state;
    struct report report = report_new();
    report.complete = 1;
    report.partial = 2;
    report.skipped = 3;
    report.duplicate = 4;
    report.waiting = 5;
    report.dead = 6;
    report.sources_failed = 7;
    open_workspace("source.costa.kind=page");
    int64_t before = (int64_t)time(NULL);
    char *text = metrics_of(&report), *end = strstr(text, "\ndragoman_run_end_timestamp_seconds ");
    assert_true(strncmp(text, "# HELP dragoman_build_info ", 27) == 0);
    assert_has(text, "\n# TYPE dragoman_build_info gauge\ndragoman_build_info{version=\"" DRAGOMAN_VERSION "\"} 1\n");
    assert_has(text, "\n# TYPE dragoman_run_duration_seconds gauge\ndragoman_run_duration_seconds 2.5\n");
    assert_has(text, "\ndragoman_run_exit_code 69\n");
    assert_has(text, "\ndragoman_run_sources_failed 7\n");
    assert_has(text, "\n# TYPE dragoman_run_articles gauge\n"
                     "dragoman_run_articles{result=\"complete\"} 1\ndragoman_run_articles{result=\"partial\"} 2\n"
                     "dragoman_run_articles{result=\"skipped\"} 3\ndragoman_run_articles{result=\"duplicate\"} 4\n"
                     "dragoman_run_articles{result=\"waiting\"} 5\ndragoman_run_articles{result=\"failed\"} 6\n");
    assert_non_null(end);
    assert_in_range(strtoll(strchr(end, ' '), NULL, 10), before, before + 60);
    free(text);
    close_workspace();
    report_free(&report);
}

static void the_articles_of_the_store(void **state) {
    (void)state;
    struct report report = report_new();
    open_workspace("source.costa.kind=page");
    put_article("00000000000000000000000000000001", ARTICLE_STATE_FOUND, "");
    put_article("00000000000000000000000000000002", ARTICLE_STATE_DONE, "a.json");
    put_article("00000000000000000000000000000003", ARTICLE_STATE_DONE, "b.json");
    put_article("00000000000000000000000000000004", ARTICLE_STATE_DEAD, "no text");
    put_waiting("00000000000000000000000000000005", CAUSE_SERVICE, "a \"b\" \\\nc", "down");
    char *text = metrics_of(&report);
    assert_has(text, "\ndragoman_articles{state=\"found\"} 1\n");
    assert_has(text, "\ndragoman_articles{state=\"waiting\"} 1\n");
    assert_has(text, "\ndragoman_articles{state=\"done\"} 2\n");
    assert_has(text, "\ndragoman_articles{state=\"skipped\"} 0\n");
    assert_has(text, "\ndragoman_articles{state=\"duplicate\"} 0\n");
    assert_has(text, "\ndragoman_articles{state=\"failed\"} 1\n");
    assert_null(strstr(text, "dragoman_articles{state=\"unknown\"}"));
    assert_has(text, "\ndragoman_articles_waiting{cause=\"service\",on=\"a \\\"b\\\" \\\\\\nc\"} 1\n");
    free(text);
    close_workspace();
    report_free(&report);
}

static void see_source(const char *name, bool failed, size_t fresh) {
    const struct source_visit visit = {
        .name = span_of(name), .reason = SPAN("404"), .failed = failed, .answered = !failed, .fresh = fresh};
    assert_true(store_see_source(program.store, &visit, "2026-01-29T06:10:00Z", NULL));
}

static void sources_services_and_mail(void **state) {
    (void)state;
    struct report report = report_new();
    open_workspace("source.costa.kind=page;source.mina.kind=page;source.new.kind=page");
    see_source("costa", false, 1);
    see_source("mina", true, 0);
    see_source("removed", true, 0);
    store_begin_outage(program.store, OUTAGE_SERVICE, SPAN("bad"), SPAN("down"), "2026-01-28T10:00:00Z", NULL);
    store_begin_outage(program.store, OUTAGE_SOURCE, SPAN("mina"), SPAN("404"), "2026-01-28T11:00:00Z", NULL);
    char *text = metrics_of(&report);
    assert_has(text, "\n# TYPE dragoman_source_up gauge\ndragoman_source_up{source=\"costa\"} 1\n"
                     "dragoman_source_up{source=\"mina\"} 0\n# ");
    assert_has(text, "\ndragoman_source_silent{source=\"costa\"} 0\ndragoman_source_silent{source=\"mina\"} 0\n# ");
    assert_has(text, "\ndragoman_source_last_success_timestamp_seconds{source=\"costa\"} 1769667000\n# ");
    assert_has(text, "\ndragoman_service_failing_since_timestamp_seconds{service=\"bad\"} 1769594400\n");
    assert_null(strstr(text, "dragoman_mail_waiting"));
    free(text);
    close_workspace();
    report_free(&report);
}

static void money_is_counted_by_service_and_cap(void **state) {
    (void)state;
    struct report report = report_new();
    open_workspace(
        "source.costa.kind=page;budget.currency=EUR;budget.characters_per_day=200;source.costa.cost_per_month"
        "=0;service.paid.kind=deepl;service.paid.cost_per_day=10");
    const struct bill_line line = {.day = SPAN("2026-01-29"),
                                   .service = SPAN("paid"),
                                   .source = SPAN("costa"),
                                   .requests = 3,
                                   .characters = 50,
                                   .cost = 2500000};
    assert_true(store_bill(program.store, &line, NULL));
    budget_free(program.budget);
    program.budget = program_budget(&program, program.store, false, NULL);
    char *text = metrics_of(&report);
    assert_has(text, "\n# TYPE dragoman_requests_total counter\ndragoman_requests_total{service=\"paid\"} 3\n");
    assert_has(text, "\ndragoman_characters_total{service=\"paid\"} 50\n");
    assert_has(text, "\ndragoman_cost_total{service=\"paid\",currency=\"EUR\"} 2.5\n");
    assert_has(text, "\ndragoman_cap_used_ratio{cap=\"characters_per_day\",of=\"all\",name=\"\"} 0.25\n");
    assert_has(text, "\ndragoman_cap_used_ratio{cap=\"cost_per_day\",of=\"service\",name=\"paid\"} 0.25\n");
    /* Nothing may be spent, so it is used up. */
    assert_has(text, "\ndragoman_cap_used_ratio{cap=\"cost_per_month\",of=\"source\",name=\"costa\"} 1\n");
    free(text);
    close_workspace();
    report_free(&report);
}

/* Writes the file that is configured, and returns whether it is there. */
static bool writes(const char *settings, const char *name) {
    struct report report = report_new();
    const struct metrics_run run = {.report = &report};
    char file[200];
    struct buffer text = BUFFER(1 << 20);
    open_workspace(settings);
    snprintf(file, sizeof file, "%s/%s", workspace, name);
    assert_int_equal(chdir(workspace), 0);
    assert_true(metrics_write(&program, &run, NULL));
    bool there = file_read(file, &text) && span_find(buffer_span(&text), SPAN("dragoman_run_exit_code 0")) != SIZE_MAX;
    buffer_free(&text);
    assert_int_equal(chdir("/"), 0);
    close_workspace();
    report_free(&report);
    return there;
}

static void the_file_is_written_if_one_is_configured(void **state) {
    (void)state;
    assert_false(writes("source.costa.kind=page", "m.prom"));
    assert_true(writes("source.costa.kind=page;metrics.file=m.prom", "m.prom"));
    assert_true(writes("source.costa.kind=page;metrics.file=./m.prom", "m.prom"));
    assert_true(writes("source.costa.kind=page;metrics.file=below/m.prom", "below/m.prom"));
}

static void a_file_that_cannot_be_written_is_named(void **state) {
    (void)state;
    struct report report = report_new();
    const struct metrics_run run = {.report = &report};
    struct failure failure = {0};
    open_workspace("source.costa.kind=page;metrics.file=/dev/null/m.prom");
    assert_false(metrics_write(&program, &run, &failure));
    assert_true(strncmp(failure.sentence, "metrics are not written to /dev/null/m.prom: ", 45) == 0);
    assert_int_equal(failure.reach, REACH_RUN);
    close_workspace();
    report_free(&report);
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(the_run_and_its_articles),
                                       cmocka_unit_test(the_articles_of_the_store),
                                       cmocka_unit_test(sources_services_and_mail),
                                       cmocka_unit_test(money_is_counted_by_service_and_cap),
                                       cmocka_unit_test(the_file_is_written_if_one_is_configured),
                                       cmocka_unit_test(a_file_that_cannot_be_written_is_named)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
