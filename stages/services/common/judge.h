/* Decides what a reply means: success, throttling, a service that cannot be used, and so on. The table of errors
 * decides (refusal.h), because many services report "too many requests" with 400 or 403, or an error with 200. */
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

/* Implements service.judge. A 2xx reply is good only if it looks like a complete JSON text without an error in it. If
 * the reply is a web page, the address must be wrong, and a stream cannot be read; in both cases the service is closed,
 * i.e. not used again in this run. If there is a reply and it is not good, sets exchange->refusal and refusal_setting.
 */
enum exchange_verdict judge_by(struct exchange *exchange, const struct judge_form *form);

#endif
