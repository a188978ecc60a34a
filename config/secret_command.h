/* Runs commands that print a key, such as those of password managers and cloud providers. */
#ifndef CONFIG_SECRET_COMMAND_H
#define CONFIG_SECRET_COMMAND_H

#include "pipeline/base/failure.h"
#include "pipeline/base/text.h"

/* Runs `command` with /bin/sh and waits for it at most `timeout_ms`. Its standard output goes to `text`, at most `size`
 * bytes; more is a failure, and so are another exit code than 0 and silence. Standard error stays where it is. Neither
 * the command nor its output is ever part of the failure's sentence. */
bool command_output(const char *command, int timeout_ms, char *text, size_t size, size_t *ret_length,
                    struct failure *ret_failure);

#endif
