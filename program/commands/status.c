/* Where articles stand: all of them, and one of them. */
#include <stdio.h>
#include <string.h>

#include "config/reader.h"
#include "pipeline/base/clock.h"
#include "pipeline/base/json.h"
#include "pipeline/store/spending.h"
#include "program/command.h"
#include "program/report.h"
#include "stages/translate/closings.h"

const char *const article_state_names[7] = {"unknown", "found", "waiting", "done", "skipped", "duplicate", "failed"};

static void print_row(void *context, const struct article_row *row) {
    (void)context;
    printf("  %.8s  %.*s\n            %.*s\n", row->id, SPAN_ARGS(row->address), SPAN_ARGS(row->note));
}

static void print_waiting(void *context, const struct waiting *waiting) {
    struct buffer line = BUFFER(4096);
    (void)context;
    report_waiting(waiting, &line);
    printf("%s\n", line.at);
    buffer_free(&line);
}

static void add_waiting(void *context, const struct waiting *waiting) {
    cJSON *item = cJSON_CreateObject();
    json_add(item, "for", span_of(failure_cause_name(waiting->waits_for)));
    json_add_filled(item, "on", waiting->waits_on);
    json_add_filled(item, "since", waiting->since);
    json_add_filled(item, "reason", waiting->reason);
    cJSON_AddNumberToObject(item, "articles", (double)waiting->count);
    cJSON_AddItemToArray(context, item);
}

static void print_closing(void *context, const struct closing *closing) {
    char since[21] = "", local[17];
    (void)context;
    if (closing->since.length < sizeof since) memcpy(since, closing->since.at, closing->since.length);
    clock_local(since, local);
    printf("service %.*s is asked once a run for '%.*s' since %s, because the checks rejected its answers\n",
           SPAN_ARGS(closing->service), SPAN_ARGS(closing->language), local);
}

static void add_closing(void *context, const struct closing *closing) {
    cJSON *item = cJSON_CreateObject();
    json_add(item, "service", closing->service);
    json_add(item, "language", closing->language);
    json_add(item, "since", closing->since);
    json_add(item, "reason", closing->reason);
    cJSON_AddItemToArray(context, item);
}

static void print_amount(const char *when, const struct bill_line *line) {
    printf("    %-10s %lu requests, %lu characters, %.4f\n", when, line->requests, line->characters,
           (double)line->cost / 1e6);
}

static void print_spending(struct store *store, struct span day, struct span currency) {
    struct arena *arena = arena_new();
    size_t count;
    const struct spending_line *lines = spending_by_service(store, day, arena, &count);
    if (count) printf("spent%s%.*s:\n", currency.length ? " in " : "", SPAN_ARGS(currency));
    for (size_t i = 0; i < count; i++) {
        printf("  %.*s\n", SPAN_ARGS(lines[i].service));
        print_amount("today", &lines[i].day);
        print_amount("this month", &lines[i].month);
        print_amount("in all", &lines[i].all);
    }
    arena_free(arena);
    struct bill_line reserved = store_reserved(store);
    if (reserved.requests) print_amount("reserved", &reserved);
    if (reserved.requests) puts("               for requests under way, or those of a run that was killed");
}

static void print_json(struct store *store, struct span day, struct span currency) {
    size_t counts[7];
    store_counts(store, counts);
    struct buffer out = BUFFER(1 << 20);
    cJSON *root = cJSON_CreateObject();
    for (size_t i = 1; i < 7; i++) cJSON_AddNumberToObject(root, article_state_names[i], (double)counts[i]);
    store_each_waiting(store, add_waiting, cJSON_AddArrayToObject(root, "waits for"));
    closings_each(store, add_closing, cJSON_AddArrayToObject(root, "services of no use"));
    struct bill_line spent = store_spent(store, SPAN(""), SPAN(""), SPAN(""));
    cJSON_AddNumberToObject(root, "requests", (double)spent.requests);
    cJSON_AddNumberToObject(root, "characters", (double)spent.characters);
    cJSON_AddNumberToObject(root, "cost", (double)spent.cost / 1e6);
    cJSON_AddItemToObject(root, "spent", spending_json(store, day, currency));
    struct bill_line reserved = store_reserved(store);
    cJSON *under_way = cJSON_AddObjectToObject(root, "reserved");
    cJSON_AddNumberToObject(under_way, "requests", (double)reserved.requests);
    cJSON_AddNumberToObject(under_way, "characters", (double)reserved.characters);
    cJSON_AddNumberToObject(under_way, "cost", (double)reserved.cost / 1e6);
    json_print_free(root, &out);
    puts(out.at);
    buffer_free(&out);
}

static enum exit_code do_status(struct call *call, struct failure *ret_failure) {
    enum { MAX_ROWS = 20 };
    size_t counts[7];
    if (!program_open_store(call->program, false, false, ret_failure)) return ret_failure->exit_code;
    struct store *store = call->program->store;
    struct span day = span_of(call->program->day),
                currency = setting_text(config_section(call->program->config, "budget"), "currency");
    if (call_option(call, "--json")) {
        print_json(store, day, currency);
        return EXIT_DONE;
    }
    store_counts(store, counts);
    for (size_t i = 1; i < 7; i++) printf("%-10s %zu\n", article_state_names[i], counts[i]);
    store_each_waiting(store, print_waiting, NULL);
    closings_each(store, print_closing, NULL);
    store_list(store, ARTICLE_STATE_WAITING, MAX_ROWS, print_row, NULL);
    if (counts[ARTICLE_STATE_DEAD]) puts("failed (`dragoman retry` asks again):");
    store_list(store, ARTICLE_STATE_DEAD, MAX_ROWS, print_row, NULL);
    print_spending(store, day, currency);
    return EXIT_DONE;
}

static const struct option status_options[] = {{"--json", NULL, "as one JSON object"}, OPTIONS_END};
static const char *const status_examples[] = {"dragoman status", "where every article stands", NULL};

const struct subcommand command_status = {.name = "status",
                                          .takes = "",
                                          .help = "where every article stands, and what was spent",
                                          .options = status_options,
                                          .examples = status_examples,
                                          .run = do_status};

static void print_article_state(const struct article_row *row) {
    printf("id        %s\nsource    %.*s\naddress   %.*s\nstate     %s\n", row->id, SPAN_ARGS(row->source),
           SPAN_ARGS(row->address), article_state_names[row->article_state]);
    if (row->article_state == ARTICLE_STATE_WAITING)
        printf("waits for %s%s%.*s\n", failure_cause_name(row->waits_for), row->waits_on.length ? " " : "",
               SPAN_ARGS(row->waits_on));
    printf("since     %.*s\n", SPAN_ARGS(row->since.length ? row->since : row->day));
    printf("note      %.*s\n", SPAN_ARGS(row->note));
    if (row->path.length) printf("record    %.*s\n", SPAN_ARGS(row->path));
    if (row->unfinished > 0) printf("missing   %d sentences (`dragoman retry %.8s`)\n", row->unfinished, row->id);
}

static enum exit_code do_explain(struct call *call, struct failure *ret_failure) {
    if (call->word_count != 1) {
        failure_fatal(ret_failure, EXIT_USAGE, "write `dragoman explain ID`, with the id or its first digits");
        return EXIT_USAGE;
    }
    if (!program_open_store(call->program, false, false, ret_failure)) return ret_failure->exit_code;
    struct article_row row;
    struct arena *arena = arena_new();
    bool known = store_find(call->program->store, span_of(call->words[0]), arena, &row);
    if (known)
        print_article_state(&row);
    else
        failure_fatal(ret_failure, EXIT_BAD_DATA, "no article, or more than one, has an id that begins with '%s'",
                      call->words[0]);
    arena_free(arena);
    return known ? EXIT_DONE : EXIT_BAD_DATA;
}

static const char *const explain_examples[] = {"dragoman explain 3f2a", "why an article stands where it does", NULL};

const struct subcommand command_explain = {.name = "explain",
                                           .takes = "ID",
                                           .help = "where one article stands, and why",
                                           .examples = explain_examples,
                                           .run = do_explain};
