/* All tables of settings: their bindings and their descriptions. */
#include "unit/cmocka_test.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "program/settings.h"

enum { ROOM = 1024 };

/* The bytes of a struct that are bound to a setting. */
struct map {
    const char *whose[ROOM];
    size_t size;
};

static size_t size_of(enum setting_type type) {
    static const size_t sizes[] = {[SETTING_TEXT] = sizeof(struct span),
                                   [SETTING_PATH] = sizeof(struct span),
                                   [SETTING_SECRET] = sizeof(struct secret *),
                                   [SETTING_NUMBER] = sizeof(long long),
                                   [SETTING_DECIMAL] = sizeof(double),
                                   [SETTING_SWITCH] = sizeof(bool),
                                   [SETTING_SIZE] = sizeof(size_t),
                                   [SETTING_TIME] = sizeof(long long),
                                   [SETTING_CHOICE] = sizeof(int),
                                   [SETTING_WORD] = sizeof(struct span),
                                   [SETTING_LIST] = sizeof(struct word_list),
                                   [SETTING_SELECTOR] = sizeof(const struct selector *),
                                   [SETTING_PATTERN] = sizeof(struct pattern_list),
                                   [SETTING_MONEY] = sizeof(long long)};
    return sizes[type];
}

static void take(struct map *map, size_t offset, size_t size, const char *name) {
    if (offset + size > map->size) fail_msg("'%s' lies beyond its struct of %zu bytes", name, map->size);
    for (size_t i = offset; i < offset + size; i++) {
        if (map->whose[i]) fail_msg("'%s' lies over '%s'", name, map->whose[i]);
        map->whose[i] = name;
    }
}

static void take_entries(const struct setting *entries, struct map *common, struct map *own) {
    for (const struct setting *entry = entries; entry && entry->name; entry++) {
        struct map *map = entry->common ? common : own;
        take(map, entry->offset, size_of(entry->type), entry->name);
        if (entry->given) take(map, entry->given - 1, sizeof(bool), entry->name);
    }
}

static struct map map_of(size_t size) {
    assert_true(size <= ROOM);
    return (struct map){.size = size};
}

static void each_member_belongs_to_one_setting(void **state) {
    (void)state;
    for (const struct section_table *table = program_section_tables(); table->name; table++) {
        struct map common = map_of(table->settings.size);
        take_entries(table->settings.entries, &common, &common);
        for (size_t i = 0; table->kind_at && table->kind_at(i).name; i++) {
            struct map with_kind = common, own = map_of(table->kind_at(i).settings.size);
            take_entries(table->kind_at(i).settings.entries, &with_kind, &own);
        }
    }
}

/* Calls `see` for the table of each section and of each kind. */
static void each_table(void (*see)(const char *where, const char *kind, const struct setting *entries)) {
    char where[100];
    for (const struct section_table *table = program_section_tables(); table->name; table++) {
        snprintf(where, sizeof where, "%s%s", table->name, table->named ? ".x" : "");
        see(where, table->kind_at ? table->kind_at(0).name : NULL, table->settings.entries);
        for (size_t i = 0; table->kind_at && table->kind_at(i).name; i++)
            see(where, table->kind_at(i).name, table->kind_at(i).settings.entries);
    }
}

static void see_words(const char *where, const char *kind, const struct setting *entries) {
    for (const struct setting *entry = entries; entry && entry->name; entry++) {
        bool choice = entry->type == SETTING_CHOICE || entry->type == SETTING_WORD;
        if (!entry->help || !entry->help[0] || strchr(entry->help, '\n') || entry->help[strlen(entry->help) - 1] == '.')
            fail_msg("%s %s %s: a help is one line without a full stop", where, kind ? kind : "", entry->name);
        if (choice != (entry->choices != NULL)) fail_msg("%s %s: choices", where, entry->name);
        if (!entry->fits != !entry->expected) fail_msg("%s %s: what fits is told, too", where, entry->name);
        if (entry->lifetime && entry->type != SETTING_SECRET) fail_msg("%s %s: lifetime", where, entry->name);
    }
}

static void settings_are_described(void **state) {
    (void)state;
    each_table(see_words);
}

/* The default shown in the reference must be a valid value. */
static void see_defaults(const char *where, const char *kind, const struct setting *entries) {
    for (const struct setting *entry = entries; entry && entry->name; entry++) {
        char line[400];
        struct config *config = config_new(program_section_tables());
        snprintf(line, sizeof line, "%s.kind=%s", where, kind ? kind : "");
        if (kind && strcmp(entry->name, "kind") != 0) config_set(config, line);
        snprintf(line, sizeof line, "%s.%s=%s", where, entry->name, entry->default_value);
        if (entry->default_value) config_set(config, line);
        config_finish(config);
        if (entry->default_value && config_problem_count(config)) fail_msg("%s", config_problem(config, 0));
        config_free(config);
    }
}

static void defaults_are_valid(void **state) {
    (void)state;
    each_table(see_defaults);
}

/* A value out of range must be rejected with a message that has the limits. */
static void see_bounds(const char *where, const char *kind, const struct setting *entries) {
    for (const struct setting *entry = entries; entry && entry->name; entry++) {
        char line[400], max[SETTING_NUMBER_ROOM], beyond[SETTING_NUMBER_ROOM];
        if (entry->max <= entry->min) continue;
        struct config *config = config_new(program_section_tables());
        snprintf(line, sizeof line, "%s.kind=%s", where, kind ? kind : "");
        if (kind) config_set(config, line);
        setting_write_number(entry->type, entry->max, max);
        snprintf(line, sizeof line, "%s.%s=%.*s", where, entry->name,
                 SPAN_ARGS(setting_write_number(entry->type, entry->max * 2, beyond)));
        config_set(config, line);
        config_finish(config);
        assert_int_equal(config_problem_count(config), 1);
        snprintf(line, sizeof line, " and %s, not %s", max, beyond);
        if (!strstr(config_problem(config, 0), line)) fail_msg("'%s': '%s'", config_problem(config, 0), line);
        config_free(config);
    }
}

static void bounds_are_enforced(void **state) {
    (void)state;
    each_table(see_bounds);
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(each_member_belongs_to_one_setting),
                                       cmocka_unit_test(settings_are_described), cmocka_unit_test(defaults_are_valid),
                                       cmocka_unit_test(bounds_are_enforced)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
