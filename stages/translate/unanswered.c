/* Decides what to do with a request whose reply was empty or unusable. */
#include "stages/translate/task.h"

static const struct configured_service *service_of_request(const struct task *task) {
    return task->request.lane->configured_service;
}

static struct failure failure_of(const struct task *task, enum failure_reach reach, struct span note) {
    struct failure why;
    failure_set(&why, reach, reach == REACH_SERVICE ? REMEDY_NEXT_RUN : REMEDY_NONE, "service %.*s: %.*s",
                SPAN_ARGS(service_of_request(task)->name), SPAN_ARGS(note));
    if (reach == REACH_SERVICE) failure_blame(&why, CAUSE_SERVICE, service_of_request(task)->name);
    return why;
}

/* ---------------------------------------------------------------- empty replies */

/* Sends the same request again, at most once per article, in case the fault was brief. After that, the texts are sent
 * one by one, because one of them may be the cause. The failure is marked as temporary, so that the article waits for
 * this service instead of being translated by the embedded engine. */
static void take_useless(struct task *task, struct exchange *exchange, const struct failure *why) {
    struct failure own = *why;
    own.passing = true;
    exchange->useless = own;
    if (task->asked_again)
        request_retry(task, &own);
    else
        request_put_back(task);
    task->asked_again = true;
}

static void take_empty_reply(struct translator *translator, struct task *task, struct exchange *exchange,
                             struct span note) {
    struct failure why = failure_of(task, REACH_SERVICE, note);
    worth_count_unread(translator->worth, service_of_request(task), task->request.lane->language);
    take_useless(task, exchange, &why);
}

/* ---------------------------------------------------------------- wrong number of translations */

/* It is unknown which translation belongs to which text, so all texts are sent again in smaller requests. A service
 * that can only handle one text per request is still usable. If a service returns several translations for a single
 * text, the text goes to the next service. */
static void take_miscounted(struct translator *translator, struct task *task, struct exchange *exchange,
                            const struct failure *why) {
    const struct configured_service *service = service_of_request(task);
    exchange->useless = *why;
    worth_set_miscounts(translator->worth, service, true);
    if (task->request.count == 1) {
        request_pass_on(task, why);
        return;
    }
    exchange->useless.remedy = REMEDY_RETRY;
    worth_limit_texts(translator->worth, service, task->request.count / 2);
    request_put_back(task);
}

/* One of the texts may have made the reply unreadable, so they are sent one by one. */
static void take_unreadable(struct task *task, const struct failure *why) {
    if (task->request.count == 1) answers_note_empty(task->request.lane, &task->request.units[0]);
    request_retry(task, why);
}

/* If another attempt may succeed (see failure_remedy), the service is to blame and not the text. */
void unanswered_reply(struct translator *translator, struct task *task, struct exchange *exchange,
                      const struct failure *why, bool miscounted) {
    struct failure own = *why;
    if (own.remedy != REMEDY_NONE) failure_blame(&own, CAUSE_SERVICE, service_of_request(task)->name);
    worth_count_unread(translator->worth, service_of_request(task), task->request.lane->language);
    if (miscounted)
        take_miscounted(translator, task, exchange, &own);
    else if (own.reach == REACH_SERVICE)
        take_useless(task, exchange, &own);
    else
        take_unreadable(task, &own);
}

/* ---------------------------------------------------------------- the same answer for all texts */

/* Returns whether the service has given the same answer to several texts in a row, including texts in earlier requests
 * of the article. An answer from another service ends the series. */
static bool is_same_for_all(const struct translator *translator, struct task *task, const struct answer *answers,
                            size_t count) {
    const struct configured_service *service = service_of_request(task);
    bool miscounts = worth_miscounts(translator->worth, service), same = false;
    if (task->said_by != service) task->said = (struct canned_row){0};
    task->said_by = service;
    for (size_t i = 0; i < count && i < task->request.count && !same; i++)
        same = answers[i].verdict == VERDICT_TRANSLATED &&
               canned_follows(&task->said, task->request.units[i].text, answers[i].target, miscounts);
    return same;
}

/* Rejects the first answers of the series, which were used before the series was recognized. */
static void reject_earlier(struct article *article, const struct task *task, const struct failure *why) {
    for (struct segment_walk walk = {0}; segment_walk_next(article, &walk);) {
        struct segment *segment = walk.segment;
        bool said = segment->translated_by >= 0 && segment->target.length &&
                    span_find(task->said.target, segment->target) != SIZE_MAX &&
                    span_equal(article->providers[segment->translated_by].service, task->said_by->name);
        if (said) article_add_finding(article, segment, "untranslated", SEVERITY_ERROR, span_of(why->sentence));
    }
}

static void take_same(struct translator *translator, struct article *article, struct task *task,
                      struct exchange *exchange) {
    struct failure why;
    failure_set(&why, REACH_SERVICE, REMEDY_NEXT_RUN,
                "service %.*s gives no usable translations from '%s': it returned the same translation for different "
                "texts, '%.*s'",
                SPAN_ARGS(task->said_by->name), task->request.lane->language,
                SPAN_ARGS(text_clip(task->said.target, 60)));
    failure_blame(&why, CAUSE_SERVICE, task->said_by->name);
    worth_close_canned(translator->worth, task->said_by, task->request.lane->language, task->said.target, &why);
    reject_earlier(article, task, &why);
    task->said = (struct canned_row){0};
    refused_close(translator, task, exchange, &why);
}

/* ---------------------------------------------------------------- not enough tokens */

/* Handles a model that spent all its tokens on thinking. If the service has translated other texts, only these texts
 * fail. If not, its settings must be wrong, and the service is disabled. */
static void take_no_answer(struct translator *translator, struct task *task, struct exchange *exchange,
                           struct span note) {
    bool proven = worth_proven(translator->worth, service_of_request(task));
    struct failure why = failure_of(task, proven ? REACH_ARTICLE : REACH_SERVICE, note);
    if (proven)
        request_retry(task, &why);
    else
        refused_close(translator, task, exchange, &why);
}

/* Whether the adapter has just raised the limit on answers, so that the request is worth sending again. */
static bool enlarges(const struct task *task, const struct exchange *exchange) {
    const struct configured_service *service = service_of_request(task);
    return service->service->enlarge && service->service->enlarge(service->state, exchange);
}

/* Handles an answer that was cut off, or a request that did not fit into the context. A smaller request may succeed. If
 * the answer to a single text is cut off too, the limit is too low; `note` names the setting to change. */
static void take_cut(struct translator *translator, struct task *task, struct exchange *exchange, struct span note) {
    const struct unit *unit = &task->request.units[0];
    const struct configured_service *service = service_of_request(task);
    bool again = worth_cut(translator->worth, service) > 1 && unit->first->alone;
    struct failure why = failure_of(task, REACH_SERVICE, note);
    if (again && !worth_proven(translator->worth, service)) {
        refused_close(translator, task, exchange, &why);
    } else if (again || (task->request.count == 1 && unit->count == 1)) {
        request_pass_on(task, &why);
    } else if (task->request.count == 1) {
        unit_retry(task, unit, true);
        task->request.count = 0;
    } else {
        request_retry(task, &why);
    }
}

/* ---------------------------------------------------------------- verdicts on the request as a whole */

static bool take_of_all(struct translator *translator, struct task *task, struct exchange *exchange,
                        const struct answer *answer) {
    struct failure refused = failure_of(task, REACH_ARTICLE, answer->note);
    switch (answer->verdict) {
    case VERDICT_CUT_OFF:
        if (enlarges(task, exchange))
            request_put_back(task);
        else
            take_no_answer(translator, task, exchange, answer->note);
        return true;
    case VERDICT_NO_ANSWER:
        take_no_answer(translator, task, exchange, answer->note);
        return true;
    case VERDICT_TOO_LONG:
        take_cut(translator, task, exchange, answer->note);
        return true;
    case VERDICT_REFUSED:
        request_retry(task, &refused);
        return true;
    case VERDICT_BROKEN:
        if (answer->nothing) take_empty_reply(translator, task, exchange, answer->note);
        return answer->nothing;
    case VERDICT_MISCOUNTED:
    case VERDICT_TRANSLATED:
    case VERDICT_RETRY:
    case VERDICT_QUOTA:
        return false;
    }
    return false;
}

/* If fewer than half of the texts have a translation, one translation may cover several texts. The translations are
 * then used but not stored in the translation memory. */
static void note_count(struct translator *translator, struct task *task, const struct answer *answers, size_t count) {
    size_t given = 0;
    for (size_t i = 0; i < count; i++) given += answers[i].verdict != VERDICT_RETRY;
    bool few = given * 2 < task->request.count;
    if (task->request.count > 1) worth_set_miscounts(translator->worth, service_of_request(task), few);
    task->request.doubtful = worth_miscounts(translator->worth, service_of_request(task));
}

bool unanswered_answers(struct translator *translator, struct article *article, struct task *task,
                        struct exchange *exchange, const struct answer *answers, size_t count) {
    if (count == 0) return false;
    if (answers[0].of_all && take_of_all(translator, task, exchange, &answers[0])) return true;
    note_count(translator, task, answers, count);
    if (!is_same_for_all(translator, task, answers, count)) return false;
    take_same(translator, article, task, exchange);
    return true;
}
