/* What the report of a run keeps, and what it only counts. */
#include "unit/cmocka_test.h"

#include <stdio.h>

#include "program/report.h"
#include "stages/translate/closings.h"
#include "unit/program/requests.h"

static void notes_and_articles_have_a_limit(void **state) {
    (void)state;
    struct report report = report_new();
    struct article_row row = {
        .article_state = ARTICLE_STATE_DEAD, .id = "a", .source = SPAN("costa"), .note = SPAN("x")};
    char what[20];
    for (int i = 0; i < 1003; i++) {
        snprintf(what, sizeof what, "note %d", i);
        report_add_note(&report, SPAN("costa"), what);
        if (i < 1002) report_add_article(&report, &row);
    }
    assert_int_equal(report.note_count, 1000);
    assert_int_equal(report.notes_left_out, 3);
    assert_span(report.notes[999].what, "note 999");
    assert_int_equal(report.article_count, 1000);
    assert_int_equal(report.articles_left_out, 2);
    assert_string_equal(report.articles[999].id, "a");
    assert_span(report.articles[999].why, "x");
    report_free(&report);
}

/* All are counted; the list of reasons has a limit. */
static void skipped_articles_are_counted_by_source_and_reason(void **state) {
    (void)state;
    struct report report = report_new();
    char why[20];
    report_add_skipped(&report, SPAN("costa"), "reason 0");
    report_add_skipped(&report, SPAN("mina"), "reason 0");
    for (int i = 0; i < 1001; i++) {
        snprintf(why, sizeof why, "reason %d", i);
        report_add_skipped(&report, SPAN("costa"), why);
    }
    assert_int_equal(report.skipped, 1003);
    assert_int_equal(report.skip_count, 1000);
    assert_span(report.skips[0].source, "costa");
    assert_int_equal(report.skips[0].count, 2);
    assert_span(report.skips[1].source, "mina");
    assert_int_equal(report.skips[1].count, 1);
    assert_span(report.skips[999].why, "reason 998");
    report_free(&report);
}

static void the_sentence_names_every_count_that_is_not_zero(void **state) {
    (void)state;
    struct report report = report_new();
    struct buffer none = BUFFER(1000), all = BUFFER(1000), one = BUFFER(1000);
    report_sentence(&report, &none);
    assert_text_free(&none, "0 articles");
    report.complete = 1;
    report.found = 7; /* the articles that were processed are counted already */
    report.sources_failed = report.items_unusable = 1;
    report_sentence(&report, &one);
    assert_text_free(&one, "1 article, 1 complete, 1 source failed, 1 item unusable");
    report.known = 2;
    report.partial = 3;
    report.skipped = 4;
    report.duplicate = 5;
    report.waiting = 6;
    report.dead = 8;
    report.sources_failed = report.items_unusable = 9;
    report.services_failed = SPAN("; service bad failed");
    report_sentence(&report, &all);
    assert_text_free(&all, "27 articles, 2 known, 1 complete, 3 partial, 4 skipped, 5 duplicate, 6 waiting, 8 failed, "
                           "9 sources failed, 9 items unusable; service bad failed");
    assert_int_equal(report_ended(&report), 27);
    report_free(&report);
}

static void waits(enum failure_cause cause, const char *name, size_t count, const char *since, const char *reason,
                  const char *expected) {
    struct buffer out = BUFFER(1000);
    const struct waiting waiting = {.waits_for = cause,
                                    .waits_on = span_of(name),
                                    .since = span_of(since),
                                    .reason = span_of(reason),
                                    .count = count};
    report_waiting(&waiting, &out);
    assert_text_free(&out, expected);
}

static void what_waits_is_said_with_its_cause(void **state) {
    (void)state;
    waits(CAUSE_SERVICE, "deepl", 2, "2026-01-29T08:10:00Z", "the key was refused",
          "2 articles wait for service deepl since 2026-01-29 08:10: the key was refused");
    waits(CAUSE_SERVICE, "", 1, "", "", "1 article waits for a service");
    waits(CAUSE_NETWORK, "a.example", 3, "", "404", "3 articles wait for host a.example: 404");
    waits(CAUSE_NETWORK, "", 3, "", "", "3 articles wait for the network");
    waits(CAUSE_MONEY, "cost_per_day", 1, "", "", "1 article waits for money (cost_per_day)");
    waits(CAUSE_MONEY, "", 1, "", "", "1 article waits for money");
    waits(CAUSE_MACHINE, "/news/a.html", 1, "", "", "1 article waits for this machine (/news/a.html)");
    waits(CAUSE_MACHINE, "", 1, "", "", "1 article waits for this machine");
    waits(CAUSE_ARTICLE, "", 2, "", "", "2 articles wait for the next run");
    waits(FAILURE_CAUSES, "", 2, "", "", "2 articles wait for the next run"); /* of a newer version */
    waits(CAUSE_MACHINE, "", 1, "2026-01-29", "", "1 article waits for this machine");
    waits(CAUSE_MACHINE, "", 1, "2026-01-29T08:10:00.000Z", "", "1 article waits for this machine");
}

static void only_the_first_failure_is_remembered(void **state) {
    (void)state;
    struct report report = report_new();
    report_note_first(&report, SPAN("costa"), "no text");
    report_note_first(&report, SPAN("mina"), "too large");
    assert_span(report.first_failed.where, "costa");
    assert_span(report.first_failed.what, "no text");
    report_add_failed(&report, "0123456789abcdef0123456789abcdef", SPAN("costa"), "no text");
    assert_int_equal(report.dead, 1);
    assert_int_equal(report.failed_count, 1);
    assert_string_equal(report.failed[0].id, "0123456789abcdef0123456789abcdef");
    assert_span(report.failed[0].where, "costa");
    assert_span(report.failed[0].what, "no text");
    report_free(&report);
}

/* ---------------------------------------------------------------- services */

static void stand_ins_are_counted_by_pair(void **state) {
    (void)state;
    struct report report = report_new();
    report_stood_in(&report, SPAN("bad"), SPAN("good"));
    report_stood_in(&report, SPAN("bad"), SPAN("better"));
    report_stood_in(&report, SPAN("worse"), SPAN("good"));
    report_stood_in(&report, SPAN("bad"), SPAN("better"));
    assert_int_equal(report.stand_in_count, 3);
    assert_span(report.stand_ins[1].missed, "bad");
    assert_span(report.stand_ins[1].service, "better");
    assert_int_equal(report.stand_ins[0].texts, 1);
    assert_int_equal(report.stand_ins[1].texts, 2);
    assert_int_equal(report.stand_ins[2].texts, 1);
    report_free(&report);
}

static void a_service_that_failed_is_named_with_those_that_took_its_place(void **state) {
    (void)state;
    struct report report = report_new();
    open_workspace("source.costa.kind=page");
    open_requests();
    ask_service("service bad", &missing_program, 2);
    ask_service("service good", &echo_program, 1);
    ask_service("host a.example", &missing_program, 1);
    report_stood_in(&report, SPAN("bad"), SPAN("good"));
    report_stood_in(&report, SPAN("bad"), SPAN("better"));
    report_stood_in(&report, SPAN("other"), SPAN("best"));
    report_add_services(&report, program.dispatcher, program.store);
    assert_int_equal(report.note_count, 1);
    assert_span(report.notes[0].where, "service bad");
    char *said = memory_string(report.services_failed), *note = memory_string(report.notes[0].what);
    assert_non_null(strstr(said, "; service bad failed 2 of 2 requests: "));
    assert_non_null(strstr(said, "no-such-program-here"));
    assert_non_null(strstr(said, "; good, better took its place"));
    assert_null(strstr(said, "best"));
    assert_null(strstr(said, "a.example"));
    assert_string_equal(said + strlen("; service bad "), note);
    free(said);
    free(note);
    close_workspace();
    report_free(&report);
}

static void close_service(const char *name, const char *reason) {
    const struct closing closing = {.service = span_of(name), .language = SPAN("uk"), .reason = span_of(reason)};
    assert_true(closings_put(program.store, &closing, NULL));
}

static void a_closed_service_is_named_only_if_others_took_its_place(void **state) {
    (void)state;
    struct report report = report_new();
    open_workspace("source.costa.kind=page");
    open_requests();
    close_service("alone", "its answers are useless");
    close_service("useless", "service useless repeats itself");
    report_stood_in(&report, SPAN("useless"), SPAN("good"));
    report_add_services(&report, program.dispatcher, program.store);
    assert_span(report.services_failed, "; service useless repeats itself; good took its place");
    assert_int_equal(report.note_count, 1);
    assert_span(report.notes[0].where, "service useless");
    assert_span(report.notes[0].what, "service useless repeats itself; good took its place");
    close_workspace();
    report_free(&report);
}

/* ---------------------------------------------------------------- JSON */

/* The caller frees the tree. */
static cJSON *json_of(const struct report *report) {
    struct buffer out = BUFFER(1 << 20);
    report_json(report, program.dispatcher, program.budget, cJSON_CreateObject(), 1.5, &out);
    cJSON *root = json_parse(buffer_span(&out), 1 << 20, "report", NULL);
    buffer_free(&out);
    assert_non_null(root);
    return root;
}

static void json_holds_every_count(void **state) {
    (void)state;
    static const char *const names[] = {"found",   "known",     "complete", "partial",        "skipped",
                                        "waiting", "duplicate", "failed",   "sources_failed", "items_unusable"};
    struct report report = report_new();
    char number[20];
    open_workspace("source.costa.kind=page");
    open_requests();
    report.found = 1;
    report.known = 2;
    report.complete = 3;
    report.partial = 4;
    report.skipped = 5;
    report.waiting = 6;
    report.duplicate = 7;
    report.dead = 8;
    report.sources_failed = 9;
    report.items_unusable = 10;
    report.notes_left_out = 11;
    report.articles_left_out = 12;
    cJSON *root = json_of(&report);
    for (int i = 0; i < 10; i++) {
        snprintf(number, sizeof number, "%d", i + 1);
        assert_json(root, names[i], number);
    }
    assert_json(root, "notes_left_out", "11");
    assert_json(root, "articles_left_out", "12");
    assert_json(root, "seconds", "1.5");
    assert_json(root, "spent", "{}");
    assert_json(root, "caps_reached", "[]");
    assert_json(root, "billed_more_than_counted", "[]");
    assert_null(json_member(root, "counted_for_killed_run"));
    cJSON_Delete(root);
    close_workspace();
    report_free(&report);
}

static void add_article(struct report *report, enum article_state state, const char *note) {
    struct article_row row = {.article_state = state,
                              .id = "0123456789abcdef0123456789abcdef",
                              .source = SPAN("costa"),
                              .address = SPAN("https://costa.example/1"),
                              .note = span_of(note)};
    report_add_article(report, &row);
}

static void json_lists_articles_notes_and_mails(void **state) {
    (void)state;
    struct report report = report_new();
    open_workspace("source.costa.kind=page");
    open_requests();
    add_article(&report, ARTICLE_STATE_DEAD, "no text");
    add_article(&report, ARTICLE_STATE_DUPLICATE, "fedcba9876543210fedcba9876543210");
    report_add_note(&report, SPAN("costa"), "a note");
    report_add_note(&report, SPAN(""), "of nothing");
    report_add_skipped(&report, SPAN("costa"), "too short");
    report_add_skipped(&report, SPAN(""), "too old");
    report_add_skipped(&report, SPAN("costa"), "too short");
    report_add_mail(&report, &(struct report_mail){.label = SPAN("mail desk"), .mails = 2, .stories = 3});
    report_add_mail(&report, &(struct report_mail){.label = SPAN("mail"), .reason = SPAN("refused")});
    cJSON *root = json_of(&report);
    assert_json(root, "articles",
                "[{\"id\":\"0123456789abcdef0123456789abcdef\",\"state\":\"failed\",\"source\":\"costa\","
                "\"address\":\"https://costa.example/1\",\"reason\":\"no text\"},"
                "{\"id\":\"0123456789abcdef0123456789abcdef\",\"state\":\"duplicate\",\"source\":\"costa\","
                "\"address\":\"https://costa.example/1\",\"duplicate_of\":\"fedcba9876543210fedcba9876543210\"}]");
    assert_json(root, "notes", "[{\"where\":\"costa\",\"what\":\"a note\"},{\"what\":\"of nothing\"}]");
    assert_json(root, "skipped_for",
                "[{\"source\":\"costa\",\"why\":\"too short\",\"articles\":2},{\"why\":\"too old\",\"articles\":1}]");
    assert_json(root, "mails",
                "[{\"name\":\"mail desk\",\"sent\":2,\"stories\":3},"
                "{\"name\":\"mail\",\"sent\":0,\"stories\":0,\"waits\":\"refused\"}]");
    cJSON_Delete(root);
    close_workspace();
    report_free(&report);
}

static void json_lists_requests_by_service_and_host(void **state) {
    (void)state;
    struct report report = report_new();
    open_workspace("source.costa.kind=page");
    open_requests();
    ask_service("service good", &echo_program, 2);
    ask_service("host a.example", &missing_program, 1);
    cJSON *root = json_of(&report);
    bool first = span_is(json_text(json_at(root, "limiters.0.name")), "service good"); /* in any order */
    const cJSON *service = json_at(root, first ? "limiters.0" : "limiters.1"),
                *host = json_at(root, first ? "limiters.1" : "limiters.0");
    assert_json(service, "", "{\"name\":\"service good\",\"requests\":2,\"retries\":0,\"good\":2,\"failed\":0}");
    assert_json(host, "name", "\"host a.example\"");
    assert_json(host, "requests", "1");
    assert_json(host, "good", "0");
    assert_json(host, "failed", "1");
    assert_non_null(json_at(host, "reason"));
    assert_null(json_at(host, "closed"));
    cJSON_Delete(root);
    close_workspace();
    report_free(&report);
}

static void json_tells_of_caps_and_of_a_killed_run(void **state) {
    (void)state;
    struct report report = report_new();
    open_workspace("source.costa.kind=page;budget.characters_per_day=10");
    open_requests();
    const struct bill_line line = {.day = SPAN("2026-01-29"),
                                   .service = SPAN("paid"),
                                   .source = SPAN("costa"),
                                   .requests = 1,
                                   .characters = 8,
                                   .cost = 2500000};
    assert_true(store_reserve(program.store, &line, 1, NULL));
    budget_free(program.budget);
    program.budget = program_budget(&program, program.store, true, NULL); /* as a run that finds this */
    struct purchase purchase = {0};
    struct exchange exchange = {0};
    struct failure failure = {0};
    assert_int_equal(purchase_begin(&purchase, program.budget, &line, &exchange, &failure), PURCHASE_REFUSED);
    cJSON *root = json_of(&report);
    assert_json(root, "caps_reached",
                "[\"characters_per_day = 10 characters of [budget] is reached: 8 characters sent, and the next "
                "request needs 8 characters\"]");
    assert_json(root, "counted_for_killed_run", "{\"requests\":1,\"characters\":8,\"cost\":2.5}");
    cJSON_Delete(root);
    close_workspace();
    report_free(&report);
}

int main(void) {
    setenv("TZ", "UTC", 1);
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(notes_and_articles_have_a_limit),
        cmocka_unit_test(skipped_articles_are_counted_by_source_and_reason),
        cmocka_unit_test(the_sentence_names_every_count_that_is_not_zero),
        cmocka_unit_test(what_waits_is_said_with_its_cause),
        cmocka_unit_test(only_the_first_failure_is_remembered),
        cmocka_unit_test(stand_ins_are_counted_by_pair),
        cmocka_unit_test(a_service_that_failed_is_named_with_those_that_took_its_place),
        cmocka_unit_test(a_closed_service_is_named_only_if_others_took_its_place),
        cmocka_unit_test(json_holds_every_count),
        cmocka_unit_test(json_lists_articles_notes_and_mails),
        cmocka_unit_test(json_lists_requests_by_service_and_host),
        cmocka_unit_test(json_tells_of_caps_and_of_a_killed_run),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
