#include "stages/check/english.h"

#include <errno.h>
#include <string.h>
#include <xxhash.h>

#include "pipeline/base/file.h"

enum { LIST_LIMIT = 8 << 20 };

/* The words are kept as hashes, in a table with linear probing. The place depends on one half of a hash and the other
 * half is kept; that both fit another word is too improbable for the words themselves to be compared. */
struct english {
    uint32_t *hashes; /* 0: free */
    size_t mask;      /* number of places in the table - 1, a power of two */
};

static bool read_list(const char *path, struct buffer *text, struct failure *ret_failure) {
    if (!file_read(path, text))
        return failure_fatal(ret_failure, EXIT_CONFIG,
                             "cannot read the word list %s: %s; if the file is missing, reinstall dragoman", path,
                             strerror(errno));
    if (text->full || text->length == 0)
        return failure_fatal(ret_failure, EXIT_CONFIG, "the word list %s is empty or larger than %d bytes", path,
                             LIST_LIMIT);
    return true;
}

/* Returns the place of the word, or the free place where it belongs. */
static uint32_t *find_place(const struct english *english, struct span word, uint32_t *ret_hash) {
    uint64_t hash = XXH3_64bits(word.at, word.length);
    *ret_hash = (uint32_t)hash ? (uint32_t)hash : 1;
    for (size_t place = hash >> 32 & english->mask;; place = (place + 1) & english->mask)
        if (english->hashes[place] == 0 || english->hashes[place] == *ret_hash) return &english->hashes[place];
}

static size_t count_lines(struct span text) {
    size_t count = 1;
    for (size_t i = 0; i < text.length; i++) count += text.at[i] == '\n';
    return count;
}

static void add_word(struct english *english, struct span word) {
    uint32_t hash, *place = find_place(english, word, &hash);
    *place = hash;
}

/* Walks by pointers, because this is done at every start, for some 130,000 words. */
static void add_words(struct english *english, struct span text) {
    const char *at = text.at, *end = text.at + text.length;
    while (at < end) {
        const char *stop = memchr(at, '\n', (size_t)(end - at));
        struct span line = {at, (size_t)((stop ? stop : end) - at)};
        if (line.length > 0 && *line.at != '#') add_word(english, line);
        at += line.length + 1;
    }
}

bool english_read(const char *data_folder, const char *name, struct arena *arena, struct english **ret_english,
                  struct failure *ret_failure) {
    struct buffer text = BUFFER(LIST_LIMIT);
    struct span path = arena_print(arena, "%s/tables/check/%s", data_folder, name);
    bool done = read_list(path.at, &text, ret_failure);
    if (done) {
        struct english *english = arena_take(arena, sizeof *english);
        size_t places = 2, words = count_lines(buffer_span(&text));
        while (places < 2 * words) places *= 2; /* at least half of the places stay free */
        english->hashes = arena_take(arena, places * sizeof *english->hashes);
        english->mask = places - 1;
        add_words(english, buffer_span(&text));
        *ret_english = english;
    }
    buffer_free(&text);
    return done;
}

static bool has_word(const struct english *english, struct span word) {
    uint32_t hash;
    const uint32_t *place = find_place(english, word, &hash);
    return *place == hash;
}

bool english_has(const struct english *english, struct span word) {
    if (word.length == 0) return false;
    if (has_word(english, word)) return true;
    /* the list has no possessives and lacks the plurals of some words */
    if (span_ends(word, SPAN("'s"))) return has_word(english, span_cut(word, 0, word.length - 2));
    return word.length > 3 && span_ends(word, SPAN("s")) && has_word(english, span_cut(word, 0, word.length - 1));
}
