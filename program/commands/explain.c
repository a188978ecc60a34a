/* The state of one article, and its history. */
#include <stdio.h>
#include <string.h>

#include "pipeline/base/clock.h"
#include "pipeline/store/budget_settings.h"
#include "pipeline/store/store_events.h"
#include "program/command.h"
#include "program/lack.h"
#include "program/say.h"
#include "program/status_json.h"

static void print_article_state(const struct program *program, const struct article_row *row, struct arena *arena) {
    printf("id        %s\n", row->id);
    say("source    %.*s", SPAN_ARGS(row->source));
    say("address   %.*s", SPAN_ARGS(row->address));
    printf("state     %s\n", article_state_name(row->article_state));
    if (row->article_state == ARTICLE_STATE_WAITING)
        say("waits for %s%s%.*s", failure_cause_name(row->waits_for), row->waits_on.length ? " " : "",
            SPAN_ARGS(row->waits_on));
    printf("since     %.*s\n", SPAN_ARGS(row->since.length ? row->since : row->day));
    bool duplicate = row->article_state == ARTICLE_STATE_DUPLICATE;
    /* The note of a finished article is its path, which is printed as "record". */
    if (!span_equal(row->note, row->path)) say("%s%.*s", duplicate ? "copy of   " : "note      ", SPAN_ARGS(row->note));
    if (row->pruned.length)
        printf("pruned    %s was pruned on %.*s\n", row->article_state == ARTICLE_STATE_DONE ? "its record" : "its day",
               SPAN_ARGS(row->pruned));
    if (row->path.length) say("record    %.*s", SPAN_ARGS(row->path));
    if (row->pruned.length) return; /* what is missing cannot be tried again */
    if (row->cut)
        say("missing   %.*s (`dragoman retry %.8s`)",
            SPAN_ARGS(lack_of_page(program, row, SPAN("a part of the page"), arena)), row->id);
    if (row->unfinished > 0)
        printf("missing   %d sentence%s (`dragoman retry %.8s`)\n", row->unfinished, PLURAL(row->unfinished), row->id);
}

/* ---------------------------------------------------------------- what happened to it */

static void write_cost(const struct event *event, struct span currency, struct buffer *out) {
    buffer_print(out, ": %lu request%s, %lu character%s", event->cost.requests, PLURAL(event->cost.requests),
                 event->cost.characters, PLURAL(event->cost.characters));
    /* Most services here cost nothing, which need not be said each time. */
    if (event->cost.cost)
        buffer_print(out, ", %.4f%s%.*s", (double)event->cost.cost / 1e6, currency.length ? " " : "",
                     SPAN_ARGS(currency));
}

/* NUL-terminates a time of the store for clock_local(). */
static void write_time(struct span at, char ret_local[17]) {
    char text[21] = "";
    if (at.length < sizeof text) memcpy(text, at.at, at.length);
    clock_local(text, ret_local);
}

static void print_event(void *context, const struct event *event) {
    const struct program *program = context;
    struct buffer line = BUFFER(4096);
    char at[17], until[17];
    write_time(event->at, at);
    write_time(event->until, until);
    buffer_print(&line, "  %s  %s%s%.*s", at, event_kind_name(event->kind), event->service.length ? " " : "",
                 SPAN_ARGS(event->service));
    if (event->kind == EVENT_ASKED) write_cost(event, budget_settings_of(program->config)->currency, &line);
    if (event->note.length)
        buffer_print(&line, "%s%.*s", event->kind == EVENT_DUPLICATE ? " of " : ": ", SPAN_ARGS(event->note));
    /* The requests of one run are counted anyway. */
    if (event->times > 1 && strcmp(at, until) != 0) buffer_print(&line, " (%u times until %s)", event->times, until);
    say("%s", line.at);
    buffer_free(&line);
}

static void print_article(struct program *program, const struct article_row *row, struct arena *arena) {
    print_article_state(program, row, arena);
    puts("history   the last events, oldest first:");
    store_each_event(program->store, row->id, print_event, program);
}

static enum exit_code do_explain(struct call *call, struct failure *ret_failure) {
    if (call->word_count != 1 || !call->words[0][0]) {
        failure_fatal(ret_failure, EXIT_USAGE, "give one article id, or its first digits: `dragoman explain ID`");
        return EXIT_USAGE;
    }
    if (!program_read_store(call->program, ret_failure)) return ret_failure->exit_code;
    struct article_row row;
    struct arena *arena = arena_new();
    bool known = program_find_article(call->program, span_of(call->words[0]), arena, &row, ret_failure);
    if (known && call_option(call, "--json"))
        command_print_json(status_explain_json(call->program->store, &row));
    else if (known)
        print_article(call->program, &row, arena);
    arena_free(arena);
    return known ? EXIT_DONE : EXIT_BAD_DATA;
}

static const struct option explain_options[] = {{"--json", NULL, "print one JSON object"}, OPTIONS_END};
static const char *const explain_examples[] = {"dragoman explain 3f2a", "show why an article is waiting or has failed",
                                               NULL};

const struct subcommand command_explain = {.name = "explain",
                                           .takes = "ID",
                                           .max_words = ANY_WORDS,
                                           .help = "show the state of one article, the reason, and what happened to it",
                                           .options = explain_options,
                                           .examples = explain_examples,
                                           .run = do_explain};
