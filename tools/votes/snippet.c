#include <string.h>
#include <utf8proc.h>

#include "tools/votes/corpus.h"

/* Probabilities of the kinds of snippets, tuned on held-out lines. */
static const double FROM_WORDS = 0.4, WITHOUT_MARKS = 0.05, WITHOUT_LETTERS = 0.02;

uint64_t random_next(struct random *random) {
    random->state ^= random->state << 13;
    random->state ^= random->state >> 7;
    return random->state ^= random->state << 17;
}

bool random_chance(struct random *random, double probability) {
    return (double)(random_next(random) >> 40) < probability * (double)(1 << 24);
}

/* Returns the index of the item whose cumulative count covers position `at`. */
static size_t find_item(const uint64_t *ends, size_t count, uint64_t at) {
    size_t low = 0, high = count - 1;
    while (low < high) {
        size_t middle = (low + high) / 2;
        if (ends[middle] > at)
            high = middle;
        else
            low = middle + 1;
    }
    return low;
}

static bool parts_words(const struct language *language) {
    return strcmp(letters_code(language->family), "Jpan") != 0;
}

static size_t skip_characters(struct span line, size_t from, size_t characters) {
    uint32_t rune;
    while (characters-- > 0 && from < line.length) from += text_next(line, from, &rune);
    return from;
}

static size_t word_start(struct span line, size_t from) {
    while (from > 0 && line.at[from - 1] != ' ') from--;
    return from;
}

static size_t skip_words(struct span line, size_t from, size_t words) {
    for (; words > 0 && from < line.length; words--) {
        while (from < line.length && line.at[from] != ' ') from++;
        while (from < line.length && line.at[from] == ' ') from++;
    }
    return from;
}

struct span corpus_cut(const struct language *language, struct span line, struct random *random, size_t words) {
    size_t from = random_next(random) % line.length, to;
    if (parts_words(language)) {
        from = word_start(line, from);
        to = skip_words(line, from, words);
        /* Too few words are left after this position, so take the last words of the line. */
        while (from > 0 && to == line.length && skip_words(line, from, words - 1) == line.length)
            from = word_start(line, from - 1);
    } else {
        while (from > 0 && ((unsigned char)line.at[from] & 0xC0) == 0x80) from--;
        to = skip_characters(line, from, 2 * words);
    }
    return span_cut(line, from, to);
}

static size_t draw_length(struct random *random) {
    uint64_t kind = random_next(random) % 10;
    if (kind < 5) return 3;
    if (kind < 6) return 2;
    if (kind < 7) return 1;
    return kind < 9 ? 4 + random_next(random) % 6 : 10 + random_next(random) % 20;
}

static void draw_words(const struct language *language, struct random *random, size_t words, struct buffer *snippet) {
    uint64_t total = language->word_ends[language->word_count - 1];
    for (size_t i = 0; i < words; i++) {
        if (i) buffer_add_string(snippet, " ");
        buffer_add_span(
            snippet,
            language->words[find_item(language->word_ends, language->word_count, random_next(random) % total)]);
    }
}

/* Latin letters without a decomposition, and what they become without their marks. */
static const struct {
    uint32_t rune;
    const char *plain;
} plain_letters[] = {{0x110, "D"}, {0x111, "d"}, {0x141, "L"}, {0x142, "l"}, {0xD8, "O"},  {0xF8, "o"},  {0x131, "i"},
                     {0xDF, "ss"}, {0xC6, "Ae"}, {0xE6, "ae"}, {0x126, "H"}, {0x127, "h"}, {0x259, "e"}, {0x18F, "E"}};

static void add_plain(uint32_t rune, struct buffer *text) {
    utf8proc_int32_t parts[8];
    int boundary = 0;
    for (size_t i = 0; i < sizeof plain_letters / sizeof *plain_letters; i++) {
        if (plain_letters[i].rune != rune) continue;
        buffer_add_string(text, plain_letters[i].plain);
        return;
    }
    utf8proc_ssize_t count =
        utf8proc_decompose_char((utf8proc_int32_t)rune, parts, 8, UTF8PROC_DECOMPOSE | UTF8PROC_STRIPMARK, &boundary);
    buffer_add_rune(text, count > 0 ? (uint32_t)parts[0] : rune);
}

static void strip_marks(struct span from, bool drop, struct buffer *text) {
    for (size_t i = 0; i < from.length;) {
        uint32_t rune;
        i += text_next(from, i, &rune);
        bool accented = (rune >= 0xC0 && rune < 0x250) || (rune >= 0x1E00 && rune < 0x1F00);
        if (!accented)
            buffer_add_rune(text, rune);
        else if (!drop)
            add_plain(rune, text);
    }
}

void corpus_snippet(const struct language *language, struct random *random, struct buffer *snippet) {
    struct buffer words = BUFFER(SNIPPET_MAX);
    struct span text;
    size_t length = draw_length(random);
    buffer_clear(snippet);
    if (language->word_count && random_chance(random, FROM_WORDS)) {
        draw_words(language, random, length, &words);
        text = buffer_span(&words);
    } else {
        uint64_t at = random_next(random) % language->line_ends[language->line_count - 1];
        struct span line = language->lines[find_item(language->line_ends, language->line_count, at)];
        text = corpus_cut(language, line, random, length);
    }
    bool strip = random_chance(random, WITHOUT_MARKS), drop = random_chance(random, WITHOUT_LETTERS);
    if (strip || drop)
        strip_marks(text, drop && !strip, snippet);
    else
        buffer_add_span(snippet, text);
    buffer_free(&words);
}
