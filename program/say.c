#include "program/say.h"

#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>

#include "pipeline/base/text.h"

enum { LINE_LIMIT = 16 * 1024 }; /* in bytes; longer lines are truncated */

/* Control characters (C0 and C1), line and paragraph separators, and bidirectional embeddings, overrides and
 * isolates. */
static bool is_unfit(uint32_t rune) {
    return rune < 0x20 || (rune >= 0x7F && rune < 0xA0) || (rune >= 0x2028 && rune <= 0x202E) ||
           (rune >= 0x2066 && rune <= 0x2069) || rune == 0x200E || rune == 0x200F;
}

void say(const char *format, ...) {
    char text[LINE_LIMIT];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(text, sizeof text, format, arguments);
    va_end(arguments);
    struct span line = span_of(text);
    struct buffer out = BUFFER(3 * LINE_LIMIT);
    for (size_t i = 0; i < line.length;) {
        uint32_t rune;
        i += text_next(line, i, &rune);
        buffer_add_rune(&out, is_unfit(rune) ? 0xFFFD : rune);
    }
    printf("%.*s\n", SPAN_ARGS(buffer_span(&out)));
    buffer_free(&out);
}
