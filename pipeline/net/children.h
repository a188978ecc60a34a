/* The processes of one pipeline: commands connected by pipes, in a process group of their own. */
#ifndef PIPELINE_NET_CHILDREN_H
#define PIPELINE_NET_CHILDREN_H

#include <stdbool.h>
#include <sys/types.h>

#include "pipeline/net/exchange.h"

/* CHILDREN_VARIABLES: how many variables a command may add to its environment; more are ignored. */
enum { CHILDREN_MAX = 64, CHILDREN_VARIABLES = 61 };

/* Zero-initialised: not running. */
struct children {
    pid_t group; /* 0 = not running */
    pid_t ids[CHILDREN_MAX];
    size_t count;
    int in, out; /* our ends of the first command's standard input and the last one's standard output; they do not block
                  */
    int errors;  /* our end of their standard error, which does not block; -1 = closed or not kept */
    int error;   /* why they could not be started (errno) */
};

/* Starts the commands without a shell, with the environment PATH=/usr/local/bin:/usr/bin:/bin LC_ALL=C.UTF-8 and what
 * each command adds. Without keep_errors, their standard error is discarded. Returns false, with nothing left running,
 * if one cannot be started. */
bool children_start(const struct command *commands, size_t count, bool keep_errors, struct children *ret_children);
/* Kills them and whatever they have started in their group, and waits so that no zombies remain. Does nothing if they
 * are not running. */
void children_stop(struct children *children);
void children_close_errors(struct children *children);

#endif
