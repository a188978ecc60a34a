/* The start of the program: reads the words of the command line, the configuration, and runs the command. */
#ifndef PROGRAM_COMMANDS_H
#define PROGRAM_COMMANDS_H

/* Runs the command and returns the exit code; prints errors to stderr. */
int commands_main(int count, char **arguments);

#endif
