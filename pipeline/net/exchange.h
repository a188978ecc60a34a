/* One request and its reply, over HTTP or through the pipes of child processes.
 *
 * A stage or source writes the request, the engine carries it out, and the same stage reads the reply. Only http.c and
 * subprocess.c perform I/O, so everything above them can be tested with recorded bytes. All spans of the request belong
 * to the arena of the article or job that sends it. The reply's body belongs to the exchange and lives until
 * exchange_clear(). */
#ifndef PIPELINE_NET_EXCHANGE_H
#define PIPELINE_NET_EXCHANGE_H

#include <stdbool.h>
#include <stddef.h>

#include "pipeline/base/arena.h"
#include "pipeline/base/failure.h"
#include "pipeline/base/text.h"

enum exchange_kind { EXCHANGE_HTTP, EXCHANGE_PIPE };

/* What the reply means for the service's limiter. The service itself decides whether each text in the reply is
 * usable. */
enum exchange_verdict {
    EXCHANGE_GOOD,      /* deliver the reply */
    EXCHANGE_THROTTLED, /* too many requests: wait (Retry-After), reduce concurrency, retry */
    EXCHANGE_TRANSIENT, /* an error of the server: retry within the retry budget */
    EXCHANGE_FINAL,     /* this request cannot succeed: hand it back with `failure` set, REACH_ARTICLE */
    EXCHANGE_CLOSED     /* key, quota, address or configuration: the service is unusable in this run; REACH_SERVICE */
};

/* Why a service refused to translate; set by its judge for the sender of the request. */
enum exchange_refusal {
    REFUSAL_NONE,
    REFUSAL_KEY,       /* the key was rejected */
    REFUSAL_MONEY,     /* credit or quota is used up */
    REFUSAL_SETTING,   /* model, address or another setting is wrong */
    REFUSAL_BUSY,      /* too many requests */
    REFUSAL_TROUBLE,   /* an internal error of the server */
    REFUSAL_SIZE,      /* the request is too large */
    REFUSAL_TEXT,      /* one of the texts is not accepted */
    REFUSAL_LANGUAGE,  /* the language is not supported */
    REFUSAL_PARAMETER, /* a parameter is not supported; see refusal_setting */
    REFUSAL_USELESS,   /* success, but the reply is empty or of the wrong kind */
    REFUSAL_UNKNOWN
};

struct table;
struct exchange;
/* Judges a reply by status, headers and body, and fills in exchange->failure for every verdict except GOOD. */
typedef enum exchange_verdict exchange_judge(struct exchange *exchange);

struct header {
    struct span name, value;
};

/* Limits for a service or a host: how many requests at a time, how often, and how long each may take. Zero means "no
 * limit" except where noted. */
struct rate_limits {
    unsigned concurrency; /* maximum number of requests at a time, at least 1 */
    unsigned gap_ms;      /* minimum time between the starts of two requests */
    unsigned attempts;    /* maximum number of attempts in total, at least 1 */
    unsigned timeout_ms;  /* per attempt */
    unsigned max_wait_ms; /* longest Retry-After to wait for within a run */
    bool adaptive; /* concurrency adapts between 1 and `concurrency` (AIMD, see limiter.h); otherwise it is fixed */
};

/* One command of a pipeline. It reads frames and writes one frame for each, in order. */
struct command {
    /* program (looked up in PATH) and arguments, NULL at the end; static, or owned by the service's state */
    const char *const *arguments;
    /* "NAME=value" in addition to the minimal environment, NULL at the end; owned likewise; NULL = none */
    const char *const *environment;
};

enum frame_kind {
    FRAME_REPLY,
    FRAME_GREETING, /* precedes the first reply after a start; the pipeline keeps it */
    FRAME_GARBAGE   /* the program is out of step: it is killed, and the request fails */
};

struct exchange;
/* How the messages of a program are separated. The program's standard error is kept, for the message if it fails. */
struct frame_form {
    char end; /* the byte that ends a frame, in both directions */
    enum frame_kind (*kind_of)(const struct exchange *exchange, struct span frame);
};

enum exchange_start { EXCHANGE_START, EXCHANGE_START_LATER, EXCHANGE_START_NEVER };

struct exchange {
    enum exchange_kind kind;
    struct span limiter;       /* name of the limiter: "service NAME" or "host NAME" */
    struct rate_limits limits; /* limits that the sender wants; see limiter_tighten() */
    exchange_judge *judge;     /* judges the reply; NULL = exchange_judge_common() */

    /* HTTP request */
    struct span method; /* empty = GET, or POST if there is a body */
    struct span url;
    struct header *headers; /* may contain secrets: never log them */
    size_t header_count, header_capacity;
    /* Headers of a source that are sent only to the hosts in secret_hosts (a list like local_hosts), wherever redirects
     * lead. The same holds for user_password. Empty secret_hosts = sent to no host. */
    struct header *secret_headers;
    size_t secret_header_count, secret_header_capacity;
    struct span secret_hosts;
    struct span body;
    struct span aws_sigv4; /* libcurl's option for signing, e.g. "aws:amz:eu-west-1:translate"; needs user_password */
    struct span user_password;
    bool keep_heads;    /* record request_head, reply_head and server, for the archive */
    size_t reply_limit; /* maximum size of the reply after decompression; 0 = 16 MiB */
    bool trusted_host;  /* for services: the host may have a loopback or private address; redirects are not followed */
    /* For sources: hosts that may have a loopback or private address too, as url_host() returns them, separated by
     * spaces. */
    struct span local_hosts;
    bool carries_key;   /* url, headers or body contain a secret: not sent over plain http:, except to loopback */
    bool plain_text_ok; /* the configuration allows the secret to be sent over plain http: */
    /* Called when an attempt has failed and the limiter advises a retry; if it returns false, the failed exchange is
     * handed back. NULL = always retry. */
    bool (*may_try_again)(void *asker, const struct exchange *exchange);
    /* Called before an attempt is sent, and while the answer is LATER again in each turn. It may be called early, when
     * the exchange is near the head of its queue, and several times for one attempt. If the answer is NEVER, nothing is
     * sent and the exchange is handed back with *ret_failure. May be NULL. */
    enum exchange_start (*starts)(void *asker, struct failure *ret_failure);
    void *asker;                /* passed to may_try_again and starts */
    const struct table *errors; /* table of error replies, for the judge; NULL = judge by status alone */
    unsigned written_with;      /* for the sender: how much it had learned about the service (service.learned()) */
    struct span secret;         /* hidden in the reply and in messages, because servers may echo it; may be empty */
    const struct span *proxy_passwords; /* likewise; set by the transport, which owns them */
    size_t proxy_password_count;

    /* pipe request: `body` holds `frames` frames, each terminated by a NUL or by form->end */
    const struct command *commands; /* must not be freed before the run ends */
    size_t command_count;
    size_t frames;
    const struct frame_form *form; /* the same for all exchanges with these commands; NULL = frames end with a NUL */
    size_t copies;                 /* how many pipelines for these commands may run at a time; 0 = 1 */
    const void *frame_context;     /* for form->kind_of() and the judge */

    /* reply */
    long status;                  /* HTTP status; 0 = no complete reply */
    struct header *reply_headers; /* names in lower case */
    size_t reply_header_count, reply_header_capacity;
    struct span final_url;  /* URL after redirects; empty if not redirected */
    bool moved_permanently; /* every redirect was permanent: 301 or 308 */
    /* Neither a length nor chunks mark the end of the body, so nothing but the body itself can tell that it was cut. */
    bool open_ended;
    /* With keep_heads: the header blocks of the last request and reply as lines without secrets, and the server's IP
     * address (may be empty). */
    struct span request_head, server;
    struct buffer reply_head;
    struct buffer reply;    /* body; for a pipe, `frames` frames */
    struct span greeting;   /* the frame with which the program greeted when it was started; may be empty */
    unsigned attempt;       /* 1 for the first */
    long retry_after_ms;    /* how long the server asks us to wait; -1 = not stated */
    struct failure failure; /* REACH_NONE = the reply may be read */
    enum exchange_refusal refusal;
    /* Set by the sender if the reply shows that the service is unusable. The run then sends it no more requests. */
    struct failure complaint;
    /* Set by the judge or the sender if the reply had no content. After several such replies in a row, the run sends no
     * more requests to the service. Replies with REMEDY_RETRY do not count. */
    struct failure useless;
    struct span refusal_said;    /* the server's own message, if it refused */
    struct span refusal_setting; /* for a refused parameter, what to send instead: "temperature=none" */
    double seconds;              /* duration of the last attempt */
    /* Part of the last attempt's request was sent, so the server may have worked on it. Reset as soon as
     * may_try_again agrees to another attempt, because that attempt may never start. */
    bool sent;
    bool sent_secrets; /* the last attempt sent secret_headers or user_password to one of secret_hosts */
    bool refused;      /* refused by us before it could be sent (http_guard.h); `failure` says why */

    struct arena *arena; /* owns request and reply headers; borrowed */
};

/* Initialises an exchange. The arena is borrowed. */
void exchange_start(struct exchange *exchange, enum exchange_kind kind, struct arena *arena);
/* Adds a request header; name and value are copied. */
void exchange_add_header(struct exchange *exchange, const char *name, struct span value);
/* Returns the value of a reply header (name in lower case), or an empty span. */
struct span exchange_reply_header(const struct exchange *exchange, const char *name);
/* Appends one frame and its NUL to the body of a pipe request. *body owns the bytes and must live until the exchange
 * has ended. A NUL in the text becomes a space. */
void exchange_add_frame(struct exchange *exchange, struct buffer *body, struct span text);
/* Judges by status alone: 2xx and 304 GOOD; 408 425 429 529 THROTTLED; 500 502 503 504 TRANSIENT; for services 3xx 401
 * 402 403 404 405 407 456 CLOSED; everything else FINAL. No reply is TRANSIENT if a retry may help; otherwise CLOSED
 * for services and FINAL for pages. */
enum exchange_verdict exchange_judge_common(struct exchange *exchange);
/* Sets the failure for a verdict and returns the verdict. The message names who replied with which status, `advice`
 * (NULL = the default advice for the verdict) and what the server said, shortened and without the secret. The blame
 * goes to the service (money for 402 and 456; the text itself for FINAL if `advice` is given), or to the page or its
 * host. */
enum exchange_verdict exchange_fail(struct exchange *exchange, enum exchange_verdict verdict, const char *advice,
                                    struct span said);
/* Replaces the exchange's secrets with asterisks in a message that quotes the reply (conceal.h). */
void exchange_hide_secret(const struct exchange *exchange, struct failure *failure);
/* Replaces the secrets of the request in the reply's body, headers and address and in the failure. The search is more
 * thorough in answers of services and in errors than in articles (conceal.h). To be called when a transfer has ended,
 * before anything else reads the reply. */
void exchange_conceal_reply(struct exchange *exchange);
/* Converts a number of seconds such as "12" or "1.5" to milliseconds, at most 115 days; -1 if it is not a number. */
long exchange_milliseconds(struct span seconds);
/* Returns how long the server asks us to wait, in milliseconds from now, or -1. Understands Retry-After (seconds,
 * fractions, HTTP date), retry-after-ms and x-amz-retry-after. */
long exchange_retry_after(const struct exchange *exchange);
/* Discards the reply so that the request can be sent again. */
void exchange_clear_reply(struct exchange *exchange);
void exchange_clear(struct exchange *exchange); /* frees the reply, not the arena */

#endif
