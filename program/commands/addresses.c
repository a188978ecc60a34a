#include "program/commands/addresses.h"

#include <errno.h>
#include <glob.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "config/reader.h"
#include "pipeline/base/arena.h"
#include "pipeline/net/url.h"

/* ---------------------------------------------------------------- addresses */

static void check_address(const struct settings *settings, const char *name, struct span address) {
    const char *fault = url_fault(address);
    if (fault) settings_add_problem(settings, name, address, "'%.*s' %s", SPAN_ARGS(text_clip(address, 200)), fault);
}

static struct span full_path(const struct settings *settings, struct span path, struct arena *arena) {
    if (span_starts(path, SPAN("file://"))) path = span_cut(path, 7, path.length);
    if (span_starts(path, SPAN("/"))) return arena_copy(arena, path);
    return arena_print(arena, "%s/%.*s", settings_folder(settings), SPAN_ARGS(path));
}

/* Of the sources that have a `url`, only feeds may be read from a file. */
static bool is_file(const struct settings *settings, struct span address) {
    bool scheme = span_find(address, SPAN("://")) != SIZE_MAX;
    return span_is(settings_kind(settings), "feed") && (!scheme || span_starts(address, SPAN("file://")));
}

static void check_feed_file(const struct settings *settings, struct span written) {
    struct arena *arena = arena_new();
    struct span path = full_path(settings, written, arena);
    if (access(path.at, R_OK) != 0)
        settings_add_problem(settings, "url", written,
                             "there is no file %.*s that can be read; if it is an address, write it with https://",
                             SPAN_ARGS(path));
    arena_free(arena);
}

static void check_url(const struct settings *settings) {
    struct span address = setting_text(settings, "url");
    if (!address.length)
        settings_add_problem(settings, "url", SPAN(""), "the source has no address; write url = ADDRESS");
    else if (is_file(settings, address))
        check_feed_file(settings, address);
    else
        check_address(settings, "url", address);
}

static void check_urls(const struct settings *settings) {
    size_t count = setting_list_count(settings, "url");
    if (!count) settings_add_problem(settings, "url", SPAN(""), "the source has no address; write url = ADDRESS");
    for (size_t i = 0; i < count; i++) check_address(settings, "url", setting_list_item(settings, "url", i));
}

/* Accepts "nas.lan:8080" or a complete address. */
static void check_hosts(const struct settings *settings, const char *name) {
    if (!setting_known(settings, name, SETTING_LIST)) return;
    for (size_t i = 0, count = setting_list_count(settings, name); i < count; i++) {
        struct arena *arena = arena_new();
        struct span word = setting_list_item(settings, name, i);
        const char *fault = url_fault(url_is_remote(word) ? word : arena_print(arena, "http://%.*s", SPAN_ARGS(word)));
        if (fault || (!url_is_remote(word) && span_find(word, SPAN("/")) != SIZE_MAX))
            settings_add_problem(settings, name, word, "'%.*s' is not a host; write HOST or HOST:PORT",
                                 SPAN_ARGS(text_clip(word, 200)));
        arena_free(arena);
    }
}

/* ---------------------------------------------------------------- paths */

/* A name that exists is taken literally, as the source does; anything else may be a pattern, which has to match
 * something. */
static bool is_there(struct span path) {
    glob_t found;
    bool there = access(path.at, F_OK) == 0 || glob(path.at, 0, NULL, &found) == 0;
    if (there && access(path.at, F_OK) != 0) globfree(&found);
    return there;
}

static void check_path(const struct settings *settings, struct span written) {
    struct arena *arena = arena_new();
    struct span path = full_path(settings, written, arena);
    /* "-" is standard input. */
    if (!span_is(written, "-") && !is_there(path))
        settings_add_problem(settings, "path", written, "there is no %.*s", SPAN_ARGS(path));
    arena_free(arena);
}

static void check_paths(const struct settings *settings) {
    bool list = setting_known(settings, "path", SETTING_LIST);
    size_t count = list ? setting_list_count(settings, "path") : setting_text(settings, "path").length > 0;
    if (!count) settings_add_problem(settings, "path", SPAN(""), "the source has no path; write path = FILE");
    for (size_t i = 0; i < count; i++)
        check_path(settings, list ? setting_list_item(settings, "path", i) : setting_text(settings, "path"));
}

/* ---------------------------------------------------------------- all of them */

/* Checks that the file or variable named for a secret exists. Commands are not run for this. */
static void check_secret(const struct settings *settings, const char *name) {
    struct failure failure;
    if (setting_known(settings, name, SETTING_SECRET) && !setting_secret_found(settings, name, &failure))
        settings_add_missing_secret(settings, &failure);
}

static void check_section(const struct settings *settings) {
    static const char *const hosts[] = {"local_hosts", "login_hosts"}, *const secrets[] = {"header", "user",
                                                                                           "password"};
    if (setting_known(settings, "url", SETTING_TEXT)) check_url(settings);
    if (setting_known(settings, "url", SETTING_LIST)) check_urls(settings);
    if (setting_known(settings, "path", SETTING_LIST) || setting_known(settings, "path", SETTING_TEXT))
        check_paths(settings);
    for (size_t i = 0; i < 2; i++) check_hosts(settings, hosts[i]);
    for (size_t i = 0; i < 3; i++) check_secret(settings, secrets[i]);
}

static void check_file(const struct settings *settings, const char *name) {
    struct span path = setting_text(settings, name);
    if (path.length && access(path.at, R_OK) != 0)
        settings_add_problem(settings, name, path, "there is no file %.*s that can be read", SPAN_ARGS(path));
}

/* ---------------------------------------------------------------- what will be written to */

/* Shortens `path` to the nearest folder that exists, in which the rest would have to be created. */
static void cut_to_what_exists(char *path) {
    struct stat status;
    while (lstat(path, &status) != 0 && errno == ENOENT) {
        char *slash = strrchr(path, '/');
        if (!slash) strcpy(path, ".");
        if (!slash) break;
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

static bool can_write_file(struct span file, struct arena *arena) {
    struct stat status;
    const char *path = arena_string(arena, file);
    bool there = stat(path, &status) == 0, folder = there && S_ISDIR(status.st_mode);
    /* The message prints errno, and stat() succeeded. */
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

static void check_written(const struct settings *settings, const char *name, bool is_file) {
    struct span written = setting_text(settings, name);
    struct arena *arena = arena_new();
    if (written.length && !(is_file ? can_write_file : can_write_folder)(written, arena))
        settings_add_problem(settings, name, written, "cannot write to '%.*s': %s", SPAN_ARGS(text_clip(written, 200)),
                             strerror(errno));
    arena_free(arena);
}

void addresses_check(const struct config *config) {
    for (size_t i = 0; i < config_section_count(config, "source"); i++) {
        const struct settings *settings = config_section_at(config, "source", i);
        if (settings_kind_known(settings)) check_section(settings);
    }
    check_file(config_section(config, "http"), "ca_file");
    check_written(config_section(config, "run"), "output", false);
    check_written(config_section(config, "run"), "state", true);
    const struct settings *archive = config_section(config, "archive");
    if (span_is(setting_text(archive, "keep"), "warc")) check_written(archive, "folder", false);
}
