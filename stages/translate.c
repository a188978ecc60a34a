/* The memory first, then the route's services; every text's answer is remembered before anything else is done with it.
 * Which texts are asked for next is request.c's part, what becomes of an answer answers.c's (stages/translate/task.h).
 */
#include <stdlib.h>

#include "config/reader.h"
#include "pipeline/engine/stage.h"
#include "stages/services/common/price.h"
#include "stages/translate/task.h"

static void translate_close(void *state) {
    struct translator *translator = state;
    if (!translator) return;
    roster_close(translator->roster);
    claims_free(translator->claims);
    shelves_free(translator->shelves);
    termbase_close(translator->termbase);
    free(translator);
}

static void warn_of_unusable(const struct stage_context *context, const struct roster *roster) {
    for (size_t i = 0; i < roster->count; i++) {
        const struct recruit *recruit = &roster->recruits[i];
        struct failure said;
        if (recruit->unusable.reach == REACH_NONE || !context->warn) continue;
        failure_set(&said, REACH_SERVICE, REMEDY_NONE, "service %.*s is left out: %s", SPAN_ARGS(recruit->name),
                    recruit->unusable.sentence);
        context->warn(context->warn_context, said.sentence);
    }
}

static bool translate_open(const struct stage_context *context, void **ret_state, struct failure *ret_failure) {
    struct translator *translator = memory_take(sizeof *translator);
    *translator = (struct translator){.claims = claims_new(),
                                      .store = context->store,
                                      .budget = context->budget,
                                      .plan = context->plan,
                                      .day = context->day};
    translator->waits_at_cap = span_is(setting_text(config_section(context->config, "budget"), "when_reached"), "wait");
    translator->rules = toolbox_borrow(context->toolbox, &segmenter_tool, ret_failure);
    translator->checker = toolbox_borrow(context->toolbox, &checker_tool, ret_failure);
    if (!translator->rules || !translator->checker ||
        !termbase_open(context->config, &translator->termbase, ret_failure) ||
        !roster_open(context->config, context->data_folder, &translator->roster, ret_failure) ||
        !roster_can_serve(translator->roster, ret_failure)) {
        translate_close(translator);
        return false;
    }
    warn_of_unusable(context, translator->roster);
    translator->shelves = shelves_new(translator->termbase);
    *ret_state = translator;
    return true;
}

static void translate_leave(void *state, struct article *article) {
    if (article->stage_work) request_release(state, article->stage_work);
    article->stage_work = NULL;
}

/* ---------------------------------------------------------------- the end of an article */

static bool no_service_at_all(const struct translator *translator, const struct article *article) {
    struct span model;
    const char *language = article->language.code;
    struct route route = roster_route(translator->roster, language, article->origin.source, article->section);
    return !roster_pick(translator->roster, &route, language, SERVICE_TRANSLATES, 0, &model);
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
    article->stage_work = NULL;
    answers_close_gaps(article);
    for (struct segment_walk walk = {0}; segment_walk_next(article, &walk);) {
        translated += walk.segment->target.length > 0;
        failed += walk.segment->status == SEGMENT_FAILED;
    }
    if (failed && task->waits) {
        *ret_failure = *task->waits;
        ret_failure->remedy = REMEDY_NEXT_RUN;
        leave_for_next_run(article);
        return FAIL;
    }
    if (translated || !failed) return GO_ON;
    article->status = ARTICLE_FAILED;
    if (no_service_at_all(translator, article))
        failure_set(
            ret_failure, REACH_ARTICLE, REMEDY_NONE,
            "no configured service translates '%s' to English: install an Apertium pair, or add a [service] that "
            "does (see `dragoman services`)",
            article->language.code);
    else
        *ret_failure = task->failure;
    return FAIL;
}

/* ---------------------------------------------------------------- what is to be asked */

static struct task *task_of(const struct translator *translator, struct article *article) {
    struct task *task = article->stage_work;
    if (task) return task;
    article->stage_work = task = arena_take(article->arena, sizeof *task);
    task->whom = arena_print(article->arena, "%s %s", translator->day, article->id);
    queue_fill(&task->queue, translator->roster, translator->termbase, article);
    return task;
}

static bool write_request(const struct article *article, const struct task *task, struct exchange *exchange,
                          struct failure *ret_failure) {
    const struct recruit *recruit = task->request.lane->recruit;
    struct batch batch = request_batch(article, &task->request);
    exchange_start(exchange, EXCHANGE_HTTP, article->arena);
    if (!recruit->service->write_request(recruit->state, &batch, exchange, ret_failure)) return false;
    roster_address(recruit, exchange);
    return true;
}

static enum purchase_answer pay(const struct translator *translator, const struct article *article, struct task *task,
                                struct exchange *exchange, struct failure *ret_failure) {
    struct batch batch = request_batch(article, &task->request);
    struct bill_line most = price_most(task->request.lane->recruit, &batch, exchange);
    most.day = span_of(translator->day);
    most.source = article->origin.source;
    return purchase_begin(&task->purchase, translator->budget, &most, exchange, ret_failure);
}

/* Whether the request may go; if not, its texts are where they can be taken up later, or elsewhere. */
static bool send(struct translator *translator, const struct article *article, struct task *task,
                 struct exchange *exchange) {
    struct failure why = {0};
    task->short_of_money = false;
    bool written = write_request(article, task, exchange, &why);
    enum purchase_answer answer = written ? pay(translator, article, task, exchange, &why) : PURCHASE_REFUSED;
    if (answer == PURCHASE_GRANTED) return true;
    request_release(translator, task);
    if (!written && why.reach == REACH_SERVICE)
        request_pass_on(task, &why); /* no key for all is no key for one */
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

enum shelved { SHELVED, SHELVING, SHELVED_LATER, SHELVED_NOT };

/* Before terms are sent to a service that keeps glossaries, it has to have ours. SHELVING: *exchange asks for that.
 * LATER: another article has asked already. In these cases and NOT (there will be placeholders) the request has been
 * put back. */
static enum shelved shelve(struct translator *translator, struct task *task, struct exchange *exchange) {
    struct request *request = &task->request;
    struct shelf *shelf = request->glossary.count && !translator->plan
                              ? shelf_of(translator->shelves, request->lane->recruit, request->lane->language)
                              : NULL;
    if (!shelf || shelf->state == SHELF_UNUSABLE) return SHELVED;
    if (shelf->state == SHELF_READY) {
        request->glossary_id = shelf->id;
        return SHELVED;
    }
    request_release(translator, task);
    request_put_back(task);
    if (shelf->state == SHELF_ASKED) return SHELVED_LATER;
    if (!shelf_ask(translator->shelves, shelf, exchange)) return SHELVED_NOT;
    task->shelf = shelf;
    return SHELVING;
}

static enum outcome translate_ask(void *state, struct article *article, struct exchange *ret_exchange,
                                  struct failure *ret_failure) {
    struct translator *translator = state;
    struct task *task = task_of(translator, article);
    if (task->short_of_money && !purchase_may_fit(&task->purchase)) return PARK;
    for (;;) {
        enum filled filled = request_fill(translator, article, task);
        if (filled == FILLED_WAITS && !translator->plan) return PARK;
        if (filled == FILLED_WAITS) rehearse_shared(translator, task);
        if (filled != FILLED) return conclude(translator, article, task, ret_failure);
        enum shelved shelved = shelve(translator, task, ret_exchange);
        if (shelved == SHELVING) return ASK;
        if (shelved == SHELVED_LATER) return PARK;
        if (shelved == SHELVED_NOT) continue;
        bool sent = send(translator, article, task, ret_exchange);
        if (sent && !translator->plan) return ASK;
        if (sent) rehearse_request(translator, article, task, ret_exchange);
        if (task->short_of_money) return PARK;
    }
}

/* ---------------------------------------------------------------- what came back */

/* What the checks find worthless is remembered for this article and day only: asked for again after a kill it would be
 * paid for twice, and remembered for all it would stand in the way of a better answer. */
static bool take_translation(struct translator *translator, struct article *article, struct task *task, size_t index,
                             const struct answer *answer, struct failure *ret_failure) {
    const struct lane *lane = task->request.lane;
    struct span target = arena_copy(article->arena, answer->target);
    unsigned unknown_words = answer->unknown_words;
    if (!request_restore(task, index, &target, &unknown_words)) return true;
    struct memory_entry entry = {.source = task->request.units[index].text,
                                 .target = target,
                                 .source_language = span_of(lane->language),
                                 .service = lane->recruit->name,
                                 .model = lane->model,
                                 .unknown_words = unknown_words};
    if (!answers_take(translator, article, task, lane, &task->request.units[index], &entry, ANSWER_BOUGHT))
        entry.only_for = task->whom;
    return store_remember(translator->store, &task->request.keys[index], &entry, ret_failure);
}

static struct failure refusal_of(const struct task *task, const struct answer *answer) {
    struct failure why;
    bool quota = answer->verdict == VERDICT_QUOTA;
    failure_set(&why, quota ? REACH_SERVICE : REACH_ARTICLE, quota ? REMEDY_NEXT_RUN : REMEDY_NONE,
                "%.*s gave no usable translation%s%.*s", SPAN_ARGS(task->request.lane->recruit->name),
                answer->note.length ? ": " : "", SPAN_ARGS(answer->note));
    return why;
}

/* Together with others it may have been mixed up, and a paragraph may have been too much: then once more, in smaller
 * pieces. Otherwise the next service may have it. */
static void take_refusal(struct task *task, const struct unit *unit, const struct answer *answer) {
    bool final = answer->verdict == VERDICT_REFUSED || answer->verdict == VERDICT_QUOTA;
    bool alone = task->request.count == 1, too_long = answer->verdict == VERDICT_TOO_LONG && unit->count > 1;
    struct failure why = refusal_of(task, answer);
    if (!final && (!alone || too_long))
        unit_retry(task, unit, alone && too_long);
    else
        unit_pass_on(task, unit, &why);
}

static bool take_answers(struct translator *translator, struct article *article, struct task *task,
                         const struct answer *answers, size_t count, struct failure *ret_failure) {
    for (size_t i = 0; i < task->request.count; i++) {
        const struct answer broken = {.verdict = VERDICT_BROKEN}, *answer = i < count ? &answers[i] : &broken;
        if (answer->verdict != VERDICT_TRANSLATED || !answer->target.length)
            take_refusal(task, &task->request.units[i], answer);
        else if (!take_translation(translator, article, task, i, answer, ret_failure))
            return false;
    }
    return true;
}

static enum outcome translate_answer(void *state, struct article *article, struct exchange *exchange,
                                     struct failure *ret_failure) {
    struct translator *translator = state;
    struct task *task = article->stage_work;
    struct request *request = &task->request;
    const struct recruit *recruit = request->lane->recruit;
    if (task->shelf) {
        shelf_answer(translator->shelves, task->shelf, exchange);
        task->shelf = NULL;
        return AGAIN;
    }
    request_release(translator, task);
    if (exchange->failure.reach != REACH_NONE) {
        purchase_end(&task->purchase, exchange, NULL);
        request_pass_on(task, &exchange->failure);
        return AGAIN;
    }
    struct answer *answers = arena_take(article->arena, request->count * sizeof *answers);
    struct batch batch = request_batch(article, request);
    struct usage usage = {0};
    struct failure failure = {0};
    size_t count = 0;
    bool read = recruit->service->read_reply(recruit->state, &batch, exchange, answers, &count, &usage, &failure);
    struct bill_line billed = price_billed(recruit, &task->purchase.most, &usage);
    purchase_end(&task->purchase, exchange, &billed);
    if (!read) {
        request_retry(task, &failure);
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
