#include "program/commands/addresses.h"

#include <errno.h>
#include <glob.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "pipeline/base/arena.h"
#include "pipeline/engine/source.h"
#include "pipeline/engine/source_access.h"
#include "pipeline/engine/source_files.h"
#include "pipeline/engine/source_settings.h"
#include "pipeline/net/url.h"
#include "pipeline/store/archive_settings.h"
#include "program/settings.h"
#include "stages/services/service_settings.h"

/* ---------------------------------------------------------------- addresses */

static void check_address(const struct section *section, const char *name, struct span address) {
    const char *fault = url_fault(address);
    if (fault) section_add_problem(section, name, address, "'%.*s' %s", SPAN_ARGS(text_clip(address, 200)), fault);
}

/* Resolves a path as the source does: relative to the folder of the configuration file that names it. */
static struct span full_path(const struct section *section, struct span path, struct arena *arena) {
    return source_files_path(section_folder(section), path, arena);
}

static bool is_file(const struct section *section, struct span address) {
    bool scheme = span_find(address, SPAN("://")) != SIZE_MAX;
    const struct source *source = source_of(section_kind(section));
    return source && source->url_may_be_file && (!scheme || span_starts(address, SPAN("file://")));
}

/* A word without a scheme is more likely an address without https:// than a file, so the message suggests that. */
static void check_url_file(const struct section *section, struct span written) {
    struct arena *arena = arena_new();
    struct span path = full_path(section, written, arena);
    if (access(path.at, R_OK) != 0)
        section_add_problem(section, "url", written,
                            "cannot read the file %.*s: %s; if this is an address, begin it with https://",
                            SPAN_ARGS(path), strerror(errno));
    arena_free(arena);
}

static void check_url(const struct section *section, struct span address) {
    if (!address.length)
        section_add_problem(section, "url", SPAN(""), "the source has no address; write url = ADDRESS");
    else if (is_file(section, address))
        check_url_file(section, address);
    else
        check_address(section, "url", address);
}

static void check_urls(const struct section *section, const struct word_list *urls) {
    if (!urls->count) section_add_problem(section, "url", SPAN(""), "the source has no address; write url = ADDRESS");
    for (size_t i = 0; i < urls->count; i++) check_address(section, "url", urls->items[i]);
}

/* libcurl also accepts "host:" and port 0, but no server uses them. */
static bool is_port(struct span word) {
    return !span_ends(word, SPAN(":")) && !span_ends(word, SPAN(":0"));
}

/* Accepts "nas.lan:8080" or a complete address. */
static void check_hosts(const struct section *section, const char *name, const struct word_list *hosts) {
    for (size_t i = 0; i < hosts->count; i++) {
        struct arena *arena = arena_new();
        struct span word = hosts->items[i];
        const char *fault = url_fault(url_is_remote(word) ? word : arena_print(arena, "http://%.*s", SPAN_ARGS(word)));
        if (fault || !is_port(word) || (!url_is_remote(word) && span_find(word, SPAN("/")) != SIZE_MAX))
            section_add_problem(section, name, word, "'%.*s' is not a host; write HOST or HOST:PORT",
                                SPAN_ARGS(text_clip(word, 200)));
        arena_free(arena);
    }
}

/* ---------------------------------------------------------------- paths */

/* A name that exists is taken literally, as the source does; anything else may be a pattern, which must match at least
 * one file. */
static bool is_there(struct span path) {
    glob_t found;
    if (access(path.at, F_OK) == 0) return true;
    int result = glob(path.at, 0, NULL, &found);
    if (result == GLOB_NOSPACE) memory_exhausted();
    if (result == 0) globfree(&found);
    return result == 0;
}

static void check_path(const struct section *section, struct span written) {
    struct arena *arena = arena_new();
    struct span path = full_path(section, written, arena);
    /* "-" is standard input. */
    if (!span_is(written, "-") && !is_there(path))
        section_add_problem(section, "path", written, "no such file or folder: %.*s", SPAN_ARGS(path));
    arena_free(arena);
}

static void check_paths(const struct section *section, const struct span *paths, size_t count) {
    if (!count) section_add_problem(section, "path", SPAN(""), "the source has no path; write path = FILE");
    for (size_t i = 0; i < count; i++) check_path(section, paths[i]);
}

/* ---------------------------------------------------------------- all of them */

/* Whether the kind of the section has this setting. Settings that a kind does not have are not checked. */
#define TAKES(section, member) section_kind_has(section, offsetof(struct source_settings, member))

static void check_source(const struct section *section) {
    const struct source_settings *settings = section_values(section);
    if (TAKES(section, url)) check_url(section, settings->url);
    if (TAKES(section, urls)) check_urls(section, &settings->urls);
    if (TAKES(section, path)) check_paths(section, &settings->path, settings->path.length > 0);
    if (TAKES(section, paths)) check_paths(section, settings->paths.items, settings->paths.count);
    check_hosts(section, "local_hosts", &settings->local_hosts);
    check_hosts(section, "login_hosts", &settings->login_hosts);
    section_add_missing_secrets(section);
    source_access_check(section);
}

static void check_file(const struct section *section, const char *name, struct span path) {
    if (path.length && access(path.at, R_OK) != 0)
        section_add_problem(section, name, path, "cannot read the file %.*s: %s", SPAN_ARGS(path), strerror(errno));
}

/* ---------------------------------------------------------------- what will be written to */

/* Shortens `path` to the nearest folder that exists, in which the rest would have to be created. */
static void cut_to_what_exists(char *path) {
    struct stat status;
    while (lstat(path, &status) != 0 && errno == ENOENT) {
        char *slash = strrchr(path, '/');
        if (!slash) strcpy(path, ".");
        if (!slash) break;
        /* A path that begins with a slash is not shortened further than the root folder. */
        slash[slash == path] = '\0';
    }
}

/* access() is not enough, because some file systems report write permission and still refuse. So a temporary folder is
 * created and removed. */
static bool can_write_in(const char *folder) {
    struct buffer probe = BUFFER(1 << 16);
    buffer_print(&probe, "%s/.dragoman-XXXXXX", folder);
    bool done = mkdtemp(probe.at) != NULL;
    int error = errno;
    if (done) rmdir(probe.at);
    buffer_free(&probe);
    errno = error;
    return done;
}

/* Returns the folder that contains the file or would contain it. */
static char *folder_of(struct span file, struct arena *arena) {
    char *path = arena_string(arena, file), *slash = strrchr(path, '/');
    if (!slash) return arena_string(arena, SPAN("."));
    slash[slash == path] = '\0';
    return path;
}

/* The folder must be writable even if the file exists, because SQLite creates other files next to it. */
static bool can_write_file(struct span file, struct arena *arena) {
    struct stat status;
    const char *path = arena_string(arena, file);
    bool there = stat(path, &status) == 0, folder = there && S_ISDIR(status.st_mode);
    /* The message prints errno, which is not set because stat() succeeded. */
    if (folder) errno = EISDIR;
    if (folder || (there && access(path, W_OK) != 0)) return false;
    char *parent = folder_of(file, arena);
    cut_to_what_exists(parent);
    return can_write_in(parent);
}

static bool can_write_folder(struct span folder, struct arena *arena) {
    char *path = arena_string(arena, folder);
    cut_to_what_exists(path);
    return can_write_in(path);
}

static void check_written(const struct section *section, const char *name, struct span written, bool is_file) {
    struct arena *arena = arena_new();
    if (written.length && !(is_file ? can_write_file : can_write_folder)(written, arena))
        section_add_problem(section, name, written, "cannot write to '%.*s': %s", SPAN_ARGS(text_clip(written, 200)),
                            strerror(errno));
    arena_free(arena);
}

static void check_service(const struct section *section) {
    const struct service_settings *settings = section_values(section);
    if (settings->url.length) check_address(section, "url", settings->url);
}

void addresses_check(const struct config *config) {
    const struct run_settings *run = config_values(config, run_table);
    const struct http_settings *http = config_values(config, http_table);
    const struct archive_settings *archive = config_values(config, archive_table);
    for (size_t i = 0; i < config_section_count(config, source_table); i++)
        if (section_kind_known(config_section_at(config, source_table, i)))
            check_source(config_section_at(config, source_table, i));
    for (size_t i = 0; i < config_section_count(config, service_table); i++)
        check_service(config_section_at(config, service_table, i));
    check_file(config_section(config, http_table), "ca_file", http->ca_file);
    check_written(config_section(config, run_table), "output", run->output, false);
    check_written(config_section(config, run_table), "state", run->state, true);
    if (archive->keep == ARCHIVE_KEEPS_WARC)
        check_written(config_section(config, archive_table), "folder", archive->folder, false);
}
