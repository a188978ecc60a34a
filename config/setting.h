/* The table of settings: one entry generates the reader's check, the reference config, --help and the man page. */
#ifndef CONFIG_SETTING_H
#define CONFIG_SETTING_H

#include <stdbool.h>
#include <stddef.h>

#include "pipeline/base/failure.h"
#include "pipeline/base/text.h"

enum setting_type {
    SETTING_TEXT,
    SETTING_SECRET, /* key "x" is given as x_file, x_env, x_command or systemd credential x; never in the file itself */
    SETTING_NUMBER, /* whole number */
    SETTING_DECIMAL,
    SETTING_SWITCH,   /* yes/no, on/off, true/false, 1/0 */
    SETTING_SIZE,     /* bytes, with k, M, G */
    SETTING_TIME,     /* milliseconds inside; written 500ms, 30s, 10m, 2h, 1d */
    SETTING_CHOICE,   /* one of `choices`, separated by spaces */
    SETTING_LIST,     /* words separated by spaces or commas; the key may be repeated */
    SETTING_SELECTOR, /* where on a page (config/selector.h) */
    SETTING_PATTERN,  /* one pattern a value (config/pattern.h); the key may be repeated */
    SETTING_MONEY     /* decimal with at most 6 digits behind the point; micro-units inside */
};

struct setting {
    const char *name;
    enum setting_type type;
    const char *default_value; /* as it would be written; NULL: not set */
    const char *choices;       /* for SETTING_CHOICE */
    double min, max;           /* for numbers, sizes, times, money; both 0: no bounds but >= 0 */
    const char *help;          /* one line, for the reference */
};

#define SETTINGS_END                                                                                                   \
    { .name = NULL }

struct pattern;
struct selector;
struct settings; /* the values of one section, checked against its table */

/* Getters: the key must be in the section's table with that type (else the program stops: a mistake of the program). */
struct span setting_text(const struct settings *settings, const char *name); /* "" when not set; NUL-terminated */
/* The secret itself; "" when not set. Lives in locked memory that is excluded from core dumps, and may change with the
 * next call. A secret that comes from a command is fetched when it is first wanted, and again when the time that the
 * setting x_lifetime gives is over (without such a setting: once). Main thread only. */
struct span setting_secret(const struct settings *settings, const char *name);
bool setting_secret_given(const struct settings *settings, const char *name); /* runs no command */
/* False when the file or variable that was named for it has no key; a command is not run for this. */
bool setting_secret_found(const struct settings *settings, const char *name, struct failure *ret_failure);
/* False when that is so, or when a command was to print the secret and did not. */
bool setting_secret_ready(const struct settings *settings, const char *name, struct failure *ret_failure);
long long setting_number(const struct settings *settings, const char *name);
double setting_decimal(const struct settings *settings, const char *name);
bool setting_switch(const struct settings *settings, const char *name);
size_t setting_size(const struct settings *settings, const char *name);
long long setting_time(const struct settings *settings, const char *name);  /* milliseconds */
long long setting_money(const struct settings *settings, const char *name); /* millionths */
size_t setting_list_count(const struct settings *settings, const char *name);
/* Patterns of the highest precedence that has any; they live as long as the configuration. NULL beyond the last. */
const struct pattern *setting_pattern(const struct settings *settings, const char *name, size_t index);
const struct selector *setting_selector(const struct settings *settings, const char *name); /* NULL when not set */
struct span setting_list_item(const struct settings *settings, const char *name, size_t index);
/* The value as the user wrote it, or the default; for messages. */
struct span setting_written(const struct settings *settings, const char *name);
/* Whether the section takes a setting of this name and type: for what several kinds have and others do not. */
bool setting_known(const struct settings *settings, const char *name, enum setting_type type);
bool settings_implied(const struct settings *settings);                /* the whole section: config_imply() added it */
bool setting_given(const struct settings *settings, const char *name); /* set by the user */

#endif
