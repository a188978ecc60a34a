#define _GNU_SOURCE /* realpath */
#include "program/digest/output.h"

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "config/nearest.h"
#include "pipeline/net/url.h"
#include "pipeline/store/durable_writer.h"
#include "program/digest/period.h"

static const char *const formats[] = {".html", ".json", ".md", ".csv", ".xml"};
enum { FORMATS = sizeof formats / sizeof *formats };

static bool refuse(const char *given, const char *why, struct failure *ret_failure) {
    return failure_fatal(ret_failure, EXIT_USAGE, "--output %.200s: %s", given, why);
}

/* ---------------------------------------------------------------- format */

static bool find_format(const char *given, const char *name, const char **ret_format, struct failure *ret_failure) {
    const char *dot = strrchr(name, '.');
    *ret_format = formats[0];
    if (!dot || dot == name || strcmp(dot, ".htm") == 0) return true;
    for (size_t i = 0; i < FORMATS; i++)
        if (strcasecmp(dot, formats[i]) == 0) {
            *ret_format = formats[i];
            return true;
        }
    const char *nearest = nearest_name(span_of(dot), formats, FORMATS);
    return failure_fatal(ret_failure, EXIT_USAGE,
                         "--output %.100s: unknown format '%.20s': expected .html, .json, .md, .csv or .xml%s%s%s",
                         given, dot, nearest ? "; did you mean '" : "", nearest ? nearest : "", nearest ? "'?" : "");
}

/* ---------------------------------------------------------------- files that are not to be replaced */

/* Whether the folder is that of a day: told by the folder itself, because a link may lead there. */
static bool is_a_day(const char *output_folder, const struct stat *folder) {
    const struct dirent *item;
    struct stat status;
    bool found = false;
    DIR *list = opendir(output_folder);
    while (list && !found && (item = readdir(list)))
        found = period_is_day(item->d_name) && fstatat(dirfd(list), item->d_name, &status, 0) == 0 &&
                status.st_dev == folder->st_dev && status.st_ino == folder->st_ino;
    if (list) closedir(list);
    return found;
}

static bool is_in_a_day(const char *output_folder, const char *folder) {
    struct stat status;
    bool found = false;
    char *path = memory_string(span_of(folder));
    for (char *slash = path + strlen(path); slash && slash > path && !found; slash = strrchr(path, '/')) {
        *slash = '\0';
        found = stat(path[0] ? path : "/", &status) == 0 && is_a_day(output_folder, &status);
    }
    free(path);
    return found;
}

/* The files that runs write into the output folder itself. */
static bool is_own_name(const char *name) {
    char week[9], monday[11];
    snprintf(week, sizeof week, "%.8s", name);
    return strcmp(name, "index.html") == 0 || strcmp(name, "feed.xml") == 0 || strcmp(name, "latest") == 0 ||
           (strcmp(name + strlen(week), ".html") == 0 && period_week_begins(week, monday));
}

static bool check_file(const char *given, const char *path, struct failure *ret_failure) {
    struct stat status;
    if (lstat(path, &status) != 0) return true;
    if (S_ISREG(status.st_mode)) return true;
    return refuse(given,
                  S_ISDIR(status.st_mode)   ? "this is a folder; add the name of a file, such as week.html"
                  : S_ISLNK(status.st_mode) ? "this is a symbolic link, which is not followed; name the file itself"
                                            : "this is not a regular file; use - for standard output",
                  ret_failure);
}

/* ---------------------------------------------------------------- links */

/* Files within the output folder lead there by relative links, so that it can be moved; others by its address. */
static struct span find_base(const char *output_folder, const char *folder, struct span web, struct arena *arena) {
    struct buffer base = BUFFER(1 << 18);
    char *real = realpath(output_folder, NULL);
    size_t length = real ? strlen(real) : 0;
    if (folder && real && strncmp(folder, real, length) == 0 && (!folder[length] || folder[length] == '/')) {
        for (const char *at = folder + length; *at; at++) buffer_add_string(&base, *at == '/' ? "../" : "");
    } else if (web.length) {
        buffer_print(&base, "%.*s/", SPAN_ARGS(web));
    } else {
        buffer_print(&base, "%.*s/", SPAN_ARGS(url_of_file(span_of(real ? real : output_folder), arena)));
    }
    struct span text = arena_copy(arena, buffer_span(&base));
    free(real);
    buffer_free(&base);
    return text;
}

/* ---------------------------------------------------------------- choosing */

/* `name` is the last part of the path. */
static bool choose_file(const char *given, const char *name, const char *output_folder, struct arena *arena,
                        struct output *output, struct failure *ret_failure) {
    struct span parent = {given, (size_t)(name - given)};
    char *folder = realpath(parent.length ? arena_string(arena, parent) : ".", NULL),
         *real = realpath(output_folder, NULL);
    output->folder = folder ? arena_string(arena, span_of(folder)) : NULL;
    output->path = span_of(name);
    bool in_output = folder && real && strcmp(folder, real) == 0;
    free(folder);
    free(real);
    if (!output->folder) return refuse(given, "there is no such folder; create it first", ret_failure);
    if (!check_file(given, arena_print(arena, "%s/%s", output->folder, name).at, ret_failure)) return false;
    if (is_in_a_day(output_folder, arena_print(arena, "%s/", output->folder).at))
        return refuse(given, "this is in a day's folder, whose pages are only written together", ret_failure);
    if (in_output && is_own_name(name))
        return refuse(given, "this file is written by every run; choose another name", ret_failure);
    return true;
}

static bool choose_default(struct span name, const char *output_folder, struct arena *arena, struct output *output,
                           struct failure *ret_failure) {
    struct stat status;
    struct span folder = arena_print(arena, "%s/selections", output_folder);
    output->folder = output_folder;
    output->path = arena_print(arena, "selections/%.*s.html", SPAN_ARGS(name));
    output->base = SPAN("../");
    /* A link there could lead out of the output folder. */
    if (lstat(folder.at, &status) == 0 && !S_ISDIR(status.st_mode))
        return failure_fatal(ret_failure, EXIT_IO, "%s is not a folder; remove it, or use --output", folder.at);
    return true;
}

bool output_choose(const char *given, struct span name, const char *output_folder, struct span web, struct arena *arena,
                   struct output *ret_output, struct failure *ret_failure) {
    *ret_output = (struct output){.format = formats[0], .is_stdout = given && strcmp(given, "-") == 0};
    if (!given) return choose_default(name, output_folder, arena, ret_output, ret_failure);
    const char *slash = strrchr(given, '/'), *last = slash ? slash + 1 : given;
    if (!given[0]) return refuse("''", "this is not a file name", ret_failure);
    if (!last[0] || strcmp(last, ".") == 0 || strcmp(last, "..") == 0)
        return refuse(given, "this is a folder; add the name of a file, such as week.html", ret_failure);
    bool done = ret_output->is_stdout || (choose_file(given, last, output_folder, arena, ret_output, ret_failure) &&
                                          find_format(given, last, &ret_output->format, ret_failure));
    ret_output->base = find_base(output_folder, ret_output->folder, web, arena);
    return done;
}

bool output_write(const struct output *output, struct span bytes, struct failure *ret_failure) {
    if (!output->is_stdout) {
        durable_writer_sweep_file(output->folder, output->path);
        return durable_writer_write(output->folder, output->path, bytes, ret_failure);
    }
    errno = 0;
    if (fwrite(bytes.at, 1, bytes.length, stdout) == bytes.length) return true;
    return failure_fatal(ret_failure, EXIT_IO, "cannot write to standard output: %s", strerror(errno));
}
