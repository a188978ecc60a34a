#include "config/reader.h"

#include <errno.h>
#include <glob.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "config/internal.h"
#include "pipeline/file.h"

enum { FILE_LIMIT = 1 << 20, MOST_PROBLEMS = 100 };

struct config *config_new(const struct section_table *tables) {
    struct arena *arena = arena_new();
    struct config *config = arena_take(arena, sizeof *config);
    *config = (struct config){.arena = arena, .tables = tables};
    config->last = &config->sections;
    return config;
}

void config_free(struct config *config) {
    if (!config) return;
    for (struct settings *settings = config->sections; settings; settings = settings->next)
        settings_wipe_secrets(settings);
    arena_free(config->arena);
}

void config_add_problem(struct config *config, struct span where, const char *format, ...) {
    char text[600];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(text, sizeof text, format, arguments);
    va_end(arguments);
    if (config->problem_count == MOST_PROBLEMS) return;
    config->problems = arena_grow(config->arena, config->problems, config->problem_count, &config->problem_capacity,
                                  sizeof *config->problems);
    struct span line = arena_print(config->arena, "%.*s: %s", SPAN_ARGS(where), text);
    config->problems[config->problem_count++] = arena_string(config->arena, line);
}

size_t config_problem_count(const struct config *config) {
    return config->problem_count;
}

const char *config_problem(const struct config *config, size_t index) {
    return config->problems[index];
}

const struct section_table *config_table(const struct config *config, struct span name) {
    for (const struct section_table *table = config->tables; table->name; table++)
        if (span_is(name, table->name)) return table;
    return NULL;
}

static struct settings *find_section(const struct config *config, const struct section_table *table, struct span name) {
    for (struct settings *settings = config->sections; settings; settings = settings->next)
        if (settings->table == table && span_equal(settings->name, name)) return settings;
    return NULL;
}

struct settings *config_make(struct config *config, const struct section_table *table, struct span name) {
    struct settings *settings = find_section(config, table, name);
    if (settings) return settings;
    settings = arena_take(config->arena, sizeof *settings);
    *settings = (struct settings){.config = config, .table = table, .name = arena_copy(config->arena, name)};
    settings->last = &settings->values;
    settings->folder = SPAN(".");
    settings->header_rank = -1;
    *config->last = settings;
    config->last = &settings->next;
    return settings;
}

void config_add_value(struct settings *settings, struct span key, struct span text, struct span where, int rank) {
    struct arena *arena = settings->config->arena;
    struct value *value = arena_take(arena, sizeof *value);
    *value =
        (struct value){.key = arena_string(arena, key), .text = arena_copy(arena, text), .where = where, .rank = rank};
    *settings->last = value;
    settings->last = &value->next;
}

const struct value *settings_value(const struct settings *settings, const char *key) {
    const struct value *best = NULL;
    for (const struct value *value = settings->values; value; value = value->next)
        if (strcmp(value->key, key) == 0 && (!best || value->rank >= best->rank)) best = value;
    return best;
}

/* ---------------------------------------------------------------- files */

static bool read_file(const char *path, struct buffer *text, bool may_be_missing, struct failure *ret_failure) {
    if (!file_read(path, text))
        return (errno == ENOENT && may_be_missing) ||
               failure_fatal(ret_failure, EXIT_CONFIG, "cannot read the configuration %s: %s", path, strerror(errno));
    if (text->full) return failure_fatal(ret_failure, EXIT_CONFIG, "the configuration %s is larger than 1 MiB", path);
    return true;
}

static struct span folder_of(const char *path) {
    const char *slash = strrchr(path, '/');
    if (!slash) return SPAN(".");
    return (struct span){path, slash == path ? 1 : (size_t)(slash - path)};
}

static bool read_one(struct config *config, const char *path, const char *folder, bool may_be_missing,
                     struct failure *ret_failure) {
    struct buffer text = BUFFER(FILE_LIMIT);
    bool done = read_file(path, &text, may_be_missing, ret_failure);
    if (done) config_parse(config, buffer_span(&text), path, folder, config->next_file_rank++);
    buffer_free(&text);
    return done;
}

bool config_read(struct config *config, const char *path, bool may_be_missing, struct failure *ret_failure) {
    const char *folder = arena_string(config->arena, folder_of(path));
    if (!read_one(config, path, folder, may_be_missing, ret_failure)) return false;
    struct span pattern = arena_print(config->arena, "%s/conf.d/*.conf", folder);
    glob_t found;
    bool done = true;
    if (glob(pattern.at, 0, NULL, &found) == 0) {
        for (size_t i = 0; i < found.gl_pathc && done; i++)
            done = read_one(config, found.gl_pathv[i], folder, false, ret_failure);
        globfree(&found);
    }
    return done;
}

/* ---------------------------------------------------------------- environment and flags */

/* DRAGOMAN_RUN_IN_FLIGHT: the section is what is known as one, the key is the rest. */
static void read_variable(struct config *config, struct span name, struct span text) {
    char lower[128];
    if (name.length >= sizeof lower) return;
    for (size_t i = 0; i < name.length; i++)
        lower[i] = name.at[i] >= 'A' && name.at[i] <= 'Z' ? (char)(name.at[i] + 32) : name.at[i];
    struct span rest = {lower, name.length};
    for (const struct section_table *table = config->tables; table->name; table++) {
        size_t length = strlen(table->name);
        if (table->named || !span_starts(rest, span_of(table->name)) || rest.length <= length + 1 ||
            lower[length] != '_')
            continue;
        struct settings *settings = config_make(config, table, SPAN(""));
        struct span where = arena_print(config->arena, "environment DRAGOMAN_%.*s", SPAN_ARGS(name));
        config_add_value(settings, span_cut(rest, length + 1, rest.length), text, where, 1000 + RANK_ENVIRONMENT);
    }
}

void config_read_environment(struct config *config, char *const *environment) {
    for (; *environment; environment++) {
        struct span variable = span_of(*environment);
        size_t equals = span_find(variable, SPAN("="));
        if (equals == SIZE_MAX || !span_starts(variable, SPAN("DRAGOMAN_"))) continue;
        read_variable(config, span_cut(variable, sizeof "DRAGOMAN_" - 1, equals),
                      span_cut(variable, equals + 1, variable.length));
    }
}

static size_t last_dot(struct span path) {
    size_t position = path.length;
    while (position > 0 && path.at[position - 1] != '.') position--;
    return position ? position - 1 : SIZE_MAX;
}

void config_set(struct config *config, const char *assignment) {
    struct span text = span_of(assignment);
    struct span where = arena_print(config->arena, "--set %s", assignment);
    size_t equals = span_find(text, SPAN("="));
    struct span path = span_cut(text, 0, equals);
    size_t first = span_find(path, SPAN(".")), last = last_dot(path);
    if (equals == SIZE_MAX || first == SIZE_MAX) {
        config_add_problem(config, where, "write it as section.key=value, e.g. run.in_flight=32");
        return;
    }
    const struct section_table *table = config_table(config, span_cut(path, 0, first));
    struct span name = last > first ? span_cut(path, first + 1, last) : SPAN("");
    if (!table || table->named != (name.length > 0)) {
        config_add_problem(config, where, table ? "this section %s a name" : "there is no such section%s",
                           table ? (table->named ? "needs" : "takes no") : "");
        return;
    }
    config_add_value(config_make(config, table, name), span_cut(path, last + 1, path.length),
                     span_cut(text, equals + 1, text.length), where, 1000 + RANK_FLAG);
}

/* ---------------------------------------------------------------- finishing and looking up */

static void find_kind(struct settings *settings) {
    if (!settings->table->settings_of_kind) return;
    const struct value *kind = settings_value(settings, "kind");
    settings->kind = kind ? kind->text : settings->name;
    settings->kind_settings = settings->table->settings_of_kind(settings->kind);
    if (!settings->kind_settings)
        config_add_problem(
            settings->config, kind ? kind->where : settings->where,
            "[%s \"%.*s\"] has no known kind; write kind = one of those that `dragoman services` or the manual list",
            settings->table->name, SPAN_ARGS(settings->name));
}

void config_finish(struct config *config) {
    for (const struct section_table *table = config->tables; table->name; table++)
        if (!table->named) config_make(config, table, SPAN(""));
    for (struct settings *settings = config->sections; settings; settings = settings->next) {
        find_kind(settings);
        if (settings->table->settings_of_kind && !settings->kind_settings) continue;
        settings_check(settings);
        settings_resolve_secrets(settings);
    }
}

const struct settings *config_section(const struct config *config, const char *section) {
    const struct section_table *table = config_table(config, span_of(section));
    struct settings *settings = table ? find_section(config, table, SPAN("")) : NULL;
    if (!settings) {
        fprintf(stderr, "dragoman: no section [%s] in the tables\n", section);
        abort();
    }
    return settings;
}

size_t config_section_count(const struct config *config, const char *section) {
    size_t count = 0;
    for (const struct settings *settings = config->sections; settings; settings = settings->next)
        if (strcmp(settings->table->name, section) == 0) count++;
    return count;
}

const struct settings *config_section_at(const struct config *config, const char *section, size_t index) {
    for (const struct settings *settings = config->sections; settings; settings = settings->next)
        if (strcmp(settings->table->name, section) == 0 && index-- == 0) return settings;
    return NULL;
}

struct span settings_name(const struct settings *settings) {
    return settings->name;
}

struct span settings_kind(const struct settings *settings) {
    return settings->kind;
}

const char *settings_folder(const struct settings *settings) {
    return settings->folder.at;
}
