/* Reads the configuration from files in git's INI style, environment variables and --set, and checks it against the
 * tables of settings.
 *
 *   [section]            [section "name"]          key = value       ; or # begin a comment
 *   include = PATTERN                                   reads further files, in any section
 *   A value may be in double quotes (\" \\ \n \t inside); a backslash at the end of a line continues it.
 *
 * Precedence: --set section.key=value (or section.name.key=value), environment DRAGOMAN_SECTION_KEY, the user's file
 * with its conf.d, the system's file with its conf.d, the defaults. Unknown or repeated sections and keys and invalid
 * values are problems. Each is reported with file, line and the most similar known name; all of them are collected, not
 * only the first.
 */
#ifndef CONFIG_READER_H
#define CONFIG_READER_H

#include <stdbool.h>
#include <stddef.h>

#include "config/setting.h"
#include "pipeline/base/failure.h"

struct config;
struct section; /* a section of the configuration with its values */

/* One kind of a named section, e.g. "feed" for [source "news"]. */
struct section_kind {
    const char *name, *help;
    struct setting_table settings;
};

/* A section and the settings that are allowed in it. */
struct section_table {
    const char *name;   /* "service" */
    bool named;         /* [service "x"], any number of them; otherwise at most one [section] */
    bool name_optional; /* with `named`: [section] may be one of them; its name is "" */
    struct setting_table settings;
    const char *help;
    /* For named sections whose kinds have settings of their own: returns the kind with this index, or a kind without a
     * name after the last one. The kind of a section is the value of its key `kind`, or else the section's name. NULL
     * if the sections have no kinds. */
    struct section_kind (*kind_at)(size_t index);
};

struct config *config_new(const struct section_table *tables); /* `tables` is borrowed and ends with a nameless entry */
void config_free(struct config *config);                       /* wipes the secrets; accepts NULL */

/* Reads `path`, then the .conf files of conf.d/ in the same folder in the order of their names, then the files that
 * these include, each file once. Later values override earlier ones. Relative paths in all of them are relative to the
 * folder of `path`. Problems are added to config_problem(). Returns false only if a file cannot be read; if
 * `may_be_missing` is set, `path` need not exist. */
bool config_read(struct config *config, const char *path, bool may_be_missing, struct failure *ret_failure);
/* Reads the environment variables DRAGOMAN_<SECTION>_<KEY>, for sections that take no name. */
void config_read_environment(struct config *config, char *const *environment);
/* Reads the value of --set: "section.key=value" or "section.name.key=value". */
void config_set(struct config *config, const char *assignment);
/* To be called before config_finish(). Adds a section of this kind after all others unless the user has written one.
 * The section is named after the kind, or "embedded" if that name is taken. */
void config_imply(struct config *config, const struct setting *entries, const char *kind);
/* To be called once, when everything has been read. Checks every value against its table, finds the secrets (NAME_file,
 * which others must not be able to read; NAME_env; NAME_command; $CREDENTIALS_DIRECTORY/<section>.<name>.<key>) and
 * fills the structs of all sections. If a value is invalid, the struct holds the default instead. Variables named by
 * NAME_env are erased from the environment then, for /proc/PID/environ and child processes. */
void config_finish(struct config *config);
/* To be called after config_finish(). Adds a section of this kind after all others. Since the section has no name, it
 * cannot be confused with a section of the user. Unless `key` is NULL, sets this text or list to exactly `value`; a
 * list then has only this item. Returns NULL if there is no section with these settings. */
const struct section *config_add_section(struct config *config, const struct setting *table, const char *kind,
                                         const char *key, struct span value);

bool config_runs_commands(const struct config *config); /* whether a command prints a secret (NAME_command) */
size_t config_problem_count(const struct config *config);
/* Returns a message such as: dragoman.conf:12: unknown key 'kye' in [service "deepl"]; did you mean 'key_file'? */
const char *config_problem(const struct config *config, size_t index);

/* ---------------------------------------------------------------- sections */

/* Sections are looked up by their table of settings (section_table.settings.entries). */

/* For sections without a name: returns the section, or NULL if no section has these settings. */
const struct section *config_section(const struct config *config, const struct setting *table);
/* Returns the struct of the section that config_section() finds, or NULL. */
const void *config_values(const struct config *config, const struct setting *table);
/* For named sections, in the order in which they were read. */
size_t config_section_count(const struct config *config, const struct setting *table);
const struct section *config_section_at(const struct config *config, const struct setting *table, size_t index);
/* Returns the section [section "name"], or NULL. */
const struct section *config_section_named(const struct config *config, const struct setting *table, struct span name);

/* Returns the struct to which the section's table is bound; never NULL after config_finish(). */
const void *section_values(const struct section *section);
/* Returns the struct to which the settings of the section's kind are bound; NULL if the section has no known kind. */
const void *section_kind_values(const struct section *section);
/* Returns whether the section's kind has a setting of its own that is bound to the member at `common_offset` of the
 * struct that all kinds share. */
bool section_kind_has(const struct section *section, size_t common_offset);
struct span section_name(const struct section *section);   /* "deepl"; "" for a section without a name */
struct span section_kind(const struct section *section);   /* the key `kind`, else the name if that is a kind */
bool section_kind_known(const struct section *section);    /* also true if the section has no kinds */
bool section_implied(const struct section *section);       /* added by config_imply() */
const char *section_folder(const struct section *section); /* folder of the section's file, or "." */
/* Writes a hash of all keys and values in the section, as hexadecimal digits, or a constant if `section` is NULL. */
void section_fingerprint(const struct section *section, char ret_hex[33]);
/* Returns false and sets *ret_failure if a secret of the section is configured but was not found. */
bool section_secrets_found(const struct section *section, struct failure *ret_failure);

/* Adds a problem that the caller has found with a value or with one word of a list. `value` is this value or word; the
 * problem is reported with its file and line. */
void section_add_problem(const struct section *section, const char *name, struct span value, const char *format, ...)
    __attribute__((format(printf, 4, 5)));
/* Returns the file and line, e.g. "dragoman.conf:12", of the value that contains the word. If no value of the setting
 * does, returns the place of its last value; if the setting has no value or `name` is NULL, the place of the section.
 * Returns "" if the user did not write the section. */
struct span section_where(const struct section *section, const char *name, struct span word);
/* Adds a problem for each secret of the section that is configured but was not found. */
void section_add_missing_secrets(const struct section *section);

/* Appends what a setting does, one of which values it takes and its range, on one line, as users write them. */
void setting_write_help(const struct setting *entry, struct buffer *out);
/* Appends the reference: a configuration file with every key commented out, printed by `dragoman reference conf`. */
void config_write_reference(const struct section_table *tables, struct buffer *out);

#endif
