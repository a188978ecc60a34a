/* What `--help` prints: examples first, then the commands or one command's options. */
#ifndef PROGRAM_COMMANDS_HELP_H
#define PROGRAM_COMMANDS_HELP_H

#include "program/command.h"

void help_print(const struct subcommand *command); /* NULL: the whole program */
/* The exit codes and what they mean, ended by an entry without meaning. */
struct exit_meaning {
    int code;
    const char *meaning;
};
extern const struct exit_meaning exit_meanings[];

#endif
