/* The loop with a test source, a test stage and real pipes: when it waits, and how it ends. */
#define _GNU_SOURCE
#include "pipeline/engine/loop.h"

#include "tests/unit/failure_is.h"

#include <unistd.h>

#include "pipeline/base/clock.h"
#include "pipeline/net/dispatcher.h"
#include "pipeline/net/http.h"
#include "pipeline/net/subprocess.h"

enum { ARTICLES = 40 };

static const char *const cat[] = {"cat", NULL}, *const sleeper[] = {"sleep", "60", NULL};
static const struct command echo[] = {{.arguments = cat}}, hangs[] = {{.arguments = sleeper}};

/* ---------------------------------------------------------------- a source and a stage */

/* A source that yields `left` articles. */
struct numbers {
    size_t left, taken;
};

static struct numbers numbers;

static bool open_numbers(const struct source_context *context, void **ret_state, struct failure *ret_failure) {
    (void)context, (void)ret_failure;
    *ret_state = &numbers;
    return true;
}

static enum source_step step_numbers(void *state, struct exchange *reply, struct exchange *exchange,
                                     struct article **ret_article, struct failure *ret_failure) {
    struct numbers *own = state;
    (void)reply, (void)exchange, (void)ret_failure;
    own->taken++;
    if (own->left == 0) return SOURCE_END;
    own->left--;
    *ret_article = article_new();
    return SOURCE_ITEM;
}

static const struct source source_numbers = {.name = "numbers", .open = open_numbers, .step = step_numbers};

static enum outcome ask(void *state, struct article *article, struct exchange *ret_exchange,
                        struct failure *ret_failure) {
    (void)ret_failure;
    struct buffer body = BUFFER(100);
    exchange_start(ret_exchange, EXCHANGE_PIPE, article->arena);
    exchange_add_frame(ret_exchange, &body, SPAN("Good morning"));
    ret_exchange->body = arena_copy(article->arena, buffer_span(&body));
    ret_exchange->commands = state;
    ret_exchange->command_count = 1;
    ret_exchange->limiter = SPAN("service echo");
    ret_exchange->limits = (struct rate_limits){.concurrency = 1, .attempts = 1, .timeout_ms = 60000};
    buffer_free(&body);
    return STAGE_ASK;
}

static enum outcome answer(void *state, struct article *article, struct exchange *exchange,
                           struct failure *ret_failure) {
    (void)state, (void)article;
    *ret_failure = exchange->failure;
    return exchange->failure.reach == REACH_NONE ? STAGE_CONTINUE : STAGE_FAIL;
}

static const struct stage asks = {.name = "asks", .ask = ask, .answer = answer};

static bool first_is_answered;

/* The second article waits for the first one's answer. */
static enum outcome ask_in_turn(void *state, struct article *article, struct exchange *ret_exchange,
                                struct failure *ret_failure) {
    if (article->number > 0 && !first_is_answered) return STAGE_PARK;
    return article->number > 0 ? STAGE_CONTINUE : ask(state, article, ret_exchange, ret_failure);
}

static enum outcome answer_first(void *state, struct article *article, struct exchange *exchange,
                                 struct failure *ret_failure) {
    first_is_answered = true;
    return answer(state, article, exchange, ret_failure);
}

static const struct stage parks = {.name = "parks", .ask = ask_in_turn, .answer = answer_first};

/* ---------------------------------------------------------------- a loop around them */

struct fixture {
    struct http *http;
    struct pipes *pipes;
    const struct stage *stages[1];
    void *states[1];
    struct loop loop;
    struct article *queue[ARTICLES];
    size_t queued, done, failed;
    struct failure failure; /* of the last article that failed */
    int64_t started;
};

static bool found(void *context, const struct discovered *source, struct article *article) {
    struct fixture *fixture = context;
    (void)source;
    article->number = fixture->queued;
    fixture->queue[fixture->queued++] = article;
    return true;
}

static void source_failed(void *context, const struct discovered *source, const struct failure *failure) {
    (void)context, (void)source;
    fail_msg("%s", failure->sentence);
}

static enum feed_result feed(void *context, struct article **ret_article) {
    struct fixture *fixture = context;
    if (fixture->queued == 0) return discovery_finished(fixture->loop.discovery) ? FEED_END : FEED_LATER;
    *ret_article = fixture->queue[--fixture->queued];
    return FEED_ARTICLE;
}

static void leave(void *context, struct article *article, enum outcome outcome, const struct failure *failure) {
    struct fixture *fixture = context;
    fixture->done += outcome == STAGE_CONTINUE;
    fixture->failed += outcome == STAGE_FAIL;
    if (outcome == STAGE_FAIL) fixture->failure = *failure;
    article_free(article);
    scheduler_settled(fixture->loop.scheduler);
}

/* `commands` are the requests of the stage; NULL: there is no stage. */
static void open_fixture(struct fixture *fixture, const struct command *commands, size_t articles, size_t in_flight) {
    struct http_options options = {.user_agent = SPAN("test")};
    *fixture = (struct fixture){.started = clock_ms()};
    numbers = (struct numbers){.left = articles};
    assert_true(http_new(&options, &fixture->http, NULL));
    fixture->pipes = pipes_new();
    fixture->stages[0] = &asks;
    fixture->states[0] = (void *)(uintptr_t)commands;
    fixture->loop = (struct loop){
        .dispatcher = dispatcher_new(fixture->http, fixture->pipes), .stop_fd = -1, .grace_ms = LOOP_NO_GRACE};
    struct scheduler_options scheduling = {.stages = fixture->stages,
                                           .states = fixture->states,
                                           .stage_count = commands != NULL,
                                           .in_flight = in_flight,
                                           .dispatcher = fixture->loop.dispatcher,
                                           .context = fixture,
                                           .feed = feed,
                                           .leave = leave};
    loop_open(&fixture->loop, &scheduling, found, source_failed);
    struct source_context context = {.name = SPAN("numbers")};
    assert_true(discovery_add(fixture->loop.discovery, &source_numbers, &context));
}

static void close_fixture(struct fixture *fixture) {
    loop_close(&fixture->loop);
    while (fixture->queued) article_free(fixture->queue[--fixture->queued]);
    dispatcher_free(fixture->loop.dispatcher);
    pipes_free(fixture->pipes);
    http_free(fixture->http);
}

static int64_t milliseconds(const struct fixture *fixture) {
    return clock_ms() - fixture->started;
}

static void turn_to_the_end(struct fixture *fixture) {
    while (loop_turn(&fixture->loop)) assert_true(milliseconds(fixture) < 30000);
}

/* ---------------------------------------------------------------- the tests */

static void it_ends_when_no_source_and_no_article_is_left(void **state) {
    (void)state;
    struct fixture fixture;
    open_fixture(&fixture, echo, ARTICLES, 7);
    turn_to_the_end(&fixture);
    assert_int_equal(fixture.done, ARTICLES);
    assert_int_equal(numbers.taken, ARTICLES + 1);
    assert_false(fixture.loop.stopping);
    close_fixture(&fixture);
}

/* No descriptor becomes ready when there is room for another article. 40 waits of 200 ms would take 8 seconds. */
static void it_does_not_wait_while_there_is_room(void **state) {
    (void)state;
    struct fixture fixture;
    open_fixture(&fixture, echo, ARTICLES, 1);
    turn_to_the_end(&fixture);
    assert_int_equal(fixture.done, ARTICLES);
    assert_true(milliseconds(&fixture) < 4000);
    close_fixture(&fixture);
}

/* An answer that releases a parked article makes no descriptor ready either. No articles are left to feed, so free room
 * does not end the wait. */
static void it_does_not_wait_while_a_parked_article_can_continue(void **state) {
    (void)state;
    int64_t started = clock_ms();
    for (int i = 0; i < 25; i++) {
        struct fixture fixture;
        open_fixture(&fixture, echo, 2, 5);
        fixture.stages[0] = &parks;
        first_is_answered = false;
        turn_to_the_end(&fixture);
        assert_int_equal(fixture.done, 2);
        close_fixture(&fixture);
    }
    assert_true(clock_ms() - started < 4500);
}

/* One request is in progress and never answered, and the others wait for it. */
static void turn_until_all_ask(struct fixture *fixture) {
    while (scheduler_in_flight(fixture->loop.scheduler) < 5) assert_true(loop_turn(&fixture->loop));
    assert_true(loop_turn(&fixture->loop));
}

static void a_stop_returns_waiting_requests_and_gives_the_rest_the_grace_period(void **state) {
    (void)state;
    struct fixture fixture;
    open_fixture(&fixture, hangs, ARTICLES, 5);
    fixture.loop.grace_ms = 700;
    turn_until_all_ask(&fixture);
    fixture.started = clock_ms();
    loop_stop(&fixture.loop);
    int64_t stop_at = fixture.loop.stop_at;
    while (clock_ms() <= fixture.started + 5) continue;
    loop_stop(&fixture.loop); /* a second stop must not restart the grace period */
    assert_int_equal(fixture.loop.stop_at, stop_at);
    turn_to_the_end(&fixture);
    assert_int_equal(fixture.done, 0);
    assert_int_equal(fixture.failed, 4);
    assert_failure(&fixture.failure, REACH_SERVICE, REMEDY_NEXT_RUN, CAUSE_MACHINE, EXIT_DONE, "the run ended before");
    assert_string_equal(fixture.failure.blamed, RUN_ENDED);
    assert_int_equal(fixture.queued, ARTICLES - 5);
    assert_true(milliseconds(&fixture) >= 700 && milliseconds(&fixture) < 5000);
    close_fixture(&fixture);
}

static void without_grace_a_stop_ends_the_loop_at_once(void **state) {
    (void)state;
    struct fixture fixture;
    open_fixture(&fixture, hangs, ARTICLES, 5);
    turn_until_all_ask(&fixture);
    loop_stop(&fixture.loop);
    assert_false(loop_turn(&fixture.loop));
    assert_int_equal(fixture.failed, 0);
    close_fixture(&fixture);
}

/* After a stop before the first turn, the source is never stepped. */
static void after_a_stop_before_the_first_turn_no_source_begins(void **state) {
    (void)state;
    struct fixture fixture;
    open_fixture(&fixture, echo, ARTICLES, 5);
    fixture.loop.grace_ms = 10000;
    loop_stop(&fixture.loop);
    turn_to_the_end(&fixture);
    assert_int_equal(numbers.taken, 0);
    assert_true(milliseconds(&fixture) < 5000);
    close_fixture(&fixture);
}

/* Like a signal's: it ends the wait at once, stays readable, and does not end the waits of the grace period. */
static void a_readable_stop_fd_stops_it(void **state) {
    (void)state;
    struct fixture fixture;
    int ends[2];
    assert_int_equal(pipe(ends), 0);
    open_fixture(&fixture, hangs, ARTICLES, 5);
    fixture.loop.stop_fd = ends[0];
    fixture.loop.grace_ms = 500;
    turn_until_all_ask(&fixture);
    assert_false(fixture.loop.stopping);
    assert_int_equal(write(ends[1], "!", 1), 1);
    size_t turns = 1;
    while (turns < 20 && loop_turn(&fixture.loop)) turns++;
    assert_true(fixture.loop.stopping);
    assert_int_equal(fixture.failed, 4);
    assert_true(turns < 20);
    close_fixture(&fixture);
    close(ends[0]);
    close(ends[1]);
}

static void the_deadline_stops_it(void **state) {
    (void)state;
    struct fixture fixture;
    open_fixture(&fixture, hangs, ARTICLES, 5);
    fixture.loop.deadline = clock_ms() + 400;
    turn_to_the_end(&fixture);
    assert_true(fixture.loop.stopping);
    assert_true(milliseconds(&fixture) >= 400 && milliseconds(&fixture) < 5000);
    close_fixture(&fixture);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(it_ends_when_no_source_and_no_article_is_left),
        cmocka_unit_test(it_does_not_wait_while_there_is_room),
        cmocka_unit_test(it_does_not_wait_while_a_parked_article_can_continue),
        cmocka_unit_test(a_stop_returns_waiting_requests_and_gives_the_rest_the_grace_period),
        cmocka_unit_test(without_grace_a_stop_ends_the_loop_at_once),
        cmocka_unit_test(after_a_stop_before_the_first_turn_no_source_begins),
        cmocka_unit_test(a_readable_stop_fd_stops_it),
        cmocka_unit_test(the_deadline_stops_it)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
