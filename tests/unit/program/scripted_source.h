/* Sources that do what a test says, for a run's discovery. */
#ifndef TESTS_UNIT_PROGRAM_SCRIPTED_SOURCE_H
#define TESTS_UNIT_PROGRAM_SCRIPTED_SOURCE_H

#include "unit/program/run_workspace.h"

/* A source that ends, or fails, without a request, as one that reads files does, or with the answer of a server. */
struct script {
    bool asks, fails, endless;
    enum failure_cause cause;
    unsigned taken;
};

static struct script *next_script; /* of the source that is being added */

static inline bool open_script(const struct source_context *context, void **ret_state, struct failure *ret_failure) {
    (void)context, (void)ret_failure;
    *ret_state = next_script;
    return true;
}

static inline enum exchange_verdict answer_404(struct exchange *exchange) {
    exchange->status = 404;
    return EXCHANGE_GOOD;
}

static inline enum source_step ask(struct exchange *exchange) {
    struct buffer body = BUFFER(100);
    exchange_start(exchange, EXCHANGE_PIPE, exchange->arena);
    exchange_add_frame(exchange, &body, SPAN("text"));
    exchange->body = arena_copy(exchange->arena, buffer_span(&body));
    exchange->commands = &echo_program;
    exchange->command_count = 1;
    exchange->limiter = SPAN("host costa.example");
    exchange->limits = (struct rate_limits){.concurrency = 1, .attempts = 1, .timeout_ms = 10000};
    exchange->judge = answer_404;
    buffer_free(&body);
    return SOURCE_ASK;
}

static inline enum source_step step(void *state, struct exchange *reply, struct exchange *exchange,
                                    struct article **ret_article, struct failure *ret_failure) {
    struct script *script = state;
    (void)reply, (void)ret_article;
    if (script->asks && script->taken++ == 0) return ask(exchange);
    if (script->endless) return SOURCE_NOTE;
    if (!script->fails) return SOURCE_END;
    failure_set(ret_failure, REACH_SERVICE, REMEDY_NEXT_RUN, "no answer");
    failure_blame(ret_failure, script->cause, SPAN("costa.example"));
    return SOURCE_FAIL;
}

static const struct source source_script = {.name = "script", .open = open_script, .step = step};

static inline void add_source(const char *name, struct script *script) {
    const struct source_context context = {.name = span_of(name)};
    next_script = script;
    script->taken = 0;
    assert_true(discovery_add(run.loop.discovery, &source_script, &context));
}

static inline void read_sources(void) {
    while (!discovery_finished(run.loop.discovery)) {
        discovery_turn(run.loop.discovery);
        dispatcher_turn(program.dispatcher);
        dispatcher_wait(program.dispatcher, NULL, 0, 1);
    }
}

#endif
