/* One request and its reply, over HTTP or through a child process's pipes.
 *
 * A stage or a source writes the request, the engine carries it out, the same stage reads the reply. Nothing outside
 * http.c and subprocess.c performs it, so that everything above can be tested from recorded bytes. All spans of the
 * request belong to the arena of the article or job that asks; the reply's body belongs to the exchange and lives until
 * exchange_clear(). */
#ifndef PIPELINE_NET_EXCHANGE_H
#define PIPELINE_NET_EXCHANGE_H

#include <stdbool.h>
#include <stddef.h>

#include "pipeline/base/arena.h"
#include "pipeline/base/failure.h"
#include "pipeline/base/text.h"

enum exchange_kind { EXCHANGE_HTTP, EXCHANGE_PIPE };

/* What the reply as a whole means to the limiter in front of the service. Per-text verdicts are the service's. */
enum exchange_verdict {
    EXCHANGE_GOOD,      /* hand it to the asker */
    EXCHANGE_THROTTLED, /* too many requests: wait (retry_after), lower the concurrency, try again */
    EXCHANGE_TRANSIENT, /* the server's own trouble: try again within the retry budget */
    EXCHANGE_FINAL,     /* this request will not succeed: hand it to the asker with `failure` set, reach ARTICLE */
    EXCHANGE_CLOSED     /* key, quota, address or configuration: the service is of no use in this run; reach SERVICE */
};

/* What a service means by an answer that is not a translation; set by its judge, for whoever asked. */
enum exchange_refusal {
    REFUSAL_NONE,
    REFUSAL_KEY,       /* the key was refused */
    REFUSAL_MONEY,     /* credit or quota are used up */
    REFUSAL_SETTING,   /* model, address or another setting is wrong */
    REFUSAL_BUSY,      /* too many requests */
    REFUSAL_TROUBLE,   /* the server's own */
    REFUSAL_SIZE,      /* the request is too large */
    REFUSAL_TEXT,      /* one of the texts is not taken */
    REFUSAL_LANGUAGE,  /* the language is not */
    REFUSAL_PARAMETER, /* a parameter of the request is not: refusal_setting */
    REFUSAL_USELESS,   /* a success, but nothing that could be an answer: empty, or of another kind */
    REFUSAL_UNKNOWN
};

struct table;
struct exchange;
/* Decides from status, headers and body, and fills exchange->failure for all but GOOD. */
typedef enum exchange_verdict exchange_judge(struct exchange *exchange);

struct header {
    struct span name, value;
};

/* How many at once, how fast, how long; of a service or of a host. Zero means "no limit" except where noted. */
struct rate_limits {
    unsigned concurrency; /* most requests at a time, at least 1 */
    unsigned gap_ms;      /* least time between two starts */
    unsigned attempts;    /* in all, at least 1 */
    unsigned timeout_ms;  /* for one attempt */
    unsigned max_wait_ms; /* longest Retry-After that is waited for within a run */
    bool adaptive;        /* AIMD between 1 and `concurrency`; else always `concurrency` */
};

/* One command of a pipeline that speaks NUL-terminated frames: one frame in, one frame out, in order. */
struct command {
    const char *const
        *arguments; /* [0] is the program (found in PATH), ended by NULL; static or of the service's state */
};

struct exchange {
    enum exchange_kind kind;
    struct span limiter;       /* name of the limiter: "service NAME" or "host NAME" */
    struct rate_limits limits; /* used when the limiter is first met */
    exchange_judge *judge;     /* NULL: the common rule (exchange_judge_common) */

    /* HTTP request */
    struct span method; /* empty: GET, or POST when there is a body */
    struct span url;
    struct header *headers; /* secrets may stand here: never logged */
    size_t header_count, header_capacity;
    /* Of a source: sent only to the hosts named in secret_hosts (as local_hosts), whatever redirects lead to; user and
     * password (user_password) as well. Empty hosts: to none. */
    struct header *secret_headers;
    size_t secret_header_count, secret_header_capacity;
    struct span secret_hosts;
    struct span body;
    struct span aws_sigv4; /* e.g. "aws:amz:eu-west-1:translate", with user_password */
    struct span user_password;
    bool keep_heads;         /* what is sent and answered is wanted as evidence: request_head, reply_head, server */
    size_t reply_limit;      /* bytes after decompression; 0: 16 MiB */
    bool trusted_host;       /* a service: may be loopback or private, is never redirected */
    struct span local_hosts; /* for sources: names as of url_host(), parted by spaces, that may be so as well */
    bool carries_key;        /* a secret stands in url, headers or body: refused over plain http: but to loopback */
    bool plain_text_ok;      /* ... unless the config says so */
    /* Asked when an attempt has failed and another one is advised; false: what has failed is handed back. NULL: always.
     */
    bool (*may_try_again)(void *asker, const struct exchange *exchange);
    /* Told right before an attempt leaves; false: it does not, and what it set as *ret_failure is handed back. May be
     * NULL. */
    bool (*starts)(void *asker, struct failure *ret_failure);
    void *asker;
    const struct table *errors; /* what services say when they refuse, for the judge; NULL: by status alone */
    unsigned written_with;      /* the asker's: how much it had learned about the service when it wrote this */
    struct span secret;         /* what no sentence may repeat, though the server may; empty: nothing */

    /* pipe request: `body` holds `frames` frames, each ended by a NUL */
    const struct command *commands; /* live as long as the run */
    size_t command_count;
    size_t frames;

    /* reply */
    long status;                  /* HTTP status; 0 when there was none */
    struct header *reply_headers; /* names in lower case */
    size_t reply_header_count, reply_header_capacity;
    struct span final_url;  /* after redirects; empty when not redirected */
    bool moved_permanently; /* every redirect on the way was 301 or 308 */
    struct span request_head,
        server;               /* with keep_heads: of the last request; who answered, in figures (may be empty) */
    struct buffer reply_head; /* with keep_heads: of the last answer; both as lines, without secrets */
    struct buffer reply;      /* body; for a pipe: `frames` frames */
    unsigned attempt;         /* 1 for the first */
    long retry_after_ms;      /* -1 when not told */
    struct failure failure;   /* reach NONE when the reply may be read */
    enum exchange_refusal refusal;
    struct failure complaint; /* the asker's, when the answer shows that the service is of no use: it is closed */
    struct failure
        useless; /* the judge's or the asker's: the answer held nothing: some in a row close it, unless remedy RETRY */
    struct span refusal_said;    /* the server's own sentence, when it refused */
    struct span refusal_setting; /* of a refused parameter: "temperature=none", what to send instead */
    double seconds;              /* of the last attempt */
    /* Something of the last attempt's request has left: the server may have worked on it. False again once another
     * attempt has been agreed on (may_try_again), which may never start. */
    bool sent;
    bool refused; /* not by the server but here, before it could leave: `failure` says why (http_guard.h) */

    struct arena *arena; /* holds request and reply headers */
};

/* Sets everything to zero but the arena, which stays borrowed. */
void exchange_start(struct exchange *exchange, enum exchange_kind kind, struct arena *arena);
void exchange_add_header(struct exchange *exchange, const char *name, struct span value);
/* Value of a reply header (name in lower case), or empty. */
struct span exchange_reply_header(const struct exchange *exchange, const char *name);
/* Appends one frame and its NUL to a pipe request's body, kept in *body until the exchange is sent. A NUL in the text
 * becomes a space. */
void exchange_add_frame(struct exchange *exchange, struct buffer *body, struct span text);
/* The common rule: 2xx GOOD; 408 425 429 529 THROTTLED; 500 502 503 504 and no answer TRANSIENT; 401 402 403 407
 * 456 CLOSED; 404 and 405 CLOSED for services; everything else FINAL. */
enum exchange_verdict exchange_judge_common(struct exchange *exchange);
/* Sets the failure that goes with a verdict: who answered which status, `advice` (NULL: the usual one), and what the
 * server said, clipped and without the secret; and who is to blame: the service (for 402 and 456 money, for FINAL with
 * an advice the text itself), or the host of a page. Returns the verdict. */
enum exchange_verdict exchange_fail(struct exchange *exchange, enum exchange_verdict verdict, const char *advice,
                                    struct span said);
/* Puts asterisks over the exchange's secret in a sentence that quotes the reply. */
void exchange_hide_secret(const struct exchange *exchange, struct failure *failure);
/* A number of seconds, "12" or "1.5", as milliseconds, or -1. */
long exchange_milliseconds(struct span seconds);
/* Retry-After in its forms (seconds, fractions, HTTP date, retry-after-ms, x-amz-retry-after) as milliseconds from now,
 * or -1. */
long exchange_retry_after(const struct exchange *exchange);
/* Forgets the reply so that the request can be sent again. */
void exchange_clear_reply(struct exchange *exchange);
void exchange_clear(struct exchange *exchange); /* frees the reply; the arena is not its own */

#endif
