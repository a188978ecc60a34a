/* What went wrong, classified on three axes and described in one sentence: how far the failure reaches, what may help,
 * and what caused it.
 *
 * Library code fills in a struct failure and returns false; it never logs. The owner of the article, the service or the
 * run decides what to do with it. Only program/ prints. */
#ifndef PIPELINE_BASE_FAILURE_H
#define PIPELINE_BASE_FAILURE_H

#include <stdbool.h>

#include "pipeline/base/text.h"

enum failure_reach {
    REACH_NONE,    /* nothing failed */
    REACH_ARTICLE, /* only this article or source item */
    REACH_SERVICE, /* this service: other articles would fail in the same way */
    REACH_RUN      /* the whole run, which cannot continue */
};

enum failure_remedy {
    REMEDY_NONE,    /* another attempt would give the same result */
    REMEDY_RETRY,   /* another attempt soon may succeed */
    REMEDY_NEXT_RUN /* another attempt may succeed in the next run: budget, quota, a service that is down */
};

/* What caused the failure. Only CAUSE_ARTICLE counts against an article; for any other cause the article waits. The
 * numbers are stored, so new causes must be appended. */
enum failure_cause {
    CAUSE_ARTICLE, /* the article cannot be decoded, has no text or was refused because of its content */
    CAUSE_SERVICE, /* a translation service, including one that is misconfigured */
    CAUSE_NETWORK, /* the host of a page or feed, or the connection to it */
    CAUSE_MONEY,   /* a spending cap in the configuration, or a quota of the account */
    CAUSE_MACHINE, /* this computer (a full disk, an unreadable file) or the end of the run */
    FAILURE_CAUSES
};

/* The program's exit codes. Errors use a code of sysexits.h where one fits. */
enum exit_code {
    EXIT_DONE = 0,
    EXIT_SOME_FAILED = 3,
    EXIT_USAGE = 64,
    EXIT_BAD_DATA = 65,
    EXIT_NO_SERVICE = 69,
    EXIT_SYSTEM = 71,
    EXIT_IO = 74,
    EXIT_BUSY = 75,
    EXIT_PERMISSION = 77,
    EXIT_CONFIG = 78,
    EXIT_INTERRUPTED = 130
};

struct failure {
    enum failure_reach reach;
    enum failure_remedy remedy;
    enum exit_code exit_code; /* only used if reach is REACH_RUN */
    bool passing;             /* the failure is a temporary outage; nothing was refused */
    enum failure_cause cause;
    char blamed[64]; /* name of the service, host, cap, ...; may be empty */
    char
        sentence[400]; /* what happened, where, what to do; UTF-8 without newlines, truncated at a character boundary */
};

/* Fills *ret_failure unless it is NULL, and returns false, so that a caller can write `return failure_set(...)`. The
 * cause follows from the reach (article, service, machine); failure_blame() overrides it. With REACH_RUN the exit code
 * is EXIT_SYSTEM; failure_fatal() sets a more specific one. */
bool failure_set(struct failure *ret_failure, enum failure_reach reach, enum failure_remedy remedy, const char *format,
                 ...) __attribute__((format(printf, 4, 5)));

/* Like failure_set() with REACH_RUN and REMEDY_NONE; main() exits with `code`. */
bool failure_fatal(struct failure *ret_failure, enum exit_code code, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/* Returns the exit code for an errno of a call that opens, makes or writes files: EXIT_PERMISSION or EXIT_IO. */
enum exit_code failure_exit_code(int error);

/* Sets what caused the failure: `cause` and the name of the service, host or cap, truncated to the size of `blamed`.
 * Returns false, like failure_set(). Accepts NULL. */
bool failure_blame(struct failure *failure, enum failure_cause cause, struct span name);

/* Whether an article with this failure waits for a later run; otherwise it has failed permanently. */
bool failure_waits(const struct failure *failure);

/* Returns the name that users see for a cause. */
const char *failure_cause_name(enum failure_cause cause); /* "article", "service", "network", "money", "machine" */

#endif
