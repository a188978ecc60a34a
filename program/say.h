/* Prints lines for people that may contain untrusted text: addresses, file names, headlines, messages from services. */
#ifndef PROGRAM_SAY_H
#define PROGRAM_SAY_H

/* Prints one line on standard output. Control characters and bidirectional formatting characters are replaced by
 * U+FFFD, so that no text can move the cursor, begin a new line or disguise what is next to it. */
void say(const char *format, ...) __attribute__((format(printf, 1, 2)));

#endif
