/* The policy for requests to a service or a host: how many at once, when the next may start, and whether and when a
 * failed one is retried. It does no I/O, and time (in milliseconds of any monotonic clock) and randomness are passed
 * in, so it can be tested exactly. dispatcher.c applies it.
 *
 * Parameters and their sources (AWS "Exponential backoff and jitter": full jitter; gRPC A6 and Finagle: retry budget;
 * Netflix concurrency-limits: loss-based AIMD, which means additive increase, multiplicative decrease; resilience4j:
 * circuit breaker): backoff from 0.5 s up to 30 s; retry budget of 20 % of the first attempts + 3; concurrency x0.7
 * after throttling or an error of the server, +1 per window of good replies while the limit is in use. The breaker
 * opens for 30 s after 5 failures in a row or when half of the last 20 requests failed, then lets one probe through.
 * When it opens for the second time, the limiter is closed: the run sends no more requests to this service or host. */
#ifndef PIPELINE_NET_LIMITER_H
#define PIPELINE_NET_LIMITER_H

#include <stdbool.h>
#include <stdint.h>

#include "pipeline/net/exchange.h"

struct limiter {
    struct rate_limits limits;
    double allowed; /* current limit (AIMD), 1 to limits.concurrency */
    unsigned in_flight;
    unsigned since_raise;        /* good replies since `allowed` was last raised */
    int64_t last_start, open_at; /* no request may start before open_at */
    int64_t start_before;        /* start of the request before the most recent one */
    int64_t back_at;             /* earliest next request that the server allows; `reason` holds its message */
    double retry_tokens;
    unsigned failures_in_a_row, openings;
    uint32_t recent; /* outcome of the last 20 requests as bits, 1 = failed */
    unsigned recent_count;
    bool probing;          /* after a pause of the breaker: one request at a time is let through */
    unsigned useless;      /* consecutive replies without content */
    bool closed;           /* no more requests are sent in this run; see `reason` */
    struct failure reason; /* why it is closed or refuses requests */
    struct failure last;   /* the most recent failure; REACH_NONE = none so far */
    unsigned long requests, retries, good, failed; /* for the report */
    unsigned long refused;                         /* how many of the `failed` requests were refused permanently */
};

enum limiter_advice { LIMITER_DELIVER, LIMITER_RETRY };

/* Reports what the sender found when it read a reply that had counted as good. If `why` has REACH_NONE, the reply was
 * useful. Otherwise it counts as failed (unless `counted` says that it already has), and several such replies in a row
 * close the limiter (no more requests in this run): a server that keeps replying with success but no content will not
 * recover by itself. Replies with REMEDY_RETRY do not count towards closing the limiter, because a smaller request may
 * succeed. */
void limiter_read(struct limiter *limiter, const struct failure *why, bool counted);

/* Initialises a limiter; zero concurrency or attempts become 1. */
void limiter_start(struct limiter *limiter, const struct rate_limits *limits);
/* Applies the stricter of two limits when another user of the limiter (a host's feed and its pages) asks for a longer
 * gap or fewer requests at a time. An adaptive limiter does not change. */
void limiter_tighten(struct limiter *limiter, const struct rate_limits *limits);
/* Whether waiting is pointless: the limiter is closed, or the server asks for a longer pause than max_wait_ms. */
bool limiter_refuses(const struct limiter *limiter, int64_t now);
/* Whether a request may start now. *ret_when is the earliest time at which one may start, or INT64_MAX if another
 * request must end first. */
bool limiter_admits(const struct limiter *limiter, int64_t now, int64_t *ret_when);
/* Must be called when a request starts. */
void limiter_started(struct limiter *limiter, int64_t now, bool first_attempt);
/* Undoes limiter_started() for a request that was started at this time but never sent. If no other request has
 * started since, the next one need not keep the gap, because the host has seen nothing. */
void limiter_take_back(struct limiter *limiter, int64_t started);
/* Must be called when an attempt has ended; says whether to retry. For LIMITER_RETRY *ret_when is the earliest time of
 * the next attempt. `random` is from [0, 1). */
enum limiter_advice limiter_ended(struct limiter *limiter, enum exchange_verdict verdict,
                                  const struct exchange *exchange, int64_t now, double random, int64_t *ret_when);
/* Closes the limiter because the sender found the service to be unusable (exchange->complaint). The reply counts as
 * failed. */
void limiter_complained(struct limiter *limiter, const struct exchange *exchange);
/* Returns why the limiter is closed, or its most recent failure; never empty. */
const char *limiter_why(const struct limiter *limiter);
/* Whether enough requests failed to be worth reporting, although others succeeded: at least 3, and one in 10. */
bool limiter_is_unsteady(const struct limiter *limiter);

#endif
