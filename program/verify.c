#include "program/verify.h"

#include <stdio.h>
#include <string.h>

#include "pipeline/article/record.h"
#include "pipeline/article/records.h"
#include "pipeline/base/file.h"
#include "pipeline/base/sha256.h"
#include "pipeline/store/store_days.h"
#include "program/publish.h"
#include "program/repair.h"

struct verification {
    struct program *program;
    struct arena *arena;
    size_t sound, damaged, missing, foreign, stale_days;
};

/* ---------------------------------------------------------------- records */

static bool is_sound(const struct kept_record *record, struct span bytes) {
    char hash[65];
    if (!record->hash.length) return record_intact(bytes);
    sha256_hex(bytes, hash);
    return span_is(record->hash, hash);
}

static void verify_record(struct verification *verification, const struct kept_record *record) {
    struct buffer path = BUFFER(1 << 16), bytes = BUFFER(RECORD_LIMIT);
    buffer_print(&path, "%s/%.*s", verification->program->output_folder, SPAN_ARGS(record->path));
    bool read = file_read(path.at, &bytes), sound = read && is_sound(record, buffer_span(&bytes));
    verification->missing += !read;
    verification->sound += sound;
    verification->damaged += read && !sound;
    if (!sound) printf("%s: %s\n", path.at, read ? "damaged" : "missing");
    buffer_free(&path);
    buffer_free(&bytes);
}

/* Both lists are in the order of ids, which are the files' names; what is in the folder only is nobody's. */
static void verify_folder(struct verification *verification, const char *day, const struct kept_record *records,
                          size_t count) {
    struct records *files = records_open(verification->program->output_folder, day);
    for (size_t i = 0, next = 0; i < records_count(files); i++) {
        struct span name = records_name(files, i);
        while (next < count && strncmp(records[next].id, name.at, 32) < 0) next++;
        if (next < count && span_equal(name, arena_print(verification->arena, "%s.json", records[next].id))) continue;
        printf("%s/%s/articles/%.*s: foreign: no run wrote it here\n", verification->program->output_folder, day,
               SPAN_ARGS(name));
        verification->foreign++;
    }
    records_close(files);
}

static void verify_day(struct verification *verification, const char *day) {
    size_t count;
    struct program *program = verification->program;
    const struct kept_record *records = store_kept_of_day(program->store, day, verification->arena, &count);
    for (size_t i = 0; i < count; i++) verify_record(verification, &records[i]);
    verify_folder(verification, day, records, count);
    if (!publish_day_is_stale(program, day)) return;
    printf("%s/%s: its pages are missing or older than its records\n", program->output_folder, day);
    verification->stale_days++;
}

static void verify_days(struct verification *verification) {
    size_t count;
    struct span *days = store_days(verification->program->store, "", verification->arena, &count);
    for (size_t i = 0; i < count; i++) verify_day(verification, arena_string(verification->arena, days[i]));
}

/* ---------------------------------------------------------------- the command */

static bool repair(struct program *program, struct failure *ret_failure) {
    struct repair_counts counts;
    size_t days;
    if (!repair_all(program, &counts, ret_failure) || !publish_stale_days(program, "", &days, ret_failure))
        return false;
    printf("%zu records written again, pages of %zu days made again\n", counts.rewritten + counts.finished, days);
    if (counts.reopened)
        printf("%zu records were made before copies were kept; `dragoman run` makes them again, from their sources and "
               "the translations that are remembered\n",
               counts.reopened);
    return true;
}

static enum exit_code tell(const struct verification *verification, bool repaired, struct failure *ret_failure) {
    printf("%zu records are sound, %zu damaged, %zu missing, %zu foreign; the pages of %zu days are out of date\n",
           verification->sound, verification->damaged, verification->missing, verification->foreign,
           verification->stale_days);
    bool mendable = verification->damaged + verification->missing + verification->stale_days > 0;
    if (!mendable && verification->foreign == 0) return EXIT_DONE;
    failure_fatal(ret_failure, EXIT_BAD_DATA, "the output is not what was written%s%s",
                  mendable && !repaired ? "; `dragoman verify --repair` writes it again" : "",
                  verification->foreign ? "; remove the foreign files, or move them elsewhere" : "");
    return EXIT_BAD_DATA;
}

enum exit_code verify_command(struct program *program, bool repair_first, struct failure *ret_failure) {
    if (repair_first && !repair(program, ret_failure)) return ret_failure->exit_code ? ret_failure->exit_code : EXIT_IO;
    struct verification verification = {.program = program, .arena = arena_new()};
    verify_days(&verification);
    arena_free(verification.arena);
    return tell(&verification, repair_first, ret_failure);
}
