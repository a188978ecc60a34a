/* Carries exchanges out: one queue per gate, sent over HTTP or through pipes when the gate admits them, tried again as
 * the gate advises, handed back when there is a reply or nothing more to be done. Main thread only. */
#ifndef PIPELINE_NET_DISPATCHER_H
#define PIPELINE_NET_DISPATCHER_H

#include <poll.h>
#include <stdint.h>

#include "pipeline/net/exchange.h"
#include "pipeline/net/limiter.h"

struct courier;
struct http;
struct pipes;

/* Called from courier_turn(), never from courier_send(): with exchange->failure.reach NONE the reply may be read. */
typedef void courier_done(void *context, struct exchange *exchange);

struct courier *courier_new(struct http *http, struct pipes *pipes); /* both borrowed */
void courier_free(struct courier *courier);                          /* calls nobody back; accepts NULL */
/* The exchange is borrowed until `done` is called. */
void courier_send(struct courier *courier, struct exchange *exchange, courier_done *done, void *context);
/* Starts what may start and ends what has ended. */
void courier_turn(struct courier *courier);
/* Waits until something happens on the transfers, the pipes or `fds`, a gate opens, or the time is over. */
void courier_wait(struct courier *courier, struct pollfd *fds, size_t count, int64_t timeout_ms);
/* Hands back everything that waits in a queue (not what is under way) with this failure. */
void courier_give_up_waiting(struct courier *courier, const struct failure *failure);
/* Requests under way. */
size_t courier_in_flight(const struct courier *courier);
/* For the report. */
void courier_each_gate(const struct courier *courier,
                       void (*gate)(void *context, struct span name, const struct gate *), void *context);

#endif
