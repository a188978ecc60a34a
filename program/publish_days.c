#include "program/publish_days.h"

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <unistd.h>

#include "pipeline/base/clock.h"
#include "pipeline/base/file.h"
#include "pipeline/base/folder.h"
#include "pipeline/store/durable_writer.h"
#include "pipeline/store/store_prune.h"
#include "program/digest/period.h"
#include "program/publish_feed.h"
#include "program/publish_weeks.h"
#include "stages/digest/days.h"

enum { HEAD_BYTES = 4096, PAGE_LIMIT = 64 << 20, STYLE_LIMIT = 1 << 20 };

struct days {
    struct arena *arena;
    struct listed_day *items;
    size_t count, capacity;
    struct span *leaving; /* days that were pruned but whose files are still there, in order */
    size_t leaving_count;
};

/* ---------------------------------------------------------------- finding the days */

/* Reads the beginning of a day's page; SIZE_MAX if there is none. */
static size_t read_page(const char *folder, const char *day, char head[HEAD_BYTES]) {
    struct buffer path = BUFFER(1 << 16);
    buffer_print(&path, "%s/%s/index.html", folder, day);
    size_t length = file_read_head(path.at, head, HEAD_BYTES);
    buffer_free(&path);
    return length;
}

/* A day without a page is left out. Returns false if its page cannot be read. */
static bool add_day(struct days *days, const char *folder, const char *day) {
    char head[HEAD_BYTES];
    size_t length = read_page(folder, day, head);
    if (length == SIZE_MAX) return errno != EIO && errno != EMFILE && errno != ENFILE && errno != ENOMEM;
    days->items = arena_grow(days->arena, days->items, days->count, &days->capacity, sizeof *days->items);
    struct listed_day *item = &days->items[days->count++];
    snprintf(item->day, sizeof item->day, "%s", day);
    item->about = arena_copy(days->arena, days_page_about((struct span){head, length}));
    days_page_version((struct span){head, length}, item->version);
    item->has_nav = nav_read_mark((struct span){head, length}, &item->nav);
    return true;
}

static int newest_first(const void *left, const void *right) {
    return strcmp(((const struct listed_day *)right)->day, ((const struct listed_day *)left)->day);
}

static int compare_spans(const void *left, const void *right) {
    return span_compare(*(const struct span *)left, *(const struct span *)right);
}

/* Nothing may lead to the pages of such a day, so that they can be removed. */
static bool is_leaving(const struct days *days, const char *day) {
    struct span key = span_of(day);
    return days->leaving_count && bsearch(&key, days->leaving, days->leaving_count, sizeof key, compare_spans);
}

/* Fails rather than leaving days out of the list, which would look as if they had never been. */
static bool find_days(struct days *days, const char *folder, struct failure *ret_failure) {
    const struct dirent *item;
    DIR *list = opendir(folder);
    bool done = list || errno == ENOENT;
    while (list && done && (item = readdir(list)))
        if (period_is_day(item->d_name) && !is_leaving(days, item->d_name)) done = add_day(days, folder, item->d_name);
    int error = errno;
    if (list) closedir(list);
    if (!done) return failure_fatal(ret_failure, EXIT_IO, "cannot read the days in %s: %s", folder, strerror(error));
    if (days->count) qsort(days->items, days->count, sizeof *days->items, newest_first);
    return true;
}

static bool has_page(const char *folder, const char *day) {
    char head[HEAD_BYTES];
    return read_page(folder, day, head) != SIZE_MAX;
}

void publish_days_beside(const char *output_folder, const char *day, char ret_previous[11], char ret_next[11]) {
    const struct dirent *item;
    DIR *list = opendir(output_folder);
    ret_previous[0] = ret_next[0] = '\0';
    while (list && (item = readdir(list))) {
        const char *other = item->d_name;
        bool earlier = strcmp(other, day) < 0 && strcmp(other, ret_previous) > 0;
        bool later = strcmp(other, day) > 0 && (!ret_next[0] || strcmp(other, ret_next) < 0);
        if (period_is_day(other) && (earlier || later) && has_page(output_folder, other))
            snprintf(earlier ? ret_previous : ret_next, 11, "%.10s", other);
    }
    if (list) closedir(list);
}

/* ---------------------------------------------------------------- from day to day */

static bool replace_nav(const char *folder, const struct listed_day *day, const struct nav *nav,
                        struct failure *ret_failure) {
    struct buffer path = BUFFER(1 << 16), old = BUFFER(PAGE_LIMIT), page = BUFFER(PAGE_LIMIT);
    bool done = true;
    buffer_print(&path, "%s/%s/index.html", folder, day->day);
    if (file_read(path.at, &old) && !old.full && nav_replace(buffer_span(&old), day->day, nav, &page))
        done = durable_writer_write(folder, span_cut(buffer_span(&path), strlen(folder) + 1, path.length),
                                    buffer_span(&page), ret_failure);
    buffer_free(&path);
    buffer_free(&old);
    buffer_free(&page);
    return done;
}

/* A day's page is finished before there is a next day. Comparing all days, and not only those of this run, mends what a
 * killed run has left and what was removed. */
static bool link_days(const char *folder, struct days *days, struct failure *ret_failure) {
    bool done = true;
    for (size_t i = 0; i < days->count && done; i++) {
        const struct listed_day *day = &days->items[i];
        struct nav nav = {0};
        if (i > 0) memcpy(nav.next, days->items[i - 1].day, sizeof nav.next);
        if (i + 1 < days->count) memcpy(nav.previous, days->items[i + 1].day, sizeof nav.previous);
        bool same = strcmp(nav.next, day->nav.next) == 0 && strcmp(nav.previous, day->nav.previous) == 0;
        if (day->has_nav && !same) done = replace_nav(folder, day, &nav, ret_failure);
    }
    return done;
}

/* ---------------------------------------------------------------- the list */

static bool read_style(const struct program *program, struct buffer *style, struct failure *ret_failure) {
    static const char *const names[] = {"base.css", "story.css"};
    bool done = true;
    for (size_t i = 0; i < sizeof names / sizeof *names && done; i++) {
        struct buffer path = BUFFER(1 << 16);
        buffer_print(&path, "%s/tables/digest/%s", program->data_folder, names[i]);
        done = file_read(path.at, style) ||
               failure_fatal(ret_failure, EXIT_CONFIG, "cannot read %s: %s", path.at, strerror(errno));
        buffer_free(&path);
    }
    return done;
}

static bool is_up_to_date(const char *folder, struct span page) {
    struct buffer path = BUFFER(1 << 16), old = BUFFER(PAGE_LIMIT);
    buffer_print(&path, "%s/index.html", folder);
    bool same = file_read(path.at, &old) && span_equal(buffer_span(&old), page);
    buffer_free(&path);
    buffer_free(&old);
    return same;
}

static bool write_list(const char *folder, const struct days *days, struct span style, struct failure *ret_failure) {
    struct buffer page = BUFFER(PAGE_LIMIT);
    days_page_write(days->items, days->count, style, &page);
    bool done = is_up_to_date(folder, buffer_span(&page)) ||
                durable_writer_write(folder, SPAN("index.html"), buffer_span(&page), ret_failure);
    buffer_free(&page);
    return done;
}

/* The weeks come first, because the list links to them. */
static bool write_pages(const struct program *program, const struct days *days, struct failure *ret_failure) {
    struct buffer style = BUFFER(STYLE_LIMIT);
    const char *folder = program->output_folder;
    bool done = read_style(program, &style, ret_failure) &&
                publish_weeks(program, days->items, days->count, buffer_span(&style), ret_failure) &&
                write_list(folder, days, buffer_span(&style), ret_failure);
    buffer_free(&style);
    return done;
}

/* ---------------------------------------------------------------- the link */

/* A link whose text is a day is ours. */
static void drop_latest(const char *folder) {
    char day[16] = "";
    struct buffer link = BUFFER(1 << 16);
    buffer_print(&link, "%s/latest", folder);
    if (readlink(link.at, day, sizeof day - 1) > 0 && period_is_day(day)) unlink(link.at);
    buffer_free(&link);
}

/* Replaces the link by renaming, so that it always leads somewhere. A file or folder of the user's with that name
 * stays, and a file system without symbolic links has none: the list of days is there in any case. */
static void link_latest(const char *folder, const char *day) {
    char old[16] = "";
    if (!day) {
        drop_latest(folder);
        return;
    }
    struct buffer link = BUFFER(1 << 16), temporary = BUFFER(1 << 16);
    buffer_print(&link, "%s/latest", folder);
    unsigned long long chance = 0;
    if (getrandom(&chance, sizeof chance, 0) != (ssize_t)sizeof chance) chance = 0;
    buffer_print(&temporary, "%s/.latest.%ld-%016llx.tmp", folder, (long)getpid(), chance);
    ssize_t length = readlink(link.at, old, sizeof old - 1);
    bool ours = length >= 0 || errno == ENOENT;
    if (ours && strcmp(old, day) != 0 && symlink(day, temporary.at) == 0 && rename(temporary.at, link.at) != 0)
        unlink(temporary.at);
    buffer_free(&link);
    buffer_free(&temporary);
}

static bool has_week(const struct days *days, const char *week) {
    char other[9] = "";
    for (size_t i = 0; i < days->count && strcmp(other, week) != 0; i++) clock_week(days->items[i].day, other);
    return strcmp(other, week) == 0;
}

/* Removes the pages of the weeks of which no day is left. */
static void drop_weeks(const char *folder, const struct days *days) {
    for (size_t i = 0; i < days->leaving_count; i++) {
        char week[9], name[32];
        clock_week(arena_string(days->arena, days->leaving[i]), week);
        snprintf(name, sizeof name, "%s.html", week);
        if (!has_week(days, week)) folder_remove(folder, span_of(name));
    }
}

bool publish_days(const struct program *program, struct failure *ret_failure) {
    struct days days = {.arena = arena_new()};
    days.leaving = store_removal_days(program->store, days.arena, &days.leaving_count);
    bool done = find_days(&days, program->output_folder, ret_failure) &&
                link_days(program->output_folder, &days, ret_failure) && write_pages(program, &days, ret_failure) &&
                publish_feed(program, days.items, days.count, ret_failure);
    if (done) link_latest(program->output_folder, days.count ? days.items[0].day : NULL);
    if (done) drop_weeks(program->output_folder, &days);
    arena_free(days.arena);
    return done;
}
