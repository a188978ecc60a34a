/* The contents of requests: as much as the service allows, nothing that another request has, and nothing is lost. */
#include <poll.h>

#include "unit/any_store.h"
#include "unit/failure_is.h"
#include "unit/stages/translate/lanes.h"

#include "pipeline/engine/resources.h"
#include "pipeline/store/store_questions.h"
#include "stages/services/common/key.h"
#include "stages/translate/placeholders.h"
#include "stages/translate/task.h"

static const char *const three[] = {"Uno dos tres.", "Cuatro cinco.", "Seis siete ñ.", NULL}; /* 13 characters each */
static const char *const six[] = {
    "Uno dos tres.", "Cuatro cinco.", "Seis siete ñ.", "Diez y once .", "Doce y trece.", "Catorce y 15.", NULL};

enum { MANY = 700 };

struct fixture {
    struct lanes lanes;
    struct service service;
    struct translator translator;
    struct task task;
};

static int set_up(void **state) {
    static struct fixture fixture;
    fixture = (struct fixture){.service = {.name = "made-up", .tasks = SERVICE_TRANSLATES, .offers = lanes_offers}};
    fixture.translator.worth = worth_new();
    fixture.translator.pending_keys = pending_keys_new();
    *state = &fixture;
    return store_open(NULL, false, &fixture.translator.store, NULL) ? 0 : -1;
}

static int tear_down(void **state) {
    struct fixture *fixture = *state;
    worth_free(fixture->translator.worth);
    pending_keys_free(fixture->translator.pending_keys);
    store_close(fixture->translator.store);
    lanes_close(&fixture->lanes);
    return 0;
}

static void open_with(struct fixture *fixture, const char *const *sentences) {
    lanes_open(&fixture->lanes, &fixture->service);
    for (; *sentences; sentences++) lanes_add(&fixture->lanes, (const char *const[]){*sentences, NULL});
    lanes_fill(&fixture->lanes);
    fixture->task.queue = fixture->lanes.queue;
    STAILQ_INIT(&fixture->task.queue.lanes);
    STAILQ_CONCAT(&fixture->task.queue.lanes, &fixture->lanes.queue.lanes);
    fixture->translator.termbase = fixture->lanes.termbase;
}

static enum filled fill_now(struct fixture *fixture) {
    return request_fill(&fixture->translator, fixture->lanes.article, &fixture->task);
}

/* Waits for a store on a server, as the loop does. */
static enum filled fill(struct fixture *fixture) {
    enum filled filled;
    while ((filled = fill_now(fixture)) == FILLED_LATER) {
        struct pollfd answers = {.fd = store_questions_fd(fixture->translator.store), .events = POLLIN};
        while (!store_take_answers(fixture->translator.store)) assert_int_equal(poll(&answers, 1, 30000), 1);
    }
    return filled;
}

/* Asserts the sizes of consecutive requests, one digit for each number of texts, e.g. "33". */
static void assert_requests(struct fixture *fixture, const char *sizes) {
    for (; *sizes; sizes++) {
        assert_int_equal(fill(fixture), FILLED);
        assert_int_equal(fixture->task.request.count, *sizes - '0');
    }
}

static struct lane *lane_at(struct fixture *fixture, unsigned place) {
    struct lane *lane;
    STAILQ_FOREACH(lane, &fixture->task.queue.lanes, next)
        if (lane->place == place) return lane;
    return NULL;
}

static size_t left_in(const struct lane *lane) {
    size_t count = 0;
    for (const struct pending *pending = lane ? lane->first : NULL; pending; pending = pending->next) count++;
    return count;
}

static const struct failure *refused(void) {
    static struct failure failure;
    failure_set(&failure, REACH_ARTICLE, REMEDY_NONE, "refused for what it says");
    return &failure;
}

static void texts_up_to_the_limit(void **state) {
    struct fixture *fixture = *state;
    fixture->service.limits.texts = 4;
    open_with(fixture, six);
    assert_requests(fixture, "42");
}

static void characters_up_to_the_limit(void **state) {
    struct fixture *fixture = *state;
    fixture->service.limits.characters = 39; /* exactly three texts; a letter of two bytes is one character */
    open_with(fixture, six);
    assert_requests(fixture, "33");
}

static void bytes_up_to_the_limit(void **state) {
    struct fixture *fixture = *state;
    fixture->service.limits.bytes = 40; /* exactly the first three texts */
    open_with(fixture, six);
    assert_requests(fixture, "33");
}

static void words_up_to_the_limit_where_paragraphs_are_sent(void **state) {
    struct fixture *fixture = *state;
    fixture->service.unit = UNIT_PARAGRAPH;
    open_with(fixture, six);
    fixture->lanes.services[0].request_words = 8; /* exactly the first three texts */
    assert_requests(fixture, "3");
    assert_int_equal(fixture->task.request.words, 8);
}

static void one_text_is_sent_whatever_the_limits_of_requests_are(void **state) {
    struct fixture *fixture = *state;
    fixture->service.limits.characters = fixture->service.limits.bytes = 5;
    open_with(fixture, three);
    assert_requests(fixture, "111");
}

static void segments_to_be_sent_alone_are(void **state) {
    struct fixture *fixture = *state;
    open_with(fixture, three);
    lane_at(fixture, 0)->first->next->alone = true;
    assert_requests(fixture, "111");
}

static void a_text_as_long_as_the_service_takes_is_sent_and_a_longer_one_passed_on(void **state) {
    struct fixture *fixture = *state;
    fixture->service.limits.text_characters = 13;
    open_with(fixture, (const char *const[]){"Uno dos tres.", "Catorce letras", NULL});
    assert_requests(fixture, "1");
    assert_span(fixture->task.request.texts[0], "Uno dos tres.");
    assert_int_equal(left_in(lane_at(fixture, 1)), 1);
    assert_failure(lane_at(fixture, 1)->first->why, REACH_ARTICLE, REMEDY_NONE, CAUSE_ARTICLE, EXIT_DONE,
                   "a sentence is too long for one");
}

static void texts_requested_by_another_article_are_waited_for(void **state) {
    struct fixture *fixture = *state;
    open_with(fixture, three);
    assert_int_equal(fill(fixture), FILLED);
    struct memory_key keys[3];
    memcpy(keys, fixture->task.request.keys, sizeof keys);
    request_release(&fixture->translator, &fixture->task);
    request_put_back(&fixture->task);
    pending_keys_add(fixture->translator.pending_keys, &keys[1]);
    assert_requests(fixture, "2");
    assert_span(fixture->task.request.texts[1], "Seis siete ñ.");
    assert_int_equal(fill(fixture), FILLED_WAITS);
    pending_keys_drop(fixture->translator.pending_keys, &keys[1]);
    assert_requests(fixture, "1");
    assert_int_equal(fill(fixture), FILLED_NOT);
}

static void keys_are_released_with_the_request(void **state) {
    struct fixture *fixture = *state;
    open_with(fixture, three);
    assert_requests(fixture, "3");
    struct memory_key key = fixture->task.request.keys[2];
    assert_true(pending_keys_has(fixture->translator.pending_keys, &key));
    request_release(&fixture->translator, &fixture->task);
    assert_false(pending_keys_has(fixture->translator.pending_keys, &key));
    assert_false(fixture->task.asking);
}

static void segments_put_back_keep_their_order(void **state) {
    struct fixture *fixture = *state;
    fixture->service.limits.texts = 2;
    open_with(fixture, six);
    assert_requests(fixture, "2");
    request_release(&fixture->translator, &fixture->task);
    request_put_back(&fixture->task);
    assert_int_equal(left_in(lane_at(fixture, 0)), 6);
    assert_requests(fixture, "2");
    assert_span(fixture->task.request.texts[0], "Uno dos tres.");
    assert_span(fixture->task.request.texts[1], "Cuatro cinco.");
    assert_requests(fixture, "22");
}

static void a_request_is_retried_one_by_one_and_then_passed_on(void **state) {
    struct fixture *fixture = *state;
    open_with(fixture, three);
    assert_requests(fixture, "3");
    request_release(&fixture->translator, &fixture->task);
    request_retry(&fixture->task, refused());
    assert_int_equal(fixture->task.request.count, 0);
    for (size_t i = 0; i < 3; i++) {
        assert_requests(fixture, "1");
        assert_span(fixture->task.request.lane->configured_service->name, "one");
        request_release(&fixture->translator, &fixture->task);
        request_retry(&fixture->task, refused());
    }
    assert_requests(fixture, "3"); /* the next service gets all three together */
    assert_span(fixture->task.request.lane->configured_service->name, "two");
    request_pass_on(&fixture->task, refused());
    assert_int_equal(left_in(lane_at(fixture, 2)), 3);
    assert_null(lane_at(fixture, 2)->configured_service);
}

static void postponed_segments_are_past_every_service(void **state) {
    struct fixture *fixture = *state;
    struct failure cap;
    failure_set(&cap, REACH_SERVICE, REMEDY_NEXT_RUN, "the cap is reached");
    open_with(fixture, three);
    assert_requests(fixture, "3");
    request_put_off(&fixture->task, &cap);
    struct lane *lane = STAILQ_NEXT(lane_at(fixture, 0), next);
    assert_int_equal(left_in(lane), 3);
    assert_null(lane->configured_service);
    assert_string_equal(lane->first->why->sentence, "the cap is reached");
}

/* An article waits as long as one of its reasons is temporary. */
static void a_reason_to_wait_outlives_a_refusal(void **state) {
    struct fixture *fixture = *state;
    struct failure down;
    failure_set(&down, REACH_SERVICE, REMEDY_NEXT_RUN, "the service is down");
    open_with(fixture, three);
    assert_requests(fixture, "3");
    request_pass_on(&fixture->task, &down);
    assert_requests(fixture, "3");
    request_pass_on(&fixture->task, refused());
    assert_string_equal(lane_at(fixture, 2)->first->why->sentence, "the service is down");
}

static void a_closed_service_is_not_asked(void **state) {
    struct fixture *fixture = *state;
    struct failure closed;
    failure_set(&closed, REACH_SERVICE, REMEDY_NEXT_RUN, "of no use");
    open_with(fixture, three);
    worth_close(fixture->translator.worth, &fixture->lanes.services[0], NULL, &closed);
    assert_requests(fixture, "3");
    assert_span(fixture->task.request.lane->configured_service->name, "two");
    assert_string_equal(fixture->task.request.units[0].first->why->sentence, "of no use");
}

static const struct term terms[] = {{{"es", 2}, {"ayuntamiento", 12}, {"city council", 12}},
                                    {{"es", 2}, {"Farolito", 8}, {"Farolito", 8}}};

/* Fills a request with a text in which placeholders take the place of two terms. */
static void open_with_terms(struct fixture *fixture) {
    static struct term_match matches[] = {{3, 12, &terms[0]}, {24, 8, &terms[1]}};
    open_with(fixture, (const char *const[]){"El ayuntamiento avisa a Farolito.", NULL});
    assert_requests(fixture, "1");
    struct request *request = &fixture->task.request;
    request->units[0].terms = matches;
    request->units[0].term_count = 2;
    request->texts[0] = placeholders_put(request->units[0].text, matches, 2, fixture->lanes.article->arena);
}

/* The engine may count each of them as an unknown word. */
static void placeholders_become_terms_and_are_no_unknown_words(void **state) {
    struct fixture *fixture = *state;
    open_with_terms(fixture);
    for (unsigned counted = 0; counted < 5; counted++) {
        struct span target = SPAN("The ZQAX tells ZQBX.");
        unsigned unknown = counted;
        assert_true(request_restore(&fixture->task, 0, &target, &unknown));
        assert_span(target, "The city council tells Farolito.");
        assert_int_equal(unknown, counted > 2 ? counted - 2 : 0);
    }
    assert_int_equal(left_in(lane_at(fixture, 0)), 0);
}

static void a_text_that_lost_a_placeholder_is_sent_as_it_is(void **state) {
    struct fixture *fixture = *state;
    struct span target = SPAN("The council tells ZQBX.");
    unsigned unknown = 3;
    open_with_terms(fixture);
    assert_false(request_restore(&fixture->task, 0, &target, &unknown));
    assert_int_equal(unknown, 3);
    assert_int_equal(left_in(lane_at(fixture, 0)), 1);
    assert_true(lane_at(fixture, 0)->first->plain);
}

static void without_placeholders_nothing_is_restored(void **state) {
    struct fixture *fixture = *state;
    struct span target = SPAN("ZQAX stays.");
    unsigned unknown = 3;
    open_with(fixture, three);
    assert_requests(fixture, "3");
    assert_true(request_restore(&fixture->task, 0, &target, &unknown));
    assert_span(target, "ZQAX stays.");
    assert_int_equal(unknown, 3);
}

/* ---------------------------------------------------------------- a store on a server */

/* If it were asked for again each time, articles that wait would wake each other for ever. */
static void what_is_put_back_is_not_looked_up_again(void **state) {
    struct fixture *fixture = *state;
    open_with(fixture, three);
    assert_requests(fixture, "3");
    for (int i = 0; i < 3; i++) {
        request_release(&fixture->translator, &fixture->task);
        request_put_back(&fixture->task);
        assert_int_equal(fill_now(fixture), FILLED);
        assert_int_equal(fixture->task.request.count, 3);
    }
    request_release(&fixture->translator, &fixture->task);
    request_put_back(&fixture->task);
    request_end_questions(&fixture->translator, &fixture->task);
    if (any_store_server()) assert_int_equal(fill_now(fixture), FILLED_LATER);
    assert_requests(fixture, "3");
}

static void the_next_service_gets_nothing_before_the_first_has_all(void **state) {
    struct fixture *fixture = *state;
    fixture->service.limits.texts = 4;
    open_with(fixture, six);
    assert_requests(fixture, "4");
    request_release(&fixture->translator, &fixture->task);
    unit_pass_on(&fixture->task, &fixture->task.request.units[0], refused());
    request_end_questions(&fixture->translator, &fixture->task);
    assert_requests(fixture, "2");
    assert_span(fixture->task.request.lane->configured_service->name, "one");
    request_release(&fixture->translator, &fixture->task);
    assert_requests(fixture, "1");
    assert_span(fixture->task.request.lane->configured_service->name, "two");
}

/* Returns MANY different sentences, followed by NULL. */
static const char *const *many_sentences(void) {
    static char texts[MANY][20];
    static const char *sentences[MANY + 1];
    for (size_t i = 0; i < MANY; i++) {
        snprintf(texts[i], sizeof texts[i], "Uno dos %zu.", i);
        sentences[i] = texts[i];
    }
    return sentences;
}

static void a_long_article_is_looked_up_in_parts(void **state) {
    struct fixture *fixture = *state;
    const char *const *sentences = many_sentences();
    open_with(fixture, sentences);
    size_t filled = 0;
    while (fill(fixture) == FILLED) {
        assert_true(filled == MANY || fixture->task.request.count > 0);
        for (size_t i = 0; i < fixture->task.request.count; i++)
            assert_span(fixture->task.request.texts[i], sentences[filled + i]);
        filled += fixture->task.request.count;
        request_end_questions(&fixture->translator, &fixture->task);
    }
    assert_int_equal(filled, MANY);
}

/* The second edition of a long article. */
static void the_few_new_sentences_of_a_long_article_are_sent_together(void **state) {
    struct fixture *fixture = *state;
    const char *const *sentences = many_sentences();
    struct resources *resources = resources_new(TEST_DATA);
    struct failure failure = {0};
    fixture->translator.checker = resources_borrow(resources, &checker_resource, &failure);
    assert_non_null(fixture->translator.checker);
    open_with(fixture, sentences);
    for (size_t i = 0; i < MANY; i++) {
        struct memory_key key = key_of_import(span_of(sentences[i]), "es");
        struct memory_entry entry = {
            .source = span_of(sentences[i]), .target = SPAN("One two."), .service = SPAN("tmx")};
        if (i % 50) assert_true(store_remember(fixture->translator.store, &key, &entry, NULL));
    }
    assert_int_equal(fill(fixture), FILLED);
    assert_int_equal(fixture->task.request.count, MANY / 50);
    for (size_t i = 0; i < MANY / 50; i++) assert_span(fixture->task.request.texts[i], sentences[50 * i]);
    for (size_t i = 0; i < MANY / 50; i++)
        assert_true(pending_keys_has(fixture->translator.pending_keys, &fixture->task.request.keys[i]));
    resources_free(resources);
}

#define test(function) cmocka_unit_test_setup_teardown(function, set_up, tear_down)

int main(void) {
    const struct CMUnitTest tests[] = {test(texts_up_to_the_limit),
                                       test(characters_up_to_the_limit),
                                       test(bytes_up_to_the_limit),
                                       test(words_up_to_the_limit_where_paragraphs_are_sent),
                                       test(one_text_is_sent_whatever_the_limits_of_requests_are),
                                       test(segments_to_be_sent_alone_are),
                                       test(a_text_as_long_as_the_service_takes_is_sent_and_a_longer_one_passed_on),
                                       test(texts_requested_by_another_article_are_waited_for),
                                       test(keys_are_released_with_the_request),
                                       test(segments_put_back_keep_their_order),
                                       test(a_request_is_retried_one_by_one_and_then_passed_on),
                                       test(postponed_segments_are_past_every_service),
                                       test(a_reason_to_wait_outlives_a_refusal),
                                       test(a_closed_service_is_not_asked),
                                       test(placeholders_become_terms_and_are_no_unknown_words),
                                       test(a_text_that_lost_a_placeholder_is_sent_as_it_is),
                                       test(without_placeholders_nothing_is_restored),
                                       test(what_is_put_back_is_not_looked_up_again),
                                       test(the_next_service_gets_nothing_before_the_first_has_all),
                                       test(a_long_article_is_looked_up_in_parts),
                                       test(the_few_new_sentences_of_a_long_article_are_sent_together)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
