/* The sections and values that were read, and looking them up. */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "config/internal.h"
#include "config/pattern.h"
#include "config/selector.h"
#include "pipeline/base/sha256.h"

enum { MAX_PROBLEMS = 100 };

struct config *config_new(const struct section_table *tables) {
    struct arena *arena = arena_new();
    struct config *config = arena_take(arena, sizeof *config);
    *config = (struct config){.arena = arena, .tables = tables};
    STAILQ_INIT(&config->sections);
    return config;
}

void config_free(struct config *config) {
    if (!config) return;
    struct settings *settings;
    STAILQ_FOREACH(settings, &config->sections, next) {
        struct value *value;
        settings_wipe_secrets(settings);
        STAILQ_FOREACH(value, &settings->values, next) {
            pattern_free(value->pattern);
            selector_free(value->selector);
        }
    }
    arena_free(config->arena);
}

__attribute__((format(printf, 3, 0))) static void add_problem(struct config *config, struct span where,
                                                              const char *format, va_list arguments) {
    char text[600];
    vsnprintf(text, sizeof text, format, arguments);
    if (config->problem_count == MAX_PROBLEMS) return;
    config->problems = arena_grow(config->arena, config->problems, config->problem_count, &config->problem_capacity,
                                  sizeof *config->problems);
    struct span line = arena_print(config->arena, "%.*s%s%s", SPAN_ARGS(where), where.length ? ": " : "", text);
    config->problems[config->problem_count++] = arena_string(config->arena, line);
}

void config_add_problem(struct config *config, struct span where, const char *format, ...) {
    va_list arguments;
    va_start(arguments, format);
    add_problem(config, where, format, arguments);
    va_end(arguments);
}

/* Where the user wrote it: the value that has the word, any value of that key, or the section. */
static struct span where_written(const struct settings *settings, const char *name, struct span word) {
    struct span where = settings->where;
    const struct value *value;
    STAILQ_FOREACH(value, &settings->values, next) {
        if (strncmp(value->key, name, strlen(name)) != 0) continue;
        where = value->where;
        if (word.length && span_find(value->text, word) != SIZE_MAX) return where;
    }
    return where;
}

void settings_add_problem(const struct settings *settings, const char *name, struct span value, const char *format,
                          ...) {
    va_list arguments;
    va_start(arguments, format);
    add_problem(settings->config, where_written(settings, name, value), format, arguments);
    va_end(arguments);
}

void settings_add_missing_secret(const struct settings *settings, const struct failure *failure) {
    config_add_problem(settings->config, SPAN(""), "%s", failure->sentence);
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
    struct settings *settings;
    STAILQ_FOREACH(settings, &config->sections, next)
        if (settings->table == table && span_equal(settings->name, name)) return settings;
    return NULL;
}

struct settings *config_make(struct config *config, const struct section_table *table, struct span name) {
    struct settings *settings = find_section(config, table, name);
    return settings ? settings : config_make_another(config, table, name);
}

struct settings *config_make_another(struct config *config, const struct section_table *table, struct span name) {
    struct settings *settings = arena_take(config->arena, sizeof *settings);
    *settings = (struct settings){.config = config, .table = table, .name = arena_copy(config->arena, name)};
    STAILQ_INIT(&settings->values);
    settings->folder = SPAN(".");
    settings->header_rank = -1;
    STAILQ_INSERT_TAIL(&config->sections, settings, next);
    return settings;
}

struct value *config_add_value(struct settings *settings, struct span key, struct span text, struct span where,
                               int rank) {
    struct arena *arena = settings->config->arena;
    struct value *value = arena_take(arena, sizeof *value);
    *value =
        (struct value){.key = arena_string(arena, key), .text = arena_copy(arena, text), .where = where, .rank = rank};
    STAILQ_INSERT_TAIL(&settings->values, value, next);
    return value;
}

const struct value *settings_value(const struct settings *settings, const char *key) {
    const struct value *best = NULL;
    const struct value *value;
    STAILQ_FOREACH(value, &settings->values, next)
        if (strcmp(value->key, key) == 0 && (!best || value->rank >= best->rank)) best = value;
    return best;
}

const struct settings *config_section(const struct config *config, const char *section) {
    const struct section_table *table = config_table(config, span_of(section));
    struct settings *settings = table ? find_section(config, table, SPAN("")) : NULL;
    if (!settings) abort(); /* a mistake of the program: the section is in none of its tables */
    return settings;
}

size_t config_section_count(const struct config *config, const char *section) {
    size_t count = 0;
    const struct settings *settings;
    STAILQ_FOREACH(settings, &config->sections, next)
        if (strcmp(settings->table->name, section) == 0) count++;
    return count;
}

const struct settings *config_section_at(const struct config *config, const char *section, size_t index) {
    const struct settings *settings;
    STAILQ_FOREACH(settings, &config->sections, next)
        if (strcmp(settings->table->name, section) == 0 && index-- == 0) return settings;
    return NULL;
}

const struct settings *config_section_named(const struct config *config, const char *section, struct span name) {
    const struct section_table *table = config_table(config, span_of(section));
    return table ? find_section(config, table, name) : NULL;
}

static bool is_of_kind(const struct settings *settings, const char *section, const char *kind) {
    const struct value *value = settings_value(settings, "kind");
    return strcmp(settings->table->name, section) == 0 && span_is(value ? value->text : settings->name, kind);
}

void config_imply(struct config *config, const char *section, const char *kind) {
    const struct section_table *table = config_table(config, span_of(section));
    struct settings *settings;
    STAILQ_FOREACH(settings, &config->sections, next)
        if (is_of_kind(settings, section, kind)) return;
    bool taken = find_section(config, table, span_of(kind)) != NULL;
    settings = config_make(config, table, taken ? SPAN("embedded") : span_of(kind));
    settings->implied = true;
    config_add_value(settings, SPAN("kind"), span_of(kind), SPAN("implied"), 0);
}

bool settings_implied(const struct settings *settings) {
    return settings->implied;
}

struct span settings_name(const struct settings *settings) {
    return settings->name;
}

struct span settings_kind(const struct settings *settings) {
    return settings->kind;
}

bool settings_kind_known(const struct settings *settings) {
    return !settings->table->settings_of_kind || settings->kind_settings;
}

void settings_fingerprint(const struct settings *settings, char ret_hex[33]) {
    char hex[65];
    const struct value *value;
    struct buffer all = BUFFER(64u << 20);
    if (settings)
        STAILQ_FOREACH(value, &settings->values, next)
            buffer_print(&all, "%s=%.*s\n", value->key, SPAN_ARGS(value->text));
    sha256_hex(buffer_span(&all), hex);
    memcpy(ret_hex, hex, 32);
    ret_hex[32] = '\0';
    buffer_free(&all);
}

const char *settings_folder(const struct settings *settings) {
    return settings->folder.at;
}

static const struct setting *find_entry(const struct setting *entries, struct span key) {
    for (; entries && entries->name; entries++)
        if (span_is(key, entries->name) || (entries->type == SETTING_SECRET && setting_secret_key(entries, key)))
            return entries;
    return NULL;
}

const struct setting *settings_entry(const struct settings *settings, struct span key) {
    const struct setting *entry = find_entry(settings->table->settings, key);
    return entry ? entry : find_entry(settings->kind_settings, key);
}

bool setting_secret_key(const struct setting *setting, struct span key) {
    size_t length = strlen(setting->name);
    if (!span_starts(key, span_of(setting->name))) return false;
    struct span ending = span_cut(key, length, key.length);
    return span_is(ending, "_file") || span_is(ending, "_env") || span_is(ending, "_command");
}
