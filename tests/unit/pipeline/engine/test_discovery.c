/* Sources that work on the thread, and their notes and failures. */
#include "unit/cmocka_test.h"

#include <poll.h>
#include <pthread.h>
#include <stdio.h>

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

/* ---------------------------------------------------------------- several items */

static struct many { size_t left, item_size; } many;

static bool open_many(const struct source_context *context, void **ret_state, struct failure *ret_failure) {
    (void)context, (void)ret_failure;
    *ret_state = &many;
    return true;
}

static enum source_step step_many(void *state, struct exchange *answer, struct exchange *next,
                                  struct article **ret_article, struct failure *ret_failure) {
    (void)state, (void)answer, (void)next, (void)ret_failure;
    if (many.left == 0) return SOURCE_END;
    *ret_article = article_new();
    snprintf((*ret_article)->id, sizeof(*ret_article)->id, "%032zx", many.left--);
    arena_take((*ret_article)->arena, many.item_size);
    return SOURCE_ITEM;
}

static const struct source source_many = {.name = "many", .open = open_many, .step = step_many};

static struct announcements {
    size_t articles, most, first, ends; /* first: passed on before it was announced */
    char last[33];
} announcements;

static void announced(void *context, struct article *const *articles, size_t count) {
    (void)context;
    if (!count) announcements.ends++;
    if (!count) return;
    announcements.articles += count;
    if (count > announcements.most) announcements.most = count;
    memcpy(announcements.last, articles[count - 1]->id, sizeof announcements.last);
}

static bool found_announced(void *context, const struct discovered *source, struct article *article) {
    struct seen *seen = context;
    announcements.first += ++seen->articles > announcements.articles;
    assert_true(strcmp(article->id, announcements.last) >= 0); /* the ids count down */
    (void)source;
    article_free(article);
    return seen->articles % 2 == 0;
}

static void count_source(void *context, const struct discovered *source) {
    *(struct discovered *)context = *source;
}

static struct discovered announce(size_t count, size_t size) {
    struct seen seen = {0};
    struct source_context context = {.name = SPAN("many")};
    struct discovered source = {0};
    many = (struct many){.left = count, .item_size = size};
    announcements = (struct announcements){0};
    struct discovery *discovery = discovery_new(NULL, found_announced, failed, &seen);
    discovery_announce(discovery, announced);
    assert_true(discovery_add(discovery, &source_many, &context));
    turn_until_finished(discovery);
    discovery_each_source(discovery, count_source, &source);
    assert_int_equal(seen.articles, count);
    assert_int_equal(announcements.articles, count);
    assert_int_equal(announcements.first, 0);
    discovery_free(discovery);
    return source;
}

static void items_are_announced_before_they_are_passed_on(void **state) {
    (void)state;
    struct discovered source = announce(300, 1);
    assert_int_equal(source.items, 300);
    assert_int_equal(source.known, 150);
    assert_int_equal(announcements.most, DISCOVERY_ITEMS_AT_ONCE);
    assert_true(announcements.ends >= 5);
}

static void large_items_are_passed_on_sooner(void **state) {
    (void)state;
    announce(20, 1 << 20);
    assert_true(announcements.most > 1 && announcements.most <= 5);
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
                                       cmocka_unit_test(items_are_announced_before_they_are_passed_on),
                                       cmocka_unit_test(large_items_are_passed_on_sooner),
                                       cmocka_unit_test(an_item_that_waits_for_something_else_is_an_outage)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
