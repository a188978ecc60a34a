/* The whole translate stage: answers that can be used, several articles, what is done just before a request is sent,
 * and how the stage is opened. */
#include "unit/stages/translate/translate_world.h"

/* ---------------------------------------------------------------- good answers */

static void the_first_service_translates_all(void **state) {
    struct world *world = *state;
    TRANSLATE(world, "012", STAGE_CONTINUE, "one:3", "ooo");
    assert_null(world->article->stage_work);
    assert_string_equal(world->missed, "");
    const struct provider *provider = &world->article->providers[segment_at(world, 0)->translated_by];
    assert_span(provider->service, "one");
    assert_span(provider->kind, "libretranslate");
    assert_true(segment_at(world, 0)->judged);
    assert_false(segment_at(world, 0)->from_memory);
}

static void what_is_known_is_not_asked_again(void **state) {
    struct world *world = *state;
    translate(world, "01");
    TRANSLATE(world, "012", STAGE_CONTINUE, "one:1", "ooo");
    assert_true(segment_at(world, 0)->from_memory && segment_at(world, 1)->from_memory);
    assert_false(segment_at(world, 2)->from_memory);
    REOPEN(world, "service.one.price=1");
    TRANSLATE(world, "210", STAGE_CONTINUE, "", "ooo");
}

/* ---------------------------------------------------------------- several articles */

static void a_text_that_another_article_asks_for_is_waited_for(void **state) {
    struct world *world = *state;
    struct exchange exchange;
    struct article *first = make(world, "0");
    exchange_start(&exchange, EXCHANGE_HTTP, first->arena);
    assert_int_equal(stage_translate.ask(world->state, first, &exchange, &world->failure), STAGE_ASK);
    assert_int_equal(translate(world, "0"), STAGE_PARK);
    send(world, &exchange);
    assert_int_equal(stage_translate.answer(world->state, first, &exchange, &world->failure), STAGE_ASK_AGAIN);
    check(world, go_on(world, world->article), STAGE_CONTINUE, "one:1", "o");
    assert_true(segment_at(world, 0)->from_memory);
    stage_translate.leave(world->state, first);
    exchange_clear(&exchange);
    article_free(first);
}

static void an_article_that_leaves_gives_its_texts_free(void **state) {
    struct world *world = *state;
    struct exchange exchange;
    struct article *first = make(world, "0");
    exchange_start(&exchange, EXCHANGE_HTTP, first->arena);
    assert_int_equal(stage_translate.ask(world->state, first, &exchange, &world->failure), STAGE_ASK);
    assert_non_null(first->stage_work);
    stage_translate.leave(world->state, first);
    assert_null(first->stage_work);
    TRANSLATE(world, "0", STAGE_CONTINUE, "one:1", "o");
    exchange_clear(&exchange);
    article_free(first);
}

/* ---------------------------------------------------------------- just before a request is sent */

static enum exchange_start start_of(struct exchange *exchange, struct failure *ret_why) {
    *ret_why = (struct failure){0};
    return exchange->starts(exchange->asker, ret_why);
}

static void no_request_goes_to_a_service_that_has_been_closed(void **state) {
    struct world *world = *state;
    struct exchange exchange;
    struct article *first = make(world, "0");
    struct failure why;
    exchange_start(&exchange, EXCHANGE_HTTP, first->arena);
    assert_int_equal(stage_translate.ask(world->state, first, &exchange, &world->failure), STAGE_ASK);
    refuse(world, REFUSAL_UNKNOWN, NULL, NULL);
    TRANSLATE(world, "1", STAGE_CONTINUE, "one:1 two:1", "t");
    assert_int_equal(start_of(&exchange, &why), EXCHANGE_START_NEVER);
    assert_non_null(strstr(why.sentence, "service one answered 400"));
    exchange.failure = why;
    assert_int_equal(stage_translate.answer(world->state, first, &exchange, &world->failure), STAGE_ASK_AGAIN);
    article_free(world->article);
    world->article = first;
    world->log[0] = '\0';
    check(world, go_on(world, first), STAGE_CONTINUE, "two:1", "t");
    exchange_clear(&exchange);
}

/* The first article's request waits while the service refuses a parameter of the second one's. */
static void a_request_with_a_refused_parameter_is_composed_anew(void **state) {
    struct world *world = *state;
    struct exchange waiting, refused;
    struct failure why;
    reopen(world, model, 0);
    struct article *first = make(world, "0"), *second = make(world, "1");
    exchange_start(&waiting, EXCHANGE_HTTP, first->arena);
    exchange_start(&refused, EXCHANGE_HTTP, second->arena);
    assert_int_equal(stage_translate.ask(world->state, first, &waiting, &world->failure), STAGE_ASK);
    assert_int_equal(stage_translate.ask(world->state, second, &refused, &world->failure), STAGE_ASK);
    assert_int_equal(start_of(&refused, &why), EXCHANGE_START);
    refused.status = 400;
    judge_refuse(&refused, REFUSAL_PARAMETER, "advice", SPAN("No."));
    refused.refusal_setting = SPAN("temperature=none");
    assert_int_equal(stage_translate.answer(world->state, second, &refused, &world->failure), STAGE_ASK_AGAIN);
    assert_int_equal(start_of(&waiting, &why), EXCHANGE_START_NEVER);
    assert_failure(&why, REACH_SERVICE, REMEDY_NEXT_RUN, CAUSE_SERVICE, EXIT_DONE,
                   "the request to three is out of date, because the service has refused one of its parameters");
    waiting.failure = why;
    assert_int_equal(stage_translate.answer(world->state, first, &waiting, &world->failure), STAGE_ASK_AGAIN);
    exchange_clear(&waiting);
    exchange_start(&waiting, EXCHANGE_HTTP, first->arena);
    assert_int_equal(stage_translate.ask(world->state, first, &waiting, &world->failure), STAGE_ASK);
    assert_int_equal(span_find(waiting.body, SPAN("temperature")), SIZE_MAX);
    assert_int_equal(start_of(&waiting, &why), EXCHANGE_START);
    exchange_clear(&waiting);
    exchange_clear(&refused);
    stage_translate.leave(world->state, first);
    stage_translate.leave(world->state, second);
    article_free(first);
    article_free(second);
}

/* ---------------------------------------------------------------- opening */

static void services_that_cannot_be_used_are_told(void **state) {
    struct world *world = *state;
    close_run(world);
    open_run(world, (const char *const[]){"service.three.kind=deepl", NULL}, 0);
    assert_true(open_stage(world));
    assert_non_null(strstr(world->warned, "service three is not used: "));
    assert_non_null(strstr(world->warned, "[service \"three\"] needs a key: set key_file, key_env or key_command\n"));
    assert_null(strchr(strchr(world->warned, '\n') + 1, '\n'));
    close_run(world);
    open_run(world, (const char *const[]){"service.three.kind=deepl", "route.es.services=three", NULL}, 0);
    assert_false(open_stage(world));
    assert_int_equal(world->failure.exit_code, EXIT_CONFIG);
    world->state = NULL;
}

static void a_dry_run_sends_nothing(void **state) {
    struct world *world = *state;
    translate(world, "5");
    close_run(world);
    open_run(world, (const char *const[]){"service.one.price=1000000", NULL}, 0);
    world->plan = plan_new();
    assert_true(open_stage(world));
    struct article *first = make(world, "015"), *second = make(world, "12");
    struct exchange exchange;
    exchange_start(&exchange, EXCHANGE_HTTP, first->arena);
    assert_int_equal(stage_translate.ask(world->state, first, &exchange, &world->failure), STAGE_CONTINUE);
    assert_int_equal(stage_translate.ask(world->state, second, &exchange, &world->failure), STAGE_CONTINUE);
    const struct plan_row *row = plan_row(world->plan, SPAN("one"), SPAN("es"));
    assert_int_equal(row->articles, 2);
    assert_int_equal(row->requests, 2);
    assert_int_equal(row->segments, 3);
    assert_int_equal(row->remembered, 2);
    assert_int_equal(row->characters, 24 + 38 + 31);
    assert_int_equal(row->cost, (24 + 38 + 31) * 1000000);
    exchange_clear(&exchange);
    article_free(first);
    article_free(second);
}

int main(void) {
    const struct CMUnitTest tests[] = {test(the_first_service_translates_all),
                                       test(what_is_known_is_not_asked_again),
                                       test(a_text_that_another_article_asks_for_is_waited_for),
                                       test(an_article_that_leaves_gives_its_texts_free),
                                       test(no_request_goes_to_a_service_that_has_been_closed),
                                       test(a_request_with_a_refused_parameter_is_composed_anew),
                                       test(services_that_cannot_be_used_are_told),
                                       test(a_dry_run_sends_nothing)};
    return cmocka_run_group_tests(tests, NULL, run_setups_free);
}
