/* Decides what a reply means: success, throttling, a service that cannot be used, and so on. A table of errors is used
 * (see refusal.h), because many services report throttling with status 400 or 403, or an error with status 200. */
#ifndef STAGES_SERVICES_COMMON_JUDGE_H
#define STAGES_SERVICES_COMMON_JUDGE_H

#include "pipeline/net/exchange.h"
#include "stages/services/common/refusal.h"

struct judge_form {
    struct refusal_asker asker;
    const char *
        details; /* path of an array within the error that may contain the time to wait (Google's RetryInfo); or NULL */
    long throttle_ms; /* how long to wait if the service throttles without giving a time; 0 for the limiter's own
                         back-off */
};

/* Implements service.judge. A 2xx reply is accepted only if it looks like a complete JSON text without an error in it.
 * If the reply is a web page (the address must be wrong) or a stream (which cannot be read), the service is not used
 * again in this run. If the service has refused the request, sets exchange->refusal and refusal_setting. */
enum exchange_verdict judge_by(struct exchange *exchange, const struct judge_form *form);

/* Sets the failure for a refusal of this kind and returns its verdict. `advice` says what to do, and `sentence` is the
 * service's own message, which may be empty. */
enum exchange_verdict judge_refuse(struct exchange *exchange, enum exchange_refusal kind, const char *advice,
                                   struct span sentence);

#endif
