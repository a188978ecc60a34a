/* Decides what a reply means: success, throttling, a closed service and so on. The table of errors decides (refusal.h),
 * because many services report "too many requests" with 400 or 403, or an error with 200. */
#ifndef STAGES_SERVICES_COMMON_JUDGE_H
#define STAGES_SERVICES_COMMON_JUDGE_H

#include "pipeline/net/exchange.h"
#include "stages/services/common/refusal.h"

struct judge_form {
    struct refusal_asker asker;
    const char *details; /* path of an array in the error, one item of which may say how long to wait (Google's
                            RetryInfo); or NULL */
    long throttle_ms; /* pause if the service throttles without saying for how long; 0 for the limiter's own back-off */
};

/* Implements service.judge. A 2xx reply is good only if it looks like a complete JSON text without an error in it. A
 * web page closes the service, because the address must be wrong; so does a stream, which cannot be read. If there is a
 * reply and it is not good, sets exchange->refusal and refusal_setting. */
enum exchange_verdict judge_by(struct exchange *exchange, const struct judge_form *form);

#endif
