/* The commands that are implemented in modules of their own: run, show and verify. */
#include <string.h>

#include "config/nearest.h"
#include "pipeline/engine/source.h"
#include "program/command.h"
#include "program/run.h"
#include "program/show.h"
#include "program/state.h"
#include "program/verify.h"

static enum exit_code do_run(struct call *call, struct failure *ret_failure) {
    bool json = call_option(call, "--json") != NULL;
    if (!call_option(call, "--dry-run")) return run_command(call->program, json, ret_failure);
    if (!json) return run_dry(call->program, ret_failure);
    failure_fatal(ret_failure, EXIT_USAGE, "--json cannot be combined with --dry-run");
    return EXIT_USAGE;
}

static const struct option run_options[] = {
    {"--dry-run", NULL, "read the sources and show what would be sent and what it would cost; send and change nothing"},
    {"--json", NULL, "print the run's report as one JSON object"},
    OPTIONS_END};

static const char *const run_examples[] = {"dragoman run",
                                           "the command for cron or a timer",
                                           "dragoman run --dry-run",
                                           "show what would be sent to which service, and the cost",
                                           "dragoman --set run.output=/tmp/news run",
                                           "override a setting",
                                           NULL};

const struct subcommand command_run = {.name = "run",
                                       .takes = "",
                                       .help = "read the sources, translate, check, write records and the digest",
                                       .options = run_options,
                                       .examples = run_examples,
                                       .run = do_run};

static const struct option show_options[] = {
    {"--until", "STAGE", "run the stages up to this one"},
    {"--only", "STAGE", "run only this stage"},
    {"--format", "FORMAT",
     "print text (paragraphs that fit the terminal, each with its original), markdown or json (default: the record)"},
    {"--from", "KIND", "treat the input as this kind of source: ndjson (partial records), warc, feed ..."},
    OPTIONS_END};

/* The kind is checked before anything is opened, so that a typo is reported at once. */
static bool is_source_kind(const char *kind, struct failure *ret_failure) {
    if (source_of(span_of(kind))) return true;
    struct buffer kinds = BUFFER(4096);
    for (size_t i = 0; sources[i]; i++) buffer_print(&kinds, " %s", sources[i]->name);
    failure_fatal(ret_failure, EXIT_USAGE, "invalid value '%s' for --from: expected one of:%.*s", kind,
                  SPAN_ARGS(buffer_span(&kinds)));
    buffer_free(&kinds);
    return false;
}

static bool read_format(const char *name, enum show_format *ret_format, struct failure *ret_failure) {
    static const char *const names[] = {[SHOW_JSON] = "json", [SHOW_TEXT] = "text", [SHOW_MARKDOWN] = "markdown"};
    enum { COUNT = sizeof names / sizeof *names };
    *ret_format = SHOW_JSON;
    if (!name) return true;
    for (size_t i = 0; i < COUNT; i++) {
        *ret_format = (enum show_format)i;
        if (strcmp(names[i], name) == 0) return true;
    }
    const char *nearest = nearest_name(span_of(name), names, COUNT);
    return failure_fatal(ret_failure, EXIT_USAGE,
                         "invalid value '%s' for --format: expected text, markdown or json%s%s%s", name,
                         nearest ? "; did you mean '" : "", nearest ? nearest : "", nearest ? "'?" : "");
}

static enum exit_code do_show(struct call *call, struct failure *ret_failure) {
    const char *from = call_option(call, "--from");
    if (from && !is_source_kind(from, ret_failure)) return EXIT_USAGE;
    if (call_option(call, "--until") && call_option(call, "--only")) {
        failure_fatal(ret_failure, EXIT_USAGE, "--until cannot be combined with --only");
        return EXIT_USAGE;
    }
    enum show_format format;
    if (!read_format(call_option(call, "--format"), &format, ret_failure)) return EXIT_USAGE;
    struct show_options options = {.format = format,
                                   .until = call_option(call, "--until"),
                                   .only = call_option(call, "--only"),
                                   .from = from,
                                   .addresses = call->words,
                                   .address_count = call->word_count};
    return show_command(call->program, &options, ret_failure);
}

static const char *const show_examples[] = {"dragoman show --until extract page.html",
                                            "show what is extracted from a page",
                                            "dragoman show article.html",
                                            "pass a page through all stages, without storing anything",
                                            "dragoman show --format text article.html",
                                            "the same, to be read on a terminal",
                                            NULL};

const struct subcommand command_show = {.name = "show",
                                        .takes = "[FILE|URL|-]...",
                                        .max_words = ANY_WORDS,
                                        .help = "print articles after a stage, without storing anything",
                                        .options = show_options,
                                        .examples = show_examples,
                                        .run = do_show};

/* Looking creates no tables on a server. */
static bool open_to_verify(struct program *program, bool repair, struct failure *ret_failure) {
    bool missing = !repair && state_is_on_server(program) && !state_exists(program);
    return missing ? program_read_store(program, ret_failure)
                   : program_open_store(program, false, repair ? STORE_LOCKED : STORE_UNLOCKED, ret_failure);
}

static enum exit_code do_verify(struct call *call, struct failure *ret_failure) {
    bool repair = call_option(call, "--repair") != NULL;
    call->program->repairs = repair;
    if (!open_to_verify(call->program, repair, ret_failure)) return ret_failure->exit_code;
    /* What a run is just writing would be called foreign, missing or out of date. */
    if (!store_check_unused(call->program->store, ret_failure)) return ret_failure->exit_code;
    cJSON *json = call_option(call, "--json") ? cJSON_CreateObject() : NULL;
    enum exit_code code = verify_command(call->program, repair, json, ret_failure);
    if (json) command_print_json(json);
    return code;
}

static const struct option verify_options[] = {
    {"--repair", NULL, "restore missing and damaged files from the copies in the state database"},
    {"--json", NULL, "print one JSON object"},
    OPTIONS_END};

static const char *const verify_examples[] = {"dragoman verify",
                                              "check that no record was changed after it was written",
                                              "dragoman verify --repair", "restore a lost output folder", NULL};

const struct subcommand command_verify = {.name = "verify",
                                          .takes = "",
                                          .help = "verify the records and pages against the state database",
                                          .options = verify_options,
                                          .examples = verify_examples,
                                          .run = do_verify};
