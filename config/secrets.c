/* Keys of services and log-ins of sources: read from files, the environment, commands or systemd's credentials; kept
 * out of swap and core dumps. */
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
#include "config/secret_command.h"
#include "pipeline/base/clock.h"

enum { LONGEST_SECRET = 16384, COMMAND_TIMEOUT_MS = 30000, COMMAND_PAUSE_MS = 60000 };

union writable {
    const char *given;
    char *at;
};

/* Whole pages, so that locking and the no-dump mark cover nothing else. */
static struct secret *add_empty(struct settings *settings, const char *name) {
    char *at = mmap(NULL, LONGEST_SECRET, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (at == MAP_FAILED) memory_exhausted();
    mlock(at, LONGEST_SECRET);
    madvise(at, LONGEST_SECRET, MADV_DONTDUMP);
    struct secret *secret = arena_take(settings->config->arena, sizeof *secret);
    *secret = (struct secret){.name = name, .text = {at, 0}, .next = settings->secrets};
    settings->secrets = secret;
    return secret;
}

static void keep(struct secret *secret, struct span text) {
    union writable page = {.given = secret->text.at};
    text = span_trim(text);
    if (text.length >= LONGEST_SECRET) text.length = LONGEST_SECRET - 1;
    explicit_bzero(page.at, LONGEST_SECRET);
    memcpy(page.at, text.at, text.length);
    secret->text.length = text.length;
}

static void add_secret(struct settings *settings, const char *name, struct span text) {
    keep(add_empty(settings, name), text);
}

/* A key that was named but cannot be had: its service is of no use, but others may be. */
static struct failure *add_missing(struct settings *settings, const char *name) {
    struct secret *secret = add_empty(settings, name);
    secret->missing = true;
    return &secret->failure;
}

/* The sentence begins with the place, like every problem of the configuration. */
static void say_missing(struct failure *failure, struct span where, const char *what, const char *path,
                        const char *more) {
    failure_set(failure, REACH_SERVICE, REMEDY_NEXT_RUN, "%.*s: %s %s%s", SPAN_ARGS(where), what, path, more);
}

/* Runs the command when it has not been run, or too long ago; one that fails is left alone for a while. */
static void refresh(struct secret *secret) {
    char text[LONGEST_SECRET];
    size_t length = 0;
    int64_t now = clock_ms();
    if (!secret->command || now < secret->good_until) return;
    secret->failure = (struct failure){0};
    if (command_output(secret->command, COMMAND_TIMEOUT_MS, text, sizeof text, &length, &secret->failure)) {
        keep(secret, (struct span){text, length});
        secret->good_until = secret->lifetime_ms ? now + secret->lifetime_ms : INT64_MAX;
    } else {
        secret->text.length = 0;
        secret->good_until = now + COMMAND_PAUSE_MS;
    }
    explicit_bzero(text, sizeof text);
}

static void read_secret_file(struct settings *settings, const char *name, const char *path, struct span where,
                             bool check_mode) {
    char text[LONGEST_SECRET];
    struct stat status;
    int file = open(path, O_RDONLY | O_CLOEXEC);
    if (file < 0) {
        struct span why = arena_print(settings->config->arena, ": %s", strerror(errno)),
                    what = arena_print(settings->config->arena, "cannot read the %s from", name);
        say_missing(add_missing(settings, name), where, what.at, path, why.at);
        return;
    }
    if (check_mode && fstat(file, &status) == 0 && (status.st_mode & 077)) {
        struct span what = arena_print(settings->config->arena, "others can read the %s; write: chmod 600", name);
        say_missing(add_missing(settings, name), where, what.at, path, "");
    } else {
        ssize_t length = read(file, text, sizeof text);
        struct span secret = span_trim((struct span){text, length > 0 ? (size_t)length : 0});
        if (secret.length)
            add_secret(settings, name, secret);
        else
            say_missing(add_missing(settings, name), where, "there is nothing in", path, "");
    }
    explicit_bzero(text, sizeof text);
    close(file);
}

static struct span resolve_path(const struct settings *settings, struct span path) {
    if (span_starts(path, SPAN("/"))) return path;
    return arena_print(settings->config->arena, "%.*s/%.*s", SPAN_ARGS(settings->folder), SPAN_ARGS(path));
}

static const struct value *way(const struct settings *settings, const struct setting *entry, const char *ending) {
    return settings_value(settings, arena_print(settings->config->arena, "%s_%s", entry->name, ending).at);
}

/* A command is run when its secret is first wanted, so that `dragoman status` does not wait for a cloud. */
static void add_command(struct settings *settings, const struct setting *entry, const struct value *command) {
    struct secret *secret = add_empty(settings, entry->name);
    struct span lifetime = arena_print(settings->config->arena, "%s_lifetime", entry->name);
    const struct setting *known = settings_entry(settings, lifetime);
    secret->command = command->text.at;
    if (known && known->type == SETTING_TIME) secret->lifetime_ms = setting_time(settings, known->name);
}

static void resolve_credential(struct settings *settings, const struct setting *entry, const char *folder) {
    struct span path = arena_print(settings->config->arena, "%s/%s.%.*s.%s", folder, settings->table->name,
                                   SPAN_ARGS(settings->name), entry->name);
    if (access(path.at, R_OK) == 0) read_secret_file(settings, entry->name, path.at, path, false);
}

static void resolve_variable(struct settings *settings, const struct setting *entry, const struct value *variable) {
    const char *text = getenv(variable->text.at);
    struct span secret = span_trim(span_of(text ? text : ""));
    if (secret.length)
        add_secret(settings, entry->name, secret);
    else
        say_missing(add_missing(settings, entry->name), variable->where, "the environment has no", variable->text.at,
                    "");
}

static void resolve(struct settings *settings, const struct setting *entry) {
    const struct value *file = way(settings, entry, "file"), *variable = way(settings, entry, "env");
    const struct value *command = way(settings, entry, "command");
    const char *credentials = getenv("CREDENTIALS_DIRECTORY");
    if (file)
        read_secret_file(settings, entry->name, resolve_path(settings, file->text).at, file->where, true);
    else if (variable)
        resolve_variable(settings, entry, variable);
    else if (command)
        add_command(settings, entry, command);
    else if (credentials)
        resolve_credential(settings, entry, credentials);
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
        union writable page = {.given = secret->text.at};
        explicit_bzero(page.at, LONGEST_SECRET);
        munmap(page.at, LONGEST_SECRET);
    }
    settings->secrets = NULL;
}

static struct secret *find_secret(const struct settings *settings, const char *name) {
    for (struct secret *secret = settings->secrets; secret; secret = secret->next)
        if (strcmp(secret->name, name) == 0) return secret;
    return NULL;
}

struct span setting_secret(const struct settings *settings, const char *name) {
    struct secret *secret = find_secret(settings, name);
    if (!secret) return SPAN("");
    refresh(secret);
    return secret->text;
}

bool setting_secret_given(const struct settings *settings, const char *name) {
    return find_secret(settings, name) != NULL;
}

bool setting_secret_found(const struct settings *settings, const char *name, struct failure *ret_failure) {
    const struct secret *secret = find_secret(settings, name);
    if (!secret || !secret->missing) return true;
    if (ret_failure) *ret_failure = secret->failure;
    return false;
}

bool setting_secret_ready(const struct settings *settings, const char *name, struct failure *ret_failure) {
    struct secret *secret = find_secret(settings, name);
    if (!setting_secret_found(settings, name, ret_failure)) return false;
    if (!secret || setting_secret(settings, name).length) return true;
    return failure_set(ret_failure, REACH_SERVICE, REMEDY_NEXT_RUN, "[%s \"%.*s\"] %s_command: %s",
                       settings->table->name, SPAN_ARGS(settings->name), name, secret->failure.sentence);
}
