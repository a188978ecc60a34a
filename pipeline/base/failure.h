/* What can go wrong, on three axes and in one sentence: how far it reaches, what helps, and whose fault it is.
 *
 * Library code fills a struct failure and returns false; it never logs. Whoever owns the article, the service or
 * the run decides what to do with it; only program/ prints. */
#ifndef PIPELINE_BASE_FAILURE_H
#define PIPELINE_BASE_FAILURE_H

#include <stdbool.h>

#include "pipeline/base/text.h"

enum failure_reach {
    REACH_NONE,    /* nothing failed */
    REACH_ARTICLE, /* this article (or this source item) only */
    REACH_SERVICE, /* this service: its other articles will meet the same */
    REACH_RUN      /* the whole run: nothing sensible is left to do */
};

enum failure_remedy {
    REMEDY_NONE,    /* trying again gives the same result */
    REMEDY_RETRY,   /* trying again soon may help */
    REMEDY_NEXT_RUN /* not in this run: budget, quota, a service that is down */
};

/* Whose fault it is. Only the article's own failures count against it; for everything else it waits. The numbers are
 * stored: append only. */
enum failure_cause {
    CAUSE_ARTICLE, /* cannot be decoded, holds no text, was refused for what it says */
    CAUSE_SERVICE, /* a translation service; also one that is wrongly configured */
    CAUSE_NETWORK, /* the host of a page or a feed, or the way to it */
    CAUSE_MONEY,   /* a cap of ours, or a quota of the account */
    CAUSE_MACHINE, /* this computer: a full disk, an unreadable file, the end of the run */
    FAILURE_CAUSES
};

/* The exit codes of the program (sysexits.h where it has one). */
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
    enum exit_code exit_code; /* meaningful when reach is REACH_RUN */
    bool passing;             /* an outage, which passes by itself: nothing was refused */
    enum failure_cause cause;
    char blamed[64];    /* name of the service, the host, the cap, ...; may be empty */
    char sentence[400]; /* what, where, what to do; UTF-8, no newline, cut on a character */
};

/* Fills *ret_failure (when not NULL) and returns false, so that a caller can write `return failure_set(...)`. The cause
 * follows from the reach (article, service, machine) until failure_blame() says otherwise. With REACH_RUN the exit code
 * is EXIT_SYSTEM; failure_fatal() gives a better one. */
bool failure_set(struct failure *ret_failure, enum failure_reach reach, enum failure_remedy remedy, const char *format,
                 ...) __attribute__((format(printf, 4, 5)));

/* The same for REACH_RUN, REMEDY_NONE with the exit code that main shall use. */
bool failure_fatal(struct failure *ret_failure, enum exit_code code, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/* Says whose fault it is; `name` is cut to what `blamed` holds. Returns false, like failure_set(). Accepts NULL. */
bool failure_blame(struct failure *failure, enum failure_cause cause, struct span name);

/* Whether an article that met this failure waits for a later run instead of having failed. */
bool failure_waits(const struct failure *failure);

const char *failure_cause_name(enum failure_cause cause); /* "article", "service", "network", "money", "machine" */

#endif
