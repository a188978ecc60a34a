/* The health of sources: one row per source. The latest gaps (times between visits with new items) are stored as a text
 * that lists the numbers, oldest first. */
#include "pipeline/store/store_sources.h"

#include <stdlib.h>

#include "pipeline/base/clock.h"
#include "pipeline/store/store_internal.h"

/* A night without news must not make a source silent, and fewer than five gaps do not show what is usual. */
enum { MAX_GAPS = 20, MIN_GAPS = 5, SILENT_TIMES = 3, MIN_SILENCE = 24 * 3600, MAX_GAP = 10 * 365 * 24 * 3600 };

/* Bytes for the text of all gaps, and for a time. */
enum { GAPS_ROOM = 1024, TIME_ROOM = 32 };

/* During the upgrade, a source with an outage is recorded as having failed once. Whether a partial record lacks part of
 * its page is determined when `retry` next reads the record. */
const char store_sources_schema[] =
    "CREATE TABLE source_health (name TEXT PRIMARY KEY, failing_since TEXT NOT NULL, failures INTEGER NOT NULL, reason "
    "TEXT NOT NULL, last_success TEXT NOT NULL, last_new TEXT NOT NULL, gaps TEXT NOT NULL) WITHOUT ROWID;"
    "INSERT OR IGNORE INTO source_health SELECT name, since, 1, reason, '', '', '' FROM outage WHERE kind = 0 AND "
    "until = '';"
    "ALTER TABLE outage ADD COLUMN noticed TEXT NOT NULL DEFAULT '';"
    "ALTER TABLE article ADD COLUMN cut INTEGER NOT NULL DEFAULT 0;"
    "UPDATE article SET unfinished = -1 WHERE state = 3 AND unfinished = 0;";

/* The latest times between visits with new items, oldest first. */
struct gaps {
    int64_t seconds[MAX_GAPS];
    size_t count;
};

/* ---------------------------------------------------------------- gaps */

/* Appends a gap, dropping the oldest one if there are MAX_GAPS already. */
static void add_gap(struct gaps *gaps, int64_t seconds) {
    if (gaps->count == MAX_GAPS) {
        /* The list is short, so moving it is cheap. */
        for (size_t i = 1; i < MAX_GAPS; i++) gaps->seconds[i - 1] = gaps->seconds[i];
        gaps->count--;
    }
    gaps->seconds[gaps->count++] = seconds;
}

/* Stops at the first thing that is not a number, so a damaged row loses only its gaps. A gap that no source can have
 * would overflow what is computed from it. */
static struct gaps read_gaps(const char *text) {
    struct gaps gaps = {0};
    for (char *end;; text = end) {
        long long seconds = strtoll(text, &end, 10);
        if (end == text) return gaps;
        if (seconds >= 0 && seconds <= MAX_GAP) add_gap(&gaps, seconds);
    }
}

static void write_gaps(const struct gaps *gaps, struct buffer *out) {
    for (size_t i = 0; i < gaps->count; i++) buffer_print(out, "%s%lld", i ? " " : "", (long long)gaps->seconds[i]);
}

/* For qsort(). A difference could overflow an int. */
static int compare(const void *one, const void *other) {
    int64_t left = *(const int64_t *)one, right = *(const int64_t *)other;
    return (left > right) - (left < right);
}

/* Returns the median rather than the mean, because a holiday or an outage leaves a few very long gaps. */
static int64_t usual_gap(struct gaps gaps) {
    if (gaps.count < MIN_GAPS) return 0;
    qsort(gaps.seconds, gaps.count, sizeof *gaps.seconds, compare);
    return gaps.seconds[gaps.count / 2];
}

/* Returns the seconds between two times; 0 if one of them is unknown. */
static int64_t seconds_between(const char *from, const char *to) {
    int64_t begin, end;
    return clock_parse(from, &begin) && clock_parse(to, &end) ? end - begin : 0;
}

/* ---------------------------------------------------------------- rows */

static struct gaps gaps_of(struct statement *statement) {
    char text[GAPS_ROOM];
    store_column_string(statement, 6, text, sizeof text);
    return read_gaps(text);
}

/* A source is silent if it has replied but had nothing new for SILENT_TIMES its usual gap, and for at least
 * MIN_SILENCE. */
static void judge_silence(struct source_health *health, const char *last_new, const char *last_success) {
    /* A source that fails is reported as failing, not as silent. */
    int64_t limit = SILENT_TIMES * health->usual < MIN_SILENCE ? MIN_SILENCE : SILENT_TIMES * health->usual;
    health->silent = health->failures == 0 && health->usual > 0 && seconds_between(last_new, last_success) > limit;
}

static void read_health(struct statement *statement, struct arena *arena, struct source_health *ret_health) {
    *ret_health = (struct source_health){.name = store_column(statement, 0, arena),
                                         .failing_since = store_column(statement, 1, arena),
                                         .failures = (unsigned)statement_integer(statement, 2),
                                         .reason = store_column(statement, 3, arena),
                                         .last_success = store_column(statement, 4, arena),
                                         .last_new = store_column(statement, 5, arena),
                                         .usual = usual_gap(gaps_of(statement))};
    char last_new[TIME_ROOM], last_success[TIME_ROOM];
    store_column_string(statement, 5, last_new, sizeof last_new);
    store_column_string(statement, 4, last_success, sizeof last_success);
    judge_silence(ret_health, last_new, last_success);
}

/* Reads a source's row. Returns false, and changes nothing, if it was never visited. */
static bool find(struct store *store, struct span name, struct arena *arena, struct source_health *ret_health,
                 struct gaps *ret_gaps) {
    struct statement *statement = store_statement(store, SQL_SOURCE);
    statement_bind_text(statement, 1, name);
    bool found = store_step(store, statement) == STATEMENT_ROW;
    if (found) {
        read_health(statement, arena, ret_health);
        *ret_gaps = gaps_of(statement);
    }
    statement_reset(statement);
    return found;
}

bool store_find_source(struct store *store, struct span name, struct arena *arena, struct source_health *ret_health) {
    struct gaps gaps;
    return find(store, name, arena, ret_health, &gaps);
}

/* ---------------------------------------------------------------- visits */

/* A visit that was interrupted (neither failed nor answered) changes nothing. */
static void note_answer(struct source_health *health, const struct source_visit *visit, const char *now) {
    if (visit->failed) {
        /* Only the first of several failures in a row sets the time since which the source has been failing. */
        if (health->failures++ == 0) health->failing_since = span_of(now);
        health->reason = visit->reason;
    } else if (visit->answered) {
        health->failures = 0;
        health->failing_since = health->reason = SPAN("");
        health->last_success = span_of(now);
    }
}

/* Ignores a gap that is not positive, which means that the clock was set back. */
static void note_news(struct source_health *health, struct gaps *gaps, const char *now, struct arena *arena) {
    int64_t gap = seconds_between(arena_string(arena, health->last_new), now);
    if (gap > 0) add_gap(gaps, gap);
    health->last_new = span_of(now);
}

static bool put(struct store *store, const struct source_health *health, const struct gaps *gaps,
                struct failure *ret_failure) {
    struct buffer text = BUFFER(GAPS_ROOM);
    struct statement *statement = store_statement(store, SQL_PUT_SOURCE);
    write_gaps(gaps, &text);
    statement_bind_text(statement, 1, health->name);
    statement_bind_text(statement, 2, health->failing_since);
    statement_bind_integer(statement, 3, health->failures);
    statement_bind_text(statement, 4, health->reason);
    statement_bind_text(statement, 5, health->last_success);
    statement_bind_text(statement, 6, health->last_new);
    statement_bind_text(statement, 7, buffer_span(&text));
    bool done = store_run(store, statement, ret_failure);
    buffer_free(&text);
    return done;
}

bool store_see_source(struct store *store, const struct source_visit *visit, const char *now,
                      struct failure *ret_failure) {
    if (!store_change(store, ret_failure)) return false;
    struct arena *arena = arena_new();
    struct source_health health = {.name = visit->name};
    struct gaps gaps = {0};
    /* On the first visit there is no row yet, and `health` keeps its empty fields. */
    find(store, visit->name, arena, &health, &gaps);
    note_answer(&health, visit, now);
    if (visit->fresh) note_news(&health, &gaps, now, arena);
    bool done = put(store, &health, &gaps, ret_failure);
    arena_free(arena);
    return done;
}
