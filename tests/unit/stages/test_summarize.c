/* The summarize stage with two language models, whose answers are played: whose sentences become the summary, what they
 * rest on, and what is said if there are none. */
#include "unit/failure_is.h"
#include "unit/stages/run_setups.h"

#include "pipeline/base/json.h"
#include "pipeline/engine/plan.h"
#include "pipeline/engine/stage.h"
#include "pipeline/store/budget.h"
#include "stages/services/common/judge.h"
#include "stages/summarize/model.h"

extern const struct stage stage_summarize;

static const char *const sentences[] = {
    "The ferry to Sarnoy leaves from the western quay on Mondays.",
    "Bakers in Lorven want six per cent more from the first of May.",
    "A museum of fishing nets opens next to the old lighthouse.",
    "The mayor of Miren closes two bridges after heavy rain.",
    "Schools in Port Alda stay closed until Friday.",
};
enum { SENTENCES = sizeof sentences / sizeof *sentences };

#define GOOD "The ferry to Sarnoy leaves on Mondays. [1]\nSchools in Port Alda stay closed. [5]"
#define FALSE "The ferry to Sarnoy leaves on Tuesdays. [1]"

struct answer_of {
    const char *lines; /* NULL: the service refuses */
    bool empty;
};

struct world {
    const struct run_setup *setup;
    struct store *store;
    struct budget *budget;
    struct plan *plan;
    void *state;
    struct answer_of one, two;
    char log[256];
    struct failure failure, useless;
    struct article *article;
};

static const char *const usual[] = {"service.one.kind=openai",
                                    "service.one.model=m-1",
                                    "service.one.format=fences",
                                    "service.one.url=http://127.0.0.1:1/v1",
                                    "service.two.kind=openai",
                                    "service.two.model=m-2",
                                    "service.two.format=fences",
                                    "service.two.url=http://127.0.0.1:2/v1",
                                    "service.keyless.kind=anthropic",
                                    "service.keyless.model=m-3",
                                    NULL};

static void add_caps(struct world *world, long long characters) {
    struct budget_caps none = {0}, caps = {0};
    if (characters) caps.characters[BUDGET_DAY] = (struct budget_cap){"characters_per_day", characters};
    world->budget = budget_new(world->store, "2026-01-29");
    budget_add(world->budget, BUDGET_ALL, SPAN(""), &none, false);
    budget_add(world->budget, BUDGET_SERVICE, SPAN("one"), &caps, false);
    budget_add(world->budget, BUDGET_SERVICE, SPAN("two"), &none, false);
    assert_true(budget_load(world->budget, false, NULL));
}

static void open_run(struct world *world, const char *services, const char *setting, long long characters) {
    world->setup = run_setup_of(usual, (const char *const[]){services, setting, NULL});
    add_caps(world, characters);
    struct stage_context context = {.settings = config_values(world->setup->config, stage_summarize.settings.entries),
                                    .config = world->setup->config,
                                    .store = world->store,
                                    .budget = world->budget,
                                    .resources = world->setup->resources,
                                    .data_folder = TEST_DATA,
                                    .day = "2026-01-29",
                                    .plan = world->plan};
    if (!stage_summarize.open(&context, &world->state, &world->failure)) fail_msg("%s", world->failure.sentence);
    world->one = world->two = (struct answer_of){GOOD, false};
    world->log[0] = '\0';
}

static void close_run(struct world *world) {
    if (world->article) article_free(world->article);
    world->article = NULL;
    stage_summarize.close(world->state);
    budget_free(world->budget);
    plan_free(world->plan);
    world->plan = NULL;
}

static void reopen(struct world *world, const char *services, const char *setting, long long characters) {
    close_run(world);
    open_run(world, services, setting, characters);
}

static int begin(void **state) {
    static struct world world;
    world = (struct world){.store = NULL};
    *state = &world;
    if (!store_open(NULL, false, &world.store, NULL)) return -1;
    open_run(&world, "summary.services=keyless one two", NULL, 0);
    return 0;
}

static int end(void **state) {
    struct world *world = *state;
    close_run(world);
    store_close(world->store);
    return 0;
}

static struct article *make(size_t count) {
    struct article *article = article_new();
    memset(article->id, 'a', 32);
    article->title =
        (struct segment){.source = SPAN("Noticias"), .target = SPAN("News from the islands"), .status = SEGMENT_OK};
    for (size_t i = 0; i < count; i++) {
        struct block *block = article_add_block(article, BLOCK_PARAGRAPH, SPAN("fuente"));
        struct segment *segment = article_add_segment(article, block, SPAN("fuente"));
        segment->target = span_of(sentences[i % SENTENCES]);
        segment->status = SEGMENT_OK;
    }
    return article;
}

/* ---------------------------------------------------------------- answers */

static void write_reply(const char *lines, struct buffer *out) {
    cJSON *root = cJSON_CreateObject(), *choices = cJSON_AddArrayToObject(root, "choices");
    cJSON *choice = cJSON_CreateObject(), *message = cJSON_AddObjectToObject(choice, "message");
    cJSON_AddItemToArray(choices, choice);
    cJSON_AddStringToObject(choice, "finish_reason", "stop");
    cJSON_AddStringToObject(message, "content", lines);
    json_print_free(root, out);
}

static void reply(struct world *world, struct exchange *exchange) {
    bool first = span_is(exchange->limiter, "service one");
    const struct answer_of *answer = first ? &world->one : &world->two;
    snprintf(world->log + strlen(world->log), sizeof world->log - strlen(world->log), "%s ", first ? "one" : "two");
    exchange->attempt = 1;
    exchange->sent = true;
    exchange->status = answer->lines ? 200 : 500;
    exchange->reply = BUFFER(1 << 20);
    if (answer->lines) write_reply(answer->lines, &exchange->reply);
    if (answer->lines)
        exchange->judge(exchange);
    else
        judge_refuse(exchange, REFUSAL_TROUBLE, "advice", SPAN("No."));
}

static enum outcome go_on(struct world *world, struct article *article) {
    for (int rounds = 0; rounds < 20; rounds++) {
        struct exchange exchange;
        exchange_start(&exchange, EXCHANGE_HTTP, article->arena);
        enum outcome outcome = stage_summarize.ask(world->state, article, &exchange, &world->failure);
        if (outcome == STAGE_ASK) {
            reply(world, &exchange);
            outcome = stage_summarize.answer(world->state, article, &exchange, &world->failure);
            if (exchange.useless.reach != REACH_NONE) world->useless = exchange.useless;
        }
        exchange_clear(&exchange);
        if (outcome != STAGE_ASK_AGAIN) return outcome;
    }
    fail_msg("the article never ends");
    return STAGE_FAIL;
}

static void summarize(struct world *world, struct article *article) {
    if (world->article) article_free(world->article);
    world->article = article;
    world->log[0] = '\0';
    world->useless = (struct failure){0};
    assert_int_equal(stage_summarize.work(world->state, article, &world->failure), STAGE_CONTINUE);
    assert_int_equal(go_on(world, article), STAGE_CONTINUE);
    assert_null(article->stage_work);
}

/* Asserts who was asked, the method, and the sentences with the ids on which they rest: "One. 1|Two. 2 3". */
static void check(struct world *world, const char *log, const char *method, const char *wanted) {
    char found[2048] = "";
    const struct summary *summary = &world->article->summary;
    for (size_t i = 0; i < summary->count; i++) {
        snprintf(found + strlen(found), sizeof found - strlen(found), "%s%.*s", i ? "|" : "",
                 SPAN_ARGS(summary->sentences[i].text));
        for (size_t j = 0; j < summary->sentences[i].rests_on_count; j++)
            snprintf(found + strlen(found), sizeof found - strlen(found), " %u", summary->sentences[i].rests_on[j]);
    }
    assert_string_equal(world->log, log);
    assert_string_equal(summary->method, method);
    assert_string_equal(found, wanted);
}

static void assert_note(const struct world *world, const char *part) {
    struct span note = world->article->summary.note;
    if (span_find(note, span_of(part)) == SIZE_MAX) fail_msg("'%.*s' does not say '%s'", SPAN_ARGS(note), part);
}

#define EXTRACT                                                                                                        \
    "The ferry to Sarnoy leaves from the western quay on Mondays. 1|Bakers in Lorven want six per cent more from the " \
    "first of May. 2|A museum of fishing nets opens next to the old lighthouse. 3"
#define MODEL "The ferry to Sarnoy leaves on Mondays. 1|Schools in Port Alda stay closed. 5"
#define EXTRACTED "the summary was extracted from the article, not written by a model: "

/* ---------------------------------------------------------------- without a model */

static void without_a_model_sentences_are_taken(void **state) {
    struct world *world = *state;
    reopen(world, "summary.sentences=3", NULL, 0);
    summarize(world, make(SENTENCES));
    check(world, "", "extractive", EXTRACT);
    assert_int_equal(world->article->summary.summarized_by, -1);
    assert_int_equal(world->article->summary.note.length, 0);
    reopen(world, "summary.sentences=1", NULL, 0);
    summarize(world, make(SENTENCES));
    check(world, "", "extractive", "The ferry to Sarnoy leaves from the western quay on Mondays. 1");
    summarize(world, make(0));
    check(world, "", "extractive", "");
    assert_note(world, "no sentence of the article is suitable for a summary");
}

/* ---------------------------------------------------------------- a model's summary */

static void the_model_s_sentences_replace_the_extract(void **state) {
    struct world *world = *state;
    summarize(world, make(SENTENCES));
    check(world, "one ", "model", MODEL);
    const struct provider *provider = &world->article->providers[world->article->summary.summarized_by];
    assert_span(provider->service, "one");
    assert_span(provider->kind, "openai");
    assert_span(provider->model, "m-1");
    assert_true(provider->prompt.length > 0);
    assert_int_equal(world->article->summary.note.length, 0);
}

static void a_summary_is_paid_for_once(void **state) {
    struct world *world = *state;
    summarize(world, make(SENTENCES));
    reopen(world, "summary.services=one two", NULL, 0);
    summarize(world, make(SENTENCES));
    check(world, "", "model", MODEL);
    assert_span(world->article->providers[world->article->summary.summarized_by].service, "one");
    struct article *other = make(SENTENCES);
    other->body[4].segments[0].target = SPAN("Schools in Port Alda stay closed until Monday.");
    summarize(world, other);
    assert_string_equal(world->log, "one ");
    reopen(world, "summary.services=one two", "summary.sentences=2", 0);
    summarize(world, make(SENTENCES));
    assert_string_equal(world->log, "one ");
}

static void a_short_article_needs_no_model(void **state) {
    struct world *world = *state;
    summarize(world, make(3));
    check(world, "", "extractive", EXTRACT);
    summarize(world, make(4));
    check(world, "one ", "model", "The ferry to Sarnoy leaves on Mondays. 1");
}

static void unsupported_sentences_are_left_out(void **state) {
    struct world *world = *state;
    world->one.lines =
        "The ferry to Sarnoy leaves on Mondays. [1]\n" FALSE "\nThe mayor of Miren closes nine bridges. [4]";
    summarize(world, make(SENTENCES));
    check(world, "one ", "model", "The ferry to Sarnoy leaves on Mondays. 1");
    assert_note(world, "2 sentences of the model's summary were left out: ");
    world->one.lines = "Schools in Port Alda stay closed. [5]\n" FALSE;
    struct article *other = make(SENTENCES);
    other->body[2].segments[0].target = SPAN("A museum of nets opens next to the old lighthouse.");
    summarize(world, other);
    assert_note(world, "1 sentence of the model's summary was left out: ");
}

static void an_unsupported_first_sentence_spoils_the_summary(void **state) {
    struct world *world = *state;
    world->one.lines = FALSE "\nSchools in Port Alda stay closed. [5]";
    summarize(world, make(SENTENCES));
    check(world, "one two ", "model", MODEL);
    assert_span(world->article->providers[world->article->summary.summarized_by].service, "two");
    world->one.lines = world->two.lines = FALSE;
    struct article *other = make(SENTENCES);
    other->body[2].segments[0].target = SPAN("A museum of nets opens next to the old lighthouse.");
    summarize(world, other);
    assert_string_equal(world->log, "one two ");
    assert_string_equal(world->article->summary.method, "extractive");
    assert_note(world, EXTRACTED);
}

static void a_sentence_may_rest_on_several(void **state) {
    struct world *world = *state;
    world->one.lines = "The ferry to Sarnoy leaves on Mondays, and schools in Port Alda stay closed. [1, 5, 9]";
    summarize(world, make(SENTENCES));
    check(world, "one ", "model", "The ferry to Sarnoy leaves on Mondays, and schools in Port Alda stay closed. 1 5");
}

/* ---------------------------------------------------------------- models that fail */

static void the_next_model_is_asked(void **state) {
    struct world *world = *state;
    world->one.lines = NULL;
    summarize(world, make(SENTENCES));
    check(world, "one two ", "model", MODEL);
    reopen(world, "summary.services=one two", NULL, 0);
    world->one.lines = world->two.lines = NULL;
    struct article *other = make(SENTENCES);
    other->body[2].segments[0].target = SPAN("A museum of nets opens next to the old lighthouse.");
    summarize(world, other);
    assert_string_equal(world->log, "one two ");
    assert_string_equal(world->article->summary.method, "extractive");
    assert_int_equal(world->article->summary.count, 3);
    assert_note(world, EXTRACTED "service two answered 500 (advice): No.");
}

static void an_empty_answer_is_the_service_s_fault(void **state) {
    struct world *world = *state;
    reopen(world, "summary.services=one", NULL, 0);
    world->one.lines = "";
    summarize(world, make(SENTENCES));
    check(world, "one ", "extractive", EXTRACT);
    assert_failure(&world->useless, REACH_SERVICE, REMEDY_NEXT_RUN, CAUSE_SERVICE, EXIT_DONE,
                   "service one: the answer is empty");
    assert_string_equal(world->useless.blamed, "one");
    world->one.lines = FALSE;
    summarize(world, make(SENTENCES));
    assert_int_equal(world->useless.reach, REACH_NONE);
}

static void a_cap_leaves_the_extract(void **state) {
    struct world *world = *state;
    reopen(world, "summary.services=one", NULL, 100);
    summarize(world, make(SENTENCES));
    check(world, "", "extractive", EXTRACT);
    assert_note(world, EXTRACTED);
    reopen(world, "summary.services=one two", NULL, 100);
    summarize(world, make(SENTENCES));
    check(world, "two ", "model", MODEL);
}

static void a_request_waits_until_another_one_is_settled(void **state) {
    struct world *world = *state;
    struct exchange exchange, none;
    size_t characters = 0;
    for (size_t i = 0; i < SENTENCES; i++) characters += strlen(sentences[i]);
    reopen(world, "summary.services=one", NULL, (long long)(characters + characters / 2));
    struct article *first = make(SENTENCES), *second = make(SENTENCES);
    second->body[4].segments[0].target = SPAN("Schools in Port Alda stay closed until Monday.");
    exchange_start(&exchange, EXCHANGE_HTTP, first->arena);
    exchange_start(&none, EXCHANGE_HTTP, second->arena);
    assert_int_equal(stage_summarize.ask(world->state, first, &exchange, &world->failure), STAGE_ASK);
    assert_int_equal(stage_summarize.ask(world->state, second, &none, &world->failure), STAGE_PARK);
    assert_int_equal(stage_summarize.ask(world->state, second, &none, &world->failure), STAGE_PARK);
    failure_set(&exchange.failure, REACH_SERVICE, REMEDY_NEXT_RUN, "it was never sent");
    assert_int_equal(stage_summarize.answer(world->state, first, &exchange, &world->failure), STAGE_CONTINUE);
    assert_int_equal(stage_summarize.ask(world->state, second, &none, &world->failure), STAGE_ASK);
    exchange_clear(&exchange);
    exchange_clear(&none);
    article_free(first);
    article_free(second);
}

/* ---------------------------------------------------------------- what the model gets */

/* Returns the user message of the request for this article. */
static struct span asked(struct world *world, struct article *article) {
    struct exchange exchange;
    if (world->article) article_free(world->article);
    world->article = article;
    exchange_start(&exchange, EXCHANGE_HTTP, article->arena);
    assert_int_equal(stage_summarize.ask(world->state, article, &exchange, &world->failure), STAGE_ASK);
    cJSON *root = json_parse(exchange.body, 1 << 20, "request", NULL);
    struct span text = arena_copy(article->arena, json_text(json_at(root, "messages.1.content")));
    cJSON_Delete(root);
    exchange_clear(&exchange);
    return text;
}

static bool is_asked(struct span request, const char *part) {
    return span_find(request, span_of(part)) != SIZE_MAX;
}

static void headings_captions_and_failures_are_not_sent(void **state) {
    struct world *world = *state;
    struct article *article = make(SENTENCES + 5);
    article->body[0].kind = BLOCK_HEADING;
    article->body[1].kind = BLOCK_CAPTION;
    article->body[2].segments[0].status = SEGMENT_FAILED;
    article->body[3].segments[0].target = SPAN("");
    article->body[4].kind = BLOCK_LIST_ITEM;
    article->body[5].segments[0].status = SEGMENT_SUSPECT;
    struct span request = asked(world, article);
    assert_true(is_asked(request, "\nNews from the islands\n"));
    assert_true(is_asked(request, "[1] Schools in Port Alda stay closed until Friday.\n[2] The ferry"));
    assert_true(is_asked(request, "[6] "));
    assert_false(is_asked(request, "[7] "));
}

static void doubtful_sentences_are_sent_only_if_there_are_few(void **state) {
    struct world *world = *state;
    for (size_t doubtful = 1; doubtful <= 2; doubtful++) {
        struct article *article = make(SENTENCES);
        for (size_t i = 0; i < doubtful; i++) {
            article->body[i].segments[0].status = SEGMENT_SUSPECT;
            article_add_finding(article, &article->body[i].segments[0], "numbers", SEVERITY_WARNING, SPAN("a doubt"));
        }
        assert_int_equal(is_asked(asked(world, article), "The ferry to Sarnoy"), doubtful == 2);
    }
}

static void a_failed_headline_is_not_sent(void **state) {
    struct world *world = *state;
    struct article *article = make(SENTENCES);
    article->title.status = SEGMENT_FAILED;
    assert_false(is_asked(asked(world, article), "News from the islands"));
}

static void long_articles_are_cut(void **state) {
    struct world *world = *state;
    struct span request = asked(world, make(200));
    assert_true(is_asked(request, "[150] ") && !is_asked(request, "[151] "));
    struct article *article = make(SENTENCES);
    char *text = arena_take(article->arena, 12001);
    memset(text, 'a', 12000);
    for (size_t i = 0; i < SENTENCES; i++)
        article->body[i].segments[0].target = (struct span){text, i < 2 ? 11990 : 10};
    request = asked(world, article);
    assert_true(is_asked(request, "[4] ") && !is_asked(request, "[5] "));
}

static void a_dry_run_sends_nothing(void **state) {
    struct world *world = *state;
    close_run(world);
    world->plan = plan_new();
    open_run(world, "summary.services=one", "service.one.input_price=1000000", 0);
    struct article *article = make(SENTENCES);
    article->body[0].segments[0].status = SEGMENT_NEW;
    summarize(world, article);
    assert_string_equal(world->log, "");
    const struct plan_row *row = plan_row(world->plan, SPAN("one"), SPAN("summary"));
    assert_int_equal(row->articles, 1);
    assert_int_equal(row->requests, 1);
    assert_int_equal(row->characters, 5 * strlen("fuente"));
    assert_true(row->cost > 0);
}

/* ---------------------------------------------------------------- the configuration */

static void check_services(const char *setting, const char *said) {
    struct config *config = config_new(program_section_tables());
    config_set(config, "service.model.kind=openai");
    config_set(config, "service.engine.kind=mtran");
    config_set(config, setting);
    config_finish(config);
    model_summary_check(config);
    assert_int_equal(config_problem_count(config), said ? 1 : 0);
    if (said && !strstr(config_problem(config, 0), said)) fail_msg("%s", config_problem(config, 0));
    config_free(config);
}

static void only_models_write_summaries(void **state) {
    (void)state;
    check_services("summary.services=model", NULL);
    check_services("summary.sentences=2", NULL);
    check_services("summary.services=model engine",
                   "[summary] names the service 'engine', which cannot write summaries");
    check_services("summary.services=other model",
                   "[summary] names the service 'other', but there is no such [service]");
}

#define test(function) cmocka_unit_test_setup_teardown(function, begin, end)

int main(void) {
    const struct CMUnitTest tests[] = {
        test(without_a_model_sentences_are_taken),
        test(the_model_s_sentences_replace_the_extract),
        test(a_summary_is_paid_for_once),
        test(a_short_article_needs_no_model),
        test(unsupported_sentences_are_left_out),
        test(an_unsupported_first_sentence_spoils_the_summary),
        test(a_sentence_may_rest_on_several),
        test(the_next_model_is_asked),
        test(an_empty_answer_is_the_service_s_fault),
        test(a_cap_leaves_the_extract),
        test(a_request_waits_until_another_one_is_settled),
        test(headings_captions_and_failures_are_not_sent),
        test(doubtful_sentences_are_sent_only_if_there_are_few),
        test(a_failed_headline_is_not_sent),
        test(long_articles_are_cut),
        test(a_dry_run_sends_nothing),
        cmocka_unit_test(only_models_write_summaries),
    };
    return cmocka_run_group_tests(tests, NULL, run_setups_free);
}
