/* Carries out exchanges. There is one queue per limiter, that is per service or host. A request is sent over HTTP or
 * through a pipe when its limiter admits it, retried as the limiter advises, and handed back when it has a reply or has
 * finally failed. All functions must be called on the main thread. */
#ifndef PIPELINE_NET_DISPATCHER_H
#define PIPELINE_NET_DISPATCHER_H

#include <poll.h>
#include <stdint.h>

#include "pipeline/net/exchange.h"
#include "pipeline/net/limiter.h"

struct dispatcher;
struct http;
struct pipes;

/* Called when an exchange has ended; from dispatcher_turn(), never from dispatcher_send(). The reply may be read if
 * exchange->failure.reach is REACH_NONE. */
typedef void dispatcher_done(void *context, struct exchange *exchange);

struct dispatcher *dispatcher_new(struct http *http, struct pipes *pipes); /* borrows both */
void dispatcher_free(struct dispatcher *dispatcher);                       /* calls no callbacks; accepts NULL */
/* Queues an exchange, which is borrowed until `done` is called. */
void dispatcher_send(struct dispatcher *dispatcher, struct exchange *exchange, dispatcher_done *done, void *context);
/* Starts the requests that their limiters admit and calls back for those that have ended. */
void dispatcher_turn(struct dispatcher *dispatcher);
/* Waits until a transfer, a pipe or one of `fds` is ready, a limiter admits a waiting request, or the timeout expires.
 * Sets the revents of `fds`, of which at most 48 are watched. */
void dispatcher_wait(struct dispatcher *dispatcher, struct pollfd *fds, size_t count, int64_t timeout_ms);
/* Must be called after the sender of a request has read the reply. If the sender has set exchange->complaint, the
 * limiter is closed: the run sends no more requests through it. If it has set exchange->useless, the reply counts as
 * failed; otherwise it counts as useful. */
void dispatcher_was_read(struct dispatcher *dispatcher, const struct exchange *exchange);
/* Hands back all exchanges that are still queued, with this failure. Requests in flight are not affected. */
void dispatcher_give_up_waiting(struct dispatcher *dispatcher, const struct failure *failure);
/* Number of requests in flight. */
size_t dispatcher_in_flight(const struct dispatcher *dispatcher);
/* Calls `limiter` for each limiter, with its name; for the report. */
void dispatcher_each_limiter(const struct dispatcher *dispatcher,
                             void (*limiter)(void *context, struct span name, const struct limiter *), void *context);

#endif
