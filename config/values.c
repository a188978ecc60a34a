/* What a value means: the typed getters. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "config/internal.h"

struct unit {
    const char *name;
    double factor;
};

static const struct unit size_units[] = {
    {"", 1}, {"k", 1024}, {"M", 1024 * 1024}, {"G", 1024.0 * 1024 * 1024}, {NULL, 0}};
static const struct unit time_units[] = {{"ms", 1},      {"s", 1000},       {"m", 60000},
                                         {"h", 3600000}, {"d", 86400000.0}, {NULL, 0}};
static const struct unit no_units[] = {{"", 1}, {NULL, 0}};
static const struct unit money_units[] = {{"", 1e6}, {NULL, 0}};

static const struct unit *units_of(enum setting_type type) {
    return type == SETTING_SIZE    ? size_units
           : type == SETTING_TIME  ? time_units
           : type == SETTING_MONEY ? money_units
                                   : no_units;
}

bool setting_parse_number(const struct setting *setting, struct span text, double *ret_number) {
    char digits[64];
    if (text.length == 0 || text.length >= sizeof digits) return false;
    memcpy(digits, text.at, text.length);
    digits[text.length] = '\0';
    if (strspn(digits, "0123456789.") == 0) return false;
    char *unit;
    double value = strtod(digits, &unit);
    bool whole = setting->type == SETTING_NUMBER;
    if (whole && strspn(digits, "0123456789") != text.length) return false;
    for (const struct unit *known = units_of(setting->type); known->name; known++)
        if (strcmp(unit, known->name) == 0 || (strcmp(unit, "0") == 0 && value == 0)) {
            *ret_number = value * known->factor;
            return true;
        }
    return false;
}

bool setting_parse_switch(struct span text, bool *ret_on) {
    static const char *const words[] = {"no", "yes", "off", "on", "false", "true", "0", "1"};
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (span_is_ascii_fold(text, words[i])) {
            *ret_on = i % 2;
            return true;
        }
    return false;
}

static const struct setting *entry_of(const struct settings *settings, const char *name, enum setting_type type) {
    const struct setting *entry = settings_entry(settings, span_of(name));
    if (!entry || entry->type != type) abort(); /* a mistake of the program: no such setting of that type */
    return entry;
}

static struct span text_of(const struct settings *settings, const char *name, enum setting_type type) {
    const struct setting *entry = entry_of(settings, name, type);
    const struct value *value = settings_value(settings, name);
    return value ? value->text : span_of(entry->default_value ? entry->default_value : "");
}

static double number_of(const struct settings *settings, const char *name, enum setting_type type) {
    const struct setting *entry = entry_of(settings, name, type);
    double number = 0;
    setting_parse_number(entry, text_of(settings, name, type), &number);
    return number;
}

struct span setting_text(const struct settings *settings, const char *name) {
    const struct setting *entry = settings_entry(settings, span_of(name));
    return text_of(settings, name, entry && entry->type == SETTING_CHOICE ? SETTING_CHOICE : SETTING_TEXT);
}

long long setting_number(const struct settings *settings, const char *name) {
    return (long long)number_of(settings, name, SETTING_NUMBER);
}

double setting_decimal(const struct settings *settings, const char *name) {
    return number_of(settings, name, SETTING_DECIMAL);
}

bool setting_switch(const struct settings *settings, const char *name) {
    bool on = false;
    setting_parse_switch(text_of(settings, name, SETTING_SWITCH), &on);
    return on;
}

size_t setting_size(const struct settings *settings, const char *name) {
    return (size_t)number_of(settings, name, SETTING_SIZE);
}

long long setting_time(const struct settings *settings, const char *name) {
    return (long long)number_of(settings, name, SETTING_TIME);
}

long long setting_money(const struct settings *settings, const char *name) {
    return (long long)(number_of(settings, name, SETTING_MONEY) + 0.5);
}

struct span setting_written(const struct settings *settings, const char *name) {
    const struct value *value = settings_value(settings, name);
    const struct setting *entry = settings_entry(settings, span_of(name));
    return value ? value->text : span_of(entry && entry->default_value ? entry->default_value : "");
}

bool setting_known(const struct settings *settings, const char *name, enum setting_type type) {
    const struct setting *entry = settings_entry(settings, span_of(name));
    return entry && entry->type == type;
}

bool setting_given(const struct settings *settings, const char *name) {
    return settings_value(settings, name) != NULL;
}

/* Words of one value; the next word from *position on. */
static bool next_word(struct span text, size_t *position, struct span *ret_word) {
    static const char separators[] = " ,\t\n";
    while (*position < text.length && strchr(separators, text.at[*position])) ++*position;
    size_t start = *position;
    while (*position < text.length && !strchr(separators, text.at[*position])) ++*position;
    *ret_word = span_cut(text, start, *position);
    return *position > start;
}

/* A list is all values of the highest rank that has any. */
static size_t walk_list(const struct settings *settings, const char *name, size_t index, struct span *ret_word) {
    const struct setting *entry = entry_of(settings, name, SETTING_LIST);
    const struct value *best = settings_value(settings, name);
    struct value default_value = {.key = name, .text = span_of(entry->default_value ? entry->default_value : "")};
    size_t count = 0;
    for (const struct value *value = best ? STAILQ_FIRST(&settings->values) : &default_value; value;
         value = STAILQ_NEXT(value, next)) {
        if (strcmp(value->key, name) != 0 || (best && value->rank != best->rank)) continue;
        struct span word;
        if (value->whole) {
            if (count++ == index) *ret_word = value->text;
            continue;
        }
        for (size_t position = 0; next_word(value->text, &position, &word); count++)
            if (count == index) *ret_word = word;
    }
    return count;
}

const struct pattern *setting_pattern(const struct settings *settings, const char *name, size_t index) {
    const struct value *value, *best = settings_value(settings, entry_of(settings, name, SETTING_PATTERN)->name);
    if (!best) return NULL;
    STAILQ_FOREACH(value, &settings->values, next)
        if (strcmp(value->key, name) == 0 && value->rank == best->rank && value->pattern && index-- == 0)
            return value->pattern;
    return NULL;
}

const struct selector *setting_selector(const struct settings *settings, const char *name) {
    const struct value *value = settings_value(settings, entry_of(settings, name, SETTING_SELECTOR)->name);
    return value ? value->selector : NULL;
}

size_t setting_list_count(const struct settings *settings, const char *name) {
    struct span ignored;
    return walk_list(settings, name, SIZE_MAX, &ignored);
}

struct span setting_list_item(const struct settings *settings, const char *name, size_t index) {
    struct span word = {NULL, 0};
    walk_list(settings, name, index, &word);
    return word;
}
