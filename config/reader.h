/* Reads the configuration: git's INI style, drop-ins, environment and --set, checked against the tables of settings.
 *
 *   [section]            [section "name"]          key = value       ; or # begin a comment
 *   include = PATTERN                                   reads further files, in any section
 *   A value may be in double quotes (\" \\ \n \t inside); a backslash at the end of a line continues it.
 *
 * Precedence: --set section.key=value (or section.name.key=value), environment DRAGOMAN_SECTION_KEY, the user's file
 * with its conf.d, the system's file with its conf.d, the defaults. Unknown or repeated sections and keys and invalid
 * values are problems, told with file, line and the nearest known name; all of them are collected, not only the first.
 */
#ifndef CONFIG_READER_H
#define CONFIG_READER_H

#include <stdbool.h>
#include <stddef.h>

#include "config/setting.h"
#include "pipeline/base/failure.h"

struct config;
struct section; /* a section of the configuration with its values */

/* One kind of a named section. */
struct section_kind {
    const char *name, *help;
    struct setting_table settings;
};

/* Which section takes which settings. */
struct section_table {
    const char *name; /* "service" */
    bool named;       /* [service "x"], any number of them; else at most one [section] */
    struct setting_table settings;
    const char *help;
    /* For named sections with kinds, which have further settings: all kinds in turn, ended by one without a name. The
     * kind of a section is the value of its `kind`, or its own name if a kind is called so. May be NULL. */
    struct section_kind (*kind_at)(size_t index);
};

struct config *config_new(const struct section_table *tables); /* ended by an entry without a name; borrowed */
void config_free(struct config *config);                       /* wipes secrets; accepts NULL */

/* Reads `path`, then path's folder's conf.d/ files ending in .conf, in order of name, then what these include, each
 * file once; what is read later wins. Relative paths in all of them start at path's folder. Problems are added to
 * config_problem(). False only when the file cannot be read; a file that does not exist is a failure unless
 * `may_be_missing`. */
bool config_read(struct config *config, const char *path, bool may_be_missing, struct failure *ret_failure);
/* Environment variables DRAGOMAN_<SECTION>_<KEY> for the sections without names. */
void config_read_environment(struct config *config, char *const *environment);
/* "section.key=value" or "section.name.key=value". */
void config_set(struct config *config, const char *assignment);
/* Before config_finish(): unless there is a section of this kind, adds one behind all others, named like its kind or
 * "embedded" where that name is taken. */
void config_imply(struct config *config, const struct setting *table, const char *kind);
/* Call once after all reading: checks every value against its table, finds the
 * secrets (x_file, refused when others can read it; x_env; $CREDENTIALS_DIRECTORY/<section>.<name>.<key>) and fills the
 * structs of all sections. Where a value is invalid the struct holds the default. */
void config_finish(struct config *config);
/* After config_finish(): adds a section of this kind behind the others, without a name, so that it cannot be one of the
 * user's. The setting `key` (NULL: none is set), a text or a list, gets `value` as it is, whatever bytes it has; a list
 * then has this one item. NULL when no section of the configuration takes these settings. */
const struct section *config_add_section(struct config *config, const struct setting *table, const char *kind,
                                         const char *key, struct span value);

size_t config_problem_count(const struct config *config);
/* "dragoman.conf:12: unknown key 'kye' in [service \"deepl\"]; did you mean 'key_file'?" */
const char *config_problem(const struct config *config, size_t index);

/* ---------------------------------------------------------------- sections */

/* A section is looked up by its table of settings (section_table.settings.entries). */

/* The section without a name. NULL when no section of the configuration takes these settings. */
const struct section *config_section(const struct config *config, const struct setting *table);
/* The struct of that section; NULL likewise. */
const void *config_values(const struct config *config, const struct setting *table);
/* Named sections, in the order of the file. */
size_t config_section_count(const struct config *config, const struct setting *table);
const struct section *config_section_at(const struct config *config, const struct setting *table, size_t index);
/* The section [section "name"], or NULL. */
const struct section *config_section_named(const struct config *config, const struct setting *table, struct span name);

/* The struct that the section's table is bound to; never NULL after config_finish(). */
const void *section_values(const struct section *section);
/* The struct of its kind's own table; NULL for sections without kinds or of an unknown kind. */
const void *section_kind_values(const struct section *section);
/* Whether the settings of its kind include one that is bound to this member of the common struct. */
bool section_kind_has(const struct section *section, size_t common_offset);
struct span section_name(const struct section *section);   /* "deepl"; "" for a section without a name */
struct span section_kind(const struct section *section);   /* its `kind`, or its name if a kind is called so */
bool section_kind_known(const struct section *section);    /* also true for sections without kinds */
bool section_implied(const struct section *section);       /* added by config_imply() */
const char *section_folder(const struct section *section); /* of its file, for relative paths; "." without a file */
/* A hash of everything written in the section, which changes with it; a constant for NULL. */
void section_fingerprint(const struct section *section, char ret_hex[33]);
/* False with the reason if a secret of the section was named, but not found. */
bool section_secrets_found(const struct section *section, struct failure *ret_failure);

/* Adds a problem that the caller has found with a value (or with one word of a list), at its file and line. */
void section_add_problem(const struct section *section, const char *name, struct span value, const char *format, ...)
    __attribute__((format(printf, 4, 5)));
/* Where it was written, "dragoman.conf:12": the value of the setting that contains the word, or else a value of that
 * setting, or else the section (for NULL always). "" when nobody wrote the section. */
struct span section_where(const struct section *section, const char *name, struct span word);
/* Adds a problem for each secret of the section that was named, but not found. */
void section_add_missing_secrets(const struct section *section);

/* The whole reference, as a config file with every key commented out (docs, `dragoman reference conf`). */
void config_write_reference(const struct section_table *tables, struct buffer *out);

#endif
