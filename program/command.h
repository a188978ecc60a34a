/* The contract of a subcommand, what a user asks for on the command line: one `const struct subcommand` each, in a file
 * of its own under program/commands/. The tables feed the parser, --help, the man page and the shells' completions, so
 * that these cannot drift apart. */
#ifndef PROGRAM_COMMAND_H
#define PROGRAM_COMMAND_H

#include <stdbool.h>
#include <stddef.h>

#include "pipeline/base/json.h"
#include "program/program.h"

struct option {
    const char *name;  /* "--until" */
    const char *takes; /* name of its value, "STAGE"; NULL: a switch */
    const char *help;  /* one line */
};
#define OPTIONS_END                                                                                                    \
    { .name = NULL }

enum { MAX_OPTIONS = 64 };

/* One call of the program: the words behind the command, and the options that were given. */
struct call {
    struct program *program; /* configured, when the command needs it; else without a config */
    char *const *words;      /* what is left after the options */
    size_t word_count;
    struct given_option {
        const char *name, *value; /* value "" for a switch */
    } options[MAX_OPTIONS];
    size_t option_count;
};

struct subcommand {
    const char *name;
    const char *takes;            /* words and options, for the line of usage; "" when none */
    const char *help;             /* one line */
    const struct option *options; /* its own; NULL when it has none */
    const char *const *examples;  /* "command line", "what it does", ..., NULL; NULL when it has none */
    /* Adds problems that only this command is strict about, before they are told. The command then runs whatever the
     * problems are (config_problem_count()). May be NULL. */
    void (*check)(const struct config *config);
    bool without_config; /* runs before any configuration is read */
    enum exit_code (*run)(struct call *call, struct failure *ret_failure);
};

/* The options that every command takes, and all commands in the order of the help; both ended by an entry without
 * name or NULL. */
extern const struct option common_options[];
extern const struct subcommand *const commands[];

/* The value of an option ("" for a switch), or NULL when it was not given. */
const char *call_option(const struct call *call, const char *name);

/* The value of an option that is a number, `otherwise` when it was not given; false when it is none. */
bool call_number(const struct call *call, const char *name, size_t otherwise, size_t *ret_number,
                 struct failure *ret_failure);

/* Prints the tree, in one line, and frees it: what `--json` of any command does. */
void command_print_json(cJSON *tree);

#endif
