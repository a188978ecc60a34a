/* Sources that work on the thread, and their notes and failures. */
#include "unit/cmocka_test.h"

#include <poll.h>
#include <pthread.h>

#include "pipeline/engine/discovery.h"

/* A source that works, adds a note, yields one article and ends. */
struct steps {
    int taken;
    bool worked, on_main;
    pthread_t main;
};

static struct steps steps;

static bool open_steps(const struct source_context *context, void **ret_state, struct failure *ret_failure) {
    (void)context;
    (void)ret_failure;
    steps = (struct steps){.main = pthread_self()};
    *ret_state = &steps;
    return true;
}

static void work(void *state) {
    struct steps *own = state;
    own->on_main = pthread_equal(own->main, pthread_self());
    own->worked = true;
}

static enum source_step step(void *state, struct exchange *reply, struct exchange *exchange,
                             struct article **ret_article, struct failure *ret_failure) {
    struct steps *own = state;
    (void)exchange;
    assert_null(reply);
    switch (own->taken++) {
    case 0:
        return SOURCE_WORK;
    case 1:
        assert_true(own->worked);
        failure_set(ret_failure, REACH_SERVICE, REMEDY_NONE, "it has moved");
        return SOURCE_NOTE;
    case 2:
        *ret_article = article_new();
        return SOURCE_ITEM;
    default:
        return SOURCE_END;
    }
}

static const struct source source_steps = {.name = "steps", .open = open_steps, .step = step, .work = work};

struct seen {
    size_t articles, notes, failures;
};

static bool found(void *context, const struct discovered *source, struct article *article) {
    struct seen *seen = context;
    (void)source;
    seen->articles++;
    article_free(article);
    return true;
}

static void failed(void *context, const struct discovered *source, const struct failure *failure) {
    struct seen *seen = context;
    seen->notes += failure->reach == REACH_NONE && strcmp(failure->sentence, "it has moved") == 0;
    seen->failures += failure->reach != REACH_NONE || source->failed;
}

static void turn_until_finished(struct discovery *discovery) {
    while (!discovery_finished(discovery)) {
        struct pollfd fd = {.fd = discovery_fd(discovery), .events = POLLIN};
        if (!discovery_turn(discovery)) assert_true(discovery_finished(discovery) || poll(&fd, 1, 10000) == 1);
    }
}

static void work_runs_on_the_thread_and_a_note_is_not_a_failure(void **state) {
    struct seen seen = {0};
    struct source_context context = {.name = SPAN("steps")};
    (void)state;
    struct discovery *discovery = discovery_new(NULL, found, failed, &seen);
    assert_true(discovery_add(discovery, &source_steps, &context));
    turn_until_finished(discovery);
    assert_true(steps.worked);
    assert_false(steps.on_main);
    assert_int_equal(seen.articles, 1);
    assert_int_equal(seen.notes, 1);
    assert_int_equal(seen.failures, 0);
    discovery_free(discovery);
}

static void a_source_that_is_stopped_while_it_works_is_not_stepped_again(void **state) {
    struct seen seen = {0};
    struct source_context context = {.name = SPAN("steps")};
    (void)state;
    struct discovery *discovery = discovery_new(NULL, found, failed, &seen);
    assert_true(discovery_add(discovery, &source_steps, &context));
    assert_true(discovery_turn(discovery));
    discovery_stop(discovery);
    turn_until_finished(discovery);
    assert_int_equal(steps.taken, 1);
    assert_int_equal(seen.articles, 0);
    discovery_free(discovery);
}

static bool is_outage(enum failure_reach reach, enum failure_remedy remedy, enum failure_cause cause) {
    const struct failure failure = {.reach = reach, .remedy = remedy, .cause = cause};
    return discovery_is_outage(&failure);
}

static void an_item_that_waits_for_something_else_is_an_outage(void **state) {
    (void)state;
    assert_false(is_outage(REACH_NONE, REMEDY_NONE, CAUSE_NETWORK));
    assert_true(is_outage(REACH_SERVICE, REMEDY_NONE, CAUSE_SERVICE));
    assert_true(is_outage(REACH_SERVICE, REMEDY_NEXT_RUN, CAUSE_ARTICLE));
    assert_true(is_outage(REACH_RUN, REMEDY_NONE, CAUSE_MACHINE));
    assert_false(is_outage(REACH_ARTICLE, REMEDY_NONE, CAUSE_NETWORK));
    assert_false(is_outage(REACH_ARTICLE, REMEDY_RETRY, CAUSE_NETWORK));
    assert_false(is_outage(REACH_ARTICLE, REMEDY_NEXT_RUN, CAUSE_ARTICLE));
    assert_true(is_outage(REACH_ARTICLE, REMEDY_NEXT_RUN, CAUSE_NETWORK));
    assert_true(is_outage(REACH_ARTICLE, REMEDY_NEXT_RUN, CAUSE_MONEY));
    assert_true(is_outage(REACH_ARTICLE, REMEDY_NEXT_RUN, CAUSE_MACHINE));
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(work_runs_on_the_thread_and_a_note_is_not_a_failure),
                                       cmocka_unit_test(a_source_that_is_stopped_while_it_works_is_not_stepped_again),
                                       cmocka_unit_test(an_item_that_waits_for_something_else_is_an_outage)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
