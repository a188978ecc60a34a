#include "stages/extract/line_words.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "pipeline/base/table.h"
#include "stages/extract/date_words.h"
#include "stages/language/unicode.h"

static const char *const kinds[LINE_WORDS] = {"counter", "published", "updated", "byline",    "photo", "subject",
                                              "from",    "sent",      "to",      "forwarded", "wrote"};

static void add(struct line_words *words, enum line_word kind, struct span list, struct arena *arena) {
    struct span word;
    char folded[LINE_FOLDED];
    while (span_next(&list, '|', &word)) {
        word = line_fold(word, folded);
        if (!word.length) continue;
        words->words[kind] =
            arena_grow(arena, words->words[kind], words->counts[kind], &words->capacities[kind], sizeof **words->words);
        words->words[kind][words->counts[kind]++] = arena_copy(arena, word);
    }
}

/* Compares only the first two bytes. They select the few words that line_begins() compares in full. */
static int by_head(const void *a, const void *b) {
    const struct span *one = a, *two = b;
    return memcmp(one->at, two->at, 2); /* words end with NUL, so the second byte always exists */
}

/* Sorts the words for the binary search in first_with_head(). */
bool line_words_read(const char *data_folder, struct arena *arena, struct line_words *ret_words,
                     struct failure *ret_failure) {
    struct table table;
    struct line_words words = {0};
    if (!table_read(data_folder, "extract/lines.tsv", arena, &table, ret_failure)) return false;
    for (size_t i = 0; i < table.count; i++)
        for (size_t kind = 0; kind < LINE_WORDS; kind++)
            if (span_is(table.rows[i].cells[0], kinds[kind]))
                add(&words, (enum line_word)kind, table.rows[i].cells[1], arena);
    for (size_t kind = 0; kind < LINE_WORDS; kind++)
        if (words.counts[kind]) qsort(words.words[kind], words.counts[kind], sizeof **words.words, by_head);
    *ret_words = words;
    return true;
}

/* Lines and tables are folded in the same way, so they can be compared byte by byte. */
struct span line_fold(struct span line, char to[LINE_FOLDED]) {
    size_t length = 0;
    line = span_cut(line, 0, LINE_FOLDED);
    for (size_t at = 0; at < line.length;) {
        uint32_t rune;
        at += text_next(line, at, &rune);
        date_fold(rune, to, LINE_FOLDED, &length);
    }
    return (struct span){to, length};
}

/* Returns true if a letter follows, so that "by" does not match "bypass". */
static bool letter_follows(struct span text, size_t at) {
    uint32_t rune;
    if (at >= text.length) return false;
    text_next(text, at, &rune);
    return rune_is_letter(rune);
}

/* Returns true for a word in a script without spaces, where another word may follow directly. */
static bool is_joined(struct span word) {
    uint32_t rune;
    text_previous(word, word.length, &rune);
    return rune_is_unspaced(rune);
}

/* Returns the index of the first word that begins with the same two bytes as `head`. */
static size_t first_with_head(const struct line_words *words, enum line_word kind, struct span head) {
    size_t low = 0, high = words->counts[kind];
    while (low < high) {
        size_t middle = (low + high) / 2;
        if (memcmp(words->words[kind][middle].at, head.at, 2) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

/* The longest match is needed, because the caller reads the rest of the line after it. */
size_t line_begins(const struct line_words *words, enum line_word kind, struct span folded) {
    size_t longest = 0;
    if (folded.length < 2) return 0;
    for (size_t i = first_with_head(words, kind, folded); i < words->counts[kind]; i++) {
        struct span word = words->words[kind][i];
        /* words are sorted by two bytes only, so all words with the same two bytes must be compared */
        if (memcmp(word.at, folded.at, 2) != 0) break;
        if (word.length > longest && span_starts(folded, word) &&
            (is_joined(word) || !letter_follows(folded, word.length)))
            longest = word.length;
    }
    return longest;
}

/* A word may begin only after a character that is not a letter or, in scripts without spaces, anywhere. */
size_t line_behind(const struct line_words *words, enum line_word kind, struct span folded) {
    bool edge = true;
    for (size_t at = 0; at < folded.length;) {
        uint32_t rune;
        size_t length = edge ? line_begins(words, kind, span_cut(folded, at, folded.length)) : 0;
        if (length) return at + length;
        at += text_next(folded, at, &rune);
        edge = !rune_is_letter(rune) || rune_is_unspaced(rune);
    }
    return 0;
}

bool line_holds(const struct line_words *words, enum line_word kind, struct span folded) {
    return line_behind(words, kind, folded) > 0;
}

static bool is_digit(char c) {
    return c >= '0' && c <= '9';
}

struct span line_key(struct span line, bool digits, char to[LINE_FOLDED]) {
    size_t length = 0, start = 0;
    line = span_cut(line, 0, LINE_FOLDED);
    for (size_t at = 0; at < line.length;) {
        uint32_t rune;
        at += text_next(line, at, &rune);
        if (rune_is_letter(rune) || (rune < 128 && is_digit((char)rune))) date_fold(rune, to, LINE_FOLDED, &length);
    }
    while (!digits && length > 0 && is_digit(to[length - 1])) length--;
    while (!digits && start < length && is_digit(to[start])) start++;
    return (struct span){to + start, length - start};
}
