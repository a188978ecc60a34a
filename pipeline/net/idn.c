#include "pipeline/net/idn.h"

#include <idn2.h>
#include <string.h>

/* Of a name, in bytes of UTF-8; in ASCII 253 are allowed. */
enum { NAME_LIMIT = 1024 };

static bool is_ascii(struct span text) {
    for (size_t i = 0; i < text.length; i++)
        if ((unsigned char)text.at[i] >= 0x80) return false;
    return true;
}

/* The mapping makes ASCII of other characters too ("／" becomes "/"), which must not end the host early. */
static bool is_name(const char *text) {
    static const char allowed[] = "abcdefghijklmnopqrstuvwxyz0123456789-._";
    return *text && strspn(text, allowed) == strlen(text);
}

struct span idn_ascii(struct span host, struct arena *arena) {
    char *name = NULL;
    struct span ascii = {NULL, 0};
    if (is_ascii(host)) return host;
    if (host.length > NAME_LIMIT || memchr(host.at, '\0', host.length) || !text_valid(host)) return ascii;
    int code = idn2_to_ascii_8z(arena_string(arena, host), &name, IDN2_NFC_INPUT | IDN2_NONTRANSITIONAL);
    if (code == IDN2_MALLOC) memory_exhausted();
    if (code == IDN2_OK && is_name(name)) ascii = arena_copy(arena, span_of(name));
    idn2_free(name);
    return ascii;
}
