/* Answers that the checks reject: which service is asked next, and what becomes of the answers. */
#include "unit/stages/translate/translate_world.h"

static void a_rejected_answer_goes_to_the_next_service(void **state) {
    struct world *world = *state;
    translate(world, "345");
    world->one = (struct fake){.how = ECHO, .times = 1};
    TRANSLATE(world, "01", STAGE_CONTINUE, "one:2 two:2", "tt");
    assert_true(has_finding(segment_at(world, 0), "second-opinion",
                            "the checks found problems in the translation by one, so two was asked too; the "
                            "translation by two was used, not the one by one"));
    assert_string_equal(world->missed, "one<two");
}

static void the_better_of_two_answers_is_used(void **state) {
    struct world *world = *state;
    translate(world, "345");
    world->one = world->two = (struct fake){.how = ECHO};
    assert_int_equal(translate(world, "0"), STAGE_FAIL);
    assert_string_equal(world->log, "one:1 two:1");
}

static void a_route_may_do_without_a_second_opinion(void **state) {
    struct world *world = *state;
    REOPEN(world, "route.es.services=one two", "route.es.second_opinion=never");
    TRANSLATE(world, "345", STAGE_CONTINUE, "one:3", "ooo");
    world->one = (struct fake){.how = ECHO, .only_with = pairs[0][0]};
    /* the check stage marks the translation as failed */
    TRANSLATE(world, "0", STAGE_CONTINUE, "one:1", "-");
    assert_span(segment_at(world, 0)->target, pairs[0][0]);
    TRANSLATE(world, "03", STAGE_CONTINUE, "one:1", "-o");
}

static void a_service_that_was_never_any_good_is_blamed_itself(void **state) {
    struct world *world = *state;
    REOPEN(world, "route.es.services=one");
    world->one = (struct fake){.how = ECHO};
    TRANSLATE(world, "01", STAGE_FAIL, "one:2", "--");
    assert_failure(&world->failure, REACH_SERVICE, REMEDY_NEXT_RUN, CAUSE_SERVICE, EXIT_DONE,
                   "service one has given no usable translations from 'es' so far");
    assert_string_equal(world->failure.blamed, "one");
    for (size_t i = 0; i < 2; i++) assert_int_equal(segment_at(world, i)->target.length, 0);
}

static void a_service_of_no_use_is_closed_and_tried_again_later(void **state) {
    struct world *world = *state;
    struct closing closing;
    REOPEN(world, "route.es.services=one");
    world->one = (struct fake){.how = ECHO};
    for (int i = 0; i < 3; i++) translate(world, "012345");
    assert_string_equal(world->log, "");
    assert_failure(&world->failure, REACH_SERVICE, REMEDY_NEXT_RUN, CAUSE_SERVICE, EXIT_DONE,
                   "service one gives no usable translations from 'es'");
    assert_true(closings_find(world->store, SPAN("one"), SPAN("es"), world->article->arena, &closing));
    REOPEN(world, "route.es.services=one");
    TRANSLATE(world, "01", STAGE_CONTINUE, "one:2", "oo");
    assert_false(closings_find(world->store, SPAN("one"), SPAN("es"), world->article->arena, &closing));
}

static void one_translation_for_all_texts_is_none(void **state) {
    struct world *world = *state;
    world->one = (struct fake){.how = SAME};
    TRANSLATE(world, "0123", STAGE_CONTINUE, "one:4 two:4", "tttt");
    assert_failure(&world->complaint, REACH_SERVICE, REMEDY_NEXT_RUN, CAUSE_SERVICE, EXIT_DONE,
                   "service one gives no usable translations from 'es': it returned the same translation for different "
                   "texts, 'Please try again later.'");
    assert_string_equal(world->complaint.blamed, "one");
    TRANSLATE(world, "45", STAGE_CONTINUE, "two:2", "tt");
}

/* Rejected answers of a service that is closed meanwhile are taken back; the article waits unless that is hopeless. */
static void rejected_answers_of_a_closed_service_are_taken_back(void **state) {
    static const struct {
        enum exchange_refusal refusal;
        enum failure_remedy remedy;
    } rows[] = {{REFUSAL_PARAMETER, REMEDY_NEXT_RUN}, {REFUSAL_LANGUAGE, REMEDY_NONE}};
    struct world *world = *state;
    for (size_t i = 0; i < 2; i++) {
        struct exchange exchange;
        REOPEN(world, "route.es.services=one");
        translate(world, i ? "34" : "23"); /* it has proven itself */
        struct article *first = make(world, "0");
        exchange_start(&exchange, EXCHANGE_HTTP, first->arena);
        assert_int_equal(stage_translate.ask(world->state, first, &exchange, &world->failure), STAGE_ASK);
        world->one = (struct fake){.how = ECHO};
        send(world, &exchange);
        refuse(world, rows[i].refusal, NULL, NULL);
        translate(world, "1");
        assert_int_equal(stage_translate.answer(world->state, first, &exchange, &world->failure), STAGE_ASK_AGAIN);
        exchange_clear(&exchange);
        article_free(world->article);
        world->article = first;
        world->failure = (struct failure){0};
        assert_int_equal(go_on(world, first), STAGE_FAIL);
        assert_int_equal(world->failure.remedy, rows[i].remedy);
        assert_int_equal(segment_at(world, 0)->target.length, 0);
        assert_int_equal(segment_at(world, 0)->translated_by, -1);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {test(a_rejected_answer_goes_to_the_next_service),
                                       test(the_better_of_two_answers_is_used),
                                       test(a_route_may_do_without_a_second_opinion),
                                       test(a_service_that_was_never_any_good_is_blamed_itself),
                                       test(a_service_of_no_use_is_closed_and_tried_again_later),
                                       test(one_translation_for_all_texts_is_none),
                                       test(rejected_answers_of_a_closed_service_are_taken_back)};
    return cmocka_run_group_tests(tests, NULL, run_setups_free);
}
