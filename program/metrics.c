#include "program/metrics.h"

#include <stdio.h>
#include <stdlib.h>

#include "config/reader.h"
#include "pipeline/base/clock.h"
#include "pipeline/base/folder.h"
#include "pipeline/store/budget.h"
#include "pipeline/store/budget_settings.h"
#include "pipeline/store/durable_writer.h"
#include "pipeline/store/spending.h"
#include "program/mail/send.h"
#include "program/report.h"
#include "program/status_json.h"

const struct setting metrics_table[] = {
    SETTING("file", SETTING_PATH_AT(struct metrics_settings, file),
            .help = "file for Prometheus that every run replaces, e.g. "
                    "/var/lib/prometheus/node-exporter/dragoman.prom (default: none)"),
    SETTINGS_END,
};

enum { METRICS_LIMIT = 16 << 20 };

/* ---------------------------------------------------------------- the format */

/* One metric: its name is printed once, before its first value. */
struct metric {
    struct buffer *out;
    const char *name, *type, *help;
    bool begun;
};

static struct metric metric(struct buffer *out, const char *name, const char *type, const char *help) {
    return (struct metric){.out = out, .name = name, .type = type, .help = help};
}

static void begin(struct metric *metric) {
    if (!metric->begun)
        buffer_print(metric->out, "# HELP dragoman_%s %s\n# TYPE dragoman_%s %s\n", metric->name, metric->help,
                     metric->name, metric->type);
    metric->begun = true;
    buffer_print(metric->out, "dragoman_%s", metric->name);
}

static void add_value(struct metric *metric, double value) {
    buffer_print(metric->out, " %.15g\n", value);
}

static void add_number(struct metric *metric, double value) {
    begin(metric);
    add_value(metric, value);
}

/* In a label's value, a backslash, a quotation mark and a newline are escaped. */
static void add_label(struct metric *metric, const char *before, const char *name, struct span value) {
    buffer_print(metric->out, "%s%s=\"", before, name);
    for (size_t i = 0; i < value.length; i++) {
        char c = value.at[i];
        if (c == '\\' || c == '"') buffer_add_string(metric->out, "\\");
        if (c == '\n')
            buffer_add_string(metric->out, "\\n");
        else
            buffer_add(metric->out, &c, 1);
    }
    buffer_add_string(metric->out, "\"");
}

static void add_labelled(struct metric *metric, const char *name, struct span label, double value) {
    begin(metric);
    add_label(metric, "{", name, label);
    buffer_add_string(metric->out, "}");
    add_value(metric, value);
}

/* ---------------------------------------------------------------- the run */

static void add_run(const struct metrics_run *run, struct buffer *out) {
    char now[21];
    clock_iso_now(now);
    struct metric version = metric(out, "build_info", "gauge", "The version that ran."),
                  end = metric(out, "run_end_timestamp_seconds", "gauge", "When the last run ended."),
                  duration = metric(out, "run_duration_seconds", "gauge", "How long the last run took."),
                  code = metric(out, "run_exit_code", "gauge", "Exit code of the last run (0: all is done)."),
                  sources = metric(out, "run_sources_failed", "gauge", "Sources that the last run could not read.");
    add_labelled(&version, "version", SPAN(DRAGOMAN_VERSION), 1);
    add_number(&end, (double)clock_seconds(now));
    add_number(&duration, run->seconds);
    add_number(&code, run->code);
    add_number(&sources, (double)run->report->sources_failed);
}

static void add_results(const struct report *report, struct buffer *out) {
    const struct {
        const char *name;
        size_t count;
    } results[] = {{"complete", report->complete},   {"partial", report->partial}, {"skipped", report->skipped},
                   {"duplicate", report->duplicate}, {"waiting", report->waiting}, {"failed", report->dead}};
    struct metric articles = metric(out, "run_articles", "gauge", "Articles of the last run by result.");
    for (size_t i = 0; i < sizeof results / sizeof *results; i++)
        add_labelled(&articles, "result", span_of(results[i].name), (double)results[i].count);
}

/* ---------------------------------------------------------------- the state */

static void add_waiting(void *context, const struct waiting *waiting) {
    struct metric *metric = context;
    begin(metric);
    add_label(metric, "{", "cause", span_of(failure_cause_name(waiting->waits_for)));
    add_label(metric, ",", "on", waiting->waits_on);
    buffer_add_string(metric->out, "}");
    add_value(metric, (double)waiting->count);
}

static void add_articles(struct store *store, struct buffer *out) {
    size_t counts[7];
    struct metric articles = metric(out, "articles", "gauge", "Articles by state."),
                  waiting = metric(out, "articles_waiting", "gauge", "Waiting articles by what they wait for.");
    store_counts(store, counts);
    for (size_t i = 1; i < 7; i++)
        add_labelled(&articles, "state", span_of(article_state_name((enum article_state)i)), (double)counts[i]);
    store_each_waiting(store, add_waiting, &waiting);
}

static void add_source_up(void *context, const struct source_health *health) {
    add_labelled(context, "source", health->name, health->failures == 0);
}

static void add_source_silent(void *context, const struct source_health *health) {
    add_labelled(context, "source", health->name, health->silent);
}

static void add_source_time(void *context, const struct source_health *health) {
    if (health->last_success.length)
        add_labelled(context, "source", health->name, (double)clock_seconds(health->last_success.at));
}

static void add_sources(struct program *program, struct buffer *out) {
    struct metric up = metric(out, "source_up", "gauge", "Whether the source could be read when it was last tried."),
                  silent = metric(out, "source_silent", "gauge",
                                  "Whether the source has published nothing for unusually long."),
                  read = metric(out, "source_last_success_timestamp_seconds", "gauge",
                                "When the source was last read successfully.");
    status_each_source(program, add_source_up, &up);
    status_each_source(program, add_source_silent, &silent);
    status_each_source(program, add_source_time, &read);
}

static void add_outage(void *context, const struct outage *outage) {
    add_labelled(context, "service", outage->name, (double)clock_seconds(outage->since.at));
}

static void add_mail(void *context, const struct mail_waiting *waiting) {
    add_labelled(context, "mail", waiting->label, (double)clock_seconds(waiting->since.at));
}

static void add_outages(struct program *program, struct buffer *out) {
    struct metric services = metric(out, "service_failing_since_timestamp_seconds", "gauge",
                                    "Since when a service has been failing; absent while it works."),
                  mail = metric(out, "mail_waiting_since_timestamp_seconds", "gauge",
                                "Since when mail has been waiting; absent while none does.");
    status_each_outage(program, OUTAGE_SERVICE, add_outage, &services);
    mail_each_waiting(program, add_mail, &mail);
}

/* ---------------------------------------------------------------- money */

static void add_spent(const struct spending_line *lines, size_t count, struct span currency, struct buffer *out) {
    struct metric requests = metric(out, "requests_total", "counter", "Requests to a service."),
                  characters = metric(out, "characters_total", "counter", "Characters sent to a service."),
                  cost =
                      metric(out, "cost_total", "counter", "Spent on a service, by the prices in the configuration.");
    for (size_t i = 0; i < count; i++)
        add_labelled(&requests, "service", lines[i].service, (double)lines[i].all.requests);
    for (size_t i = 0; i < count; i++)
        add_labelled(&characters, "service", lines[i].service, (double)lines[i].all.characters);
    for (size_t i = 0; i < count; i++) {
        begin(&cost);
        add_label(&cost, "{", "service", lines[i].service);
        add_label(&cost, ",", "currency", currency);
        buffer_add_string(out, "}");
        add_value(&cost, (double)lines[i].all.cost / 1e6);
    }
}

static void add_cap(void *context, const struct cap_use *use) {
    static const char *const subjects[] = {
        [BUDGET_ALL] = "all", [BUDGET_SERVICE] = "service", [BUDGET_SOURCE] = "source"};
    struct metric *metric = context;
    begin(metric);
    add_label(metric, "{", "cap", span_of(use->cap));
    add_label(metric, ",", "of", span_of(subjects[use->subject]));
    add_label(metric, ",", "name", use->name);
    buffer_add_string(metric->out, "}");
    add_value(metric, use->max > 0 ? (double)use->spent / (double)use->max : 1);
}

static void add_money(struct program *program, struct buffer *out) {
    struct arena *arena = arena_new();
    size_t count;
    const struct spending_line *lines = spending_by_service(program->store, span_of(program->day), arena, &count);
    struct metric caps = metric(out, "cap_used_ratio", "gauge", "How much of a cap is used (1: reached).");
    add_spent(lines, count, budget_settings_of(program->config)->currency, out);
    budget_each_cap(program->budget, add_cap, &caps);
    arena_free(arena);
}

/* ---------------------------------------------------------------- the file */

void metrics_print(struct program *program, const struct metrics_run *run, struct buffer *out) {
    add_run(run, out);
    add_results(run->report, out);
    add_articles(program->store, out);
    add_sources(program, out);
    add_outages(program, out);
    add_money(program, out);
}

/* The writer's sentence names a folder or a temporary file; a user looks for the setting. */
static bool cannot_write(struct span file, const struct failure *why, struct failure *ret_failure) {
    return failure_fatal(ret_failure, why->exit_code, "metrics are not written to %.*s: %s", SPAN_ARGS(file),
                         why->sentence);
}

bool metrics_write(struct program *program, const struct metrics_run *run, struct failure *ret_failure) {
    const struct metrics_settings *settings = config_values(program->config, metrics_table);
    if (!settings->file.length) return true;
    struct span file = settings->file, folder = folder_part(file);
    char *root = memory_string(folder.length > 1 ? span_cut(folder, 0, folder.length - 1)
                               : folder.length   ? folder
                                                 : SPAN("."));
    struct buffer out = BUFFER(METRICS_LIMIT);
    struct failure failure;
    metrics_print(program, run, &out);
    bool done = durable_writer_write(root, span_cut(file, folder.length, file.length), buffer_span(&out), &failure);
    buffer_free(&out);
    free(root);
    return done || cannot_write(file, &failure, ret_failure);
}
