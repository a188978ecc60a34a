#include "program/publish_weeks.h"

#include <stdio.h>
#include <string.h>

#include "pipeline/base/clock.h"
#include "pipeline/base/sha256.h"
#include "pipeline/engine/edition.h"
#include "pipeline/store/durable_writer.h"
#include "pipeline/store/store_prune.h"
#include "program/digest/period.h"
#include "stages/digest/week_page.h"

/* Increase this number whenever the pages of weeks change, so that existing ones are written again. */
enum { WEEKS_FORMAT = 2, PAGE_LIMIT = 16 << 20 };

/* ---------------------------------------------------------------- the days of a week */

static const struct listed_day *find_day(const struct listed_day *days, size_t count, const char *day) {
    for (size_t i = 0; i < count; i++)
        if (strcmp(days[i].day, day) == 0) return &days[i];
    return NULL;
}

/* `days` are those of this week that have pages. */
static void fill_week(const struct program *program, struct week *week, const struct listed_day *days, size_t count) {
    char day[11];
    period_week_begins(week->name, day);
    for (size_t i = 0; i < WEEK_DAYS; i++, clock_day_before(day, -1, day)) {
        const struct listed_day *listed = find_day(days, count, day);
        struct week_day *of_week = &week->days[i];
        memcpy(of_week->day, day, sizeof of_week->day);
        of_week->has_pages = listed != NULL;
        of_week->is_to_come = !listed && strcmp(day, program->day) > 0;
        if (listed) of_week->about = listed->about;
        if (listed || !store_find_pruned(program->store, day, of_week->pruned)) of_week->pruned[0] = '\0';
    }
}

/* The page shows nothing of a day that the version of the day's own pages does not cover. */
static void find_version(const struct week *week, const struct listed_day *days, size_t count, struct span style,
                         char ret_version[33]) {
    char hash[65];
    struct buffer all = BUFFER(1 << 16);
    buffer_print(&all, "%d %s %llx\n", WEEKS_FORMAT, week->name, (unsigned long long)span_hash(style));
    for (size_t i = 0; i < WEEK_DAYS; i++) {
        const struct listed_day *listed = find_day(days, count, week->days[i].day);
        buffer_print(&all, "%s %s %d%s\n", week->days[i].day, listed ? listed->version : "", week->days[i].is_to_come,
                     week->days[i].pruned);
    }
    sha256_hex(buffer_span(&all), hash);
    snprintf(ret_version, 33, "%.32s", hash);
    buffer_free(&all);
}

/* ---------------------------------------------------------------- the page */

static bool is_up_to_date(const char *folder, const struct week *week) {
    struct buffer path = BUFFER(1 << 16);
    buffer_print(&path, "%s/%s.html", folder, week->name);
    bool same = page_has_version(path.at, week->version);
    buffer_free(&path);
    return same;
}

static bool write_week(const char *folder, struct week *week, struct span style, struct failure *ret_failure) {
    char name[32];
    struct arena *arena = arena_new();
    struct buffer page = BUFFER(PAGE_LIMIT);
    for (size_t i = 0; i < WEEK_DAYS; i++)
        if (week->days[i].has_pages) day_file_read(folder, week->days[i].day, arena, &week->days[i].file);
    snprintf(name, sizeof name, "%s.html", week->name);
    bool done = week_page_write(week, style, arena, &page) &&
                durable_writer_write(folder, span_of(name), buffer_span(&page), ret_failure);
    buffer_free(&page);
    arena_free(arena);
    return done;
}

/* Returns how many of the days, the newest first, are in the same week as the first one. */
static size_t count_week(const struct listed_day *days, size_t count, char ret_week[9]) {
    char other[9];
    size_t length = 1;
    clock_week(days[0].day, ret_week);
    for (; length < count; length++) {
        clock_week(days[length].day, other);
        if (strcmp(other, ret_week) != 0) break;
    }
    return length;
}

bool publish_weeks(const struct program *program, const struct listed_day *days, size_t count, struct span style,
                   struct failure *ret_failure) {
    char name[9], version[33];
    bool done = true;
    for (size_t from = 0, length; from < count && done; from += length) {
        struct week week = {.name = name, .version = version};
        length = count_week(days + from, count - from, name);
        fill_week(program, &week, days + from, length);
        find_version(&week, days + from, length, style, version);
        done = is_up_to_date(program->output_folder, &week) ||
               write_week(program->output_folder, &week, style, ret_failure);
    }
    return done;
}
