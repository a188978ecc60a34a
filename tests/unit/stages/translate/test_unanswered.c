/* Texts without an answer: too much at a time, too few answers, none, or those of a model that stops early. */
#include "unit/stages/translate/translate_world.h"

static void a_request_that_is_too_large_is_divided(void **state) {
    struct world *world = *state;
    refuse(world, REFUSAL_SIZE, "at most 2 texts, not 5", NULL);
    world->one.times = 1;
    TRANSLATE(world, "01234", STAGE_CONTINUE, "one:5 one:2 one:2 one:1", "ooooo");
    REOPEN(world, "route.es.services=one two");
    store_close(world->store);
    assert_true(store_open(NULL, false, &world->store, NULL));
    REOPEN(world, "route.es.services=one two");
    refuse(world, REFUSAL_SIZE, "too large", NULL);
    world->one.times = 1;
    TRANSLATE(world, "0123", STAGE_CONTINUE, "one:4 one:2 one:2", "oooo");
}

static void a_sentence_that_is_too_long_goes_to_the_next_service(void **state) {
    struct world *world = *state;
    refuse(world, REFUSAL_SIZE, "too large", NULL);
    TRANSLATE(world, "0", STAGE_CONTINUE, "one:1 two:1", "t");
    TRANSLATE(world, "1", STAGE_CONTINUE, "one:1 two:1", "t");
    assert_int_equal(world->complaint.reach, REACH_NONE);
    TRANSLATE(world, "2", STAGE_CONTINUE, "one:1 two:1", "t");
    assert_int_equal(world->complaint.reach, REACH_SERVICE);
    TRANSLATE(world, "3", STAGE_CONTINUE, "two:1", "t"); /* the third closed it */
    REOPEN(world, "route.es.services=one");
    refuse(world, REFUSAL_SIZE, "too large", NULL);
    TRANSLATE(world, "4", STAGE_FAIL, "one:1", "-");
    assert_failure(&world->failure, REACH_ARTICLE, REMEDY_NONE, CAUSE_ARTICLE, EXIT_DONE,
                   "a sentence is too long for one: service one answered 400");
}

static void a_text_without_an_answer_is_sent_again_alone(void **state) {
    struct world *world = *state;
    world->one = (struct fake){.how = HOLES, .times = 1};
    TRANSLATE(world, "012", STAGE_CONTINUE, "one:3 one:1", "ooo");
}

static void a_wrong_number_of_answers_makes_requests_smaller(void **state) {
    struct world *world = *state;
    world->one = (struct fake){.how = FEWER, .times = 1};
    TRANSLATE(world, "0123", STAGE_CONTINUE, "one:4 one:2 one:2", "oooo");
    assert_failure(&world->useless, REACH_SERVICE, REMEDY_RETRY, CAUSE_SERVICE, EXIT_DONE,
                   "service one returned 3 translations for 4 texts");
    world->one = (struct fake){.how = FEWER};
    TRANSLATE(world, "45", STAGE_CONTINUE, "one:2 one:1 one:1 one:1 two:2", "tt");
}

static void an_empty_reply_is_asked_for_once_more(void **state) {
    struct world *world = *state;
    world->one = (struct fake){.how = NOTHING, .times = 1};
    TRANSLATE(world, "012", STAGE_CONTINUE, "one:3 one:3", "ooo");
    assert_failure(&world->useless, REACH_SERVICE, REMEDY_NEXT_RUN, CAUSE_SERVICE, EXIT_DONE, "the answer is empty");
    assert_true(world->useless.passing);
    world->one = (struct fake){.how = NOTHING};
    TRANSLATE(world, "345", STAGE_CONTINUE, "one:3 one:3 one:1 one:1 one:1 two:3", "ttt");
    REOPEN(world, "route.es.services=one");
    world->one = (struct fake){.how = NOTHING};
    store_close(world->store);
    assert_true(store_open(NULL, false, &world->store, NULL));
    REOPEN(world, "route.es.services=one");
    world->one = (struct fake){.how = NOTHING};
    TRANSLATE(world, "0", STAGE_FAIL, "one:1 one:1", "-");
    assert_failure(&world->failure, REACH_SERVICE, REMEDY_NEXT_RUN, CAUSE_SERVICE, EXIT_DONE, "the answer is empty");
}

static void a_reply_of_another_kind_is_the_service_s_fault(void **state) {
    struct world *world = *state;
    REOPEN(world, "route.es.services=one");
    world->one = (struct fake){.how = NO_JSON};
    TRANSLATE(world, "0", STAGE_FAIL, "one:1 one:1", "-");
    assert_failure(&world->failure, REACH_SERVICE, REMEDY_NEXT_RUN, CAUSE_SERVICE, EXIT_DONE,
                   "service one returned no translations: check url and kind");
    assert_string_equal(world->failure.blamed, "one");
}

/* Plays a model's reply to all requests of an article. Returns the number of requests. */
static size_t play_model(struct world *world, const char *numbers, const char *body, enum outcome *ret_outcome) {
    size_t count = 0;
    if (world->article) article_free(world->article);
    world->article = make(world, numbers);
    world->complaint = world->failure = (struct failure){0};
    do {
        struct exchange exchange;
        exchange_start(&exchange, EXCHANGE_HTTP, world->article->arena);
        *ret_outcome = stage_translate.ask(world->state, world->article, &exchange, &world->failure);
        if (*ret_outcome == STAGE_ASK) {
            exchange.attempt = 1;
            exchange.sent = true;
            exchange.status = 200;
            exchange.reply = BUFFER(1 << 20);
            buffer_add_string(&exchange.reply, body);
            exchange.judge(&exchange);
            *ret_outcome = stage_translate.answer(world->state, world->article, &exchange, &world->failure);
            if (exchange.complaint.reach != REACH_NONE) world->complaint = exchange.complaint;
            count++;
        }
        exchange_clear(&exchange);
    } while (*ret_outcome == STAGE_ASK_AGAIN && count < 50);
    return count;
}

#define ENDED(reason, content)                                                                                         \
    "{\"choices\":[{\"finish_reason\":\"" reason "\",\"message\":{\"content\":\"" content "\"}}],\"usage\":{"          \
    "\"completion_tokens\":80}}"

/* A model that thinks until its tokens are used up gets more of them once, and is then closed. */
static void a_model_that_only_thinks_is_closed(void **state) {
    struct world *world = *state;
    enum outcome outcome;
    reopen(world, model, 0);
    assert_int_equal(play_model(world, "01", ENDED("length", "<think>Hm"), &outcome), 2);
    assert_int_equal(outcome, STAGE_FAIL);
    assert_failure(&world->failure, REACH_SERVICE, REMEDY_NEXT_RUN, CAUSE_SERVICE, EXIT_DONE,
                   "service three: 80 tokens were used up before there was an answer");
    assert_int_equal(world->complaint.reach, REACH_SERVICE);
    assert_int_equal(play_model(world, "2", ENDED("stop", "x"), &outcome), 0);
    assert_int_equal(outcome, STAGE_FAIL);
}

/* What does not fit is sent in smaller requests; if not even one text fits, a setting is wrong. */
static void cut_answers_make_requests_smaller(void **state) {
    struct world *world = *state;
    enum outcome outcome;
    reopen(world, (const char *const[]){model[0], model[1], model[2], model[3], "service.three.format=fences", NULL},
           0);
    assert_in_range(play_model(world, "01", ENDED("length", "[1] The po"), &outcome), 2, 4);
    assert_int_equal(outcome, STAGE_FAIL);
    assert_failure(&world->failure, REACH_SERVICE, REMEDY_NEXT_RUN, CAUSE_SERVICE, EXIT_DONE,
                   "the model stopped with 'length' before its answer was complete");
}

/* A sentence without words is no translation: the text is to blame if the service has proven itself, and it is passed
 * on. */
static void a_text_without_a_usable_answer_is_passed_on(void **state) {
    struct world *world = *state;
    TRANSLATE(world, "45", STAGE_CONTINUE, "one:2", "oo");
    static const char *const route[] = {"route.es.services=one", NULL};
    reopen(world, route, 0);
    struct exchange exchange;
    struct article *article = world->article = make(world, "0");
    exchange_start(&exchange, EXCHANGE_HTTP, article->arena);
    assert_int_equal(stage_translate.ask(world->state, article, &exchange, &world->failure), STAGE_ASK);
    exchange.attempt = 1;
    exchange.sent = true;
    exchange.status = 200;
    exchange.reply = BUFFER(1 << 10);
    buffer_add_string(&exchange.reply, "{\"translatedText\":[\"...\"]}");
    assert_int_equal(stage_translate.answer(world->state, article, &exchange, &world->failure), STAGE_ASK_AGAIN);
    exchange_clear(&exchange);
    assert_int_equal(go_on(world, article), STAGE_FAIL);
    assert_failure(&world->failure, REACH_ARTICLE, REMEDY_NONE, CAUSE_ARTICLE, EXIT_DONE,
                   "one returned no usable translation: the translation contains no words");
}

/* A refusal of the model concerns the text. */
static void a_model_may_refuse_a_text(void **state) {
    struct world *world = *state;
    enum outcome outcome;
    reopen(world, model, 0);
    assert_int_equal(play_model(world, "0", ENDED("content_filter", ""), &outcome), 1);
    assert_int_equal(outcome, STAGE_FAIL);
    assert_failure(&world->failure, REACH_ARTICLE, REMEDY_NONE, CAUSE_ARTICLE, EXIT_DONE,
                   "service three: the model stopped with 'content_filter'");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        test(a_request_that_is_too_large_is_divided),       test(a_sentence_that_is_too_long_goes_to_the_next_service),
        test(a_text_without_an_answer_is_sent_again_alone), test(a_wrong_number_of_answers_makes_requests_smaller),
        test(an_empty_reply_is_asked_for_once_more),        test(a_reply_of_another_kind_is_the_service_s_fault),
        test(a_model_that_only_thinks_is_closed),           test(cut_answers_make_requests_smaller),
        test(a_text_without_a_usable_answer_is_passed_on),  test(a_model_may_refuse_a_text)};
    return cmocka_run_group_tests(tests, NULL, run_setups_free);
}
