/* The output of `--help`: examples first, then the commands or one command's options. */
#ifndef PROGRAM_COMMANDS_HELP_H
#define PROGRAM_COMMANDS_HELP_H

#include "program/command.h"

void help_print(const struct subcommand *command); /* NULL for the whole program */
/* The exit codes and their meanings; ends with an entry that has no meaning. */
struct exit_meaning {
    int code;
    const char *meaning;
};
extern const struct exit_meaning exit_meanings[];

#endif
