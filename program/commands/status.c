/* The states of all articles. */
#include <stdio.h>
#include <string.h>

#include "config/reader.h"
#include "pipeline/base/clock.h"
#include "pipeline/store/budget.h"
#include "pipeline/store/budget_settings.h"
#include "pipeline/store/spending.h"
#include "program/command.h"
#include "program/hooks/news.h"
#include "program/lack.h"
#include "program/mail/send.h"
#include "program/report.h"
#include "program/report_sources.h"
#include "program/say.h"
#include "program/status_json.h"
#include "stages/translate/closings.h"

static void print_row(void *context, const struct article_row *row) {
    (void)context;
    say("  %.8s  %.*s", row->id, SPAN_ARGS(row->address));
    say("            %.*s", SPAN_ARGS(row->note));
}

static void print_waiting(void *context, const struct waiting *waiting) {
    struct buffer line = BUFFER(4096);
    (void)context;
    report_waiting(waiting, &line);
    say("%s", line.at);
    buffer_free(&line);
}

/* Lists at most `limit` articles and says how many were left out; the counts printed above the list are always
 * complete. */
static void print_rows(struct store *store, enum article_state state, const char *title, size_t count, size_t limit) {
    if (!count) return;
    printf("%s\n", title);
    size_t listed = store_list(store, state, limit, print_row, NULL);
    if (count > listed) printf("  and %zu more (--limit)\n", count - listed);
}

static void print_lack(void *context, const struct article_row *row) {
    struct arena *arena = arena_new();
    say("  %.8s  %.*s", row->id, SPAN_ARGS(row->address));
    if (row->unfinished > 0)
        printf("            %d sentence%s not translated\n", row->unfinished, row->unfinished == 1 ? " is" : "s are");
    else
        say("            %.*s", SPAN_ARGS(lack_of_page(context, row, SPAN("a part of the page is missing"), arena)));
    arena_free(arena);
}

static void print_partial(struct program *program, size_t limit) {
    size_t count = store_count_partial(program->store);
    if (!count) return;
    puts("partial (`dragoman retry` tries again):");
    size_t listed = store_list_partial(program->store, limit, print_lack, program);
    if (count > listed) printf("  and %zu more (--limit)\n", count - listed);
}

/* ---------------------------------------------------------------- runs */

static void print_run(void *context, const struct run_at_work *run) {
    char since[17], seen[17];
    (void)context;
    clock_local(run->since, since);
    clock_local(run->seen, seen);
    say("process %lld on %.*s has been at work since %s, with %zu article%s%s%s", run->process, SPAN_ARGS(run->host),
        since, run->articles, PLURAL(run->articles), run->silent ? "; nothing has been heard of it since " : "",
        run->silent ? seen : "");
}

/* ---------------------------------------------------------------- sources and services */

static void print_source(void *context, const struct source_health *health) {
    struct buffer line = BUFFER(4096);
    (void)context;
    report_source(health, &line);
    if (line.length) say("%s", line.at);
    buffer_free(&line);
}

/* The reason usually begins with the service's name, which is removed so that the name is not printed twice. */
static void print_service(void *context, const struct outage *outage) {
    char local[17];
    struct arena *arena = arena_new();
    struct span prefix = arena_print(arena, "service %.*s: ", SPAN_ARGS(outage->name)), reason = outage->reason;
    (void)context;
    if (span_starts(reason, prefix)) reason = span_cut(reason, prefix.length, reason.length);
    clock_local(outage->since.at, local); /* NUL-terminated, because the store allocates it in an arena */
    say("service %.*s has been failing since %s: %.*s", SPAN_ARGS(outage->name), local, SPAN_ARGS(reason));
    arena_free(arena);
}

/* ---------------------------------------------------------------- money */

static void print_closing(void *context, const struct closing *closing) {
    char since[21] = "", local[17];
    (void)context;
    if (closing->since.length < sizeof since) memcpy(since, closing->since.at, closing->since.length);
    clock_local(since, local);
    say("service %.*s gets only one request per run for '%.*s' since %s, because the checks rejected its answers",
        SPAN_ARGS(closing->service), SPAN_ARGS(closing->language), local);
}

static void print_amount(const char *when, const struct bill_line *line) {
    printf("    %-10s %lu request%s, %lu character%s, %.4f\n", when, line->requests, PLURAL(line->requests),
           line->characters, PLURAL(line->characters), (double)line->cost / 1e6);
}

static void print_spending(struct store *store, struct span day, struct span currency) {
    struct arena *arena = arena_new();
    size_t count;
    const struct spending_line *lines = spending_by_service(store, day, arena, &count);
    if (count) say("spent%s%.*s:", currency.length ? " in " : "", SPAN_ARGS(currency));
    for (size_t i = 0; i < count; i++) {
        say("  %.*s", SPAN_ARGS(lines[i].service));
        print_amount("today", &lines[i].day);
        print_amount("this month", &lines[i].month);
        print_amount("in all", &lines[i].all);
    }
    arena_free(arena);
    struct bill_line reserved = store_reserved(store);
    if (reserved.requests) print_amount("reserved", &reserved);
    if (reserved.requests) puts("               for requests in progress or left by a run that was killed");
}

static void print_cap(void *context, const struct cap_use *use) {
    static const char *const subjects[] = {
        [BUDGET_ALL] = "everything", [BUDGET_SERVICE] = "service ", [BUDGET_SOURCE] = "source "};
    (void)context;
    if (use->period == BUDGET_RUN) return; /* that run is over */
    char amounts[80];
    if (use->money)
        snprintf(amounts, sizeof amounts, "%.4f of %.4f", (double)use->spent / 1e6, (double)use->max / 1e6);
    else
        snprintf(amounts, sizeof amounts, "%lld of %lld", use->spent, use->max);
    say("  cap %s of %s%.*s: %s", use->cap, subjects[use->subject], SPAN_ARGS(use->name), amounts);
}

/* ---------------------------------------------------------------- mail and news */

static void print_mail(void *context, const struct mail_waiting *waiting) {
    char local[17];
    (void)context;
    clock_local(waiting->since.at, local); /* NUL-terminated, because the store allocates it in an arena */
    say("%.*s has been waiting since %s: %.*s", SPAN_ARGS(waiting->label), local, SPAN_ARGS(waiting->reason));
}

static void print_news(void *context, const struct news_waiting *waiting) {
    char local[17];
    (void)context;
    clock_local(waiting->since.at, local);
    say("%zu piece%s of news for %s waiting since %s: %.*s", waiting->count, PLURAL(waiting->count),
        strcmp(waiting->hook, "news") == 0 ? "the program `news`" : "the webhook", local, SPAN_ARGS(waiting->reason));
}

/* ---------------------------------------------------------------- the command */

static void print_status(struct program *program, size_t limit) {
    size_t counts[7];
    struct store *store = program->store;
    store_counts(store, counts);
    /* State 0 is left out, because no stored article has this state. */
    for (size_t i = 1; i < 7; i++) printf("%-10s %zu\n", article_state_name((enum article_state)i), counts[i]);
    status_each_run(program, print_run, NULL);
    store_each_waiting(store, print_waiting, NULL);
    print_rows(store, ARTICLE_STATE_WAITING, "waiting:", counts[ARTICLE_STATE_WAITING], limit);
    print_rows(store, ARTICLE_STATE_DEAD, "failed (`dragoman retry` tries again):", counts[ARTICLE_STATE_DEAD], limit);
    print_partial(program, limit);
    status_each_source(program, print_source, NULL);
    status_each_outage(program, OUTAGE_SERVICE, print_service, NULL);
    closings_each(store, print_closing, NULL);
    mail_each_waiting(program, print_mail, NULL);
    news_each_waiting(program, print_news, NULL);
    print_spending(store, span_of(program->day), budget_settings_of(program->config)->currency);
    budget_each_cap(program->budget, print_cap, NULL);
}

static enum exit_code do_status(struct call *call, struct failure *ret_failure) {
    enum { MAX_ROWS = 20, MAX_JSON_ROWS = 1000 };
    bool json = call_option(call, "--json") != NULL;
    size_t limit;
    if (!call_number(call, "--limit", json ? MAX_JSON_ROWS : MAX_ROWS, &limit, ret_failure)) return EXIT_USAGE;
    if (!program_read_store(call->program, ret_failure)) return ret_failure->exit_code;
    if (json)
        command_print_json(status_json(call->program, limit));
    else
        print_status(call->program, limit);
    return EXIT_DONE;
}

static const struct option status_options[] = {{"--json", NULL, "print one JSON object"},
                                               {"--limit", "NUMBER", "list at most this many articles of each state"},
                                               OPTIONS_END};
static const char *const status_examples[] = {
    "dragoman status", "show what is waiting or has failed, and which sources and services do not work", NULL};

const struct subcommand command_status = {.name = "status",
                                          .takes = "",
                                          .help = "show the state of all articles, and what was spent",
                                          .options = status_options,
                                          .examples = status_examples,
                                          .run = do_status};
