/* What a run does for others before it ends: programs of the user's, and pings for a monitoring service. None of it
 * changes what the run did, or its exit code. */
#ifndef PROGRAM_HOOKS_HOOKS_H
#define PROGRAM_HOOKS_HOOKS_H

#include "program/program.h"

struct hooks_settings;

/* Called for each hook that was tried. `hook` is the name of its setting, or "ping start". The failure has REACH_NONE
 * if it worked. */
typedef void hook_done(void *context, const char *hook, const struct failure *failure);

struct hooks_run {
    enum exit_code code;
    struct span reason; /* one line: what happened */
    struct span report; /* the run's report as JSON; empty if the run did not get that far */
};

/* Tells the monitoring service that a run begins. */
void hooks_begin(const struct program *program, hook_done *done, void *context);
/* Runs the program for a success or a failure, and tells the monitoring service. Takes at most the time limits in
 * [hooks]; after SIGINT or SIGTERM only a few seconds. */
void hooks_end(const struct program *program, const struct hooks_run *run, hook_done *done, void *context);

/* Runs the program of the setting `hook`, with the variables DRAGOMAN_EVENT, DRAGOMAN_DAY, DRAGOMAN_OUTPUT and `more`
 * (NAME=VALUE, ended by NULL). What it prints goes to the log. */
bool hook_program_run(const struct program *program, const char *hook, struct span command, const char *const *more,
                      struct span input, struct failure *ret_failure);
/* Returns an address given as text or as a secret; empty if there is none. Fails if the secret cannot be had. */
bool hook_address(struct span text, struct secret *secret, struct span *ret_address, struct failure *ret_failure);
/* Returns a time limit, which is shorter if the run was interrupted. */
long long hook_limit(long long limit_ms);

#endif
