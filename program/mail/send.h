/* Mails the digest: to each reader what is new to him since the last mail that the server accepted. */
#ifndef PROGRAM_MAIL_SEND_H
#define PROGRAM_MAIL_SEND_H

#include "program/program.h"

/* What became of one section [mail] or [mail "list"]. */
struct mail_outcome {
    struct span label;              /* "mail desk" */
    size_t mails, stories, readers; /* what was sent; a story counts in each mail that tells of it, a reader once */
    bool failed;
    struct failure failure; /* why something waits for the next run */
};

typedef void mail_done(void *context, const struct mail_outcome *outcome);

/* Sends what is due after a run, for each section, and calls `done` for each one from which something was sent, or for
 * which something waits. What is waiting is kept in the store for `status`. A failed delivery is no failure of the run;
 * *ret_failure is set, and false returned, only if the store fails. */
bool mail_after_run(struct program *program, mail_done *done, void *context, struct failure *ret_failure);
/* `dragoman digest --mail`: sends what is new of this day, for each section, and says so on standard output. */
enum exit_code mail_command(struct program *program, const char *day, struct failure *ret_failure);
/* Connects to each section's server and logs in. Prints what fails and, if `tells`, what works. Returns whether
 * everything does. */
bool mail_try_servers(const struct program *program, bool tells);

/* A section of which something waits. */
struct mail_waiting {
    struct span label, since, reason;
};
/* Calls `waiting` for each section from which something waits to be sent. Spans are valid during the call only. */
void mail_each_waiting(const struct program *program, void (*waiting)(void *context, const struct mail_waiting *one),
                       void *context);

#endif
