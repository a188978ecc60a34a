#define _GNU_SOURCE /* for O_NOFOLLOW and O_CLOEXEC */
#include "program/prune/files.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "pipeline/base/folder.h"
#include "pipeline/engine/stage.h"
#include "pipeline/store/durable_writer.h"

/* The folder tree of the output is not deep; a deeper one is somebody else's. */
enum { MAX_DEPTH = 16, MAX_FOREIGN = 1000 };

/* ---------------------------------------------------------------- names */

static bool is_page_of_stage(const char *name) {
    for (size_t i = 0; stages_in_order[i]; i++)
        for (const char *const *page = stages_in_order[i]->pages; page && *page; page++)
            if (strcmp(*page, name) == 0) return true;
    return false;
}

/* "more-2.html" */
static bool is_further_page(struct span name) {
    long long number;
    return span_starts(name, SPAN("more-")) && span_ends(name, SPAN(".html")) &&
           span_number(span_cut(name, 5, name.length - 5), &number);
}

static bool is_story(struct span name) {
    size_t digits = 0;
    while (digits < name.length && strchr("0123456789abcdef", name.at[digits])) digits++;
    return digits >= 8 && digits <= 32 && span_is(span_cut(name, digits, name.length), ".html");
}

static int compare_spans(const void *left, const void *right) {
    return span_compare(*(const struct span *)left, *(const struct span *)right);
}

/* One folder of a day. */
struct part {
    struct old_files *files;
    const char *day, *below; /* below: "", "articles" or "stories" */
    const struct span *records;
    size_t record_count;
};

static bool is_ours(const struct part *part, const char *name, struct span path) {
    if (strcmp(part->below, "articles") == 0)
        return part->record_count &&
               bsearch(&path, part->records, part->record_count, sizeof path, compare_spans) != NULL;
    if (strcmp(part->below, "stories") == 0) return is_story(span_of(name));
    return strcmp(name, "report.json") == 0 || is_page_of_stage(name) || is_further_page(span_of(name));
}

/* ---------------------------------------------------------------- one file */

static void add_path(const struct old_files *files, struct file_list *list, struct span path) {
    if (list->count == MAX_FOREIGN) return;
    list->items = arena_grow(files->arena, list->items, list->count, &list->capacity, sizeof *list->items);
    list->items[list->count++] = path;
}

static void add_foreign(struct old_files *files, struct span path) {
    add_path(files, &files->foreign, path);
}

static bool cannot_remove(const struct old_files *files, struct span path, struct failure *ret_failure) {
    return failure_fatal(ret_failure, errno == EACCES || errno == EPERM ? EXIT_PERMISSION : EXIT_IO,
                         "cannot remove %s/%.*s: %s; run `dragoman prune` again when it can be removed", files->folder,
                         SPAN_ARGS(path), strerror(errno));
}

static bool take_file(struct old_files *files, int folder, const char *name, size_t size, struct span path,
                      struct failure *ret_failure) {
    files->count++;
    files->bytes += size;
    return !files->removes || unlinkat(folder, name, 0) == 0 || errno == ENOENT ||
           cannot_remove(files, path, ret_failure);
}

/* ---------------------------------------------------------------- days */

static bool is_own_folder(const struct part *part, const char *name) {
    return !part->below[0] && (strcmp(name, "articles") == 0 || strcmp(name, "stories") == 0);
}

static bool take_item(const struct part *part, int folder, const char *name, struct failure *ret_failure) {
    struct stat status;
    struct old_files *files = part->files;
    struct span path = arena_print(files->arena, "%s/%s%s%s", part->day, part->below, part->below[0] ? "/" : "", name);
    if (fstatat(folder, name, &status, AT_SYMLINK_NOFOLLOW) != 0) return true;
    if (S_ISDIR(status.st_mode) && is_own_folder(part, name)) return true;
    if (S_ISREG(status.st_mode) && is_ours(part, name, path))
        return take_file(files, folder, name, (size_t)status.st_size, path, ret_failure);
    add_foreign(files, path);
    return true;
}

static bool take_part(const struct part *part, struct failure *ret_failure) {
    struct old_files *files = part->files;
    struct span path = arena_print(files->arena, "%s/%s", part->day, part->below);
    const struct dirent *item;
    bool done = true;
    if (files->removes) durable_writer_sweep(files->folder, path);
    DIR *list = folder_list(files->folder, path);
    while (list && done && (item = readdir(list)))
        if (strcmp(item->d_name, ".") != 0 && strcmp(item->d_name, "..") != 0)
            done = take_item(part, dirfd(list), item->d_name, ret_failure);
    if (list && files->removes) fsync(dirfd(list));
    if (list) closedir(list);
    return done;
}

/* A folder with foreign files stays. */
static void remove_folder(const struct old_files *files, struct span above, const char *name) {
    int folder = folder_open(files->folder, above, false);
    if (folder < 0) return;
    unlinkat(folder, name, AT_REMOVEDIR);
    fsync(folder);
    close(folder);
}

bool old_files_of_day(struct old_files *files, const char *day, const struct span *records, size_t record_count,
                      struct failure *ret_failure) {
    static const char *const folders[] = {"", "stories", "articles"};
    struct part part = {.files = files, .day = day, .records = records, .record_count = record_count};
    bool done = true;
    for (size_t i = 0; i < sizeof folders / sizeof *folders && done; i++) {
        part.below = folders[i];
        done = take_part(&part, ret_failure);
        if (done && files->removes && folders[i][0]) remove_folder(files, span_of(day), folders[i]);
    }
    if (done && files->removes) remove_folder(files, SPAN(""), day);
    return done;
}

/* ---------------------------------------------------------------- the archive */

bool old_files_of_archive(struct old_files *files, const char *below, const char *before, struct failure *ret_failure) {
    const struct dirent *item;
    struct stat status;
    bool done = true;
    DIR *list = folder_list(files->folder, span_of(below));
    while (list && done && (item = readdir(list))) {
        struct span name = span_of(item->d_name);
        bool old = span_form(name, "dddd-dd-dd") == 10 && span_is(span_cut(name, 10, name.length), ".warc.gz") &&
                   strncmp(item->d_name, before, 10) < 0;
        if (!old || fstatat(dirfd(list), item->d_name, &status, AT_SYMLINK_NOFOLLOW) != 0 || !S_ISREG(status.st_mode))
            continue;
        struct span path = arena_print(files->arena, "%s%s%s", below, below[0] ? "/" : "", item->d_name);
        done = take_file(files, dirfd(list), item->d_name, (size_t)status.st_size, path, ret_failure);
    }
    if (list) closedir(list);
    return done;
}

/* ---------------------------------------------------------------- beside the days */

bool old_files_is_selection(struct span name, struct span of) {
    (void)of;
    bool of_days = span_form(name, "dddd-dd-dd") == 10 || span_form(name, "dddd-Wdd") == 8;
    return of_days && span_ends(name, SPAN(".html"));
}

bool old_files_is_state_copy(struct span name, struct span of) {
    long long number;
    if (!span_starts(name, of)) return false;
    name = span_cut(name, of.length, name.length);
    return span_starts(name, SPAN(".format-")) && span_number(span_cut(name, 8, name.length), &number);
}

bool old_files_aside(struct old_files *files, const char *below, bool (*fits)(struct span name, struct span of),
                     struct span of, int64_t before, struct failure *ret_failure) {
    const struct dirent *item;
    struct stat status;
    bool done = true;
    DIR *list = folder_list(files->folder, span_of(below));
    while (list && done && (item = readdir(list))) {
        if (!fits(span_of(item->d_name), of) || fstatat(dirfd(list), item->d_name, &status, AT_SYMLINK_NOFOLLOW) != 0 ||
            !S_ISREG(status.st_mode) || (int64_t)status.st_mtim.tv_sec >= before)
            continue;
        struct span path = arena_print(files->arena, "%s%s%s", below, below[0] ? "/" : "", item->d_name);
        done = take_file(files, dirfd(list), item->d_name, (size_t)status.st_size, path, ret_failure);
        add_path(files, &files->aside, arena_print(files->arena, "%s/%.*s", files->folder, SPAN_ARGS(path)));
    }
    if (list) closedir(list);
    return done;
}

/* ---------------------------------------------------------------- sizes */

static size_t size_in(int folder, int depth);

static size_t size_of(int folder, const char *name, int depth) {
    struct stat status;
    if (fstatat(folder, name, &status, AT_SYMLINK_NOFOLLOW) != 0) return 0;
    if (S_ISREG(status.st_mode)) return (size_t)status.st_size;
    if (!S_ISDIR(status.st_mode) || depth == MAX_DEPTH) return 0;
    return size_in(openat(folder, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC), depth + 1);
}

/* Closes the folder. */
static size_t size_in(int folder, int depth) {
    const struct dirent *item;
    size_t size = 0;
    DIR *list = folder >= 0 ? fdopendir(folder) : NULL;
    if (folder >= 0 && !list) close(folder);
    while (list && (item = readdir(list)))
        if (strcmp(item->d_name, ".") != 0 && strcmp(item->d_name, "..") != 0)
            size += size_of(dirfd(list), item->d_name, depth);
    if (list) closedir(list);
    return size;
}

size_t old_files_size(const char *folder) {
    return size_in(folder_open(folder, SPAN(""), false), 0);
}
