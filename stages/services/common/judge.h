/* What a reply means to the limiter: the table of errors decides (refusal.h), as many services say "too many requests"
 * with 400 or 403, or put an error into a 200. */
#ifndef STAGES_SERVICES_COMMON_JUDGE_H
#define STAGES_SERVICES_COMMON_JUDGE_H

#include "pipeline/net/exchange.h"
#include "stages/services/common/refusal.h"

struct judge_form {
    struct refusal_asker asker;
    const char *details; /* path of an array, one item of which may say for how long to wait (Google's RetryInfo) */
    long throttle_ms;    /* waited when it throttles and does not say for how long; 0: as the limiter backs off */
};

/* The judge of an adapter. A 2xx reply is good only when it looks like a whole JSON text without an error in it; a web
 * page instead closes the service, because the address is wrong, and so does a stream, which is not read. Sets
 * exchange->refusal and refusal_setting for all but good replies and silence. */
enum exchange_verdict judge_by(struct exchange *exchange, const struct judge_form *form);

#endif
