/* Copies of the state: backup and restore. */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include "pipeline/base/clock.h"
#include "pipeline/store/store_copy.h"
#include "program/command.h"
#include "program/say.h"
#include "program/state.h"
#include "program/verify.h"

/* The one argument that both commands need. */
static const char *only_word(const struct call *call, const char *usage, struct failure *ret_failure) {
    if (call->word_count == 1) return call->words[0];
    failure_fatal(ret_failure, EXIT_USAGE, "write `dragoman %s`", usage);
    return NULL;
}

/* In a folder, a copy has the time in its name, so that earlier ones stay. */
static void name_copy(const char *place, struct buffer *out) {
    char now[21];
    struct stat status;
    buffer_add_string(out, place);
    if (stat(place, &status) != 0 || !S_ISDIR(status.st_mode)) return;
    clock_iso_now(now);
    buffer_print(out, "/dragoman-%.10sT%.2s%.2s%.2sZ.db", now, now + 11, now + 14, now + 17);
}

static void tell_backup(const struct program *program, const char *path, bool as_json) {
    size_t counts[7], all = 0;
    struct stat status = {.st_size = 0};
    store_counts(program->store, counts);
    for (size_t i = 1; i < 7; i++) all += counts[i];
    stat(path, &status);
    if (!as_json) {
        say("%s: %zu article%s, %lld byte%s", path, all, PLURAL(all), (long long)status.st_size,
            PLURAL(status.st_size));
        return;
    }
    cJSON *json = cJSON_CreateObject();
    json_add(json, "path", span_of(path));
    cJSON_AddNumberToObject(json, "articles", (double)all);
    cJSON_AddNumberToObject(json, "bytes", (double)status.st_size);
    command_print_json(json);
}

static enum exit_code refuse_on_server(const char *advice, struct failure *ret_failure) {
    failure_fatal(ret_failure, EXIT_USAGE, "the store is a PostgreSQL database; %s", advice);
    return EXIT_USAGE;
}

/* Needs no lock: a run may go on. */
static enum exit_code do_backup(struct call *call, struct failure *ret_failure) {
    const char *place = only_word(call, "backup FILE, or FOLDER for a file named after the time", ret_failure);
    if (!place) return EXIT_USAGE;
    if (state_is_on_server(call->program))
        return refuse_on_server(
            "make backups of it with pg_dump, or copy it into a file with `dragoman move-store FILE`", ret_failure);
    if (!program_open_store(call->program, false, STORE_UNLOCKED, ret_failure)) return ret_failure->exit_code;
    struct buffer path = BUFFER(1 << 16);
    name_copy(place, &path);
    bool done = store_copy(call->program->store, path.at, ret_failure);
    if (done) tell_backup(call->program, path.at, call_option(call, "--json") != NULL);
    buffer_free(&path);
    return done ? EXIT_DONE : ret_failure->exit_code;
}

/* The records and pages are made again from the state, as after the loss of the output folder. */
static enum exit_code do_restore(struct call *call, struct failure *ret_failure) {
    const char *copy = only_word(call, "restore FILE", ret_failure);
    struct program *program = call->program;
    if (!copy) return EXIT_USAGE;
    if (state_is_on_server(program))
        return refuse_on_server(
            "restore it with pg_restore or psql; a copy in a file is moved into an empty schema with "
            "`dragoman move-store`, while `state` is set to the copy and `store` is not set",
            ret_failure);
    program->repairs = true;
    if (!store_restore(program->state_path, copy, call_option(call, "--replace") != NULL, ret_failure) ||
        !program_open_store(program, false, STORE_LOCKED, ret_failure))
        return ret_failure->exit_code;
    cJSON *json = call_option(call, "--json") ? cJSON_CreateObject() : NULL;
    enum exit_code code = verify_command(program, true, json, ret_failure);
    if (json) command_print_json(json);
    return code;
}

static const struct option backup_options[] = {{"--json", NULL, "print one JSON object"}, OPTIONS_END};
static const char *const backup_examples[] = {"dragoman backup /mnt/backup",
                                              "copy the state, even while a run is in progress", NULL};
const struct subcommand command_backup = {.name = "backup",
                                          .takes = "FILE|FOLDER",
                                          .max_words = 1,
                                          .help =
                                              "copy the state database, from which records and pages can be restored",
                                          .options = backup_options,
                                          .examples = backup_examples,
                                          .confirms = true,
                                          .run = do_backup};

static const struct option restore_options[] = {
    {"--replace", NULL, "if there already is a state, keep it as FILE.replaced"},
    {"--json", NULL, "print one JSON object"},
    OPTIONS_END};
static const char *const restore_examples[] = {"dragoman restore /mnt/backup/dragoman-2026-01-29T053000Z.db",
                                               "restore the state, records and pages", NULL};
const struct subcommand command_restore = {.name = "restore",
                                           .takes = "FILE",
                                           .max_words = 1,
                                           .help = "restore a backup: the state, and missing records and pages",
                                           .options = restore_options,
                                           .examples = restore_examples,
                                           .confirms = true,
                                           .run = do_restore};
