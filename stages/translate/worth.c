#include "stages/translate/worth.h"

#include <stdio.h>
#include <stdlib.h>

#include "stages/translate/canned.h"

enum { TRIAL_TEXTS = HISTORY_TEXTS, TRIAL_WORTHLESS = 12, REFUSALS_IN_A_ROW = 3, LANGUAGE_BYTES = 24 };

/* Of one service in one language, or (empty) in all. */
struct record {
    const struct configured_service *service;
    char language[LANGUAGE_BYTES];
    unsigned recent;    /* the last answers, 1 = worthless */
    unsigned long good; /* answers */
    unsigned refused;   /* texts in a row */
    unsigned cut;       /* answers in a row */
    bool miscounts;
    struct service_limits limits;
    bool known, was_closed; /* whether an earlier run closed it */
    enum worth_trial trial;
    unsigned trial_good, trial_bad;
    enum worth_news news;
    struct history history, told; /* told: as later runs know it */
    unsigned carried;             /* worthless answers of earlier runs, until there is a good one */
    struct canned canned;
    struct span canned_answer;
    struct failure closed; /* reach NONE: it is open */
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

/* ---------------------------------------------------------------- of no use */

const struct failure *worth_closed(const struct worth *worth, struct span service, const char *language) {
    const struct record *all = find(worth, service, ""), *one = find(worth, service, language);
    if (all && all->closed.reach != REACH_NONE) return &all->closed;
    return one && one->closed.reach != REACH_NONE ? &one->closed : NULL;
}

void worth_close(struct worth *worth, const struct configured_service *service, const char *language,
                 const struct failure *why) {
    struct record *record = record_of(worth, service, language ? language : "");
    if (record->closed.reach == REACH_NONE) record->closed = *why;
}

static unsigned worthless(unsigned recent) {
    unsigned count = 0;
    for (; recent; recent &= recent - 1) count++;
    return count;
}

/* `how` differs from run to run; what stands before it is what the user is told once. */
static void close_worthless(struct worth *worth, struct record *record, const char *how) {
    struct failure why;
    const struct configured_service *service = record->service;
    failure_set(&why, REACH_SERVICE, REMEDY_NEXT_RUN,
                "service %.*s is of no use for '%s': %s; is it the right model or server for this language?",
                SPAN_ARGS(service->name), record->language, how);
    failure_blame(&why, CAUSE_SERVICE, service->name);
    worth_close(worth, service, record->language, &why);
}

/* What it was worth before counts no more: it has to prove itself again. */
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
    if (worthless(record->recent) + record->carried < TRIAL_WORTHLESS || record->closed.reach != REACH_NONE) return;
    close_worthless(worth, record, "the checks rejected at least 12 of the last 16 texts that it translated");
    tell_later_runs(record);
}

void worth_count_unread(struct worth *worth, const struct configured_service *service, const char *language) {
    struct record *record = record_of(worth, service, language);
    record->recent = (record->recent << 1 | 1u) & ((1u << TRIAL_TEXTS) - 1);
    if (worthless(record->recent) < TRIAL_WORTHLESS || record->closed.reach != REACH_NONE) return;
    close_worthless(worth, record, "at least 12 of its last 16 replies could not be read");
    record->trial = TRIAL_NONE;
}

/* ---------------------------------------------------------------- canned answers */

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

static void open_again(struct record *record) {
    record->news = WORTH_OPENED;
    record->was_closed = false;
}

void worth_end_trial(struct worth *worth, const struct configured_service *service, const char *language) {
    struct record *record = record_of(worth, service, language);
    unsigned answers = record->trial_good + record->trial_bad;
    if (record->trial != TRIAL_UNDER_WAY) return;
    record->trial = answers ? TRIAL_NONE : TRIAL_DUE;
    if (answers && record->trial_bad * TRIAL_TEXTS >= answers * TRIAL_WORTHLESS) {
        close_worthless(worth, record,
                        "the checks rejected its answers in an earlier run, and those to one request in "
                        "this one");
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

/* ---------------------------------------------------------------- how much it takes */

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
