#include "program/repair.h"

#include <dirent.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "pipeline/article/record.h"
#include "pipeline/article/verdict.h"
#include "pipeline/base/clock.h"
#include "pipeline/base/file.h"
#include "pipeline/base/folder.h"
#include "pipeline/base/pack.h"
#include "pipeline/base/sha256.h"
#include "pipeline/store/durable_writer.h"
#include "pipeline/store/store_days.h"
#include "pipeline/store/store_workers.h"
#include "program/digest/period.h"
#include "program/publish.h"

/* The state of one repair. */
struct repairer {
    struct program *program;
    struct arena *arena;
    struct repair_counts *repair;
    struct failure *failure;
    bool compare;         /* read every file, not only those that are missing or have changed since `made` */
    struct timespec made; /* when the day's oldest page was made; 0 if a page is missing */
};

static struct span full_path(struct repairer *repairer, struct span path) {
    return arena_print(repairer->arena, "%s/%.*s", repairer->program->output_folder, SPAN_ARGS(path));
}

/* The writer sets a folder aside that is in the place of a file. */
static void tell_folder(struct repairer *repairer, const struct kept_record *record) {
    struct stat status;
    struct span path = full_path(repairer, record->path);
    if (lstat(path.at, &status) != 0 || !S_ISDIR(status.st_mode)) return;
    struct span sentence = arena_print(
        repairer->arena, "a folder is in the place of the record %.*s; it is kept beside it, as %.*s.folder-N",
        SPAN_ARGS(path), SPAN_ARGS(record->path));
    log_sentence(&repairer->program->log, LOG_LEVEL_WARNING, sentence.at);
}

/* Counts only records that were actually written. */
static bool write_again(struct repairer *repairer, const struct kept_record *record, struct span bytes, size_t *count) {
    tell_folder(repairer, record);
    bool done = durable_writer_write(repairer->program->output_folder, record->path, bytes, repairer->failure);
    *count += done;
    return done;
}

/* ---------------------------------------------------------------- what a killed run had finished */

/* Returns whether the record is the newest of its article: the article is unfinished, or a correction of it was, and
 * still has the version from which the record was made. */
static bool is_current(struct repairer *repairer, const struct kept_record *record, struct article_row *ret_row) {
    return store_find(repairer->program->store, span_of(record->id), repairer->arena, ret_row) &&
           (ret_row->article_state == ARTICLE_STATE_FOUND || ret_row->article_state == ARTICLE_STATE_WAITING ||
            ret_row->article_state == ARTICLE_STATE_DONE) &&
           span_equal(ret_row->version, record->version);
}

/* Stores in the row which parts the record lacks; `dragoman retry` uses this to select articles. */
static void note_lack(struct span bytes, struct article_row *row) {
    struct article *article = NULL;
    row->unfinished = -1;
    if (!record_read(bytes, 0, &article, NULL)) return;
    row->unfinished = (int)article_tally(article).failed;
    row->cut = article_is_cut(article);
    article_free(article);
}

/* Handles a record that a killed run had finished but whose file it had not yet written or registered. The bytes of the
 * record are in the store. */
static bool put_in_place(struct repairer *repairer, const struct kept_record *record) {
    struct store *store = repairer->program->store;
    struct article_row row;
    struct buffer bytes = BUFFER(RECORD_LIMIT);
    bool done = true;
    if (is_current(repairer, record, &row) && store_kept_bytes(store, record->id, &bytes)) {
        row.article_state = ARTICLE_STATE_DONE;
        row.note = row.path = record->path;
        note_lack(buffer_span(&bytes), &row);
        row.record = SPAN("");
        done = write_again(repairer, record, buffer_span(&bytes), &repairer->repair->finished) &&
               store_put(store, &row, repairer->failure) && store_record_in_place(store, record->id, repairer->failure);
    }
    buffer_free(&bytes);
    return done;
}

static bool finish_records(struct repairer *repairer) {
    size_t count;
    struct kept_record *records = store_kept_unplaced(repairer->program->store, repairer->arena, &count);
    bool done = true;
    for (size_t i = 0; i < count && done; i++) done = put_in_place(repairer, &records[i]);
    return done;
}

/* ---------------------------------------------------------------- records of earlier versions */

/* Copies an intact record into the store, so that it can be restored if its file is lost. */
static bool adopt(struct repairer *repairer, struct kept_record *record, struct span bytes) {
    char hash[65];
    struct buffer packed = BUFFER(RECORD_LIMIT);
    sha256_hex(bytes, hash);
    record->hash = span_of(hash);
    bool done = pack(bytes, &packed) &&
                store_keep_record(repairer->program->store, record, buffer_span(&packed), repairer->failure) &&
                store_record_in_place(repairer->program->store, record->id, repairer->failure);
    repairer->repair->adopted += done;
    buffer_free(&packed);
    return done;
}

/* Schedules a lost record to be recreated. The first attempt waits for the source to list the article, which supplies
 * everything that was known about it. The second attempt, recognised by the version "lost", fetches the article's
 * address. The translation memory has the translations, so no service is paid twice. */
static bool reopen(struct repairer *repairer, const struct kept_record *record) {
    struct store *store = repairer->program->store;
    struct article_row row;
    if (!store_find(store, span_of(record->id), repairer->arena, &row) || row.article_state != ARTICLE_STATE_DONE)
        return true;
    repairer->repair->reopened++;
    if (!span_is(row.version, "lost")) return store_ask_sources_again(store, record->id, repairer->failure);
    struct article *article = article_new();
    struct buffer bytes = BUFFER(RECORD_LIMIT);
    snprintf(article->id, sizeof article->id, "%s", row.id);
    article->origin.source = row.source;
    article->origin.address = row.address;
    article->origin.version = record->version;
    row.article_state = ARTICLE_STATE_FOUND;
    row.path = SPAN("");
    row.version = record->version;
    bool done = record_write(article, RECORD_WORKING, &bytes);
    row.record = buffer_span(&bytes);
    done = done && store_put(store, &row, repairer->failure);
    buffer_free(&bytes);
    article_free(article);
    return done;
}

/* Stores of early versions have no copies of records, so there is only the file. */
static bool repair_old(struct repairer *repairer, struct kept_record *record, struct span bytes) {
    bool intact = bytes.length && record_intact(bytes);
    return intact ? adopt(repairer, record, bytes) : reopen(repairer, record);
}

/* ---------------------------------------------------------------- records of this version */

static bool is_sound(const struct kept_record *record, struct span bytes) {
    char hash[65];
    sha256_hex(bytes, hash);
    return span_is(record->hash, hash);
}

/* Rewrites the file from the store's copy unless it has the same hash. */
static bool repair_kept(struct repairer *repairer, const struct kept_record *record, struct span bytes) {
    struct buffer kept = BUFFER(RECORD_LIMIT);
    bool done = is_sound(record, bytes) || !store_kept_bytes(repairer->program->store, record->id, &kept) ||
                write_again(repairer, record, buffer_span(&kept), &repairer->repair->rewritten);
    buffer_free(&kept);
    return done;
}

/* A run writes records before the pages that show them, so a file that is newer than the pages was changed by something
 * else. */
static bool is_untouched(const struct repairer *repairer, const char *path) {
    struct stat status;
    if (lstat(path, &status) != 0 || !S_ISREG(status.st_mode) || status.st_size == 0) return false;
    const struct timespec *changed = &status.st_ctim, *made = &repairer->made;
    return changed->tv_sec < made->tv_sec || (changed->tv_sec == made->tv_sec && changed->tv_nsec <= made->tv_nsec);
}

static bool repair_record(struct repairer *repairer, struct kept_record *record) {
    struct span path = full_path(repairer, record->path);
    /* This takes one stat() per record; comparing contents would mean reading every file in each run. */
    if (!repairer->compare && record->hash.length && is_untouched(repairer, path.at)) return true;
    struct buffer bytes = BUFFER(RECORD_LIMIT);
    /* A link is replaced even if it leads to the same bytes, which may change there. */
    struct stat status;
    bool own = lstat(path.at, &status) == 0 && S_ISREG(status.st_mode);
    if (!own || !file_read(path.at, &bytes)) buffer_clear(&bytes);
    bool done = record->hash.length ? repair_kept(repairer, record, buffer_span(&bytes))
                                    : repair_old(repairer, record, buffer_span(&bytes));
    buffer_free(&bytes);
    return done;
}

/* ---------------------------------------------------------------- days */

/* If a page is missing, it is unknown when the pages were made, so every file counts as changed. */
static bool repair_day(struct repairer *repairer, const char *day) {
    size_t count;
    struct kept_record *records = store_kept_of_day(repairer->program->store, day, repairer->arena, &count);
    bool done = true;
    if (!publish_day_made(repairer->program, day, &repairer->made)) repairer->made = (struct timespec){0};
    for (size_t i = 0; i < count && done; i++) done = repair_record(repairer, &records[i]);
    return done;
}

/* ---------------------------------------------------------------- temporary files */

static void sweep_if_changed(const char *folder, struct span path, int64_t since) {
    struct stat status;
    int file = folder_open(folder, path, false);
    bool changed = file >= 0 && fstat(file, &status) == 0 && (int64_t)status.st_mtim.tv_sec >= since;
    if (file >= 0) close(file);
    if (changed) durable_writer_sweep(folder, path);
}

/* Removes what a killed process has left, in the folders of all days: `digest` and `accept` write to old ones, too.
 * Creating a file changes the folder's time, so folders that have not changed for long need not be read. */
void repair_sweep(const struct program *program, const char *since) {
    static const char *const inside[] = {"", "/articles", "/stories"};
    const char *folder = program->output_folder;
    struct arena *arena = arena_new();
    int64_t begins = since[0] ? clock_moment(since, 0) : 0;
    const struct dirent *item;
    DIR *list = opendir(folder);
    while (list && (item = readdir(list)))
        for (size_t i = 0; i < sizeof inside / sizeof *inside && period_is_day(item->d_name); i++)
            sweep_if_changed(folder, arena_print(arena, "%s%s", item->d_name, inside[i]), begins);
    if (list) closedir(list);
    sweep_if_changed(folder, SPAN("selections"), begins);
    durable_writer_sweep(folder, SPAN(""));
    arena_free(arena);
}

static bool each_day(struct repairer *repairer, const char *since) {
    size_t count;
    struct span *days = store_days(repairer->program->store, since, repairer->arena, &count);
    bool done = true;
    for (size_t i = 0; i < count && done; i++) done = repair_day(repairer, arena_string(repairer->arena, days[i]));
    return done;
}

static bool repair_days(struct repairer *repairer, const char *since) {
    struct store *store = repairer->program->store;
    /* What another run is writing may look like what a killed one has left, on another machine. */
    if (store_is_alone(store)) repair_sweep(repairer->program, since);
    return each_day(repairer, since) && finish_records(repairer) && store_commit(store, repairer->failure);
}

static bool repair_from(struct program *program, const char *since, bool compare, struct repair_counts *ret_repair,
                        struct failure *ret_failure) {
    *ret_repair = (struct repair_counts){0};
    struct repairer repairer = {
        .program = program, .arena = arena_new(), .repair = ret_repair, .failure = ret_failure, .compare = compare};
    bool done = repair_days(&repairer, since);
    arena_free(repairer.arena);
    return done;
}

void repair_since(struct program *program, char ret_day[11]) {
    char last[11];
    store_last_ended_day(program->store, last);
    /* If the clock has been set back, the date of the last run may be in the future. */
    bool earlier = last[0] && strcmp(last, program->day) < 0;
    clock_day_before(earlier ? last : program->day, REPAIR_DAYS, ret_day);
}

bool repair_recent(struct program *program, struct repair_counts *ret_repair, struct failure *ret_failure) {
    char since[11];
    repair_since(program, since);
    return store_begin_day(program->store, program->day, ret_failure) &&
           repair_from(program, since, false, ret_repair, ret_failure);
}

bool repair_missing(struct program *program, const char *since, struct failure *ret_failure) {
    struct repair_counts counts = {0};
    struct repairer repairer = {
        .program = program, .arena = arena_new(), .repair = &counts, .failure = ret_failure, .compare = false};
    bool done = each_day(&repairer, since) && store_commit(program->store, ret_failure);
    arena_free(repairer.arena);
    return done;
}

bool repair_all(struct program *program, struct repair_counts *ret_repair, struct failure *ret_failure) {
    return repair_from(program, "", true, ret_repair, ret_failure);
}

/* ---------------------------------------------------------------- new records */

bool repair_keep_record(struct program *program, struct article *article, struct failure *ret_failure) {
    char now[21];
    struct kept_record record = {.day = span_of(program->day)}, before;
    struct arena *arena = arena_new();
    bool stays = !article->is_first && store_find_kept(program->store, article->id, arena, &before) &&
                 span_equal(before.version, article->origin.version);
    /* An unchanged article keeps its day, even if it is completed days later, so that links to it keep working. */
    if (stays) record.day = before.day;
    article->path = stays ? arena_copy(article->arena, before.path)
                          : arena_print(article->arena, "%s/articles/%s.json", program->day, article->id);
    clock_iso_now(now);
    memcpy(record.id, article->id, sizeof record.id);
    record.path = article->path;
    record.version = article->origin.version;
    record.hash = span_of(article->record_hash);
    record.made = span_of(now);
    bool done = store_keep_record(program->store, &record, article->packed, ret_failure) &&
                store_queue_commit(program->store, ret_failure);
    arena_free(arena);
    return done;
}
