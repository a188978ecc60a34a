/* Reads "name: value" lines as the header of a reply and of an email: waiting times are sane, parts of Content-Type lie
 * within it, and what is kept for the archive has no secret. */
#include <stdint.h>
#include <stdlib.h>

#include "pipeline/net/exchange.h"
#include "pipeline/net/http_evidence.h"
#include "stages/formats/mail_parts.h"
#include "stages/formats/sniff.h"
#include "stages/services/common/refusal.h"

enum { LIMIT = 1 << 14 };

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length);

static void require(bool holds) {
    if (!holds) abort();
}

static bool is_within(struct span part, struct span whole) {
    return !part.length || (part.at >= whole.at && part.at + part.length <= whole.at + whole.length);
}

static void check_value(struct span value) {
    require(is_within(sniff_http(value), value));
    require(is_within(mail_parameter(value, "charset"), value) && is_within(mail_parameter(value, "boundary"), value));
    require(exchange_milliseconds(value) >= -1 && refusal_wait(value) >= -1);
}

static void add_line(struct exchange *exchange, struct span line) {
    struct span value = line, name = {NULL, 0};
    span_next(&value, ':', &name);
    exchange->reply_headers = arena_grow(exchange->arena, exchange->reply_headers, exchange->reply_header_count,
                                         &exchange->reply_header_capacity, sizeof *exchange->reply_headers);
    exchange->reply_headers[exchange->reply_header_count++] = (struct header){name, span_trim(value)};
    http_evidence_add_line(exchange, line);
    check_value(span_trim(value));
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length) {
    struct span text = {(const char *)bytes, length < LIMIT ? length : LIMIT}, rest = text, line;
    struct arena *arena = arena_new();
    struct exchange exchange;
    exchange_start(&exchange, EXCHANGE_HTTP, arena);
    struct header secret = {SPAN("x-own"), SPAN("key-4711-of-the-fuzzer")};
    exchange.secret_headers = &secret;
    exchange.secret_header_count = 1;
    exchange.keep_heads = true;
    while (span_next(&rest, '\n', &line)) add_line(&exchange, line);
    require(exchange_retry_after(&exchange) >= -1);
    require(span_find(buffer_span(&exchange.reply_head), secret.value) == SIZE_MAX);
    struct mail_header header;
    mail_header_read(text, &header);
    require(is_within(header.type, text) && is_within(header.body, text));
    exchange_clear(&exchange);
    arena_free(arena);
    return 0;
}
