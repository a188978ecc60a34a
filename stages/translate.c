/* The memory first, then the route's services; every text's answer is remembered before anything else is done with it.
 * Which service a segment is asked of next stands in segment.tried: its place in the language's route. */
#include <stdlib.h>

#include "config/reader.h"
#include "pipeline/stage.h"
#include "pipeline/store.h"
#include "stages/translate/claims.h"
#include "stages/translate/key.h"
#include "stages/translate/roster.h"

enum { MOST_TEXTS = 128 };

struct translator {
    struct roster *roster;
    struct claims *claims;
    struct store *store;
    const char *day;
};

/* What is asked for in one request. */
struct request {
    const struct recruit *recruit;
    struct span model, prompt;
    struct segment *segments[MOST_TEXTS];
    struct span texts[MOST_TEXTS];
    struct memory_key keys[MOST_TEXTS];
    size_t count, characters, bytes;
};

/* An article's translation under way; lives in its arena. */
struct task {
    struct request request;
    bool asking;      /* claims are held for request.keys */
    bool one_by_one;  /* a batch came back mixed up: ask singly */
    struct failure failure; /* the last one met */
};

static void translate_close(void *state) {
    struct translator *translator = state;
    if (!translator) return;
    roster_close(translator->roster);
    claims_free(translator->claims);
    free(translator);
}

static bool translate_open(const struct stage_context *context, void **ret_state, struct failure *ret_failure) {
    struct translator *translator = memory_take(sizeof *translator);
    *translator = (struct translator){.claims = claims_new(), .store = context->store, .day = context->day};
    if (!roster_open(context->config, context->data_folder, &translator->roster, ret_failure)) {
        translate_close(translator);
        return false;
    }
    *ret_state = translator;
    return true;
}

/* ---------------------------------------------------------------- what is to be asked */

static const char *language_of(const struct article *article, const struct segment_walk *walk) {
    if (walk->segment->language[0]) return walk->segment->language;
    if (walk->block && walk->block->language[0]) return walk->block->language;
    return article->language.code;
}

/* Numbers, dashes and the like need nobody. */
static bool has_letters(struct span text) {
    uint32_t rune;
    for (size_t i = 0; i < text.length;) {
        i += text_next(text, i, &rune);
        if ((rune | 32) - 'a' < 26 || rune >= 0xAA) return true;
    }
    return false;
}

static void take_answer(struct article *article, struct segment *segment, const struct recruit *recruit, struct span model,
                        struct span prompt, const struct memory_entry *entry, bool remembered) {
    struct maker maker = {.service = recruit->name, .kind = span_of(recruit->service->name), .model = model, .prompt = prompt};
    segment->target = entry->target;
    segment->unknown_words = entry->unknown_words;
    segment->from_memory = remembered;
    segment->status = SEGMENT_OK;
    segment->maker = article_add_maker(article, &maker);
}

static void give_up(struct article *article, struct segment *segment, const struct task *task) {
    segment->status = SEGMENT_FAILED;
    bool known = task->failure.reach != REACH_NONE;
    article_add_finding(article, segment, "untranslated", SEVERITY_ERROR,
                        known ? span_of(task->failure.sentence) : SPAN("no service of the route offers this language"));
}

static bool fits(const struct request *request, const struct service_limits *limits, struct span text) {
    size_t characters = text_count(text);
    if (request->count == 0) return true;
    return request->count < MOST_TEXTS && (!limits->texts || request->count < limits->texts) &&
           (!limits->bytes || request->bytes + text.length <= limits->bytes) &&
           (!limits->characters || request->characters + characters <= limits->characters);
}

static struct span prompt_of(const struct recruit *recruit) {
    if (!recruit->service->prompt_version) return (struct span){NULL, 0};
    return recruit->service->prompt_version(recruit->state, SERVICE_TRANSLATES);
}

enum pick { PICK_DONE, PICK_TAKEN, PICK_LATER, PICK_WAITS };

/* One segment: from memory, into the request, or later. */
static enum pick pick(struct translator *translator, struct article *article, struct task *task, struct segment *segment,
                      const char *language) {
    struct request *request = &task->request;
    struct span model = {NULL, 0};
    const struct recruit *recruit = roster_pick(translator->roster, language, SERVICE_TRANSLATES, segment->tried, &model);
    if (!recruit) {
        give_up(article, segment, task);
        return PICK_DONE;
    }
    struct memory_entry entry;
    struct span prompt = prompt_of(recruit);
    struct memory_key key = key_of(segment->source, language, recruit, model, prompt, SPAN(""));
    if (store_recall(translator->store, &key, article->arena, &entry)) {
        take_answer(article, segment, recruit, model, prompt, &entry, true);
        return PICK_DONE;
    }
    bool same = request->count == 0 || (request->recruit == recruit && span_equal(request->model, model));
    if (!same || !fits(request, &recruit->service->limits, segment->source) || (task->one_by_one && request->count)) return PICK_LATER;
    if (!claims_take(translator->claims, &key)) return PICK_WAITS;
    request->recruit = recruit;
    request->model = model;
    request->prompt = prompt;
    request->segments[request->count] = segment;
    request->texts[request->count] = segment->source;
    request->keys[request->count++] = key;
    request->bytes += segment->source.length;
    request->characters += text_count(segment->source);
    return PICK_TAKEN;
}

static void let_claims_go(struct translator *translator, struct task *task) {
    for (size_t i = 0; task->asking && i < task->request.count; i++)
        claims_drop(translator->claims, &task->request.keys[i]);
    task->asking = false;
}

static void translate_leave(void *state, struct article *article) {
    if (article->stage_work) let_claims_go(state, article->stage_work);
    article->stage_work = NULL;
}

static struct batch batch_of(const struct article *article, const struct request *request, const char *language) {
    return (struct batch){.task = SERVICE_TRANSLATES,
                          .source_language = language,
                          .target_language = "en",
                          .texts = request->texts,
                          .count = request->count,
                          .title = article->title.source};
}

static const char *language_of_request(const struct article *article, const struct request *request) {
    for (struct segment_walk walk = {0}; segment_walk_next(article, &walk);)
        if (walk.segment == request->segments[0]) return language_of(article, &walk);
    return article->language.code;
}

/* ---------------------------------------------------------------- the end of an article */

static bool no_service_at_all(const struct translator *translator, const struct article *article) {
    struct span model;
    return !roster_pick(translator->roster, article->language.code, SERVICE_TRANSLATES, 0, &model);
}

/* What could not be had today is as new tomorrow; what was translated stays. */
static void leave_for_next_run(const struct article *article) {
    for (struct segment_walk walk = {0}; segment_walk_next(article, &walk);) {
        if (walk.segment->status != SEGMENT_FAILED) continue;
        walk.segment->status = SEGMENT_NEW;
        walk.segment->tried = 0;
        walk.segment->finding_count = 0;
    }
}

static enum outcome conclude(const struct translator *translator, struct article *article, const struct task *task,
                             struct failure *ret_failure) {
    size_t translated = 0, failed = 0;
    for (struct segment_walk walk = {0}; segment_walk_next(article, &walk);) {
        translated += walk.segment->target.length > 0;
        failed += walk.segment->status == SEGMENT_FAILED;
    }
    if (failed && task->failure.remedy != REMEDY_NONE) {
        *ret_failure = task->failure;
        ret_failure->remedy = REMEDY_NEXT_RUN;
        leave_for_next_run(article);
        return FAIL;
    }
    if (translated || !failed) return GO_ON;
    article->status = ARTICLE_FAILED;
    if (no_service_at_all(translator, article))
        failure_set(ret_failure, REACH_ARTICLE, REMEDY_NONE,
                    "no configured service translates '%s' to English: install an Apertium pair, or add a [service] that "
                    "does (see `dragoman services`)",
                    article->language.code);
    else *ret_failure = task->failure;
    return FAIL;
}

static enum outcome translate_ask(void *state, struct article *article, struct exchange *ret_exchange,
                                  struct failure *ret_failure) {
    struct translator *translator = state;
    struct task *task = article->stage_work;
    if (!task) article->stage_work = task = arena_take(article->arena, sizeof *task);
    task->request.count = task->request.bytes = task->request.characters = 0;
    bool waits = false;
    for (struct segment_walk walk = {0}; segment_walk_next(article, &walk);) {
        struct segment *segment = walk.segment;
        if (segment->status != SEGMENT_NEW || segment->target.length || !segment->source.length) continue;
        if (!has_letters(segment->source)) {
            segment->target = segment->source;
            segment->status = SEGMENT_OK;
            continue;
        }
        waits = pick(translator, article, task, segment, language_of(article, &walk)) == PICK_WAITS || waits;
    }
    if (task->request.count == 0) return waits ? PARK : conclude(translator, article, task, ret_failure);
    task->asking = true;
    const struct recruit *recruit = task->request.recruit;
    struct batch batch = batch_of(article, &task->request, language_of_request(article, &task->request));
    if (!recruit->service->write_request(recruit->state, &batch, ret_exchange, ret_failure)) {
        let_claims_go(translator, task);
        return FAIL;
    }
    roster_address(recruit, ret_exchange);
    return ASK;
}

/* ---------------------------------------------------------------- what came back */

static void bill(struct translator *translator, const struct article *article, const struct request *request,
                 const struct usage *usage) {
    struct bill_line line = {.day = span_of(translator->day),
                             .service = request->recruit->name,
                             .source = article->origin.source,
                             .requests = 1,
                             .segments = request->count,
                             .characters = usage->characters ? usage->characters : request->characters,
                             .input_tokens = usage->input_tokens,
                             .output_tokens = usage->output_tokens};
    line.cost = (long long)((double)request->recruit->price * (double)line.characters / 1e6);
    store_bill(translator->store, &line, NULL);
}

static bool remember(struct translator *translator, struct article *article, const struct request *request, size_t index,
                     const struct answer *answer, struct failure *ret_failure) {
    struct memory_entry entry = {.source = request->texts[index],
                                 .target = arena_copy(article->arena, answer->target),
                                 .source_language = span_of(article->language.code),
                                 .service = request->recruit->name,
                                 .model = request->model,
                                 .unknown_words = answer->unknown_words};
    take_answer(article, request->segments[index], request->recruit, request->model, request->prompt, &entry, false);
    return store_remember(translator->store, &request->keys[index], &entry, ret_failure);
}

/* The next service of the route may have it. */
static void refuse_all(struct request *request) {
    for (size_t i = 0; i < request->count; i++) request->segments[i]->tried++;
}

static void note_refusal(struct task *task, const struct answer *answer) {
    struct span name = task->request.recruit->name;
    enum failure_remedy remedy = answer->verdict == VERDICT_QUOTA ? REMEDY_NEXT_RUN : REMEDY_NONE;
    failure_set(&task->failure, REACH_ARTICLE, remedy, "%.*s gave no usable translation%s%.*s", SPAN_ARGS(name),
                answer->note.length ? ": " : "", SPAN_ARGS(answer->note));
}

static bool take_answers(struct translator *translator, struct article *article, struct task *task,
                         const struct answer *answers, size_t count, struct failure *ret_failure) {
    struct request *request = &task->request;
    bool alone = request->count == 1;
    for (size_t i = 0; i < request->count; i++) {
        const struct answer broken = {.verdict = VERDICT_BROKEN}, *answer = i < count ? &answers[i] : &broken;
        if (answer->verdict == VERDICT_TRANSLATED && answer->target.length) {
            if (!remember(translator, article, request, i, answer, ret_failure)) return false;
        } else if (!alone && answer->verdict != VERDICT_REFUSED && answer->verdict != VERDICT_QUOTA) {
            task->one_by_one = true;
        } else {
            note_refusal(task, answer);
            request->segments[i]->tried++;
        }
    }
    return true;
}

static enum outcome translate_answer(void *state, struct article *article, struct exchange *exchange,
                                     struct failure *ret_failure) {
    struct translator *translator = state;
    struct task *task = article->stage_work;
    struct request *request = &task->request;
    const struct service *service = request->recruit->service;
    let_claims_go(translator, task);
    if (exchange->failure.reach != REACH_NONE) {
        task->failure = exchange->failure;
        refuse_all(request);
        return AGAIN;
    }
    struct answer *answers = arena_take(article->arena, request->count * sizeof *answers);
    struct batch batch = batch_of(article, request, language_of_request(article, request));
    struct usage usage = {0};
    struct failure failure = {0};
    size_t count = 0;
    bool read = service->read_reply(request->recruit->state, &batch, exchange, answers, &count, &usage, &failure);
    bill(translator, article, request, &usage);
    if (!read) {
        task->failure = failure;
        if (request->count == 1) refuse_all(request);
        else task->one_by_one = true;
        return AGAIN;
    }
    return take_answers(translator, article, task, answers, count, ret_failure) ? AGAIN : FAIL;
}

const struct stage stage_translate = {
    .name = "translate",
    .help = "the translation memory first, then the services of the language's route",
    .open = translate_open,
    .close = translate_close,
    .ask = translate_ask,
    .answer = translate_answer,
    .leave = translate_leave,
};
