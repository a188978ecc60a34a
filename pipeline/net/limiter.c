#include "pipeline/net/limiter.h"

enum {
    BACKOFF_BASE_MS = 500,
    BACKOFF_CAP_MS = 30000,
    BREAKER_ROW = 5,
    BREAKER_WINDOW = 20,
    BREAKER_OPEN_MS = 30000,
    BREAKER_OPENINGS = 2
};
static const double RETRY_SHARE = 0.2, RETRY_START = 3, RETRY_MOST = 100, BACK_OFF = 0.7, ADAPTIVE_START = 8;

void gate_start(struct gate *gate, const struct gate_limits *limits) {
    *gate = (struct gate){.limits = *limits, .retry_tokens = RETRY_START, .last_start = INT64_MIN / 2};
    if (gate->limits.concurrency == 0) gate->limits.concurrency = 1;
    if (gate->limits.attempts == 0) gate->limits.attempts = 1;
    double most = (double)gate->limits.concurrency;
    gate->allowed = gate->limits.adaptive && most > ADAPTIVE_START ? ADAPTIVE_START : most;
}

void gate_tighten(struct gate *gate, const struct gate_limits *limits) {
    if (gate->limits.adaptive) return;
    if (limits->gap_ms > gate->limits.gap_ms) gate->limits.gap_ms = limits->gap_ms;
    if (limits->concurrency == 0 || limits->concurrency >= gate->limits.concurrency) return;
    gate->limits.concurrency = limits->concurrency;
    gate->allowed = (double)limits->concurrency;
}

bool gate_refuses(const struct gate *gate, int64_t now) {
    return gate->closed || gate->back_at > now + (int64_t)gate->limits.longest_wait_ms;
}

bool gate_admits(const struct gate *gate, int64_t now, int64_t *ret_when) {
    int64_t when = gate->last_start + (int64_t)gate->limits.gap_ms;
    if (gate->open_at > when) when = gate->open_at;
    if (gate->back_at > when) when = gate->back_at;
    unsigned limit = gate->probing ? 1 : (unsigned)gate->allowed;
    *ret_when = gate->in_flight >= limit ? INT64_MAX : when;
    return *ret_when <= now;
}

void gate_started(struct gate *gate, int64_t now, bool first_attempt) {
    gate->in_flight++;
    gate->requests++;
    gate->last_start = now;
    if (first_attempt) {
        gate->retry_tokens += RETRY_SHARE;
        if (gate->retry_tokens > RETRY_MOST) gate->retry_tokens = RETRY_MOST;
    } else {
        gate->retries++;
    }
}

/* +1 for each full window of good answers while the limit was in use: doubles within a few round trips at the start,
 * then creeps. */
static void raise_limit(struct gate *gate) {
    gate->since_raise++;
    bool used = gate->in_flight + 1 >= (unsigned)gate->allowed;
    bool never_failed = gate->failed == 0;
    if (!gate->limits.adaptive || !used) return;
    if (never_failed || gate->since_raise >= (unsigned)gate->allowed) {
        gate->allowed += 1;
        gate->since_raise = 0;
    }
    if (gate->allowed > (double)gate->limits.concurrency) gate->allowed = (double)gate->limits.concurrency;
}

static void lower_limit(struct gate *gate) {
    gate->since_raise = 0;
    if (!gate->limits.adaptive) return;
    gate->allowed *= BACK_OFF;
    if (gate->allowed < 1) gate->allowed = 1;
}

static unsigned failed_recently(const struct gate *gate) {
    unsigned count = 0;
    for (uint32_t bits = gate->recent; bits; bits &= bits - 1) count++;
    return count;
}

static void note_end(struct gate *gate, bool failed) {
    gate->recent = (gate->recent << 1 | (failed ? 1u : 0u)) & ((1u << BREAKER_WINDOW) - 1);
    if (gate->recent_count < BREAKER_WINDOW) gate->recent_count++;
    gate->failures_in_a_row = failed ? gate->failures_in_a_row + 1 : 0;
    if (failed)
        gate->failed++;
    else
        gate->good++;
}

/* The server is in trouble of its own: leave it alone for a while; when that did not help, for the rest of the run. */
static void consider_breaking(struct gate *gate, const struct exchange *exchange, int64_t now) {
    bool row = gate->failures_in_a_row >= BREAKER_ROW;
    bool window = gate->recent_count == BREAKER_WINDOW && failed_recently(gate) * 2 >= BREAKER_WINDOW;
    if (!gate->limits.adaptive || !(row || window || gate->probing)) return;
    gate->recent = gate->recent_count = gate->failures_in_a_row = 0;
    if (++gate->openings >= BREAKER_OPENINGS) {
        gate->closed = true;
        gate->reason = exchange->failure;
        gate->reason.reach = REACH_SERVICE;
        gate->reason.remedy = REMEDY_NEXT_RUN;
        return;
    }
    gate->probing = true;
    gate->open_at = now + BREAKER_OPEN_MS;
}

/* Everybody waits, not only this request: the server has spoken about itself or the account. */
static void hold_back(struct gate *gate, const struct exchange *exchange, int64_t now) {
    if (exchange->retry_after_ms <= 0 || gate->back_at >= now + exchange->retry_after_ms) return;
    gate->back_at = now + exchange->retry_after_ms;
    if (!gate->closed) gate->reason = exchange->failure;
}

static int64_t backoff(const struct exchange *exchange, double random) {
    int64_t longest = BACKOFF_BASE_MS;
    for (unsigned i = 1; i < exchange->attempt && longest < BACKOFF_CAP_MS; i++) longest *= 2;
    if (longest > BACKOFF_CAP_MS) longest = BACKOFF_CAP_MS;
    return (int64_t)(random * (double)longest);
}

static enum gate_advice retry_or_deliver(struct gate *gate, const struct exchange *exchange, int64_t now, double random,
                                         int64_t *ret_when) {
    bool wait_fits = exchange->retry_after_ms <= (long)gate->limits.longest_wait_ms;
    if (gate->closed || exchange->attempt >= gate->limits.attempts || gate->retry_tokens < 1 || !wait_fits)
        return GATE_DELIVER;
    gate->retry_tokens -= 1;
    int64_t wait = exchange->retry_after_ms >= 0 ? exchange->retry_after_ms : 0;
    *ret_when = now + wait + backoff(exchange, random);
    return GATE_RETRY;
}

enum gate_advice gate_ended(struct gate *gate, enum exchange_verdict verdict, const struct exchange *exchange,
                            int64_t now, double random, int64_t *ret_when) {
    gate->in_flight--;
    switch (verdict) {
    case EXCHANGE_GOOD:
    case EXCHANGE_FINAL:
        note_end(gate, false);
        gate->probing = false;
        raise_limit(gate);
        return GATE_DELIVER;
    case EXCHANGE_CLOSED:
        note_end(gate, true);
        gate->closed = true;
        gate->reason = exchange->failure;
        return GATE_DELIVER;
    case EXCHANGE_THROTTLED:
        gate->failed++;
        gate->since_raise = 0;
        lower_limit(gate);
        hold_back(gate, exchange, now);
        return retry_or_deliver(gate, exchange, now, random, ret_when);
    case EXCHANGE_TRANSIENT:
        note_end(gate, true);
        lower_limit(gate);
        consider_breaking(gate, exchange, now);
        hold_back(gate, exchange, now);
        return retry_or_deliver(gate, exchange, now, random, ret_when);
    }
    return GATE_DELIVER;
}
