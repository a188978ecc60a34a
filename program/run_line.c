/* The result of a run: its exit code, and the line on standard error that cron mails. */
#include <stdlib.h>
#include <string.h>

#include "config/reader.h"
#include "pipeline/base/clock.h"
#include "pipeline/base/sha256.h"
#include "pipeline/net/dispatcher.h"
#include "pipeline/store/store.h"
#include "program/run_internal.h"

/* ---------------------------------------------------------------- what waits */

/* Articles that were in progress when the run was stopped wait only for the next run, so they are not worth
 * reporting. */
static bool is_news(const struct waiting *waiting) {
    return waiting->waits_for != CAUSE_MACHINE || !span_is(waiting->waits_on, RUN_ENDED);
}

static void count_waiting(void *context, const struct waiting *waiting) {
    size_t *count = context;
    if (is_news(waiting)) *count += waiting->count;
}

static bool something_waits(const struct run *run) {
    size_t count = 0;
    store_each_waiting(run->program->store, count_waiting, &count);
    for (size_t i = 0; i < run->report.mail_count; i++) count += run->report.mails[i].reason.length > 0;
    return count > 0 || run->report.sources_failed > 0;
}

enum exit_code run_verdict(const struct run *run) {
    if (run->fatal.reach == REACH_RUN) return run->fatal.exit_code;
    /* This is tested before the counts, because articles left unfinished after a signal have not failed. */
    if (program_interrupted()) return EXIT_INTERRUPTED;
    if (run->report.dead + run->report.items_new) return EXIT_SOME_FAILED;
    return something_waits(run) ? EXIT_NO_SERVICE : EXIT_DONE;
}

/* ---------------------------------------------------------------- the line */

/* Keeps the line short enough to read; `dragoman status` lists everything. */
enum { MAX_REASONS = 5 };

struct line {
    struct buffer *text, *news;
    size_t reasons;
};

/* Returns the part of a sentence that precedes its figures and details, which change from run to run. */
static struct span first_clause(struct span sentence) {
    size_t length = 0;
    while (length < sentence.length && !strchr(":;(,=", sentence.at[length])) length++;
    return span_cut(sentence, 0, length);
}

void run_add_lasting_words(struct span text, struct buffer *out) {
    for (size_t i = 0; i < text.length; i++) {
        bool ends_word = i + 1 == text.length || strchr(" ,;:.)", text.at[i + 1]);
        bool figure = text.at[i] >= '0' && text.at[i] <= '9';
        if (!figure && !(text.at[i] == 's' && ends_word)) buffer_add(out, text.at + i, 1);
    }
}

/* Appends the text that is compared with that of the previous run to decide whether there is anything new to report. */
static void add_news(struct line *line, enum failure_cause cause, struct span name, struct span reason) {
    buffer_print(line->news, "%s\t%.*s\t", failure_cause_name(cause), SPAN_ARGS(name));
    run_add_lasting_words(first_clause(reason), line->news);
    buffer_add_string(line->news, "\n");
}

/* Every reason is counted, so that the line can say how many were left out. */
static bool has_room(struct line *line) {
    return line->reasons++ < MAX_REASONS;
}

static void add_waiting(void *context, const struct waiting *waiting) {
    struct line *line = context;
    if (!is_news(waiting)) return;
    add_news(line, waiting->waits_for, waiting->waits_on, waiting->reason);
    if (!has_room(line)) return;
    struct waiting said = *waiting; /* do not repeat a reason that the line contains already */
    if (span_find(buffer_span(line->text), waiting->reason) != SIZE_MAX) said.reason = SPAN("");
    buffer_add_string(line->text, "; ");
    report_waiting(&said, line->text);
}

static void add_sources(struct line *line, const struct report *report) {
    for (size_t i = 0; i < report->sources_failed; i++) {
        const struct failed_source *source = &report->sources[i];
        struct span reason = span_of(source->failure.sentence);
        add_news(line, CAUSE_NETWORK, source->name, reason);
        if (has_room(line))
            buffer_print(line->text, "; source %.*s failed: %.*s", SPAN_ARGS(source->name), SPAN_ARGS(reason));
    }
}

/* Returns what follows the server's address, whose colon would end the clause that is compared. */
static struct span behind_address(struct span reason) {
    size_t at = span_find(reason, SPAN("://"));
    if (at == SIZE_MAX) return reason;
    while (at < reason.length && reason.at[at] != ' ') at++;
    return span_cut(reason, at, reason.length);
}

static void add_mails(struct line *line, const struct report *report) {
    for (size_t i = 0; i < report->mail_count; i++) {
        const struct report_mail *mail = &report->mails[i];
        if (!mail->reason.length) continue;
        add_news(line, CAUSE_NETWORK, mail->label, behind_address(mail->reason));
        if (has_room(line))
            buffer_print(line->text, "; %.*s waits: %.*s", SPAN_ARGS(mail->label), SPAN_ARGS(mail->reason));
    }
}

static void add_failed(struct line *line, const struct report *report) {
    if (!report->first_failed.what.length) return;
    buffer_print(line->text, " (%s%.*s: %.*s)", report->dead + report->items_new > 1 ? "the first: " : "",
                 SPAN_ARGS(report->first_failed.where), SPAN_ARGS(report->first_failed.what));
}

/* Skips a cap that the line has already named as the reason why articles are waiting. */
static void add_caps(struct run *run, struct line *line) {
    const struct budget *budget = run->program->budget;
    for (size_t i = 0; i < budget_reached_count(budget); i++) {
        run_log(run, LOG_LEVEL_WARNING, "cap-reached", "", SPAN("budget"), budget_reached(budget, i));
        add_news(line, CAUSE_MONEY, SPAN("cap"), span_of(budget_reached_cap(budget, i)));
        struct buffer named = BUFFER(256);
        buffer_print(&named, "money (%s)", budget_reached_cap(budget, i));
        if (span_find(buffer_span(line->text), buffer_span(&named)) == SIZE_MAX)
            buffer_print(line->text, "; %s", budget_reached(budget, i));
        buffer_free(&named);
    }
}

static void write_line(struct run *run, struct line *line) {
    const struct program *program = run->program;
    report_sentence(&run->report, line->text);
    add_failed(line, &run->report);
    store_each_waiting(program->store, add_waiting, line);
    add_sources(line, &run->report);
    add_mails(line, &run->report);
    run_add_lasting_words(run->report.services_failed,
                          line->news); /* no article waits for these services, because others took over */
    if (line->reasons > MAX_REASONS)
        buffer_print(line->text, "; and %zu more reason%s", line->reasons - MAX_REASONS,
                     PLURAL(line->reasons - MAX_REASONS));
    add_caps(run, line);
}

/* ---------------------------------------------------------------- whether it is said */

#define TOLD_LINE SPAN("line")

/* Returns whether the line was last printed so long ago that the setting `remind` requires it again. */
static bool reminds(const struct run *run, struct span told_at) {
    long long remind = run->program->settings->remind;
    char limit[21];
    clock_iso_ago((int64_t)(remind / 1000), limit);
    size_t length = told_at.length < 20 ? told_at.length : 20;
    /* ISO 8601 times in UTC compare as text. */
    return memcmp(told_at.at ? told_at.at : "", limit, length) <= 0;
}

/* Returns whether to print the line, and if so, stores its hash. A run without problems deletes the hash, so that the
 * next problem counts as new. */
static bool is_due(struct run *run, enum exit_code code, struct span news) {
    char hex[65], now[21];
    struct arena *arena = arena_new();
    struct span value, at;
    sha256_hex(news, hex);
    clock_iso_now(now);
    bool known = store_told(run->program->store, TOLD_LINE, arena, &value, &at) && span_is(value, hex);
    bool fine = run->report.services_failed.length == 0 && budget_reached_count(run->program->budget) == 0;
    bool quiet = code == EXIT_DONE && fine;
    bool lasting = code == EXIT_DONE || code == EXIT_NO_SERVICE; /* problems that the next run will also have */
    bool due = !quiet && (!lasting || !known || reminds(run, at));
    if (quiet) hex[0] = '\0';
    if (due || quiet) store_tell(run->program->store, TOLD_LINE, span_of(hex), span_of(now), NULL);
    arena_free(arena);
    return due;
}

static void log_closed(void *context, struct span name, const struct limiter *limiter) {
    if (limiter->closed) run_log(context, LOG_LEVEL_WARNING, "closed", "", name, limiter_why(limiter));
}

void run_tell(struct run *run, enum exit_code code, struct buffer *ret_line) {
    const struct program *program = run->program;
    struct buffer text = BUFFER(16384), news = BUFFER(1 << 20);
    struct line line = {.text = &text, .news = &news};
    write_line(run, &line);
    dispatcher_each_limiter(program->dispatcher, log_closed, run);
    run_log(run, code == EXIT_DONE ? LOG_LEVEL_INFO : LOG_LEVEL_WARNING, "run-ended", "", SPAN(""), text.at);
    buffer_add_span(ret_line, buffer_span(&text));
    buffer_print(&text, "; details in %s/%s/report.json and `dragoman status`", program->output_folder, program->day);
    /* With --quiet, the line is printed only about what went wrong. */
    enum log_level level = code != EXIT_DONE && program->quiet ? LOG_LEVEL_ERROR : LOG_LEVEL_NOTICE;
    bool due = is_due(run, code, buffer_span(&news)), said = program->log.format != LOG_OFF;
    /* The same sentence is logged as the event "run-ended". */
    if (!said && (due || run->on_terminal)) log_sentence(&program->log, level, text.at);
    buffer_free(&text);
    buffer_free(&news);
}
