#define _GNU_SOURCE /* realpath */
#include "pipeline/engine/source_files.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "config/path.h"
#include "pipeline/base/input_file.h"
#include "pipeline/net/url.h"

struct span source_files_path(const char *working_folder, struct span path, struct arena *arena) {
    if (span_starts(path, SPAN("file://"))) path = span_cut(path, 7, path.length);
    return path_resolve(working_folder, path, arena);
}

static struct span folder_of(struct span path) {
    size_t length = path.length;
    while (length > 1 && path.at[length - 1] != '/') length--;
    return span_cut(path, 0, length > 1 ? length - 1 : length);
}

/* ---------------------------------------------------------------- configured paths */

/* Returns the folder that a pattern cannot leave: what precedes its first special character, up to a slash. */
static struct span fixed_part(struct span pattern) {
    size_t end = 0;
    while (end < pattern.length && !strchr("*?[\\", pattern.at[end])) end++;
    return folder_of(span_cut(pattern, 0, end));
}

struct span source_files_pattern_folder(struct span path) {
    for (size_t i = 0; i < path.length; i++)
        if (strchr("*?[\\", path.at[i])) return fixed_part(path);
    return SPAN("");
}

static bool is_in(struct span path, struct span folder) {
    while (folder.length > 1 && folder.at[folder.length - 1] == '/') folder.length--;
    return span_starts(path, folder) && path.length > folder.length &&
           (folder.length == 1 || path.at[folder.length] == '/');
}

/* Returns the folder in which the item must lie; the path itself if the user has named exactly this file; or an empty
 * span if no configured path leads to it. Names are compared here and places only then, so a long list of paths costs
 * no more system calls than a short one. */
static struct span find_scope(const struct source_settings *settings, const char *working_folder, struct span path,
                              struct arena *arena) {
    struct span scope = SPAN("");
    for (size_t i = 0; i < settings->paths.count; i++) {
        struct span configured = source_files_path(working_folder, settings->paths.items[i], arena);
        if (span_equal(configured, path)) return path;
        struct span fixed = fixed_part(configured);
        if (is_in(path, configured))
            scope = configured;
        else if (!scope.length && is_in(path, fixed))
            scope = fixed;
    }
    return scope;
}

bool source_files_leads_out(const struct source_settings *settings, const char *working_folder, const char *path) {
    struct arena *arena = arena_new();
    struct span own = span_of(path), scope = find_scope(settings, working_folder, own, arena);
    bool out = scope.length && !span_equal(scope, own) && input_file_leads_out(arena_string(arena, scope), path);
    arena_free(arena);
    return out;
}

static int open_configured(const struct section *section, const char *path, struct arena *arena, const char **ret_why) {
    struct span own = span_of(path), scope = find_scope(section_values(section), section_folder(section), own, arena);
    if (span_equal(scope, own)) return input_file_open(path, ret_why);
    if (scope.length) return input_file_open_inside(arena_string(arena, scope), path, ret_why);
    errno = 0;
    *ret_why = "it is not below any `path` of its source";
    return -1;
}

/* ---------------------------------------------------------------- beside a list */

struct span source_files_beside(const struct section *section, struct arena *arena) {
    const struct source *source = source_of(section_kind(section));
    const struct source_settings *settings = section_values(section);
    struct span list = settings->url.length ? settings->url : settings->path;
    if (!source || source->files != SOURCE_FILES_BESIDE) return SPAN("");
    char *real = list.length && !url_is_remote(list)
                     ? realpath(source_files_path(section_folder(section), list, arena).at, NULL)
                     : NULL;
    struct span folder = real ? folder_of(arena_copy(arena, span_of(real))) : SPAN("");
    free(real);
    return folder;
}

static int open_beside(const struct section *section, const char *path, struct arena *arena, const char **ret_why) {
    struct span folder = source_files_beside(section, arena);
    if (folder.length && is_in(span_of(path), folder))
        return input_file_open_inside(arena_string(arena, folder), path, ret_why);
    errno = 0;
    *ret_why = "it is not in the folder of the feed or list that names it";
    return -1;
}

int source_files_open(const struct section *section, const char *path, const char **ret_why) {
    const struct source *source = section ? source_of(section_kind(section)) : NULL;
    struct arena *arena = arena_new();
    int file = -1;
    if (source && source->files == SOURCE_FILES_CONFIGURED) {
        file = open_configured(section, path, arena, ret_why);
    } else if (source && source->files == SOURCE_FILES_BESIDE) {
        file = open_beside(section, path, arena, ret_why);
    } else {
        errno = 0;
        *ret_why = source ? "items of this source may not name local files" : "its source is not configured";
    }
    arena_free(arena); /* keeps errno: free() does since glibc 2.33 */
    return file;
}
