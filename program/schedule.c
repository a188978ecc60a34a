#include "program/schedule.h"

#include <stdlib.h>
#include <time.h>

#include "config/reader.h"
#include "pipeline/base/clock.h"
#include "pipeline/engine/source_settings.h"
#include "pipeline/store/store.h"

enum {
    PATIENT_WITH = 2, /* number of consecutive failures that are tolerated */
    FIRST_PAUSE = 3600,
    LONGEST_PAUSE = 24 * 3600,
    LONGEST_SLACK = 300 /* max. seconds that a source may be read early, because timers are inexact */
};

/* What the store remembers about a source: the text "FAILURES FINGERPRINT" and the time when the source was last
 * read. */
struct memory {
    unsigned failures; /* consecutive failures of the source or the network */
    struct span fingerprint;
    int64_t asked; /* seconds since 1970 */
};

static struct span key_of(struct span name, struct arena *arena) {
    return arena_print(arena, "source %.*s", SPAN_ARGS(name));
}

static bool recall(struct run *run, struct span name, struct arena *arena, struct memory *ret_memory) {
    struct span value, at;
    if (!store_told(run->program->store, key_of(name, arena), arena, &value, &at)) return false;
    size_t space = span_find(value, SPAN(" "));
    ret_memory->failures = (unsigned)strtoul(arena_string(arena, value), NULL, 10);
    ret_memory->fingerprint = span_cut(value, space == SIZE_MAX ? value.length : space + 1, value.length);
    return clock_parse(arena_string(arena, at), &ret_memory->asked);
}

/* ---------------------------------------------------------------- before */

/* Doubles the pause with each further failure, up to a day. */
static int64_t pause_after(unsigned failures) {
    int64_t pause = FIRST_PAUSE;
    if (failures <= PATIENT_WITH) return 0;
    for (unsigned i = PATIENT_WITH + 1; i < failures && pause < LONGEST_PAUSE; i++) pause *= 2;
    return pause < LONGEST_PAUSE ? pause : LONGEST_PAUSE;
}

/* Allows a run to start a little early, so that an hourly timer satisfies `every = 1h` each time. */
static int64_t with_slack(int64_t seconds) {
    return seconds - (seconds / 10 < LONGEST_SLACK ? seconds / 10 : LONGEST_SLACK);
}

static void tell_every(struct run *run, const struct section *section) {
    const struct source_settings *settings = section_values(section);
    char what[80], every[SETTING_NUMBER_ROOM];
    setting_write_number(SETTING_TIME, (double)settings->every, every);
    snprintf(what, sizeof what, "not read in this run (every = %s)", every);
    run_log(run, LOG_LEVEL_INFO, "source-not-due", "", section_name(section), what);
    report_add_note(&run->report, section_name(section), what);
}

/* Reports the source as failed although it was not read, so that every run shows it. */
static void tell_failing(struct run *run, const struct section *section, const struct memory *memory) {
    struct discovered source = {.name = section_name(section)};
    struct failure failure;
    long long minutes = (long long)(memory->asked + pause_after(memory->failures) - time(NULL) + 59) / 60;
    failure_set(&failure, REACH_SERVICE, REMEDY_NEXT_RUN,
                "the source has failed %u time%s in a row and is now read less often; the next attempt is in %lld "
                "minute%s, or in the next run if its section in the configuration is changed",
                memory->failures, PLURAL(memory->failures), minutes, PLURAL(minutes));
    failure_blame(&failure, CAUSE_NETWORK, source.name);
    run_source_failed(run, &source, &failure);
}

bool schedule_is_due(struct run *run, const struct section *section) {
    const struct source_settings *settings = section_values(section);
    char fingerprint[33];
    struct memory memory;
    struct arena *arena = arena_new();
    section_fingerprint(section, fingerprint);
    /* A change to the section may have fixed the problem. A negative `since` means that the clock was set back. */
    bool known = recall(run, section_name(section), arena, &memory) && span_is(memory.fingerprint, fingerprint);
    int64_t since = known ? time(NULL) - memory.asked : 0;
    bool early = known && since >= 0 && since < with_slack(settings->every / 1000);
    bool paused = known && since >= 0 && since < pause_after(memory.failures);
    if (paused)
        tell_failing(run, section, &memory);
    else if (early)
        tell_every(run, section);
    arena_free(arena);
    return !early && !paused;
}

/* ---------------------------------------------------------------- afterwards */

struct closing {
    struct run *run;
    struct failure *failure;
    char now[21];
    bool answered, done; /* `answered` is true if at least one source could be reached */
};

static void see_answer(void *context, const struct discovered *source) {
    struct closing *closing = context;
    closing->answered = closing->answered || source->status != 0;
}

/* If no source at all could be reached, this machine's network is at fault, and the failure does not count against any
 * source. */
static bool counts(const struct closing *closing, const struct discovered *source) {
    return source->failed && (source->status != 0 || (closing->answered && source->failure.cause == CAUSE_NETWORK));
}

static void remember(void *context, const struct discovered *source) {
    struct closing *closing = context;
    struct store *store = closing->run->program->store;
    const struct section *section = config_section_named(closing->run->program->config, source_table, source->name);
    char fingerprint[33];
    /* A source does not count as read if the run ended before the source had been read completely. */
    if (!closing->done || !section || !(source->whole || source->failed)) return;
    struct arena *arena = arena_new();
    struct memory memory = {0};
    section_fingerprint(section, fingerprint);
    bool known = recall(closing->run, source->name, arena, &memory) && span_is(memory.fingerprint, fingerprint);
    unsigned failures = source->whole || !known ? 0 : memory.failures;
    struct span value = arena_print(arena, "%u %s", failures + counts(closing, source), fingerprint);
    closing->done = store_tell(store, key_of(source->name, arena), value, span_of(closing->now), closing->failure);
    arena_free(arena);
}

bool schedule_note(struct run *run, struct failure *ret_failure) {
    struct closing closing = {.run = run, .failure = ret_failure, .done = true};
    clock_iso_now(closing.now);
    discovery_each_source(run->loop.discovery, see_answer, &closing);
    discovery_each_source(run->loop.discovery, remember, &closing);
    return closing.done;
}
