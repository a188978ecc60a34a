/* Moves the state between a file and a PostgreSQL database. */
#define _GNU_SOURCE /* realpath */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "pipeline/base/arena.h"
#include "program/command.h"
#include "program/progress.h"
#include "program/say.h"
#include "program/state.h"

/* ---------------------------------------------------------------- while it copies */

static void show_rows(void *context, int64_t rows, int64_t of) {
    struct buffer line = BUFFER(200);
    buffer_print(&line, "%" PRId64 " of %" PRId64 " row%s copied", rows, of, PLURAL(of));
    progress_show_text(context, buffer_span(&line));
    buffer_free(&line);
}

static bool move_state(const struct call *call, bool quiet, struct move_result *ret_result,
                       struct failure *ret_failure) {
    struct progress progress = progress_start(!quiet);
    struct move_watch watch = {show_rows, &progress};
    bool done = state_move(call->program, call->words[0], watch, ret_result, ret_failure);
    progress_erase(&progress);
    return done;
}

/* ---------------------------------------------------------------- what is to be done now */

/* Returns whether the file is the one that is used without `store`. */
static bool is_configured(const struct program *program, const char *file) {
    char *one = realpath(file, NULL), *other = realpath(program->state_path, NULL);
    bool same = one && other && strcmp(one, other) == 0;
    free(one);
    free(other);
    return same;
}

/* The line for the configuration; empty if removing `store` is all. */
static void write_setting(const struct program *program, const char *target, struct buffer *out) {
    char *path = NULL;
    if (!state_is_on_server(program))
        buffer_print(out, "store = %s", target);
    else if (!is_configured(program, target) && (path = realpath(target, NULL)))
        buffer_print(out, "state = %s", path);
    free(path);
}

static void tell_setting(const struct program *program, const char *setting) {
    if (!setting[0])
        say("To use it, remove `store` from [run] of your configuration.");
    else
        say("To use it, write this into [run] of your configuration%s:",
            state_is_on_server(program) ? ", in the place of `store`" : "");
    if (setting[0]) say("    %s", setting);
    say("%s is unchanged; remove it only after a run with the new setting has ended well.", state_name(program));
}

static void tell_changes(const struct move_result *result) {
    if (result->changed_texts)
        say("%" PRId64 " text%s had bytes that PostgreSQL does not accept; they are now U+FFFD.", result->changed_texts,
            PLURAL(result->changed_texts));
    if (result->merged_rows)
        say("%" PRId64 " row%s had the key of another one; the newest was kept, and amounts were added up.",
            result->merged_rows, PLURAL(result->merged_rows));
}

static void tell(const struct program *program, const char *target, const struct move_result *result,
                 const char *setting) {
    int64_t articles = move_result_rows(result, "article"), translations = move_result_rows(result, "memory"),
            records = move_result_rows(result, "kept"), bill = move_result_rows(result, "bill");
    char *name = state_name_of(span_of(target));
    say("Copied the state from %s to %s.", state_name(program), name);
    say("%" PRId64 " article%s, %" PRId64 " translation%s, %" PRId64 " record%s, %" PRId64 " line%s of the bill; "
        "%" PRId64 " row%s of %zu tables in all, counted on both sides.",
        articles, PLURAL(articles), translations, PLURAL(translations), records, PLURAL(records), bill, PLURAL(bill),
        result->rows, PLURAL(result->rows), result->table_count);
    free(name);
    tell_changes(result);
    tell_setting(program, setting);
}

static void print_json(const struct program *program, const char *target, const struct move_result *result,
                       const char *setting) {
    cJSON *json = cJSON_CreateObject();
    char *name = state_name_of(span_of(target));
    json_add(json, "from", span_of(state_name(program)));
    json_add(json, "to", span_of(name));
    free(name);
    if (setting[0]) json_add(json, "setting", span_of(setting));
    cJSON_AddNumberToObject(json, "rows", (double)result->rows);
    cJSON *tables = cJSON_AddObjectToObject(json, "tables");
    for (size_t i = 0; i < result->table_count; i++)
        cJSON_AddNumberToObject(tables, result->tables[i].table, (double)result->tables[i].rows);
    cJSON_AddNumberToObject(json, "changed_texts", (double)result->changed_texts);
    cJSON_AddNumberToObject(json, "merged_rows", (double)result->merged_rows);
    command_print_json(json);
}

/* ---------------------------------------------------------------- the command */

static enum exit_code do_move_store(struct call *call, struct failure *ret_failure) {
    bool as_json = call_option(call, "--json") != NULL;
    if (call->word_count != 1) {
        failure_fatal(ret_failure, EXIT_USAGE,
                      "write `dragoman move-store TARGET`, with the path of a new file or postgresql://...");
        return EXIT_USAGE;
    }
    struct move_result *result = memory_take(sizeof *result);
    struct buffer setting = BUFFER(1 << 16);
    buffer_add_string(&setting, "");
    bool done = move_state(call, as_json || call->program->quiet, result, ret_failure);
    if (done) write_setting(call->program, call->words[0], &setting);
    if (done && as_json)
        print_json(call->program, call->words[0], result, setting.at);
    else if (done)
        tell(call->program, call->words[0], result, setting.at);
    buffer_free(&setting);
    free(result);
    return done ? EXIT_DONE : ret_failure->exit_code;
}

static const struct option move_store_options[] = {{"--json", NULL, "print one JSON object"}, OPTIONS_END};
static const char *const move_store_examples[] = {
    "dragoman move-store postgresql://dragoman@db.example/news", "copy the state from its file into a database",
    "dragoman move-store /var/lib/dragoman/state.db", "copy it from the database back into a file", NULL};
const struct subcommand command_move_store = {.name = "move-store",
                                              .takes = "TARGET",
                                              .max_words = 1,
                                              .help =
                                                  "copy the state into a PostgreSQL database, or from it into a file",
                                              .options = move_store_options,
                                              .examples = move_store_examples,
                                              .confirms = true,
                                              .run = do_move_store};
