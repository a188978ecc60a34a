/* Shared by the files of config/ only. */
#ifndef CONFIG_INTERNAL_H
#define CONFIG_INTERNAL_H

#include <stdint.h>

#include "config/reader.h"
#include <sys/queue.h>

#include "pipeline/base/arena.h"
#include "pipeline/base/hash_table.h"

enum rank { RANK_SYSTEM, RANK_USER, RANK_ENVIRONMENT, RANK_FLAG }; /* the higher one wins */

struct value {
    const char *key;   /* as written: "url", "key_file" */
    struct span text;  /* terminated */
    struct span where; /* "dragoman.conf:12", "--set", "environment" */
    int rank;
    bool whole;                /* one item of a list, which is not divided into words */
    struct pattern *pattern;   /* of a SETTING_PATTERN, when it can be read */
    struct selector *selector; /* of a SETTING_SELECTOR, likewise */
    STAILQ_ENTRY(value) next;  /* of the section, in the order given */
};

struct secret {
    const struct section *section;
    const char *name;
    struct span text;
    const char *command;    /* that prints it, or NULL */
    long long lifetime_ms;  /* of what the command printed; 0: the whole run */
    int64_t good_until;     /* by clock_ms() */
    bool missing;           /* named, but not found */
    struct failure failure; /* why it is missing, or why the command failed the last time */
    STAILQ_ENTRY(secret) next;
};

struct section {
    struct config *config;
    const struct section_table *table;
    struct section_kind own_kind; /* set by config_finish; no name: none, or unknown */
    struct span name, folder, where, kind;
    bool implied; /* nobody wrote it */
    bool finished;
    STAILQ_HEAD(, value) given;
    int header_rank;               /* of the file that named it last, to find repeated sections */
    char *values, *kind_values;    /* the structs that the tables are bound to */
    STAILQ_HEAD(, secret) secrets; /* in the order of the tables */
    STAILQ_ENTRY(section) next;
};

/* The sections of one table, so that ten thousand of them are found as fast as one. */
struct section_list {
    struct section **items; /* in the order made */
    size_t count, capacity;
    struct hash_table by_name; /* the first one of each name */
};

struct config {
    struct arena *arena;
    const struct section_table *tables;
    STAILQ_HEAD(, section) sections;
    struct section_list *lists; /* the same by table, in the order of `tables` */
    char **problems;
    size_t problem_count, problem_capacity;
    int next_file_rank;
    struct include {
        const char *pattern; /* as it stands in the file */
        const char *folder;  /* that it starts at */
        struct span where;
    } * includes; /* in the order found */
    size_t include_count, include_capacity;
    const char **files; /* that have been read, with their real paths */
    size_t file_count, file_capacity;
};

void config_add_problem(struct config *config, struct span where, const char *format, ...)
    __attribute__((format(printf, 3, 4)));
/* Names the section that was meant, if one is near. */
void config_add_unknown_section(struct config *config, struct span where, struct span name);
const struct section_table *config_table(const struct config *config, struct span name);
/* The section that takes these settings; NULL if there is none. */
const struct section_table *config_table_of(const struct config *config, const struct setting *entries);
struct section *config_make(struct config *config, const struct section_table *table, struct span name);
/* The same, also when there is a section of this name. */
struct section *config_make_another(struct config *config, const struct section_table *table, struct span name);
/* Adds a value; the key's table is checked later, when the kind is known. */
struct value *config_add_value(struct section *section, struct span key, struct span text, struct span where, int rank);
/* The last value with this key and the highest rank, or NULL. */
const struct value *section_value(const struct section *section, const char *key);
/* The entry of the section's tables, or NULL. */
const struct setting *section_entry(const struct section *section, struct span key);

/* Notes a pattern of files to be read after the current one. */
void config_add_include(struct config *config, struct span pattern, const char *folder, struct span where);

/* parse.c */
void config_parse(struct config *config, struct span text, const char *file, const char *folder, int rank);
/* check.c: keys and values against the tables. */
void section_check(struct section *section);
/* nearest.c: the known name nearest to `word`, or NULL when none is near. */
const char *nearest_name(struct span word, const char *const *names, size_t count);
/* number.c: false when the text is not of the type. */
bool setting_parse_number(const struct setting *setting, struct span text, double *ret_number);
bool setting_parse_switch(struct span text, bool *ret_on);
/* Which of the choices the text is; -1: none of them. */
int setting_parse_choice(const struct setting *setting, struct span text);
/* fill.c: the structs of the section's tables; after section_check(). */
void section_fill(struct section *section);
/* secrets.c: NULL when the setting was not given. */
struct secret *secret_new(struct section *section, const struct setting *entry);
void section_wipe_secrets(struct section *section);

#endif
