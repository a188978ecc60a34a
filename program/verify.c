#include "program/verify.h"

#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include "pipeline/article/record.h"
#include "pipeline/article/records.h"
#include "pipeline/base/file.h"
#include "pipeline/base/sha256.h"
#include "pipeline/store/store_days.h"
#include "pipeline/store/store_prune.h"
#include "program/publish.h"
#include "program/rebuild.h"
#include "program/repair.h"
#include "program/say.h"

enum { MAX_FILES = 1000 };

struct verification {
    struct program *program;
    struct arena *arena;
    size_t sound, damaged, missing, foreign, stale_days, lists; /* lists: missing pages that lead to the days */
    struct repair_counts repair;
    size_t rebuilt, days_made; /* rebuilt: records from which a lost state was made again */
    cJSON *json, *files;       /* NULL if the output is text, not JSON */
    size_t left_out;
};

/* Reports a problem with a file or a day as soon as it is found. */
static void tell_one(struct verification *verification, const char *path, const char *state, const char *why) {
    if (!verification->files) {
        say("%s: %s%s", path, state, why);
        return;
    }
    if (cJSON_GetArraySize(verification->files) >= MAX_FILES) {
        verification->left_out++;
        return;
    }
    cJSON *item = cJSON_CreateObject();
    json_add(item, "path", span_of(path));
    json_add(item, "state", span_of(state));
    cJSON_AddItemToArray(verification->files, item);
}

/* ---------------------------------------------------------------- records */

static bool is_sound(const struct kept_record *record, struct span bytes) {
    char hash[65];
    /* Records of early versions have no hash in the state database, only a checksum in the record itself. */
    if (!record->hash.length) return record_intact(bytes);
    sha256_hex(bytes, hash);
    return span_is(record->hash, hash);
}

static void verify_record(struct verification *verification, const struct kept_record *record) {
    struct buffer path = BUFFER(1 << 16), bytes = BUFFER(RECORD_LIMIT);
    buffer_print(&path, "%s/%.*s", verification->program->output_folder, SPAN_ARGS(record->path));
    /* What is not a file of its own, such as a link, is not what was written, whatever it leads to. */
    struct stat status;
    bool there = lstat(path.at, &status) == 0, own = there && S_ISREG(status.st_mode);
    bool sound = own && file_read(path.at, &bytes) && is_sound(record, buffer_span(&bytes));
    verification->missing += !there;
    verification->sound += sound;
    verification->damaged += there && !sound;
    const char *why = there && S_ISDIR(status.st_mode) ? ": a folder is in its place" : "";
    if (!sound) tell_one(verification, path.at, there ? "damaged" : "missing", why);
    buffer_free(&path);
    buffer_free(&bytes);
}

/* Compares the records with the files, both sorted by id (files are named after it). A file without a record is
 * foreign. */
static void verify_folder(struct verification *verification, const char *day, const struct kept_record *records,
                          size_t count) {
    struct records *files = records_open(verification->program->output_folder, day);
    for (size_t i = 0, next = 0; i < records_count(files); i++) {
        struct span name = records_name(files, i);
        while (next < count && strncmp(records[next].id, name.at, 32) < 0) next++;
        if (next < count && span_equal(name, arena_print(verification->arena, "%s.json", records[next].id))) continue;
        struct span path = arena_print(verification->arena, "%s/%s/articles/%.*s", verification->program->output_folder,
                                       day, SPAN_ARGS(name));
        tell_one(verification, path.at, "foreign", ": not written by dragoman");
        verification->foreign++;
    }
    records_close(files);
}

/* Checks that every record has its file, and that every file belongs to a record. */
static void verify_day(struct verification *verification, const char *day) {
    size_t count;
    struct program *program = verification->program;
    const struct kept_record *records = store_kept_of_day(program->store, day, verification->arena, &count);
    for (size_t i = 0; i < count; i++) verify_record(verification, &records[i]);
    verify_folder(verification, day, records, count);
    bool stale = publish_day_is_stale(program, day);
    if (!stale && !publish_day_is_changed(program, day)) return;
    struct span path = arena_print(verification->arena, "%s/%s", program->output_folder, day);
    if (stale)
        tell_one(verification, path.at, "out of date",
                 ": its pages are missing, or older than its records or the configuration");
    else
        tell_one(verification, path.at, "changed", ": its pages were changed, or some are missing");
    verification->stale_days++;
}

/* A folder of a day that the store does not know holds foreign files only, unless the day was pruned and `prune` was
 * killed before it had removed the files. */
static void verify_stray(struct verification *verification, const char *day) {
    struct store *store = verification->program->store;
    struct span path = arena_print(verification->arena, "%s/%s", verification->program->output_folder, day);
    if (store_is_leaving(store, day))
        tell_one(verification, path.at, "pruned", ": the next `dragoman prune` removes its files");
    else
        verify_folder(verification, day, NULL, 0);
}

/* Nobody finds the days' pages without the list of all days, nor their news without the feed. */
static void verify_lists(struct verification *verification) {
    static const char *const names[] = {"index.html", "feed.xml"};
    struct buffer path = BUFFER(1 << 16);
    struct stat status;
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        buffer_clear(&path);
        buffer_print(&path, "%s/%s", verification->program->output_folder, names[i]);
        if (lstat(path.at, &status) == 0) continue;
        tell_one(verification, path.at, "missing", "");
        verification->lists++;
    }
    buffer_free(&path);
}

/* Both lists of days are in order. */
static void verify_days(struct verification *verification) {
    size_t count, folder_count, next = 0;
    struct arena *arena = verification->arena;
    struct span *days = store_days(verification->program->store, "", arena, &count);
    struct span *folders = records_days(verification->program->output_folder, arena, &folder_count);
    for (size_t i = 0; i < count; i++) {
        for (; next < folder_count && span_compare(folders[next], days[i]) < 0; next++)
            verify_stray(verification, arena_string(arena, folders[next]));
        next += next < folder_count && span_equal(folders[next], days[i]);
        verify_day(verification, arena_string(arena, days[i]));
    }
    for (; next < folder_count; next++) verify_stray(verification, arena_string(arena, folders[next]));
    if (count) verify_lists(verification);
}

/* ---------------------------------------------------------------- the command */

static bool repair(struct verification *verification, struct failure *ret_failure) {
    struct program *program = verification->program;
    return (!rebuild_needed(program) || rebuild_state(program, &verification->rebuilt, ret_failure)) &&
           repair_all(program, &verification->repair, ret_failure) &&
           publish_stale_days(program, "", &verification->days_made, ret_failure);
}

static void tell_repair(const struct verification *verification) {
    const struct repair_counts *counts = &verification->repair;
    size_t restored = counts->rewritten + counts->finished;
    printf("restored %zu record%s and rebuilt the pages of %zu day%s\n", restored, PLURAL(restored),
           verification->days_made, PLURAL(verification->days_made));
    if (verification->rebuilt)
        printf("made a new state from %zu record%s; their translations are not bought again. Lost with the old state: "
               "what was spent, so that today's and this month's caps count from zero; the translation memory; and the "
               "articles "
               "that were waiting or had failed, which are found again only if their sources still offer them\n",
               verification->rebuilt, PLURAL(verification->rebuilt));
    if (counts->reopened)
        printf("%zu record%s no copy in the state database; `dragoman run` recreates %s and the translation memory\n",
               counts->reopened, counts->reopened == 1 ? " has" : "s have",
               counts->reopened == 1 ? "it from its source" : "them from their sources");
}

static void add_repair(const struct verification *verification) {
    cJSON *item = cJSON_AddObjectToObject(verification->json, "repaired");
    cJSON_AddNumberToObject(item, "records", (double)(verification->repair.rewritten + verification->repair.finished));
    cJSON_AddNumberToObject(item, "taken_into_state", (double)verification->rebuilt);
    cJSON_AddNumberToObject(item, "days", (double)verification->days_made);
    cJSON_AddNumberToObject(item, "to_be_made_again", (double)verification->repair.reopened);
}

static void add_counts(const struct verification *verification) {
    cJSON_AddNumberToObject(verification->json, "sound", (double)verification->sound);
    cJSON_AddNumberToObject(verification->json, "damaged", (double)verification->damaged);
    cJSON_AddNumberToObject(verification->json, "missing", (double)verification->missing);
    cJSON_AddNumberToObject(verification->json, "foreign", (double)verification->foreign);
    cJSON_AddNumberToObject(verification->json, "days_out_of_date", (double)verification->stale_days);
    cJSON_AddNumberToObject(verification->json, "left_out", (double)verification->left_out);
}

static void tell_counts(const struct verification *verification) {
    printf("%zu record%s sound, %zu damaged, %zu missing, %zu foreign; the pages of %zu day%s out of date\n",
           verification->sound, verification->sound == 1 ? " is" : "s are", verification->damaged,
           verification->missing, verification->foreign, verification->stale_days,
           verification->stale_days == 1 ? " are" : "s are");
}

/* Foreign files may be the user's and are never deleted, so they remain a problem after a repair. */
static enum exit_code judge(const struct verification *verification, bool repaired, struct failure *ret_failure) {
    bool mendable = verification->damaged + verification->missing + verification->stale_days + verification->lists > 0;
    if (!mendable && verification->foreign == 0) return EXIT_DONE;
    /* A run that has begun in the meantime writes what looks like that. */
    if (!store_check_unused(verification->program->store, ret_failure)) return EXIT_BUSY;
    failure_fatal(ret_failure, EXIT_BAD_DATA, "the output folder differs from what dragoman wrote%s%s",
                  mendable && !repaired ? "; `dragoman verify --repair` restores it" : "",
                  verification->foreign ? "; remove the foreign files, or move them elsewhere" : "");
    return EXIT_BAD_DATA;
}

static void verify(struct verification *verification, bool repaired) {
    if (repaired && verification->json) add_repair(verification);
    if (repaired && !verification->json) tell_repair(verification);
    verification->arena = arena_new();
    verify_days(verification);
    arena_free(verification->arena);
    if (verification->json)
        add_counts(verification);
    else
        tell_counts(verification);
}

enum exit_code verify_command(struct program *program, bool repair_first, cJSON *json, struct failure *ret_failure) {
    struct verification verification = {.program = program, .json = json};
    if (repair_first && !repair(&verification, ret_failure))
        return ret_failure->exit_code ? ret_failure->exit_code : EXIT_IO;
    if (json) verification.files = cJSON_AddArrayToObject(json, "files");
    verify(&verification, repair_first);
    return judge(&verification, repair_first, ret_failure);
}
