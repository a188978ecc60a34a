/* Stores the sections and values that have been read, and looks them up. */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "config/internal.h"
#include "config/pattern.h"
#include "config/selector.h"
#include "pipeline/base/logins.h"
#include "pipeline/base/sha256.h"

/* Problems beyond MAX_PROBLEMS are not listed, because nobody would read them, and the file is probably not a
 * configuration at all. */
enum { MAX_PROBLEMS = 100 };

struct config *config_new(const struct section_table *tables) {
    struct arena *arena = arena_new();
    struct config *config = arena_take(arena, sizeof *config);
    *config = (struct config){.arena = arena, .tables = tables};
    STAILQ_INIT(&config->sections);
    size_t count = 0;
    while (tables[count].name) count++;
    config->lists = arena_take(arena, (count + 1) * sizeof *config->lists);
    for (size_t i = 0; i < count; i++) config->lists[i] = (struct section_list){.by_name = HASH_TABLE(arena)};
    return config;
}

void config_free(struct config *config) {
    if (!config) return;
    struct section *section;
    STAILQ_FOREACH(section, &config->sections, next) {
        struct value *value;
        section_wipe_secrets(section);
        STAILQ_FOREACH(value, &section->given, next) {
            pattern_free(value->pattern);
            selector_free(value->selector);
        }
    }
    arena_free(config->arena);
}

bool config_runs_commands(const struct config *config) {
    const struct section *section;
    const struct secret *secret;
    STAILQ_FOREACH(section, &config->sections, next)
        STAILQ_FOREACH(secret, &section->secrets, next)
            if (secret->command) return true;
    return false;
}

static void add_line(struct config *config, struct span where, struct span text) {
    config->problems = arena_grow(config->arena, config->problems, config->problem_count, &config->problem_capacity,
                                  sizeof *config->problems);
    struct span line =
        arena_print(config->arena, "%.*s%s%.*s", SPAN_ARGS(where), where.length ? ": " : "", SPAN_ARGS(text));
    char *copy = arena_string(config->arena, line);
    logins_hide(copy, line.length);
    config->problems[config->problem_count++] = copy;
}

__attribute__((format(printf, 3, 0))) static void add_problem(struct config *config, struct span where,
                                                              const char *format, va_list arguments) {
    char text[600];
    if (config->problem_count > MAX_PROBLEMS) return;
    if (config->problem_count == MAX_PROBLEMS) {
        add_line(config, SPAN(""), SPAN("further problems are not listed; correct these first"));
        return;
    }
    size_t length = (size_t)vsnprintf(text, sizeof text, format, arguments);
    struct span whole = {text, length < sizeof text ? length : sizeof text - 1};
    /* Truncation must not leave part of a UTF-8 character. */
    add_line(config, where, length < sizeof text ? whole : text_clip(whole, sizeof text - 4));
}

void config_add_problem(struct config *config, struct span where, const char *format, ...) {
    va_list arguments;
    va_start(arguments, format);
    add_problem(config, where, format, arguments);
    va_end(arguments);
}

/* Returns whether the key is NAME_file, NAME_env or NAME_command for the secret NAME. */
static bool is_secret_key(const char *name, struct span key) {
    if (!span_starts(key, span_of(name))) return false;
    struct span ending = span_cut(key, strlen(name), key.length);
    return span_is(ending, "_file") || span_is(ending, "_env") || span_is(ending, "_command");
}

struct span section_where(const struct section *section, const char *name, struct span word) {
    struct span where = section->where;
    const struct value *value;
    if (!name) return where;
    STAILQ_FOREACH(value, &section->given, next) {
        if (strcmp(value->key, name) != 0 && !is_secret_key(name, span_of(value->key))) continue;
        where = value->where;
        if (word.length && span_find(value->text, word) != SIZE_MAX) return where;
    }
    return where;
}

void section_add_problem(const struct section *section, const char *name, struct span value, const char *format, ...) {
    va_list arguments;
    /* Finding the file and line is expensive, so it is skipped for a problem that would not be listed. */
    if (section->config->problem_count > MAX_PROBLEMS) return;
    va_start(arguments, format);
    add_problem(section->config, section_where(section, name, value), format, arguments);
    va_end(arguments);
}

/* The message about a missing secret already begins with the file and line. */
void section_add_missing_secrets(const struct section *section) {
    const struct secret *secret;
    STAILQ_FOREACH(secret, &section->secrets, next)
        if (secret->missing) config_add_problem(section->config, SPAN(""), "%s", secret->failure.sentence);
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

const struct section_table *config_table_of(const struct config *config, const struct setting *entries) {
    for (const struct section_table *table = config->tables; table->name; table++)
        if (table->settings.entries == entries) return table;
    return NULL;
}

static struct section_list *list_of(const struct config *config, const struct section_table *table) {
    return &config->lists[table - config->tables];
}

static struct section *find_section(const struct config *config, const struct section_table *table, struct span name) {
    return hash_table_find(&list_of(config, table)->by_name, name);
}

static void list_section(struct config *config, struct section *section) {
    struct section_list *list = list_of(config, section->table);
    list->items = arena_grow(config->arena, list->items, list->count, &list->capacity, sizeof *list->items);
    list->items[list->count++] = section;
    if (!hash_table_find(&list->by_name, section->name)) hash_table_set(&list->by_name, section->name, section);
}

struct section *config_make(struct config *config, const struct section_table *table, struct span name) {
    struct section *section = find_section(config, table, name);
    return section ? section : config_make_another(config, table, name);
}

struct section *config_make_another(struct config *config, const struct section_table *table, struct span name) {
    struct section *section = arena_take(config->arena, sizeof *section);
    *section = (struct section){.config = config, .table = table, .name = arena_copy(config->arena, name)};
    STAILQ_INIT(&section->given);
    STAILQ_INIT(&section->secrets);
    section->folder = SPAN(".");
    section->header_rank = -1;
    STAILQ_INSERT_TAIL(&config->sections, section, next);
    list_section(config, section);
    return section;
}

struct value *config_add_value(struct section *section, struct span key, struct span text, struct span where,
                               int rank) {
    struct arena *arena = section->config->arena;
    struct value *value = arena_take(arena, sizeof *value);
    *value =
        (struct value){.key = arena_string(arena, key), .text = arena_copy(arena, text), .where = where, .rank = rank};
    STAILQ_INSERT_TAIL(&section->given, value, next);
    if (!section->where.length) section->where = where; /* a section that only --set or the environment defines */
    return value;
}

/* Among values of equal rank the last one wins. */
const struct value *section_value(const struct section *section, const char *key) {
    const struct value *best = NULL;
    const struct value *value;
    STAILQ_FOREACH(value, &section->given, next)
        if (strcmp(value->key, key) == 0 && (!best || value->rank >= best->rank)) best = value;
    return best;
}

const struct section *config_section(const struct config *config, const struct setting *table) {
    return config_section_at(config, table, 0);
}

const void *config_values(const struct config *config, const struct setting *table) {
    const struct section *section = config_section(config, table);
    return section ? section->values : NULL;
}

size_t config_section_count(const struct config *config, const struct setting *table) {
    const struct section_table *found = config_table_of(config, table);
    return found ? list_of(config, found)->count : 0;
}

const struct section *config_section_at(const struct config *config, const struct setting *table, size_t index) {
    const struct section_table *found = config_table_of(config, table);
    const struct section_list *list = found ? list_of(config, found) : NULL;
    return list && index < list->count ? list->items[index] : NULL;
}

const struct section *config_section_named(const struct config *config, const struct setting *table, struct span name) {
    const struct section_table *found = config_table_of(config, table);
    return found ? find_section(config, found, name) : NULL;
}

/* This is called before config_finish(), so the section's kind is not known yet and is derived from what the user
 * wrote. */
static bool is_of_kind(const struct section *section, const struct section_table *table, const char *kind) {
    const struct value *value = section_value(section, "kind");
    return section->table == table && span_is(value ? value->text : section->name, kind);
}

void config_imply(struct config *config, const struct setting *entries, const char *kind) {
    const struct section_table *table = config_table_of(config, entries);
    struct section *section;
    if (!table) return;
    STAILQ_FOREACH(section, &config->sections, next)
        if (is_of_kind(section, table, kind)) return;
    bool taken = find_section(config, table, span_of(kind)) != NULL;
    section = config_make(config, table, taken ? SPAN("embedded") : span_of(kind));
    section->implied = true;
    config_add_value(section, SPAN("kind"), span_of(kind), SPAN("implied"), 0);
}

const void *section_values(const struct section *section) {
    return section->values;
}

const void *section_kind_values(const struct section *section) {
    return section->kind_values;
}

bool section_kind_has(const struct section *section, size_t common_offset) {
    for (const struct setting *entry = section->own_kind.settings.entries; entry && entry->name; entry++)
        if (entry->common && entry->offset == common_offset) return true;
    return false;
}

bool section_implied(const struct section *section) {
    return section->implied;
}

struct span section_name(const struct section *section) {
    return section->name;
}

struct span section_kind(const struct section *section) {
    return section->kind;
}

bool section_kind_known(const struct section *section) {
    return !section->table->kind_at || section->own_kind.name;
}

/* Secrets are represented only by the places they come from, so the hash reveals nothing about the secrets. */
void section_fingerprint(const struct section *section, char ret_hex[33]) {
    char hex[65];
    const struct value *value;
    struct buffer all = BUFFER(64u << 20);
    if (section)
        STAILQ_FOREACH(value, &section->given, next)
            buffer_print(&all, "%s=%.*s\n", value->key, SPAN_ARGS(value->text));
    sha256_hex(buffer_span(&all), hex);
    memcpy(ret_hex, hex, 32);
    ret_hex[32] = '\0';
    buffer_free(&all);
}

const char *section_folder(const struct section *section) {
    return section->folder.at;
}

/* Also finds the name of a secret without an ending, so that this key can be rejected with an explanation. */
static const struct setting *find_entry(const struct setting *entries, struct span key) {
    for (; entries && entries->name; entries++)
        if (span_is(key, entries->name) || (entries->type == SETTING_SECRET && is_secret_key(entries->name, key)))
            return entries;
    return NULL;
}

const struct setting *section_entry(const struct section *section, struct span key) {
    const struct setting *entry = find_entry(section->table->settings.entries, key);
    return entry ? entry : find_entry(section->own_kind.settings.entries, key);
}
