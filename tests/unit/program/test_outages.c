/* Which outages a run records, and which it ends. */
#include "unit/program/scripted_source.h"

#include "pipeline/store/budget.h"
#include "pipeline/store/store_days.h"
#include "pipeline/store/store_sources.h"
#include "program/outages.h"
#include "stages/translate/closings.h"

#define BEFORE "2026-01-28T10:00:00Z"
#define SETTINGS "source.costa.kind=page;service.bad.kind=deepl;service.good.kind=deepl"

static struct arena *arena;

static void open_with(const char *settings) {
    arena = arena_new();
    open_run_workspace(settings);
}

static void close_all(void) {
    close_run_workspace();
    arena_free(arena);
}

static void began_before(enum outage_kind kind, const char *name) {
    assert_true(store_begin_outage(program.store, kind, span_of(name), SPAN("earlier"), BEFORE, NULL));
}

static void note(void) {
    struct failure failure = {0};
    assert_true(outages_note(&run, &failure));
}

/* Returns the outage of this kind and name that has not ended, or NULL. */
static const struct outage *find_open(enum outage_kind kind, const char *name) {
    size_t count;
    const struct outage *outages = store_outages(program.store, NULL, arena, &count);
    for (size_t i = 0; i < count; i++)
        if (outages[i].kind == kind && span_is(outages[i].name, name)) return &outages[i];
    return NULL;
}

static size_t count_open(void) {
    size_t count;
    store_outages(program.store, NULL, arena, &count);
    return count;
}

static void visit(const char *name, struct script *script) {
    add_source(name, script);
    read_sources();
    note();
}

/* ---------------------------------------------------------------- sources */

static void an_outage_of_a_source_begins_once(void **state) {
    (void)state;
    struct script bad = {.fails = true, .cause = CAUSE_NETWORK};
    struct source_health health;
    open_with(SETTINGS);
    visit("costa", &bad);
    const struct outage *outage = find_open(OUTAGE_SOURCE, "costa");
    assert_non_null(outage);
    assert_span(outage->reason, "no answer");
    assert_int_equal(outage->since.length, 20);
    assert_true(store_find_source(program.store, SPAN("costa"), arena, &health));
    assert_int_equal(health.failures, 1);
    assert_span(health.reason, "no answer");
    assert_int_equal(count_open(), 1);
    close_all();
}

static void it_ends_when_the_source_has_been_read(void **state) {
    (void)state;
    struct script good = {0};
    struct source_health health;
    open_with(SETTINGS);
    began_before(OUTAGE_SOURCE, "costa");
    visit("costa", &good);
    assert_int_equal(count_open(), 0);
    assert_true(store_find_source(program.store, SPAN("costa"), arena, &health));
    assert_int_equal(health.failures, 0);
    assert_int_equal(health.last_success.length, 20);
    close_all();
}

static void an_interrupted_visit_changes_no_outage(void **state) {
    (void)state;
    struct script endless = {.endless = true};
    open_with(SETTINGS);
    began_before(OUTAGE_SOURCE, "costa");
    add_source("costa", &endless);
    discovery_turn(run.loop.discovery);
    discovery_stop(run.loop.discovery);
    note();
    assert_int_equal(count_open(), 1);
    close_all();
}

static void a_source_that_was_removed_has_no_outage(void **state) {
    (void)state;
    open_with(SETTINGS);
    began_before(OUTAGE_SOURCE, "removed");
    began_before(OUTAGE_SOURCE, "costa");
    began_before(OUTAGE_SERVICE, "costa"); /* there is no service of this name */
    began_before(OUTAGE_SERVICE, "bad");
    began_before(OUTAGE_SILENCE, "removed");
    note();
    assert_int_equal(count_open(), 2);
    assert_non_null(find_open(OUTAGE_SOURCE, "costa"));
    assert_non_null(find_open(OUTAGE_SERVICE, "bad"));
    close_all();
}

/* Visits with news an hour apart, and then one, days later, without. */
static void be_silent(void) {
    static const char *const times[] = {"2026-01-20T01:00:00Z", "2026-01-20T02:00:00Z", "2026-01-20T03:00:00Z",
                                        "2026-01-20T04:00:00Z", "2026-01-20T05:00:00Z", "2026-01-20T06:00:00Z"};
    struct source_visit seen = {.name = SPAN("costa"), .answered = true, .fresh = 1};
    for (size_t i = 0; i < 6; i++) assert_true(store_see_source(program.store, &seen, times[i], NULL));
    seen.fresh = 0;
    assert_true(store_see_source(program.store, &seen, "2026-01-25T06:00:00Z", NULL));
}

static void a_source_without_news_for_long_is_silent(void **state) {
    (void)state;
    struct script good = {0};
    open_with(SETTINGS);
    be_silent();
    visit("costa", &good);
    const struct outage *outage = find_open(OUTAGE_SILENCE, "costa");
    assert_non_null(outage);
    assert_span(outage->since, "2026-01-20T06:00:00Z");
    assert_span(outage->reason, "it usually has something new every 60 minutes");
    close_all();
}

static void silence_ends_with_news_but_not_with_a_failure(void **state) {
    (void)state;
    struct script good = {0}, bad = {.fails = true, .cause = CAUSE_NETWORK};
    open_with(SETTINGS);
    began_before(OUTAGE_SILENCE, "costa");
    visit("costa", &bad);
    assert_non_null(find_open(OUTAGE_SILENCE, "costa"));
    close_all();
    open_with(SETTINGS);
    began_before(OUTAGE_SILENCE, "costa");
    visit("costa", &good);
    assert_null(find_open(OUTAGE_SILENCE, "costa"));
    close_all();
}

/* ---------------------------------------------------------------- services */

static void a_service_that_only_fails_is_out(void **state) {
    (void)state;
    open_with(SETTINGS);
    began_before(OUTAGE_SERVICE, "good");
    ask_service("service bad", &missing_program, 1);
    ask_service("service good", &echo_program, 1);
    ask_service("host bad.example", &missing_program, 1);
    note();
    const struct outage *outage = find_open(OUTAGE_SERVICE, "bad");
    assert_non_null(outage);
    assert_true(span_find(outage->reason, SPAN("no-such-program-here")) != SIZE_MAX);
    assert_int_equal(count_open(), 1);
    close_all();
}

static void a_service_that_was_not_asked_stays_as_it_was(void **state) {
    (void)state;
    open_with(SETTINGS);
    began_before(OUTAGE_SERVICE, "bad");
    note();
    assert_non_null(find_open(OUTAGE_SERVICE, "bad"));
    close_all();
}

static size_t outages_of_today(void) {
    size_t count;
    char now[21], today[11];
    clock_iso_now(now);
    snprintf(today, sizeof today, "%.10s", now);
    store_outages(program.store, today, arena, &count);
    return count;
}

static void a_few_failures_are_normal(void **state) {
    (void)state;
    open_with(SETTINGS);
    ask_service("service bad", &missing_program, 2);
    ask_service("service bad", &echo_program, 1);
    note();
    assert_int_equal(outages_of_today(), 0);
    close_all();
}

/* It works by now, but the pages tell of it. */
static void a_service_that_fails_now_and_then_has_a_short_outage(void **state) {
    (void)state;
    size_t count;
    char now[21], today[11];
    open_with(SETTINGS);
    ask_service("service bad", &missing_program, 3);
    ask_service("service bad", &echo_program, 1);
    note();
    assert_int_equal(count_open(), 0);
    clock_iso_now(now);
    snprintf(today, sizeof today, "%.10s", now);
    const struct outage *outages = store_outages(program.store, today, arena, &count);
    assert_int_equal(count, 1);
    assert_span(outages[0].name, "bad");
    assert_true(span_starts(outages[0].reason, SPAN("3 of 4 requests failed; the last error was: the pipeline ")));
    close_all();
}

static void close_service(const char *name) {
    const struct closing closing = {
        .service = span_of(name), .language = SPAN("uk"), .reason = SPAN("it repeats itself")};
    assert_true(closings_put(program.store, &closing, NULL));
}

static void a_service_whose_answers_are_rejected_is_out_although_it_answers(void **state) {
    (void)state;
    open_with(SETTINGS);
    close_service("good");
    close_service("removed");
    ask_service("service good", &echo_program, 1);
    note();
    const struct outage *outage = find_open(OUTAGE_SERVICE, "good");
    assert_non_null(outage);
    assert_span(outage->reason, "it repeats itself");
    assert_int_equal(count_open(), 1);
    close_all();
}

/* ---------------------------------------------------------------- money */

static void reach_cap(void) {
    const struct bill_line line = {
        .day = SPAN("2026-01-29"), .service = SPAN("good"), .source = SPAN("costa"), .requests = 1, .characters = 8};
    struct purchase purchase = {0};
    struct exchange exchange = {0};
    struct failure failure;
    assert_int_equal(purchase_begin(&purchase, program.budget, &line, &exchange, &failure), PURCHASE_REFUSED);
}

#define CAP "characters_per_day = 5 characters of [budget]"

static void a_cap_that_is_reached_is_an_outage(void **state) {
    (void)state;
    open_with(SETTINGS ";budget.characters_per_day=5");
    began_before(OUTAGE_MONEY, "cost_per_day = 1.0000 of [budget]");
    reach_cap();
    note();
    const struct outage *outage = find_open(OUTAGE_MONEY, CAP);
    assert_non_null(outage);
    assert_span(outage->reason, "0 characters sent, and the next request needs 8 characters");
    assert_int_equal(count_open(), 1);
    note();
    assert_int_equal(count_open(), 1);
    close_all();
}

static void it_ends_with_a_complete_run_that_does_not_reach_it(void **state) {
    (void)state;
    open_with(SETTINGS ";budget.characters_per_day=5");
    began_before(OUTAGE_MONEY, CAP);
    run.loop.stopping = true;
    note();
    assert_int_equal(count_open(), 1);
    run.loop.stopping = false;
    note();
    assert_int_equal(count_open(), 0);
    close_all();
}

int main(void) {
    setenv("TZ", "UTC", 1);
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_outage_of_a_source_begins_once),
        cmocka_unit_test(it_ends_when_the_source_has_been_read),
        cmocka_unit_test(an_interrupted_visit_changes_no_outage),
        cmocka_unit_test(a_source_that_was_removed_has_no_outage),
        cmocka_unit_test(a_source_without_news_for_long_is_silent),
        cmocka_unit_test(silence_ends_with_news_but_not_with_a_failure),
        cmocka_unit_test(a_service_that_only_fails_is_out),
        cmocka_unit_test(a_service_that_was_not_asked_stays_as_it_was),
        cmocka_unit_test(a_few_failures_are_normal),
        cmocka_unit_test(a_service_that_fails_now_and_then_has_a_short_outage),
        cmocka_unit_test(a_service_whose_answers_are_rejected_is_out_although_it_answers),
        cmocka_unit_test(a_cap_that_is_reached_is_an_outage),
        cmocka_unit_test(it_ends_with_a_complete_run_that_does_not_reach_it)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
