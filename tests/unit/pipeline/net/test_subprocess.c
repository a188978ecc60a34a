#include "unit/failure_is.h"

#include <stdio.h>
#include <stdlib.h>

#include "pipeline/base/clock.h"
#include "pipeline/net/subprocess.h"

static const char *const cat[] = {"cat", NULL};
static const struct command two_cats[] = {{.arguments = cat}, {.arguments = cat}};
static const char *const missing[] = {"no-such-program-here", NULL};
static const struct command nothing[] = {{.arguments = missing}};
/* Answers one frame, then dies. */
static const char *const short_lived[] = {"head", "-z", "-n", "1", NULL};
static const struct command mortal[] = {{.arguments = short_lived}};
static const char *const sleeper[] = {"sleep", "100", NULL};
static const struct command hung[] = {{.arguments = sleeper}};

static void note_done(void *context, struct exchange *exchange) {
    (void)exchange;
    ++*(int *)context;
}

static void start(struct exchange *exchange, struct arena *arena, const struct command *commands, size_t count,
                  const char *text, size_t length) {
    struct buffer body = BUFFER(1 << 20);
    exchange_start(exchange, EXCHANGE_PIPE, arena);
    exchange_add_frame(exchange, &body, (struct span){text, length});
    exchange->body = arena_copy(arena, buffer_span(&body));
    exchange->commands = commands;
    exchange->command_count = count;
    exchange->limits.timeout_ms = 10000;
    buffer_free(&body);
}

static void work_until(struct pipes *pipes, const int *done, int wanted) {
    for (int64_t begin = clock_ms(); *done < wanted && clock_ms() - begin < 20000;) {
        struct pollfd fds[32];
        size_t count = pipes_poll_fds(pipes, fds, 32);
        poll(fds, (nfds_t)count, 20);
        pipes_handle(pipes, fds, count, clock_ms());
    }
    assert_int_equal(*done, wanted);
}

static void answers_are_assigned_in_order(void **state) {
    (void)state;
    struct pipes *pipes = pipes_new();
    struct arena *arena = arena_new();
    struct exchange exchanges[50];
    int done = 0;
    for (int i = 0; i < 50; i++) {
        struct span text = arena_print(arena, "text %d", i);
        start(&exchanges[i], arena, two_cats, 2, text.at, text.length);
        pipes_send(pipes, &exchanges[i], clock_ms(), note_done, &done);
    }
    work_until(pipes, &done, 50);
    for (int i = 0; i < 50; i++) {
        assert_span(span_of(exchanges[i].reply.at), arena_print(arena, "text %d", i).at);
        exchange_clear(&exchanges[i]);
    }
    pipes_free(pipes);
    arena_free(arena);
}

static void a_long_text_causes_no_deadlock(void **state) {
    (void)state;
    enum { LENGTH = 600000 };
    struct pipes *pipes = pipes_new();
    struct arena *arena = arena_new();
    struct exchange exchange;
    int done = 0;
    char *text = arena_take(arena, LENGTH);
    memset(text, 'x', LENGTH);
    start(&exchange, arena, two_cats, 2, text, LENGTH);
    pipes_send(pipes, &exchange, clock_ms(), note_done, &done);
    work_until(pipes, &done, 1);
    assert_int_equal(exchange.reply.length, LENGTH + 1);
    exchange_clear(&exchange);
    pipes_free(pipes);
    arena_free(arena);
}

/* A descriptor that is always ready would keep the loop awake. */
static void idle_pipelines_are_not_polled(void **state) {
    (void)state;
    struct pipes *pipes = pipes_new();
    struct arena *arena = arena_new();
    struct exchange exchange;
    struct pollfd fds[32];
    int done = 0;
    assert_int_equal(pipes_poll_fds(pipes, fds, 32), 0);
    start(&exchange, arena, two_cats, 2, "a", 1);
    pipes_send(pipes, &exchange, clock_ms(), note_done, &done);
    size_t count = pipes_poll_fds(pipes, fds, 32);
    assert_in_range(count, 1, 2);
    for (size_t i = 0; i < count; i++) assert_true(fds[i].fd > 2);
    assert_int_equal(pipes_poll_fds(pipes, fds, 1), 0);
    work_until(pipes, &done, 1);
    exchange_clear(&exchange);
    pipes_free(pipes);
    arena_free(arena);
}

static void a_missing_program_is_named(void **state) {
    (void)state;
    struct pipes *pipes = pipes_new();
    struct arena *arena = arena_new();
    struct exchange exchange;
    int done = 0;
    start(&exchange, arena, nothing, 1, "a", 1);
    pipes_send(pipes, &exchange, clock_ms(), note_done, &done);
    work_until(pipes, &done, 1);
    assert_failure(&exchange.failure, REACH_SERVICE, REMEDY_RETRY, CAUSE_SERVICE, EXIT_DONE, "no-such-program-here");
    exchange_clear(&exchange);
    pipes_free(pipes);
    arena_free(arena);
}

static void requests_of_a_dead_pipeline_are_sent_to_a_new_one(void **state) {
    (void)state;
    struct pipes *pipes = pipes_new();
    struct arena *arena = arena_new();
    struct exchange first, second;
    int done = 0;
    start(&first, arena, mortal, 1, "one", 3);
    start(&second, arena, mortal, 1, "two", 3);
    pipes_send(pipes, &first, clock_ms(), note_done, &done);
    pipes_send(pipes, &second, clock_ms(), note_done, &done);
    work_until(pipes, &done, 2);
    assert_span(span_of(first.reply.at), "one");
    assert_span(span_of(second.reply.at), "two");
    exchange_clear(&first);
    exchange_clear(&second);
    pipes_free(pipes);
    arena_free(arena);
}

static void a_hung_pipeline_is_killed_and_reported(void **state) {
    (void)state;
    struct pipes *pipes = pipes_new();
    struct arena *arena = arena_new();
    struct exchange exchange;
    int done = 0;
    start(&exchange, arena, hung, 1, "a", 1);
    exchange.limits.timeout_ms = 200;
    pipes_send(pipes, &exchange, clock_ms(), note_done, &done);
    work_until(pipes, &done, 1);
    assert_failure(&exchange.failure, REACH_SERVICE, REMEDY_RETRY, CAUSE_SERVICE, EXIT_DONE, "no progress");
    exchange_clear(&exchange);
    pipes_free(pipes);
    arena_free(arena);
}

/* ---------------------------------------------------------------- programs with a form */

/* A word in front of each line tells what it is. */
static enum frame_kind kind_by_word(const struct exchange *exchange, struct span line) {
    (void)exchange;
    return span_starts(line, SPAN("hello")) ? FRAME_GREETING
           : span_starts(line, SPAN("re:")) ? FRAME_REPLY
                                            : FRAME_GARBAGE;
}
static const struct frame_form by_word = {.end = '\n', .kind_of = kind_by_word};

/* A program written in sh, with its environment. */
struct script {
    const char *arguments[4];
    const char *environment[2];
    struct command command;
};

static void write_script(struct script *script, const char *text) {
    *script = (struct script){.arguments = {"sh", "-c", text}, .environment = {"WORD=given"}};
    script->command = (struct command){.arguments = script->arguments, .environment = script->environment};
}

static void start_line(struct exchange *exchange, struct arena *arena, const struct script *script, size_t copies) {
    start(exchange, arena, &script->command, 1, "", 0);
    exchange->body = SPAN("ask\n");
    exchange->form = &by_word;
    exchange->copies = copies;
    exchange->reply_limit = 1000;
}

/* Runs the script with `count` requests at a time, which the caller clears. */
static void run_script(const char *text, size_t count, unsigned timeout_ms, struct arena *arena,
                       struct exchange *exchanges) {
    struct script script;
    struct pipes *pipes = pipes_new();
    int done = 0;
    write_script(&script, text);
    for (size_t i = 0; i < count; i++) {
        start_line(&exchanges[i], arena, &script, count);
        exchanges[i].limits.timeout_ms = timeout_ms;
        pipes_send(pipes, &exchanges[i], clock_ms(), note_done, &done);
    }
    work_until(pipes, &done, (int)count);
    pipes_free(pipes);
}

static void assert_fails(const char *text, unsigned timeout_ms, enum failure_remedy remedy, const char *sentence) {
    struct arena *arena = arena_new();
    struct exchange exchange;
    run_script(text, 1, timeout_ms, arena, &exchange);
    assert_failure(&exchange.failure, REACH_SERVICE, remedy, CAUSE_SERVICE, EXIT_DONE, sentence);
    exchange_clear(&exchange);
    arena_free(arena);
}

static void a_greeting_is_kept_apart_from_the_reply(void **state) {
    (void)state;
    struct arena *arena = arena_new();
    struct exchange exchange;
    run_script("echo hello you; read line; echo \"re:$line $WORD\"; read line", 1, 10000, arena, &exchange);
    assert_int_equal(exchange.failure.reach, REACH_NONE);
    assert_span(exchange.greeting, "hello you\n");
    assert_span(buffer_span(&exchange.reply), "re:ask given\n");
    exchange_clear(&exchange);
    arena_free(arena);
}

static void what_is_no_reply_is_a_failure(void **state) {
    (void)state;
    assert_fails("read line; echo what; read line", 10000, REMEDY_RETRY, "wrote something that is no reply (sh)");
    assert_fails("read line; echo hello; echo hello; read line", 10000, REMEDY_RETRY, "no reply (sh)");
    assert_fails("read line; yes re: | tr -d '\\n'", 10000, REMEDY_RETRY, "wrote a reply that is too large (sh)");
}

static void the_end_of_standard_error_is_in_the_failure(void **state) {
    (void)state;
    assert_fails("read line; echo first >&2; echo 'no such model' >&2; exit 1", 10000, REMEDY_RETRY,
                 "the program exited without a reply (sh): first no such model");
    assert_fails("read line; for i in 1 2 3 4 5 6 7 8 9; do echo line $i of many words that fill the room >&2; done; "
                 "echo last >&2; exit 1",
                 10000, REMEDY_RETRY, "(sh): line 6 of");
}

/* More on standard error than a pipe holds would stop a program whose reader does not read it. */
static void a_talkative_program_is_not_stopped(void **state) {
    (void)state;
    struct arena *arena = arena_new();
    struct exchange exchange;
    run_script("read line; head -c 300000 /dev/zero | tr '\\0' x >&2; echo re:; read line", 1, 10000, arena, &exchange);
    assert_int_equal(exchange.failure.reach, REACH_NONE);
    exchange_clear(&exchange);
    arena_free(arena);
}

static void bytes_without_an_end_are_no_progress(void **state) {
    (void)state;
    assert_fails("read line; while :; do printf r; sleep 0.05; done", 500, REMEDY_RETRY, "made no progress");
}

/* Each request meets a process of its own, and a process is asked again. */
static void copies_work_side_by_side(void **state) {
    (void)state;
    struct arena *arena = arena_new();
    struct exchange exchanges[3];
    run_script("while read line; do echo re:$$; done", 3, 10000, arena, exchanges);
    for (int i = 0; i < 3; i++)
        for (int j = 0; j < i; j++)
            assert_false(span_equal(buffer_span(&exchanges[i].reply), buffer_span(&exchanges[j].reply)));
    for (int i = 0; i < 3; i++) exchange_clear(&exchanges[i]);
    arena_free(arena);
}

static void one_copy_serves_all(void **state) {
    (void)state;
    struct arena *arena = arena_new();
    struct exchange exchanges[3];
    struct script script;
    struct pipes *pipes = pipes_new();
    int done = 0;
    write_script(&script, "while read line; do echo re:$$; done");
    for (int i = 0; i < 3; i++) {
        start_line(&exchanges[i], arena, &script, 1);
        pipes_send(pipes, &exchanges[i], clock_ms(), note_done, &done);
    }
    work_until(pipes, &done, 3);
    for (int i = 1; i < 3; i++)
        assert_true(span_equal(buffer_span(&exchanges[i].reply), buffer_span(&exchanges[0].reply)));
    for (int i = 0; i < 3; i++) exchange_clear(&exchanges[i]);
    pipes_free(pipes);
    arena_free(arena);
}

/* A program that ends after each answer is started again; the request that meets its end is not lost. */
static void a_program_that_ends_between_requests_is_started_again(void **state) {
    (void)state;
    struct arena *arena = arena_new();
    struct exchange exchanges[3];
    struct script script;
    struct pipes *pipes = pipes_new();
    int done = 0;
    write_script(&script, "read line; echo re:$$");
    for (int i = 0; i < 3; i++) {
        start_line(&exchanges[i], arena, &script, 1);
        pipes_send(pipes, &exchanges[i], clock_ms(), note_done, &done);
        work_until(pipes, &done, i + 1);
        assert_int_equal(exchanges[i].failure.reach, REACH_NONE);
    }
    for (int i = 0; i < 3; i++) exchange_clear(&exchanges[i]);
    pipes_free(pipes);
    arena_free(arena);
}

static void a_program_that_cannot_be_started_is_not_tried_again(void **state) {
    (void)state;
    struct arena *arena = arena_new();
    struct pipes *pipes = pipes_new();
    struct exchange exchange;
    struct script script;
    int done = 0;
    write_script(&script, "");
    script.arguments[0] = "no-such-program-here";
    start_line(&exchange, arena, &script, 1);
    pipes_send(pipes, &exchange, clock_ms(), note_done, &done);
    work_until(pipes, &done, 1);
    assert_failure(&exchange.failure, REACH_SERVICE, REMEDY_NEXT_RUN, CAUSE_SERVICE, EXIT_DONE,
                   "the program cannot be started (no-such-program-here): No such file");
    exchange_clear(&exchange);
    pipes_free(pipes);
    arena_free(arena);
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(answers_are_assigned_in_order),
                                       cmocka_unit_test(a_long_text_causes_no_deadlock),
                                       cmocka_unit_test(idle_pipelines_are_not_polled),
                                       cmocka_unit_test(a_missing_program_is_named),
                                       cmocka_unit_test(requests_of_a_dead_pipeline_are_sent_to_a_new_one),
                                       cmocka_unit_test(a_hung_pipeline_is_killed_and_reported),
                                       cmocka_unit_test(a_greeting_is_kept_apart_from_the_reply),
                                       cmocka_unit_test(what_is_no_reply_is_a_failure),
                                       cmocka_unit_test(the_end_of_standard_error_is_in_the_failure),
                                       cmocka_unit_test(a_talkative_program_is_not_stopped),
                                       cmocka_unit_test(bytes_without_an_end_are_no_progress),
                                       cmocka_unit_test(copies_work_side_by_side),
                                       cmocka_unit_test(one_copy_serves_all),
                                       cmocka_unit_test(a_program_that_ends_between_requests_is_started_again),
                                       cmocka_unit_test(a_program_that_cannot_be_started_is_not_tried_again)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
