/* Carries exchanges out: one queue per limiter, sent over HTTP or through pipes when the limiter admits them, tried
 * again as the limiter advises, handed back when there is a reply or nothing more to be done. Main thread only. */
#ifndef PIPELINE_NET_DISPATCHER_H
#define PIPELINE_NET_DISPATCHER_H

#include <poll.h>
#include <stdint.h>

#include "pipeline/net/exchange.h"
#include "pipeline/net/limiter.h"

struct dispatcher;
struct http;
struct pipes;

/* Called from dispatcher_turn(), never from dispatcher_send(). With exchange->failure.reach NONE the reply can be read.
 */
typedef void dispatcher_done(void *context, struct exchange *exchange);

struct dispatcher *dispatcher_new(struct http *http, struct pipes *pipes); /* both borrowed */
void dispatcher_free(struct dispatcher *dispatcher);                       /* calls nobody back; accepts NULL */
/* The exchange is borrowed until `done` is called. */
void dispatcher_send(struct dispatcher *dispatcher, struct exchange *exchange, dispatcher_done *done, void *context);
/* Starts what may start and ends what has ended. */
void dispatcher_turn(struct dispatcher *dispatcher);
/* Waits until something happens on the transfers, the pipes or `fds`, a limiter opens, or the time is over. */
void dispatcher_wait(struct dispatcher *dispatcher, struct pollfd *fds, size_t count, int64_t timeout_ms);
/* To be told when whoever asked has read an answer: exchange->complaint closes the limiter, exchange->useless counts
 * against it, and neither means that the answer was of use. */
void dispatcher_was_read(struct dispatcher *dispatcher, const struct exchange *exchange);
/* Hands back everything that waits in a queue (not what is under way) with this failure. */
void dispatcher_give_up_waiting(struct dispatcher *dispatcher, const struct failure *failure);
/* Requests under way. */
size_t dispatcher_in_flight(const struct dispatcher *dispatcher);
/* For the report. */
void dispatcher_each_limiter(const struct dispatcher *dispatcher,
                             void (*limiter)(void *context, struct span name, const struct limiter *), void *context);

#endif
