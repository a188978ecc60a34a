/* Trials: a service that an earlier run closed as unusable must answer one trial request before it receives any others.
 */
#include "stages/translate/closings.h"
#include "stages/translate/task.h"

/* Loads, once per run, what earlier runs found out about the service. */
static void look_up(const struct translator *translator, const struct configured_service *service,
                    const char *language) {
    if (worth_is_known(translator->worth, service, language)) return;
    struct arena *arena = arena_new();
    struct closing closing;
    bool closed = closings_find(translator->store, service->name, span_of(language), arena, &closing);
    struct history history = history_find(translator->store, service->name, span_of(language));
    worth_recall(translator->worth, service, language, closed, &history);
    if (closed) worth_know_canned(translator->worth, service, language, closing.canned);
    arena_free(arena);
}

/* There are no trials in a dry run, which sends nothing. */
enum worth_trial trial_of(struct translator *translator, const struct lane *lane) {
    if (translator->plan) return TRIAL_NONE;
    look_up(translator, lane->configured_service, lane->language);
    return worth_trial(translator->worth, lane->configured_service, lane->language);
}

bool trial_is_over(const struct translator *translator, const struct configured_service *service,
                   const char *language) {
    if (translator->plan) return true;
    look_up(translator, service, language);
    return worth_translates(translator->worth, service, language);
}

/* Marks the trial as under way, so that other articles wait for its result before they send requests to the service. */
void trial_begin(struct translator *translator, struct task *task) {
    const struct lane *lane = task->request.lane;
    task->on_trial = trial_of(translator, lane) == TRIAL_DUE;
    if (task->on_trial) worth_begin_trial(translator->worth, lane->configured_service, lane->language);
}

void trial_put_off(struct translator *translator, struct task *task) {
    const struct lane *lane = task->request.lane;
    if (task->on_trial) worth_end_trial(translator->worth, lane->configured_service, lane->language);
    task->on_trial = false;
}

/* Stores for later runs that the service is closed, with the reason to show and the canned answer to recognize. */
static bool keep_closing(struct translator *translator, const struct lane *lane, struct failure *ret_failure) {
    const struct configured_service *service = lane->configured_service;
    const struct failure *why = worth_closed(translator->worth, service->name, lane->language);
    struct closing closing = {.service = service->name,
                              .language = span_of(lane->language),
                              .reason = span_of(why ? why->sentence : ""),
                              .canned = worth_canned(translator->worth, service->name, lane->language)};
    return closings_put(translator->store, &closing, ret_failure);
}

/* Stores the history if it has changed; this is called after every answer. */
static bool keep_history(struct translator *translator, const struct lane *lane, struct failure *ret_failure) {
    struct history history;
    struct span service = lane->configured_service->name;
    return !worth_history(translator->worth, lane->configured_service, lane->language, &history) ||
           history_put(translator->store, service, span_of(lane->language), &history, ret_failure);
}

/* Stores immediately that the service was closed or enabled again, so that a crash does not lose what was learned from
 * paid answers. */
bool trial_end(struct translator *translator, const struct lane *lane, bool on_trial, struct failure *ret_failure) {
    const struct configured_service *service = lane->configured_service;
    if (on_trial) worth_end_trial(translator->worth, service, lane->language);
    if (!keep_history(translator, lane, ret_failure)) return false;
    switch (worth_news(translator->worth, service, lane->language)) {
    case WORTH_NO_NEWS:
        return true;
    case WORTH_CLOSED:
        return keep_closing(translator, lane, ret_failure);
    case WORTH_OPENED:
        return closings_lift(translator->store, service->name, span_of(lane->language), ret_failure);
    }
    return true;
}
