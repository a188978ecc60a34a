/* The parts of http.c: a transfer, and what happens while its connection is made and its reply arrives. Included only
 * by http.c and the files named http_*.c. */
#ifndef PIPELINE_NET_HTTP_TRANSFER_H
#define PIPELINE_NET_HTTP_TRANSFER_H

#include <curl/curl.h>
#include <stdint.h>
#include <sys/queue.h>

#include "pipeline/net/http.h"

struct transfer {
    LIST_ENTRY(transfer) next;
    struct http *http;
    struct exchange *exchange;
    http_done *done;
    void *context;
    CURL *easy;
    struct curl_slist *headers;
    size_t limit;
    int64_t started;
    unsigned redirects; /* number of redirects followed */
    char *refused;      /* private address to which a name has resolved, or NULL */
    size_t head_bytes;  /* of all headers received, those of redirects and interim replies included */
    bool proxied;       /* the request goes to a proxy, so the server's address cannot be checked */
    bool headers_ended, too_large, too_many_headers, temporary_redirect;
    char error[CURL_ERROR_SIZE];
};

/* Sets the callbacks that check the address of the connection and take the reply. */
void http_receive_watch(struct transfer *transfer);

#endif
