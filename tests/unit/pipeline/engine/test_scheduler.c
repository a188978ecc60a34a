/* The scheduler with test stages and real pipes: which stage runs when, and on which thread. */
#define _GNU_SOURCE
#include "unit/cmocka_test.h"

#include <stdio.h>
#include <stdlib.h>

#include "pipeline/base/clock.h"
#include "pipeline/engine/scheduler.h"
#include "pipeline/net/dispatcher.h"
#include "pipeline/net/http.h"
#include "pipeline/net/subprocess.h"

enum { ARTICLES = 120, IN_FLIGHT = 7 };

static const char *const cat[] = {"cat", NULL};
static const struct command echo[] = {{.arguments = cat}};

/* ---------------------------------------------------------------- stages */

static void note(struct article *article, const char *what) {
    article->site = arena_print(article->arena, "%.*s%s", SPAN_ARGS(article->site), what);
}

static enum outcome first_work(const void *state, struct article *article, struct failure *ret_failure) {
    (void)state;
    note(article, "1");
    if (article->number % 10 == 3) {
        article->status = ARTICLE_SKIPPED;
        return STAGE_DROP;
    }
    if (article->number % 10 != 4) return STAGE_CONTINUE;
    failure_set(ret_failure, REACH_ARTICLE, REMEDY_NONE, "article %zu", article->number);
    return STAGE_FAIL;
}

static enum outcome echo_ask(void *state, struct article *article, struct exchange *ret_exchange,
                             struct failure *ret_failure) {
    (void)state, (void)ret_failure;
    struct buffer body = BUFFER(100);
    note(article, "a");
    exchange_start(ret_exchange, EXCHANGE_PIPE, article->arena);
    exchange_add_frame(ret_exchange, &body, arena_print(article->arena, "%zu", article->number));
    ret_exchange->body = arena_copy(article->arena, buffer_span(&body));
    ret_exchange->commands = echo;
    ret_exchange->command_count = 1;
    ret_exchange->limiter = SPAN("service echo");
    ret_exchange->limits = (struct rate_limits){.concurrency = 3, .attempts = 1, .timeout_ms = 10000};
    buffer_free(&body);
    return STAGE_ASK;
}

/* Every article makes two requests. */
static enum outcome echo_answer(void *state, struct article *article, struct exchange *exchange,
                                struct failure *ret_failure) {
    (void)state, (void)ret_failure;
    assert_int_equal(exchange->failure.reach, REACH_NONE);
    assert_span(span_of(exchange->reply.at), arena_print(article->arena, "%zu", article->number).at);
    note(article, "b");
    return span_is(article->site, "1abab") ? STAGE_CONTINUE : STAGE_ASK_AGAIN;
}

/* Odd articles wait until an even one has arrived. */
static enum outcome park_ask(void *state, struct article *article, struct exchange *ret_exchange,
                             struct failure *ret_failure) {
    (void)ret_exchange, (void)ret_failure;
    int *opened = state;
    if (article->number % 2 == 0) ++*opened;
    if (!*opened) return STAGE_PARK;
    note(article, "g");
    return STAGE_CONTINUE;
}

static enum outcome last_work(const void *state, struct article *article, struct failure *ret_failure) {
    (void)state, (void)ret_failure;
    note(article, "2");
    return STAGE_CONTINUE;
}

static const struct stage first = {.name = "first", .work = first_work},
                          echoes = {.name = "echo", .ask = echo_ask, .answer = echo_answer},
                          parks = {.name = "park", .ask = park_ask}, last = {.name = "last", .work = last_work};
static const struct stage *const stages[] = {&first, &echoes, &parks, &last};

/* ---------------------------------------------------------------- the run around them */

struct fixture {
    size_t fed, left, inside, most_inside, outcomes[6];
    struct scheduler *scheduler;
};

static enum feed_result feed(void *context, struct article **ret_article) {
    struct fixture *fixture = context;
    if (fixture->fed == ARTICLES) return FEED_END;
    *ret_article = article_new();
    (*ret_article)->number = fixture->fed++;
    if (++fixture->inside > fixture->most_inside) fixture->most_inside = fixture->inside;
    return FEED_ARTICLE;
}

static void leave(void *context, struct article *article, enum outcome outcome, const struct failure *failure) {
    struct fixture *fixture = context;
    fixture->left++;
    fixture->inside--;
    fixture->outcomes[outcome]++;
    if (outcome == STAGE_CONTINUE)
        assert_span(article->site, "1ababg2");
    else
        assert_span(article->site, "1");
    if (outcome == STAGE_FAIL) assert_non_null(strstr(failure->sentence, "article"));
    article_free(article);
    scheduler_settled(fixture->scheduler);
}

static void run(struct fixture *fixture, struct dispatcher *dispatcher, size_t stop_after) {
    for (int64_t begin = clock_ms(); !scheduler_finished(fixture->scheduler) && clock_ms() - begin < 30000;) {
        struct pollfd fd = {.fd = scheduler_fd(fixture->scheduler), .events = POLLIN};
        scheduler_turn(fixture->scheduler);
        dispatcher_turn(dispatcher);
        if (fixture->left >= stop_after) scheduler_stop_feeding(fixture->scheduler);
        dispatcher_wait(dispatcher, &fd, 1, 5);
    }
}

static struct fixture work_off(size_t stop_after) {
    struct fixture fixture = {0};
    int opened = 0;
    struct http *http = NULL;
    struct http_options options = {.user_agent = SPAN("test")};
    assert_true(http_new(&options, &http, NULL));
    struct pipes *pipes = pipes_new();
    struct dispatcher *dispatcher = dispatcher_new(http, pipes);
    void *states[] = {NULL, NULL, &opened, NULL};
    struct scheduler_options scheduling = {.stages = stages,
                                           .states = states,
                                           .stage_count = 4,
                                           .in_flight = IN_FLIGHT,
                                           .threads = 3,
                                           .dispatcher = dispatcher,
                                           .context = &fixture,
                                           .feed = feed,
                                           .leave = leave};
    fixture.scheduler = scheduler_new(&scheduling);
    run(&fixture, dispatcher, stop_after);
    assert_true(scheduler_finished(fixture.scheduler));
    scheduler_free(fixture.scheduler);
    dispatcher_free(dispatcher);
    pipes_free(pipes);
    http_free(http);
    return fixture;
}

static void every_article_passes_each_stage_once_and_leaves_once(void **state) {
    (void)state;
    struct fixture fixture = work_off(SIZE_MAX);
    assert_int_equal(fixture.left, ARTICLES);
    assert_int_equal(fixture.outcomes[STAGE_DROP], ARTICLES / 10);
    assert_int_equal(fixture.outcomes[STAGE_FAIL], ARTICLES / 10);
    assert_int_equal(fixture.outcomes[STAGE_CONTINUE], ARTICLES - 2 * (ARTICLES / 10));
}

static void no_more_than_the_limit_are_inside(void **state) {
    (void)state;
    assert_int_equal(work_off(SIZE_MAX).most_inside, IN_FLIGHT);
}

static void after_a_stop_articles_inside_are_finished_and_none_begun(void **state) {
    (void)state;
    struct fixture fixture = work_off(20);
    assert_true(fixture.left >= 20 && fixture.left < ARTICLES);
    assert_int_equal(fixture.left, fixture.fed);
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(every_article_passes_each_stage_once_and_leaves_once),
                                       cmocka_unit_test(no_more_than_the_limit_are_inside),
                                       cmocka_unit_test(after_a_stop_articles_inside_are_finished_and_none_begun)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
