/* One HTTP request of a hook, with a time limit on everything. */
#ifndef PROGRAM_HOOKS_REQUEST_H
#define PROGRAM_HOOKS_REQUEST_H

#include "program/program.h"

struct hook_request {
    const char *hook;         /* the setting that holds the address, for messages */
    struct span url;          /* may hold a token: no message quotes more of it than the host */
    struct span body;         /* empty: GET, otherwise POST */
    const char *content_type; /* of the body */
    bool plain_http;          /* may be sent unencrypted */
    long long timeout_ms;
    bool (*stop)(void); /* gives up once this returns true; may be NULL */
};

/* Returns true if the answer is 2xx, whatever else it says. Redirects are not followed. The host may be on this machine
 * or in a private network, because the user has named it. A failure has REACH_ARTICLE if the server does not take this
 * body, otherwise REACH_SERVICE. */
bool hook_request_send(const struct program *program, const struct hook_request *request, struct failure *ret_failure);

#endif
