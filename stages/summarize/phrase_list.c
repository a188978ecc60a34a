#include "stages/summarize/phrase_list.h"

#include <stdlib.h>
#include <string.h>

#include "stages/language/unicode.h"

/* Phrases are found by their first byte. All characters that are not ASCII share one place, because capital and small
 * letters may begin with different bytes. */
enum { WIDE = 128 };

static char small(char byte) {
    return byte >= 'A' && byte <= 'Z' ? (char)(byte + 32) : byte;
}

static unsigned byte_at(struct span text, size_t at) {
    unsigned char byte = (unsigned char)small(text.at[at]);
    return byte < WIDE ? byte : WIDE;
}

static unsigned first_byte(struct span text) {
    return byte_at(text, 0);
}

/* Most words of a text are told from the phrases by their first two bytes. An apostrophe in a phrase stands for several
 * characters. */
static void add_pair(struct phrase_list *list, struct span phrase) {
    unsigned char *row = list->pairs[first_byte(phrase)];
    unsigned second = phrase.length > 1 ? byte_at(phrase, 1) : 0;
    if (phrase.length == 1 || phrase.at[1] == '\'')
        memset(row, 0xFF, sizeof *list->pairs);
    else
        row[second / 8] |= (unsigned char)(1 << second % 8);
}

/* Whether a phrase may begin at this position. */
static bool has_pair(const struct phrase_list *list, struct span text, size_t at) {
    unsigned second = at + 1 < text.length ? byte_at(text, at + 1) : 0;
    return list->pairs[byte_at(text, at)][second / 8] >> second % 8 & 1;
}

static int by_first_byte(const void *left, const void *right) {
    return (int)first_byte(*(const struct span *)left) - (int)first_byte(*(const struct span *)right);
}

static void append(struct arena *arena, struct phrase_list *list, struct span phrases) {
    struct span phrase;
    while (span_next(&phrases, '|', &phrase)) {
        phrase = span_trim(phrase);
        if (!phrase.length) continue;
        list->all = arena_grow(arena, list->all, list->count, &list->capacity, sizeof *list->all);
        list->all[list->count++] = phrase;
        add_pair(list, phrase);
    }
}

static void sort(struct phrase_list *list) {
    size_t at = 0;
    if (list->count) qsort(list->all, list->count, sizeof *list->all, by_first_byte);
    for (unsigned byte = 0; byte <= WIDE + 1; byte++) {
        while (at < list->count && first_byte(list->all[at]) < byte) at++;
        list->from[byte] = at;
    }
}

void phrase_list_add(struct arena *arena, struct phrase_list *list, const struct table *table, size_t cell) {
    for (size_t i = 0; i < table->count; i++) append(arena, list, table->rows[i].cells[cell]);
    sort(list);
}

bool phrase_lists_read(const char *data_folder, const char *name, const char *const *kinds, size_t kind_count,
                       struct arena *arena, struct phrase_list *ret_lists, struct failure *ret_failure) {
    struct table table;
    if (!table_read(data_folder, name, arena, &table, ret_failure)) return false;
    for (size_t i = 0; i < table.count; i++) {
        struct span kind = table.rows[i].cells[0];
        size_t at = 0;
        while (at < kind_count && !span_is(kind, kinds[at])) at++;
        if (at == kind_count)
            return failure_fatal(ret_failure, EXIT_CONFIG, "%s: unknown kind of phrase \"%.*s\"", name,
                                 SPAN_ARGS(kind));
        append(arena, &ret_lists[at], table.rows[i].cells[1]);
    }
    for (size_t i = 0; i < kind_count; i++) sort(&ret_lists[i]);
    return true;
}

/* Whether a word is cut at this position: letters or digits on both sides, or a hyphen beside one. Numbers may be cut,
 * so that "copyright 20" is found in "Copyright 2026". */
static bool cuts_word(struct span text, size_t at) {
    uint32_t before = 0, after = 0;
    if (at == 0 || at >= text.length) return false;
    text_previous(text, at, &before);
    text_next(text, at, &after);
    if (rune_is_digit(before) && rune_is_digit(after)) return false;
    return (rune_is_word(before) && (rune_is_word(after) || after == '-')) || (before == '-' && rune_is_word(after));
}

/* Returns how many bytes of the text are the phrase, with which it begins, or 0. */
static size_t match(struct span text, struct span phrase) {
    size_t at = 0;
    for (size_t i = 0; i < phrase.length; i++) {
        bool curly = phrase.at[i] == '\'' && span_starts(span_cut(text, at, text.length), SPAN("\xE2\x80\x99"));
        if (!curly && (at >= text.length || small(text.at[at]) != small(phrase.at[i]))) return 0;
        at += curly ? 3 : 1;
    }
    return cuts_word(text, at) ? 0 : at;
}

/* Returns the length of the longest phrase at the beginning of the text, which is not empty. */
static size_t longest(const struct phrase_list *list, struct span text) {
    char second = text.length > 1 ? small(text.at[1]) : 0;
    size_t longest_length = 0;
    unsigned byte = first_byte(text);
    for (size_t i = list->from[byte]; i < list->from[byte + 1]; i++) {
        struct span phrase = list->all[i];
        if (phrase.length > 1 && small(phrase.at[1]) != second && phrase.at[1] != '\'' && byte < WIDE) continue;
        size_t length = match(text, phrase);
        if (length > longest_length) longest_length = length;
    }
    return longest_length;
}

bool phrase_list_begins(const struct phrase_list *list, struct span text) {
    return phrase_list_length(list, text) > 0;
}

/* Whether the last bytes of the text are the phrase. */
static bool ends_with(struct span text, struct span phrase, size_t length) {
    size_t at = text.length - length;
    return !cuts_word(text, at) && match(span_cut(text, at, text.length), phrase) == length;
}

/* For an apostrophe of the phrase, the text may have two bytes more. */
bool phrase_list_ends(const struct phrase_list *list, struct span text) {
    char last = text.length ? small(text.at[text.length - 1]) : 0;
    for (size_t i = 0; i < list->count; i++) {
        struct span phrase = list->all[i];
        if (!text.length || last != small(phrase.at[phrase.length - 1])) continue;
        size_t most = memchr(phrase.at, '\'', phrase.length) ? phrase.length * 3 : phrase.length;
        for (size_t length = phrase.length; length <= most && length <= text.length; length++)
            if (ends_with(text, phrase, length)) return true;
    }
    return false;
}

static bool is_letter(char byte) {
    return small(byte) >= 'a' && small(byte) <= 'z';
}

/* No phrase begins inside a word. */
bool phrase_list_occurs(const struct phrase_list *list, struct span text) {
    for (size_t at = 0; at < text.length; at++) {
        if (has_pair(list, text, at) && !cuts_word(text, at) && longest(list, span_cut(text, at, text.length)))
            return true;
        while (at + 1 < text.length && is_letter(text.at[at]) && is_letter(text.at[at + 1])) at++;
    }
    return false;
}

size_t phrase_list_length(const struct phrase_list *list, struct span text) {
    return text.length && has_pair(list, text, 0) ? longest(list, text) : 0;
}

bool phrase_list_has(const struct phrase_list *list, struct span word) {
    if (!word.length) return false;
    unsigned byte = first_byte(word);
    for (size_t i = list->from[byte]; i < list->from[byte + 1]; i++)
        if (text_equal_fold(list->all[i], word)) return true;
    return false;
}
