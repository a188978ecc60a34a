/* Settings: a table names the settings of a section and binds each one to a member of a plain struct. The same table
 * checks what users write, fills the struct, and generates the reference, the manual page and the pages in docs/.
 *
 *   struct dedupe_settings {
 *       long long containment, days;
 *   };
 *
 *   static const struct setting dedupe_table[] = {
 *       SETTING("containment", SETTING_NUMBER_AT(struct dedupe_settings, containment), .default_value = "45", .min = 5,
 *               .max = 100, .help = "..."),
 *       ...
 *       SETTINGS_END,
 *   };
 *
 *   ... {.entries = dedupe_table, .size = sizeof(struct dedupe_settings)} ...
 *
 * config_finish() fills one struct per section; the struct lives until config_free(). The table does not compile unless
 * each member has the C type that its setting needs. */
#ifndef CONFIG_SETTING_H
#define CONFIG_SETTING_H

#include <stdbool.h>
#include <stddef.h>

#include "pipeline/base/failure.h"
#include "pipeline/base/text.h"

struct pattern;
struct secret;
struct selector;

/* The C type of the member is in parentheses. */
enum setting_type {
    SETTING_TEXT,     /* (struct span) NUL-terminated; "" when not set */
    SETTING_PATH,     /* (struct span) like text, resolved (config/path.h): relative to the folder of the configuration
                         file;     on the command line and in the environment, to the working folder */
    SETTING_SECRET,   /* (struct secret *) given as NAME_file, NAME_env, NAME_command or a systemd credential; never in
                         the configuration file itself. NULL when not given */
    SETTING_NUMBER,   /* (long long) a whole number */
    SETTING_DECIMAL,  /* (double) */
    SETTING_SWITCH,   /* (bool) yes/no, on/off, true/false, 1/0 */
    SETTING_SIZE,     /* (size_t) bytes; written with k, M or G */
    SETTING_TIME,     /* (long long) milliseconds; written 500ms, 30s, 10m, 2h, 1d */
    SETTING_CHOICE,   /* (an enum or int) the index of a word in `choices` */
    SETTING_WORD,     /* (struct span) a word in `choices`, kept as text */
    SETTING_LIST,     /* (struct word_list) separated by spaces or commas; the key may be repeated */
    SETTING_SELECTOR, /* (const struct selector *) selects elements of a page (config/selector.h); NULL when not set */
    SETTING_PATTERN,  /* (struct pattern_list) one pattern per value (config/pattern.h); the key may be repeated */
    SETTING_MONEY     /* (long long) millionths of the currency; written with at most 6 decimal places */
};

struct word_list {
    const struct span *items;
    size_t count;
};

struct pattern_list {
    const struct pattern *const *items;
    size_t count;
};

struct setting {
    const char *name;
    enum setting_type type;
    size_t offset;   /* offset of the member in the struct */
    bool common;     /* for a table of a kind: the member is in the struct that all kinds share */
    size_t given;    /* SETTING_GIVEN_AT(): 1 + offset of the bool that is set if the user gave a value; 0: none */
    size_t lifetime; /* SETTING_LIFETIME_AT(): 1 + offset of the lifetime of a secret; 0: none */
    bool many_lines; /* for a secret: it may have several lines, else only one */
    const char *default_value;      /* as users would write it; NULL: not set */
    const char *choices;            /* words allowed for SETTING_CHOICE and SETTING_WORD, separated by spaces */
    double min, max;                /* limits of a number, in the unit of the member; both 0: any number >= 0 */
    bool (*fits)(struct span text); /* checks texts that must have a certain form; may be NULL */
    const char *expected;           /* the values that `fits` accepts, e.g. "a number from 0 to 2" */
    const char *help;               /* one line, for the reference */
    const char *formerly;           /* old name of a renamed setting, to be reported with the new one; may be NULL */
};

/* One entry of a table: the name of the setting, SETTING_..._AT(), and initializers for other members of struct
 * setting. `help` is required. */
#define SETTING(setting_name, ...)                                                                                     \
    { .name = (setting_name), __VA_ARGS__ }
#define SETTINGS_END                                                                                                   \
    { .name = NULL }

/* Returns the offset of a member; does not compile unless the member has this C type. */
#define SETTING_MEMBER(structure, member, c_type)                                                                      \
    _Generic(((structure *)0)->member, c_type : offsetof(structure, member))

#define SETTING_TEXT_AT(structure, member)                                                                             \
    .type = SETTING_TEXT, .offset = SETTING_MEMBER(structure, member, struct span)
#define SETTING_PATH_AT(structure, member)                                                                             \
    .type = SETTING_PATH, .offset = SETTING_MEMBER(structure, member, struct span)
#define SETTING_SECRET_AT(structure, member)                                                                           \
    .type = SETTING_SECRET, .offset = SETTING_MEMBER(structure, member, struct secret *)
#define SETTING_NUMBER_AT(structure, member)                                                                           \
    .type = SETTING_NUMBER, .offset = SETTING_MEMBER(structure, member, long long)
#define SETTING_DECIMAL_AT(structure, member)                                                                          \
    .type = SETTING_DECIMAL, .offset = SETTING_MEMBER(structure, member, double)
#define SETTING_SWITCH_AT(structure, member) .type = SETTING_SWITCH, .offset = SETTING_MEMBER(structure, member, bool)
#define SETTING_SIZE_AT(structure, member) .type = SETTING_SIZE, .offset = SETTING_MEMBER(structure, member, size_t)
#define SETTING_TIME_AT(structure, member) .type = SETTING_TIME, .offset = SETTING_MEMBER(structure, member, long long)
/* The compiler chooses int or unsigned as the type of an enum, so both are accepted. */
#define SETTING_CHOICE_AT(structure, member)                                                                           \
    .type = SETTING_CHOICE, .offset = _Generic(((structure *)0)->member, int                                           \
                                               : offsetof(structure, member), unsigned                                 \
                                               : offsetof(structure, member))
#define SETTING_WORD_AT(structure, member)                                                                             \
    .type = SETTING_WORD, .offset = SETTING_MEMBER(structure, member, struct span)
#define SETTING_LIST_AT(structure, member)                                                                             \
    .type = SETTING_LIST, .offset = SETTING_MEMBER(structure, member, struct word_list)
#define SETTING_SELECTOR_AT(structure, member)                                                                         \
    .type = SETTING_SELECTOR, .offset = SETTING_MEMBER(structure, member, const struct selector *)
#define SETTING_PATTERN_AT(structure, member)                                                                          \
    .type = SETTING_PATTERN, .offset = SETTING_MEMBER(structure, member, struct pattern_list)
#define SETTING_MONEY_AT(structure, member)                                                                            \
    .type = SETTING_MONEY, .offset = SETTING_MEMBER(structure, member, long long)

/* The bool that is set if the user gives a value. In both macros below, 1 is added to the offset, so that 0 means
 * "none". */
#define SETTING_GIVEN_AT(structure, member) .given = 1 + SETTING_MEMBER(structure, member, bool)
/* The setting that holds the time, in ms, after which a secret's command is run again. */
#define SETTING_LIFETIME_AT(structure, member) .lifetime = 1 + SETTING_MEMBER(structure, member, long long)

/* The settings of a section or kind, and the size of the struct that takes their values. */
struct setting_table {
    const struct setting *entries; /* ended by SETTINGS_END; NULL: no settings */
    size_t size;
};

/* ---------------------------------------------------------------- values */

bool word_list_has(const struct word_list *words, struct span word);

enum { SETTING_NUMBER_ROOM = 40 };
/* Writes a number as users would, in the largest unit that leaves no fraction, e.g. "90s" for a time of 90000 ms.
 * Returns ret_text. */
struct span setting_write_number(enum setting_type type, double number, char ret_text[SETTING_NUMBER_ROOM]);

/* Secrets. The functions below accept NULL, which means that no secret was given. Call them on the main thread only. */

/* Returns the secret itself, or "" if there is none. The text is in locked memory that is excluded from core dumps; the
 * next call may change it. A command is run when its secret is first needed, and again when its output has expired
 * (never if no lifetime is set). */
struct span secret_text(struct secret *secret);
bool secret_given(const struct secret *secret); /* whether the user has configured it; runs no command */
/* Returns false if the configured file or variable holds no secret. Runs no command. */
bool secret_found(const struct secret *secret, struct failure *ret_failure);
bool secret_is_command(const struct secret *secret);
/* Runs the command if necessary. Returns false if it failed, or if the secret was not found. */
bool secret_ready(struct secret *secret, struct failure *ret_failure);

#endif
