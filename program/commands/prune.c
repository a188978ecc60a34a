/* Removes what is old, so that a disk does not fill up. */
#include <stdio.h>

#include "config/reader.h"
#include "pipeline/store/store.h"
#include "program/command.h"
#include "program/prune/prune.h"
#include "program/say.h"
#include "program/state.h"

/* ---------------------------------------------------------------- text */

static void tell_day(const struct pruned_day *day) {
    if (day->waits)
        say("%s stays, because an article with a record of this day is unfinished", day->day);
    else
        say("%s: %zu record%s, %zu byte%s", day->day, day->records, PLURAL(day->records), day->bytes,
            PLURAL(day->bytes));
}

static size_t count_days(const struct prune_result *result) {
    size_t count = 0;
    for (size_t i = 0; i < result->day_count; i++) count += !result->days[i].waits;
    return count;
}

static void tell_sum(const struct prune_result *result, bool dry_run) {
    size_t days = count_days(result);
    printf("%s %zu day%s with %zu record%s", dry_run ? "would prune" : "pruned", days, PLURAL(days), result->records,
           PLURAL(result->records));
    printf(", %zu archive file%s and %zu translation%s: %zu byte%s of files\n", result->archive_files,
           PLURAL(result->archive_files), result->translations, PLURAL(result->translations), result->bytes,
           PLURAL(result->bytes));
    if (result->aside_count)
        printf("%s %zu file%s beside the days\n", dry_run ? "would remove" : "removed", result->aside_count,
               PLURAL(result->aside_count));
    if (result->ids)
        printf("%s %zu article%s that %s pruned long ago\n", dry_run ? "would forget" : "forgot", result->ids,
               PLURAL(result->ids), result->ids == 1 ? "was" : "were");
    if (result->shrunk) printf("the state file is %zu byte%s smaller\n", result->shrunk, PLURAL(result->shrunk));
}

static void tell(const struct program *program, const struct prune_result *result, bool dry_run) {
    for (size_t i = 0; i < result->day_count; i++) tell_day(&result->days[i]);
    for (size_t i = 0; i < result->aside_count; i++) say("%.*s", SPAN_ARGS(result->aside[i]));
    for (size_t i = 0; i < result->foreign_count; i++)
        say("%s/%.*s stays: not written by dragoman", program->output_folder, SPAN_ARGS(result->foreign[i]));
    tell_sum(result, dry_run);
}

/* ---------------------------------------------------------------- JSON */

static void add_day(cJSON *days, cJSON *stay, const struct pruned_day *day) {
    cJSON *object = cJSON_CreateObject();
    json_add(object, "day", span_of(day->day));
    cJSON_AddNumberToObject(object, "records", (double)day->records);
    if (!day->waits) cJSON_AddNumberToObject(object, "bytes", (double)day->bytes);
    cJSON_AddItemToArray(day->waits ? stay : days, object);
}

static void print_json(const struct prune_result *result, bool dry_run) {
    cJSON *root = cJSON_CreateObject();
    cJSON_AddBoolToObject(root, "dry_run", dry_run);
    cJSON *days = cJSON_AddArrayToObject(root, "days"), *stay = cJSON_AddArrayToObject(root, "unfinished");
    for (size_t i = 0; i < result->day_count; i++) add_day(days, stay, &result->days[i]);
    cJSON_AddNumberToObject(root, "records", (double)result->records);
    cJSON_AddNumberToObject(root, "archive_files", (double)result->archive_files);
    cJSON_AddNumberToObject(root, "translations", (double)result->translations);
    cJSON_AddNumberToObject(root, "forgotten", (double)result->ids);
    cJSON_AddNumberToObject(root, "bytes", (double)result->bytes);
    cJSON_AddNumberToObject(root, "state_bytes", (double)result->shrunk);
    cJSON *aside = cJSON_AddArrayToObject(root, "aside");
    for (size_t i = 0; i < result->aside_count; i++) json_append(aside, result->aside[i]);
    cJSON *foreign = cJSON_AddArrayToObject(root, "foreign");
    for (size_t i = 0; i < result->foreign_count; i++) {
        cJSON *object = cJSON_CreateObject();
        json_add(object, "path", result->foreign[i]);
        cJSON_AddItemToArray(foreign, object);
    }
    command_print_json(root);
}

/* ---------------------------------------------------------------- the command */

static bool read_option(const struct call *call, const char *name, long long *value, struct failure *ret_failure) {
    size_t number;
    if (!call_number(call, name, (size_t)*value, &number, ret_failure)) return false;
    if (number > MAX_PRUNE_DAYS)
        return failure_fatal(ret_failure, EXIT_USAGE, "invalid value '%s' for %s: expected at most %d days",
                             call_option(call, name), name, MAX_PRUNE_DAYS);
    *value = (long long)number;
    return true;
}

static bool read_options(const struct call *call, struct prune_settings *settings, struct failure *ret_failure) {
    return read_option(call, "--days", &settings->days, ret_failure) &&
           read_option(call, "--archive", &settings->archive, ret_failure) &&
           read_option(call, "--memory", &settings->memory, ret_failure);
}

/* Nothing is created for what only removes. */
static bool open_store(struct program *program, bool dry_run, struct failure *ret_failure) {
    if (!state_exists(program))
        return failure_fatal(ret_failure, EXIT_IO, "there is no state in %s, so nothing can be pruned",
                             state_name(program));
    return dry_run ? program_open_dry_run(program, ret_failure)
                   : program_open_store(program, false, STORE_LOCKED, ret_failure);
}

static void say_no_limit(const struct call *call) {
    if (!call_option(call, "--json") && !call->program->quiet)
        fputs("dragoman: there is no limit, so days, archive and memory are kept; set one in [prune], or give --days, "
              "--archive or --memory\n",
              stderr);
}

static enum exit_code do_prune(struct call *call, struct failure *ret_failure) {
    struct program *program = call->program;
    struct prune_settings settings = *(const struct prune_settings *)config_values(program->config, prune_table);
    struct prune_result result;
    bool dry_run = call_option(call, "--dry-run") != NULL;
    if (!read_options(call, &settings, ret_failure) || !open_store(program, dry_run, ret_failure))
        return ret_failure->exit_code;
    struct arena *arena = arena_new();
    bool done = prune(program, &settings, dry_run, arena, &result, ret_failure);
    if (done && call_option(call, "--json"))
        print_json(&result, dry_run);
    else if (done)
        tell(program, &result, dry_run);
    if (done && !settings.days && !settings.archive && !settings.memory && !settings.size) say_no_limit(call);
    arena_free(arena);
    return done ? EXIT_DONE : ret_failure->exit_code ? ret_failure->exit_code : EXIT_IO;
}

static const struct option prune_options[] = {
    {"--dry-run", NULL, "show what would be removed, and change nothing"},
    {"--days", "NUMBER",
     "remove days, selections and copies of the state older than this many days (instead of [prune] days)"},
    {"--archive", "NUMBER", "remove archive files older than this many days (instead of [prune] archive)"},
    {"--memory", "NUMBER", "remove translations not used for this many days (instead of [prune] memory)"},
    {"--json", NULL, "print one JSON object"},
    OPTIONS_END};
static const char *const prune_examples[] = {"dragoman prune --dry-run --days 365",
                                             "show what a limit of a year would remove", "dragoman prune",
                                             "remove what exceeds the limits in [prune]", NULL};

const struct subcommand command_prune = {.name = "prune",
                                         .takes = "",
                                         .help = "remove old days, archive files and translations",
                                         .options = prune_options,
                                         .examples = prune_examples,
                                         .confirms = true,
                                         .run = do_prune};
