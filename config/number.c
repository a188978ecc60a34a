/* Numbers, switches and choices as users write them. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "config/internal.h"

/* A double holds every whole number up to this one. */
static const double MAX_NUMBER = 9e15;

/* Tables of units are in ascending order. */
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
    /* strtod() would also accept signs, "inf", "nan" and hexadecimal numbers. */
    if (strspn(digits, "0123456789.") == 0 || strpbrk(digits, "xX")) return false;
    char *unit;
    double value = strtod(digits, &unit);
    bool whole = setting->type == SETTING_NUMBER;
    if (whole && strspn(digits, "0123456789") != text.length) return false;
    /* Zero needs no unit, since it is the same in all of them. */
    for (const struct unit *known = units_of(setting->type); known->name; known++)
        if (strcmp(unit, known->name) == 0 || (!*unit && value == 0)) {
            *ret_number = value * known->factor;
            return *ret_number <= MAX_NUMBER;
        }
    return false;
}

struct span setting_write_number(enum setting_type type, double number, char ret_text[SETTING_NUMBER_ROOM]) {
    const struct unit *units = units_of(type), *best = units;
    if (type == SETTING_TIME && number == 0) best++; /* zero is written "0s", not "0ms" */
    for (const struct unit *unit = units; unit->name && number > 0; unit++)
        if (fmod(number, unit->factor) == 0) best = unit;
    snprintf(ret_text, SETTING_NUMBER_ROOM, "%.15g%s", number / best->factor, best->name);
    return span_of(ret_text);
}

bool setting_parse_switch(struct span text, bool *ret_on) {
    /* In the list of words, those that mean yes have odd indices. */
    static const char *const words[] = {"no", "yes", "off", "on", "false", "true", "0", "1"};
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (span_is_ascii_fold(text, words[i])) {
            *ret_on = i % 2;
            return true;
        }
    return false;
}

int setting_parse_choice(const struct setting *setting, struct span text) {
    struct span rest = span_of(setting->choices), choice;
    for (int i = 0; span_next(&rest, ' ', &choice); i++)
        if (span_equal(choice, text)) return i;
    return -1;
}
