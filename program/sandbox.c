#define _GNU_SOURCE /* dl_iterate_phdr */
#include "program/sandbox.h"

#include <link.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "config/reader.h"
#include "pipeline/base/file.h"
#include "pipeline/base/landlock.h"
#include "pipeline/engine/source_files.h"
#include "pipeline/engine/source_settings.h"
#include "pipeline/net/url.h"
#include "pipeline/store/archive_settings.h"
#include "program/hooks/settings.h"
#include "program/mail/settings.h"
#include "program/metrics.h"
#include "stages/services/apertium/chains.h"
#include "stages/services/command/line.h"
#include "stages/services/service.h"
#include "stages/services/service_settings.h"

/* What belongs to the system: libraries that are loaded late, certificates, time zones, the resolver's files. Nothing
 * of the users, in /home, /root, /srv, /mnt, /media, /tmp or /var, unless the configuration names it; and of /proc only
 * this process, because the environments of others are there, too. */
static const char *const system_paths[] = {"/usr",
                                           "/lib",
                                           "/lib32",
                                           "/lib64",
                                           "/libx32",
                                           "/bin",
                                           "/sbin",
                                           "/etc",
                                           "/opt",
                                           "/nix/store",
                                           "/gnu/store",
                                           "/run/systemd/resolve",
                                           "/run/nscd",
                                           "/run/resolvconf",
                                           "/run/NetworkManager",
                                           "/run/connman",
                                           "/run/current-system",
                                           "/dev/urandom",
                                           "/dev/random",
                                           "/dev/zero",
                                           "/proc/self",
                                           "/proc/sys/vm",
                                           "/proc/cpuinfo",
                                           "/proc/meminfo",
                                           "/proc/stat",
                                           "/proc/filesystems",
                                           "/sys/devices/system/cpu",
                                           "/sys/fs/cgroup"};
enum { SYSTEM_PATHS = sizeof system_paths / sizeof *system_paths };

struct rules {
    struct landlock *landlock;
    struct arena *arena;
};

/* ---------------------------------------------------------------- files */

static struct span folder_of(struct span path) {
    size_t length = path.length;
    while (length > 0 && path.at[length - 1] != '/') length--;
    return length > 1 ? span_cut(path, 0, length - 1) : length == 1 ? SPAN("/") : SPAN(".");
}

static void allow(const struct rules *rules, struct span path, unsigned access) {
    if (path.length) landlock_allow(rules->landlock, arena_string(rules->arena, path), access);
}

/* A run may be the first, so the folder is made here. If it cannot be made, what needs it reports that. */
static void allow_writing(const struct rules *rules, struct span folder) {
    if (!folder.length) return;
    struct span path = arena_print(rules->arena, "%.*s/", SPAN_ARGS(folder));
    file_make_folders(arena_string(rules->arena, path));
    allow(rules, folder, LANDLOCK_WRITES);
}

/* Whether the folder is the user's home or contains it. */
static bool holds_home(const struct rules *rules, struct span folder) {
    const char *home = getenv("HOME");
    char *real = realpath(arena_string(rules->arena, folder), NULL);
    size_t length = real ? strlen(real) : 0;
    bool holds =
        real && home && strncmp(home, real, length) == 0 && (length == 1 || home[length] == '/' || !home[length]);
    free(real);
    return holds;
}

/* A path that does not exist allows nothing: its folder may be the user's home. */
static void allow_source(const struct rules *rules, const struct section *section, struct span path) {
    if (!path.length || url_is_remote(path) || span_is(path, "-")) return;
    path = source_files_path(section_folder(section), path, rules->arena);
    bool exists = access(path.at, F_OK) == 0;
    allow(rules, exists ? path : source_files_pattern_folder(path), LANDLOCK_READS);
}

/* The items of a feed or list may name files beside it, but not if that is the user's home. */
static void allow_beside(const struct rules *rules, const struct section *section) {
    struct span folder = source_files_beside(section, rules->arena);
    if (folder.length && !holds_home(rules, folder)) allow(rules, folder, LANDLOCK_READS);
}

static void allow_sources(const struct rules *rules, const struct config *config) {
    for (size_t i = 0; i < config_section_count(config, source_table); i++) {
        const struct section *section = config_section_at(config, source_table, i);
        const struct source_settings *settings = section_values(section);
        allow_beside(rules, section);
        allow_source(rules, section, settings->url);
        allow_source(rules, section, settings->path);
        for (size_t k = 0; k < settings->urls.count; k++) allow_source(rules, section, settings->urls.items[k]);
        for (size_t k = 0; k < settings->paths.count; k++) allow_source(rules, section, settings->paths.items[k]);
    }
}

static void allow_files(const struct rules *rules, const struct program *program) {
    const struct archive_settings *archive = config_values(program->config, archive_table);
    const struct http_settings *http = config_values(program->config, http_table);
    const struct metrics_settings *metrics = config_values(program->config, metrics_table);
    for (size_t i = 0; i < SYSTEM_PATHS; i++) landlock_allow(rules->landlock, system_paths[i], LANDLOCK_READS);
    landlock_allow(rules->landlock, "/dev/null", LANDLOCK_WRITES);
    landlock_allow(rules->landlock, program->data_folder, LANDLOCK_READS);
    allow(rules, http->ca_file, LANDLOCK_READS);
    allow_writing(rules, program->settings->output);
    allow_writing(rules, folder_of(span_of(program->state_path)));
    if (metrics->file.length) allow_writing(rules, folder_of(metrics->file));
    if (archive->keep != ARCHIVE_KEEPS_NOTHING) allow_writing(rules, archive->folder);
    allow_sources(rules, program->config);
#ifdef DRAGOMAN_COUNTS_FOLDER
    landlock_allow(rules->landlock, DRAGOMAN_COUNTS_FOLDER, LANDLOCK_WRITES);
#endif
}

/* ---------------------------------------------------------------- programs */

static bool is_script(const char *path) {
    char start[2] = "";
    FILE *file = fopen(path, "rb");
    if (!file) return false;
    size_t length = fread(start, 1, 2, file);
    fclose(file);
    return length == 2 && start[0] == '#' && start[1] == '!';
}

/* Returns the path of a program as posix_spawnp() finds it, or an empty one. It searches our PATH, not the one that the
 * program gets. */
static struct span find_program(const char *name, struct arena *arena) {
    const char *search_path = getenv("PATH");
    struct span rest = span_of(search_path ? search_path : "/bin:/usr/bin"), folder;
    if (strchr(name, '/')) return span_of(name);
    while (span_next(&rest, ':', &folder)) {
        struct span path = arena_print(arena, "%.*s%s%s", SPAN_ARGS(folder), folder.length ? "/" : "", name);
        if (access(path.at, X_OK) == 0) return path;
    }
    return SPAN("");
}

/* Data of an engine that is not the system's may lie anywhere. */
static void allow_engine_file(void *context, const char *name, bool program) {
    const struct rules *rules = context;
    if (program)
        allow(rules, find_program(name, rules->arena), LANDLOCK_EXECUTES);
    else
        landlock_allow(rules->landlock, name, LANDLOCK_READS);
}

/* The kernel starts the dynamic loader with each program. Ours is that of the engine, too. */
static int allow_loader(struct dl_phdr_info *object, size_t size, void *context) {
    const struct rules *rules = context;
    (void)size;
    for (size_t i = 0; i < object->dlpi_phnum; i++)
        if (object->dlpi_phdr[i].p_type == PT_INTERP)
            landlock_allow(rules->landlock, (const char *)(object->dlpi_addr + object->dlpi_phdr[i].p_vaddr),
                           LANDLOCK_EXECUTES);
    return 1; /* the first object is the program itself */
}

struct search {
    struct arena *arena;
    bool found;
};

static void note_script(void *context, const char *name, bool program) {
    struct search *search = context;
    struct span path = program ? find_program(name, search->arena) : SPAN("");
    search->found = search->found || (path.length && is_script(path.at));
}

static void each_engine_file(const struct config *config, mode_file_found *found, void *context) {
    for (size_t i = 0; i < config_section_count(config, service_table); i++) {
        const struct section *section = config_section_at(config, service_table, i);
        const struct apertium_settings *settings = section_kind_values(section);
        if (span_is(section_kind(section), "apertium")) modes_each_file(settings->modes.at, found, context);
    }
}

/* The program of a service or hook may be anywhere, and its arguments may be a script, a model or their folder. */
static void allow_command(const struct rules *rules, const struct section *section, struct span command) {
    const char **words = command_words(command, section_folder(section), rules->arena);
    if (words && words[0]) allow(rules, find_program(words[0], rules->arena), LANDLOCK_READS | LANDLOCK_EXECUTES);
    for (size_t i = 1; words && words[0] && words[i]; i++)
        if (words[i][0] == '/') landlock_allow(rules->landlock, words[i], LANDLOCK_READS);
}

static void allow_hooks(const struct rules *rules, const struct config *config) {
    const struct section *section = config_section(config, hooks_table);
    const struct hooks_settings *settings = section_values(section);
    allow_command(rules, section, settings->success);
    allow_command(rules, section, settings->failure);
    allow_command(rules, section, settings->news);
}

static bool is_command(const struct section *section) {
    return span_is(section_kind(section), "command");
}

/* With `yes` the commands of the configuration are restricted like the run itself, but may start what the system has.
 */
static void allow_programs(struct rules *rules, const struct program *program) {
    each_engine_file(program->config, allow_engine_file, rules);
    dl_iterate_phdr(allow_loader, rules);
    if (program->settings->sandbox != SANDBOX_YES) return;
    for (const char *const *path = (const char *const[]){"/usr", "/lib", "/lib64", "/bin", "/sbin", "/opt", NULL};
         *path; path++)
        landlock_allow(rules->landlock, *path, LANDLOCK_READS | LANDLOCK_EXECUTES);
    for (size_t i = 0; i < config_section_count(program->config, service_table); i++) {
        const struct section *section = config_section_at(program->config, service_table, i);
        const struct command_settings *settings = section_kind_values(section);
        if (is_command(section)) allow_command(rules, section, settings->command);
    }
    allow_hooks(rules, program->config);
}

/* ---------------------------------------------------------------- whether */

static bool has_script(const struct program *program) {
    struct search search = {.arena = arena_new()};
    each_engine_file(program->config, note_script, &search);
    arena_free(search.arena);
    return search.found;
}

static bool has_mail_command(const struct config *config) {
    for (size_t i = 0; i < config_section_count(config, mail_table); i++) {
        const struct mail_settings *settings = section_values(config_section_at(config, mail_table, i));
        if (settings->command.length) return true;
    }
    return false;
}

static bool has_service_command(const struct config *config) {
    for (size_t i = 0; i < config_section_count(config, service_table); i++)
        if (is_command(config_section_at(config, service_table, i))) return true;
    return false;
}

const char *sandbox_absent(const struct program *program) {
    enum sandbox_choice choice = program->settings->sandbox;
    if (choice == SANDBOX_NO) return "sandbox = no in [run]";
    if (!landlock_version()) return "this kernel has no Landlock (Linux 5.19 or later), or does not use it";
    if (choice == SANDBOX_YES) return NULL;
    if (has_mail_command(program->config)) return "the command of [mail] may need more than it allows";
    if (hooks_have_program(program->config)) return "a program of [hooks] may need more than it allows";
    if (has_service_command(program->config)) return "a service of kind command may need more than it allows";
    if (config_runs_commands(program->config)) return "a command that prints a secret may need more than it allows";
    if (has_script(program)) return "a program of the embedded engine is a script, which may need more than it allows";
    return NULL;
}

bool sandbox_begin(const struct program *program, struct failure *ret_failure) {
    const char *absent = sandbox_absent(program);
    bool required = program->settings->sandbox == SANDBOX_YES;
    struct rules rules = {.landlock = absent ? NULL : landlock_new(), .arena = arena_new()};
    if (rules.landlock) {
        allow_files(&rules, program);
        allow_programs(&rules, program);
    }
    bool begun = rules.landlock && landlock_begin(rules.landlock);
    landlock_free(rules.landlock);
    arena_free(rules.arena);
    return begun || !required ||
           failure_fatal(ret_failure, EXIT_CONFIG, "sandbox = yes in [run], but no sandbox is available: %s",
                         absent ? absent : "the kernel refused it");
}
