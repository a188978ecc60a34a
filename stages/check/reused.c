#include "stages/check/reused.h"

#include <stdlib.h>
#include <string.h>

#include "pipeline/base/arena.h"
#include "stages/check/checker.h"
#include "stages/check/fold.h"
#include "stages/language/word_set.h"

static const char name[] = "reused";

/* Short phrases ("Photo: archive", "Yes.") are the translation of many. English of at least SENTENCE words needs two
 * unlike sources; shorter English, two with SHORT times as many words (and SENTENCE), or UNLIKE of different lengths.
 * Sources of fewer than MIN_WORDS words prove nothing. At most MAX_SOURCES unlike sources are kept to compare others
 * with. MAX_BYTES of each text are read. */
enum { SENTENCE = 5, SHORT = 2, UNLIKE = 3, MIN_WORDS = 3, MAX_SOURCES = 6, MAX_BYTES = 4096, QUOTED = 80 };

struct candidate {
    struct segment *segment;
    uint64_t english; /* hash of the language and of the letters and digits of the English */
    size_t position;  /* in the article */
    struct word_set words;
    size_t source_words, english_words;
};

/* ---------------------------------------------------------------- collecting */

/* Returns a hash of the letters and digits, whatever their case. */
static uint64_t hash_letters(struct span text, uint64_t hash) {
    for (size_t i = 0; i < text.length;) {
        uint32_t rune;
        i += text_next(text, i, &rune);
        if (fold_class(rune) != LETTER_NONE) hash = (hash ^ fold_rune(rune)) * 0x100000001b3u;
    }
    return hash;
}

static size_t count_segments(const struct article *article) {
    size_t count = 1; /* the title */
    for (size_t i = 0; i < article->block_count; i++) count += article->body[i].segment_count;
    return count;
}

static bool is_translated(const struct segment *segment) {
    return !segment->copied && segment->target.length > 0 &&
           (segment->status == SEGMENT_OK || segment->status == SEGMENT_SUSPECT);
}

static struct candidate candidate_of(struct segment *segment, const char *language, size_t position) {
    struct candidate candidate = {.segment = segment, .position = position};
    struct span target = text_clip(segment->target, MAX_BYTES);
    candidate.english = hash_letters(target, span_hash(span_of(language)));
    return candidate;
}

/* Only done for the few segments that share their English with others. */
static void read_words(struct candidate *first, const struct candidate *end) {
    for (; first < end; first++) {
        first->words = word_set_read(text_clip(first->segment->source, MAX_BYTES), &first->source_words);
        word_set_read(text_clip(first->segment->target, MAX_BYTES), &first->english_words);
    }
}

static int compare(const void *a, const void *b) {
    const struct candidate *left = a, *right = b;
    if (left->english != right->english) return left->english < right->english ? -1 : 1;
    return left->position < right->position ? -1 : left->position > right->position;
}

/* ---------------------------------------------------------------- judging */

/* Unlike sources of segments with the same English. */
struct sources {
    const struct candidate *unlike[MAX_SOURCES];
    size_t count;
};

/* Returns a kept source that is unlike this one, or NULL. */
static const struct candidate *find_unlike(const struct sources *sources, const struct candidate *candidate) {
    for (size_t i = 0; i < sources->count; i++)
        if (!word_sets_are_alike(&sources->unlike[i]->words, &candidate->words)) return sources->unlike[i];
    return NULL;
}

static void add_source(struct sources *sources, const struct candidate *candidate, size_t min_words) {
    if (candidate->source_words < min_words || sources->count == MAX_SOURCES) return;
    for (size_t i = 0; i < sources->count; i++)
        if (word_sets_are_alike(&sources->unlike[i]->words, &candidate->words)) return;
    sources->unlike[sources->count++] = candidate;
}

static struct sources sources_of(const struct candidate *first, const struct candidate *end, size_t min_words) {
    struct sources sources = {.count = 0};
    for (; first < end; first++) add_source(&sources, first, min_words);
    return sources;
}

static bool differ_in_length(const struct sources *sources) {
    size_t least = SIZE_MAX, most = 0;
    for (size_t i = 0; i < sources->count; i++) {
        size_t words = sources->unlike[i]->source_words;
        if (words < least) least = words;
        if (words > most) most = words;
    }
    return most * 2 >= least * 3;
}

/* Returns the number of words from which on a source shows that the English was reused, or 0 if it was not. */
static size_t min_words_of(const struct candidate *first, const struct candidate *end) {
    size_t english = first->english_words, many = english * SHORT > SENTENCE ? english * SHORT : SENTENCE;
    struct sources sources = sources_of(first, end, MIN_WORDS);
    if (sources.count < 2) return 0;
    if (english >= SENTENCE || (sources.count >= UNLIKE && differ_in_length(&sources))) return MIN_WORDS;
    return sources_of(first, end, many).count >= 2 ? many : 0;
}

static void add_findings(struct article *article, const struct candidate *first, const struct candidate *end) {
    size_t min_words = min_words_of(first, end);
    if (!min_words) return;
    struct sources sources = sources_of(first, end, min_words);
    for (const struct candidate *candidate = first; candidate < end; candidate++) {
        const struct candidate *other = find_unlike(&sources, candidate);
        if (!other || candidate->source_words < min_words) continue;
        struct span quoted = text_clip(span_trim(other->segment->source), QUOTED);
        checker_add(article, candidate->segment, name,
                    arena_print(article->arena, "another sentence of the article has the same English: '%.*s'",
                                SPAN_ARGS(quoted)));
    }
}

void reused_find(struct article *article) {
    struct candidate *candidates = memory_take(count_segments(article) * sizeof *candidates);
    size_t count = 0, end;
    for (struct segment_walk walk = {0}; segment_walk_next(article, &walk);) {
        checker_forget(walk.segment, name);
        if (!is_translated(walk.segment)) continue;
        candidates[count] = candidate_of(walk.segment, segment_walk_language(article, &walk), count);
        count++;
    }
    qsort(candidates, count, sizeof *candidates, compare);
    for (size_t first = 0; first < count; first = end) {
        for (end = first + 1; end < count && candidates[end].english == candidates[first].english;) end++;
        if (end - first == 1) continue;
        read_words(candidates + first, candidates + end);
        add_findings(article, candidates + first, candidates + end);
    }
    free(candidates);
}
