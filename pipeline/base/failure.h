/* What can go wrong, on two axes and in one sentence: how far it reaches and what helps.
 *
 * Library code fills a struct failure and returns false; it never logs. Whoever owns the article, the service or
 * the run decides what to do with it; only main.c and log.c print. */
#ifndef PIPELINE_BASE_FAILURE_H
#define PIPELINE_BASE_FAILURE_H

#include <stdbool.h>

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
    char sentence[400];       /* what, where, what to do; UTF-8, no newline, cut on a character */
};

/* Fills *ret_failure (when not NULL) and returns false, so that a caller can write `return failure_set(...)`. */
bool failure_set(struct failure *ret_failure, enum failure_reach reach, enum failure_remedy remedy, const char *format,
                 ...) __attribute__((format(printf, 4, 5)));

/* The same for REACH_RUN, REMEDY_NONE with the exit code that main shall use. */
bool failure_fatal(struct failure *ret_failure, enum exit_code code, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

#endif
