#include "stages/translate/worth.h"

#include <stdio.h>
#include <stdlib.h>

#include "stages/translate/canned.h"

/* A service is disabled if TRIAL_WORTHLESS of its last TRIAL_TEXTS answers were rejected. If the numbers were smaller,
 * one difficult article could disable a service; if they were larger, too many bad answers would be paid for. */
enum { TRIAL_TEXTS = HISTORY_TEXTS, TRIAL_WORTHLESS = 12, REFUSALS_IN_A_ROW = 3, LANGUAGE_BYTES = 24 };

/* What is known about one service in one language or, if `language` is empty, about the service as a whole. */
struct record {
    const struct configured_service *service;
    char language[LANGUAGE_BYTES];
    unsigned recent;    /* the last TRIAL_TEXTS answers, one bit each; 1 = rejected */
    unsigned long good; /* accepted answers */
    unsigned refused;   /* number of texts refused in a row */
    unsigned cut;       /* number of answers cut off in a row */
    bool miscounts;
    struct service_limits limits;
    bool known, was_closed; /* known: worth_recall() has been called; was_closed: an earlier run closed the service */
    enum worth_trial trial;
    unsigned trial_good, trial_bad;
    enum worth_news news;
    struct history history, told; /* told: the history last passed to worth_recall() or returned by worth_history() */
    unsigned carried;             /* number of answers rejected in earlier runs; 0 once there is a good answer */
    struct canned canned;
    struct span canned_answer;
    struct failure closed; /* why the service is closed; closed.reach is REACH_NONE if it is not */
    struct record *next;
};

struct worth {
    struct arena *arena;
    struct record *records;
};

struct worth *worth_new(void) {
    struct worth *worth = memory_take(sizeof *worth);
    *worth = (struct worth){.arena = arena_new()};
    return worth;
}

void worth_free(struct worth *worth) {
    if (!worth) return;
    arena_free(worth->arena);
    free(worth);
}

/* A run uses few services and languages, so a linear search is fast enough. */
static struct record *find(const struct worth *worth, struct span service, const char *language) {
    for (struct record *record = worth->records; record; record = record->next)
        if (span_equal(record->service->name, service) && span_is(span_of(language), record->language)) return record;
    return NULL;
}

static struct record *record_of(struct worth *worth, const struct configured_service *service, const char *language) {
    struct record *record = find(worth, service->name, language);
    if (record) return record;
    record = arena_take(worth->arena, sizeof *record);
    *record = (struct record){.service = service, .next = worth->records};
    snprintf(record->language, sizeof record->language, "%s", language);
    worth->records = record;
    return record;
}

/* ---------------------------------------------------------------- unusable services */

const struct failure *worth_closed(const struct worth *worth, struct span service, const char *language) {
    const struct record *all = find(worth, service, ""), *one = find(worth, service, language);
    if (all && all->closed.reach != REACH_NONE) return &all->closed;
    return one && one->closed.reach != REACH_NONE ? &one->closed : NULL;
}

/* Keeps the first reason, because later ones usually follow from it. */
void worth_close(struct worth *worth, const struct configured_service *service, const char *language,
                 const struct failure *why) {
    struct record *record = record_of(worth, service, language ? language : "");
    if (record->closed.reach == REACH_NONE) record->closed = *why;
}

/* Counts the rejected answers in `recent`, which has one bit for each answer. */
static unsigned count_worthless(unsigned recent) {
    unsigned count = 0;
    for (; recent; recent &= recent - 1) count++;
    return count;
}

/* `how` may vary from run to run, so it follows a colon: a closing that an earlier run has reported is recognized by
 * the part of the message before the colon. */
static void close_worthless(struct worth *worth, struct record *record, const char *how) {
    struct failure why;
    const struct configured_service *service = record->service;
    failure_set(&why, REACH_SERVICE, REMEDY_NEXT_RUN,
                "service %.*s gives no usable translations from '%s': %s; check that its model or server supports this "
                "language",
                SPAN_ARGS(service->name), record->language, how);
    failure_blame(&why, CAUSE_SERVICE, service->name);
    worth_close(worth, service, record->language, &why);
}

/* Records the closing for later runs, in which the service must prove itself again. */
static void tell_later_runs(struct record *record) {
    record->trial = TRIAL_NONE;
    record->news = WORTH_CLOSED;
    record->history = (struct history){0};
}

void worth_count(struct worth *worth, const struct configured_service *service, const char *language, bool good) {
    struct record *record = record_of(worth, service, language), *all = record_of(worth, service, "");
    record->recent = (record->recent << 1 | (good ? 0u : 1u)) & ((1u << TRIAL_TEXTS) - 1);
    all->good += good;
    if (good) all->refused = all->cut = 0;
    record->trial_good += good;
    record->trial_bad += !good;
    record->history.proven = record->history.proven || good;
    record->history.worthless = good ? 0 : record->history.worthless + (record->history.worthless < TRIAL_TEXTS);
    if (good) record->carried = 0;
    if (count_worthless(record->recent) + record->carried < TRIAL_WORTHLESS || record->closed.reach != REACH_NONE)
        return;
    close_worthless(worth, record, "the checks rejected at least 12 of its last 16 translations");
    tell_later_runs(record);
}

/* An unreadable reply may be a temporary fault, unlike a rejected answer, so it is not recorded for later runs. */
void worth_count_unread(struct worth *worth, const struct configured_service *service, const char *language) {
    struct record *record = record_of(worth, service, language);
    record->recent = (record->recent << 1 | 1u) & ((1u << TRIAL_TEXTS) - 1);
    if (count_worthless(record->recent) < TRIAL_WORTHLESS || record->closed.reach != REACH_NONE) return;
    close_worthless(worth, record, "at least 12 of its last 16 replies could not be read");
    record->trial = TRIAL_NONE;
}

/* ---------------------------------------------------------------- canned answers */

/* Keeps only the first canned answer, which is enough to recognize the service in later runs. */
bool worth_is_canned(struct worth *worth, const struct configured_service *service, const char *language,
                     struct span source, struct span target) {
    struct record *record = record_of(worth, service, language);
    if (!canned_note(&record->canned, source, target)) return false;
    if (!record->canned_answer.length) record->canned_answer = arena_copy(worth->arena, target);
    return true;
}

void worth_know_canned(struct worth *worth, const struct configured_service *service, const char *language,
                       struct span target) {
    struct record *record = record_of(worth, service, language);
    canned_know(&record->canned, target);
    record->canned_answer = arena_copy(worth->arena, target);
}

void worth_close_canned(struct worth *worth, const struct configured_service *service, const char *language,
                        struct span target, const struct failure *why) {
    struct record *record = record_of(worth, service, language);
    worth_know_canned(worth, service, language, target);
    worth_close(worth, service, language, why);
    tell_later_runs(record);
}

struct span worth_canned(const struct worth *worth, struct span service, const char *language) {
    const struct record *record = find(worth, service, language);
    return record ? record->canned_answer : SPAN("");
}

/* ---------------------------------------------------------------- trials */

bool worth_is_known(const struct worth *worth, const struct configured_service *service, const char *language) {
    const struct record *record = find(worth, service->name, language);
    return record && record->known;
}

/* A service that was closed for another reason in this run needs no trial. */
void worth_recall(struct worth *worth, const struct configured_service *service, const char *language, bool closed,
                  const struct history *history) {
    struct record *record = record_of(worth, service, language);
    record->known = true;
    record->was_closed = closed;
    record->history = record->told = *history;
    record->carried = history->worthless;
    if (closed && record->closed.reach == REACH_NONE) record->trial = TRIAL_DUE;
}

bool worth_was_closed(const struct worth *worth, const struct configured_service *service, const char *language) {
    const struct record *record = find(worth, service->name, language);
    return record && record->was_closed;
}

enum worth_trial worth_trial(const struct worth *worth, const struct configured_service *service,
                             const char *language) {
    const struct record *record = find(worth, service->name, language);
    return record ? record->trial : TRIAL_NONE;
}

void worth_begin_trial(struct worth *worth, const struct configured_service *service, const char *language) {
    struct record *record = record_of(worth, service, language);
    record->trial = TRIAL_UNDER_WAY;
    record->trial_good = record->trial_bad = 0;
}

/* Makes worth_news() return WORTH_OPENED, so that the caller removes the closing from the store. */
static void open_again(struct record *record) {
    record->news = WORTH_OPENED;
    record->was_closed = false;
}

void worth_end_trial(struct worth *worth, const struct configured_service *service, const char *language) {
    struct record *record = record_of(worth, service, language);
    unsigned answers = record->trial_good + record->trial_bad;
    if (record->trial != TRIAL_UNDER_WAY) return;
    record->trial = answers ? TRIAL_NONE : TRIAL_DUE;
    /* The trial request may contain few texts, so the share of rejected answers is compared instead of their number. */
    if (answers && record->trial_bad * TRIAL_TEXTS >= answers * TRIAL_WORTHLESS) {
        close_worthless(worth, record,
                        "the checks rejected its answers in an earlier run, and in the trial request of this run");
        tell_later_runs(record);
    } else if (answers) {
        open_again(record);
    }
}

bool worth_translates(const struct worth *worth, const struct configured_service *service, const char *language) {
    const struct record *record = find(worth, service->name, language);
    return record && record->history.proven;
}

bool worth_history(struct worth *worth, const struct configured_service *service, const char *language,
                   struct history *ret_history) {
    struct record *record = record_of(worth, service, language);
    bool changed = record->history.proven != record->told.proven || record->history.worthless != record->told.worthless;
    *ret_history = record->told = record->history;
    return changed;
}

enum worth_news worth_news(struct worth *worth, const struct configured_service *service, const char *language) {
    struct record *record = record_of(worth, service, language);
    enum worth_news news = record->news;
    record->news = WORTH_NO_NEWS;
    return news;
}

bool worth_refused(struct worth *worth, const struct configured_service *service) {
    return ++record_of(worth, service, "")->refused >= REFUSALS_IN_A_ROW;
}

unsigned worth_cut(struct worth *worth, const struct configured_service *service) {
    return ++record_of(worth, service, "")->cut;
}

bool worth_miscounts(const struct worth *worth, const struct configured_service *service) {
    const struct record *all = find(worth, service->name, "");
    return all && all->miscounts;
}

void worth_set_miscounts(struct worth *worth, const struct configured_service *service, bool miscounts) {
    record_of(worth, service, "")->miscounts = miscounts;
}

bool worth_proven(const struct worth *worth, const struct configured_service *service) {
    const struct record *all = find(worth, service->name, "");
    return all && all->good > 0;
}

/* ---------------------------------------------------------------- limits */

struct service_limits worth_limits(const struct worth *worth, const struct configured_service *service) {
    const struct record *all = find(worth, service->name, "");
    struct service_limits limits = service->service->limits;
    return all ? limits_stricter(limits, &all->limits) : limits;
}

void worth_limit_texts(struct worth *worth, const struct configured_service *service, size_t texts) {
    record_of(worth, service, "")->limits.texts = texts;
}

bool worth_learn_limits(struct worth *worth, const struct configured_service *service, const struct sent *sent,
                        struct span sentence) {
    return limits_learn(&record_of(worth, service, "")->limits, service->service->unit, sent, sentence);
}
