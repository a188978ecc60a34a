#include "stages/formats/warc_record.h"

#include <stdint.h>

#include "pipeline/net/url.h"
#include "stages/formats/gunzip.h"

/* Returns the value of a header field, ignoring the case of its name. */
static struct span field(struct span head, const char *name) {
    struct span line, key;
    while (span_next(&head, '\n', &line)) {
        if (!span_next(&line, ':', &key)) continue;
        if (span_is_ascii_fold(span_trim(key), name)) return span_trim(line);
    }
    return (struct span){NULL, 0};
}

static struct span without_brackets(struct span text) {
    return span_starts(text, SPAN("<")) && span_ends(text, SPAN(">")) ? span_cut(text, 1, text.length - 1) : text;
}

/* Some archives were written according to the drafts 0.17 and 0.18. */
static bool is_version(struct span text) {
    return span_form(text, "WARC/d.d") > 0;
}

/* Documents without a type are judged later by their content. */
static bool is_text(struct span type) {
    return type.length == 0 || span_starts_ascii_fold(type, SPAN("text/html")) ||
           span_starts_ascii_fold(type, SPAN("text/plain")) || span_starts_ascii_fold(type, SPAN("application/xhtml"));
}

/* Requests, metadata and revisits contain no page. */
static enum warc_kind kind_of(const struct warc_head *head, struct span type) {
    if (!url_is_remote(head->target)) return WARC_OTHER;
    if (span_is_ascii_fold(type, "response")) return WARC_RESPONSE;
    bool document = span_is_ascii_fold(type, "resource") || span_is_ascii_fold(type, "conversion");
    return document && is_text(head->content_type) ? WARC_DOCUMENT : WARC_OTHER;
}

/* The length is required, because the next record cannot be found without it. */
bool warc_read_head(struct span text, struct warc_head *ret_head) {
    long long length = -1;
    *ret_head = (struct warc_head){.target = without_brackets(field(text, "WARC-Target-URI")),
                                   .content_type = field(text, "Content-Type")};
    if (!is_version(text) || !span_number(field(text, "Content-Length"), &length) || length < 0) return false;
    ret_head->length = (size_t)length;
    ret_head->kind = kind_of(ret_head, field(text, "WARC-Type"));
    return true;
}

/* Used to continue after a damaged record. "WARC/" also occurs inside pages, so an empty line must precede it. */
size_t warc_find_record(struct span text) {
    for (size_t from = 0, at; (at = span_find(span_cut(text, from, text.length), SPAN("\nWARC/"))) != SIZE_MAX;) {
        at += from + 1;
        struct span before = span_cut(text, 0, at - 1);
        if (span_ends(before, SPAN("\r"))) before.length--;
        bool gap = before.length == 0 || span_ends(before, SPAN("\n"));
        if (gap && is_version(span_cut(text, at, text.length))) return at;
        from = at;
    }
    return SIZE_MAX;
}

/* Reads a hexadecimal size; extensions may follow after ';'. Eight digits suffice for any size that is accepted. */
static bool chunk_size(struct span line, size_t *ret_size) {
    struct span digits = {NULL, 0};
    *ret_size = 0;
    if (!span_next(&line, ';', &digits)) return false;
    digits = span_trim(digits);
    if (digits.length == 0 || digits.length > 8) return false;
    for (size_t i = 0; i < digits.length; i++) {
        char c = digits.at[i];
        bool decimal = c >= '0' && c <= '9', hex = (c | 0x20) >= 'a' && (c | 0x20) <= 'f';
        if (!decimal && !hex) return false;
        *ret_size = *ret_size * 16 + (size_t)(decimal ? c - '0' : (c | 0x20) - 'a' + 10);
    }
    return true;
}

/* Returns false if the last chunk is missing: then the body is not chunked, or it is truncated. */
static bool join_chunks(struct span body, struct buffer *out) {
    struct span line;
    size_t size;
    while (span_next(&body, '\n', &line)) {
        /* This is the line end after a chunk's bytes. */
        if (span_trim(line).length == 0) continue;
        if (!chunk_size(line, &size)) return false;
        if (size == 0) return true;
        buffer_add_span(out, span_cut(body, 0, size));
        if (size > body.length) return false;
        body = span_cut(body, size, body.length);
    }
    return false;
}

/* Returns true for a successful response with text. Errors and redirects are archived too, but contain no article. */
static bool is_page(struct span head, struct span *ret_type) {
    struct span status = head, word;
    *ret_type = field(head, "Content-Type");
    if (!span_starts(head, SPAN("HTTP/")) || !span_next(&status, ' ', &word) || !span_starts(status, SPAN("200")))
        return false;
    return is_text(*ret_type);
}

/* Some servers send feeds as text/html. A feed's items are articles, but the feed itself is not. */
static bool is_feed(struct span body) {
    static const char *const signs[] = {"<rss", "<rdf:RDF", "<feed"};
    struct span head = span_cut(body, 0, 1024);
    for (size_t i = 0; i < sizeof signs / sizeof *signs; i++)
        if (span_find(head, span_of(signs[i])) != SIZE_MAX) return span_find(head, SPAN("<html")) == SIZE_MAX;
    return false;
}

/* Some archives contain the body as it was sent. Others removed the chunks and compression but kept the header fields,
 * so only the bytes show what was done. */
static void unpack_body(struct span head, struct warc_page *page) {
    struct buffer joined = BUFFER(page->unpacked.limit);
    if (span_is_ascii_fold(field(head, "Transfer-Encoding"), "chunked") && join_chunks(page->body, &joined))
        page->body = buffer_span(&joined);
    if (gunzip_is(page->body)) {
        page->damaged = !gunzip(page->body, &page->unpacked);
        page->body = buffer_span(&page->unpacked);
    } else if (joined.length && page->body.at == joined.at) {
        page->damaged = !buffer_add_span(&page->unpacked, page->body);
        page->body = buffer_span(&page->unpacked);
    }
    buffer_free(&joined);
}

/* Some archives end header lines with "\n" only. */
bool warc_read_page(const struct warc_head *record, struct span block, struct warc_page *page) {
    if (record->kind == WARC_DOCUMENT) {
        page->content_type = record->content_type;
        page->body = block;
        return span_trim(block).length > 0;
    }
    size_t end = span_find(block, SPAN("\r\n\r\n")), gap = 4;
    if (end == SIZE_MAX) {
        end = span_find(block, SPAN("\n\n"));
        gap = 2;
    }
    if (end == SIZE_MAX) return false;
    struct span head = span_cut(block, 0, end);
    if (!is_page(head, &page->content_type)) return false;
    page->body = span_cut(block, end + gap, block.length);
    unpack_body(head, page);
    return !page->damaged && page->body.length > 0 && !is_feed(page->body);
}
