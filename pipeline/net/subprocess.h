/* Runs pipelines of child processes. A pipeline is a chain of commands that read frames and write one frame for each,
 * in order. Frames end with a NUL, unless exchange.form says otherwise.
 *
 * A pipeline is started for its first request and kept. If a new pipeline is needed and the maximum number of pipelines
 * exists, the one that has been idle longest is stopped. A pipeline may hold several exchanges: the next is written
 * while the previous one is being read. A pipeline that exits or makes no progress for limits.timeout_ms is killed. Its
 * unfinished exchanges are sent to a new pipeline once; if that does not reply either, they fail. No byte from a dead
 * pipeline reaches another exchange. No shell is used; each pipeline has its own process group and a minimal
 * environment.
 *
 * Exchanges with a form are for programs that are not ours: several copies may run at a time, what they write to
 * standard error ends up in the failure, a frame that is neither reply nor greeting is reason to kill them, and their
 * requests are sent again only if the program exited after having answered another. */
#ifndef PIPELINE_NET_SUBPROCESS_H
#define PIPELINE_NET_SUBPROCESS_H

#include <poll.h>
#include <stddef.h>
#include <stdint.h>

#include "pipeline/net/exchange.h"

struct pipes;

typedef void pipes_done(void *context, struct exchange *exchange);

struct pipes *pipes_new(void);
void pipes_free(struct pipes *pipes); /* kills the children without calling back; accepts NULL */
/* Queues an exchange, which is borrowed until pipes_handle() calls `done`. Exchanges with the same `commands` pointer
 * share a pipeline, or up to `copies` of them. */
void pipes_send(struct pipes *pipes, struct exchange *exchange, int64_t now_ms, pipes_done *done, void *context);
/* Writes the descriptors to poll to `out`, at most `room`, and returns their number. */
size_t pipes_poll_fds(struct pipes *pipes, struct pollfd *out, size_t room);
/* Reads and writes what is possible, enforces the timeouts and calls back for finished exchanges. */
void pipes_handle(struct pipes *pipes, const struct pollfd *fds, size_t count, int64_t now_ms);
int64_t pipes_next_deadline(const struct pipes *pipes); /* INT64_MAX = none */

#endif
