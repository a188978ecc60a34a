/* Reads the configuration: git's INI style, drop-ins, environment and --set, checked against the tables of settings.
 *
 *   [section]            [section "name"]          key = value       ; or # begin a comment
 *   include = PATTERN                                   reads further files, wherever it stands
 *   A value may stand in double quotes (\" \\ \n \t inside) and go on after a backslash at the line's end.
 *
 * Precedence: --set section.key=value (or section.name.key=value), environment DRAGOMAN_SECTION_KEY, the user's file
 * with its conf.d, the system's file with its conf.d, the defaults. Unknown or doubled sections and keys and bad values
 * are errors with file, line and the nearest known name; all of them are collected, not only the first. */
#ifndef CONFIG_READER_H
#define CONFIG_READER_H

#include <stdbool.h>
#include <stddef.h>

#include "config/setting.h"
#include "pipeline/base/failure.h"

struct config;

/* One kind of a named section, for the reference. */
struct section_kind {
    const char *name, *help;
    const struct setting *settings; /* may be NULL */
};

/* Which section takes which settings. */
struct section_table {
    const char *name; /* "service" */
    bool named;       /* [service "x"], any number of them; else at most one [section] */
    const struct setting *settings;
    /* For named sections with kinds: the further settings of this kind, NULL when the kind is unknown. The kind is the
     * value of `kind`, or else the section's own name when a kind is called so. May be NULL. */
    const struct setting *(*settings_of_kind)(struct span kind);
    const char *help;
    struct section_kind (*kind_at)(size_t index); /* all kinds in turn, ended by one without name; NULL without kinds */
};

struct config *config_new(const struct section_table *tables); /* ended by an entry without name; borrowed */
void config_free(struct config *config);                       /* wipes secrets; accepts NULL */

/* Reads `path`, then path's folder's conf.d/ files ending in .conf, in order of name, then what these include, each
 * file once; what is read later wins. Relative paths in all of them start at path's folder. Problems are added to
 * config_problem(). False only when the file cannot be read; a file that is not there is a failure unless
 * `may_be_missing`. */
bool config_read(struct config *config, const char *path, bool may_be_missing, struct failure *ret_failure);
/* Environment variables DRAGOMAN_<SECTION>_<KEY> for the sections without names. */
void config_read_environment(struct config *config, char *const *environment);
/* "section.key=value" or "section.name.key=value". */
void config_set(struct config *config, const char *assignment);
/* Before config_finish(): unless there is a section of this kind, adds one behind all others, named like its kind or
 * "embedded" where that name is taken. */
void config_imply(struct config *config, const char *section, const char *kind);
/* To be called once after all reading: resolves secrets (x_file refused when others can read it; x_env;
 * $CREDENTIALS_DIRECTORY/<section>.<name>.<key>) and checks ranges and kinds. */
void config_finish(struct config *config);
/* After config_finish(): adds a section of this kind behind the others, without a name, so that it cannot be one of the
 * user's. The setting `key` (NULL: none is set), a text or a list, gets `value` as it stands, whatever bytes it has; a
 * list then has this one item. */
const struct settings *config_add_section(struct config *config, const char *section, const char *kind, const char *key,
                                          struct span value);

size_t config_problem_count(const struct config *config);
/* "dragoman.conf:12: unknown key 'kye' in [service \"deepl\"]; did you mean 'key_file'?" */
const char *config_problem(const struct config *config, size_t index);

/* The section without name; never NULL for a section of the tables (defaults when the file has none). */
const struct settings *config_section(const struct config *config, const char *section);
/* Named sections in the order of the file. */
size_t config_section_count(const struct config *config, const char *section);
const struct settings *config_section_at(const struct config *config, const char *section, size_t index);
/* The section [section "name"], or NULL. */
const struct settings *config_section_named(const struct config *config, const char *section, struct span name);
struct span settings_name(const struct settings *settings); /* "deepl"; "" for a section without name */
struct span settings_kind(const struct settings *settings); /* its `kind`, or its name when that is a kind */
bool settings_kind_known(const struct settings *settings);  /* true as well for sections without kinds */
/* Adds a problem that somebody else has found with a value, which a list has among others; at its file and line. */
void settings_add_problem(const struct settings *settings, const char *name, struct span value, const char *format, ...)
    __attribute__((format(printf, 4, 5)));
/* The same for a secret that cannot be had (setting_secret_found): its failure tells file and line already. */
void settings_add_missing_secret(const struct settings *settings, const struct failure *failure);
/* A hash of all that was written in the section, which changes with it; of no settings a fixed one. */
void settings_fingerprint(const struct settings *settings, char ret_hex[33]);
/* Folder of the file that the section stands in, for relative paths; "." when it stands in none. */
const char *settings_folder(const struct settings *settings);

/* The whole reference, as a config file with every key commented out (docs, `dragoman reference conf`). */
void config_write_reference(const struct section_table *tables, struct buffer *out);

#endif
