/* The translate stage with two services, whose replies are played. */
#ifndef TESTS_UNIT_STAGES_TRANSLATE_WORLD_H
#define TESTS_UNIT_STAGES_TRANSLATE_WORLD_H

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

static inline void note_stand_in(void *context, struct span missed, struct span service) {
    struct world *world = context;
    snprintf(world->missed, sizeof world->missed, "%.*s<%.*s", SPAN_ARGS(missed), SPAN_ARGS(service));
}

static inline void note_warning(void *context, const char *sentence) {
    struct world *world = context;
    snprintf(world->warned + strlen(world->warned), sizeof world->warned - strlen(world->warned), "%s\n", sentence);
}

static inline bool open_stage(struct world *world) {
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

static inline void add_caps(struct world *world, long long characters) {
    struct budget_caps none = {0}, caps = {0};
    if (characters) caps.characters[BUDGET_DAY] = (struct budget_cap){"characters_per_day", characters};
    world->budget = budget_new(world->store, "2026-01-29");
    budget_add(world->budget, BUDGET_ALL, SPAN(""), &none, false);
    budget_add(world->budget, BUDGET_SERVICE, SPAN("one"), &caps, false);
    budget_add(world->budget, BUDGET_SERVICE, SPAN("two"), &none, true);
    assert_true(budget_load(world->budget, false, NULL));
}

/* Opens a run with these settings besides those of the services "one" (LibreTranslate) and "two" (MTranServer). */
static inline void open_run(struct world *world, const char *const *settings, long long characters) {
    static const char *const usual[] = {"service.one.kind=libretranslate", "service.two.kind=mtran", NULL};
    world->setup = run_setup_of(usual, settings);
    add_caps(world, characters);
    world->one = world->two = (struct fake){.how = GOOD};
    world->log[0] = world->missed[0] = world->warned[0] = '\0';
}

static inline void close_run(struct world *world) {
    if (world->article) article_free(world->article);
    world->article = NULL;
    if (world->state) stage_translate.close(world->state);
    world->state = NULL;
    budget_free(world->budget);
    plan_free(world->plan);
    world->plan = NULL;
}

static inline void reopen(struct world *world, const char *const *settings, long long characters) {
    close_run(world);
    open_run(world, settings, characters);
    if (!open_stage(world)) fail_msg("%s", world->failure.sentence);
}

#define REOPEN(world, ...) reopen(world, (const char *const[]){__VA_ARGS__, NULL}, 0)

static inline int begin(void **state) {
    static struct world world;
    world = (struct world){.id = 'a'};
    *state = &world;
    if (!store_open(NULL, false, &world.store, NULL)) return -1;
    open_run(&world, NULL, 0);
    return open_stage(&world) ? 0 : -1;
}

static inline int end(void **state) {
    struct world *world = *state;
    close_run(world);
    store_close(world->store);
    return 0;
}

/* ---------------------------------------------------------------- articles */

/* Makes an article of these sentences, by their numbers, each a paragraph. */
static inline struct article *make(struct world *world, const char *numbers) {
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

static inline const char *english(struct span source) {
    for (size_t i = 0; i < PAIRS; i++)
        if (span_is(source, pairs[i][0])) return pairs[i][1];
    fail_msg("unknown text '%.*s'", SPAN_ARGS(source));
    return "";
}

static inline void add_answers(cJSON *list, const struct fake *fake, const cJSON *texts) {
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

static inline bool is_good_for(const struct fake *fake, const cJSON *texts) {
    const cJSON *text;
    if (!fake->only_with) return false;
    cJSON_ArrayForEach(text, texts) if (span_is(json_text(text), fake->only_with)) return false;
    return true;
}

/* Plays the reply, as the dispatcher would receive and judge it. */
static inline void reply(struct world *world, struct exchange *exchange) {
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

static inline void send(struct world *world, struct exchange *exchange) {
    struct failure why = {0};
    enum exchange_start start = exchange->starts ? exchange->starts(exchange->asker, &why) : EXCHANGE_START;
    if (start == EXCHANGE_START)
        reply(world, exchange);
    else
        exchange->failure = why;
}

/* Lets the article ask until it leaves the stage or is parked. */
static inline enum outcome go_on(struct world *world, struct article *article) {
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
static inline enum outcome translate(struct world *world, const char *numbers) {
    if (world->article) article_free(world->article);
    world->article = make(world, numbers);
    world->log[0] = '\0';
    world->useless = world->complaint = world->failure = (struct failure){0};
    return go_on(world, world->article);
}

/* Asserts the services that translated the segments, one letter each: o, t, m for imported from the memory, and a minus
 * for a segment that was not translated or is rejected. */
static inline void check(struct world *world, enum outcome outcome, enum outcome wanted, const char *log,
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

static inline const struct segment *segment_at(const struct world *world, size_t index) {
    return &world->article->body[index].segments[0];
}

static inline bool has_finding(const struct segment *segment, const char *check_name, const char *part) {
    for (size_t i = 0; i < segment->finding_count; i++)
        if (strcmp(segment->findings[i].check, check_name) == 0 &&
            span_find(segment->findings[i].message, span_of(part)) != SIZE_MAX)
            return true;
    return false;
}

static inline void refuse(struct world *world, enum exchange_refusal refusal, const char *said, const char *only_with) {
    world->one = (struct fake){.how = REFUSES, .refusal = refusal, .said = said, .only_with = only_with};
}

static const char *const model[] = {"service.three.kind=openai", "service.three.model=m",
                                    "service.three.url=http://127.0.0.1:1/v1", "route.es.services=three", NULL};

#define test(function) cmocka_unit_test_setup_teardown(function, begin, end)

#endif
