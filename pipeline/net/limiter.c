#include "pipeline/net/limiter.h"

/* A few failures among many requests are normal and not worth a notice. */
enum { UNSTEADY_MIN = 3, UNSTEADY_ONE_IN = 10 };
enum {
    BACKOFF_BASE_MS = 500,
    BACKOFF_CAP_MS = 30000,
    BREAKER_ROW = 5,
    BREAKER_WINDOW = 20,
    BREAKER_OPEN_MS = 30000,
    BREAKER_OPENINGS = 2,
    USELESS_ROW = 2,       /* useless replies in a row that close a service without any useful reply */
    USELESS_ROW_PROVEN = 3 /* the same for a service that has given a useful reply */
};
/* Retry tokens: earned per first attempt, initial number, maximum. Concurrency limit: factor for lowering it, initial
 * value. */
static const double RETRY_SHARE = 0.2, RETRY_START = 3, RETRY_MAX = 100, BACK_OFF = 0.7, ADAPTIVE_START = 8;

void limiter_start(struct limiter *limiter, const struct rate_limits *limits) {
    /* The first request never has to wait for a gap; half of INT64_MIN, so that adding the gap cannot overflow. */
    *limiter = (struct limiter){
        .limits = *limits, .retry_tokens = RETRY_START, .last_start = INT64_MIN / 2, .start_before = INT64_MIN / 2};
    if (limiter->limits.concurrency == 0) limiter->limits.concurrency = 1;
    if (limiter->limits.attempts == 0) limiter->limits.attempts = 1;
    double max = (double)limiter->limits.concurrency;
    limiter->allowed = limiter->limits.adaptive && max > ADAPTIVE_START ? ADAPTIVE_START : max;
}

void limiter_tighten(struct limiter *limiter, const struct rate_limits *limits) {
    if (limiter->limits.adaptive) return;
    if (limits->gap_ms > limiter->limits.gap_ms) limiter->limits.gap_ms = limits->gap_ms;
    if (limits->concurrency == 0 || limits->concurrency >= limiter->limits.concurrency) return;
    limiter->limits.concurrency = limits->concurrency;
    limiter->allowed = (double)limits->concurrency;
}

bool limiter_refuses(const struct limiter *limiter, int64_t now) {
    return limiter->closed || limiter->back_at > now + (int64_t)limiter->limits.max_wait_ms;
}

bool limiter_admits(const struct limiter *limiter, int64_t now, int64_t *ret_when) {
    int64_t when = limiter->last_start + (int64_t)limiter->limits.gap_ms;
    if (limiter->open_at > when) when = limiter->open_at;
    if (limiter->back_at > when) when = limiter->back_at;
    /* After the breaker has opened, a single request tests whether the server has recovered. */
    unsigned limit = limiter->probing ? 1 : (unsigned)limiter->allowed;
    *ret_when = limiter->in_flight >= limit ? INT64_MAX : when;
    return *ret_when <= now;
}

void limiter_started(struct limiter *limiter, int64_t now, bool first_attempt) {
    limiter->in_flight++;
    limiter->requests++;
    limiter->start_before = limiter->last_start;
    limiter->last_start = now;
    if (first_attempt) {
        /* Each first attempt earns a fifth of a retry, so that retries cannot multiply the load on a server that fails
         * every request. */
        limiter->retry_tokens += RETRY_SHARE;
        if (limiter->retry_tokens > RETRY_MAX) limiter->retry_tokens = RETRY_MAX;
    } else {
        limiter->retries++;
    }
}

void limiter_take_back(struct limiter *limiter, int64_t started) {
    limiter->in_flight--;
    limiter->requests--;
    /* Only the most recent start can be undone; a later one keeps its own gap. */
    if (limiter->last_start == started) limiter->last_start = limiter->start_before;
}

/* Called after each good reply. Raises the limit by 1 after as many good replies as the limit allows requests at once,
 * but only if the limit has been reached. Until the first failure every reply raises it, so it doubles in each round
 * trip. */
static void raise_limit(struct limiter *limiter) {
    limiter->since_raise++;
    /* A limit that was not reached says nothing about whether a higher one would work. + 1 for the request that just
     * ended. */
    bool used = limiter->in_flight + 1 >= (unsigned)limiter->allowed;
    bool never_failed = limiter->failed == 0;
    if (!limiter->limits.adaptive || !used) return;
    if (never_failed || limiter->since_raise >= (unsigned)limiter->allowed) {
        limiter->allowed += 1;
        limiter->since_raise = 0;
    }
    if (limiter->allowed > (double)limiter->limits.concurrency) limiter->allowed = (double)limiter->limits.concurrency;
}

/* A multiplicative decrease frees an overloaded server faster than an additive one would. */
static void lower_limit(struct limiter *limiter) {
    limiter->since_raise = 0;
    if (!limiter->limits.adaptive) return;
    limiter->allowed *= BACK_OFF;
    if (limiter->allowed < 1) limiter->allowed = 1;
}

/* Counts the bits: each step clears the lowest one that is set. */
static unsigned failed_recently(const struct limiter *limiter) {
    unsigned count = 0;
    for (uint32_t bits = limiter->recent; bits; bits &= bits - 1) count++;
    return count;
}

/* Updates the counters, the number of failures in a row and the window of recent outcomes. */
static void note_end(struct limiter *limiter, bool failed) {
    limiter->recent = (limiter->recent << 1 | (failed ? 1u : 0u)) & ((1u << BREAKER_WINDOW) - 1);
    if (limiter->recent_count < BREAKER_WINDOW) limiter->recent_count++;
    limiter->failures_in_a_row = failed ? limiter->failures_in_a_row + 1 : 0;
    if (failed)
        limiter->failed++;
    else
        limiter->good++;
}

/* The breaker: if the server fails too often, leave it alone for a while; if that does not help, for the rest of the
 * run. */
static void consider_breaking(struct limiter *limiter, const struct exchange *exchange, int64_t now) {
    /* Only services have adaptive limits; a host with failing pages is not closed, since other pages may work. */
    bool row = limiter->failures_in_a_row >= BREAKER_ROW;
    bool window = limiter->recent_count == BREAKER_WINDOW && failed_recently(limiter) * 2 >= BREAKER_WINDOW;
    if (!limiter->limits.adaptive || !(row || window || limiter->probing)) return;
    /* The next decision must not count the failures that led to this one. */
    limiter->recent = limiter->recent_count = limiter->failures_in_a_row = 0;
    if (++limiter->openings >= BREAKER_OPENINGS) {
        limiter->closed = true;
        limiter->reason = exchange->failure;
        limiter->reason.reach = REACH_SERVICE;
        limiter->reason.remedy = REMEDY_NEXT_RUN;
        return;
    }
    limiter->probing = true;
    limiter->open_at = now + BREAKER_OPEN_MS;
}

/* When a server asks for a pause, all its requests wait, because the pause concerns the server or the account and not
 * this request. */
static void hold_back(struct limiter *limiter, const struct exchange *exchange, int64_t now) {
    if (exchange->retry_after_ms <= 0 || limiter->back_at >= now + exchange->retry_after_ms) return;
    limiter->back_at = now + exchange->retry_after_ms;
    if (!limiter->closed) limiter->reason = exchange->failure;
}

/* Exponential backoff with full jitter: a random wait between 0 and the cap for this attempt. */
static int64_t backoff(const struct exchange *exchange, double random) {
    /* 0.5 s, 1 s, 2 s, ... up to 30 s, doubled per attempt. */
    int64_t longest = BACKOFF_BASE_MS;
    for (unsigned i = 1; i < exchange->attempt && longest < BACKOFF_CAP_MS; i++) longest *= 2;
    if (longest > BACKOFF_CAP_MS) longest = BACKOFF_CAP_MS;
    return (int64_t)(random * (double)longest);
}

/* Advises a retry if attempts are left, the retry budget allows it and the server does not ask for too long a pause. */
static enum limiter_advice retry_or_deliver(struct limiter *limiter, const struct exchange *exchange, int64_t now,
                                            double random, int64_t *ret_when) {
    /* If the pause is longer than max_wait_ms, the request is left for the next run. */
    bool wait_fits = exchange->retry_after_ms <= (long)limiter->limits.max_wait_ms;
    if (limiter->closed || exchange->attempt >= limiter->limits.attempts || limiter->retry_tokens < 1 || !wait_fits)
        return LIMITER_DELIVER;
    limiter->retry_tokens -= 1;
    /* The pause that the server asks for comes first; the backoff spreads the retries after it. */
    int64_t wait = exchange->retry_after_ms >= 0 ? exchange->retry_after_ms : 0;
    *ret_when = now + wait + backoff(exchange, random);
    return LIMITER_RETRY;
}

/* Whether a service replied but refused the request. The service works, but the reply was of no use. */
static bool is_refused(enum exchange_verdict verdict, const struct exchange *exchange) {
    return verdict == EXCHANGE_FINAL && exchange->trusted_host;
}

/* Whether the request was refused for something that its sender can correct: one text, too many texts, or a
 * parameter. Such a refusal does not count against the service. */
static bool is_declined(const struct exchange *exchange) {
    return exchange->refusal == REFUSAL_TEXT || exchange->refusal == REFUSAL_SIZE ||
           exchange->refusal == REFUSAL_PARAMETER;
}

/* Counts a refusal, but not towards the breaker, because a service that refuses a request is working. */
static void note_refused(struct limiter *limiter, const struct exchange *exchange) {
    limiter->probing = false;
    if (is_declined(exchange)) return;
    limiter->last = exchange->failure;
    limiter->failed++;
    limiter->refused++;
}

enum limiter_advice limiter_ended(struct limiter *limiter, enum exchange_verdict verdict,
                                  const struct exchange *exchange, int64_t now, double random, int64_t *ret_when) {
    limiter->in_flight--;
    if (is_refused(verdict, exchange)) {
        note_refused(limiter, exchange);
        return LIMITER_DELIVER;
    }
    if (verdict != EXCHANGE_GOOD) limiter->last = exchange->failure;
    switch (verdict) {
    case EXCHANGE_GOOD:
    case EXCHANGE_FINAL:
        note_end(limiter, false);
        limiter->probing = false;
        raise_limit(limiter);
        return LIMITER_DELIVER;
    case EXCHANGE_CLOSED:
        note_end(limiter, true);
        limiter->closed = true;
        limiter->reason = exchange->failure;
        return LIMITER_DELIVER;
    case EXCHANGE_THROTTLED:
        limiter->failed++;
        limiter->since_raise = 0;
        lower_limit(limiter);
        hold_back(limiter, exchange, now);
        return retry_or_deliver(limiter, exchange, now, random, ret_when);
    case EXCHANGE_TRANSIENT:
        note_end(limiter, true);
        if (exchange->useless.reach != REACH_NONE) return LIMITER_DELIVER; /* limiter_read() handles useless replies */
        lower_limit(limiter);
        consider_breaking(limiter, exchange, now);
        hold_back(limiter, exchange, now);
        return retry_or_deliver(limiter, exchange, now, random, ret_when);
    }
    return LIMITER_DELIVER;
}

/* Corrects the counters: a reply without a failure was counted as good, and a declined request was not counted. */
void limiter_complained(struct limiter *limiter, const struct exchange *exchange) {
    bool was_good = exchange->failure.reach == REACH_NONE;
    limiter->last = exchange->complaint;
    if (!limiter->closed) limiter->reason = exchange->complaint;
    limiter->closed = true;
    if (was_good && limiter->good) limiter->good--;
    if (was_good || is_declined(exchange)) limiter->failed++;
}

const char *limiter_why(const struct limiter *limiter) {
    if (limiter->closed && limiter->reason.sentence[0]) return limiter->reason.sentence;
    if (limiter->last.sentence[0]) return limiter->last.sentence;
    return limiter->reason.sentence[0] ? limiter->reason.sentence : "no reason given";
}

bool limiter_is_unsteady(const struct limiter *limiter) {
    return limiter->failed >= UNSTEADY_MIN && limiter->failed * UNSTEADY_ONE_IN >= limiter->requests;
}

void limiter_read(struct limiter *limiter, const struct failure *why, bool counted) {
    if (why->reach == REACH_NONE) {
        limiter->useless = 0;
        return;
    }
    limiter->last = *why;
    if (!counted && limiter->good) {
        limiter->good--;
        limiter->failed++;
    }
    if (why->remedy == REMEDY_RETRY) return;
    /* A service that has been useful before gets one more chance. */
    bool few = ++limiter->useless < (limiter->good ? USELESS_ROW_PROVEN : USELESS_ROW);
    if (few || limiter->closed) return;
    limiter->closed = true;
    limiter->reason = *why;
}
