/* Runs commands that print a key, such as those of password managers and cloud providers. */
#ifndef CONFIG_SECRET_COMMAND_H
#define CONFIG_SECRET_COMMAND_H

#include "pipeline/base/failure.h"
#include "pipeline/base/text.h"

/* Runs `command` with /bin/sh and waits for it at most `timeout_ms`. Its standard output is stored in `text`. It is a
 * failure if the output is empty or exceeds `size` bytes, or if the exit code is not 0. Standard error is inherited.
 * The message of a failure never contains the command or its output. */
bool command_output(const char *command, int timeout_ms, char *text, size_t size, size_t *ret_length,
                    struct failure *ret_failure);

#endif
