#define _GNU_SOURCE /* timegm, strptime */
#include "pipeline/net/exchange.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "pipeline/net/conceal.h"

/* Everything else is zero: no limits, no headers, not trusted. */
void exchange_start(struct exchange *exchange, enum exchange_kind kind, struct arena *arena) {
    *exchange = (struct exchange){.kind = kind, .arena = arena, .retry_after_ms = -1};
}

void exchange_add_header(struct exchange *exchange, const char *name, struct span value) {
    exchange->headers = arena_grow(exchange->arena, exchange->headers, exchange->header_count,
                                   &exchange->header_capacity, sizeof *exchange->headers);
    exchange->headers[exchange->header_count++] = (struct header){.name = arena_copy(exchange->arena, span_of(name)),
                                                                  .value = arena_copy(exchange->arena, value)};
}

struct span exchange_reply_header(const struct exchange *exchange, const char *name) {
    for (size_t i = 0; i < exchange->reply_header_count; i++)
        if (span_is(exchange->reply_headers[i].name, name)) return exchange->reply_headers[i].value;
    return (struct span){NULL, 0};
}

void exchange_add_frame(struct exchange *exchange, struct buffer *body, struct span text) {
    /* `body` may move when it grows, so exchange->body is updated after each frame. */
    size_t start = body->length;
    if (!buffer_add_span(body, text) || !buffer_add(body, "", 1)) return;
    for (size_t i = start; i + 1 < body->length; i++)
        if (body->at[i] == '\0') body->at[i] = ' ';
    exchange->frames++;
    exchange->body = buffer_span(body);
}

/* Converts a number such as "2" or "1.5" to milliseconds; `unit` is its unit in milliseconds. A larger number than 10
 * million, however long, is taken as that: such a server does not want to be asked again soon. */
static long parse_milliseconds(struct span text, long unit) {
    char number[32], *end;
    text = span_cut(text, 0, sizeof number - 1);
    if (text.length == 0 || text.at[0] < '0' || text.at[0] > '9') return -1;
    memcpy(number, text.at, text.length);
    number[text.length] = '\0';
    double value = strtod(number, &end);
    return *end ? -1 : (long)((value < 1e7 ? value : 1e7) * (double)unit);
}

long exchange_milliseconds(struct span seconds) {
    return parse_milliseconds(seconds, 1000);
}

/* Returns the milliseconds until a date such as "Thu, 29 Jan 2026 06:05:04 GMT", or -1. */
static long parse_http_date(struct span text) {
    char date[64];
    if (text.length == 0 || text.length >= sizeof date) return -1;
    memcpy(date, text.at, text.length);
    date[text.length] = '\0';
    struct tm parts = {0};
    /* A date in the past means that we may retry at once. */
    if (!strptime(date, "%a, %d %b %Y %H:%M:%S", &parts)) return -1;
    double seconds = difftime(timegm(&parts), time(NULL));
    return seconds < 0 ? 0 : (long)(seconds * 1000);
}

long exchange_retry_after(const struct exchange *exchange) {
    long wait = parse_milliseconds(exchange_reply_header(exchange, "retry-after-ms"), 1);
    if (wait < 0) wait = parse_milliseconds(exchange_reply_header(exchange, "x-amz-retry-after"), 1);
    if (wait >= 0) return wait;
    struct span header = exchange_reply_header(exchange, "retry-after");
    /* A number of seconds is far more common than a date, so it is tried first. */
    wait = exchange_milliseconds(header);
    return wait >= 0 ? wait : parse_http_date(header);
}

/* ---------------------------------------------------------------- secrets that a server repeats */

static const char separators[] = " \t;,=\"";

/* Only a part of a header's value is secret: "Bearer KEY", "session=KEY; lang=de". If no part looks like a key, the
 * value is hidden as a whole. */
static void conceal_value(char *text, size_t length, struct span value, enum conceal_mode mode) {
    bool found = false;
    for (size_t start = 0, end; start < value.length; start = end + 1) {
        for (end = start; end < value.length && !strchr(separators, value.at[end]);) end++;
        struct span word = span_cut(value, start, end);
        if (!conceal_looks_random(word)) continue;
        conceal(text, length, word, mode);
        found = true;
    }
    if (!found) conceal(text, length, value, mode);
}

/* libcurl computes the signature, so it is not known here, only how Amazon writes it: "Signature=0f3a...". */
static void conceal_signature(char *text, size_t length) {
    static const struct span name = {"Signature=", 10};
    struct span rest = {text, length};
    for (size_t at; (at = span_find(rest, name)) != SIZE_MAX;) {
        size_t digit = (size_t)(rest.at - text) + at + name.length;
        for (; digit < length && strchr("0123456789abcdef", text[digit]) && text[digit]; digit++) text[digit] = '*';
        rest = (struct span){text + digit, length - digit};
    }
}

static bool has_secret(const struct exchange *exchange) {
    return exchange->secret.length || exchange->secret_header_count || exchange->user_password.length ||
           exchange->proxy_password_count;
}

/* How thoroughly the exchange's own secrets and the passwords of proxies are hidden. */
struct modes {
    enum conceal_mode own, proxy;
};

static void conceal_all(const struct exchange *exchange, char *text, size_t length, struct modes modes) {
    struct span login = exchange->user_password;
    size_t colon = span_find(login, SPAN(":"));
    conceal(text, length, exchange->secret, modes.own);
    conceal(text, length, colon == SIZE_MAX ? login : span_cut(login, colon + 1, login.length), modes.own);
    for (size_t i = 0; i < exchange->proxy_password_count; i++)
        conceal(text, length, exchange->proxy_passwords[i], modes.proxy);
    for (size_t i = 0; i < exchange->secret_header_count; i++)
        conceal_value(text, length, exchange->secret_headers[i].value, modes.own);
    if (exchange->aws_sigv4.length) conceal_signature(text, length);
}

static struct span concealed(const struct exchange *exchange, struct span text, struct modes modes) {
    if (!text.length || !has_secret(exchange)) return text;
    char *copy = arena_string(exchange->arena, text);
    conceal_all(exchange, copy, text.length, modes);
    return (struct span){copy, text.length};
}

static const struct modes message = {CONCEAL_MESSAGE, CONCEAL_MESSAGE};

void exchange_hide_secret(const struct exchange *exchange, struct failure *failure) {
    if (failure && has_secret(exchange)) conceal_all(exchange, failure->sentence, strlen(failure->sentence), message);
}

/* Only who got a secret can repeat it. A proxy answers itself only with an error, and then adds no address. */
void exchange_conceal_reply(struct exchange *exchange) {
    bool asked = exchange->trusted_host || exchange->sent_secrets;
    bool error = exchange->status < 200 || exchange->status >= 300;
    struct modes address = {asked ? CONCEAL_REPLY : CONCEAL_CONTENT, CONCEAL_CONTENT};
    struct modes head = {address.own, error ? CONCEAL_REPLY : CONCEAL_CONTENT};
    struct modes body = {exchange->trusted_host || error ? address.own : CONCEAL_CONTENT, head.proxy};
    if (!has_secret(exchange)) return;
    conceal_all(exchange, exchange->reply.at, exchange->reply.length, body);
    conceal_all(exchange, exchange->reply_head.at, exchange->reply_head.length, head);
    exchange->request_head = concealed(exchange, exchange->request_head, address);
    exchange->final_url = concealed(exchange, exchange->final_url, address);
    for (size_t i = 0; i < exchange->reply_header_count; i++) {
        struct header *header = &exchange->reply_headers[i];
        header->value = concealed(exchange, header->value, head);
    }
    exchange_hide_secret(exchange, &exchange->failure);
}

/* Returns what the server said, shortened to fit into a message. Markup and JSON are shown unchanged, but the secret is
 * hidden wherever the server repeats it, before a half of it could be cut off. */
static struct span short_message(const struct exchange *exchange, struct span said) {
    enum { MAX_BYTES = 160 };
    return text_clip(span_trim(concealed(exchange, said, message)), MAX_BYTES);
}

/* Returns the name without its kind: "deepl" for "service deepl", "news.example" for "host news.example". */
static struct span limiter_name(const struct exchange *exchange) {
    size_t space = span_find(exchange->limiter, SPAN(" "));
    return space == SIZE_MAX ? exchange->limiter : span_cut(exchange->limiter, space + 1, exchange->limiter.length);
}

enum { STATUS_PAYMENT_REQUIRED = 402, STATUS_PROXY_LOGIN = 407, STATUS_QUOTA_EXCEEDED = 456 };

/* A refusal by a service counts against the article only if a rule of its adapter says that the text is the problem. A
 * page that is missing or forbidden counts against its article, but a problem of its host or of the proxy does not. */
static enum failure_cause cause_of(const struct exchange *exchange, enum exchange_verdict verdict, bool named) {
    bool service = exchange->trusted_host || exchange->kind == EXCHANGE_PIPE;
    bool page = (verdict == EXCHANGE_FINAL || verdict == EXCHANGE_CLOSED) && exchange->status != STATUS_PROXY_LOGIN;
    if (!service) return page ? CAUSE_ARTICLE : CAUSE_NETWORK;
    if (exchange->status == STATUS_PAYMENT_REQUIRED || exchange->status == STATUS_QUOTA_EXCEEDED) return CAUSE_MONEY;
    return verdict == EXCHANGE_FINAL && named ? CAUSE_ARTICLE : CAUSE_SERVICE;
}

enum exchange_verdict exchange_fail(struct exchange *exchange, enum exchange_verdict verdict, const char *advice,
                                    struct span said) {
    static const struct {
        enum failure_reach reach;
        enum failure_remedy remedy;
        const char *advice;
    } kinds[] = {[EXCHANGE_THROTTLED] = {REACH_SERVICE, REMEDY_NEXT_RUN, "too many requests"},
                 [EXCHANGE_TRANSIENT] = {REACH_SERVICE, REMEDY_NEXT_RUN, "the server reported an error"},
                 [EXCHANGE_FINAL] = {REACH_ARTICLE, REMEDY_NONE, "the request was refused"},
                 [EXCHANGE_CLOSED] = {REACH_SERVICE, REMEDY_NEXT_RUN, "check address, key and model"}};
    enum failure_cause cause = cause_of(exchange, verdict, advice != NULL);
    if (cause == CAUSE_MONEY && !advice) advice = "the account has no credit or quota left: top it up, or wait";
    /* Clipped before it is searched for the secret, because a reply may be megabytes long. */
    said = short_message(exchange, text_clip(said, 4096));
    if (!advice) advice = kinds[verdict].advice;
    /* A program has no status. */
    struct span status =
        exchange->kind == EXCHANGE_PIPE ? SPAN("with an error") : arena_print(exchange->arena, "%ld", exchange->status);
    failure_set(&exchange->failure, kinds[verdict].reach, kinds[verdict].remedy, "%.*s answered %.*s (%s)%s%.*s",
                SPAN_ARGS(exchange->limiter), SPAN_ARGS(status), advice, said.length ? ": " : "", SPAN_ARGS(said));
    failure_blame(&exchange->failure, cause, cause == CAUSE_ARTICLE ? SPAN("") : limiter_name(exchange));
    return verdict;
}

/* An error page could echo the login that we sent, so it is not quoted if the request carries a login. Of a web page
 * nobody could read more than the beginning of its markup. */
static struct span said_by(const struct exchange *exchange) {
    struct span reply = buffer_span(&exchange->reply);
    bool page = !exchange->trusted_host && span_starts(span_trim(text_clip(reply, 4096)), SPAN("<"));
    return exchange->secret_hosts.length || page ? SPAN("") : reply;
}

/* Sets the failure with the default advice for the verdict. */
static enum exchange_verdict fail(struct exchange *exchange, enum exchange_verdict verdict) {
    return exchange_fail(exchange, verdict, NULL, said_by(exchange));
}

/* Returns what the user can do about a page or feed that the host does not deliver; NULL if there is no specific
 * advice. */
static const char *advice_for_page(long status) {
    switch (status) {
    case 401:
        return "login required: set user and password_file, or header_file, in the [source] section";
    case 402:
        return "subscription required: set user and password_file, or header_file, in the [source] section";
    case 403:
        return "access denied: the page may require a login, or the host may block the user_agent set in [http]";
    case 404:
        return "page not found: check the address";
    case 410:
        return "the page was removed permanently";
    case 407:
        return "the proxy requires a login: check proxy in [http]";
    case 451:
        return "unavailable for legal reasons";
    default:
        return NULL;
    }
}

/* Sets the failure for a page or feed that was refused; the advice depends on the status. */
static enum exchange_verdict fail_page(struct exchange *exchange) {
    return exchange_fail(exchange, EXCHANGE_FINAL, advice_for_page(exchange->status), said_by(exchange));
}

/* Redirects of a service are not followed, because the key could go to another host. */
static enum exchange_verdict fail_moved(struct exchange *exchange) {
    struct span address = exchange_reply_header(exchange, "location");
    if (!exchange->trusted_host)
        return exchange_fail(exchange, EXCHANGE_FINAL, "a redirect without an address", address);
    return exchange_fail(exchange, EXCHANGE_CLOSED, "redirects are not followed: set url to the new address", address);
}

/* If a page gets no reply, the transport knows whether the network is to blame. If a service does not reply, the
 * service is always to blame. */
static void blame_for_silence(struct exchange *exchange) {
    struct failure *failure = &exchange->failure;
    bool service = exchange->trusted_host || exchange->kind == EXCHANGE_PIPE;
    enum failure_cause cause = service ? CAUSE_SERVICE : failure->cause;
    if (cause != CAUSE_ARTICLE) failure_blame(failure, cause, limiter_name(exchange));
}

/* There was no reply. The transport has already written its message into the failure. */
static enum exchange_verdict judge_no_answer(struct exchange *exchange) {
    struct failure *failure = &exchange->failure;
    if (exchange->trusted_host && exchange->kind == EXCHANGE_HTTP) {
        struct span said = arena_copy(exchange->arena, span_of(failure->sentence));
        failure_set(failure, failure->reach, failure->remedy, "%.*s: %.*s", SPAN_ARGS(exchange->limiter),
                    SPAN_ARGS(said));
    }
    blame_for_silence(exchange);
    if (exchange->failure.remedy == REMEDY_RETRY) {
        if (exchange->trusted_host || exchange->kind == EXCHANGE_PIPE) exchange->failure.reach = REACH_SERVICE;
        return EXCHANGE_TRANSIENT;
    }
    if (!exchange->trusted_host) return EXCHANGE_FINAL;
    exchange->failure.reach = REACH_SERVICE;
    return EXCHANGE_CLOSED;
}

enum exchange_verdict exchange_judge_common(struct exchange *exchange) {
    if (exchange->failure.reach != REACH_NONE) return judge_no_answer(exchange);
    if (exchange->kind == EXCHANGE_PIPE || (exchange->status >= 200 && exchange->status < 300)) return EXCHANGE_GOOD;
    switch (exchange->status) {
    /* Not modified: a conditional request has succeeded. */
    case 304:
        return EXCHANGE_GOOD;
    case 408:
    case 425:
    case 429:
    /* Not a registered status; Anthropic and others use it for "overloaded". */
    case 529:
        return fail(exchange, EXCHANGE_THROTTLED);
    case 500:
    case 502:
    case 503:
    case 504:
        return fail(exchange, EXCHANGE_TRANSIENT);
    case 301:
    case 302:
    case 303:
    case 307:
    case 308:
        return fail_moved(exchange);
    case 401:
    case 402:
    case 403:
    case 404:
    case 405:
    case 407:
    /* DeepL's status for "quota exceeded". */
    case 456:
        return exchange->trusted_host ? fail(exchange, EXCHANGE_CLOSED) : fail_page(exchange);
    default:
        return exchange->trusted_host ? fail(exchange, EXCHANGE_FINAL) : fail_page(exchange);
    }
}

void exchange_clear_reply(struct exchange *exchange) {
    buffer_free(&exchange->reply);
    buffer_free(&exchange->reply_head);
    exchange->request_head = exchange->server = exchange->greeting = (struct span){NULL, 0};
    exchange->reply_headers = NULL;
    exchange->reply_header_count = exchange->reply_header_capacity = 0;
    exchange->status = 0;
    exchange->sent = exchange->sent_secrets = exchange->refused = false;
    exchange->final_url = (struct span){NULL, 0};
    exchange->moved_permanently = exchange->open_ended = false;
    exchange->retry_after_ms = -1;
    exchange->failure = (struct failure){0};
    exchange->complaint = exchange->useless = (struct failure){0};
    exchange->refusal = REFUSAL_NONE;
    exchange->refusal_said = exchange->refusal_setting = (struct span){NULL, 0};
}

void exchange_clear(struct exchange *exchange) {
    struct arena *arena = exchange->arena;
    exchange_clear_reply(exchange);
    *exchange = (struct exchange){.arena = arena, .retry_after_ms = -1};
}
