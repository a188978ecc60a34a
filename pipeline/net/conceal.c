#define _GNU_SOURCE /* explicit_bzero */
#include "pipeline/net/conceal.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "pipeline/base/arena.h"

/* A run is a number of bytes in a row. A text that shares a run of the given length with a form of the secret contains
 * a part of it, so all runs of all forms make a set, and every run of the text is looked up in it. */
enum {
    SHORTEST_SECRET = 4,
    SECRET_LIMIT = 2048,
    FORMS_LIMIT = SECRET_LIMIT * 36,
    MAX_SLOTS = 1 << 17, /* more than there can be runs */
    MESSAGE_RUN = 6,
    SHORT_RUN = 8,
    LONG_RUN = 16,
    LONGEST_RUN = 32,
    FACTOR = 31
};

struct runs {
    struct buffer forms; /* each form ends with a NUL */
    uint32_t *slots;     /* 1 + position of a run in `forms`; 0: empty */
    size_t mask, length; /* `length` of a run */
    bool mixed;          /* only what letters and digits are mixed in gives the secret away */
};

/* The two alphabets of base64 are treated alike, and so are small letters and capitals. */
static unsigned char plain(char c) {
    if (c >= 'A' && c <= 'Z') return (unsigned char)(c + 32);
    return c == '-' ? '+' : c == '_' ? '/' : (unsigned char)c;
}

/* ---------------------------------------------------------------- forms of a secret */

static bool is_alphanumeric(char c) {
    return (c >= '0' && c <= '9') || ((c | 32) >= 'a' && (c | 32) <= 'z');
}

static bool is_punctuation(char c) {
    return c > ' ' && c < 0x7F && !is_alphanumeric(c);
}

static bool is_digit(char c) {
    return c >= '0' && c <= '9';
}

static bool has_digit(struct span text) {
    for (size_t i = 0; i < text.length; i++)
        if (is_digit(text.at[i])) return true;
    return false;
}

static bool is_mixed(struct span text) {
    bool letter = false;
    for (size_t i = 0; i < text.length; i++) letter = letter || (!is_digit(text.at[i]) && is_alphanumeric(text.at[i]));
    return letter && has_digit(text);
}

/* How a byte is written that is neither a letter nor a digit nor one of `kept`. */
struct escape {
    const char *kept, *before, *after;
    bool decimal; /* else hexadecimal */
};

static void add_escaped(struct buffer *forms, struct span secret, const struct escape *escape) {
    for (size_t i = 0; i < secret.length; i++) {
        unsigned byte = (unsigned char)secret.at[i];
        if (is_alphanumeric(secret.at[i]) || (byte && strchr(escape->kept, (int)byte)))
            buffer_add(forms, secret.at + i, 1);
        else if (escape->decimal)
            buffer_print(forms, "%s%u%s", escape->before, byte, escape->after);
        else
            buffer_print(forms, "%s%02x%s", escape->before, byte, escape->after);
    }
    buffer_add(forms, "", 1);
}

/* As PHP and most other libraries write JSON. */
static void add_backslashes(struct buffer *forms, struct span secret) {
    for (size_t i = 0; i < secret.length; i++) {
        if (strchr("/\"\\", secret.at[i])) buffer_add(forms, "\\", 1);
        buffer_add(forms, secret.at + i, 1);
    }
    buffer_add(forms, "", 1);
}

static void add_hexadecimal(struct buffer *forms, struct span secret) {
    for (size_t i = 0; i < secret.length; i++) buffer_print(forms, "%02x", (unsigned)(unsigned char)secret.at[i]);
    buffer_add(forms, "", 1);
}

/* Writes only whole digits: those that also depend on bytes before or behind the secret are left out. `shift` bytes
 * precede the secret in its group of three. */
static void add_base64(struct buffer *forms, struct span secret, size_t shift) {
    static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    size_t last = 8 * (shift + secret.length);
    for (size_t bit = (8 * shift + 5) / 6 * 6; bit + 6 <= last; bit += 6) {
        size_t at = bit / 8 - shift, within = bit % 8;
        unsigned pair = (unsigned)(unsigned char)secret.at[at] << 8;
        if (at + 1 < secret.length) pair |= (unsigned char)secret.at[at + 1];
        buffer_add(forms, &digits[pair >> (10 - within) & 63], 1);
    }
    buffer_add(forms, "", 1);
}

static void add_forms(struct buffer *forms, struct span secret) {
    static const struct escape escapes[] = {{"-._~", "%", "", false},
                                            {"", "%", "", false},
                                            {"", "\\u00", "", false},
                                            {"", "&#", ";", true},
                                            {"", "&#x", ";", false}};
    buffer_add_span(forms, secret);
    buffer_add(forms, "", 1);
    for (size_t shift = 0; shift < 3; shift++) add_base64(forms, secret, shift);
    for (size_t i = 0; i < sizeof escapes / sizeof *escapes; i++) add_escaped(forms, secret, &escapes[i]);
    add_hexadecimal(forms, secret);
    add_backslashes(forms, secret);
}

/* ---------------------------------------------------------------- the set of runs */

static uint32_t hash_of(const char *at, size_t length) {
    uint32_t hash = 0;
    for (size_t i = 0; i < length; i++) hash = hash * FACTOR + plain(at[i]);
    return hash;
}

static bool same_run(const char *one, const char *other, size_t length) {
    for (size_t i = 0; i < length; i++)
        if (plain(one[i]) != plain(other[i])) return false;
    return true;
}

/* Returns the slot that holds this run, or the empty one where it belongs. */
static uint32_t *slot_of(const struct runs *runs, const char *at, uint32_t hash) {
    size_t i = (hash ^ hash >> 15) & runs->mask;
    while (runs->slots[i] && !same_run(runs->forms.at + runs->slots[i] - 1, at, runs->length)) i = (i + 1) & runs->mask;
    return &runs->slots[i];
}

static void add_run(struct runs *runs, const char *at) {
    uint32_t *slot = slot_of(runs, at, hash_of(at, runs->length));
    if (!*slot) *slot = (uint32_t)(at - runs->forms.at) + 1;
}

static void add_runs(struct runs *runs) {
    struct span rest = buffer_span(&runs->forms), form;
    while (span_next(&rest, '\0', &form))
        for (size_t i = 0; i + runs->length <= form.length; i++) add_run(runs, form.at + i);
}

/* Runs of the secret that overlap or touch. */
struct stretch {
    size_t from, to;
    bool given_away; /* it holds a run that no text has by chance */
};

static void end_stretch(const struct stretch *stretch, char *text) {
    if (stretch->given_away) memset(text + stretch->from, '*', stretch->to - stretch->from);
}

static void hide(const struct runs *runs, char *text, size_t length) {
    struct stretch stretch = {0};
    size_t run = runs->length;
    uint32_t top = 1, hash = hash_of(text, run);
    for (size_t i = 1; i < run; i++) top *= FACTOR;
    for (size_t at = 0; at + run <= length; at++) {
        if (at) hash = (hash - plain(text[at - 1]) * top) * FACTOR + plain(text[at + run - 1]);
        if (!*slot_of(runs, text + at, hash)) continue;
        if (at > stretch.to) {
            end_stretch(&stretch, text);
            stretch = (struct stretch){.from = at};
        }
        stretch.to = at + run;
        stretch.given_away = stretch.given_away || !runs->mixed || is_mixed((struct span){text + at, run});
    }
    end_stretch(&stretch, text);
}

/* ---------------------------------------------------------------- what counts as a secret */

bool conceal_looks_random(struct span text) {
    return (text.length >= SHORT_RUN && is_mixed(text)) || text.length >= LONGEST_RUN;
}

static bool is_number_of_articles(struct span digits) {
    bool year = digits.length == 4 && (span_starts(digits, SPAN("19")) || span_starts(digits, SPAN("20")));
    return digits.length <= 3 || year;
}

/* Whether a capital follows a small letter, as by chance in what a machine has made. */
static bool has_inner_capital(struct span text) {
    for (size_t i = 1; i < text.length; i++)
        if (text.at[i] >= 'A' && text.at[i] <= 'Z' && text.at[i - 1] >= 'a' && text.at[i - 1] <= 'z') return true;
    return false;
}

static struct span without_punctuation(struct span text) {
    while (text.length && is_punctuation(text.at[0])) text = span_cut(text, 1, text.length);
    while (text.length && is_punctuation(text.at[text.length - 1])) text.length--;
    return text;
}

/* "euro2024", "Covid-19!", "real-madrid-2024", "3sat-abend": words with one such number before or after them. */
static bool is_ordinary(struct span text) {
    size_t from = 0;
    text = without_punctuation(text);
    while (from < text.length && !is_digit(text.at[from])) from++;
    size_t to = from;
    while (to < text.length && is_digit(text.at[to])) to++;
    bool outside = from == 0 || to == text.length, more = has_digit(span_cut(text, to, text.length));
    return outside && !more && is_number_of_articles(span_cut(text, from, to)) && !has_inner_capital(text);
}

/* Whether it may be hidden in a text of this kind. */
static bool is_sought(struct span secret, enum conceal_mode mode) {
    if (mode == CONCEAL_MESSAGE) return secret.length >= SHORTEST_SECRET;
    bool ordinary = mode == CONCEAL_CONTENT && secret.length < LONGEST_RUN && is_ordinary(secret);
    return conceal_looks_random(secret) && !ordinary;
}

static size_t content_run(struct span secret) {
    size_t third = secret.length / 3;
    if (!is_mixed(secret)) return LONGEST_RUN;
    return third < SHORT_RUN ? SHORT_RUN : third > LONG_RUN ? LONG_RUN : third;
}

static size_t run_length(struct span secret, enum conceal_mode mode) {
    size_t wanted = mode == CONCEAL_MESSAGE ? MESSAGE_RUN : content_run(secret);
    return secret.length < wanted ? secret.length : wanted;
}

void conceal(char *text, size_t length, struct span secret, enum conceal_mode mode) {
    secret = span_cut(secret, 0, SECRET_LIMIT);
    struct runs runs = {.forms = BUFFER(FORMS_LIMIT), .length = run_length(secret, mode)};
    runs.mixed = mode != CONCEAL_MESSAGE && is_mixed(secret);
    if (!is_sought(secret, mode) || length < runs.length) return;
    add_forms(&runs.forms, secret);
    size_t slots = 64;
    while (slots < 2 * runs.forms.length && slots < MAX_SLOTS) slots *= 2;
    runs.mask = slots - 1;
    runs.slots = memory_take_many(slots, sizeof *runs.slots);
    add_runs(&runs);
    hide(&runs, text, length);
    explicit_bzero(runs.forms.at, runs.forms.length);
    buffer_free(&runs.forms);
    free(runs.slots);
}
