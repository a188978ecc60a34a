#include "program/outages.h"

#include "config/reader.h"
#include "pipeline/base/clock.h"
#include "pipeline/engine/source_settings.h"
#include "pipeline/store/budget.h"
#include "pipeline/store/store_days.h"
#include "pipeline/store/store_sources.h"
#include "program/report_sources.h"
#include "stages/services/service_settings.h"
#include "stages/translate/closings.h"

struct observer {
    struct run *run;
    char now[21];
    struct failure *failure;
    bool done;
};

/* The store ignores an outage that begins or ends a second time, so begin() and end() may be called in every run. After
 * the first failure nothing more is written. */
static void begin_at(struct observer *observer, enum outage_kind kind, struct span name, struct span reason,
                     const char *since) {
    observer->done = observer->done &&
                     store_begin_outage(observer->run->program->store, kind, name, reason, since, observer->failure);
}

static void begin(struct observer *observer, enum outage_kind kind, struct span name, struct span reason) {
    begin_at(observer, kind, name, reason, observer->now);
}

static void end(struct observer *observer, enum outage_kind kind, struct span name) {
    observer->done =
        observer->done && store_end_outage(observer->run->program->store, kind, name, observer->now, observer->failure);
}

/* ---------------------------------------------------------------- sources and services */

static bool is_configured(const struct run *run, const struct outage *outage) {
    const struct setting *table = outage->kind == OUTAGE_SERVICE ? service_table : source_table;
    const struct config *config = run->program->config;
    for (size_t i = 0; i < config_section_count(config, table); i++)
        if (span_equal(section_name(config_section_at(config, table, i)), outage->name)) return true;
    return false;
}

/* While a source cannot be read, nobody knows whether it still publishes, so its "silence" outage (nothing new for
 * long) is left unchanged. */
static void see_silence(struct observer *observer, struct span name) {
    struct store *store = observer->run->program->store;
    struct arena *arena = arena_new();
    struct source_health health = {0};
    struct buffer usual = BUFFER(256);
    store_find_source(store, name, arena, &health);
    if (observer->done && health.silent) {
        report_usual(&health, &usual);
        observer->done =
            store_notice_silence(store, name, health.last_new, buffer_span(&usual), observer->now, observer->failure);
    } else if (health.failures == 0)
        end(observer, OUTAGE_SILENCE, name);
    buffer_free(&usual);
    arena_free(arena);
}

/* If reading a source was interrupted (it neither failed nor finished), no outage begins or ends; only the items are
 * counted. */
static void see_source(void *context, const struct discovered *source) {
    struct observer *observer = context;
    struct source_visit visit = {.name = source->name,
                                 .reason = span_of(source->failure.sentence),
                                 .failed = source->failed,
                                 .answered = source->whole,
                                 .fresh = source->items - source->known};
    observer->done =
        observer->done && store_see_source(observer->run->program->store, &visit, observer->now, observer->failure);
    if (source->failed)
        begin(observer, OUTAGE_SOURCE, source->name, visit.reason);
    else if (source->whole)
        end(observer, OUTAGE_SOURCE, source->name);
    see_silence(observer, source->name);
}

/* A service counts as out if the run has stopped using it (`closed`), or if all of its requests failed. */
static bool is_out(const struct limiter *limiter) {
    return limiter->closed || (limiter->failed > 0 && limiter->good == 0);
}

/* This service answers, but the checks reject its translations. */
static void see_closing(void *context, const struct closing *closing) {
    const struct outage outage = {.kind = OUTAGE_SERVICE, .name = closing->service};
    /* The store also remembers such services after they have been removed from the configuration. */
    if (!is_configured(((struct observer *)context)->run, &outage)) return;
    begin(context, OUTAGE_SERVICE, closing->service, closing->reason);
}

struct search {
    struct span name;
    bool found;
};

static void look_for(void *context, const struct closing *closing) {
    struct search *search = context;
    search->found = search->found || span_equal(search->name, closing->service);
}

static bool is_closed(const struct observer *observer, struct span name) {
    struct search search = {.name = name};
    closings_each(observer->run->program->store, look_for, &search);
    return search.found;
}

/* Records a service that failed now and then but still works, as an outage that begins and ends within this run. */
static void see_unsteady(struct observer *observer, struct span name, const struct limiter *limiter) {
    struct buffer reason = BUFFER(1024);
    char since[21];
    clock_iso_ago((clock_ms() - observer->run->started) / 1000, since);
    buffer_print(&reason, "%lu of %lu request%s failed; the last error was: %s", limiter->failed, limiter->requests,
                 PLURAL(limiter->requests), limiter_why(limiter));
    begin_at(observer, OUTAGE_SERVICE, name, buffer_span(&reason), since);
    end(observer, OUTAGE_SERVICE, name);
    buffer_free(&reason);
}

/* The state of a service that received no request in this run is left unchanged. */
static void see_limiter(void *context, struct span limiter_name, const struct limiter *limiter) {
    static const struct span prefix = {"service ", 8};
    /* The other limiters belong to hosts, whose outages are recorded with their sources. */
    if (!span_starts(limiter_name, prefix)) return;
    struct span name = span_cut(limiter_name, prefix.length, limiter_name.length);
    if (is_out(limiter))
        begin(context, OUTAGE_SERVICE, name, span_of(limiter_why(limiter)));
    else if (limiter_is_unsteady(limiter))
        see_unsteady(context, name, limiter);
    else if (limiter->good > 0 && !is_closed(context, name))
        end(context, OUTAGE_SERVICE, name);
}

/* ---------------------------------------------------------------- money */

/* Splits "cost_per_day = 0.5 of [service "x"] is reached: ..." into the cap and the reason. */
static void split_cap(struct span sentence, struct span *ret_name, struct span *ret_reason) {
    static const struct span separator = {" is reached: ", 13};
    size_t at = span_find(sentence, separator);
    *ret_name = at == SIZE_MAX ? sentence : span_cut(sentence, 0, at);
    *ret_reason = at == SIZE_MAX ? sentence : span_cut(sentence, at + separator.length, sentence.length);
}

static bool is_reached(const struct observer *observer, struct span name) {
    const struct budget *budget = observer->run->program->budget;
    struct span cap, reason;
    for (size_t i = 0; i < budget_reached_count(budget); i++) {
        split_cap(span_of(budget_reached(budget, i)), &cap, &reason);
        if (span_equal(cap, name)) return true;
    }
    return false;
}

static void see_caps(struct observer *observer) {
    const struct budget *budget = observer->run->program->budget;
    struct span cap, reason;
    for (size_t i = 0; i < budget_reached_count(budget); i++) {
        split_cap(span_of(budget_reached(budget, i)), &cap, &reason);
        begin(observer, OUTAGE_MONEY, cap, reason);
    }
}

/* ---------------------------------------------------------------- what is over */

/* The outage of a spending cap ends when a complete run has not reached the cap. Other outages are ended here only if
 * their section has been removed from the configuration. */
static bool is_over(const struct observer *observer, const struct outage *outage) {
    if (outage->kind == OUTAGE_MONEY) return !observer->run->loop.stopping && !is_reached(observer, outage->name);
    return !is_configured(observer->run, outage);
}

static void see_open_ones(struct observer *observer) {
    size_t count;
    struct arena *arena = arena_new();
    const struct outage *outages = store_outages(observer->run->program->store, NULL, arena, &count);
    for (size_t i = 0; i < count; i++)
        if (is_over(observer, &outages[i])) end(observer, outages[i].kind, outages[i].name);
    arena_free(arena);
}

bool outages_note(struct run *run, struct failure *ret_failure) {
    struct observer observer = {.run = run, .failure = ret_failure, .done = true};
    clock_iso_now(observer.now);
    discovery_each_source(run->loop.discovery, see_source, &observer);
    dispatcher_each_limiter(run->program->dispatcher, see_limiter, &observer);
    closings_each(run->program->store, see_closing, &observer);
    see_caps(&observer);
    see_open_ones(&observer);
    return observer.done;
}
