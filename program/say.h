/* Prints lines for people that may contain untrusted text: addresses, file names, headlines, messages from services. */
#ifndef PROGRAM_SAY_H
#define PROGRAM_SAY_H

#include "pipeline/base/text.h"

/* Prints one line on standard output. Characters that are obeyed or not seen are replaced by U+FFFD (visible.h), so
 * that no text can move the cursor, begin a new line or disguise what is next to it. */
void say(const char *format, ...) __attribute__((format(printf, 1, 2)));
/* The same on standard error. */
void say_error(const char *format, ...) __attribute__((format(printf, 1, 2)));
/* Prints each line of the text like say(). */
void say_lines(struct span text);

#endif
