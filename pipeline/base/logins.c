#include "pipeline/base/logins.h"

#include <string.h>

#include "pipeline/base/text.h"

static bool ends_word(char c) {
    return (unsigned char)c <= ' ' || strchr("'\"`<>()", c);
}

/* Returns whether the text begins with a port and a path. */
static bool is_port(struct span text) {
    size_t digits = 0;
    while (digits < text.length && text.at[digits] >= '0' && text.at[digits] <= '9') digits++;
    return digits > 0 && digits < text.length && strchr("/?#", text.at[digits]);
}

/* Returns the position behind the colon before the password, or `end` if there is none. */
static size_t password_start(struct span word, size_t end) {
    size_t scheme = span_find(word, SPAN("://"));
    for (size_t i = scheme == SIZE_MAX ? 0 : scheme + 3; i < end; i++)
        if (word.at[i] == ':') return is_port(span_cut(word, i + 1, end)) ? end : i + 1;
    return end;
}

static void hide_in_word(char *at, size_t length) {
    struct span word = {at, length};
    size_t end = length;
    if (span_starts_ascii_fold(word, SPAN("mailto:"))) return;
    /* The last '@' counts, as a password may contain one. */
    while (end > 0 && at[end - 1] != '@') end--;
    if (end == 0) return;
    size_t start = password_start(word, end - 1);
    memset(at + start, '*', end - 1 - start);
}

void logins_hide(char *text, size_t length) {
    for (size_t start = 0, end; start < length; start = end + 1) {
        for (end = start; end < length && !ends_word(text[end]);) end++;
        hide_in_word(text + start, end - start);
    }
}
