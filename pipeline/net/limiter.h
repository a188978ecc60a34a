/* The policy in front of a service or a host: how many requests at once, when the next may start, whether a failed one
 * is tried again and when. Pure: no input or output, time is handed in (milliseconds of any steady clock), randomness
 * too. dispatcher.c applies it.
 *
 * Parameters and their sources (AWS "Exponential backoff and jitter": full jitter; gRPC A6 and Finagle: retry budget;
 * Netflix concurrency-limits: loss-based AIMD; resilience4j: breaker): base 0.5 s, cap 30 s; budget 20 % of the first
 * attempts + 3; x0.7 on throttling or time-out, +1 per window of answers when the limit was used; the breaker opens
 * after 5 failures in a row or when half of the last 20 failed, for 30 s, then lets one probe through; the second time
 * the limiter is closed for the run. */
#ifndef PIPELINE_NET_LIMITER_H
#define PIPELINE_NET_LIMITER_H

#include <stdbool.h>
#include <stdint.h>

#include "pipeline/net/exchange.h"

struct limiter {
    struct rate_limits limits;
    double allowed; /* AIMD limit, 1 to limits.concurrency */
    unsigned in_flight;
    unsigned since_raise;        /* good answers since `allowed` was last raised */
    int64_t last_start, open_at; /* not before this */
    int64_t start_before;        /* the one before the last */
    int64_t back_at;             /* when the server wants to be asked again, as it said; `reason` is what it said */
    double retry_tokens;
    unsigned failures_in_a_row, openings;
    uint32_t recent; /* last 20 ends, 1 = failed */
    unsigned recent_count;
    bool probing;                                  /* half open: one at a time */
    unsigned useless;                              /* answers in a row that held nothing */
    bool closed;                                   /* for the rest of the run; `reason` says why */
    struct failure reason;                         /* why it is closed or refuses */
    struct failure last;                           /* of what failed last; reach NONE: nothing did */
    unsigned long requests, retries, good, failed; /* for the report */
    unsigned long refused;                         /* of the failed ones, those that a service refused for good */
};

enum limiter_advice { LIMITER_DELIVER, LIMITER_RETRY };

/* What the asker found when it read an answer that had counted as good. `why` has reach NONE: it was of use. Else it
 * counts as failed (unless `counted` says that it has already), and some in a row close the limiter: a server that
 * succeeds with nothing in it will go on doing so, and is no outage that passes. Those with remedy RETRY do not: less
 * at a time may be answered well. */
void limiter_read(struct limiter *limiter, const struct failure *why, bool counted);

void limiter_start(struct limiter *limiter, const struct rate_limits *limits);
/* Others who use the limiter may ask for a longer gap or fewer at a time (a host's feed and its pages): the strictest
 * counts. */
void limiter_tighten(struct limiter *limiter, const struct rate_limits *limits);
/* Whether there is no use in waiting: it is closed, or the server wants to be left alone for longer than is waited for.
 */
bool limiter_refuses(const struct limiter *limiter, int64_t now);
/* Whether a request may start now; if not, *ret_when is the time to ask again (INT64_MAX: when another has ended). */
bool limiter_admits(const struct limiter *limiter, int64_t now, int64_t *ret_when);
void limiter_started(struct limiter *limiter, int64_t now, bool first_attempt);
/* What was started last, at this time, did not leave after all: it has cost the host nothing, and nobody waits for it.
 */
void limiter_take_back(struct limiter *limiter, int64_t started);
/* An attempt has ended. For LIMITER_RETRY *ret_when is the earliest time of the next attempt; `random` is from [0, 1).
 */
enum limiter_advice limiter_ended(struct limiter *limiter, enum exchange_verdict verdict,
                                  const struct exchange *exchange, int64_t now, double random, int64_t *ret_when);
/* Whoever asked found that the service is of no use (exchange->complaint): it is closed, and the reply counts as
 * failed.
 */
void limiter_complained(struct limiter *limiter, const struct exchange *exchange);
/* Why it is closed, or what its last failure was; never empty. */
const char *limiter_why(const struct limiter *limiter);
/* Whether so many requests failed that it is news although the others were answered. */
bool limiter_is_unsteady(const struct limiter *limiter);

#endif
