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

/* Returns the length of the value at the start of the text. */
static size_t value_length(struct span text) {
    size_t end = text.length > 0 && text.at[0] == '\'' ? 1 : 0;
    bool quoted = end > 0;
    while (end < text.length && (quoted ? text.at[end] != '\'' : !ends_word(text.at[end]) && text.at[end] != '&'))
        end++;
    return end;
}

/* Hides the values of "password=VALUE", as libpq and queries have it. */
static void hide_values(char *text, size_t length, struct span name) {
    for (size_t i = 0; i + name.length < length; i++) {
        if (!span_starts_ascii_fold((struct span){text + i, length - i}, name)) continue;
        for (i += name.length; i < length && text[i] == ' ';) i++;
        if (i == length || text[i] != '=') continue;
        for (i++; i < length && text[i] == ' ';) i++;
        size_t hidden = value_length((struct span){text + i, length - i});
        memset(text + i, '*', hidden);
        i += hidden;
    }
}

static void hide_all_values(char *text, size_t length) {
    hide_values(text, length, SPAN("password"));
    hide_values(text, length, SPAN("passwd"));
}

void logins_hide(char *text, size_t length) {
    for (size_t start = 0, end; start < length; start = end + 1) {
        for (end = start; end < length && !ends_word(text[end]);) end++;
        hide_in_word(text + start, end - start);
    }
    hide_all_values(text, length);
}

void logins_hide_in_value(char *text, size_t length) {
    hide_in_word(text, length);
    hide_all_values(text, length);
}
