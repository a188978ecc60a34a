/* How a mail command can fail, and what is said of it. */
#include "unit/failure_is.h"

#include <stdlib.h>

#include "pipeline/net/mailer.h"

enum { LONG_MS = 60000, LARGE = 4 << 20 };

static bool send_by(const char *script, struct span message, struct failure *failure) {
    const char *const arguments[] = {"/bin/sh", "-c", script, NULL};
    *failure = (struct failure){0};
    return mailer_send(arguments, message, LONG_MS, NULL, failure);
}

static void assert_fails(const char *script, struct span message, const char *said) {
    struct failure failure;
    if (send_by(script, message, &failure)) fail_msg("no failure: %s", script);
    assert_failure(&failure, REACH_SERVICE, REMEDY_NEXT_RUN, CAUSE_MACHINE, EXIT_DONE, said);
    assert_string_equal(failure.blamed, "/bin/sh");
}

static void a_command_that_reads_all_has_sent_it(void **state) {
    (void)state;
    struct failure failure;
    assert_true(send_by("test \"$(cat)\" = hello", SPAN("hello\n"), &failure));
    assert_int_equal(failure.reach, REACH_NONE);
}

static void a_command_that_is_not_there_is_named(void **state) {
    (void)state;
    static const char *const arguments[] = {"/no/such/mailer", NULL};
    struct failure failure = {0};
    assert_false(mailer_send(arguments, SPAN("hello\n"), LONG_MS, NULL, &failure));
    assert_failure(&failure, REACH_SERVICE, REMEDY_NEXT_RUN, CAUSE_MACHINE, EXIT_DONE,
                   "mail command /no/such/mailer cannot be run: No such file or directory; check command");
    assert_string_equal(failure.blamed, "/no/such/mailer");
}

static void how_it_ended_is_said_with_its_first_line(void **state) {
    (void)state;
    assert_fails("cat >/dev/null; exit 7", SPAN("hello\n"), "mail command /bin/sh ended with exit code 7");
    assert_fails("cat >/dev/null; echo; echo no route; echo more; exit 75", SPAN("hello\n"),
                 "mail command /bin/sh ended with exit code 75: no route");
    assert_fails("cat >/dev/null; echo no paper >&2; exit 1", SPAN("hello\n"), "ended with exit code 1: no paper");
    assert_fails("cat >/dev/null; kill -9 $$", SPAN("hello\n"), "mail command /bin/sh ended with signal 9");
}

/* More than a pipe holds. */
static void a_mail_that_was_not_read_to_its_end_was_not_sent(void **state) {
    (void)state;
    char *text = malloc(LARGE);
    memset(text, 'a', LARGE);
    assert_fails("exec <&-; exit 0", (struct span){text, LARGE}, "mail command /bin/sh did not read the last ");
    free(text);
}

static void a_command_that_hangs_is_killed(void **state) {
    (void)state;
    static const char *const arguments[] = {"/bin/sh", "-c", "sleep 600", NULL};
    struct failure failure = {0};
    assert_false(mailer_send(arguments, SPAN("hello\n"), 50, NULL, &failure));
    assert_failure(&failure, REACH_SERVICE, REMEDY_NEXT_RUN, CAUSE_MACHINE, EXIT_DONE,
                   "mail command /bin/sh did not end in time and was killed");
}

/* Neither does a command that reads nothing keep the mail waiting, nor one that prints more than it is asked for. */
static void a_command_that_does_not_read_is_killed(void **state) {
    (void)state;
    static const char *const arguments[] = {"/bin/sh", "-c", "sleep 600", NULL};
    struct failure failure = {0};
    char *text = malloc(LARGE);
    memset(text, 'a', LARGE);
    assert_false(mailer_send(arguments, (struct span){text, LARGE}, 50, NULL, &failure));
    assert_failure(&failure, REACH_SERVICE, REMEDY_NEXT_RUN, CAUSE_MACHINE, EXIT_DONE,
                   "mail command /bin/sh did not end in time and was killed");
    assert_fails("yes no | head -c 300000; cat >/dev/null; exit 3", (struct span){text, LARGE},
                 "ended with exit code 3: no");
    free(text);
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(a_command_that_reads_all_has_sent_it),
                                       cmocka_unit_test(a_command_that_is_not_there_is_named),
                                       cmocka_unit_test(how_it_ended_is_said_with_its_first_line),
                                       cmocka_unit_test(a_mail_that_was_not_read_to_its_end_was_not_sent),
                                       cmocka_unit_test(a_command_that_hangs_is_killed),
                                       cmocka_unit_test(a_command_that_does_not_read_is_killed)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
