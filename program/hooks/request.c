#include "program/hooks/request.h"

#include "config/reader.h"
#include "pipeline/base/clock.h"
#include "pipeline/net/http.h"
#include "pipeline/net/url.h"

/* SLACK_MS: how much later than its own time limit a request is given up. */
enum { TICK_MS = 100, SLACK_MS = 1000 };

static void note_end(void *context, struct exchange *exchange) {
    bool *ended = context;
    (void)exchange;
    *ended = true;
}

/* The token is in the path or the query. */
static struct span token_of(struct span url) {
    size_t at = span_find(url, SPAN("://"));
    if (at == SIZE_MAX) return url;
    for (at += 3; at < url.length && url.at[at] != '/' && url.at[at] != '?';) at++;
    return span_cut(url, at < url.length ? at + 1 : at, url.length);
}

static void prepare(const struct hook_request *request, struct arena *arena, struct exchange *ret_exchange) {
    exchange_start(ret_exchange, EXCHANGE_HTTP, arena);
    ret_exchange->url = arena_copy(arena, request->url);
    ret_exchange->limiter = url_host(request->url, arena);
    ret_exchange->body = request->body;
    ret_exchange->limits = (struct rate_limits){.timeout_ms = (unsigned)request->timeout_ms};
    ret_exchange->trusted_host = true;
    ret_exchange->carries_key = true;
    ret_exchange->plain_text_ok = request->plain_http;
    ret_exchange->secret = token_of(ret_exchange->url);
    if (request->body.length) exchange_add_header(ret_exchange, "Content-Type", span_of(request->content_type));
}

static bool transfer(struct http *http, struct exchange *exchange, const struct hook_request *request) {
    bool ended = false;
    int64_t until = clock_ms() + request->timeout_ms + SLACK_MS;
    http_send(http, exchange, note_end, &ended);
    for (http_perform(http); !ended && clock_ms() < until && !(request->stop && request->stop()); http_perform(http))
        http_wait(http, NULL, 0, TICK_MS);
    return ended;
}

/* Says what happened, without the token. */
static void describe(const struct exchange *exchange, bool ended, struct failure *ret_failure) {
    struct span host = text_clip(exchange->limiter, 100);
    long status = exchange->status;
    *ret_failure = exchange->failure;
    if (!ended)
        failure_set(ret_failure, REACH_SERVICE, REMEDY_NEXT_RUN, "%.*s did not answer in time", SPAN_ARGS(host));
    else if (exchange->failure.reach == REACH_NONE)
        failure_set(ret_failure, REACH_SERVICE, REMEDY_NEXT_RUN, "%.*s answered %ld%s", SPAN_ARGS(host), status,
                    status / 100 == 3 ? ", a redirect, which is not followed; write the new address" : "");
    exchange_hide_secret(exchange, ret_failure);
}

/* Another body may do better with this server, or another run with this body. */
static bool judge(const struct hook_request *request, const struct exchange *exchange, bool ended,
                  struct failure *ret_failure) {
    struct failure failure;
    long status = exchange->status;
    if (ended && status / 100 == 2) return true;
    describe(exchange, ended, &failure);
    bool body = status == 400 || status == 413 || status == 415 || status == 422;
    failure_set(ret_failure, body ? REACH_ARTICLE : REACH_SERVICE, REMEDY_NEXT_RUN, "[hooks] %s: %s", request->hook,
                failure.sentence);
    return failure_blame(ret_failure, CAUSE_NETWORK, exchange->limiter);
}

/* The run's own transfers may still be under way after an interruption, so this one has a client of its own. */
bool hook_request_send(const struct program *program, const struct hook_request *request, struct failure *ret_failure) {
    const struct http_settings *settings = config_values(program->config, http_table);
    struct http_options options = {
        .user_agent = settings->user_agent, .ca_file = settings->ca_file, .proxy = settings->proxy};
    struct http *http;
    struct exchange exchange;
    if (!http_new(&options, &http, ret_failure)) return false;
    struct arena *arena = arena_new();
    prepare(request, arena, &exchange);
    bool ended = transfer(http, &exchange, request);
    http_free(http);
    bool done = judge(request, &exchange, ended, ret_failure);
    exchange_clear(&exchange);
    arena_free(arena);
    return done;
}
