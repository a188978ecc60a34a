/* Any bytes as a mail: heads are valid UTF-8, the body is no longer than the mail. */
#include <stdint.h>
#include <stdlib.h>

#include "stages/formats/mail_message.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length);

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length) {
    struct arena *arena = arena_new();
    struct span raw = {(const char *)bytes, length};
    struct mail_message message;
    mail_is(raw);
    if (mail_read(raw, arena, &message)) {
        if (message.body.length > length) abort();
        if (!text_valid(message.subject) || !text_valid(message.sender) || !text_valid(message.date)) abort();
    }
    arena_free(arena);
    return 0;
}
