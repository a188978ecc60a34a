/* Limits of requests and of money. */
#include "unit/stages/translate/translate_world.h"

static void an_article_has_a_number_of_requests(void **state) {
    struct world *world = *state;
    REOPEN(world, "translate.max_requests=2");
    world->one = (struct fake){.how = REFUSES, .refusal = REFUSAL_TEXT, .only_with = pairs[2][0]};
    TRANSLATE(world, "012", STAGE_CONTINUE, "one:3 one:1", "o--");
    assert_true(has_finding(segment_at(world, 1), "untranslated",
                            "this article has used up its 2 requests (translate.max_requests)"));
    REOPEN(world, "translate.max_requests=1", "route.es.services=one");
    world->one = (struct fake){.how = REFUSES, .refusal = REFUSAL_TEXT};
    TRANSLATE(world, "34", STAGE_FAIL, "one:2", "--");
    assert_failure(&world->failure, REACH_ARTICLE, REMEDY_NONE, CAUSE_ARTICLE, EXIT_DONE,
                   "this article has used up its 1 request (translate.max_requests)");
}

static void a_cap_is_not_exceeded(void **state) {
    struct world *world = *state;
    reopen(world, NULL, 30);
    TRANSLATE(world, "0", STAGE_CONTINUE, "one:1", "o"); /* 24 characters */
    TRANSLATE(world, "2", STAGE_CONTINUE, "two:1", "t");
    reopen(world, (const char *const[]){"budget.when_reached=wait", NULL}, 30);
    TRANSLATE(world, "3", STAGE_FAIL, "", "-");
    assert_int_equal(world->failure.reach, REACH_SERVICE);
    assert_int_equal(world->failure.remedy, REMEDY_NEXT_RUN);
    assert_int_equal(world->failure.cause, CAUSE_MONEY);
}

static void a_request_waits_until_another_one_is_settled(void **state) {
    struct world *world = *state;
    struct exchange exchange, none;
    reopen(world, (const char *const[]){"route.es.services=one", NULL}, 60);
    struct article *first = make(world, "0"), *second = make(world, "1");
    exchange_start(&exchange, EXCHANGE_HTTP, first->arena);
    assert_int_equal(stage_translate.ask(world->state, first, &exchange, &world->failure), STAGE_ASK);
    exchange_start(&none, EXCHANGE_HTTP, second->arena);
    assert_int_equal(stage_translate.ask(world->state, second, &none, &world->failure), STAGE_PARK);
    assert_int_equal(stage_translate.ask(world->state, second, &none, &world->failure), STAGE_PARK);
    exchange.failure = (struct failure){0};
    failure_set(&exchange.failure, REACH_SERVICE, REMEDY_NEXT_RUN, "it was never sent");
    assert_int_equal(stage_translate.answer(world->state, first, &exchange, &world->failure), STAGE_ASK_AGAIN);
    assert_int_equal(stage_translate.ask(world->state, second, &none, &world->failure), STAGE_ASK);
    stage_translate.leave(world->state, second);
    stage_translate.leave(world->state, first);
    exchange_clear(&exchange);
    exchange_clear(&none);
    article_free(first);
    article_free(second);
}

int main(void) {
    const struct CMUnitTest tests[] = {test(an_article_has_a_number_of_requests), test(a_cap_is_not_exceeded),
                                       test(a_request_waits_until_another_one_is_settled)};
    return cmocka_run_group_tests(tests, NULL, run_setups_free);
}
