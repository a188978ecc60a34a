/* Reads the keys of services and the logins of sources from files, the environment, commands or systemd credentials,
 * and keeps them out of swap and core dumps. */
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
#include "config/path.h"
#include "config/secret_command.h"
#include "config/secret_fault.h"
#include "pipeline/base/clock.h"
#include "pipeline/base/file.h"

/* LONGEST_SECRET is ample for a token or the key file of a service account. COMMAND_PAUSE_MS is the time after a
 * failure before the command is run again. */
enum { LONGEST_SECRET = 16384, COMMAND_TIMEOUT_MS = 30000, COMMAND_PAUSE_MS = 60000 };

union writable {
    const char *given;
    char *at;
};

/* mlock() and madvise() apply to whole pages, so each secret has pages of its own. If the limit on locked memory is
 * exceeded, mlock() fails, and the secret is used all the same. */
static struct secret *add_empty(struct section *section, const struct setting *entry) {
    char *at = mmap(NULL, LONGEST_SECRET, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (at == MAP_FAILED) memory_exhausted();
    mlock(at, LONGEST_SECRET);
    madvise(at, LONGEST_SECRET, MADV_DONTDUMP);
    struct secret *secret = arena_take(section->config->arena, sizeof *secret);
    *secret =
        (struct secret){.section = section, .name = entry->name, .many_lines = entry->many_lines, .text = {at, 0}};
    STAILQ_INSERT_TAIL(&section->secrets, secret, next);
    return secret;
}

/* Replaces the secret. Files and the output of commands usually end with a newline, which is not part of the secret.
 * The previous secret is erased first, because it may have been longer. Returns "", or what is wrong with the new one,
 * in words that follow its place; the secret is then empty, because a part of a key must not be sent. */
static const char *keep(struct secret *secret, struct span text) {
    union writable page = {.given = secret->text.at};
    size_t byte = 0;
    text = span_trim(text);
    if (text.length >= LONGEST_SECRET) text.length = LONGEST_SECRET - 1;
    explicit_bzero(page.at, LONGEST_SECRET);
    const char *fault = secret_fault(text, secret->many_lines, &byte);
    secret->text.length = fault ? 0 : text.length;
    memcpy(page.at, text.at, secret->text.length);
    if (!fault) return text.length ? "" : " is empty";
    return arena_print(secret->section->config->arena, " contains %s at byte %zu of the %s; %s", fault, byte,
                       secret->name, secret->many_lines ? "it must be plain text" : "it must be one line of plain text")
        .at;
}

/* Marks the secret as missing, which makes only its own service or source unusable. The message begins with the file
 * and line, like those of all configuration problems. */
static void set_missing(struct secret *secret, struct span where, const char *what, const char *path,
                        const char *more) {
    secret->missing = true;
    failure_set(&secret->failure, REACH_SERVICE, REMEDY_NEXT_RUN, "%.*s: %s %s%s", SPAN_ARGS(where), what, path, more);
}

/* Runs the command if it has not been run yet or if its output has expired. After a failure it is not run again at
 * once, because every article would have to wait for it. */
static void refresh(struct secret *secret) {
    char text[LONGEST_SECRET];
    size_t length = 0;
    int64_t now = clock_ms();
    if (!secret->command || now < secret->good_until) return;
    secret->failure = (struct failure){0};
    if (command_output(secret->command, COMMAND_TIMEOUT_MS, text, sizeof text, &length, &secret->failure)) {
        const char *fault = keep(secret, (struct span){text, length});
        if (*fault) failure_fatal(&secret->failure, EXIT_CONFIG, "the output of the command%s", fault);
    }
    bool good = secret->failure.reach == REACH_NONE;
    if (!good) secret->text.length = 0;
    secret->good_until = !good ? now + COMMAND_PAUSE_MS : secret->lifetime_ms ? now + secret->lifetime_ms : INT64_MAX;
    explicit_bzero(text, sizeof text);
}

/* A key given in the place of a file's or variable's name must not be quoted. Names of variables are in capitals; a
 * name of a file that is long and mixes letters and digits, without a dot or slash, is rather a key. */
static bool is_like_key(struct span text, bool variable) {
    bool letter = false, digit = false, other = false;
    for (size_t i = 0; i < text.length; i++) {
        char c = text.at[i];
        letter = letter || ((c | 32) >= 'a' && (c | 32) <= 'z');
        digit = digit || (c >= '0' && c <= '9');
        other = other || (variable ? !(c == '_' || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9'))
                                   : c == '/' || c == '.' || c == ' ');
    }
    return variable ? other || text.length > 64 : letter && digit && !other && text.length >= 16;
}

static void read_secret_file(struct secret *secret, const char *path, struct span where, bool check_mode) {
    char text[LONGEST_SECRET];
    struct stat status;
    struct arena *arena = secret->section->config->arena;
    int file = open(path, O_RDONLY | O_CLOEXEC);
    if (file < 0) {
        const char *name = strrchr(path, '/');
        bool like_key = errno == ENOENT && is_like_key(span_of(name ? name + 1 : path), false);
        struct span why = arena_print(arena, ": %s", strerror(errno));
        set_missing(secret, where, arena_print(arena, "cannot read the %s from", secret->name).at,
                    like_key ? "the file of this name, which looks like a key itself" : path, why.at);
        return;
    }
    if (check_mode && fstat(file, &status) == 0 && (status.st_mode & 077)) {
        struct span what = arena_print(arena, "other users can read the %s; run chmod 600", secret->name);
        set_missing(secret, where, what.at, path, "");
    } else {
        ssize_t length = file_read_up_to(file, text, sizeof text);
        struct span why = arena_print(arena, " cannot be read: %s", length < 0 ? strerror(errno) : "");
        bool too_large = length == sizeof text;
        const char *fault = keep(secret, (struct span){text, length > 0 && !too_large ? (size_t)length : 0});
        if (!secret->text.length)
            set_missing(secret, where, "the file", path,
                        too_large    ? " is too large for a secret"
                        : length < 0 ? why.at
                                     : fault);
    }
    explicit_bzero(text, sizeof text);
    close(file);
}

static struct span resolve_path(const struct section *section, struct span path) {
    return path_resolve(section->folder.at, path, section->config->arena);
}

/* Returns the value of the key NAME_file, NAME_env or NAME_command, chosen by `ending`, or NULL. */
static const struct value *way(const struct section *section, const struct setting *entry, const char *ending) {
    return section_value(section, arena_print(section->config->arena, "%s_%s", entry->name, ending).at);
}

/* Returns NULL if the secret is given in another way with a higher rank: a user's key_env overrides the system's
 * key_file. */
static const struct value *unless_overridden(const struct value *way, const struct value *one,
                                             const struct value *other) {
    bool overridden = way && ((one && one->rank > way->rank) || (other && other->rank > way->rank));
    return overridden ? NULL : way;
}

static void read_variable(struct secret *secret, const struct value *variable) {
    const char *text = getenv(variable->text.at);
    if (!text && is_like_key(variable->text, true)) {
        set_missing(secret, variable->where, variable->key, "must be the name of an environment variable that is set",
                    "; it must not be the secret itself");
        return;
    }
    if (text && strlen(text) >= LONGEST_SECRET) {
        set_missing(secret, variable->where, "the environment variable", variable->text.at,
                    " is too long for a secret");
        return;
    }
    struct span given = span_of(text ? text : "");
    const char *fault = keep(secret, given);
    if (!secret->text.length)
        set_missing(secret, variable->where, "the environment variable", variable->text.at,
                    span_trim(given).length ? fault : " is not set or is empty");
}

/* Returns the path of the systemd credential for the setting, or "" if there is none. */
static struct span credential(const struct section *section, const struct setting *entry) {
    const char *folder = getenv("CREDENTIALS_DIRECTORY");
    if (!folder) return SPAN("");
    struct span path = arena_print(section->config->arena, "%s/%s%s%.*s.%s", folder, section->table->name,
                                   section->name.length ? "." : "", SPAN_ARGS(section->name), entry->name);
    /* One that cannot be read is reported, as a file is that the user has named. */
    return access(path.at, F_OK) == 0 || errno != ENOENT ? path : SPAN("");
}

/* Files and variables are read now, so that check-config can report them. A command is run only when its secret is
 * first needed, so that `dragoman status` does not wait for it. systemd protects its credentials itself, so their mode
 * is not checked. */
struct secret *secret_new(struct section *section, const struct setting *entry) {
    const struct value *ways[] = {way(section, entry, "file"), way(section, entry, "env"),
                                  way(section, entry, "command")};
    const struct value *file = unless_overridden(ways[0], ways[1], ways[2]);
    const struct value *variable = unless_overridden(ways[1], ways[0], ways[2]);
    const struct value *command = unless_overridden(ways[2], ways[0], ways[1]);
    struct span given = credential(section, entry);
    if (!file && !variable && !command && !given.length) return NULL;
    struct secret *secret = add_empty(section, entry);
    if (file)
        read_secret_file(secret, resolve_path(section, file->text).at, file->where, true);
    else if (variable)
        read_variable(secret, variable);
    else if (command)
        secret->command = command->text.at;
    else
        read_secret_file(secret, given.at, given, false);
    return secret;
}

/* The value is overwritten where the kernel shows it (/proc/PID/environ); children must not inherit it either. */
void section_forget_variables(const struct section *section) {
    const struct value *value;
    STAILQ_FOREACH(value, &section->given, next) {
        char *text = span_ends(span_of(value->key), SPAN("_env")) ? getenv(value->text.at) : NULL;
        if (!text) continue;
        explicit_bzero(text, strlen(text));
        unsetenv(value->text.at);
    }
}

void section_wipe_secrets(struct section *section) {
    struct secret *secret;
    STAILQ_FOREACH(secret, &section->secrets, next) {
        union writable page = {.given = secret->text.at};
        explicit_bzero(page.at, LONGEST_SECRET);
        munmap(page.at, LONGEST_SECRET);
    }
    STAILQ_INIT(&section->secrets);
}

struct span secret_text(struct secret *secret) {
    if (!secret) return SPAN("");
    refresh(secret);
    return secret->text;
}

bool secret_given(const struct secret *secret) {
    return secret != NULL;
}

bool secret_is_command(const struct secret *secret) {
    return secret && secret->command;
}

bool secret_found(const struct secret *secret, struct failure *ret_failure) {
    if (!secret || !secret->missing) return true;
    if (ret_failure) *ret_failure = secret->failure;
    return false;
}

bool secret_ready(struct secret *secret, struct failure *ret_failure) {
    if (!secret_found(secret, ret_failure)) return false;
    if (!secret || secret_text(secret).length) return true;
    return failure_set(ret_failure, REACH_SERVICE, REMEDY_NEXT_RUN, "[%s%s%.*s%s] %s_command: %s",
                       secret->section->table->name, secret->section->name.length ? " \"" : "",
                       SPAN_ARGS(secret->section->name), secret->section->name.length ? "\"" : "", secret->name,
                       secret->failure.sentence);
}

bool section_secrets_found(const struct section *section, struct failure *ret_failure) {
    const struct secret *secret;
    STAILQ_FOREACH(secret, &section->secrets, next)
        if (!secret_found(secret, ret_failure)) return false;
    return true;
}
