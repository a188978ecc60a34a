#include "program/search/fill.h"

#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>

#include "pipeline/article/record.h"
#include "pipeline/article/records.h"
#include "pipeline/engine/edition.h"
#include "program/search/words.h"

enum { RECORDS_A_COMMIT = 256, TEXT_LIMIT = 256 << 20, STAMP_BYTES = 96 };

struct filler {
    struct search_index *index;
    const char *output_folder;
    const char *day;
    struct buffer title, text, english, record; /* reused for each record */
    size_t uncommitted;
    struct search_counts *counts;
    struct failure *failure;
};

void search_index_path(const char *output_folder, struct buffer *out) {
    buffer_print(out, "%s/search.db", output_folder);
}

/* ---------------------------------------------------------------- stamps */

/* The time of the last status change (ctime) cannot be set by programs; size and inode tell files apart that were
 * written within one tick of the clock. Writes an empty stamp if there is no such file. */
static struct stat write_stamp(const char *path, char ret_stamp[STAMP_BYTES]) {
    struct stat status = {0};
    ret_stamp[0] = '\0';
    if (stat(path, &status) == 0)
        snprintf(ret_stamp, STAMP_BYTES, "%lld.%09ld %lld %llu", (long long)status.st_ctim.tv_sec,
                 status.st_ctim.tv_nsec, (long long)status.st_size, (unsigned long long)status.st_ino);
    return status;
}

/* A folder that has just changed may change again without another stamp, so the next call reads it again. */
static bool is_settled(const struct stat *status) {
    enum { SETTLED_SECONDS = 2 };
    return time(NULL) - status->st_ctim.tv_sec >= SETTLED_SECONDS;
}

/* ---------------------------------------------------------------- one record */

/* Nobody searches for it, and it keeps a phrase from being found across the end of a sentence. */
static const char sentence_end[] = "\xEE\x80\x80 "; /* U+E000, private use, is part of no word */

static void add_text(struct buffer *out, struct span text) {
    if (!text.length) return;
    search_words_cut(text, out);
    buffer_add_string(out, sentence_end);
}

/* A translation that was rejected must not be found as if it were one. */
static void cut_article(struct filler *filler, const struct article *article) {
    buffer_clear(&filler->title);
    buffer_clear(&filler->text);
    buffer_clear(&filler->english);
    for (struct segment_walk walk = {0}; segment_walk_next(article, &walk);) {
        const struct segment *segment = walk.segment;
        bool translated = segment->status != SEGMENT_FAILED && !segment->copied;
        add_text(walk.block ? &filler->text : &filler->title, segment->source);
        if (translated) add_text(walk.block ? &filler->english : &filler->title, segment->target);
    }
}

static bool put_article(struct filler *filler, const struct article *article, struct span file, struct span stamp) {
    cut_article(filler, article);
    struct search_document document = {.day = filler->day,
                                       .file = file,
                                       .stamp = stamp,
                                       .language = span_of(article->language.code),
                                       .source = article->origin.source,
                                       .title = buffer_span(&filler->title),
                                       .text = buffer_span(&filler->text),
                                       .english = buffer_span(&filler->english)};
    filler->counts->added++;
    return search_index_put(filler->index, &document, filler->failure);
}

static bool commit_sometimes(struct filler *filler) {
    if (++filler->uncommitted < RECORDS_A_COMMIT) return true;
    filler->uncommitted = 0;
    return search_index_commit(filler->index, filler->failure);
}

static bool remove_file(struct filler *filler, struct span file) {
    filler->counts->removed++;
    return search_index_remove(filler->index, filler->day, file, filler->failure) && commit_sometimes(filler);
}

/* A damaged record is not found until `verify --repair` has restored it. */
static bool read_record(struct filler *filler, const struct records *records, size_t at, struct span stamp) {
    struct article *article = NULL;
    struct span file = records_name(records, at);
    bool sound = records_read(records, at, 0, &filler->record, &article);
    filler->counts->damaged += !sound;
    bool done = sound ? put_article(filler, article, file, stamp)
                      : search_index_remove(filler->index, filler->day, file, filler->failure);
    article_free(article);
    return done && commit_sometimes(filler);
}

/* ---------------------------------------------------------------- one day */

static struct stat stamp_record(const struct filler *filler, struct span file, char ret_stamp[STAMP_BYTES]) {
    struct buffer path = BUFFER(1 << 16);
    buffer_print(&path, "%s/%s/articles/%.*s", filler->output_folder, filler->day, SPAN_ARGS(file));
    struct stat status = write_stamp(path.at, ret_stamp);
    buffer_free(&path);
    return status;
}

static int compare(struct span a, struct span b) {
    size_t length = a.length < b.length ? a.length : b.length;
    int order = memcmp(a.at, b.at, length);
    return order ? order : (a.length > b.length) - (a.length < b.length);
}

/* The folder's files and those of the index, side by side; records_open() sorts by the locale's order, which is that of
 * bytes unless the program sets one. */
static bool merge_day(struct filler *filler, const struct records *records, const struct search_file *known,
                      size_t known_count) {
    bool done = true;
    size_t k = 0;
    for (size_t i = 0; done && i < records_count(records); i++) {
        char bytes[STAMP_BYTES];
        stamp_record(filler, records_name(records, i), bytes);
        struct span file = records_name(records, i), stamp = span_of(bytes);
        for (; done && k < known_count && compare(known[k].name, file) < 0; k++)
            done = remove_file(filler, known[k].name);
        bool there = k < known_count && compare(known[k].name, file) == 0;
        bool same = there && span_equal(known[k].stamp, stamp);
        k += there;
        if (done && !same) done = read_record(filler, records, i, stamp);
    }
    for (; done && k < known_count; k++) done = remove_file(filler, known[k].name);
    return done;
}

static bool fill_day(struct filler *filler, struct arena *arena) {
    char stamp[STAMP_BYTES];
    struct span folder = arena_print(arena, "%s/%s/articles", filler->output_folder, filler->day);
    struct stat status = write_stamp(folder.at, stamp);
    if (search_index_knows_folder(filler->index, filler->day, span_of(stamp))) return true;
    size_t count;
    struct search_file *known;
    if (!search_index_files(filler->index, filler->day, arena, &known, &count, filler->failure)) return false;
    struct records *records = records_open(filler->output_folder, filler->day);
    bool done = merge_day(filler, records, known, count) &&
                search_index_put_folder(filler->index, filler->day,
                                        is_settled(&status) ? span_of(stamp) : SPAN("unsettled"), filler->failure);
    records_close(records);
    return done;
}

static bool remove_day(struct filler *filler, struct arena *arena) {
    size_t count;
    struct search_file *files;
    if (!search_index_files(filler->index, filler->day, arena, &files, &count, filler->failure)) return false;
    filler->counts->removed += count;
    return search_index_remove_day(filler->index, filler->day, filler->failure);
}

/* ---------------------------------------------------------------- all days */

static bool fill_days(struct filler *filler, struct arena *arena) {
    size_t count, known_count, k = 0;
    const struct span *days = records_days(filler->output_folder, arena, &count);
    const struct span *known = search_index_days(filler->index, arena, &known_count);
    bool done = true;
    for (size_t i = 0; done && i < count; i++) {
        filler->day = days[i].at;
        done = fill_day(filler, arena);
    }
    /* Both lists are sorted. A day of the index that has no folder any more was removed. */
    for (size_t i = 0; done && i < known_count; i++) {
        while (k < count && compare(days[k], known[i]) < 0) k++;
        if (k < count && compare(days[k], known[i]) == 0) continue;
        filler->day = known[i].at;
        done = remove_day(filler, arena);
    }
    return done && search_index_commit(filler->index, filler->failure);
}

/* The caller releases it with free_filler(). */
static struct filler make_filler(struct search_index *index, const char *output_folder, struct search_counts *counts,
                                 struct failure *failure) {
    *counts = (struct search_counts){0};
    return (struct filler){.index = index,
                           .output_folder = output_folder,
                           .title = BUFFER(TEXT_LIMIT),
                           .text = BUFFER(TEXT_LIMIT),
                           .english = BUFFER(TEXT_LIMIT),
                           .record = BUFFER(RECORD_LIMIT),
                           .counts = counts,
                           .failure = failure};
}

static void free_filler(struct filler *filler) {
    buffer_free(&filler->title);
    buffer_free(&filler->text);
    buffer_free(&filler->english);
    buffer_free(&filler->record);
}

bool search_fill(struct search_index *index, const char *output_folder, struct search_counts *ret_counts,
                 struct failure *ret_failure) {
    struct arena *arena = arena_new();
    struct filler filler = make_filler(index, output_folder, ret_counts, ret_failure);
    bool done = fill_days(&filler, arena);
    free_filler(&filler);
    arena_free(arena);
    return done;
}

bool search_refresh(const char *output_folder, struct failure *ret_failure) {
    struct search_index *index = NULL;
    struct search_counts counts;
    struct buffer path = BUFFER(1 << 16);
    search_index_path(output_folder, &path);
    bool done = search_index_open(path.at, SEARCH_FILL, &index, ret_failure) &&
                search_fill(index, output_folder, &counts, ret_failure);
    search_index_close(index);
    buffer_free(&path);
    return done;
}

/* ---------------------------------------------------------------- articles at hand */

static bool add_if_new(struct filler *filler, const struct article *article, time_t since) {
    char stamp[STAMP_BYTES], file[sizeof article->id + sizeof ".json"];
    snprintf(file, sizeof file, "%s.json", article->id);
    struct stat status = stamp_record(filler, span_of(file), stamp);
    if (!*stamp || status.st_ctim.tv_sec < since) return true;
    return put_article(filler, article, span_of(file), span_of(stamp)) && commit_sometimes(filler);
}

static void add_new(struct search_index *index, const struct edition *edition, time_t since) {
    struct failure ignored = {0};
    struct search_counts counts;
    struct filler filler = make_filler(index, edition->output_folder, &counts, &ignored);
    filler.day = edition->day;
    for (size_t i = 0; i < edition->count; i++)
        if (!add_if_new(&filler, edition->articles[i], since)) break;
    free_filler(&filler);
}

void search_add_edition(const struct edition *edition, time_t since) {
    struct search_index *index = NULL;
    struct failure ignored = {0};
    struct buffer path = BUFFER(1 << 16);
    if (edition->slim || !edition->output_folder) return;
    search_index_path(edition->output_folder, &path);
    if (search_index_open(path.at, SEARCH_FILL, &index, &ignored)) add_new(index, edition, since);
    search_index_close(index);
    buffer_free(&path);
}
