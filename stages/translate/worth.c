#include "stages/translate/worth.h"

#include <stdio.h>
#include <stdlib.h>

enum { TRIAL_TEXTS = 16, TRIAL_WORTHLESS = 12, REFUSALS_IN_A_ROW = 3, LANGUAGE_BYTES = 24, NUMBERS = 16 };

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

static void close_worthless(struct worth *worth, const struct configured_service *service, const char *language) {
    struct failure why;
    failure_set(
        &why, REACH_SERVICE, REMEDY_NEXT_RUN,
        "service %.*s is of no use for '%s' in this run: of its last %d texts at least %d were worthless by the "
        "checks; is it the right model or server for this language?",
        SPAN_ARGS(service->name), language, TRIAL_TEXTS, TRIAL_WORTHLESS);
    failure_blame(&why, CAUSE_SERVICE, service->name);
    worth_close(worth, service, language, &why);
}

void worth_count(struct worth *worth, const struct configured_service *service, const char *language, bool good) {
    struct record *record = record_of(worth, service, language), *all = record_of(worth, service, "");
    record->recent = (record->recent << 1 | (good ? 0u : 1u)) & ((1u << TRIAL_TEXTS) - 1);
    all->good += good;
    if (good) all->refused = all->cut = 0;
    if (worthless(record->recent) >= TRIAL_WORTHLESS) close_worthless(worth, service, language);
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

static size_t stricter(size_t limit, size_t learned) {
    return !learned || (limit && limit < learned) ? limit : learned;
}

struct service_limits worth_limits(const struct worth *worth, const struct configured_service *service) {
    const struct record *all = find(worth, service->name, "");
    struct service_limits limits = service->service->limits;
    if (!all) return limits;
    limits.texts = stricter(limits.texts, all->limits.texts);
    limits.characters = stricter(limits.characters, all->limits.characters);
    limits.text_characters = stricter(limits.text_characters, all->limits.text_characters);
    return limits;
}

void worth_limit_texts(struct worth *worth, const struct configured_service *service, size_t texts) {
    record_of(worth, service, "")->limits.texts = texts;
}

static size_t numbers_of(struct span sentence, size_t numbers[NUMBERS]) {
    size_t count = 0;
    for (size_t i = 0, end; i < sentence.length && count < NUMBERS; i = end + 1) {
        for (end = i; end < sentence.length && sentence.at[end] >= '0' && sentence.at[end] <= '9';) end++;
        long long number;
        if (end > i && span_number(span_cut(sentence, i, end), &number) && number > 0)
            numbers[count++] = (size_t)number;
    }
    return count;
}

/* The limit that stands in the sentence beside what was sent; 0 when it does not name what was sent. */
static size_t limit_beside(size_t sent, const size_t *numbers, size_t count) {
    size_t limit = 0;
    bool named = false;
    for (size_t i = 0; i < count; i++) {
        named = named || numbers[i] == sent;
        if (numbers[i] < sent && numbers[i] > limit) limit = numbers[i];
    }
    return named ? limit : 0;
}

/* A service of sentences passes a text on that is too long by itself; others have to be given less at a time. */
static bool learn_text(struct record *record, const struct sent *sent, const size_t *numbers, size_t count) {
    size_t limit = limit_beside(sent->longest, numbers, count);
    if (!limit || record->service->service->unit != UNIT_SENTENCE) return false;
    record->limits.text_characters = limit;
    return true;
}

bool worth_learn_limits(struct worth *worth, const struct configured_service *service, const struct sent *sent,
                        struct span sentence) {
    struct record *record = record_of(worth, service, "");
    size_t numbers[NUMBERS], count = numbers_of(sentence, numbers), limit;
    if (sent->texts < 2) return false;
    if ((limit = limit_beside(sent->texts, numbers, count))) {
        record->limits.texts = limit;
    } else if ((limit = limit_beside(sent->characters, numbers, count))) {
        record->limits.characters = limit;
    } else if (!learn_text(record, sent, numbers, count)) {
        record->limits.texts = sent->texts / 2;
        record->limits.characters = sent->characters / 2;
    }
    return true;
}
