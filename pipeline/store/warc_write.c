#include "pipeline/store/warc_write.h"

#include <stdint.h>
#include <stdio.h>
#include <sys/random.h>

#include "pipeline/base/clock.h"
#include "pipeline/base/sha256.h"
#include "pipeline/net/url.h"

enum { HEAD_LIMIT = 1 << 20 };

void warc_new_id(char ret_id[WARC_ID]) {
    static uint64_t count;
    uint64_t chance[2];
    /* Without random numbers, time and a counter still make the id unique within this archive. */
    if (getrandom(chance, sizeof chance, 0) != (ssize_t)sizeof chance)
        chance[0] = (uint64_t)clock_ms() << 20, chance[1] = ++count;
    /* Version 4 and variant bits as RFC 9562 requires. */
    snprintf(ret_id, WARC_ID, "urn:uuid:%08x-%04x-4%03x-%04x-%012llx", (unsigned)(chance[0] >> 32),
             (unsigned)(chance[0] >> 16 & 0xFFFF), (unsigned)(chance[0] & 0xFFF),
             (unsigned)(0x8000 | (chance[1] >> 50 & 0x3FFF)), (unsigned long long)(chance[1] & 0xFFFFFFFFFFFF));
}

/* Writes the header lines with which every record begins. */
static void begin(struct buffer *out, const char *type, const char *id, struct span time) {
    buffer_print(out, "WARC/1.1\r\nWARC-Type: %s\r\nWARC-Record-ID: <%s>\r\nWARC-Date: %.*s\r\n", type, id,
                 SPAN_ARGS(time));
}

/* Writes the last header lines, the block and the separator before the next record. */
static void end(struct buffer *out, const char *type, struct span head, struct span body) {
    buffer_print(out, "Content-Type: %s\r\nContent-Length: %zu\r\n\r\n", type, head.length + body.length);
    buffer_add_span(out, head);
    buffer_add_span(out, body);
    buffer_add_string(out, "\r\n\r\n");
}

void warc_write_info(struct buffer *out, const char *id, struct span time, struct span file, struct span software) {
    struct buffer fields = BUFFER(HEAD_LIMIT);
    buffer_print(&fields,
                 "software: %.*s\r\nformat: WARC File Format 1.1\r\n"
                 "conformsTo: http://iipc.github.io/warc-specifications/specifications/warc-format/warc-1.1/\r\n"
                 "description: pages and feeds from which articles were taken; bodies are decompressed, and secrets "
                 "are removed from headers\r\n",
                 SPAN_ARGS(software));
    begin(out, "warcinfo", id, time);
    buffer_print(out, "WARC-Filename: %.*s\r\n", SPAN_ARGS(file));
    end(out, "application/warc-fields", buffer_span(&fields), SPAN(""));
    buffer_free(&fields);
}

/* Writes the header lines that say where a record comes from, without any login in the URL. */
static void add_origin(struct buffer *out, const struct warc_capture *capture, const char *info) {
    buffer_add_string(out, "WARC-Target-URI: ");
    url_add_without_users(out, capture->target);
    buffer_print(out, "\r\nWARC-Warcinfo-ID: <%s>\r\n", info);
    if (capture->address.length) buffer_print(out, "WARC-IP-Address: %.*s\r\n", SPAN_ARGS(capture->address));
}

/* Adds a header with a hash, by which a reader can verify that the record is unchanged. */
static void add_digest(struct buffer *out, const char *name, struct span bytes) {
    char hex[65];
    sha256_hex(bytes, hex);
    buffer_print(out, "%s: sha256:%s\r\n", name, hex);
}

/* WARC readers know only HTTP/1, so the version of an HTTP/2 status line is replaced. */
static void add_first_line(struct buffer *out, struct span line) {
    size_t space = span_find(line, SPAN(" "));
    /* HTTP/1 status lines are kept; of other status lines, only the status and the reason are kept. */
    bool old = span_starts(line, SPAN("HTTP/1.")) || space == SIZE_MAX;
    buffer_print(out, "%s%.*s\r\n", old ? "" : "HTTP/1.1",
                 SPAN_ARGS(span_trim(span_cut(line, old ? 0 : space, line.length))));
}

/* The body is stored decompressed, so these headers no longer describe it. They are kept under another name. */
static bool describes_transfer(struct span name) {
    return span_is_ascii_fold(name, "content-encoding") || span_is_ascii_fold(name, "transfer-encoding") ||
           span_is_ascii_fold(name, "content-length");
}

/* Writes the reply's head for the body as it is stored, with its own Content-Length. */
static void add_reply_head(struct buffer *out, const struct warc_capture *capture) {
    struct span rest = capture->reply_head, line;
    for (bool first = true; span_next(&rest, '\n', &line); first = false) {
        line = span_trim(line);
        if (first)
            add_first_line(out, line);
        else if (line.length)
            buffer_print(
                out, "%s%.*s\r\n",
                describes_transfer(span_trim(span_cut(line, 0, span_find(line, SPAN(":"))))) ? "X-Archive-Orig-" : "",
                SPAN_ARGS(line));
    }
    buffer_print(out, "Content-Length: %zu\r\n\r\n", capture->body.length);
}

void warc_write_response(struct buffer *out, const struct warc_capture *capture, const char *id, const char *info) {
    struct buffer head = BUFFER(HEAD_LIMIT);
    add_reply_head(&head, capture);
    begin(out, "response", id, capture->time);
    add_origin(out, capture, info);
    add_digest(out, "WARC-Payload-Digest", capture->body);
    end(out, "application/http;msgtype=response", buffer_span(&head), capture->body);
    buffer_free(&head);
}

void warc_write_request(struct buffer *out, const struct warc_capture *capture, const char *response,
                        const char *info) {
    char id[WARC_ID];
    struct buffer head = BUFFER(HEAD_LIMIT);
    warc_new_id(id);
    buffer_add_span(&head, capture->request_head);
    buffer_add_string(&head, "\r\n");
    begin(out, "request", id, capture->time);
    buffer_print(out, "WARC-Concurrent-To: <%s>\r\n", response);
    add_origin(out, capture, info);
    add_digest(out, "WARC-Block-Digest", buffer_span(&head));
    end(out, "application/http;msgtype=request", buffer_span(&head), SPAN(""));
    buffer_free(&head);
}
