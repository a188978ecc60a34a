/* Decides what to do with a request that a service refused. */
#include "pipeline/article/verdict.h"
#include "stages/translate/task.h"

static const struct configured_service *service_of_request(const struct task *task) {
    return task->request.lane->configured_service;
}

void refused_close(struct translator *translator, struct task *task, struct exchange *exchange,
                   const struct failure *why) {
    worth_close(translator->worth, service_of_request(task), NULL, why);
    exchange->complaint = *why;
    request_pass_on(task, why);
}

/* Blames the service for a failure that affects only one text; otherwise the article would be blamed for it. */
static struct failure of_service(const struct task *task, const struct failure *why) {
    struct failure own = *why;
    own.reach = REACH_SERVICE;
    own.remedy = REMEDY_NEXT_RUN;
    failure_blame(&own, CAUSE_SERVICE, service_of_request(task)->name);
    return own;
}

/* ---------------------------------------------------------------- before the request is sent */

/* Used as exchange.starts. Holds the request back if its service has been disabled, or its parameters have become
 * outdated, while the request was waiting to be sent. */
static enum exchange_start starts(void *asker, struct failure *ret_failure) {
    struct task *task = asker;
    struct guard *guard = &task->guard;
    const struct configured_service *service = service_of_request(task);
    const struct failure *closed = worth_closed(guard->worth, service->name, task->request.lane->language);
    guard->stale = service->service->learned && service->service->learned(service->state) > guard->written_with;
    if (closed) *ret_failure = *closed;
    if (!closed && guard->stale)
        failure_set(ret_failure, REACH_SERVICE, REMEDY_NEXT_RUN,
                    "the request to %.*s is out of date, because the service has refused one of its parameters",
                    SPAN_ARGS(service->name));
    if (closed || guard->stale) return EXCHANGE_START_NEVER;
    return guard->starts ? guard->starts(guard->asker, ret_failure) : EXCHANGE_START;
}

static bool may_try_again(void *asker, const struct exchange *exchange) {
    const struct guard *guard = &((struct task *)asker)->guard;
    return !guard->may_try_again || guard->may_try_again(guard->asker, exchange);
}

/* Replaces the callbacks that purchase_begin() has set. The guard calls them after its own check. */
void refused_guard(const struct translator *translator, struct task *task, struct exchange *exchange) {
    task->guard = (struct guard){.starts = exchange->starts,
                                 .may_try_again = exchange->may_try_again,
                                 .asker = exchange->asker,
                                 .worth = translator->worth,
                                 .written_with = exchange->written_with};
    exchange->starts = starts;
    exchange->may_try_again = may_try_again;
    exchange->asker = task;
}

/* ---------------------------------------------------------------- after a refusal */

static struct sent sent_of(const struct request *request) {
    struct sent sent = {.texts = request->count, .characters = request->characters};
    for (size_t i = 0; i < request->count; i++) {
        size_t characters = text_count(request->texts[i]);
        if (characters > sent.longest) sent.longest = characters;
    }
    return sent;
}

/* Handles a text that is too large although it was alone in its request. A paragraph is split into sentences; a
 * sentence is passed on to the next service. If the service has refused three such sentences in a row and has
 * translated nothing, it is disabled. */
static void give_less(struct translator *translator, struct task *task, struct exchange *exchange) {
    const struct failure *why = &exchange->failure;
    struct request *request = &task->request;
    const struct configured_service *service = service_of_request(task);
    if (request->units[0].count > 1) {
        unit_retry(task, &request->units[0], true);
        request->count = 0;
    } else if (worth_refused(translator->worth, service) && !worth_proven(translator->worth, service)) {
        refused_close(translator, task, exchange, why);
    } else {
        struct failure own;
        failure_set(&own, REACH_ARTICLE, REMEDY_NONE, "a sentence is too long for %.*s: %s", SPAN_ARGS(service->name),
                    why->sentence);
        request_pass_on(task, &own);
    }
}

static void divide(struct translator *translator, struct task *task, struct exchange *exchange) {
    struct sent sent = sent_of(&task->request);
    struct span reply = text_clip(buffer_span(&exchange->reply), 4096);
    if (worth_learn_limits(translator->worth, service_of_request(task), &sent, reply))
        request_put_back(task);
    else
        give_less(translator, task, exchange);
}

/* Whether a smaller request may succeed: the prompt and the answer must fit into the model's context together. If the
 * request has been made smaller twice without success, the setting answer_tokens must be wrong. */
static bool may_fit(struct translator *translator, const struct task *task, const struct exchange *exchange) {
    enum { TRIALS = 2 };
    return span_is(exchange->refusal_setting, "answer_tokens") && task->request.count > 1 &&
           span_contains_ascii_fold(exchange->refusal_said, SPAN("context")) &&
           worth_cut(translator->worth, service_of_request(task)) <= TRIALS;
}

/* Lets the adapter omit or change the refused parameter. If the adapter cannot do so, the service is disabled, because
 * it would refuse every other request too. */
static void adapt(struct translator *translator, struct task *task, struct exchange *exchange) {
    if (service_list_adapts(service_of_request(task), exchange))
        request_put_back(task);
    else if (may_fit(translator, task, exchange))
        divide(translator, task, exchange);
    else
        refused_close(translator, task, exchange, &exchange->failure);
}

/* Handles a refusal for an unknown reason. If the service has translated other texts, the cause may be this text; if
 * not, the service is probably misconfigured. */
static void handle_unknown(struct translator *translator, struct task *task, struct exchange *exchange) {
    const struct configured_service *service = service_of_request(task);
    struct failure why = of_service(task, &exchange->failure);
    bool alone = task->request.count == 1;
    if (!worth_proven(translator->worth, service) || (alone && worth_refused(translator->worth, service)))
        refused_close(translator, task, exchange, &why);
    else
        request_retry(task, &why);
}

void refused_request(struct translator *translator, struct task *task, struct exchange *exchange) {
    if (task->guard.stale) {
        request_put_back(task);
        return;
    }
    switch (exchange->refusal) {
    case REFUSAL_PARAMETER:
        adapt(translator, task, exchange);
        return;
    case REFUSAL_SIZE:
        divide(translator, task, exchange);
        return;
    case REFUSAL_TEXT:
        request_retry(task, &exchange->failure);
        return;
    case REFUSAL_LANGUAGE:
        worth_close(translator->worth, service_of_request(task), task->request.lane->language, &exchange->failure);
        request_pass_on(task, &exchange->failure);
        return;
    case REFUSAL_UNKNOWN:
        handle_unknown(translator, task, exchange);
        return;
    case REFUSAL_USELESS:
        unanswered_reply(translator, task, exchange, &exchange->useless, false);
        return;
    case REFUSAL_NONE:
    case REFUSAL_KEY:
    case REFUSAL_MONEY:
    case REFUSAL_SETTING:
    case REFUSAL_BUSY:
    case REFUSAL_TROUBLE:
        request_pass_on(task, &exchange->failure);
        return;
    }
}

/* ---------------------------------------------------------------- segments of an unusable service */

/* Resets the segment to untranslated, so that the next run translates it again. */
static void reopen(struct segment *segment) {
    segment->status = SEGMENT_FAILED;
    segment->target = (struct span){NULL, 0};
    segment->judged = false;
    segment->translated_by = -1;
}

/* When a service is disabled, some segments already have unusable answers from it, because answers are used as soon as
 * they arrive. These segments are reset. */
void refused_reopen(struct translator *translator, struct article *article, struct task *task) {
    for (struct segment_walk walk = {0}; segment_walk_next(article, &walk);) {
        struct segment *segment = walk.segment;
        if (segment->translated_by < 0 || !segment->target.length) continue;
        struct span service = article->providers[segment->translated_by].service;
        struct span canned = worth_canned(translator->worth, service, segment_walk_language(article, &walk));
        bool is_canned = canned.length && span_equal(segment->target, canned);
        if (!segment_is_rejected(segment) && !is_canned) continue;
        const struct failure *closed = worth_closed(translator->worth, service, segment_walk_language(article, &walk));
        if (!closed) continue;
        reopen(segment);
        if (closed->remedy != REMEDY_NONE) task->waits = closed;
    }
}

/* ---------------------------------------------------------------- a service that has not proven itself */

static const struct failure *why_unproven(const struct translator *translator, const struct doubted *doubted,
                                          struct arena *arena) {
    const struct configured_service *service = doubted->service;
    const struct failure *closed = worth_closed(translator->worth, service->name, doubted->language);
    struct span reason = segment_rejection(doubted->segment);
    if (closed) return closed;
    struct failure *why = arena_take(arena, sizeof *why);
    failure_set(why, REACH_SERVICE, REMEDY_NEXT_RUN,
                "service %.*s has given no usable translations from '%s' so far (%.*s); check that its model or server "
                "supports this language",
                SPAN_ARGS(service->name), doubted->language, SPAN_ARGS(text_clip(reason, 120)));
    failure_blame(why, CAUSE_SERVICE, service->name);
    return why;
}

/* Decided after the last answer for the article, because the service may have given good answers after a rejected one.
 */
void refused_await_unproven(const struct translator *translator, struct article *article, struct task *task) {
    for (const struct doubted *doubted = task->doubted; doubted; doubted = doubted->next) {
        if (!segment_is_rejected(doubted->segment)) continue;
        if (trial_is_over(translator, doubted->service, doubted->language)) continue;
        if (!task->waits) task->waits = why_unproven(translator, doubted, article->arena);
        reopen(doubted->segment);
    }
}
