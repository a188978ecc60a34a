#include "program/report_sources.h"

#include "pipeline/base/clock.h"

/* Chooses the largest unit of which there are at least two, so that rounding never changes much. */
static void print_duration(int64_t seconds, struct buffer *out) {
    static const struct {
        int64_t seconds;
        const char *one, *many;
    } units[] = {{24 * 3600, "day", "days"}, {3600, "hour", "hours"}, {60, "minute", "minutes"}};
    size_t i = 0;
    while (i + 1 < sizeof units / sizeof *units && seconds < 2 * units[i].seconds) i++;
    int64_t count = (seconds + units[i].seconds / 2) / units[i].seconds;
    if (count > 1)
        buffer_print(out, "%lld %s", (long long)count, units[i].many);
    else
        buffer_add_string(out, units[i].one);
}

static void print_time(const char *before, struct span iso, struct buffer *out) {
    char local[17];
    struct arena *arena = arena_new();
    clock_local(arena_string(arena, iso), local);
    if (local[0]) buffer_print(out, "%s%s", before, local);
    arena_free(arena);
}

void report_usual(const struct source_health *health, struct buffer *out) {
    buffer_add_string(out, "it usually has something new every ");
    print_duration(health->usual, out);
}

static void report_failing(const struct source_health *health, struct buffer *out) {
    buffer_print(out, "source %.*s has been unreadable", SPAN_ARGS(health->name));
    print_time(" since ", health->failing_since, out);
    buffer_print(out, " (%u run%s%s", health->failures, health->failures == 1 ? "" : "s in a row",
                 health->last_success.length ? "" : "; never read so far");
    print_time("; last read ", health->last_success, out);
    buffer_print(out, "): %.*s", SPAN_ARGS(health->reason));
}

void report_source(const struct source_health *health, struct buffer *out) {
    if (health->failures)
        report_failing(health, out);
    else if (health->silent) {
        buffer_print(out, "source %.*s has had nothing new", SPAN_ARGS(health->name));
        print_time(" since ", health->last_new, out);
        buffer_add_string(out, ": ");
        report_usual(health, out);
    }
}

cJSON *report_source_json(const struct source_health *health) {
    cJSON *item = cJSON_CreateObject();
    json_add(item, "name", health->name);
    json_add_filled(item, "failing_since", health->failing_since);
    cJSON_AddNumberToObject(item, "failures", health->failures);
    json_add_filled(item, "reason", health->reason);
    json_add_filled(item, "last_success", health->last_success);
    json_add_filled(item, "last_new", health->last_new);
    if (health->usual) cJSON_AddNumberToObject(item, "usual_minutes", (double)(health->usual / 60));
    cJSON_AddBoolToObject(item, "silent", health->silent);
    return item;
}
