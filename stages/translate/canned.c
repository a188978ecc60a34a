#include "stages/translate/canned.h"

#include <xxhash.h>

#include "stages/translate/queue.h"

/* Short phrases ("Photo: archive") often have the same translation, and so prove nothing. A source therefore counts
 * only if it has MIN_WORDS words, or MIN_WORDS_KNOWN once the English is known to be canned. The rules in canned.h use
 * SHORT (three times as many words), UNLIKE (three sources) and SENTENCE_WORDS (not a short phrase). */
enum { MIN_WORDS = 4, MIN_WORDS_KNOWN = 2, SHORT = 3, UNLIKE = 3, SENTENCE_WORDS = 6 };
/* Limits for consecutive answers within an article. IN_ROW identical answers close the service, or IN_ROW_MISCOUNTED if
 * the service has returned a wrong number of translations before. */
enum { MIN_WORDS_IN_ROW = 3, IN_ROW = 3, IN_ROW_MISCOUNTED = 2 };

/* Returns the entry for this English. If there is none, creates it in place of the oldest entry. */
static struct canned_text *text_of(struct canned *canned, struct span target) {
    uint64_t hash = XXH3_64bits(target.at, target.length);
    for (size_t i = 0; i < CANNED_TEXTS; i++)
        if (canned->texts[i].target == hash) return &canned->texts[i];
    struct canned_text *text = &canned->texts[canned->next++ % CANNED_TEXTS];
    *text = (struct canned_text){.target = hash};
    return text;
}

/* Adds a source unless a similar one is present: similar sources may well have the same translation. */
static void add_source(struct canned_text *text, const struct word_set *words, size_t count) {
    for (size_t i = 0; i < text->source_count; i++)
        if (word_sets_are_alike(&text->sources[i].words, words)) return;
    if (text->source_count == CANNED_SOURCES) return;
    text->sources[text->source_count].words = *words;
    text->sources[text->source_count++].count = count;
}

/* Applies the three rules described in canned.h, in the same order. Lengths count as different if `most` is at least
 * 1.5 times `least`: sources of similar length might be variants of one sentence in which only names differ. */
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
    size_t count, target_count;
    struct canned_text *text = text_of(canned, target);
    struct word_set words = word_set_read(source, &count);
    word_set_read(target, &target_count);
    if (text->canned) return count >= MIN_WORDS_KNOWN;
    if (count >= MIN_WORDS) add_source(text, &words, count);
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
