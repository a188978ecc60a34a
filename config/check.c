/* Keys and values against the tables. */
#include <stdlib.h>
#include <string.h>

#include "config/internal.h"
#include "config/pattern.h"
#include "config/selector.h"

enum { MAX_NAMES = 128 };

static size_t add_names(const struct setting *entries, const char **names, size_t count) {
    for (; entries && entries->name && count < MAX_NAMES; entries++) names[count++] = entries->name;
    return count;
}

/* Settings that once had another name: a configuration that still says so is told the new one. */
static const struct {
    const char *section, *old, *now;
} renamed[] = {{"run", "drain", "grace_period"},
               {"service", "longest_wait", "max_wait"},
               {"group", "days_apart", "half_life_days"}};

static const char *new_name(const struct settings *settings, const char *key) {
    for (size_t i = 0; i < sizeof renamed / sizeof *renamed; i++)
        if (strcmp(settings->table->name, renamed[i].section) == 0 && strcmp(key, renamed[i].old) == 0)
            return renamed[i].now;
    return NULL;
}

static void unknown_key(struct settings *settings, const struct value *value) {
    const char *names[MAX_NAMES], *now = new_name(settings, value->key);
    if (now) {
        config_add_problem(settings->config, value->where, "the setting '%s' is now called '%s'; rename it", value->key,
                           now);
        return;
    }
    size_t count = add_names(settings->table->settings, names, 0);
    count = add_names(settings->kind_settings, names, count);
    const char *nearest = nearest_name(span_of(value->key), names, count);
    bool named = settings->name.length > 0;
    config_add_problem(settings->config, value->where, "unknown key '%s' in [%s%s%.*s%s]%s%s%s", value->key,
                       settings->table->name, named ? " \"" : "", SPAN_ARGS(settings->name), named ? "\"" : "",
                       nearest ? "; did you mean '" : "", nearest ? nearest : "", nearest ? "'?" : "");
}

static bool is_choice(const struct setting *setting, struct span text) {
    struct span rest = span_of(setting->choices), choice;
    while (span_next(&rest, ' ', &choice))
        if (span_equal(choice, text)) return true;
    return false;
}

static const char *expected(enum setting_type type) {
    return type == SETTING_SIZE     ? "a number of bytes, e.g. 500k or 16M"
           : type == SETTING_TIME   ? "a time, e.g. 30s, 2h or 7d"
           : type == SETTING_MONEY  ? "an amount of money, e.g. 2.50"
           : type == SETTING_NUMBER ? "a whole number"
                                    : "a number";
}

static void check_pattern(struct settings *settings, struct value *value) {
    char why[200];
    if (!value->pattern) value->pattern = pattern_new(value->text, why);
    if (!value->pattern)
        config_add_problem(settings->config, value->where, "invalid value '%.*s' for '%s': expected a pattern; %s",
                           SPAN_ARGS(text_clip(value->text, 100)), value->key, why);
}

static void check_selector(struct settings *settings, struct value *value) {
    const char *why;
    if (!value->selector) value->selector = selector_new(value->text, &why);
    if (!value->selector)
        config_add_problem(settings->config, value->where, "invalid value '%.*s' for '%s': expected a selector; %s",
                           SPAN_ARGS(text_clip(value->text, 100)), value->key, why);
}

static void out_of_range(struct settings *settings, const struct setting *entry, const struct value *value) {
    char min[SETTING_NUMBER_ROOM], max[SETTING_NUMBER_ROOM];
    setting_write_number(entry->type, entry->min, min);
    setting_write_number(entry->type, entry->max, max);
    config_add_problem(settings->config, value->where, "'%s' must be between %s and %s, not %.*s", value->key, min, max,
                       SPAN_ARGS(value->text));
}

static void check_number(struct settings *settings, const struct setting *entry, const struct value *value) {
    struct config *config = settings->config;
    double number;
    if (!setting_parse_number(entry, value->text, &number))
        config_add_problem(config, value->where, "invalid value '%.*s' for '%s': expected %s", SPAN_ARGS(value->text),
                           value->key, expected(entry->type));
    else if (entry->max > entry->min && (number < entry->min || number > entry->max))
        out_of_range(settings, entry, value);
}

static void refuse_secret(struct config *config, const struct setting *entry, const struct value *value) {
    if (strcmp(value->key, entry->name) != 0) return;
    config_add_problem(
        config, value->where,
        "secrets must not be stored in the configuration file: write it to a file of its own (chmod 600) and name that "
        "with %s_file, an environment variable with %s_env, or a command that prints it with %s_command",
        entry->name, entry->name, entry->name);
}

static void check_value(struct settings *settings, const struct setting *entry, struct value *value) {
    bool on;
    struct config *config = settings->config;
    switch (entry->type) {
    case SETTING_TEXT:
    case SETTING_LIST:
        return;
    case SETTING_SELECTOR:
        check_selector(settings, value);
        return;
    case SETTING_PATTERN:
        check_pattern(settings, value);
        return;
    case SETTING_SECRET:
        refuse_secret(config, entry, value);
        return;
    case SETTING_SWITCH:
        if (!setting_parse_switch(value->text, &on))
            config_add_problem(config, value->where, "invalid value '%.*s' for '%s': expected yes or no",
                               SPAN_ARGS(value->text), value->key);
        return;
    case SETTING_CHOICE:
        if (!is_choice(entry, value->text))
            config_add_problem(config, value->where, "invalid value '%.*s' for '%s': expected one of: %s",
                               SPAN_ARGS(value->text), value->key, entry->choices);
        return;
    case SETTING_NUMBER:
    case SETTING_DECIMAL:
    case SETTING_SIZE:
    case SETTING_TIME:
    case SETTING_MONEY:
        check_number(settings, entry, value);
        return;
    }
}

/* A list may go on in a second line; anything else that is given twice in one file is a mistake. Values that another
 * file or a flag overrides are of another rank. */
static void check_doubled(struct settings *settings, const struct setting *entry, const struct value *value) {
    if (entry->type == SETTING_LIST || entry->type == SETTING_PATTERN || value->rank >= 1000) return;
    for (const struct value *other = STAILQ_FIRST(&settings->values); other != value; other = STAILQ_NEXT(other, next))
        if (other->rank == value->rank && strcmp(other->key, value->key) == 0) {
            config_add_problem(settings->config, value->where, "the key '%s' is given twice, first at %.*s", value->key,
                               SPAN_ARGS(other->where));
            return;
        }
}

void settings_check(struct settings *settings) {
    struct value *value;
    STAILQ_FOREACH(value, &settings->values, next) {
        const struct setting *entry = settings_entry(settings, span_of(value->key));
        if (!entry) {
            unknown_key(settings, value);
            continue;
        }
        check_doubled(settings, entry, value);
        check_value(settings, entry, value);
    }
}
