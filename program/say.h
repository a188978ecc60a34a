/* Lines for people on standard output, which may hold texts from outside: addresses, file names, headlines, sentences
 * of services. */
#ifndef PROGRAM_SAY_H
#define PROGRAM_SAY_H

/* Prints one line. Control characters, and what turns the direction of writing, become U+FFFD, so that no text moves
 * the cursor, begins a line of its own or hides what stands beside it. */
void say(const char *format, ...) __attribute__((format(printf, 1, 2)));

#endif
