#include "stages/summarize/model.h"

#include <stdlib.h>
#include <string.h>

#include "config/reader.h"
#include "pipeline/engine/plan.h"
#include "pipeline/store/budget.h"
#include "pipeline/store/store_questions.h"
#include "stages/check/checker.h"
#include "stages/services/common/key.h"
#include "stages/services/common/price.h"
#include "stages/summarize/doubts.h"
#include "stages/summarize/verify.h"

enum { MAX_TEXTS = 150, MAX_BYTES = 24000, MAX_SENTENCES = 8, MEMORY_LIMIT = 64 << 10 };

/* Summaries are stored in the translation memory with this owner, so that they are never found as translations. */
static const char owner[] = "summary";

struct model_summary {
    struct service_list *service_list; /* shared by the stages of the run */
    struct verifier *verifier;
    struct store *store;
    struct budget *budget;
    struct plan *plan;                /* plan of a dry run; NULL in a real run */
    const struct word_list *services; /* names of the services in [summary], in order of preference */
    size_t sentences;
    const char *day;
};

/* The state of writing one summary; allocated in the article's arena. */
struct writing {
    struct span texts[MAX_TEXTS]; /* English sentences */
    unsigned ids[MAX_TEXTS];      /* of their segments */
    size_t count;
    size_t place; /* index into model_summary.services */
    const struct configured_service *configured_service;
    struct span model, prompt;
    struct memory_key key;
    struct store_question *question; /* for this key; NULL = none */
    struct purchase purchase;
    bool short_of_money;
};

/* ---------------------------------------------------------------- opening */

void model_summary_check(const struct config *config) {
    const struct section *section = config_section(config, summary_table);
    const struct summary_settings *settings = section_values(section);
    for (size_t i = 0; i < settings->services.count; i++) {
        struct span name = settings->services.items[i];
        const struct section *found = config_section_named(config, service_table, name);
        const struct service *service = found ? service_of(section_kind(found)) : NULL;
        if (found && (!service || service->tasks & SERVICE_SUMMARIZES)) continue;
        section_add_problem(section, "services", name, "[summary] names the service '%.*s', %s", SPAN_ARGS(name),
                            found ? "which cannot write summaries" : "but there is no such [service]");
    }
}

bool model_summary_open(const struct stage_context *context, struct model_summary **ret_summary,
                        struct failure *ret_failure) {
    const struct summary_settings *settings = context->settings;
    *ret_summary = NULL;
    if (settings->services.count == 0) return true;
    struct model_summary *summary = memory_take(sizeof *summary);
    *summary = (struct model_summary){.store = context->store,
                                      .budget = context->budget,
                                      .plan = context->plan,
                                      .services = &settings->services,
                                      .sentences = settings->sentences < MAX_SENTENCES ? (size_t)settings->sentences
                                                                                       : MAX_SENTENCES,
                                      .day = context->day};
    bool done = verifier_open(context->data_folder, context->resources, &summary->verifier, ret_failure) &&
                service_list_borrow(context, &summary->service_list, ret_failure);
    if (done) *ret_summary = summary;
    if (!done) model_summary_close(summary);
    return done;
}

void model_summary_close(struct model_summary *summary) {
    if (!summary) return;
    verifier_close(summary->verifier);
    free(summary);
}

/* ---------------------------------------------------------------- the request */

/* In a dry run nothing is translated; the source has about the length of its translation, so the source is used. */
static struct span text_of(const struct model_summary *summary, const struct segment *segment) {
    return summary->plan ? segment->source : segment->target;
}

static bool is_fit(const struct model_summary *summary, const struct segment_walk *walk) {
    const struct segment *segment = walk->segment;
    bool usable = segment->status == SEGMENT_OK || segment->status == SEGMENT_SUSPECT || summary->plan;
    return usable && text_of(summary, segment).length && walk->block && walk->block->kind != BLOCK_CAPTION &&
           walk->block->kind != BLOCK_HEADING;
}

/* Collects the sentences to send to the model: all, or only those whose translation is not in doubt. */
static void offer(const struct model_summary *summary, const struct article *article, bool sound_only,
                  struct writing *writing) {
    size_t bytes = 0;
    writing->count = 0;
    for (struct segment_walk walk = {0}; writing->count < MAX_TEXTS && segment_walk_next(article, &walk);) {
        if (!is_fit(summary, &walk) || (sound_only && checker_doubt(walk.segment).length)) continue;
        bytes += text_of(summary, walk.segment).length;
        if (bytes > MAX_BYTES) break;
        writing->texts[writing->count] = text_of(summary, walk.segment);
        writing->ids[writing->count++] = walk.id;
    }
}

/* Doubtful sentences are left out if the other sentences outnumber those wanted for the summary. */
static struct writing *start(const struct model_summary *summary, struct article *article) {
    struct writing *writing = arena_take(article->arena, sizeof *writing);
    offer(summary, article, true, writing);
    if (writing->count <= summary->sentences) offer(summary, article, false, writing);
    return writing;
}

static struct batch batch_of(const struct model_summary *summary, const struct article *article,
                             const struct writing *writing) {
    return (struct batch){.task = SERVICE_SUMMARIZES,
                          .source_language = "en",
                          .target_language = "en",
                          .texts = writing->texts,
                          .count = writing->count,
                          .title = article->title.status == SEGMENT_FAILED ? SPAN("") : article->title.target,
                          .sentences = summary->sentences};
}

static struct memory_key key_of_summary(const struct model_summary *summary, const struct writing *writing,
                                        struct arena *arena) {
    struct buffer all = BUFFER(MAX_BYTES * 2);
    for (size_t i = 0; i < writing->count; i++) buffer_print(&all, "%.*s\n", SPAN_ARGS(writing->texts[i]));
    struct span wanted = arena_print(arena, "summary of %zu", summary->sentences);
    struct memory_key key =
        key_of(buffer_span(&all), wanted.at, writing->configured_service, writing->model, writing->prompt, SPAN(""));
    buffer_free(&all);
    return key;
}

/* Finds the first usable service at or after writing->place. Returns false if there is none. */
static bool find_configured_service(const struct model_summary *summary, struct writing *writing) {
    for (;; writing->place++) {
        if (writing->place >= summary->services->count) return false;
        writing->configured_service =
            service_list_named(summary->service_list, summary->services->items[writing->place]);
        if (writing->configured_service && writing->configured_service->unusable.reach == REACH_NONE) break;
    }
    const struct service *service = writing->configured_service->service;
    service->offers(writing->configured_service->state, "en", "en", &writing->model);
    writing->prompt = service->prompt_version
                          ? service->prompt_version(writing->configured_service->state, SERVICE_SUMMARIZES)
                          : SPAN("");
    return true;
}

/* ---------------------------------------------------------------- the answer */

static struct span cited_by(const struct writing *writing, const struct answer *answer, struct arena *arena) {
    struct buffer text = BUFFER(MAX_BYTES * 2);
    for (size_t i = 0; i < answer->rests_on_count; i++) {
        unsigned number = answer->rests_on[i];
        if (number >= 1 && number <= writing->count)
            buffer_print(&text, "%.*s\n", SPAN_ARGS(writing->texts[number - 1]));
    }
    struct span all = arena_copy(arena, buffer_span(&text));
    buffer_free(&text);
    return all;
}

static void add_sentence(struct article *article, struct summary *summary, const struct writing *writing,
                         const struct answer *answer) {
    summary->sentences =
        arena_grow(article->arena, summary->sentences, summary->count, &summary->capacity, sizeof *summary->sentences);
    struct summary_sentence *sentence = &summary->sentences[summary->count++];
    sentence->text = arena_copy(article->arena, answer->target);
    sentence->rests_on = arena_take(article->arena, (answer->rests_on_count + 1) * sizeof *sentence->rests_on);
    for (size_t i = 0; i < answer->rests_on_count; i++) {
        unsigned number = answer->rests_on[i];
        if (number >= 1 && number <= writing->count)
            sentence->rests_on[sentence->rests_on_count++] = writing->ids[number - 1];
    }
}

static int provider_of(struct article *article, const struct writing *writing) {
    const struct provider provider = {.service = writing->configured_service->name,
                                      .kind = span_of(writing->configured_service->service->name),
                                      .model = writing->model,
                                      .prompt = writing->prompt};
    return article_add_provider(article, &provider);
}

static struct span note_left_out(struct arena *arena, size_t count, struct span why) {
    return arena_print(arena, "%zu sentence%s of the model's summary %s left out: %.*s", count, count > 1 ? "s" : "",
                       count > 1 ? "were" : "was", SPAN_ARGS(why));
}

/* Uses the supported sentences. Returns false if the first is unsupported, because the others may make no sense without
 * it. */
static bool take(const struct model_summary *model, struct article *article, const struct writing *writing,
                 const struct answer *answers, size_t count, struct buffer *why) {
    struct summary summary = {.method = "model", .summarized_by = -1};
    size_t left_out = 0;
    for (size_t i = 0; i < count; i++) {
        struct span cited = cited_by(writing, &answers[i], article->arena);
        bool usable = answers[i].verdict == VERDICT_TRANSLATED && cited.length;
        if (!usable && !why->length)
            buffer_add_span(why, answers[i].note.length ? answers[i].note : SPAN("the model's answer is unusable"));
        if (usable && verifier_supports(model->verifier, answers[i].target, cited, why))
            add_sentence(article, &summary, writing, &answers[i]);
        else if (i == 0)
            return false;
        else
            left_out++;
    }
    if (summary.count == 0) return false;
    summary.summarized_by = provider_of(article, writing);
    if (left_out) summary.note = note_left_out(article->arena, left_out, buffer_span(why));
    article->summary = summary;
    summary_mark_doubts(article);
    return true;
}

static enum outcome fall_back(struct article *article, struct span why) {
    article->stage_work = NULL;
    article->summary.note = arena_print(
        article->arena, "the summary was extracted from the article, not written by a model: %.*s", SPAN_ARGS(why));
    return STAGE_CONTINUE;
}

/* ---------------------------------------------------------------- translation memory */

/* Stores the summary in the translation memory, as one line for each sentence: "1,2<tab>text". */
static void remember(struct model_summary *summary, const struct writing *writing, const struct answer *answers,
                     size_t count) {
    struct buffer lines = BUFFER(MEMORY_LIMIT);
    for (size_t i = 0; i < count; i++) {
        for (size_t j = 0; j < answers[i].rests_on_count; j++)
            buffer_print(&lines, "%s%u", j ? "," : "", answers[i].rests_on[j]);
        buffer_print(&lines, "\t%.*s\n", SPAN_ARGS(answers[i].target));
    }
    struct memory_entry entry = {.source = SPAN("(summary)"),
                                 .target = buffer_span(&lines),
                                 .source_language = SPAN("en"),
                                 .service = writing->configured_service->name,
                                 .model = writing->model,
                                 .only_for = span_of(owner)};
    if (!lines.full) store_remember(summary->store, &writing->key, &entry, NULL);
    buffer_free(&lines);
}

static size_t read_lines(struct span lines, struct answer *answers) {
    struct span line, numbers, number;
    size_t count = 0;
    while (count < MAX_SENTENCES && span_next(&lines, '\n', &line)) {
        struct answer *answer = &answers[count++];
        *answer = (struct answer){.verdict = VERDICT_TRANSLATED};
        long long value;
        if (!span_next(&line, '\t', &numbers)) continue;
        while (answer->rests_on_count < 8 && span_next(&numbers, ',', &number))
            if (span_number(number, &value)) answer->rests_on[answer->rests_on_count++] = (unsigned)value;
        answer->target = line;
    }
    return count;
}

static void end_question(const struct model_summary *summary, struct writing *writing) {
    store_end_question(summary->store, writing->question);
    writing->question = NULL;
}

/* Asks a store on a server for an earlier summary. Returns false until it has answered. */
static bool look_up(const struct model_summary *summary, struct article *article, struct writing *writing) {
    writing->key = key_of_summary(summary, writing, article->arena);
    if (!store_is_remote(summary->store)) return true;
    if (writing->question && !store_is_answered(writing->question)) return false;
    if (writing->question && store_question_covers(writing->question, &writing->key)) return true;
    end_question(summary, writing);
    writing->question = store_ask(summary->store, &writing->key, 1);
    return false;
}

static bool recall(const struct model_summary *summary, struct article *article, struct writing *writing) {
    struct memory_entry entry;
    struct answer answers[MAX_SENTENCES];
    struct buffer why = BUFFER(1024);
    store_use_question(summary->store, writing->question);
    bool known = store_recall(summary->store, &writing->key, span_of(owner), article->arena, &entry);
    store_use_question(summary->store, NULL);
    bool taken = known && take(summary, article, writing, answers, read_lines(entry.target, answers), &why);
    buffer_free(&why);
    return taken;
}

/* ---------------------------------------------------------------- asking */

static bool write_request(const struct model_summary *summary, const struct article *article,
                          const struct writing *writing, struct exchange *exchange, struct failure *ret_failure) {
    const struct configured_service *configured_service = writing->configured_service;
    struct batch batch = batch_of(summary, article, writing);
    exchange_start(exchange, EXCHANGE_HTTP, article->arena);
    if (!configured_service->service->write_request(configured_service->state, &batch, exchange, ret_failure))
        return false;
    service_list_address(configured_service, exchange);
    return true;
}

static enum purchase_answer pay(const struct model_summary *summary, const struct article *article,
                                struct writing *writing, struct exchange *exchange, struct failure *ret_failure) {
    struct batch batch = batch_of(summary, article, writing);
    struct bill_line most = price_most(writing->configured_service, &batch, exchange);
    most.day = span_of(summary->day);
    most.source = article->origin.source;
    most.article = article->id;
    return purchase_begin(&writing->purchase, summary->budget, &most, exchange, ret_failure);
}

static enum outcome dry_run(const struct model_summary *summary, struct article *article, struct writing *writing,
                            const struct exchange *exchange) {
    struct batch batch = batch_of(summary, article, writing);
    struct bill_line line = price_expected(writing->configured_service, &batch, exchange);
    struct plan_row *row = plan_row(summary->plan, writing->configured_service->name, SPAN("summary"));
    line.day = writing->purchase.max.day;
    line.source = writing->purchase.max.source;
    purchase_end(&writing->purchase, exchange, &line);
    row->articles++;
    row->requests++;
    row->characters += line.characters;
    row->cost += line.cost;
    article->stage_work = NULL;
    return STAGE_CONTINUE;
}

/* Asks the next usable service. If there is none, ends the stage and keeps the extractive summary. */
static enum outcome ask_next(struct model_summary *summary, struct article *article, struct writing *writing,
                             struct exchange *exchange, struct failure *why) {
    for (; find_configured_service(summary, writing); writing->place++) {
        if (!look_up(summary, article, writing)) return STAGE_PARK;
        if (recall(summary, article, writing)) {
            end_question(summary, writing);
            article->stage_work = NULL;
            return STAGE_CONTINUE;
        }
        if (!write_request(summary, article, writing, exchange, why)) continue;
        enum purchase_answer answer = pay(summary, article, writing, exchange, why);
        writing->short_of_money = answer == PURCHASE_LATER;
        if (answer == PURCHASE_GRANTED) end_question(summary, writing);
        if (answer == PURCHASE_GRANTED) return summary->plan ? dry_run(summary, article, writing, exchange) : STAGE_ASK;
        if (answer == PURCHASE_LATER) return STAGE_PARK;
    }
    end_question(summary, writing);
    return fall_back(article, span_of(why->sentence));
}

enum outcome model_summary_ask(struct model_summary *summary, struct article *article, struct exchange *ret_exchange) {
    struct writing *writing = article->stage_work;
    struct failure why = {0};
    if (!writing) {
        writing = start(summary, article);
        if (writing->count <= summary->sentences) return STAGE_CONTINUE; /* already as short as a summary */
        article->stage_work = writing;
    }
    if (writing->short_of_money && !purchase_may_fit(&writing->purchase)) return STAGE_PARK;
    return ask_next(summary, article, writing, ret_exchange, &why);
}

/* After an unusable answer, asks the next service or falls back to the extractive summary. */
static enum outcome try_next(const struct model_summary *summary, struct article *article, struct writing *writing,
                             struct span why) {
    writing->place++;
    return writing->place < summary->services->count ? STAGE_ASK_AGAIN : fall_back(article, why);
}

/* If the model spent all tokens on thinking, the adapter may raise the limit once per run. */
static bool asks_again(const struct configured_service *configured_service, const struct exchange *exchange,
                       const struct answer *answers, size_t count) {
    const struct service *service = configured_service->service;
    return count && answers[0].of_all && answers[0].verdict == VERDICT_CUT_OFF && service->enlarge &&
           service->enlarge(configured_service->state, exchange);
}

/* An empty reply, or one that does not have the service's structure, is the fault of the service. */
static void note_useless(struct exchange *exchange, const struct configured_service *configured_service,
                         const struct answer *first, struct failure *failure) {
    if (first->nothing)
        failure_set(failure, REACH_SERVICE, REMEDY_NEXT_RUN, "service %.*s: %.*s", SPAN_ARGS(configured_service->name),
                    SPAN_ARGS(first->note));
    if (failure->reach != REACH_SERVICE) return;
    exchange->useless = *failure;
    failure_blame(&exchange->useless, CAUSE_SERVICE, configured_service->name);
}

enum outcome model_summary_answer(struct model_summary *summary, struct article *article, struct exchange *exchange) {
    struct writing *writing = article->stage_work;
    const struct configured_service *configured_service = writing->configured_service;
    struct batch batch = batch_of(summary, article, writing);
    struct answer answers[MAX_SENTENCES] = {{0}};
    struct usage usage = {0};
    struct failure failure = {0};
    size_t count = 0;
    if (exchange->failure.reach != REACH_NONE) {
        purchase_end(&writing->purchase, exchange, NULL);
        if (service_list_adapts(configured_service, exchange)) return STAGE_ASK_AGAIN;
        return try_next(summary, article, writing, span_of(exchange->failure.sentence));
    }
    bool read = service_list_read(configured_service, &batch, exchange, answers, &count, &usage, &failure);
    struct bill_line billed = price_billed(configured_service, &writing->purchase.max, &usage);
    purchase_end(&writing->purchase, exchange, &billed);
    if (asks_again(configured_service, exchange, answers, count)) return STAGE_ASK_AGAIN;
    note_useless(exchange, configured_service, &answers[0], &failure);
    struct buffer why = BUFFER(4096);
    bool taken = read && take(summary, article, writing, answers, count, &why);
    if (taken) remember(summary, writing, answers, count);
    if (!read) buffer_add_string(&why, failure.sentence);
    struct span reason = arena_copy(article->arena, buffer_span(&why));
    buffer_free(&why);
    if (!taken) return try_next(summary, article, writing, reason);
    article->stage_work = NULL;
    return STAGE_CONTINUE;
}
