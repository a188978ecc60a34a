/* Delivers mail to an SMTP server with libcurl. Unlike the transfers of http.h, a delivery blocks: mail is sent when a
 * run has finished everything else, so there is nothing to wait for at the same time. The total time is limited, and
 * `stop` is asked meanwhile. */
#ifndef PIPELINE_NET_SMTP_H
#define PIPELINE_NET_SMTP_H

#include <stdbool.h>
#include <stddef.h>

#include "pipeline/base/failure.h"
#include "pipeline/base/text.h"

struct smtp_options {
    struct span server;         /* smtp://HOST:PORT or smtps://HOST:PORT; both HOST:PORT forms without a path */
    bool starttls;              /* smtp: the server must offer STARTTLS; otherwise it is not used */
    struct span user, password; /* empty: no login */
    struct span ca_file;        /* file of trusted certificates; empty = the system's */
    long long timeout_ms;       /* for the whole delivery */
    bool (*stop)(void);         /* whether to give up; may be NULL */
};

enum { SMTP_REPLY_BYTES = 240 };

struct smtp_recipient {
    struct span address;
    bool accepted;
    char reply[SMTP_REPLY_BYTES]; /* what the server answered, for people; "" if it was not asked */
};

/* Sends a message, whose lines end with CR LF, from an address to some recipients. Returns true if the server has
 * accepted the message for at least one of them; `accepted` says for which. Otherwise the failure (for the next run)
 * says what the server answered; it never contains the password. It reaches no further than this message
 * (REACH_ARTICLE) if the server has refused the message itself, and otherwise the server (REACH_SERVICE). */
bool smtp_send(const struct smtp_options *options, struct span from, struct smtp_recipient *recipients, size_t count,
               struct span message, struct failure *ret_failure);
/* Connects and logs in, without sending anything. */
bool smtp_check(const struct smtp_options *options, struct failure *ret_failure);

#endif
