/* The command line: one table of commands, what they take, and examples. */
#ifndef PIPELINE_COMMANDS_H
#define PIPELINE_COMMANDS_H

/* Runs the command and returns the exit code; prints errors to stderr. */
int commands_main(int count, char **arguments);

#endif
