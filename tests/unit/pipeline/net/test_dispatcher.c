/* Exchanges through real pipes, with limiters. */
#include "unit/failure_is.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <stdio.h>
#include <sys/socket.h>
#include <unistd.h>

#include "pipeline/base/clock.h"
#include "pipeline/net/dispatcher.h"
#include "pipeline/net/http.h"
#include "pipeline/net/subprocess.h"

static const char *const cat[] = {"cat", NULL};
static const struct command echo[] = {{.arguments = cat}};
static const char *const missing[] = {"no-such-program-here", NULL};
static const struct command nothing[] = {{.arguments = missing}};

static struct http *http;
static struct pipes *pipes;
static struct dispatcher *dispatcher;
static struct arena *arena;

static int open_dispatcher(void **state) {
    (void)state;
    struct http_options options = {.user_agent = SPAN("test")};
    if (!http_new(&options, &http, NULL)) return -1;
    pipes = pipes_new();
    dispatcher = dispatcher_new(http, pipes);
    arena = arena_new();
    return 0;
}

static int close_dispatcher(void **state) {
    (void)state;
    dispatcher_free(dispatcher);
    pipes_free(pipes);
    http_free(http);
    arena_free(arena);
    return 0;
}

struct outcome_of {
    size_t done, most_busy;
    struct exchange *exchange;
};

static void note_done(void *context, struct exchange *exchange) {
    struct outcome_of *outcome = context;
    outcome->done++;
    outcome->exchange = exchange;
}

static void write_frame(struct exchange *exchange, const struct command *commands, const struct rate_limits *limits,
                        const char *limiter) {
    struct buffer body = BUFFER(100);
    exchange_start(exchange, EXCHANGE_PIPE, arena);
    exchange_add_frame(exchange, &body, SPAN("text"));
    exchange->body = arena_copy(arena, buffer_span(&body));
    exchange->commands = commands;
    exchange->command_count = 1;
    exchange->limiter = span_of(limiter);
    exchange->limits = *limits;
    buffer_free(&body);
}

static void work_until(struct outcome_of *outcome, size_t wanted) {
    for (int64_t begin = clock_ms(); outcome->done < wanted && clock_ms() - begin < 20000;) {
        dispatcher_turn(dispatcher);
        size_t busy = dispatcher_in_flight(dispatcher);
        if (busy > outcome->most_busy) outcome->most_busy = busy;
        dispatcher_wait(dispatcher, NULL, 0, 20);
    }
    assert_int_equal(outcome->done, wanted);
}

static void no_more_requests_than_the_limiter_allows_are_in_progress(void **state) {
    (void)state;
    static const struct rate_limits two = {.concurrency = 2, .attempts = 1, .timeout_ms = 10000};
    struct exchange exchanges[20];
    struct outcome_of outcome = {0};
    for (size_t i = 0; i < 20; i++) {
        write_frame(&exchanges[i], echo, &two, "service narrow");
        dispatcher_send(dispatcher, &exchanges[i], note_done, &outcome);
    }
    assert_int_equal(outcome.done, 0); /* dispatcher_send() itself calls no callback */
    work_until(&outcome, 20);
    assert_int_equal(outcome.most_busy, 2);
    for (size_t i = 0; i < 20; i++) {
        assert_span(span_of(exchanges[i].reply.at), "text");
        exchange_clear(&exchanges[i]);
    }
}

static void note_in_flight(void *context, struct exchange *exchange) {
    struct outcome_of *outcome = context;
    (void)exchange;
    if (outcome->done++ == 1) outcome->most_busy = dispatcher_in_flight(dispatcher);
}

static void waiting_requests_are_sent_before_all_replies_have_been_read(void **state) {
    (void)state;
    static const struct rate_limits two = {.concurrency = 2, .attempts = 1, .timeout_ms = 10000};
    struct exchange exchanges[4];
    struct outcome_of outcome = {0};
    for (size_t i = 0; i < 4; i++) {
        write_frame(&exchanges[i], echo, &two, "service slow to read");
        dispatcher_send(dispatcher, &exchanges[i], note_in_flight, &outcome);
    }
    dispatcher_turn(dispatcher);
    while (dispatcher_in_flight(dispatcher)) dispatcher_wait(dispatcher, NULL, 0, 20);
    assert_int_equal(outcome.done, 0);
    dispatcher_turn(dispatcher);
    assert_int_equal(outcome.done, 2);
    assert_int_equal(outcome.most_busy, 2);
    work_until(&outcome, 4);
    for (size_t i = 0; i < 4; i++) exchange_clear(&exchanges[i]);
}

static void a_failing_request_is_retried_as_often_as_allowed(void **state) {
    (void)state;
    static const struct rate_limits three = {.concurrency = 1, .attempts = 3, .timeout_ms = 10000};
    struct exchange exchange;
    struct outcome_of outcome = {0};
    write_frame(&exchange, nothing, &three, "service missing");
    dispatcher_send(dispatcher, &exchange, note_done, &outcome);
    work_until(&outcome, 1);
    assert_failure(&exchange.failure, REACH_SERVICE, REMEDY_RETRY, CAUSE_SERVICE, EXIT_DONE, "no-such-program-here");
    assert_int_equal(exchange.attempt, 3);
    exchange_clear(&exchange);
}

static enum exchange_start never(void *asker, struct failure *ret_failure) {
    ++*(size_t *)asker;
    failure_set(ret_failure, REACH_SERVICE, REMEDY_NEXT_RUN, "not today");
    return EXCHANGE_START_NEVER;
}

/* Agrees when it is asked for the fifth time. */
static enum exchange_start later(void *asker, struct failure *ret_failure) {
    (void)ret_failure;
    return ++*(size_t *)asker < 5 ? EXCHANGE_START_LATER : EXCHANGE_START;
}

static void a_request_that_may_not_start_is_returned_unsent(void **state) {
    (void)state;
    static const struct rate_limits one = {.concurrency = 1, .attempts = 3, .timeout_ms = 10000};
    size_t asked = 0;
    struct exchange exchange;
    struct outcome_of outcome = {0};
    write_frame(&exchange, echo, &one, "service dear");
    exchange.starts = never;
    exchange.asker = &asked;
    dispatcher_send(dispatcher, &exchange, note_done, &outcome);
    work_until(&outcome, 1);
    assert_int_equal(asked, 1);
    assert_string_equal(exchange.failure.sentence, "not today");
    assert_int_equal(exchange.reply.length, 0);
    exchange_clear(&exchange);
}

/* It is asked again in each turn and keeps its place: the one behind it does not overtake it. */
static void a_request_that_may_start_later_is_asked_again(void **state) {
    (void)state;
    static const struct rate_limits one = {.concurrency = 1, .attempts = 1, .timeout_ms = 10000};
    size_t asked = 0;
    struct exchange exchanges[2];
    struct outcome_of outcome = {0};
    for (size_t i = 0; i < 2; i++) {
        write_frame(&exchanges[i], echo, &one, "service held");
        dispatcher_send(dispatcher, &exchanges[i], note_done, &outcome);
    }
    exchanges[0].starts = later;
    exchanges[0].asker = &asked;
    dispatcher_turn(dispatcher);
    assert_int_equal(dispatcher_in_flight(dispatcher), 0);
    work_until(&outcome, 1);
    assert_int_equal(asked, 5);
    assert_ptr_equal(outcome.exchange, &exchanges[0]);
    work_until(&outcome, 2);
    for (size_t i = 0; i < 2; i++) {
        assert_span(span_of(exchanges[i].reply.at), "text");
        exchange_clear(&exchanges[i]);
    }
}

static void waiting_requests_can_be_cancelled(void **state) {
    (void)state;
    static const struct rate_limits slow = {.concurrency = 1, .attempts = 1, .gap_ms = 60000, .timeout_ms = 10000};
    struct exchange exchanges[3];
    struct outcome_of outcome = {0};
    struct failure over;
    failure_set(&over, REACH_RUN, REMEDY_NEXT_RUN, "the time is over");
    for (size_t i = 0; i < 3; i++) {
        write_frame(&exchanges[i], echo, &slow, "service slow");
        dispatcher_send(dispatcher, &exchanges[i], note_done, &outcome);
    }
    work_until(&outcome, 1);
    dispatcher_give_up_waiting(dispatcher, &over);
    work_until(&outcome, 3);
    assert_int_equal(exchanges[0].failure.reach, REACH_NONE);
    assert_string_equal(exchanges[2].failure.sentence, "the time is over");
    for (size_t i = 0; i < 3; i++) exchange_clear(&exchanges[i]);
}

/* Listens on a port that accepts connections but never answers. */
static int listen_silently(char *ret_url, size_t size) {
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t length = sizeof address;
    int listener = socket(AF_INET, SOCK_STREAM, 0);
    assert_int_equal(bind(listener, (struct sockaddr *)&address, length), 0);
    assert_int_equal(listen(listener, 5), 0);
    assert_int_equal(getsockname(listener, (struct sockaddr *)&address, &length), 0);
    snprintf(ret_url, size, "http://127.0.0.1:%d/", ntohs(address.sin_port));
    return listener;
}

static bool agree(void *asker, const struct exchange *exchange) {
    if (exchange->sent) ++*(size_t *)asker;
    return true;
}

/* Agreeing to another attempt settles the previous one, which was sent; the new one was not. The gap keeps it waiting:
 * the backoff alone is random and may be too short for a busy machine. */
static void an_attempt_that_never_starts_was_not_sent(void **state) {
    (void)state;
    static const struct rate_limits quick = {
        .concurrency = 1, .attempts = 2, .gap_ms = 30000, .timeout_ms = 200, .max_wait_ms = 60000};
    char url[64];
    int listener = listen_silently(url, sizeof url);
    size_t settled = 0;
    struct exchange exchange;
    struct outcome_of outcome = {0};
    struct failure over;
    failure_set(&over, REACH_SERVICE, REMEDY_NEXT_RUN, "it is closed");
    exchange_start(&exchange, EXCHANGE_HTTP, arena);
    exchange.url = span_of(url);
    exchange.limiter = SPAN("service silent");
    exchange.limits = quick;
    exchange.trusted_host = true;
    exchange.may_try_again = agree;
    exchange.asker = &settled;
    dispatcher_send(dispatcher, &exchange, note_done, &outcome);
    for (int64_t begin = clock_ms(); settled == 0 && clock_ms() - begin < 20000;) {
        dispatcher_turn(dispatcher);
        dispatcher_wait(dispatcher, NULL, 0, 20);
    }
    assert_int_equal(settled, 1);
    dispatcher_give_up_waiting(dispatcher, &over);
    work_until(&outcome, 1);
    assert_int_equal(exchange.attempt, 1);
    assert_false(exchange.sent);
    assert_string_equal(exchange.failure.sentence, "it is closed");
    exchange_clear(&exchange);
    close(listener);
}

/* The limit applies to requests that reach the host; those to private addresses are refused before. */
static void a_request_refused_locally_does_not_wait(void **state) {
    (void)state;
    enum { MANY = 40 };
    struct exchange exchanges[MANY];
    struct outcome_of outcome = {0};
    for (size_t i = 0; i < MANY; i++) {
        exchange_start(&exchanges[i], EXCHANGE_HTTP, arena);
        exchanges[i].url = SPAN("http://10.0.0.7:8000/feed");
        exchanges[i].limiter = SPAN("host 10.0.0.7:8000");
        exchanges[i].limits = (struct rate_limits){.concurrency = 1, .attempts = 3, .gap_ms = 60000};
        dispatcher_send(dispatcher, &exchanges[i], note_done, &outcome);
    }
    work_until(&outcome, MANY);
    for (size_t i = 0; i < MANY; i++) {
        assert_true(exchanges[i].refused);
        assert_int_equal(exchanges[i].failure.remedy, REMEDY_NONE);
        assert_non_null(strstr(exchanges[i].failure.sentence, "local_hosts = 10.0.0.7:8000"));
        exchange_clear(&exchanges[i]);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(no_more_requests_than_the_limiter_allows_are_in_progress),
                                       cmocka_unit_test(waiting_requests_are_sent_before_all_replies_have_been_read),
                                       cmocka_unit_test(a_failing_request_is_retried_as_often_as_allowed),
                                       cmocka_unit_test(a_request_that_may_not_start_is_returned_unsent),
                                       cmocka_unit_test(a_request_refused_locally_does_not_wait),
                                       cmocka_unit_test(a_request_that_may_start_later_is_asked_again),
                                       cmocka_unit_test(waiting_requests_can_be_cancelled),
                                       cmocka_unit_test(an_attempt_that_never_starts_was_not_sent)};
    return cmocka_run_group_tests(tests, open_dispatcher, close_dispatcher);
}
