/* Hands a message to a local program such as sendmail, on its standard input. The program is started without a shell,
 * in a process group of its own, with PATH, HOME, USER, LOGNAME and a UTF-8 locale as its environment, so that it finds
 * its own configuration but none of our secrets. It is killed, with its children, when the time is over. */
#ifndef PIPELINE_NET_MAILER_H
#define PIPELINE_NET_MAILER_H

#include <stdbool.h>

#include "pipeline/base/failure.h"
#include "pipeline/base/text.h"

/* `arguments` ends with NULL. Returns true if the program has read all of the message and ended with exit code 0.
 * Otherwise the failure (REACH_SERVICE, for the next run) says how it ended and the first line that it printed. */
bool mailer_send(const char *const *arguments, struct span message, long long timeout_ms, bool (*stop)(void),
                 struct failure *ret_failure);

#endif
