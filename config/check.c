/* Checks the keys and values of a section against its tables of settings. */
#include <stdio.h>
#include <string.h>

#include "config/internal.h"
#include "config/nearest.h"
#include "config/pattern.h"
#include "config/selector.h"
#include "pipeline/base/logins.h"

enum { MAX_NAMES = 128 };

static size_t add_names(const struct setting *entries, const char **names, size_t count) {
    for (; entries && entries->name && count < MAX_NAMES; entries++) names[count++] = entries->name;
    return count;
}

/* Returns the new name of a setting that was renamed, or NULL. Configurations may still contain the old name. */
static const char *new_name(const struct setting *entries, const char *key) {
    for (; entries && entries->name; entries++)
        if (entries->formerly && strcmp(key, entries->formerly) == 0) return entries->name;
    return NULL;
}

static void unknown_key(struct section *section, const struct value *value) {
    const char *names[MAX_NAMES], *now = new_name(section->table->settings.entries, value->key);
    if (!now) now = new_name(section->own_kind.settings.entries, value->key);
    if (now) {
        config_add_problem(section->config, value->where, "the setting '%s' is now called '%s'; rename it", value->key,
                           now);
        return;
    }
    size_t count = add_names(section->table->settings.entries, names, 0);
    count = add_names(section->own_kind.settings.entries, names, count);
    const char *nearest = nearest_name(span_of(value->key), names, count);
    bool named = section->name.length > 0;
    config_add_problem(section->config, value->where, "unknown key '%.*s' in [%s%s%.*s%s]%s%s%s",
                       SPAN_ARGS(text_clip(span_of(value->key), 100)), section->table->name, named ? " \"" : "",
                       SPAN_ARGS(text_clip(section->name, 100)), named ? "\"" : "", nearest ? "; did you mean '" : "",
                       nearest ? nearest : "", nearest ? "'?" : "");
}

/* Users often forget the quotes around a section's name: [source costa]. */
static bool told_unquoted(struct config *config, struct span where, struct span name) {
    size_t space = span_find(name, SPAN(" "));
    const struct section_table *table = space == SIZE_MAX ? NULL : config_table(config, span_cut(name, 0, space));
    if (!table || !table->named) return false;
    struct span rest = text_clip(span_trim(span_cut(name, space, name.length)), 100);
    config_add_problem(config, where, "the name of a section must be in quotes: [%s \"%.*s\"]", table->name,
                       SPAN_ARGS(rest));
    return true;
}

void config_add_unknown_section(struct config *config, struct span where, struct span name) {
    const char *names[MAX_NAMES];
    size_t count = 0;
    if (told_unquoted(config, where, name)) return;
    for (const struct section_table *one = config->tables; one->name && count < MAX_NAMES; one++)
        names[count++] = one->name;
    const char *nearest = nearest_name(name, names, count);
    config_add_problem(config, where, "unknown section [%.*s]%s%s%s", SPAN_ARGS(text_clip(name, 100)),
                       nearest ? "; did you mean [" : "", nearest ? nearest : "", nearest ? "]?" : "");
}

static const char *expected_of(enum setting_type type) {
    return type == SETTING_SIZE     ? "a number of bytes, e.g. 500k or 16M"
           : type == SETTING_TIME   ? "a time, e.g. 30s, 2h or 7d"
           : type == SETTING_MONEY  ? "an amount of money, e.g. 2.50"
           : type == SETTING_NUMBER ? "a whole number"
                                    : "a number";
}

/* Prints the limits in the unit that users write ("30s"), not in the unit of the struct (30000). */
static void out_of_range(struct section *section, const struct setting *entry, const struct value *value) {
    char min[SETTING_NUMBER_ROOM], max[SETTING_NUMBER_ROOM];
    setting_write_number(entry->type, entry->min, min);
    setting_write_number(entry->type, entry->max, max);
    config_add_problem(section->config, value->where, "'%s' must be between %s and %s, not %.*s", value->key, min, max,
                       SPAN_ARGS(value->text));
}

/* Returns the value as messages quote it: without the password of an address, and not longer than a line. */
static struct span quotable(const struct section *section, const struct value *value) {
    char *text = arena_string(section->config->arena, value->text);
    logins_hide_in_value(text, value->text.length);
    return text_clip((struct span){text, value->text.length}, 100);
}

static void invalid(struct section *section, const struct value *value, const char *expected) {
    config_add_problem(section->config, value->where, "invalid value '%.*s' for '%s': expected %s",
                       SPAN_ARGS(quotable(section, value)), value->key, expected);
}

/* The compiled pattern is kept with the value, so that it is compiled only once and section_fill() can use it. */
static void check_pattern(struct section *section, struct value *value) {
    char why[200];
    if (!value->pattern) value->pattern = pattern_new(value->text, why);
    if (value->pattern) return;
    config_add_problem(section->config, value->where, "invalid pattern '%.*s' for '%s': %s",
                       SPAN_ARGS(quotable(section, value)), value->key, why);
}

static void check_selector(struct section *section, struct value *value) {
    const char *why;
    if (!value->selector) value->selector = selector_new(value->text, &why);
    if (value->selector) return;
    config_add_problem(section->config, value->where, "invalid selector '%.*s' for '%s': %s",
                       SPAN_ARGS(quotable(section, value)), value->key, why);
}

static void check_number(struct section *section, const struct setting *entry, const struct value *value) {
    double number;
    if (!setting_parse_number(entry, value->text, &number))
        invalid(section, value, expected_of(entry->type));
    else if (entry->max > entry->min && (number < entry->min || number > entry->max))
        out_of_range(section, entry, value);
}

static void check_choice(struct section *section, const struct setting *entry, const struct value *value) {
    char expected[300];
    snprintf(expected, sizeof expected, "one of: %s", entry->choices);
    if (setting_parse_choice(entry, value->text) < 0) invalid(section, value, expected);
}

/* Configuration files are copied, committed and sent to others, and the secrets in them with them. So the key NAME is
 * rejected; NAME_file, NAME_env and NAME_command, which use the same table entry, are accepted unless they are
 * empty. */
static void check_secret(struct config *config, const struct setting *entry, const struct value *value) {
    if (strcmp(value->key, entry->name) != 0 && value->text.length) return;
    if (strcmp(value->key, entry->name) != 0) {
        config_add_problem(config, value->where, "'%s' is empty; give a value or remove the line", value->key);
        return;
    }
    config_add_problem(
        config, value->where,
        "secrets must not be stored in the configuration file; instead, set %s_file to a file that only you can read "
        "(chmod 600), %s_env to an environment variable, or %s_command to a command that prints the secret",
        entry->name, entry->name, entry->name);
}

/* The words of a list are not checked here: the code that uses the list knows which ones are valid. */
static void check_value(struct section *section, const struct setting *entry, struct value *value) {
    bool on;
    switch (entry->type) {
    case SETTING_TEXT:
    case SETTING_PATH:
        if (entry->fits && !entry->fits(value->text)) invalid(section, value, entry->expected);
        return;
    case SETTING_LIST:
        return;
    case SETTING_SELECTOR:
        check_selector(section, value);
        return;
    case SETTING_PATTERN:
        check_pattern(section, value);
        return;
    case SETTING_SECRET:
        check_secret(section->config, entry, value);
        return;
    case SETTING_SWITCH:
        if (!setting_parse_switch(value->text, &on)) invalid(section, value, "yes or no");
        return;
    case SETTING_CHOICE:
    case SETTING_WORD:
        check_choice(section, entry, value);
        return;
    case SETTING_NUMBER:
    case SETTING_DECIMAL:
    case SETTING_SIZE:
    case SETTING_TIME:
    case SETTING_MONEY:
        check_number(section, entry, value);
        return;
    }
}

/* A key that takes a list or patterns may be repeated to add items. Any other key that appears twice in one file is a
 * mistake. It is not a mistake to repeat --set, or to override a value from another file. */
static void check_doubled(struct section *section, const struct setting *entry, const struct value *value) {
    if (entry->type == SETTING_LIST || entry->type == SETTING_PATTERN || value->rank >= RANK_WITHOUT_FILE) return;
    for (const struct value *other = STAILQ_FIRST(&section->given); other != value; other = STAILQ_NEXT(other, next))
        if (other->rank == value->rank && strcmp(other->key, value->key) == 0) {
            config_add_problem(section->config, value->where, "'%s' is set twice, first at %.*s", value->key,
                               SPAN_ARGS(other->where));
            return;
        }
}

/* Reports a secret that is given in two ways in one file, because it is unclear which of them the user meant. */
static void check_two_ways(struct section *section, const struct setting *entry, const struct value *value) {
    if (entry->type != SETTING_SECRET || value->rank >= RANK_WITHOUT_FILE) return;
    for (const struct value *other = STAILQ_FIRST(&section->given); other != value; other = STAILQ_NEXT(other, next))
        if (other->rank == value->rank && strcmp(other->key, value->key) != 0 &&
            section_entry(section, span_of(other->key)) == entry) {
            config_add_problem(section->config, value->where, "both '%s' and '%s' are given; remove one of them",
                               other->key, value->key);
            return;
        }
}

void section_check(struct section *section) {
    struct value *value;
    STAILQ_FOREACH(value, &section->given, next) {
        const struct setting *entry = section_entry(section, span_of(value->key));
        if (!entry) {
            unknown_key(section, value);
            continue;
        }
        check_doubled(section, entry, value);
        check_two_ways(section, entry, value);
        check_value(section, entry, value);
    }
}
