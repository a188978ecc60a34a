/* The interface of a subcommand. Each subcommand is a `const struct subcommand` in a file under program/commands/. The
 * parser, --help, the man page and the shell completions are all generated from these tables, so they cannot drift
 * apart. */
#ifndef PROGRAM_COMMAND_H
#define PROGRAM_COMMAND_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "pipeline/base/json.h"
#include "program/program.h"

struct option {
    const char *name;  /* "--until" */
    const char *takes; /* placeholder for its value, "STAGE"; NULL for a switch */
    const char *help;  /* one line */
};
/* The short names of common options, by one table for all commands (ends with an entry that has no name). */
extern const struct short_option {
    char letter;
    const char *name; /* "--quiet" */
} short_options[];
/* Returns the letter of an option; '\0' if it has none. */
char option_letter(const char *name);

#define OPTIONS_END                                                                                                    \
    { .name = NULL }

enum { MAX_OPTIONS = 64 };

/* For subcommand.max_words: the command itself looks at how many there are. */
#define ANY_WORDS SIZE_MAX

/* One invocation: the arguments that follow the command, and the options that were given. */
struct call {
    struct program *program; /* holds the configuration unless the command is `without_config` */
    const char *config_path; /* given with --config; NULL if it was not */
    char *const *words;      /* the arguments that are not options */
    size_t word_count;
    struct given_option {
        const char *name, *value; /* the value is "" for a switch */
    } options[MAX_OPTIONS];
    size_t option_count;
};

struct subcommand {
    const char *name;
    const char *takes;            /* its arguments as shown in the usage line; "" if it has none */
    size_t max_words;             /* how many arguments it takes; more are refused before anything is done */
    const char *help;             /* one line */
    const struct option *options; /* options of this command only; NULL if there are none */
    const char *const *examples;  /* "command line", "what it does", ..., NULL; or NULL for no examples */
    /* Adds problems that only this command can find, before all problems are printed; may be NULL. A command with this
     * function runs even if the configuration has problems (config_problem_count()). */
    void (*check)(const struct config *config, const char *data_folder);
    bool without_config; /* runs without reading any configuration */
    bool confirms;       /* what it prints only confirms what it did: --quiet leaves it out, unless it is JSON */
    enum exit_code (*run)(struct call *call, struct failure *ret_failure);
};

/* The options that every command accepts (ends with an entry that has no name), and all commands in the order in which
 * the help lists them (ends with NULL). */
extern const struct option common_options[];
extern const struct subcommand *const commands[];

/* Returns the command of that name. NULL, with a failure that names the nearest one, if there is none. */
const struct subcommand *command_named(const char *name, struct failure *ret_failure);

/* Returns the value of an option ("" for a switch), or NULL if it was not given. */
const char *call_option(const struct call *call, const char *name);

/* Reads a numeric option; uses `otherwise` if it was not given. Returns false if the value is not a number. */
bool call_number(const struct call *call, const char *name, size_t otherwise, size_t *ret_number,
                 struct failure *ret_failure);

/* Prints the JSON tree on one line, which is the format of `--json` for every command, and frees it. */
void command_print_json(cJSON *tree);

#endif
