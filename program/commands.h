/* Parses the command line, reads the configuration and runs the command. */
#ifndef PROGRAM_COMMANDS_H
#define PROGRAM_COMMANDS_H

/* Returns the program's exit code; errors are printed to standard error. */
int commands_main(int count, char **arguments);

/* The commit that was built, in parentheses with a space before them; empty if it is not known (cmake/Commit.cmake). */
extern const char dragoman_commit[];

#endif
