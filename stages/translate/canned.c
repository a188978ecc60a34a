#include "stages/translate/canned.h"

#include <xxhash.h>

#include "stages/translate/queue.h"

/* Short phrases ("Photo: archive") often have the same translation, so they prove nothing. A source counts only if it
 * has at least MIN_WORDS words (MIN_WORDS_KNOWN if the answer is already known to be canned). The other constants
 * belong to the rules in canned.h: SHORT is "three times as many words", UNLIKE is "three sources", and a short phrase
 * has fewer than SENTENCE_WORDS words. */
enum { MIN_WORDS = 4, MIN_WORDS_KNOWN = 2, SHORT = 3, UNLIKE = 3, SENTENCE_WORDS = 6 };
/* For identical answers in a row within one article: a service is disabled after IN_ROW of them, or after
 * IN_ROW_MISCOUNTED if it has also returned a wrong number of translations before. Sources with fewer than
 * MIN_WORDS_IN_ROW words do not count. */
enum { MIN_WORDS_IN_ROW = 3, IN_ROW = 3, IN_ROW_MISCOUNTED = 2 };

/* Returns the entry for this translation, creating it in place of the oldest entry if necessary. */
static struct canned_text *text_of(struct canned *canned, struct span target) {
    uint64_t hash = XXH3_64bits(target.at, target.length);
    for (size_t i = 0; i < CANNED_TEXTS; i++)
        if (canned->texts[i].target == hash) return &canned->texts[i];
    struct canned_text *text = &canned->texts[canned->next++ % CANNED_TEXTS];
    *text = (struct canned_text){.target = hash};
    return text;
}

/* Returns whether this very source is known, with at least MIN_WORDS words. Each answer is noted twice. */
static bool has_source(const struct canned_text *text, uint64_t hash) {
    for (size_t i = 0; i < text->source_count; i++)
        if (text->sources[i].hash == hash) return true;
    return false;
}

/* Adds a source unless there is a similar one, because similar sources may rightly have the same translation. */
static void add_source(struct canned_text *text, uint64_t hash, const struct word_set *words, size_t count) {
    for (size_t i = 0; i < text->source_count; i++)
        if (word_sets_are_alike(&text->sources[i].words, words)) return;
    if (text->source_count == CANNED_SOURCES) return;
    text->sources[text->source_count].hash = hash;
    text->sources[text->source_count].words = *words;
    text->sources[text->source_count++].count = count;
}

/* Applies the three rules of canned.h, in the same order. Lengths count as different if `most` is at least 1.5 times
 * `least`, because sources of similar length may be variants of one sentence that differ only in names. */
static bool is_canned(const struct canned_text *text, size_t target_count) {
    size_t least = SIZE_MAX, most = 0;
    for (size_t i = 0; i < text->source_count; i++) {
        if (text->sources[i].count < least) least = text->sources[i].count;
        if (text->sources[i].count > most) most = text->sources[i].count;
    }
    bool is_short = text->source_count > 1 && target_count * SHORT <= least;
    bool is_spread = text->source_count >= UNLIKE && most * 2 >= least * 3;
    return is_short || is_spread || (text->source_count == CANNED_SOURCES && least >= SENTENCE_WORDS);
}

bool canned_note(struct canned *canned, struct span source, struct span target) {
    size_t count, target_count = 0;
    struct canned_text *text = text_of(canned, target);
    uint64_t hash = XXH3_64bits(source.at, source.length);
    if (has_source(text, hash)) return text->canned;
    struct word_set words = word_set_read(source, &count);
    if (text->canned) return count >= MIN_WORDS_KNOWN;
    if (count >= MIN_WORDS) add_source(text, hash, &words, count);
    if (text->source_count < 2) return false; /* no rule applies to a single source */
    word_set_read(target, &target_count);
    text->canned = is_canned(text, target_count);
    return text->canned && count >= MIN_WORDS_KNOWN;
}

void canned_know(struct canned *canned, struct span target) {
    if (target.length) text_of(canned, target)->canned = true;
}

/* Consecutive sources with the same number of words do not count, because they may differ only in a number or name. */
bool canned_follows(struct canned_row *row, struct span source, struct span target, bool miscounts) {
    size_t words = queue_count_words(source);
    if (words >= MIN_WORDS_IN_ROW && words != row->words) {
        if (!span_equal(row->target, target)) *row = (struct canned_row){.target = target};
        row->words = words;
        row->times++;
    }
    return row->times >= (miscounts ? IN_ROW_MISCOUNTED : IN_ROW);
}
