/* Shared by the files of config/ only. */
#ifndef CONFIG_INTERNAL_H
#define CONFIG_INTERNAL_H

#include <stdint.h>

#include "config/reader.h"
#include <sys/queue.h>

#include "pipeline/base/arena.h"
#include "pipeline/base/hash_table.h"

/* Where a value comes from; the highest rank wins. The rank of a value in a file is the number of files read before
 * that file. The environment and --set have a rank of RANK_WITHOUT_FILE plus their constant below. */
enum { RANK_WITHOUT_FILE = 1000 };
enum rank { RANK_SYSTEM, RANK_USER, RANK_ENVIRONMENT, RANK_FLAG };

struct value {
    const char *key;   /* as written: "url", "key_file" */
    struct span text;  /* NUL-terminated */
    struct span where; /* e.g. "dragoman.conf:12", "--set", "environment" */
    int rank;
    bool whole;                /* a single item of a list, not to be split at spaces and commas */
    struct pattern *pattern;   /* for a valid SETTING_PATTERN, else NULL */
    struct selector *selector; /* for a valid SETTING_SELECTOR, else NULL */
    STAILQ_ENTRY(value) next;  /* the next value in the section, in the order given */
};

struct secret {
    const struct section *section;
    const char *name;
    bool many_lines; /* see struct setting */
    struct span text;
    const char *command;    /* the command that prints the secret, or NULL */
    long long lifetime_ms;  /* how long the output of `command` may be used; 0: until the run ends */
    int64_t good_until;     /* when the output expires, on the clock of clock_ms() */
    bool missing;           /* the user has configured a secret, but it was not found */
    struct failure failure; /* why the secret is missing, or why the command last failed */
    STAILQ_ENTRY(secret) next;
};

struct section {
    struct config *config;
    const struct section_table *table;
    struct section_kind own_kind; /* set by config_finish(); without a name if the section has no known kind */
    struct span name, folder, where, kind;
    bool implied; /* added by config_imply(), not written by the user */
    bool finished;
    STAILQ_HEAD(, value) given;
    int header_rank;               /* rank of the last file that has this section's header, to detect repetitions */
    char *values, *kind_values;    /* the structs to which the tables are bound */
    STAILQ_HEAD(, secret) secrets; /* in the order of the tables */
    STAILQ_ENTRY(section) next;
};

/* The sections of one table, hashed by name, so that a lookup stays fast even with ten thousand of them. */
struct section_list {
    struct section **items; /* in the order made */
    size_t count, capacity;
    struct hash_table by_name; /* the first section of each name */
};

struct config {
    struct arena *arena;
    const struct section_table *tables;
    STAILQ_HEAD(, section) sections;
    struct section_list *lists; /* the same sections, one list for each table, in the order of `tables` */
    char **problems;
    size_t problem_count, problem_capacity;
    int next_file_rank;
    struct include {
        const char *pattern; /* as written */
        const char *folder;  /* the folder from which a relative pattern starts */
        struct span where;
    } * includes; /* in the order found */
    size_t include_count, include_capacity;
    const char **files; /* real paths of the files that have been read */
    size_t file_count, file_capacity;
};

void config_add_problem(struct config *config, struct span where, const char *format, ...)
    __attribute__((format(printf, 3, 4)));
/* Adds a problem for the unknown section, with a suggestion if a known name is similar. */
void config_add_unknown_section(struct config *config, struct span where, struct span name);
const struct section_table *config_table(const struct config *config, struct span name);
/* Returns the section table that has these settings, or NULL if there is none. */
const struct section_table *config_table_of(const struct config *config, const struct setting *entries);
/* Returns whether a section of this table may have this name; "" = none. */
static inline bool section_fits_name(const struct section_table *table, struct span name) {
    return table->named == (name.length > 0) || table->name_optional;
}
/* Returns the section of this name, adding it if necessary. */
struct section *config_make(struct config *config, const struct section_table *table, struct span name);
/* Adds a section even if there is already one of this name. */
struct section *config_make_another(struct config *config, const struct section_table *table, struct span name);
/* Adds a value. Its key is checked later, when the section's kind is known. */
struct value *config_add_value(struct section *section, struct span key, struct span text, struct span where, int rank);
/* Returns the value of this key that has the highest rank, or the last of them if there are several; NULL if there is
 * none. */
const struct value *section_value(const struct section *section, const char *key);
/* Returns the setting with this key from the section's tables, or NULL. NAME_file, NAME_env and NAME_command find the
 * secret NAME. */
const struct setting *section_entry(const struct section *section, struct span key);

/* Queues a pattern whose files are to be read after the current file. */
void config_add_include(struct config *config, struct span pattern, const char *folder, struct span where);

/* parse.c: reads the text of one file. Relative paths in it are relative to `folder`; `file` is its name in
 * messages. */
void config_parse(struct config *config, struct span text, const char *file, const char *folder, int rank);
/* check.c: checks the section's keys and values against its tables and adds a problem for each invalid one. */
void section_check(struct section *section);
/* number.c: these return false if the text is not of the setting's type. The range is not checked. */
bool setting_parse_number(const struct setting *setting, struct span text, double *ret_number);
bool setting_parse_switch(struct span text, bool *ret_on);
/* Returns the index of the text among the setting's choices, or -1. */
int setting_parse_choice(const struct setting *setting, struct span text);
/* fill.c: allocates and fills the structs of the section's tables. To be called after section_check(). */
void section_fill(struct section *section);
/* secrets.c: finds the secret of this setting. Returns NULL if the user has not given one. */
struct secret *secret_new(struct section *section, const struct setting *entry);
void section_wipe_secrets(struct section *section);
/* Erases the environment variables that the section names for secrets (NAME_env). To be called when the secrets of all
 * sections have been found, because two may name the same variable. */
void section_forget_variables(const struct section *section);

#endif
