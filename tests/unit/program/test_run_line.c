/* When the line of a run says the same as that of the run before. */
#include "unit/program/run_workspace.h"

#include "pipeline/store/budget.h"

static void lasting(const char *text, const char *expected) {
    struct buffer out = BUFFER(1000);
    run_add_lasting_words(span_of(text), &out);
    assert_span(buffer_span(&out), expected);
    buffer_free(&out);
}

static void figures_and_plural_endings_make_nothing_new(void **state) {
    (void)state;
    lasting("fake failed 1 of 1 request: refused", "fake failed  of  request: refused");
    lasting("fake failed 2 of 2 requests: refused", "fake failed  of  request: refused");
    lasting("12 articles, 3 sources", " article,  source");
    lasting("", "");
}

static void other_words_do(void **state) {
    (void)state;
    lasting("the user asks", "the user ask");
    lasting("the key was refused", "the key wa refused");
}

/* ---------------------------------------------------------------- the exit code */

static void the_exit_code_tells_the_worst(void **state) {
    (void)state;
    open_run_workspace("source.costa.kind=page");
    assert_int_equal(run_verdict(&run), EXIT_DONE);
    put_waiting(RUN_ID, CAUSE_MACHINE, RUN_ENDED, "it was stopped");
    assert_int_equal(run_verdict(&run), EXIT_DONE); /* no news */
    put_waiting(RUN_ID, CAUSE_MACHINE, "/news/a.html", "no permission");
    assert_int_equal(run_verdict(&run), EXIT_NO_SERVICE);
    run.report.dead = 1;
    assert_int_equal(run_verdict(&run), EXIT_SOME_FAILED);
    run.report.dead = 0;
    run.report.items_new = 1;
    assert_int_equal(run_verdict(&run), EXIT_SOME_FAILED);
    failure_fatal(&run.fatal, EXIT_IO, "the disk is full");
    assert_int_equal(run_verdict(&run), EXIT_IO);
    close_run_workspace();
}

static void whatever_waits_is_no_success(void **state) {
    (void)state;
    open_run_workspace("source.costa.kind=page");
    put_waiting(RUN_ID, CAUSE_SERVICE, RUN_ENDED, "down"); /* only a name */
    assert_int_equal(run_verdict(&run), EXIT_NO_SERVICE);
    close_run_workspace();
    open_run_workspace("source.costa.kind=page");
    run.report.sources_failed = 1;
    assert_int_equal(run_verdict(&run), EXIT_NO_SERVICE);
    run.report.sources_failed = 0;
    report_add_mail(&run.report, &(struct report_mail){.label = SPAN("mail"), .mails = 1});
    assert_int_equal(run_verdict(&run), EXIT_DONE);
    report_add_mail(&run.report, &(struct report_mail){.label = SPAN("mail"), .reason = SPAN("refused")});
    assert_int_equal(run_verdict(&run), EXIT_NO_SERVICE);
    close_run_workspace();
}

/* ---------------------------------------------------------------- the line */

/* Tells of the run. Returns what is printed on standard error, which the caller frees; *ret_line as run_tell(). */
static char *tell(enum exit_code code, struct buffer *ret_line) {
    char *printed;
    size_t length;
    FILE *before = program.log.out, *out = open_memstream(&printed, &length);
    assert_non_null(out);
    program.log.out = out;
    run_tell(&run, code, ret_line);
    program.log.out = before;
    fclose(out);
    return printed;
}

static void assert_line(enum exit_code code, const char *expected) {
    struct buffer line = BUFFER(1 << 14);
    free(tell(code, &line));
    assert_text_free(&line, expected);
}

static void add_failed_source(const char *name, const char *sentence) {
    struct failure failure;
    failure_set(&failure, REACH_SERVICE, REMEDY_NEXT_RUN, "%s", sentence);
    report_add_source(&run.report, span_of(name), &failure);
}

static void the_line_says_what_waits_and_why(void **state) {
    (void)state;
    open_run_workspace("source.costa.kind=page");
    run.report.complete = 2;
    assert_line(EXIT_DONE, "2 articles, 2 complete");
    put_waiting(RUN_ID, CAUSE_SERVICE, "deepl", "the key was refused");
    add_failed_source("costa", "404");
    report_add_mail(&run.report, &(struct report_mail){.label = SPAN("mail desk"), .reason = SPAN("no answer")});
    report_add_mail(&run.report, &(struct report_mail){.label = SPAN("mail"), .mails = 1});
    assert_line(EXIT_NO_SERVICE, "2 articles, 2 complete, 1 source failed; 1 article waits for service deepl since "
                                 "2026-01-29 06:10: the key was refused; source costa failed: 404; mail desk waits: no "
                                 "answer");
    close_run_workspace();
}

static void the_first_failure_is_named(void **state) {
    (void)state;
    open_run_workspace("source.costa.kind=page");
    run.report.dead = 1;
    report_note_first(&run.report, SPAN("costa"), "no text");
    assert_line(EXIT_SOME_FAILED, "1 article, 1 failed (costa: no text)");
    run.report.items_new = 1;
    assert_line(EXIT_SOME_FAILED, "1 article, 1 failed (the first: costa: no text)");
    close_run_workspace();
}

static void no_more_than_five_reasons_are_given(void **state) {
    (void)state;
    static const char *const names[] = {"a", "b", "c", "d", "e", "f", "g"};
    open_run_workspace("source.costa.kind=page");
    for (size_t i = 0; i < 5; i++) add_failed_source(names[i], "404");
    assert_line(EXIT_NO_SERVICE, "0 articles, 5 sources failed; source a failed: 404; source b failed: 404; source c "
                                 "failed: 404; source d failed: 404; source e failed: 404");
    add_failed_source(names[5], "404");
    assert_line(EXIT_NO_SERVICE, "0 articles, 6 sources failed; source a failed: 404; source b failed: 404; source c "
                                 "failed: 404; source d failed: 404; source e failed: 404; and 1 more reason");
    put_waiting(RUN_ID, CAUSE_SERVICE, "deepl", "down");
    assert_line(EXIT_NO_SERVICE, "0 articles, 6 sources failed; 1 article waits for service deepl since 2026-01-29 "
                                 "06:10: down; source a failed: 404; source b failed: 404; source c failed: 404; "
                                 "source d failed: 404; and 2 more reasons");
    close_run_workspace();
}

static void a_reason_is_said_once(void **state) {
    (void)state;
    open_run_workspace("source.costa.kind=page");
    put_waiting("00000000000000000000000000000001", CAUSE_SERVICE, "deepl", "down");
    put_waiting("00000000000000000000000000000002", CAUSE_SERVICE, "deepl", "down");
    put_waiting("00000000000000000000000000000003", CAUSE_SERVICE, "azure", "down");
    put_waiting("00000000000000000000000000000004", CAUSE_MACHINE, RUN_ENDED, "it was stopped");
    assert_line(EXIT_NO_SERVICE,
                "0 articles; 2 articles wait for service deepl since 2026-01-29 06:10: down; 1 article "
                "waits for service azure since 2026-01-29 06:10");
    close_run_workspace();
}

static void reach_cap(void) {
    const struct bill_line line = {
        .day = SPAN("2026-01-29"), .service = SPAN("paid"), .source = SPAN("costa"), .requests = 1, .characters = 8};
    struct purchase purchase = {0};
    struct exchange exchange = {0};
    struct failure failure;
    assert_int_equal(purchase_begin(&purchase, program.budget, &line, &exchange, &failure), PURCHASE_REFUSED);
}

static void a_cap_is_named_unless_articles_wait_for_it(void **state) {
    (void)state;
    open_run_workspace("source.costa.kind=page;budget.characters_per_day=5");
    reach_cap();
    assert_line(EXIT_DONE, "0 articles; characters_per_day = 5 characters of [budget] is reached: 0 characters sent, "
                           "and the next request needs 8 characters");
    put_waiting(RUN_ID, CAUSE_MONEY, "characters_per_day", "");
    assert_line(EXIT_NO_SERVICE, "0 articles; 1 article waits for money (characters_per_day) since 2026-01-29 06:10");
    close_run_workspace();
}

/* ---------------------------------------------------------------- whether it is printed */

static void assert_printed(enum exit_code code, bool wanted) {
    struct buffer line = BUFFER(1 << 14);
    char *printed = tell(code, &line);
    if ((*printed != '\0') != wanted) fail_msg("printed: '%s'", printed);
    if (wanted && !strstr(printed, "; details in ")) fail_msg("no report is named: '%s'", printed);
    free(printed);
    buffer_free(&line);
}

static void what_lasts_is_printed_once(void **state) {
    (void)state;
    open_run_workspace("source.costa.kind=page");
    assert_printed(EXIT_DONE, false);
    add_failed_source("costa", "no answer after 10 s");
    assert_printed(EXIT_NO_SERVICE, true);
    assert_printed(EXIT_NO_SERVICE, false);
    run.report.complete = 7; /* counts are no news */
    assert_printed(EXIT_NO_SERVICE, false);
    add_failed_source("mina", "404");
    assert_printed(EXIT_NO_SERVICE, true);
    put_waiting(RUN_ID, CAUSE_SERVICE, "deepl", "down");
    assert_printed(EXIT_NO_SERVICE, true);
    assert_printed(EXIT_NO_SERVICE, false);
    report_add_mail(&run.report, &(struct report_mail){.label = SPAN("mail"), .reason = SPAN("refused")});
    assert_printed(EXIT_NO_SERVICE, true);
    assert_printed(EXIT_NO_SERVICE, false);
    close_run_workspace();
}

static void after_a_run_without_problems_the_same_one_is_news(void **state) {
    (void)state;
    open_run_workspace("source.costa.kind=page");
    put_waiting(RUN_ID, CAUSE_SERVICE, "deepl", "down");
    assert_printed(EXIT_NO_SERVICE, true);
    assert_printed(EXIT_DONE, false);
    assert_printed(EXIT_NO_SERVICE, true);
    close_run_workspace();
}

static void what_failed_in_this_run_is_always_printed(void **state) {
    (void)state;
    open_run_workspace("source.costa.kind=page");
    for (int i = 0; i < 2; i++) {
        assert_printed(EXIT_SOME_FAILED, true);
        assert_printed(EXIT_INTERRUPTED, true);
        assert_printed(EXIT_IO, true);
    }
    close_run_workspace();
}

static void services_that_others_stood_in_for_are_news_once(void **state) {
    (void)state;
    open_run_workspace("source.costa.kind=page");
    run.report.services_failed = SPAN("; service bad failed 3 of 3 requests");
    assert_printed(EXIT_DONE, true);
    run.report.services_failed = SPAN("; service bad failed 1 of 1 request");
    assert_printed(EXIT_DONE, false);
    run.report.services_failed = SPAN("; service worse failed 1 of 1 request");
    assert_printed(EXIT_DONE, true);
    close_run_workspace();
}

static void a_cap_that_is_reached_is_news_once(void **state) {
    (void)state;
    open_run_workspace("source.costa.kind=page;budget.characters_per_day=5");
    reach_cap();
    assert_printed(EXIT_DONE, true);
    assert_printed(EXIT_DONE, false);
    close_run_workspace();
}

/* The address of a mail server has a colon, which ends no clause. */
static void another_reason_of_the_same_mail_server_is_news(void **state) {
    (void)state;
    open_run_workspace("source.costa.kind=page");
    report_add_mail(&run.report,
                    &(struct report_mail){.label = SPAN("mail"), .reason = SPAN("smtp://a.example:25 is down")});
    assert_printed(EXIT_NO_SERVICE, true);
    run.report.mails[0].reason = SPAN("smtp://b.example:25 is down");
    assert_printed(EXIT_NO_SERVICE, false);
    run.report.mails[0].reason = SPAN("smtp://a.example:25 refuses the password");
    assert_printed(EXIT_NO_SERVICE, true);
    close_run_workspace();
}

static void told_ago(int64_t seconds) {
    struct span value, at;
    char time[21];
    struct arena *arena = arena_new();
    assert_true(store_told(program.store, SPAN("line"), arena, &value, &at));
    clock_iso_ago(seconds, time);
    assert_true(store_tell(program.store, SPAN("line"), value, span_of(time), NULL));
    arena_free(arena);
}

static void it_is_printed_again_after_a_while(void **state) {
    (void)state;
    open_run_workspace("source.costa.kind=page;run.remind=2h");
    add_failed_source("costa", "404");
    assert_printed(EXIT_NO_SERVICE, true);
    told_ago(7200 - 60);
    assert_printed(EXIT_NO_SERVICE, false);
    told_ago(7200 + 60);
    assert_printed(EXIT_NO_SERVICE, true);
    assert_printed(EXIT_NO_SERVICE, false);
    close_run_workspace();
}

static void a_terminal_always_gets_it_and_a_log_never(void **state) {
    (void)state;
    open_run_workspace("source.costa.kind=page");
    run.on_terminal = true;
    assert_printed(EXIT_DONE, true);
    program.quiet = program.log.quiet = true;
    assert_printed(EXIT_DONE, false);
    assert_printed(EXIT_SOME_FAILED, true); /* this is an error */
    close_run_workspace();
}

static void the_log_has_it_as_an_event(void **state) {
    (void)state;
    struct buffer line = BUFFER(1 << 14);
    open_run_workspace("source.costa.kind=page");
    program.log.format = LOG_TEXT;
    run.on_terminal = true;
    char *printed = tell(EXIT_NO_SERVICE, &line);
    assert_non_null(strstr(printed, "warning run-ended what=\"0 articles\"\n"));
    assert_null(strstr(printed, "details in"));
    free(printed);
    printed = tell(EXIT_DONE, &line);
    assert_non_null(strstr(printed, "info run-ended what=\"0 articles\"\n"));
    free(printed);
    buffer_free(&line);
    close_run_workspace();
}

int main(void) {
    setenv("TZ", "UTC", 1);
    const struct CMUnitTest tests[] = {cmocka_unit_test(figures_and_plural_endings_make_nothing_new),
                                       cmocka_unit_test(other_words_do),
                                       cmocka_unit_test(the_exit_code_tells_the_worst),
                                       cmocka_unit_test(whatever_waits_is_no_success),
                                       cmocka_unit_test(the_line_says_what_waits_and_why),
                                       cmocka_unit_test(the_first_failure_is_named),
                                       cmocka_unit_test(no_more_than_five_reasons_are_given),
                                       cmocka_unit_test(a_reason_is_said_once),
                                       cmocka_unit_test(a_cap_is_named_unless_articles_wait_for_it),
                                       cmocka_unit_test(what_lasts_is_printed_once),
                                       cmocka_unit_test(after_a_run_without_problems_the_same_one_is_news),
                                       cmocka_unit_test(what_failed_in_this_run_is_always_printed),
                                       cmocka_unit_test(services_that_others_stood_in_for_are_news_once),
                                       cmocka_unit_test(a_cap_that_is_reached_is_news_once),
                                       cmocka_unit_test(another_reason_of_the_same_mail_server_is_news),
                                       cmocka_unit_test(it_is_printed_again_after_a_while),
                                       cmocka_unit_test(a_terminal_always_gets_it_and_a_log_never),
                                       cmocka_unit_test(the_log_has_it_as_an_event)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
