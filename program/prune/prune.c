#include "program/prune/prune.h"

#include <string.h>

#include "config/reader.h"
#include "pipeline/base/clock.h"
#include "pipeline/base/folder.h"
#include "pipeline/store/archive_settings.h"
#include "pipeline/store/store_prune.h"
#include "program/prune/files.h"
#include "program/publish.h"
#include "program/repair.h"
#include "program/search/fill.h"

const struct setting prune_table[] = {
    SETTING("days", SETTING_NUMBER_AT(struct prune_settings, days), .default_value = "0", .max = MAX_PRUNE_DAYS,
            .help =
                "remove the records, pages and stories of days that are older than this many days, selections written "
                "before, and copies of the state that upgrades made before (0 = keep them)"),
    SETTING("archive", SETTING_NUMBER_AT(struct prune_settings, archive), .default_value = "0", .max = MAX_PRUNE_DAYS,
            .help = "remove the archive's files of days that are older than this many days (0 = keep them)"),
    SETTING("memory", SETTING_NUMBER_AT(struct prune_settings, memory), .default_value = "0", .max = MAX_PRUNE_DAYS,
            .help = "remove translations from the memory that were last used more than this many days ago, counted in "
                    "whole months; what an editor accepted, corrected or imported stays (0 = keep them)"),
    SETTING("size", SETTING_SIZE_AT(struct prune_settings, size), .default_value = "0",
            .help = "remove the oldest days until the files in the output folder take up no more than this, e.g. 20G "
                    "(0 = no limit)"),
    SETTING("known", SETTING_NUMBER_AT(struct prune_settings, known), .default_value = "400", .min = 1,
            .max = MAX_PRUNE_DAYS,
            .help = "number of days for which an article is known after its record was pruned, so that a feed that "
                    "still lists it does not have it translated again"),
    SETTING("auto", SETTING_SWITCH_AT(struct prune_settings, automatic), .default_value = "no",
            .help = "prune at the end of the first run of each day"),
    SETTINGS_END,
};

/* One call of prune(). */
struct pruning {
    struct program *program;
    const struct prune_settings *settings;
    struct prune_result *result;
    struct old_files files;
    size_t over; /* by how many bytes the output folder is too large */
    int64_t aside_before;
    struct failure *failure;
};

static void take_off(struct pruning *pruning, size_t bytes) {
    pruning->result->bytes += bytes;
    pruning->over -= bytes < pruning->over ? bytes : pruning->over;
}

/* ---------------------------------------------------------------- the archive */

/* `removes` false adds the files up before anything is changed. */
static bool take_archive(struct pruning *pruning, bool removes) {
    const struct archive_settings *archive = config_values(pruning->program->config, archive_table);
    const char *own = archive->folder.at;
    char before[11];
    struct old_files files = {
        .folder = own[0] ? own : pruning->program->output_folder, .arena = pruning->result->arena, .removes = removes};
    if (!pruning->settings->archive) return true;
    clock_day_before(pruning->program->day, (int)pruning->settings->archive, before);
    bool done = old_files_of_archive(&files, own[0] ? "" : "archive", before, pruning->failure);
    if (removes) return done;
    pruning->result->archive_files = files.count;
    if (own[0])
        pruning->result->bytes += files.bytes;
    else
        take_off(pruning, files.bytes);
    return done;
}

/* ---------------------------------------------------------------- beside the days */

/* For so many days what lies beside the days stays even if the output folder is too large. */
enum { ASIDE_DAYS = 7 };

/* Returns the time before which it goes; 0 = nothing goes. */
static int64_t aside_before(const struct pruning *pruning) {
    char before[11];
    long long days = pruning->settings->days;
    if (pruning->over && (!days || days > ASIDE_DAYS)) days = ASIDE_DAYS;
    if (!days) return 0;
    clock_day_before(pruning->program->day, (int)days, before);
    return clock_moment(before, 0);
}

/* The names of files beside the state begin with its name. */
static bool take_state_copies(const struct pruning *pruning, struct old_files *files, int64_t before) {
    struct span path = span_of(pruning->program->state_path), folder = folder_part(path);
    struct span above = folder.length > 1 ? span_cut(folder, 0, folder.length - 1) : folder;
    files->folder = above.length ? arena_string(files->arena, above) : ".";
    return old_files_aside(files, "", old_files_is_state_copy, span_cut(path, folder.length, path.length), before,
                           pruning->failure);
}

/* `removes` false adds them up before anything is changed. */
static bool take_aside(struct pruning *pruning, bool removes) {
    struct prune_result *result = pruning->result;
    struct old_files files = {.folder = pruning->program->output_folder, .arena = result->arena, .removes = removes};
    if (!removes) pruning->aside_before = aside_before(pruning);
    bool done = old_files_aside(&files, "selections", old_files_is_selection, SPAN(""), pruning->aside_before,
                                pruning->failure) &&
                take_state_copies(pruning, &files, pruning->aside_before);
    if (removes) return done;
    result->aside = files.aside.items;
    result->aside_count = files.aside.count;
    take_off(pruning, files.bytes);
    return done;
}

/* ---------------------------------------------------------------- the store */

static struct pruned_day *add_day(struct pruning *pruning, const struct old_day *day) {
    struct prune_result *result = pruning->result;
    result->days = arena_grow(result->arena, result->days, result->day_count, &result->capacity, sizeof *result->days);
    struct pruned_day *added = &result->days[result->day_count++];
    *added =
        (struct pruned_day){.day = arena_string(result->arena, day->day), .records = day->records, .waits = day->waits};
    return added;
}

static bool take_files(struct pruning *pruning, const char *day) {
    size_t count;
    const struct span *records = store_removals(pruning->program->store, day, pruning->result->arena, &count);
    return old_files_of_day(&pruning->files, day, records, count, pruning->failure);
}

/* A day's rows go before its files are added up, because only then the store says which records are to be removed. */
static bool prune_day(struct pruning *pruning, const struct old_day *old) {
    struct pruned_day *day = add_day(pruning, old);
    size_t before = pruning->files.bytes;
    if (day->waits) return true;
    bool done = store_prune_day(pruning->program->store, day->day, pruning->program->day, pruning->failure) &&
                take_files(pruning, day->day);
    day->bytes = pruning->files.bytes - before;
    pruning->result->records += day->records;
    take_off(pruning, day->bytes);
    return done;
}

/* Today and yesterday always stay: their pages may still change. */
static bool prune_days(struct pruning *pruning) {
    char yesterday[11], before[11] = "";
    size_t count;
    clock_day_before(pruning->program->day, 1, yesterday);
    if (pruning->settings->days) clock_day_before(pruning->program->day, (int)pruning->settings->days, before);
    const struct old_day *days = store_old_days(pruning->program->store, yesterday, pruning->result->arena, &count);
    bool done = true;
    for (size_t i = 0; i < count && done; i++)
        if (span_compare(days[i].day, span_of(before)) < 0 || pruning->over) done = prune_day(pruning, &days[i]);
    return done;
}

static bool prune_rows(struct pruning *pruning) {
    char month[11], before[11];
    struct store *store = pruning->program->store;
    const struct prune_settings *settings = pruning->settings;
    clock_day_before(pruning->program->day, (int)settings->memory, month);
    month[7] = '\0';
    clock_day_before(pruning->program->day, (int)settings->known, before);
    return (!settings->memory || store_prune_memory(store, month, &pruning->result->translations, pruning->failure)) &&
           store_forget_pruned(store, before, &pruning->result->ids, pruning->failure);
}

/* ---------------------------------------------------------------- the files */

static bool remove_days(struct pruning *pruning, const struct span *days, size_t count) {
    struct old_files *files = &pruning->files;
    bool done = true;
    *files =
        (struct old_files){.folder = pruning->program->output_folder, .arena = pruning->result->arena, .removes = true};
    for (size_t i = 0; i < count && done; i++)
        done = take_files(pruning, arena_string(pruning->result->arena, days[i]));
    return done;
}

static bool end_removals(struct pruning *pruning, const struct span *days, size_t count) {
    struct store *store = pruning->program->store;
    bool done = true;
    for (size_t i = 0; i < count && done; i++)
        done = store_end_removal(store, arena_string(pruning->result->arena, days[i]), pruning->failure);
    return done && store_commit(store, pruning->failure);
}

/* Also completes what a killed process has left. */
static bool remove_files(struct pruning *pruning) {
    char since[11];
    size_t count, made;
    struct program *program = pruning->program;
    const struct span *days = store_removal_days(program->store, pruning->result->arena, &count);
    if (!take_archive(pruning, true) || !take_aside(pruning, true) || !count)
        return pruning->failure->reach == REACH_NONE;
    repair_since(program, since);
    repair_sweep(program, since);
    return publish_stale_days(program, program->day, &made, pruning->failure) && remove_days(pruning, days, count) &&
           search_refresh(program->output_folder, pruning->failure) && end_removals(pruning, days, count);
}

static bool carry_out(struct pruning *pruning) {
    struct store *store = pruning->program->store;
    return store_commit(store, pruning->failure) && store_make_durable(store, pruning->failure) &&
           remove_files(pruning) && store_shrink(store, &pruning->result->shrunk, pruning->failure);
}

/* ---------------------------------------------------------------- the whole */

bool prune(struct program *program, const struct prune_settings *settings, bool dry_run, struct arena *arena,
           struct prune_result *ret_result, struct failure *ret_failure) {
    *ret_result = (struct prune_result){.arena = arena};
    struct pruning pruning = {.program = program,
                              .settings = settings,
                              .result = ret_result,
                              .files = {.folder = program->output_folder, .arena = arena},
                              .failure = ret_failure};
    size_t size = settings->size ? old_files_size(program->output_folder) : 0;
    pruning.over = size > settings->size ? size - settings->size : 0;
    bool done =
        take_archive(&pruning, false) && take_aside(&pruning, false) && prune_days(&pruning) && prune_rows(&pruning);
    ret_result->foreign = pruning.files.foreign.items;
    ret_result->foreign_count = pruning.files.foreign.count;
    /* Nothing of a transaction that is not whole may be committed. */
    if (!done) store_keep_nothing(program->store);
    return done && (dry_run || carry_out(&pruning));
}

/* Removes what a killed process was to remove; without such a thing, nothing is done. */
static bool complete_removals(struct program *program, struct arena *arena, struct failure *ret_failure) {
    struct prune_settings nothing = {0};
    struct prune_result result = {.arena = arena};
    struct pruning pruning = {.program = program, .settings = &nothing, .result = &result, .failure = ret_failure};
    return remove_files(&pruning);
}

static bool prune_today(struct program *program, const struct prune_settings *settings, struct arena *arena,
                        struct failure *ret_failure) {
    struct prune_result result;
    char now[21];
    clock_iso_now(now);
    return store_tell(program->store, SPAN("pruned"), span_of(program->day), span_of(now), ret_failure) &&
           prune(program, settings, false, arena, &result, ret_failure);
}

/* What cannot be removed is warned of by the first run of a day only. */
void prune_after_run(struct program *program) {
    const struct prune_settings *settings = config_values(program->config, prune_table);
    struct span day = SPAN(""), at;
    struct failure failure = {0};
    struct arena *arena = arena_new();
    store_told(program->store, SPAN("pruned"), arena, &day, &at);
    bool due = settings->automatic && !span_is(day, program->day);
    if (!(due ? prune_today(program, settings, arena, &failure) : complete_removals(program, arena, &failure)))
        log_sentence(&program->log, due ? LOG_LEVEL_WARNING : LOG_LEVEL_INFO, failure.sentence);
    arena_free(arena);
}
