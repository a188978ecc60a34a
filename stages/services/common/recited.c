#include "stages/services/common/recited.h"

#include <stdlib.h>

#include "stages/language/unicode.h"

/* A run of WORDS_ANYWHERE words, or WORDS_AT_START at the beginning of a sentence, is too long to be chance. So is a
 * whole sentence of MIN_SENTENCE words. */
enum { WORDS_ANYWHERE = 6, WORDS_AT_START = 5, MIN_SENTENCE = 4, FILTER_BITS = 1 << 12 };

struct word {
    uint64_t hash;
    bool starts; /* the word begins a sentence */
};

struct words {
    struct word *at;
    size_t count;
};

struct recital {
    uint64_t *runs, *starts; /* sorted hashes of runs of words: anywhere, and at the beginning of sentences */
    size_t run_count, start_count;
    uint64_t filter[FILTER_BITS / 64]; /* one bit for each pair of consecutive words in the instructions */
};

/* ---------------------------------------------------------------- words */

/* Whether the character ends a sentence. Colons, line breaks and brackets are included, because instructions contain
 * headings and lists. */
static bool is_stop(uint32_t rune) {
    switch (rune) {
    case '.':
    case ':':
    case '\n':
    case '!':
    case '?':
    case ']':
    case 0x3002: /* ideographic full stop, and the full-width forms of the marks above */
    case 0xFF01:
    case 0xFF1A:
    case 0xFF1F:
        return true;
    default:
        return false;
    }
}

static bool is_ascii_word(char c) {
    return (unsigned)((c | 32) - 'a') < 26 || (unsigned)(c - '0') < 10;
}

/* Reads the character at `i`, folded. Returns its size. ASCII comes first because it is most of what is read. */
static size_t read_rune(struct span text, size_t i, uint32_t *ret_rune, bool *ret_word) {
    char c = text.at[i];
    if ((unsigned char)c < 0x80) {
        *ret_word = is_ascii_word(c);
        *ret_rune = (uint32_t)(c >= 'A' && c <= 'Z' ? c + 32 : c);
        return 1;
    }
    size_t size = text_next(text, i, ret_rune);
    *ret_word = rune_is_word(*ret_rune);
    *ret_rune = rune_fold(*ret_rune);
    return size;
}

static uint64_t hash_more(uint64_t hash, uint32_t rune) {
    return ((hash ? hash : 0xcbf29ce484222325u) ^ rune) * 0x100000001b3u;
}

static void add_word(struct words *words, uint64_t *hash, bool *starts) {
    if (*hash == 0) return;
    words->at[words->count++] = (struct word){*hash, *starts};
    *starts = false;
    *hash = 0;
}

/* Continues the hash of a word with the letters and digits of ASCII from `i` on, which are most of what is read.
 * Returns the position after them. */
static size_t hash_ascii(struct span text, size_t i, uint64_t *hash) {
    for (; i < text.length && is_ascii_word(text.at[i]); i++) {
        uint32_t rune = (uint32_t)(text.at[i] >= 'A' && text.at[i] <= 'Z' ? text.at[i] + 32 : text.at[i]);
        *hash = hash_more(*hash, rune);
    }
    return i;
}

/* Splits a text into words; the caller must free `at`. */
static struct words words_of(struct span text) {
    struct words words = {.at = memory_take((text.length / 2 + 1) * sizeof *words.at)};
    uint64_t hash = 0;
    bool starts = true, is_word;
    for (size_t i = 0; i < text.length;) {
        uint32_t rune;
        i = hash_ascii(text, i, &hash);
        if (i == text.length) break;
        i += read_rune(text, i, &rune, &is_word);
        if (!is_word || rune_is_unspaced(rune)) add_word(&words, &hash, &starts);
        if (is_word) hash = hash_more(hash, rune);
        if (!is_word && is_stop(rune)) starts = true;
    }
    add_word(&words, &hash, &starts);
    return words;
}

/* ---------------------------------------------------------------- runs of words */

/* Returns the hash of the `length` words from `i` on, or 0 if there are fewer. */
static uint64_t hash_run(const struct words *words, size_t i, size_t length) {
    if (i + length > words->count) return 0;
    uint64_t hash = length;
    for (size_t j = 0; j < length; j++) hash = (hash ^ words->at[i + j].hash) * 0x9e3779b97f4a7c15u;
    return hash ? hash : 1;
}

/* Returns the bit of the filter for the pair of words that begins at `i`. */
static size_t filter_bit(const struct words *words, size_t i) {
    return (hash_run(words, i, 2) >> 32) % FILTER_BITS;
}

static int compare_hashes(const void *a, const void *b) {
    uint64_t left = *(const uint64_t *)a, right = *(const uint64_t *)b;
    return left < right ? -1 : left > right;
}

static bool has_hash(const uint64_t *hashes, size_t count, uint64_t hash) {
    return hash && count && bsearch(&hash, hashes, count, sizeof hash, compare_hashes) != NULL;
}

/* ---------------------------------------------------------------- the instructions */

static size_t sentence_length(const struct words *words, size_t i) {
    size_t end = i + 1;
    while (end < words->count && !words->at[end].starts) end++;
    return end - i;
}

static void add_runs(struct recital *recital, const struct words *told) {
    for (size_t i = 0; i + 1 < told->count; i++) {
        size_t bit = filter_bit(told, i), length = told->at[i].starts ? sentence_length(told, i) : 0;
        recital->filter[bit / 64] |= 1ull << bit % 64;
        uint64_t run = hash_run(told, i, WORDS_ANYWHERE);
        if (run) recital->runs[recital->run_count++] = run;
        if (length >= MIN_SENTENCE)
            recital->starts[recital->start_count++] =
                hash_run(told, i, length < WORDS_AT_START ? length : WORDS_AT_START);
    }
}

struct recital *recital_read(const struct span *instructions, size_t count, struct arena *arena) {
    struct recital *recital = arena_take(arena, sizeof *recital);
    size_t bytes = 1;
    for (size_t i = 0; i < count; i++) bytes += instructions[i].length;
    *recital = (struct recital){.runs = arena_take(arena, bytes * sizeof *recital->runs),
                                .starts = arena_take(arena, bytes * sizeof *recital->starts)};
    for (size_t i = 0; i < count; i++) {
        struct words told = words_of(instructions[i]);
        add_runs(recital, &told);
        free(told.at);
    }
    if (recital->run_count) qsort(recital->runs, recital->run_count, sizeof *recital->runs, compare_hashes);
    if (recital->start_count) qsort(recital->starts, recital->start_count, sizeof *recital->starts, compare_hashes);
    return recital;
}

/* ---------------------------------------------------------------- the answer */

/* The runs of words of the source as sorted hashes. It is read only when the answer has a run of the instructions,
 * which is rare, and then once. */
struct source_runs {
    struct span source;
    uint64_t *hashes; /* NULL until it is read */
    size_t count;
};

static void read_source(struct source_runs *runs) {
    struct words words = words_of(runs->source);
    runs->hashes = memory_take((words.count + 1) * sizeof *runs->hashes);
    for (size_t i = 0; i + WORDS_ANYWHERE <= words.count; i++)
        runs->hashes[runs->count++] = hash_run(&words, i, WORDS_ANYWHERE);
    free(words.at);
    qsort(runs->hashes, runs->count, sizeof *runs->hashes, compare_hashes);
}

static bool source_has_run(struct source_runs *runs, uint64_t run) {
    if (!runs->hashes) read_source(runs);
    return has_hash(runs->hashes, runs->count, run);
}

static bool starts_like(const struct recital *recital, const struct words *said, size_t i) {
    return said->at[i].starts && (has_hash(recital->starts, recital->start_count, hash_run(said, i, WORDS_AT_START)) ||
                                  has_hash(recital->starts, recital->start_count, hash_run(said, i, MIN_SENTENCE)));
}

bool recited(const struct recital *recital, struct span source, struct span answer) {
    struct words said = words_of(answer);
    struct source_runs runs = {.source = source};
    bool found = false;
    for (size_t i = 0; i + 1 < said.count && !found; i++) {
        size_t bit = filter_bit(&said, i);
        if (!(recital->filter[bit / 64] >> bit % 64 & 1)) continue;
        uint64_t run = hash_run(&said, i, WORDS_ANYWHERE);
        found = starts_like(recital, &said, i) ||
                (has_hash(recital->runs, recital->run_count, run) && !source_has_run(&runs, run));
    }
    free(runs.hashes);
    free(said.at);
    return found;
}
