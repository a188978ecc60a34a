#define _GNU_SOURCE /* explicit_bzero */
#include "pipeline/net/http_headers.h"

#include <string.h>

#include "pipeline/net/http_guard.h"

/* Servers refuse longer lines anyway. */
enum { LINE_LIMIT = 64 * 1024 };

/* Appends "Name: value" to the list. The line is wiped after libcurl has copied it. */
static struct curl_slist *add(struct curl_slist *list, const struct header *header) {
    struct buffer line = BUFFER(LINE_LIMIT);
    buffer_print(&line, "%.*s: %.*s", SPAN_ARGS(header->name), SPAN_ARGS(header->value));
    /* A value with a line break could add further headers, so its header is dropped. */
    if (line.at && !strpbrk(line.at, "\r\n")) list = curl_slist_append(list, line.at);
    if (line.at) explicit_bzero(line.at, line.length);
    buffer_free(&line);
    return list;
}

struct curl_slist *http_headers_make(const struct exchange *exchange, const char *url) {
    struct curl_slist *list = NULL;
    for (size_t i = 0; i < exchange->header_count; i++) list = add(list, &exchange->headers[i]);
    bool secrets = http_guard_takes_secrets(exchange, url);
    for (size_t i = 0; secrets && i < exchange->secret_header_count; i++)
        list = add(list, &exchange->secret_headers[i]);
    /* Do not wait for 100-continue, which costs a second with some servers. Requests signed for AWS are excepted:
     * libcurl would sign the absent header, and does not wait if the body is as small as here. */
    return exchange->aws_sigv4.length ? list : curl_slist_append(list, "Expect:");
}
