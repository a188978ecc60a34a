/* Keys of services: read from files, the environment or systemd's credentials; kept out of swap and core dumps. */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "config/internal.h"

enum { LONGEST_SECRET = 16384 };

bool setting_secret_key(const struct setting *setting, struct span key) {
    size_t length = strlen(setting->name);
    if (!span_starts(key, span_of(setting->name))) return false;
    struct span ending = span_cut(key, length, key.length);
    return span_is(ending, "_file") || span_is(ending, "_env");
}

/* Whole pages, so that locking and the no-dump mark cover nothing else. */
static struct span keep_secret(struct span text) {
    size_t size = LONGEST_SECRET;
    char *at = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (at == MAP_FAILED) memory_exhausted();
    mlock(at, size);
    madvise(at, size, MADV_DONTDUMP);
    if (text.length >= size) text.length = size - 1;
    memcpy(at, text.at, text.length);
    return (struct span){at, text.length};
}

static void add_secret(struct settings *settings, const char *name, struct span text) {
    struct secret *secret = arena_take(settings->config->arena, sizeof *secret);
    *secret = (struct secret){.name = name, .text = keep_secret(span_trim(text)), .next = settings->secrets};
    settings->secrets = secret;
}

static void read_secret_file(struct settings *settings, const char *name, const char *path, struct span where, bool check_mode) {
    char text[LONGEST_SECRET];
    struct stat status;
    int file = open(path, O_RDONLY | O_CLOEXEC);
    if (file < 0) {
        config_add_problem(settings->config, where, "cannot read the key from %s: %s", path, strerror(errno));
        return;
    }
    if (check_mode && fstat(file, &status) == 0 && (status.st_mode & 077)) {
        config_add_problem(settings->config, where, "others can read the key in %s: chmod 600 %s", path, path);
    } else {
        ssize_t length = read(file, text, sizeof text);
        if (length > 0) add_secret(settings, name, (struct span){text, (size_t)length});
        else config_add_problem(settings->config, where, "the key file %s is empty", path);
    }
    explicit_bzero(text, sizeof text);
    close(file);
}

static struct span resolve_path(const struct settings *settings, struct span path) {
    if (span_starts(path, SPAN("/"))) return path;
    return arena_print(settings->config->arena, "%.*s/%.*s", SPAN_ARGS(settings->folder), SPAN_ARGS(path));
}

static void resolve(struct settings *settings, const struct setting *entry) {
    struct arena *arena = settings->config->arena;
    const struct value *file = settings_value(settings, arena_print(arena, "%s_file", entry->name).at);
    const struct value *variable = settings_value(settings, arena_print(arena, "%s_env", entry->name).at);
    const char *credentials = getenv("CREDENTIALS_DIRECTORY");
    if (file) {
        read_secret_file(settings, entry->name, resolve_path(settings, file->text).at, file->where, true);
    } else if (variable) {
        const char *text = getenv(variable->text.at);
        if (text && *text) add_secret(settings, entry->name, span_of(text));
        else config_add_problem(settings->config, variable->where, "the environment has no %s", variable->text.at);
    } else if (credentials) {
        struct span path = arena_print(arena, "%s/%s.%.*s.%s", credentials, settings->table->name,
                                       SPAN_ARGS(settings->name), entry->name);
        if (access(path.at, R_OK) == 0) read_secret_file(settings, entry->name, path.at, path, false);
    }
}

static void resolve_all(struct settings *settings, const struct setting *entries) {
    for (; entries && entries->name; entries++)
        if (entries->type == SETTING_SECRET) resolve(settings, entries);
}

void settings_resolve_secrets(struct settings *settings) {
    resolve_all(settings, settings->table->settings);
    resolve_all(settings, settings->kind_settings);
}

void settings_wipe_secrets(struct settings *settings) {
    for (struct secret *secret = settings->secrets; secret; secret = secret->next) {
        union {
            const char *given;
            char *writable;
        } at = {.given = secret->text.at};
        explicit_bzero(at.writable, LONGEST_SECRET);
        munmap(at.writable, LONGEST_SECRET);
    }
    settings->secrets = NULL;
}

struct span setting_secret(const struct settings *settings, const char *name) {
    for (const struct secret *secret = settings->secrets; secret; secret = secret->next)
        if (strcmp(secret->name, name) == 0) return secret->text;
    return SPAN("");
}
