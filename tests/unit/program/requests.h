/* Requests of a workspace's program to services and hosts, through pipes, so that their limiters know of them. */
#ifndef TESTS_UNIT_PROGRAM_REQUESTS_H
#define TESTS_UNIT_PROGRAM_REQUESTS_H

#include "unit/program/workspace.h"

#include "pipeline/base/clock.h"
#include "pipeline/net/dispatcher.h"

static const char *const echo_arguments[] = {"cat", NULL};
static const char *const missing_arguments[] = {"no-such-program-here", NULL};
static const struct command echo_program = {.arguments = echo_arguments};
static const struct command missing_program = {.arguments = missing_arguments};

static inline void open_requests(void) {
    struct failure failure = {0};
    assert_true(program_open_engine(&program, &failure));
}

static inline void note_end(void *context, struct exchange *exchange) {
    (void)exchange;
    ++*(size_t *)context;
}

/* Sends one request after the other, each of one attempt; all succeed with echo_program, and fail with the other. */
static inline void ask_service(const char *limiter, const struct command *commands, size_t count) {
    struct arena *arena = arena_new();
    for (size_t i = 0; i < count; i++) {
        struct exchange exchange;
        struct buffer body = BUFFER(100);
        size_t ended = 0;
        exchange_start(&exchange, EXCHANGE_PIPE, arena);
        exchange_add_frame(&exchange, &body, SPAN("text"));
        exchange.body = buffer_span(&body);
        exchange.commands = commands;
        exchange.command_count = 1;
        exchange.limiter = span_of(limiter);
        exchange.limits = (struct rate_limits){.concurrency = 1, .attempts = 1, .timeout_ms = 10000};
        dispatcher_send(program.dispatcher, &exchange, note_end, &ended);
        for (int64_t begin = clock_ms(); !ended && clock_ms() - begin < 20000;) {
            dispatcher_turn(program.dispatcher);
            dispatcher_wait(program.dispatcher, NULL, 0, 20);
        }
        assert_int_equal(ended, 1);
        exchange_clear(&exchange);
        buffer_free(&body);
    }
    arena_free(arena);
}

#endif
