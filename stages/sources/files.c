/* Files, folders and patterns. Only names are read here; the collect stage reads the contents on a worker thread. */
#define _GNU_SOURCE /* fts, st_mtim */
#include <errno.h>
#include <fts.h>
#include <glob.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "pipeline/engine/source_files.h"
#include "stages/sources/parts/common.h"

static const struct setting files_table[] = {
    SOURCE_PATHS_SETTING("files, folders (including subfolders) and patterns"),
    SETTINGS_END,
};

struct files {
    struct source_context context;
    struct arena *arena;
    char **found; /* paths that exist or match a pattern, then NULL */
    size_t count, capacity;
    FTS *walk;
};

static int files_recognise(struct span address, struct span head) {
    (void)head;
    return span_find(address, SPAN("://")) == SIZE_MAX || span_starts(address, SPAN("file://")) ? 1 : 0;
}

/* The order of a folder's entries depends on the file system; sorting makes runs repeatable. */
static int by_name(const FTSENT **a, const FTSENT **b) {
    return strcmp((*a)->fts_name, (*b)->fts_name);
}

static void files_close(void *state) {
    struct files *files = state;
    if (files->walk) fts_close(files->walk);
    arena_free(files->arena);
    free(files);
}

static void append(struct files *files, char *path) {
    files->found = arena_grow(files->arena, files->found, files->count, &files->capacity, sizeof *files->found);
    files->found[files->count++] = path;
}

static void add_path(struct files *files, const char *path) {
    append(files, arena_string(files->arena, span_of(path)));
}

/* Adds what matches a path; a pattern that matches nothing stays as it is, so that its absence is reported. If a file
 * with exactly this name exists ("notes[1].html"), the path is not treated as a pattern: glob() would list every folder
 * above it, which a run may not be allowed to read. */
static void find_matching(struct files *files, const char *path) {
    struct stat status;
    glob_t matching;
    if (lstat(path, &status) == 0) {
        add_path(files, path);
        return;
    }
    int result = glob(path, GLOB_NOCHECK, NULL, &matching);
    if (result == GLOB_NOSPACE) memory_exhausted();
    if (result != 0) return;
    for (size_t i = 0; i < matching.gl_pathc; i++) add_path(files, matching.gl_pathv[i]);
    globfree(&matching);
}

static bool files_open(const struct source_context *context, void **ret_state, struct failure *ret_failure) {
    struct files *files = memory_take(sizeof *files);
    files->context = *context;
    files->arena = arena_new();
    const struct word_list *paths = &context->common->paths;
    for (size_t i = 0; i < paths->count; i++)
        find_matching(files, source_path(context, paths->items[i], files->arena).at);
    bool any = files->count > 0;
    append(files, NULL); /* the end of the list for fts_open() */
    if (any) files->walk = fts_open(files->found, FTS_PHYSICAL | FTS_COMFOLLOW | FTS_NOCHDIR, by_name);
    *ret_state = files;
    if (files->walk) return true;
    if (any && errno == ENOMEM) memory_exhausted();
    files_close(files);
    return failure_set(ret_failure, REACH_SERVICE, REMEDY_NONE, "the source has no path; set path = FILE or FOLDER");
}

/* Size and time of modification serve as the version: a file that has changed is read again. */
static enum source_step hand_out(const struct files *files, const FTSENT *entry, struct article **ret_article) {
    char version[64];
    struct span path = {entry->fts_path, entry->fts_pathlen};
    snprintf(version, sizeof version, "%lld %lld.%09ld", (long long)entry->fts_statp->st_size,
             (long long)entry->fts_statp->st_mtim.tv_sec, entry->fts_statp->st_mtim.tv_nsec);
    if (source_knows(&files->context, path, span_of(version))) return SOURCE_KNOWN;
    *ret_article = source_article(&files->context, path, path, span_of(version));
    return SOURCE_ITEM;
}

/* Returns why an entry cannot be read, or NULL if it is skipped silently. Special files are reported only if the
 * setting names them directly, not if they are found in a folder. */
static const char *why_unreadable(const FTSENT *entry) {
    switch (entry->fts_info) {
    case FTS_DNR:
    case FTS_ERR:
    case FTS_NS:
        return strerror(entry->fts_errno);
    case FTS_SLNONE:
        return "it is a symbolic link to a file that does not exist";
    case FTS_DEFAULT:
        return entry->fts_level == 0 ? "it is neither a file nor a folder" : NULL;
    default:
        return NULL;
    }
}

static enum source_step refuse(const FTSENT *entry, enum failure_remedy remedy, const char *why,
                               struct failure *ret_failure) {
    failure_set(ret_failure, REACH_ARTICLE, remedy, "cannot read %s: %s", entry->fts_path, why);
    failure_blame(ret_failure, CAUSE_MACHINE, span_of(entry->fts_path));
    return SOURCE_FAIL;
}

/* Only links and what the setting or its patterns have matched can lead out of the configured folders; everything else
 * lies in a folder that was looked at before. */
static bool leads_out(const struct files *files, const FTSENT *entry) {
    bool may = entry->fts_level == 0 || entry->fts_info == FTS_SL;
    return may && entry->fts_info != FTS_DP &&
           source_files_leads_out(files->context.common, files->context.working_folder, entry->fts_path);
}

/* Hidden files and folders are skipped, unless the setting names them. */
static bool is_hidden(const struct files *files, FTSENT *entry) {
    bool hidden = entry->fts_level > 0 && entry->fts_name[0] == '.';
    if (hidden && entry->fts_info == FTS_D) fts_set(files->walk, entry, FTS_SKIP);
    return hidden;
}

static enum source_step files_step(void *state, struct exchange *reply, struct exchange *exchange,
                                   struct article **ret_article, struct failure *ret_failure) {
    struct files *files = state;
    (void)reply;
    (void)exchange;
    errno = 0;
    for (FTSENT *entry; (entry = fts_read(files->walk)); errno = 0) {
        if (is_hidden(files, entry)) continue;
        if (leads_out(files, entry)) {
            fts_set(files->walk, entry, FTS_SKIP);
            return refuse(entry, REMEDY_NONE, "a link leads out of the folder; add the file or folder to `path`",
                          ret_failure);
        }
        /* A link that stays inside is returned again, as what it leads to. */
        if (entry->fts_info == FTS_SL) fts_set(files->walk, entry, FTS_FOLLOW);
        if (entry->fts_info == FTS_F) return hand_out(files, entry, ret_article);
        const char *why = why_unreadable(entry);
        if (why) return refuse(entry, REMEDY_NEXT_RUN, why, ret_failure);
    }
    /* fts_read() ends like this, too, if it cannot go on. */
    if (errno == ENOMEM) memory_exhausted();
    if (errno)
        failure_set(ret_failure, REACH_SERVICE, REMEDY_NONE, "the folder cannot be read to its end: %s",
                    strerror(errno));
    return errno ? SOURCE_FAIL : SOURCE_END;
}

const struct source source_files = {
    .name = "files",
    .help = "files, folders and patterns on this machine",
    .settings = {.entries = files_table},
    .files = SOURCE_FILES_CONFIGURED,
    .recognise = files_recognise,
    .open = files_open,
    .close = files_close,
    .step = files_step,
};
