#include "stages/extract/phrases.h"

#include <stdlib.h>
#include <string.h>

#include "stages/language/unicode.h"

enum {
    LONGEST_HEAD = 96, /* max. bytes at the beginning of a line that are compared with the phrases */
    SHORT_HEAD = 8,    /* bytes with which most lines differ from all phrases */
    CREDIT_REACH = 90  /* max. bytes at the end of a line that are searched for a picture credit */
};

struct phrase {
    struct span text;
    enum phrase_kind kind;
};

static int compare_phrases(const void *a, const void *b) {
    return span_compare(((const struct phrase *)a)->text, ((const struct phrase *)b)->text);
}

static bool kind_of(struct span name, enum phrase_kind *ret_kind) {
    if (span_is(name, "more"))
        *ret_kind = PHRASE_MORE;
    else if (span_is(name, "scrap"))
        *ret_kind = PHRASE_SCRAP;
    else if (span_is(name, "notice"))
        *ret_kind = PHRASE_NOTICE;
    else if (span_is(name, "credit"))
        *ret_kind = PHRASE_CREDIT;
    else if (span_is(name, "comments"))
        *ret_kind = PHRASE_COMMENTS;
    else if (span_is(name, "counted"))
        *ret_kind = PHRASE_COUNTED;
    else if (span_is(name, "reply"))
        *ret_kind = PHRASE_REPLY;
    else if (span_is(name, "whole"))
        *ret_kind = PHRASE_WHOLE;
    else
        return false;
    return true;
}

/* Stores picture credits separately, because they are searched for at the end of a line. */
static void add_phrase(struct phrases *phrases, struct phrase phrase, struct arena *arena) {
    if (phrase.kind == PHRASE_CREDIT) {
        phrases->credits =
            arena_grow(arena, phrases->credits, phrases->credit_count, &phrases->credit_capacity, sizeof phrase);
        phrases->credits[phrases->credit_count++] = phrase;
    } else {
        phrases->all = arena_grow(arena, phrases->all, phrases->count, &phrases->capacity, sizeof phrase);
        phrases->all[phrases->count++] = phrase;
    }
}

/* Phrases are separated by a semicolon between spaces, because they may contain commas or bars. */
static void add_row(struct phrases *phrases, enum phrase_kind kind, struct span list, struct arena *arena) {
    while (list.length) {
        size_t end = span_find(list, SPAN(" ; "));
        struct span text = span_trim(span_cut(list, 0, end));
        list = end == SIZE_MAX ? SPAN("") : span_cut(list, end + 3, list.length);
        if (text.length == 0) continue;
        add_phrase(phrases, (struct phrase){text, kind}, arena);
    }
}

static void sort_phrases(struct phrases *phrases) {
    size_t at = 0;
    if (phrases->count) qsort(phrases->all, phrases->count, sizeof *phrases->all, compare_phrases);
    if (phrases->credit_count)
        qsort(phrases->credits, phrases->credit_count, sizeof *phrases->credits, compare_phrases);
    for (int byte = 0; byte <= 256; byte++) {
        while (at < phrases->credit_count && (unsigned char)phrases->credits[at].text.at[0] < byte) at++;
        phrases->credit_starts[byte] = at;
    }
}

bool phrases_make(const struct table *table, struct arena *arena, struct phrases *ret_phrases,
                  struct failure *ret_failure) {
    struct phrases phrases = {0};
    for (size_t i = 0; i < table->count; i++) {
        enum phrase_kind kind;
        if (!kind_of(table->rows[i].cells[0], &kind)) {
            failure_fatal(ret_failure, EXIT_CONFIG, "%s: unknown kind of phrase '%.*s'", table->name,
                          SPAN_ARGS(table->rows[i].cells[0]));
            return false;
        }
        add_row(&phrases, kind, table->rows[i].cells[2], arena);
    }
    sort_phrases(&phrases);
    *ret_phrases = phrases;
    return true;
}

/* Returns the first `most` bytes of a line, or a few more, in lower case, without the punctuation before its first
 * letter. Characters with which phrases begin are kept: "(" and its wide form, "©", "【" and "ⓒ". */
static struct span fold_head(struct span line, size_t most, char head[LONGEST_HEAD + 4]) {
    size_t length = 0;
    for (size_t at = 0; at < line.length && length < most;) {
        uint32_t rune;
        at += text_next(line, at, &rune);
        if (length == 0 && rune_is_sign(rune) && !strchr("(", rune < 128 ? (int)rune : 1) && rune != 0xA9 &&
            rune != 0xFF08 && rune != 0x3010 && rune != 0x24D2)
            continue;
        if (rune == 0xA0) rune = ' ';
        length += text_put(head + length, rune_fold(rune));
    }
    return (struct span){head, length};
}

static bool is_word_byte(char c) {
    return (c & 0x80) || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
}

/* Returns true if a word ends at the position, where a phrase may end: "lies" (German for "read") must not match
 * "liesel". In scripts without spaces, a phrase may end anywhere. */
static bool ends_word(struct span head, size_t at) {
    if (at >= head.length || at == 0) return true;
    char last = head.at[at - 1], next = head.at[at];
    return !is_word_byte(last) || !is_word_byte(next) || (unsigned char)next >= 0xE0;
}

/* Returns true if only punctuation and symbols follow, so that the phrase is the whole line. */
static bool is_rest(struct span rest) {
    for (size_t i = 0; i < rest.length; i++)
        if (!strchr(" :.!>|-", rest.at[i])) return false;
    return true;
}

/* Returns true for a mail address, with which many papers end their texts. */
static bool is_address(struct span line) {
    size_t at = span_find(line, SPAN("@"));
    return at != SIZE_MAX && at > 0 && at + 3 < line.length && span_count_words(line) == 1 &&
           memchr(line.at + at, '.', line.length - at);
}

/* Returns the number of phrases that are sorted before the head, or are the head. */
static size_t count_up_to(const struct phrases *phrases, struct span head) {
    size_t low = 0, high = phrases->count;
    while (low < high) {
        size_t middle = (low + high) / 2;
        if (span_compare(phrases->all[middle].text, head) <= 0)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

/* Returns true if a phrase begins like the line, of whose head only the beginning is given. */
static bool may_be_phrase(const struct phrases *phrases, struct span beginning) {
    size_t at = count_up_to(phrases, beginning);
    if (beginning.length == 0) return false;
    if (at < phrases->count && span_starts(phrases->all[at].text, beginning)) return true;
    while (at-- > 0 && phrases->all[at].text.at[0] == beginning.at[0])
        if (span_starts(beginning, phrases->all[at].text)) return true;
    return false;
}

/* Finds the longest phrase at the beginning of the line. All phrases that `head` begins with are sorted before it, the
 * shorter ones first, so the search goes backwards. */
enum phrase_kind phrases_find(const struct phrases *phrases, struct span line) {
    char bytes[LONGEST_HEAD + 4];
    if (line.length < LONGEST_HEAD && is_address(line)) return PHRASE_WHOLE;
    if (!may_be_phrase(phrases, fold_head(line, SHORT_HEAD, bytes))) return PHRASE_NONE;
    struct span head = fold_head(line, LONGEST_HEAD, bytes);
    size_t at = count_up_to(phrases, head);
    while (at-- > 0 && head.length && phrases->all[at].text.at[0] == head.at[0]) {
        const struct phrase *phrase = &phrases->all[at];
        if (!span_starts(head, phrase->text) || !ends_word(head, phrase->text.length)) continue;
        if (phrase->kind != PHRASE_WHOLE || is_rest(span_cut(head, phrase->text.length, head.length)))
            return phrase->kind;
    }
    return PHRASE_NONE;
}

static bool begins_credit(const struct phrases *phrases, struct span text) {
    unsigned char first = (unsigned char)text.at[0];
    for (size_t i = phrases->credit_starts[first]; i < phrases->credit_starts[first + 1]; i++)
        if (span_starts(text, phrases->credits[i].text)) return true;
    return false;
}

/* Searches only the end of the line, because the credit may follow a long caption. Starts at the first byte of a
 * character. */
bool phrases_credit(const struct phrases *phrases, struct span line) {
    size_t from = line.length > CREDIT_REACH ? line.length - CREDIT_REACH : 0;
    while (from < line.length && ((unsigned char)line.at[from] & 0xC0) == 0x80) from++;
    char bytes[LONGEST_HEAD + 4];
    struct span tail = fold_head(span_cut(line, from, line.length), LONGEST_HEAD, bytes);
    for (size_t at = 0; at < tail.length; at++)
        if (begins_credit(phrases, span_cut(tail, at, tail.length))) return true;
    return false;
}
