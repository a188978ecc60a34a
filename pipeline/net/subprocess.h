/* The only user of child processes: pipelines of commands that speak NUL-terminated frames, one in, one out, in order.
 *
 * A pipeline is started when it is first asked for, kept, and closed when it has been idle longest and another is
 * needed. Several exchanges may wait in one pipeline: the next is written while the last is read. A pipeline that dies
 * or makes no progress for limits.timeout_ms is killed; everything unfinished in it is sent once more to a fresh one,
 * then failed. Not a byte of a dead pipeline reaches another exchange. No shell, own process group, minimal
 * environment. */
#ifndef PIPELINE_NET_SUBPROCESS_H
#define PIPELINE_NET_SUBPROCESS_H

#include <poll.h>
#include <stddef.h>
#include <stdint.h>

#include "pipeline/net/exchange.h"

struct pipes;

typedef void pipes_done(void *context, struct exchange *exchange);

struct pipes *pipes_new(void);
void pipes_free(struct pipes *pipes); /* ends the children; calls nobody; accepts NULL */
/* The exchange is borrowed until `done` is called, from pipes_handle(). Pipelines are told apart by exchange->commands.
 */
void pipes_send(struct pipes *pipes, struct exchange *exchange, int64_t now_ms, pipes_done *done, void *context);
size_t pipes_poll_fds(struct pipes *pipes, struct pollfd *out, size_t room);
/* Reads and writes what can be, and looks after the deadlines. */
void pipes_handle(struct pipes *pipes, const struct pollfd *fds, size_t count, int64_t now_ms);
int64_t pipes_next_deadline(const struct pipes *pipes); /* INT64_MAX: none */

#endif
