#include "unit/failure_is.h"

#include <stdio.h>
#include <stdlib.h>

#include "pipeline/base/clock.h"
#include "pipeline/net/subprocess.h"

static const char *const cat[] = {"cat", NULL};
static const struct command two_cats[] = {{cat}, {cat}};
static const char *const missing[] = {"no-such-program-here", NULL};
static const struct command nothing[] = {{missing}};
/* Answers one frame, then dies. */
static const char *const short_lived[] = {"head", "-z", "-n", "1", NULL};
static const struct command mortal[] = {{short_lived}};
static const char *const sleeper[] = {"sleep", "100", NULL};
static const struct command hung[] = {{sleeper}};

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

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(answers_are_assigned_in_order),
                                       cmocka_unit_test(a_long_text_causes_no_deadlock),
                                       cmocka_unit_test(idle_pipelines_are_not_polled),
                                       cmocka_unit_test(a_missing_program_is_named),
                                       cmocka_unit_test(requests_of_a_dead_pipeline_are_sent_to_a_new_one),
                                       cmocka_unit_test(a_hung_pipeline_is_killed_and_reported)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
