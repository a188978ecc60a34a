/* Passes a text to a program of the user, such as sendmail or a hook, on its standard input, and waits until it ends.
 * The program is started without a shell, in its own process group. Its environment contains PATH, HOME, USER, LOGNAME
 * and a UTF-8 locale, so that it finds its configuration, but no secrets. When the time limit expires, it is killed
 * with its children. Children that outlive it are neither killed nor waited for. */
#ifndef PIPELINE_NET_LOCAL_PROGRAM_H
#define PIPELINE_NET_LOCAL_PROGRAM_H

#include <stdbool.h>

#include "pipeline/base/arena.h"
#include "pipeline/base/failure.h"
#include "pipeline/base/text.h"

enum { LOCAL_PROGRAM_OUTPUT = 4095 }; /* bytes of its output that are kept; the rest is read and dropped */

struct local_program {
    const char *what;               /* what it is for, in messages: "mail command" */
    const char *setting;            /* the setting that names it: "command" */
    const char *const *arguments;   /* ends with NULL */
    const char *const *environment; /* further variables, NAME=VALUE; ends with NULL; may be NULL */
    struct span input;
    bool must_read; /* it has failed unless it reads all of the input */
    long long timeout_ms;
    bool (*stop)(void); /* the program is killed once this returns true; may be NULL */
};

/* Returns true if the program ended with exit code 0. Otherwise the failure (REACH_SERVICE, for the next run) says how
 * it ended and the first line that it printed. The beginning of what it printed is appended to *ret_output, which may
 * be NULL. */
bool local_program_run(const struct local_program *program, struct buffer *ret_output, struct failure *ret_failure);
/* Returns the path of the program, found as local_program_run() finds it, or NULL if there is none that can be run. */
const char *local_program_find(const char *name, struct arena *arena);

#endif
