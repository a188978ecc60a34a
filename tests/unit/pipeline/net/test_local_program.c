/* How a program of the user's can fail, and what is said of it. */
#include "unit/failure_is.h"

#include <stdlib.h>

#include "pipeline/net/local_program.h"

enum { LONG_MS = 60000, LARGE = 4 << 20 };

static bool run(const char *const *arguments, struct span input, long long timeout_ms, struct failure *failure) {
    struct local_program program = {.what = "mail command",
                                    .setting = "command",
                                    .arguments = arguments,
                                    .input = input,
                                    .must_read = true,
                                    .timeout_ms = timeout_ms};
    *failure = (struct failure){0};
    return local_program_run(&program, NULL, failure);
}

static bool send_by(const char *script, struct span message, struct failure *failure) {
    const char *const arguments[] = {"/bin/sh", "-c", script, NULL};
    return run(arguments, message, LONG_MS, failure);
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
    struct failure failure;
    assert_false(run(arguments, SPAN("hello\n"), LONG_MS, &failure));
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
    struct failure failure;
    assert_false(run(arguments, SPAN("hello\n"), 50, &failure));
    assert_failure(&failure, REACH_SERVICE, REMEDY_NEXT_RUN, CAUSE_MACHINE, EXIT_DONE,
                   "mail command /bin/sh did not end in time and was killed");
}

/* A child that keeps the output open does not delay the end, and more output than is kept is read all the same. */
static void the_output_is_kept_up_to_a_limit(void **state) {
    (void)state;
    static const char *const arguments[] = {"/bin/sh", "-c",
                                            "sleep 600 & echo $TASTE; head -c 300000 /dev/zero; kill $!", NULL};
    static const char *const environment[] = {"TASTE=salt and more", NULL};
    struct failure failure = {0};
    struct buffer output = BUFFER(SIZE_MAX);
    struct local_program program = {.what = "success hook",
                                    .setting = "success",
                                    .arguments = arguments,
                                    .environment = environment,
                                    .input = SPAN("not read"),
                                    .timeout_ms = LONG_MS};
    assert_true(local_program_run(&program, &output, &failure));
    assert_int_equal(output.length, LOCAL_PROGRAM_OUTPUT);
    assert_true(span_starts(buffer_span(&output), SPAN("salt and more\n")));
    buffer_free(&output);
}

/* Neither does a command that reads nothing keep the mail waiting, nor one that prints more than it is asked for. */
static void a_command_that_does_not_read_is_killed(void **state) {
    (void)state;
    static const char *const arguments[] = {"/bin/sh", "-c", "sleep 600", NULL};
    struct failure failure = {0};
    char *text = malloc(LARGE);
    memset(text, 'a', LARGE);
    assert_false(run(arguments, (struct span){text, LARGE}, 50, &failure));
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
                                       cmocka_unit_test(the_output_is_kept_up_to_a_limit),
                                       cmocka_unit_test(a_command_that_does_not_read_is_killed)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
