#include "stages/services/common/recited.h"

#include <stdlib.h>

#include "pipeline/base/arena.h"

enum { WORDS_ANYWHERE = 6, WORDS_AT_START = 4 };

struct word {
    struct span text;
    bool starts; /* the word begins a sentence */
};

struct words {
    struct word *at;
    size_t count;
};

static bool is_letter(unsigned char byte) {
    return byte >= 0x80 || ((byte | 32) >= 'a' && (byte | 32) <= 'z') || (byte >= '0' && byte <= '9');
}

/* Whether the byte ends a sentence. Colons, line breaks and brackets are included, because instructions contain
 * headings and lists. */
static bool is_ascii_stop(char byte) {
    return byte == '.' || byte == ':' || byte == '\n' || byte == '!' || byte == '?' || byte == ']';
}

/* Splits a text into words; the caller must free `at`. Bytes outside ASCII count as letters. */
static struct words words_of(struct span text) {
    struct words words = {.at = memory_take((text.length / 2 + 1) * sizeof *words.at)};
    bool starts = true;
    for (size_t i = 0, end; i < text.length; i = end) {
        for (end = i; end < text.length && is_letter((unsigned char)text.at[end]);) end++;
        if (end > i) words.at[words.count++] = (struct word){span_cut(text, i, end), starts};
        starts = end > i ? false : starts || is_ascii_stop(text.at[i]);
        end += end == i;
    }
    return words;
}

/* Returns how many consecutive words are equal, starting at `i` in `a` and at `j` in `b`. */
static size_t common(const struct words *a, size_t i, const struct words *b, size_t j) {
    size_t count = 0;
    while (i + count < a->count && j + count < b->count &&
           span_equal_ascii_fold(a->at[i + count].text, b->at[j + count].text))
        count++;
    return count;
}

/* Whether `words` contains the six words of the instructions that start at `i`. */
static bool has_run(const struct words *words, const struct words *told, size_t i) {
    for (size_t j = 0; j + WORDS_ANYWHERE <= words->count; j++)
        if (common(told, i, words, j) >= WORDS_ANYWHERE) return true;
    return false;
}

static bool is_recited(const struct words *told, const struct words *read, const struct words *said) {
    for (size_t i = 0; i < told->count; i++) {
        if (told->at[i].starts && common(told, i, said, 0) >= WORDS_AT_START) return true;
        if (has_run(said, told, i) && !has_run(read, told, i)) return true;
    }
    return false;
}

/* The time is proportional to the product of the lengths, which is acceptable for a prompt and one text. */
bool recited(struct span instructions, struct span source, struct span answer) {
    struct words told = words_of(instructions), read = words_of(source), said = words_of(answer);
    bool found = is_recited(&told, &read, &said);
    free(told.at);
    free(read.at);
    free(said.at);
    return found;
}
