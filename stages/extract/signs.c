#include "stages/extract/signs.h"

#include <string.h>

#include "stages/language/unicode.h"

enum {
    BUCKETS = 4096,
    PREFIX = 3,          /* number of bytes at the beginning of a phrase that select its bucket */
    LONGEST_TEXT = 4000, /* max. bytes at the beginning of a text that are searched */
    MOSTLY = 2           /* a phrase is most of a text if the text is at most this many times as long as the phrase */
};

struct sign_phrase {
    struct span text;
    enum sign sign;
    bool whole;
    uint32_t next; /* index + 1 of the next phrase in the bucket, or 0 */
};

static const char *const names[SIGNS] = {
    [SIGN_CONSENT] = "consent", [SIGN_CAPTCHA] = "captcha",     [SIGN_LOGIN] = "login",
    [SIGN_SCRIPT] = "script",   [SIGN_NOT_FOUND] = "not-found", [SIGN_SERVER_ERROR] = "server-error",
    [SIGN_REFUSED] = "refused", [SIGN_SUBSCRIBE] = "subscribe",
};

/* ---------------------------------------------------------------- building */

/* Returns the bucket of a text, by its first bytes. Few phrases begin with the same bytes, so a bucket is short. */
static size_t bucket_of(struct span text) {
    uint32_t hash = 0;
    for (size_t i = 0; i < PREFIX && i < text.length; i++) hash = hash * 131 + (unsigned char)text.at[i];
    return hash % BUCKETS;
}

/* Reads the name of a sign, which may have the suffix "-whole". */
static bool sign_of(struct span name, enum sign *ret_sign, bool *ret_whole) {
    *ret_whole = span_ends(name, SPAN("-whole"));
    if (*ret_whole) name = span_cut(name, 0, name.length - strlen("-whole"));
    for (enum sign sign = 0; sign < SIGNS; sign++)
        if (span_is(name, names[sign])) {
            *ret_sign = sign;
            return true;
        }
    return false;
}

/* Adds a phrase at the front of its bucket. */
static void add_phrase(struct signs *signs, struct sign_phrase phrase, struct arena *arena) {
    uint32_t *bucket = &signs->buckets[bucket_of(phrase.text)];
    phrase.next = *bucket;
    signs->phrases = arena_grow(arena, signs->phrases, signs->count, &signs->capacity, sizeof phrase);
    signs->phrases[signs->count++] = phrase;
    *bucket = (uint32_t)signs->count;
}

bool signs_make(const struct table *table, struct arena *arena, struct signs *ret_signs, struct failure *ret_failure) {
    struct signs signs = {.buckets = arena_take(arena, BUCKETS * sizeof *signs.buckets)};
    for (size_t i = 0; i < table->count; i++) {
        struct sign_phrase phrase = {0};
        struct span list = table->rows[i].cells[2], piece;
        if (!sign_of(table->rows[i].cells[0], &phrase.sign, &phrase.whole))
            return failure_fatal(ret_failure, EXIT_CONFIG, "extract/content.tsv: unknown sign '%.*s'",
                                 SPAN_ARGS(table->rows[i].cells[0]));
        while (span_next(&list, ';', &piece)) {
            phrase.text = span_trim(piece);
            if (phrase.text.length >= PREFIX) add_phrase(&signs, phrase, arena);
        }
    }
    *ret_signs = signs;
    return true;
}

/* ---------------------------------------------------------------- finding */

static uint32_t fold(uint32_t rune) {
    if (rune == 0x2019 || rune == 0x2BC) return '\''; /* apostrophes, which never open a quotation */
    if (rune == 0xA0 || rune == 0x202F) return ' ';
    return rune_fold(rune);
}

/* Folds the beginning of a text. The rest is not searched, because the texts of walls (see content.h) are short. */
static struct span fold_text(struct span text, struct buffer *out) {
    text = text_clip(text, LONGEST_TEXT);
    for (size_t at = 0; at < text.length;) {
        uint32_t rune;
        at += text_next(text, at, &rune);
        buffer_add_rune(out, fold(rune));
    }
    return buffer_span(out);
}

/* Returns true for letters and digits of scripts that separate words with spaces. */
static bool is_word(uint32_t rune) {
    return rune < 0x2E80 && !rune_is_southeast_asian(rune) && rune_is_word(rune);
}

/* Returns true for quotation marks. Opening and closing marks are treated alike, because one language opens with the
 * mark with which another closes. */
static bool is_quote(uint32_t rune) {
    static const uint32_t quotes[] = {'"', 0xAB, 0xBB, 0x2018, 0x201A, 0x201C, 0x201D, 0x201E, 0x2039, 0x300C, 0x300E};
    for (size_t i = 0; i < sizeof quotes / sizeof *quotes; i++)
        if (rune == quotes[i]) return true;
    return false;
}

/* Returns true if the phrase begins and ends at the edge of a word and is not quoted. Articles may quote such a phrase.
 */
static bool stands_alone(struct span text, size_t from, size_t to) {
    uint32_t before = ' ', first = ' ', last = ' ', after = ' ';
    if (from > 0) text_previous(text, from, &before);
    if (to < text.length) text_next(text, to, &after);
    text_next(text, from, &first);
    text_previous(text, to, &last);
    return !is_quote(before) && !(is_word(before) && is_word(first)) && !(is_word(last) && is_word(after));
}

/* Adds a match. A phrase that was found before still counts for `any` and `mostly`, but not for the totals. */
static void record(const struct sign_phrase *phrase, struct span text, bool *seen, struct sign_matches *matches) {
    matches->any[phrase->sign] = true;
    if (phrase->text.length * MOSTLY >= text.length) matches->mostly[phrase->sign] = true;
    matches->phrases[phrase->sign] += !*seen;
    matches->bytes[phrase->sign] += *seen ? 0 : phrase->text.length;
    *seen = true;
}

static bool is_digit(char byte) {
    return byte >= '0' && byte <= '9';
}

/* Returns the length of a number and the space after it at the start of `text` ("842 ", "1,022 ", "1 022 "), or 0. */
static size_t number_length(struct span text) {
    size_t at = 0;
    while (at < text.length && (is_digit(text.at[at]) || (at && strchr(" .,'", text.at[at])))) at++;
    return at && text.at[at - 1] == ' ' ? at : 0;
}

/* Returns the length of the beginning of `text` that matches the phrase, or 0. A number between two words is ignored:
 * "our 842 partners" matches "our partners". */
static size_t match_length(struct span text, struct span phrase) {
    size_t at = 0;
    for (size_t i = 0; i < phrase.length; i++, at++) {
        if (i && phrase.at[i - 1] == ' ' && !is_digit(phrase.at[i]))
            at += number_length(span_cut(text, at, text.length));
        if (at >= text.length || text.at[at] != phrase.at[i]) return 0;
    }
    return at;
}

/* Returns the longest phrase that begins at `at`, and sets *ret_length to the length of its match in the text. Returns
 * NULL if there is none. */
static const struct sign_phrase *find_at(const struct signs *signs, struct span text, size_t at, size_t *ret_length) {
    const struct sign_phrase *longest = NULL;
    struct span rest = span_cut(text, at, text.length);
    for (uint32_t i = signs->buckets[bucket_of(rest)]; i; i = signs->phrases[i - 1].next) {
        const struct sign_phrase *phrase = &signs->phrases[i - 1];
        if (longest && phrase->text.length <= longest->text.length) continue;
        if (phrase->whole && phrase->text.length * MOSTLY < text.length) continue;
        size_t length = match_length(rest, phrase->text);
        if (!length || !stands_alone(text, at, at + length)) continue;
        longest = phrase;
        *ret_length = length;
    }
    return longest;
}

/* Continues after each match, so that phrases do not overlap. */
struct sign_matches signs_find(const struct signs *signs, struct span text, bool *seen) {
    struct sign_matches matches = {0};
    struct buffer folded = BUFFER(LONGEST_TEXT * 4 + 8);
    text = fold_text(span_trim(text), &folded);
    for (size_t at = 0; at < text.length;) {
        /* a phrase cannot begin in the middle of a UTF-8 sequence */
        bool inside = ((unsigned char)text.at[at] & 0xC0) == 0x80;
        size_t length = 1;
        const struct sign_phrase *phrase = inside ? NULL : find_at(signs, text, at, &length);
        if (phrase) record(phrase, text, &seen[phrase - signs->phrases], &matches);
        at += length;
    }
    buffer_free(&folded);
    return matches;
}
