/* What a reply means, by the service's own words for it: many say "too many requests" with 400 or 403, or put an error
 * into a 200. */
#ifndef STAGES_SERVICES_COMMON_JUDGE_H
#define STAGES_SERVICES_COMMON_JUDGE_H

#include "pipeline/net/exchange.h"

struct judge_rule {
    long status;      /* 0: any */
    const char *code; /* the reply's word; "x*" a beginning, "*x*" a part, ASCII case ignored; NULL: any */
    enum exchange_verdict verdict;
    const char *remedy; /* a clause for the sentence: what it means, what to do */
};

struct judge_form {
    const char *codes[4];    /* paths in the JSON reply where the word stands (a string or a number), ended by NULL */
    const char *messages[4]; /* paths where its sentence stands, ended by NULL */
    const char *details;     /* path of an array, one item of which may say for how long to wait (Google's RetryInfo) */
    const struct judge_rule *rules; /* the first that fits; ended by one without remedy */
    long throttle_ms; /* waited when it throttles and does not say for how long; 0: as the limiter backs off */
};

/* The judge of an adapter: the rules first, then the common rule. A 2xx reply is good only when it looks like a whole
 * JSON text without an error in it; a web page instead closes the service, because the address is wrong. */
enum exchange_verdict judge_by(struct exchange *exchange, const struct judge_form *form);

#endif
