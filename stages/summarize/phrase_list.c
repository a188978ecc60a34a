#include "stages/summarize/phrase_list.h"

#include <stdlib.h>

#include "stages/language/unicode.h"

/* Phrases are found by their first byte. All characters that are not ASCII share one place, because capital and small
 * letters may begin with different bytes. */
enum { WIDE = 128 };

static char small(char byte) {
    return byte >= 'A' && byte <= 'Z' ? (char)(byte + 32) : byte;
}

static unsigned first_byte(struct span text) {
    unsigned char byte = (unsigned char)small(text.at[0]);
    return byte < WIDE ? byte : WIDE;
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
    size_t longest_length = 0;
    unsigned byte = first_byte(text);
    for (size_t i = list->from[byte]; i < list->from[byte + 1]; i++) {
        size_t length = match(text, list->all[i]);
        if (length > longest_length) longest_length = length;
    }
    return longest_length;
}

bool phrase_list_begins(const struct phrase_list *list, struct span text) {
    return phrase_list_length(list, text) > 0;
}

/* In each byte of a phrase, two bytes more may be an apostrophe's. */
bool phrase_list_ends(const struct phrase_list *list, struct span text) {
    for (size_t i = 0; i < list->count; i++) {
        struct span phrase = list->all[i];
        if (!text.length || small(text.at[text.length - 1]) != small(phrase.at[phrase.length - 1])) continue;
        for (size_t length = phrase.length; length <= phrase.length * 3 && length <= text.length; length++) {
            size_t at = text.length - length;
            if (match(span_cut(text, at, text.length), phrase) == length && !cuts_word(text, at)) return true;
        }
    }
    return false;
}

bool phrase_list_occurs(const struct phrase_list *list, struct span text) {
    for (size_t at = 0; at < text.length; at++) {
        unsigned byte = first_byte(span_cut(text, at, text.length));
        if (list->from[byte] == list->from[byte + 1] || cuts_word(text, at)) continue;
        if (longest(list, span_cut(text, at, text.length))) return true;
    }
    return false;
}

size_t phrase_list_length(const struct phrase_list *list, struct span text) {
    return text.length ? longest(list, text) : 0;
}

bool phrase_list_has(const struct phrase_list *list, struct span word) {
    if (!word.length) return false;
    unsigned byte = first_byte(word);
    for (size_t i = list->from[byte]; i < list->from[byte + 1]; i++)
        if (text_equal_fold(list->all[i], word)) return true;
    return false;
}
