/* The whole translate stage with two services, whose replies are played: which service is asked for what, what becomes
 * of its answers, and for what an article waits. */
#include "unit/failure_is.h"
#include "unit/stages/run_setups.h"

#include <stdlib.h>

#include "pipeline/base/json.h"
#include "pipeline/engine/plan.h"
#include "pipeline/engine/stage.h"
#include "pipeline/store/budget.h"
#include "stages/services/common/judge.h"
#include "stages/translate/closings.h"

extern const struct stage stage_translate;

static const char *const pairs[][2] = {
    {"El puerto abre el lunes.", "The port opens on Monday."},
    {"La alcaldesa habló con los pescadores.", "The mayor spoke with the fishermen."},
    {"Dos barcos salieron del muelle.", "Two boats left the quay."},
    {"La tormenta dañó el viejo faro.", "The storm damaged the old lighthouse."},
    {"Los panaderos piden más dinero.", "The bakers ask for more money."},
    {"El museo cierra en invierno.", "The museum closes in winter."},
};
enum { PAIRS = sizeof pairs / sizeof *pairs };

enum how {
    GOOD,    /* translations */
    ECHO,    /* the texts themselves, which the checks reject */
    SAME,    /* one translation for all texts */
    NOTHING, /* an empty reply */
    HOLES,   /* no translation of the second text */
    FEWER,   /* one translation too few */
    NO_JSON, /* a reply of another kind */
    REFUSES  /* a refusal of the kind `refusal` */
};

struct fake {
    enum how how;
    enum exchange_refusal refusal;
    const char *said;
    const char *only_with; /* it is good for requests without this text */
    size_t times;          /* it is good after so many replies; 0 = never */
};

struct world {
    const struct run_setup *setup;
    struct store *store;
    struct budget *budget;
    struct plan *plan;
    void *state;
    struct fake one, two;
    char log[1024]; /* "one:3 two:1": a request of three texts to the first service, and one of one to the second */
    char missed[256], warned[1024];
    struct failure failure, useless, complaint;
    struct article *article;
    char id;
};

static void note_stand_in(void *context, struct span missed, struct span service) {
    struct world *world = context;
    snprintf(world->missed, sizeof world->missed, "%.*s<%.*s", SPAN_ARGS(missed), SPAN_ARGS(service));
}

static void note_warning(void *context, const char *sentence) {
    struct world *world = context;
    snprintf(world->warned + strlen(world->warned), sizeof world->warned - strlen(world->warned), "%s\n", sentence);
}

static bool open_stage(struct world *world) {
    struct stage_context context = {.settings = config_values(world->setup->config, stage_translate.settings.entries),
                                    .config = world->setup->config,
                                    .store = world->store,
                                    .budget = world->budget,
                                    .resources = world->setup->resources,
                                    .data_folder = TEST_DATA,
                                    .day = "2026-01-29",
                                    .plan = world->plan,
                                    .warn = note_warning,
                                    .warn_context = world,
                                    .stood_in = note_stand_in,
                                    .stood_in_context = world};
    return stage_translate.open(&context, &world->state, &world->failure);
}

static void add_caps(struct world *world, long long characters) {
    struct budget_caps none = {0}, caps = {0};
    if (characters) caps.characters[BUDGET_DAY] = (struct budget_cap){"characters_per_day", characters};
    world->budget = budget_new(world->store, "2026-01-29");
    budget_add(world->budget, BUDGET_ALL, SPAN(""), &none, false);
    budget_add(world->budget, BUDGET_SERVICE, SPAN("one"), &caps, false);
    budget_add(world->budget, BUDGET_SERVICE, SPAN("two"), &none, true);
    assert_true(budget_load(world->budget, false, NULL));
}

/* Opens a run with these settings besides those of the services "one" (LibreTranslate) and "two" (MTranServer). */
static void open_run(struct world *world, const char *const *settings, long long characters) {
    static const char *const usual[] = {"service.one.kind=libretranslate", "service.two.kind=mtran", NULL};
    world->setup = run_setup_of(usual, settings);
    add_caps(world, characters);
    world->one = world->two = (struct fake){.how = GOOD};
    world->log[0] = world->missed[0] = world->warned[0] = '\0';
}

static void close_run(struct world *world) {
    if (world->article) article_free(world->article);
    world->article = NULL;
    if (world->state) stage_translate.close(world->state);
    world->state = NULL;
    budget_free(world->budget);
    plan_free(world->plan);
    world->plan = NULL;
}

static void reopen(struct world *world, const char *const *settings, long long characters) {
    close_run(world);
    open_run(world, settings, characters);
    if (!open_stage(world)) fail_msg("%s", world->failure.sentence);
}

#define REOPEN(world, ...) reopen(world, (const char *const[]){__VA_ARGS__, NULL}, 0)

static int begin(void **state) {
    static struct world world;
    world = (struct world){.id = 'a'};
    *state = &world;
    if (!store_open(NULL, false, &world.store, NULL)) return -1;
    open_run(&world, NULL, 0);
    return open_stage(&world) ? 0 : -1;
}

static int end(void **state) {
    struct world *world = *state;
    close_run(world);
    store_close(world->store);
    return 0;
}

/* ---------------------------------------------------------------- articles */

/* Makes an article of these sentences, by their numbers, each a paragraph. */
static struct article *make(struct world *world, const char *numbers) {
    struct article *article = article_new();
    memset(article->id, world->id++, 32);
    article->id[32] = '\0';
    article->origin.source = SPAN("news");
    strcpy(article->language.code, "es");
    for (; *numbers; numbers++) {
        struct span text = span_of(pairs[*numbers - '0'][0]);
        struct block *block = article_add_block(article, BLOCK_PARAGRAPH, text);
        article_add_segment(article, block, text);
    }
    return article;
}

/* ---------------------------------------------------------------- replies */

static const char *english(struct span source) {
    for (size_t i = 0; i < PAIRS; i++)
        if (span_is(source, pairs[i][0])) return pairs[i][1];
    fail_msg("unknown text '%.*s'", SPAN_ARGS(source));
    return "";
}

static void add_answers(cJSON *list, const struct fake *fake, const cJSON *texts) {
    size_t count = (size_t)cJSON_GetArraySize(texts), i = 0;
    const cJSON *text;
    cJSON_ArrayForEach(text, texts) {
        bool good = fake->how == GOOD || fake->how == FEWER || fake->how == HOLES;
        const char *answer = fake->how == SAME ? "Please try again later." : good ? english(json_text(text)) : "";
        if (fake->how == ECHO) answer = json_text(text).at;
        if (fake->how == HOLES && i == 1) answer = "";
        if (fake->how != FEWER || i + 1 < count) json_append(list, span_of(answer));
        i++;
    }
}

static bool is_good_for(const struct fake *fake, const cJSON *texts) {
    const cJSON *text;
    if (!fake->only_with) return false;
    cJSON_ArrayForEach(text, texts) if (span_is(json_text(text), fake->only_with)) return false;
    return true;
}

/* Plays the reply, as the dispatcher would receive and judge it. */
static void reply(struct world *world, struct exchange *exchange) {
    bool first = span_is(exchange->limiter, "service one");
    struct fake *fake = first ? &world->one : &world->two, good = {.how = GOOD};
    cJSON *request = json_parse(exchange->body, 1 << 20, "request", NULL);
    const cJSON *texts = json_member(request, first ? "q" : "texts");
    const struct fake *now = is_good_for(fake, texts) ? &good : fake;
    sprintf(world->log + strlen(world->log), "%s%s:%d", world->log[0] ? " " : "", first ? "one" : "two",
            cJSON_GetArraySize(texts));
    exchange->attempt = 1;
    exchange->sent = true;
    exchange->status = 200;
    exchange->reply = BUFFER(1 << 20);
    cJSON *root = cJSON_CreateObject();
    add_answers(cJSON_AddArrayToObject(root, first ? "translatedText" : "results"), now, texts);
    if (now->how == NO_JSON) buffer_add_string(&exchange->reply, "{\"a\":1}");
    if (now->how != NOTHING && now->how != NO_JSON) json_print_free(root, &exchange->reply);
    if (now->how == NOTHING || now->how == NO_JSON) cJSON_Delete(root);
    if (now->how == REFUSES) exchange->status = 400;
    if (now->how == REFUSES) buffer_clear(&exchange->reply);
    if (now->how == REFUSES) buffer_add_string(&exchange->reply, now->said ? now->said : "");
    if (now->how == REFUSES)
        judge_refuse(exchange, now->refusal, "advice", span_of(now->said ? now->said : "No."));
    else
        exchange->judge(exchange);
    if (fake->times && --fake->times == 0) *fake = good;
    cJSON_Delete(request);
}

static void send(struct world *world, struct exchange *exchange) {
    struct failure why = {0};
    enum exchange_start start = exchange->starts ? exchange->starts(exchange->asker, &why) : EXCHANGE_START;
    if (start == EXCHANGE_START)
        reply(world, exchange);
    else
        exchange->failure = why;
}

/* Lets the article ask until it leaves the stage or is parked. */
static enum outcome go_on(struct world *world, struct article *article) {
    for (int rounds = 0; rounds < 100; rounds++) {
        struct exchange exchange;
        exchange_start(&exchange, EXCHANGE_HTTP, article->arena);
        enum outcome outcome = stage_translate.ask(world->state, article, &exchange, &world->failure);
        if (outcome == STAGE_ASK) {
            send(world, &exchange);
            outcome = stage_translate.answer(world->state, article, &exchange, &world->failure);
            if (exchange.useless.reach != REACH_NONE) world->useless = exchange.useless;
            if (exchange.complaint.reach != REACH_NONE) world->complaint = exchange.complaint;
        }
        exchange_clear(&exchange);
        if (outcome != STAGE_ASK_AGAIN) return outcome;
    }
    fail_msg("the article never ends");
    return STAGE_FAIL;
}

/* Translates a new article of these sentences. */
static enum outcome translate(struct world *world, const char *numbers) {
    if (world->article) article_free(world->article);
    world->article = make(world, numbers);
    world->log[0] = '\0';
    world->useless = world->complaint = world->failure = (struct failure){0};
    return go_on(world, world->article);
}

/* Asserts the services that translated the segments, one letter each: o, t, m for imported from the memory, and a minus
 * for a segment that was not translated or is rejected. */
static void check(struct world *world, enum outcome outcome, enum outcome wanted, const char *log,
                  const char *services) {
    char found[64] = "";
    const struct article *article = world->article;
    for (size_t i = 0; i < article->block_count; i++)
        for (size_t j = 0; j < article->body[i].segment_count; j++) {
            const struct segment *segment = &article->body[i].segments[j];
            bool translated = segment->status == SEGMENT_OK && segment->translated_by >= 0 &&
                              span_is(segment->target, english(segment->source));
            strcat(found,
                   translated ? (const char[]){article->providers[segment->translated_by].service.at[0], '\0'} : "-");
        }
    if (strcmp(world->log, log) != 0) fail_msg("asked '%s', and not '%s'", world->log, log);
    assert_string_equal(found, services);
    if (outcome != wanted) fail_msg("outcome %d: %s", (int)outcome, world->failure.sentence);
}

#define TRANSLATE(world, numbers, wanted, log, services) check(world, translate(world, numbers), wanted, log, services)

static const struct segment *segment_at(const struct world *world, size_t index) {
    return &world->article->body[index].segments[0];
}

static bool has_finding(const struct segment *segment, const char *check_name, const char *part) {
    for (size_t i = 0; i < segment->finding_count; i++)
        if (strcmp(segment->findings[i].check, check_name) == 0 &&
            span_find(segment->findings[i].message, span_of(part)) != SIZE_MAX)
            return true;
    return false;
}

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

/* ---------------------------------------------------------------- rejected answers */

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

/* ---------------------------------------------------------------- refusals */

static void refuse(struct world *world, enum exchange_refusal refusal, const char *said, const char *only_with) {
    world->one = (struct fake){.how = REFUSES, .refusal = refusal, .said = said, .only_with = only_with};
}

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

/* ---------------------------------------------------------------- too much at a time */

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

/* ---------------------------------------------------------------- no answer */

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

/* ---------------------------------------------------------------- limits and money */

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

static const char *const model[] = {"service.three.kind=openai", "service.three.model=m",
                                    "service.three.url=http://127.0.0.1:1/v1", "route.es.services=three", NULL};

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

#define test(function) cmocka_unit_test_setup_teardown(function, begin, end)

int main(void) {
    const struct CMUnitTest tests[] = {
        test(the_first_service_translates_all),
        test(what_is_known_is_not_asked_again),
        test(a_rejected_answer_goes_to_the_next_service),
        test(the_better_of_two_answers_is_used),
        test(a_route_may_do_without_a_second_opinion),
        test(a_service_that_was_never_any_good_is_blamed_itself),
        test(a_service_of_no_use_is_closed_and_tried_again_later),
        test(one_translation_for_all_texts_is_none),
        test(without_the_service_the_article_waits),
        test(a_refused_text_is_sought_one_by_one),
        test(a_refused_language_closes_the_service_for_it),
        test(a_parameter_that_cannot_be_left_out_closes_the_service),
        test(an_unknown_refusal_closes_a_service_that_has_not_proven_itself),
        test(an_unknown_refusal_of_a_proven_service_may_be_the_text_s),
        test(a_request_that_is_too_large_is_divided),
        test(a_sentence_that_is_too_long_goes_to_the_next_service),
        test(a_text_without_an_answer_is_sent_again_alone),
        test(a_wrong_number_of_answers_makes_requests_smaller),
        test(an_empty_reply_is_asked_for_once_more),
        test(a_reply_of_another_kind_is_the_service_s_fault),
        test(an_article_has_a_number_of_requests),
        test(a_cap_is_not_exceeded),
        test(a_request_waits_until_another_one_is_settled),
        test(a_text_that_another_article_asks_for_is_waited_for),
        test(an_article_that_leaves_gives_its_texts_free),
        test(no_request_goes_to_a_service_that_has_been_closed),
        test(rejected_answers_of_a_closed_service_are_taken_back),
        test(a_request_with_a_refused_parameter_is_composed_anew),
        test(a_model_that_only_thinks_is_closed),
        test(cut_answers_make_requests_smaller),
        test(a_text_without_a_usable_answer_is_passed_on),
        test(a_model_may_refuse_a_text),
        test(services_that_cannot_be_used_are_told),
        test(a_dry_run_sends_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, run_setups_free);
}
