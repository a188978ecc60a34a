/* The translate stage. Looks up each text in the translation memory, then asks the services of the route, and stores
 * each answer in the memory before using it. request.c chooses the texts of the next request; answers.c handles the
 * answers; stages/translate/task.h declares all parts of the stage. */
#include <stdlib.h>

#include "config/reader.h"
#include "pipeline/article/verdict.h"
#include "pipeline/engine/stage.h"
#include "pipeline/store/budget_settings.h"
#include "pipeline/store/store_questions.h"
#include "stages/services/common/key.h"
#include "stages/services/common/price.h"
#include "stages/translate/task.h"

static const struct setting translate_table[] = {
    SETTING("max_requests", SETTING_NUMBER_AT(struct translate_settings, max_requests), .default_value = "2000",
            .min = 1, .max = 1000000,
            .help = "maximum number of requests for one article; what is left after that is not translated"),
    SETTINGS_END,
};

static void translate_close(void *state) {
    struct translator *translator = state;
    if (!translator) return;
    pending_keys_free(translator->pending_keys);
    remote_glossaries_free(translator->remote_glossaries);
    worth_free(translator->worth);
    termbase_close(translator->termbase);
    free(translator);
}

/* Warns about services that cannot be used, for example because a key is missing. The run continues with the other
 * services. There is no warning about an embedded engine that the user did not configure. */
static void warn_about_unusable(const struct stage_context *context, const struct service_list *service_list) {
    for (size_t i = 0; i < service_list->count; i++) {
        const struct configured_service *configured_service = &service_list->configured_services[i];
        struct failure said;
        if (configured_service->unusable.reach == REACH_NONE || configured_service->implied || !context->warn) continue;
        failure_set(&said, REACH_SERVICE, REMEDY_NONE, "service %.*s is not used: %s",
                    SPAN_ARGS(configured_service->name), configured_service->unusable.sentence);
        context->warn(context->warn_context, said.sentence);
    }
}

static bool translate_open(const struct stage_context *context, void **ret_state, struct failure *ret_failure) {
    struct translator *translator = memory_take(sizeof *translator);
    *translator = (struct translator){.pending_keys = pending_keys_new(),
                                      .worth = worth_new(),
                                      .store = context->store,
                                      .budget = context->budget,
                                      .plan = context->plan,
                                      .stood_in = context->stood_in,
                                      .stood_in_context = context->stood_in_context,
                                      .day = context->day};
    const struct translate_settings *settings = context->settings;
    translator->max_requests = (size_t)settings->max_requests;
    translator->waits_at_cap = budget_settings_of(context->config)->when_reached == WHEN_REACHED_WAIT;
    translator->rules = resources_borrow(context->resources, &segmenter_resource, ret_failure);
    translator->checker = resources_borrow(context->resources, &checker_resource, ret_failure);
    if (!translator->rules || !translator->checker ||
        !termbase_open(context->config, &translator->termbase, ret_failure) ||
        !service_list_borrow(context, &translator->service_list, ret_failure) ||
        !service_list_can_serve(translator->service_list, ret_failure)) {
        translate_close(translator);
        return false;
    }
    warn_about_unusable(context, translator->service_list);
    translator->remote_glossaries = remote_glossaries_new(translator->termbase);
    *ret_state = translator;
    return true;
}

/* Called when the article leaves the stage for any reason. Other articles must no longer wait for the texts that this
 * article has requested. */
static void translate_leave(void *state, struct article *article) {
    struct task *task = article->stage_work;
    if (!task) return;
    request_release(state, task);
    request_end_questions(state, task);
    article->stage_work = NULL;
}

/* ---------------------------------------------------------------- the end of an article */

/* Finishes the translation of the article. Translations that failed the checks do not fail the article here; the check
 * stage decides on its status. */
static enum outcome conclude(struct translator *translator, struct article *article, struct task *task,
                             struct failure *ret_failure) {
    article->stage_work = NULL;
    request_end_questions(translator, task);
    refused_await_unproven(translator, article, task);
    answers_close_gaps(article);
    refused_reopen(translator, article, task);
    struct tally tally = article_tally(article);
    if (tally.failed && task->waits) {
        *ret_failure = *task->waits;
        ret_failure->remedy = REMEDY_NEXT_RUN; /* set regardless of *task->waits, so that the next run retries the
                                                  article instead of counting it as failed */
        article_reopen(article);
        return STAGE_FAIL;
    }
    bool nothing = tally.failed && !tally.translated;
    if (nothing && article_judge(article, ret_failure) == ARTICLE_FAILED) return STAGE_FAIL;
    stand_ins_tell(translator, article, task);
    return STAGE_CONTINUE;
}

/* ---------------------------------------------------------------- asking */

/* Asks a store on a server which of the lane's sentences people have translated. */
static void ask_for_imports(const struct translator *translator, const struct article *article, struct lane *lane) {
    size_t count = 0;
    for (const struct pending *pending = lane->first; pending; pending = pending->next) count++;
    struct memory_key *keys = arena_take(article->arena, (count + 1) * sizeof *keys);
    count = 0;
    for (const struct pending *pending = lane->first; pending; pending = pending->next)
        keys[count++] = key_of_import(pending->segment->source, lane->language);
    lane->question = store_ask(translator->store, keys, count);
}

static void mark_single(const struct translator *translator, const struct article *article, const struct lane *lane) {
    struct memory_entry entry;
    for (struct pending *pending = lane->first; pending; pending = pending->next) {
        struct memory_key key = key_of_import(pending->segment->source, lane->language);
        pending->single = pending->single || store_recall(translator->store, &key, SPAN(""), article->arena, &entry);
    }
}

/* A sentence that people have translated must not be joined with others: the memory does not know the paragraph.
 * Returns false if the store has not answered yet. */
static bool set_apart(const struct translator *translator, const struct article *article, struct lane *lane) {
    const struct configured_service *service = lane->configured_service;
    if (lane->set_apart || !service || service->service->unit != UNIT_PARAGRAPH) return true;
    if (store_is_remote(translator->store) && !lane->question) ask_for_imports(translator, article, lane);
    if (lane->question && !store_is_answered(lane->question)) return false;
    store_use_question(translator->store, lane->question);
    mark_single(translator, article, lane);
    request_end_question(translator, lane);
    return lane->set_apart = true;
}

/* What people have translated is only looked for before the first service is asked. */
static bool set_all_apart(const struct translator *translator, const struct article *article, struct task *task) {
    bool done = true;
    struct lane *lane;
    STAILQ_FOREACH(lane, &task->queue.lanes, next)
        if (lane->place == 0 && !set_apart(translator, article, lane)) done = false;
    return done;
}

/* Returns the state of the article's translation, creating it on the first call. */
static struct task *task_of(const struct translator *translator, struct article *article) {
    struct task *task = article->stage_work;
    if (task) return task;
    article->stage_work = task = arena_take(article->arena, sizeof *task);
    task->article_id = arena_copy(article->arena, span_of(article->id));
    queue_fill(&task->queue, translator->service_list, translator->termbase, article);
    return task;
}

static bool write_request(const struct article *article, const struct task *task, struct exchange *exchange,
                          struct failure *ret_failure) {
    const struct configured_service *configured_service = task->request.lane->configured_service;
    struct batch batch = request_batch(article, &task->request);
    exchange_start(exchange, EXCHANGE_HTTP, article->arena);
    if (!configured_service->service->write_request(configured_service->state, &batch, exchange, ret_failure))
        return false;
    service_list_address(configured_service, exchange);
    return true;
}

/* Reserves the maximum price of the request in the budget, so that even the longest possible answer cannot exceed a
 * spending cap. */
static enum purchase_answer pay(const struct translator *translator, const struct article *article, struct task *task,
                                struct exchange *exchange, struct failure *ret_failure) {
    struct batch batch = request_batch(article, &task->request);
    struct bill_line most = price_most(task->request.lane->configured_service, &batch, exchange);
    most.day = span_of(translator->day);
    most.source = article->origin.source;
    most.article = article->id;
    return purchase_begin(&task->purchase, translator->budget, &most, exchange, ret_failure);
}

/* Composes the request and reserves its price in the budget. Returns false if the request must not be sent; in that
 * case its texts are back in the queue, to be sent later or to another service. */
static bool send(struct translator *translator, const struct article *article, struct task *task,
                 struct exchange *exchange) {
    struct failure why = {0};
    task->short_of_money = false;
    bool written = write_request(article, task, exchange, &why);
    enum purchase_answer answer = written ? pay(translator, article, task, exchange, &why) : PURCHASE_REFUSED;
    if (answer == PURCHASE_GRANTED) refused_guard(translator, task, exchange);
    if (answer == PURCHASE_GRANTED) return true;
    request_release(translator, task);
    if (!written && why.reach == REACH_SERVICE)
        request_pass_on(task, &why); /* a missing key affects every request, so smaller ones would fail too */
    else if (!written)
        request_retry(task, &why);
    else if (answer == PURCHASE_LATER)
        request_put_back(task);
    else if (translator->waits_at_cap)
        request_put_off(task, &why);
    else
        request_pass_on(task, &why);
    task->short_of_money = answer == PURCHASE_LATER;
    return false;
}

/* Gives up on the texts of the request if the article has used up its requests. Other texts may still be found in the
 * memory. */
static bool is_past_limit(struct translator *translator, struct task *task) {
    struct failure why;
    if (task->requests < translator->max_requests) return false;
    failure_set(&why, REACH_ARTICLE, REMEDY_NONE, "this article has used up its %zu request%s (translate.max_requests)",
                translator->max_requests, PLURAL(translator->max_requests));
    request_release(translator, task);
    request_put_off(task, &why);
    return true;
}

enum glossary_step { GLOSSARY_READY, GLOSSARY_REQUESTED, GLOSSARY_PENDING, GLOSSARY_UNAVAILABLE };

/* Makes sure that a service that stores glossaries has the user's glossary before it receives a text with glossary
 * terms. GLOSSARY_REQUESTED: *exchange is a request to find or create the glossary. GLOSSARY_PENDING: another article
 * has already sent that request. GLOSSARY_UNAVAILABLE: terms must be sent as placeholders. Except for GLOSSARY_READY,
 * the texts of the translation request are back in the queue. */
static enum glossary_step prepare_glossary(struct translator *translator, struct task *task,
                                           struct exchange *exchange) {
    struct request *request = &task->request;
    struct remote_glossary *remote_glossary =
        request->glossary.count && !translator->plan
            ? remote_glossary_of(translator->remote_glossaries, request->lane->configured_service,
                                 request->lane->language)
            : NULL;
    if (!remote_glossary || remote_glossary->state == REMOTE_GLOSSARY_UNUSABLE) return GLOSSARY_READY;
    if (remote_glossary->state == REMOTE_GLOSSARY_READY) {
        request->glossary_id = remote_glossary->id;
        return GLOSSARY_READY;
    }
    request_release(translator, task);
    request_put_back(task);
    if (remote_glossary->state == REMOTE_GLOSSARY_ASKED) return GLOSSARY_PENDING;
    if (!remote_glossary_ask(translator->remote_glossaries, remote_glossary, exchange)) return GLOSSARY_UNAVAILABLE;
    task->remote_glossary = remote_glossary;
    return GLOSSARY_REQUESTED;
}

static enum outcome translate_ask(void *state, struct article *article, struct exchange *ret_exchange,
                                  struct failure *ret_failure) {
    struct translator *translator = state;
    struct task *task = task_of(translator, article);
    /* The budget has no room for the request until other requests have been settled, so it is not composed before that.
     */
    if (task->short_of_money && !purchase_may_fit(&task->purchase)) return STAGE_PARK;
    if (!set_all_apart(translator, article, task)) return STAGE_PARK;
    for (;;) {
        enum filled filled = request_fill(translator, article, task);
        if (filled == FILLED_LATER || (filled == FILLED_WAITS && !translator->plan)) return STAGE_PARK;
        /* a dry run sends nothing, so the other article's request will never be answered */
        if (filled == FILLED_WAITS) dry_run_shared(translator, task);
        if (filled != FILLED) return conclude(translator, article, task, ret_failure);
        if (is_past_limit(translator, task)) continue;
        enum glossary_step glossary_step = prepare_glossary(translator, task, ret_exchange);
        if (glossary_step == GLOSSARY_REQUESTED) return STAGE_ASK;
        if (glossary_step == GLOSSARY_PENDING) return STAGE_PARK;
        if (glossary_step == GLOSSARY_UNAVAILABLE) continue;
        bool sent = send(translator, article, task, ret_exchange);
        task->requests += sent;
        /* The next request is to see what other runs have translated by then. */
        if (sent && !translator->plan) request_end_questions(translator, task);
        if (sent && !translator->plan) return STAGE_ASK;
        if (sent) dry_run_request(translator, article, task, ret_exchange);
        if (task->short_of_money) return STAGE_PARK;
    }
}

/* ---------------------------------------------------------------- reading the answers */

/* Records the objection if the translation is canned (see canned.h). The checks look at one sentence at a time, so they
 * cannot notice that a service returns the same text for several sentences. */
static void mark_canned(struct translator *translator, struct article *article, struct task *task, size_t index,
                        struct span target) {
    const struct lane *lane = task->request.lane;
    struct unit *unit = &task->request.units[index];
    const struct configured_service *service = lane->configured_service;
    if (worth_is_canned(translator->worth, service, lane->language, unit->text, target))
        unit->objection =
            arena_print(article->arena, "%.*s returned the same translation for texts that have nothing in common",
                        SPAN_ARGS(service->name));
}

/* Assigns the translation to its segments and stores it in the translation memory. A rejected translation is stored for
 * this article only. If it were not stored, a crash would mean paying for it twice; if it were stored for all articles,
 * they would never get a better one. A translation that may belong to another text is not stored. */
static bool take_translation(struct translator *translator, struct article *article, struct task *task, size_t index,
                             const struct answer *answer, struct failure *ret_failure) {
    const struct lane *lane = task->request.lane;
    struct span target = arena_copy(article->arena, answer->target);
    unsigned unknown_words = answer->unknown_words;
    if (!request_restore(task, index, &target, &unknown_words)) return true;
    struct memory_entry entry = {.source = task->request.units[index].text,
                                 .target = target,
                                 .source_language = span_of(lane->language),
                                 .service = lane->configured_service->name,
                                 .model = lane->model,
                                 .unknown_words = unknown_words};
    mark_canned(translator, article, task, index, target);
    bool good = answers_take(translator, article, task, lane, &task->request.units[index], &entry, ANSWER_BOUGHT);
    /* The text may be a name, which is rightly copied, so a copy says nothing about the service. */
    bool copied = span_equal(span_trim(target), span_trim(entry.source));
    if (!good || !copied) worth_count(translator->worth, lane->configured_service, lane->language, good);
    if (!good) entry.only_for = task->article_id;
    if (task->request.doubtful) return true;
    return store_remember(translator->store, &task->request.keys[index], &entry, ret_failure);
}

/* Says why a text was not translated. The text waits for the next run only if a quota is used up. */
static struct failure refusal_of(const struct task *task, const struct answer *answer) {
    struct failure why;
    bool quota = answer->verdict == VERDICT_QUOTA;
    failure_set(&why, quota ? REACH_SERVICE : REACH_ARTICLE, quota ? REMEDY_NEXT_RUN : REMEDY_NONE,
                "%.*s returned no usable translation%s%.*s", SPAN_ARGS(task->request.lane->configured_service->name),
                answer->note.length ? ": " : "", SPAN_ARGS(answer->note));
    if (quota) failure_blame(&why, CAUSE_MONEY, task->request.lane->configured_service->name);
    return why;
}

/* Returns a text without a translation to the queue. If the request had other texts, the service may have mixed them
 * up, so this one is sent again alone. A long paragraph is divided. Otherwise the next service is asked. */
static void take_refusal(struct translator *translator, struct task *task, const struct unit *unit,
                         const struct answer *answer) {
    const struct lane *lane = task->request.lane;
    bool final = answer->verdict == VERDICT_REFUSED || answer->verdict == VERDICT_QUOTA;
    bool alone = task->request.count == 1, too_long = answer->verdict == VERDICT_TOO_LONG && unit->count > 1;
    struct failure why = refusal_of(task, answer);
    if (alone && !final && !too_long) {
        worth_count(translator->worth, lane->configured_service, lane->language, false);
        answers_note_empty(lane, unit);
    }
    if (!final && (!alone || too_long))
        unit_retry(task, unit, alone && too_long);
    else
        unit_pass_on(task, unit, &why);
}

/* Counts all answers before any is used. Otherwise the first few of a series of identical answers would be used before
 * the series is recognized. */
static void note_answers(struct translator *translator, const struct task *task, const struct answer *answers,
                         size_t count) {
    const struct lane *lane = task->request.lane;
    for (size_t i = 0; i < task->request.count && i < count; i++)
        if (answers[i].verdict == VERDICT_TRANSLATED && answers[i].target.length)
            worth_is_canned(translator->worth, lane->configured_service, lane->language, task->request.units[i].text,
                            answers[i].target);
}

static bool take_answers(struct translator *translator, struct article *article, struct task *task,
                         const struct answer *answers, size_t count, struct failure *ret_failure) {
    note_answers(translator, task, answers, count);
    for (size_t i = 0; i < task->request.count; i++) {
        /* a text without an answer is treated as if the answer were broken */
        const struct answer broken = {.verdict = VERDICT_BROKEN}, *answer = i < count ? &answers[i] : &broken;
        if (answer->verdict != VERDICT_TRANSLATED || !answer->target.length)
            take_refusal(translator, task, &task->request.units[i], answer);
        else if (!take_translation(translator, article, task, i, answer, ret_failure))
            return false;
    }
    return true;
}

static enum outcome take_reply(struct translator *translator, struct article *article, struct exchange *exchange,
                               struct failure *ret_failure) {
    struct task *task = article->stage_work;
    struct request *request = &task->request;
    const struct configured_service *configured_service = request->lane->configured_service;
    if (task->remote_glossary) {
        remote_glossary_answer(translator->remote_glossaries, task->remote_glossary, exchange);
        task->remote_glossary = NULL;
        return STAGE_ASK_AGAIN;
    }
    /* The keys must be released whatever the reply is; otherwise other articles would wait forever. */
    request_release(translator, task);
    if (exchange->failure.reach != REACH_NONE) {
        purchase_end(&task->purchase, exchange, NULL);
        refused_request(translator, task, exchange);
        return STAGE_ASK_AGAIN;
    }
    struct answer *answers = arena_take(article->arena, request->count * sizeof *answers);
    struct batch batch = request_batch(article, request);
    struct usage usage = {0};
    struct failure failure = {0};
    size_t count = 0;
    bool read = service_list_read(configured_service, &batch, exchange, answers, &count, &usage, &failure);
    struct bill_line billed = price_billed(configured_service, &task->purchase.max, &usage);
    purchase_end(&task->purchase, exchange, &billed);
    if (!read) {
        unanswered_reply(translator, task, exchange, &failure, count && answers[0].verdict == VERDICT_MISCOUNTED);
        return STAGE_ASK_AGAIN;
    }
    if (unanswered_answers(translator, article, task, exchange, answers, count)) return STAGE_ASK_AGAIN;
    return take_answers(translator, article, task, answers, count, ret_failure) ? STAGE_ASK_AGAIN : STAGE_FAIL;
}

static enum outcome translate_answer(void *state, struct article *article, struct exchange *exchange,
                                     struct failure *ret_failure) {
    struct translator *translator = state;
    struct task *task = article->stage_work;
    const struct lane *lane = task->request.lane;
    bool on_trial = task->on_trial;
    task->on_trial = false; /* so that request_release() does not cancel a trial that has been answered */
    enum outcome outcome = take_reply(translator, article, exchange, ret_failure);
    return trial_end(translator, lane, on_trial, ret_failure) ? outcome : STAGE_FAIL;
}

const struct stage stage_translate = {
    .name = "translate",
    .help = "look up each text in the translation memory; otherwise ask the services of the route",
    .settings = {translate_table, sizeof(struct translate_settings)},
    .open = translate_open,
    .close = translate_close,
    .ask = translate_ask,
    .answer = translate_answer,
    .leave = translate_leave,
};
