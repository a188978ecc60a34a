/* When a source is read: its `every`, its failures in a row, and changes of its configuration. */
#include "unit/program/scripted_source.h"

#include <time.h>

#include "pipeline/engine/source_settings.h"
#include "program/schedule.h"

static struct arena *arena;

static void open_with(const char *settings) {
    arena = arena_new();
    open_run_workspace(settings);
}

static void close_all(void) {
    close_run_workspace();
    arena_free(arena);
}

static const struct section *costa(void) {
    return config_section_named(program.config, source_table, SPAN("costa"));
}

/* What the store has after a run that read the source so many seconds ago. */
static void remember(unsigned failures, int64_t ago) {
    char fingerprint[33], at[21];
    section_fingerprint(costa(), fingerprint);
    clock_iso_ago(ago, at);
    struct span value = arena_print(arena, "%u %s", failures, fingerprint);
    assert_true(store_tell(program.store, SPAN("source costa"), value, span_of(at), NULL));
}

static void assert_due(unsigned failures, int64_t ago, bool due) {
    remember(failures, ago);
    if (schedule_is_due(&run, costa()) != due)
        fail_msg("%u failures, %lld s ago: not %s", failures, (long long)ago, due ? "due" : "too early");
}

static void a_source_is_read_as_often_as_it_may(void **state) {
    (void)state;
    open_with("source.costa.kind=page;source.costa.every=1h");
    assert_true(schedule_is_due(&run, costa())); /* never read so far */
    /* Five minutes early at most. */
    assert_due(0, 3600 - 303, false);
    assert_due(0, 3600 - 297, true);
    assert_due(0, 0, false);
    assert_due(0, 2 * 3600, true);
    assert_due(0, -3, true); /* the clock was set back */
    assert_int_equal(run.report.sources_failed, 0);
    assert_int_equal(run.report.note_count, 2);
    assert_span(run.report.notes[0].where, "costa");
    assert_span(run.report.notes[0].what, "not read in this run (every = 1h)");
    close_all();
}

static void a_short_interval_has_a_short_slack(void **state) {
    (void)state;
    open_with("source.costa.kind=page;source.costa.every=10m");
    assert_due(0, 537, false); /* a tenth of the interval: a minute */
    assert_due(0, 543, true);
    close_all();
}

static void a_source_without_an_interval_is_always_read(void **state) {
    (void)state;
    open_with("source.costa.kind=page");
    assert_due(0, 0, true);
    assert_due(2, 0, true);
    close_all();
}

/* Twice it is tolerated; then an hour, doubled with each failure, up to a day. */
static void a_source_that_keeps_failing_is_read_less_often(void **state) {
    (void)state;
    static const int64_t hours[] = {0, 0, 0, 1, 2, 4, 8, 16, 24, 24};
    open_with("source.costa.kind=page");
    for (unsigned failures = 0; failures < 10; failures++) {
        if (hours[failures]) assert_due(failures, hours[failures] * 3600 - 3, false);
        assert_due(failures, hours[failures] * 3600 + 3, true);
    }
    assert_due(1000, 24 * 3600 + 3, true);
    assert_int_equal(run.report.sources_failed, 7);
    close_all();
}

static void a_pause_is_told_as_a_failure(void **state) {
    (void)state;
    open_with("source.costa.kind=page");
    assert_due(3, 1770, false);
    assert_int_equal(run.report.sources_failed, 1);
    assert_span(run.report.sources[0].name, "costa");
    assert_string_equal(run.report.sources[0].failure.sentence,
                        "the source has failed 3 times in a row and is now read less often; the next attempt is in 31 "
                        "minutes, or in the next run if its section in the configuration is changed");
    assert_int_equal(run.report.sources[0].failure.cause, CAUSE_NETWORK);
    assert_string_equal(run.report.sources[0].failure.blamed, "costa");
    assert_due(3, 3600 - 30, false);
    assert_non_null(strstr(run.report.sources[1].failure.sentence, "the next attempt is in 1 minute,"));
    close_all();
}

static void a_changed_section_is_read_at_once(void **state) {
    (void)state;
    open_with("source.costa.kind=page;source.costa.every=1h");
    assert_true(store_tell(program.store, SPAN("source costa"), SPAN("9 another"), SPAN("2999-01-01T00:00:00Z"), NULL));
    assert_true(schedule_is_due(&run, costa()));
    char now[21];
    clock_iso_now(now);
    assert_true(store_tell(program.store, SPAN("source costa"), SPAN("9 another"), span_of(now), NULL));
    assert_true(schedule_is_due(&run, costa()));
    close_all();
}

/* ---------------------------------------------------------------- afterwards */

/* Returns how many failures in a row are remembered; -1: the source does not count as read. */
static long failures_of(const char *name) {
    struct span value, at;
    struct failure failure = {0};
    assert_true(schedule_note(&run, &failure));
    if (!store_told(program.store, arena_print(arena, "source %s", name), arena, &value, &at)) return -1;
    int64_t seconds;
    char fingerprint[33];
    const struct section *section = config_section_named(program.config, source_table, span_of(name));
    assert_true(clock_parse(arena_string(arena, at), &seconds));
    assert_in_range(seconds, time(NULL) - 60, time(NULL));
    section_fingerprint(section, fingerprint);
    assert_true(span_ends(value, arena_print(arena, " %s", fingerprint)));
    return strtol(value.at, NULL, 10);
}

static void a_source_that_was_read_has_no_failures(void **state) {
    (void)state;
    struct script good = {0};
    open_with("source.costa.kind=page");
    remember(5, 100);
    add_source("costa", &good);
    read_sources();
    assert_int_equal(failures_of("costa"), 0);
    close_all();
}

static void a_failure_that_a_server_answers_counts(void **state) {
    (void)state;
    struct script bad = {.asks = true, .fails = true, .cause = CAUSE_ARTICLE};
    open_with("source.costa.kind=page");
    add_source("costa", &bad);
    read_sources();
    assert_int_equal(failures_of("costa"), 1);
    assert_int_equal(failures_of("costa"), 2);
    close_all();
}

static void without_any_answer_the_network_of_this_machine_is_at_fault(void **state) {
    (void)state;
    struct script bad = {.fails = true, .cause = CAUSE_NETWORK};
    open_with("source.costa.kind=page");
    add_source("costa", &bad);
    read_sources();
    assert_int_equal(failures_of("costa"), 0);
    close_all();
}

static void if_another_server_answers_the_failure_counts(void **state) {
    (void)state;
    struct script bad = {.fails = true, .cause = CAUSE_NETWORK}, other = {.asks = true};
    struct script own = {.fails = true, .cause = CAUSE_MACHINE};
    open_with("source.costa.kind=page;source.mina.kind=page;source.disk.kind=page");
    add_source("mina", &other);
    add_source("costa", &bad);
    add_source("disk", &own);
    read_sources();
    assert_int_equal(failures_of("costa"), 1);
    assert_int_equal(failures_of("disk"), 0); /* the network has nothing to do with it */
    close_all();
}

static void failures_before_a_change_of_the_section_do_not_count(void **state) {
    (void)state;
    struct script bad = {.asks = true, .fails = true};
    open_with("source.costa.kind=page");
    assert_true(store_tell(program.store, SPAN("source costa"), SPAN("7 other"), SPAN("2026-01-01T00:00:00Z"), NULL));
    add_source("costa", &bad);
    read_sources();
    assert_int_equal(failures_of("costa"), 1);
    close_all();
}

static void a_source_that_was_not_read_to_its_end_does_not_count_as_read(void **state) {
    (void)state;
    struct script endless = {.endless = true}, gone = {0};
    open_with("source.costa.kind=page");
    add_source("costa", &endless);
    add_source("gone", &gone); /* it is no longer configured */
    discovery_turn(run.loop.discovery);
    discovery_stop(run.loop.discovery);
    assert_int_equal(failures_of("costa"), -1);
    assert_int_equal(failures_of("gone"), -1);
    close_all();
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(a_source_is_read_as_often_as_it_may),
                                       cmocka_unit_test(a_short_interval_has_a_short_slack),
                                       cmocka_unit_test(a_source_without_an_interval_is_always_read),
                                       cmocka_unit_test(a_source_that_keeps_failing_is_read_less_often),
                                       cmocka_unit_test(a_pause_is_told_as_a_failure),
                                       cmocka_unit_test(a_changed_section_is_read_at_once),
                                       cmocka_unit_test(a_source_that_was_read_has_no_failures),
                                       cmocka_unit_test(a_failure_that_a_server_answers_counts),
                                       cmocka_unit_test(without_any_answer_the_network_of_this_machine_is_at_fault),
                                       cmocka_unit_test(if_another_server_answers_the_failure_counts),
                                       cmocka_unit_test(failures_before_a_change_of_the_section_do_not_count),
                                       cmocka_unit_test(a_source_that_was_not_read_to_its_end_does_not_count_as_read)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
