/* Refusals: of a text, a language, a parameter, or for a reason that is not known. */
#include "unit/stages/translate/translate_world.h"

/* Without another service, the article waits for this one. */
static void without_the_service_the_article_waits(void **state) {
    static const enum exchange_refusal kinds[] = {REFUSAL_KEY, REFUSAL_MONEY, REFUSAL_SETTING, REFUSAL_BUSY,
                                                  REFUSAL_TROUBLE};
    struct world *world = *state;
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
        REOPEN(world, "route.es.services=one");
        refuse(world, kinds[i], NULL, NULL);
        TRANSLATE(world, "01", STAGE_FAIL, "one:2", "--");
        assert_failure(&world->failure, REACH_SERVICE, REMEDY_NEXT_RUN,
                       kinds[i] == REFUSAL_MONEY ? CAUSE_MONEY : CAUSE_SERVICE, EXIT_DONE,
                       "service one answered 400 (advice): No.");
        REOPEN(world, "route.es.services=one two");
        refuse(world, kinds[i], NULL, NULL);
        TRANSLATE(world, "01", STAGE_CONTINUE, "one:2 two:2", "tt");
        assert_string_equal(world->missed, "one<two");
        store_close(world->store);
        assert_true(store_open(NULL, false, &world->store, NULL));
    }
}

static void a_refused_text_is_sought_one_by_one(void **state) {
    struct world *world = *state;
    refuse(world, REFUSAL_TEXT, NULL, pairs[1][0]);
    TRANSLATE(world, "012", STAGE_CONTINUE, "one:3 one:1 one:1 one:1 two:1", "oto");
    REOPEN(world, "route.es.services=one");
    refuse(world, REFUSAL_TEXT, NULL, pairs[3][0]);
    TRANSLATE(world, "34", STAGE_CONTINUE, "one:2 one:1 one:1", "-o");
    assert_true(has_finding(segment_at(world, 0), "untranslated", "service one answered 400"));
    TRANSLATE(world, "3", STAGE_FAIL, "one:1", "-");
    assert_failure(&world->failure, REACH_ARTICLE, REMEDY_NONE, CAUSE_ARTICLE, EXIT_DONE, "service one answered 400");
}

static void a_refused_language_closes_the_service_for_it(void **state) {
    struct world *world = *state;
    refuse(world, REFUSAL_LANGUAGE, NULL, NULL);
    TRANSLATE(world, "01", STAGE_CONTINUE, "one:2 two:2", "tt");
    world->one = (struct fake){.how = GOOD};
    TRANSLATE(world, "23", STAGE_CONTINUE, "two:2", "tt");
    assert_int_equal(world->complaint.reach, REACH_NONE);
}

static void a_parameter_that_cannot_be_left_out_closes_the_service(void **state) {
    struct world *world = *state;
    refuse(world, REFUSAL_PARAMETER, NULL, NULL);
    TRANSLATE(world, "01", STAGE_CONTINUE, "one:2 two:2", "tt");
    TRANSLATE(world, "23", STAGE_CONTINUE, "two:2", "tt");
}

static void an_unknown_refusal_closes_a_service_that_has_not_proven_itself(void **state) {
    struct world *world = *state;
    refuse(world, REFUSAL_UNKNOWN, NULL, NULL);
    TRANSLATE(world, "01", STAGE_CONTINUE, "one:2 two:2", "tt");
    assert_failure(&world->complaint, REACH_SERVICE, REMEDY_NEXT_RUN, CAUSE_SERVICE, EXIT_DONE, "answered 400");
    TRANSLATE(world, "23", STAGE_CONTINUE, "two:2", "tt");
}

static void an_unknown_refusal_of_a_proven_service_may_be_the_text_s(void **state) {
    struct world *world = *state;
    TRANSLATE(world, "345", STAGE_CONTINUE, "one:3", "ooo");
    refuse(world, REFUSAL_UNKNOWN, NULL, pairs[1][0]);
    TRANSLATE(world, "012", STAGE_CONTINUE, "one:3 one:1 one:1 one:1 two:1", "oto");
    assert_int_equal(world->complaint.reach, REACH_NONE);
    assert_string_equal(world->missed, "one<two");
}

int main(void) {
    const struct CMUnitTest tests[] = {test(without_the_service_the_article_waits),
                                       test(a_refused_text_is_sought_one_by_one),
                                       test(a_refused_language_closes_the_service_for_it),
                                       test(a_parameter_that_cannot_be_left_out_closes_the_service),
                                       test(an_unknown_refusal_closes_a_service_that_has_not_proven_itself),
                                       test(an_unknown_refusal_of_a_proven_service_may_be_the_text_s)};
    return cmocka_run_group_tests(tests, NULL, run_setups_free);
}
