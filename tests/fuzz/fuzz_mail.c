/* Parses any bytes as an email: headers are valid UTF-8, and the body is not longer than the email. */
#include <stdint.h>
#include <stdlib.h>

#include "fuzz/fuzz_decoder.h"
#include "stages/formats/mail_message.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length);

static void decode(const void *context, struct span bytes, struct span label, struct span around, struct buffer *out) {
    decoder_read_short(context, bytes, label, around, out);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length) {
    const struct mail_charsets charsets = {decode, fuzz_decoder()};
    struct arena *arena = arena_new();
    struct span raw = {(const char *)bytes, length};
    struct mail_message message;
    mail_is(raw);
    if (mail_read(raw, &charsets, arena, &message)) {
        if (message.body.length > length) abort();
        if (!text_valid(message.subject) || !text_valid(message.sender) || !text_valid(message.date)) abort();
    }
    arena_free(arena);
    return 0;
}
