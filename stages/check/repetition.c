/* Finds repeated words, and loops of a few words, in which a language model may get stuck. */
#include <string.h>

#include "stages/check/checks.h"

/* MAX_PERIOD: words in the longest phrase whose repetition is noticed. LOOP_PERIOD, LOOP_TIMES: a phrase of at most
 * this many words that occurs this often in a row is a loop. PHRASE: words in the shortest phrase whose single
 * repetition is suspicious. */
enum { MAX_PERIOD = 6, LOOP_PERIOD = 4, LOOP_TIMES = 4, PHRASE = 3 };
enum { RING = 8 /* a power of two, at least MAX_PERIOD */ };

/* A ring buffer of the last words, and of their first letters, in which most words differ. `run[n]` counts how many
 * words in a row have equalled the word n positions earlier. */
struct tail {
    struct span words[RING];
    unsigned char initials[RING];
    size_t count, run[MAX_PERIOD + 1];
};

enum { INITIAL_NONE, INITIAL_WIDE };

static unsigned char initial_of(struct span word) {
    unsigned char first = word.length ? (unsigned char)*word.at : ' ';
    return first >= 0x80 ? INITIAL_WIDE : first | 32;
}

/* Returns false if the words differ even except for case. A letter that is not ASCII may be equal to one that is. */
static bool begin_alike(unsigned char earlier, unsigned char initial) {
    return earlier == initial || (earlier != INITIAL_NONE && (earlier == INITIAL_WIDE || initial == INITIAL_WIDE));
}

static bool is_mark(char c) {
    return c == '.' || c == ',' || c == ';' || c == ':' || c == '!' || c == '?';
}

static struct span strip_marks(struct span word) {
    while (word.length && is_mark(word.at[word.length - 1])) word.length--;
    return word;
}

/* Returns whether a sentence or clause ends with the word. The next sentence may begin with the same word without being
 * a repetition. */
static bool ends_clause(struct span word) {
    return word.length > 0 && is_mark(word.at[word.length - 1]);
}

/* Adds a word and updates all runs. */
static void add_word(struct tail *tail, struct span word) {
    struct span bare = strip_marks(word);
    unsigned char initial = initial_of(bare);
    for (size_t period = 1; period <= MAX_PERIOD; period++) {
        size_t earlier = (tail->count - period) % RING;
        bool again = begin_alike(tail->initials[earlier], initial) && text_equal_fold(tail->words[earlier], bare);
        tail->run[period] = again ? tail->run[period] + 1 : 0;
    }
    tail->initials[tail->count % RING] = initial;
    tail->words[tail->count++ % RING] = bare;
}

/* Forgets the words, so that none equals the next ones. */
static void forget(struct tail *tail) {
    memset(tail->initials, INITIAL_NONE, sizeof tail->initials);
    memset(tail->run, 0, sizeof tail->run);
}

bool check_loop(const struct pair *pair, struct buffer *message) {
    struct tail tail = {.count = 0};
    struct span rest = pair->target, word;
    while (span_next(&rest, ' ', &word)) {
        if (word.length == 0) continue;
        add_word(&tail, word);
        for (size_t period = 1; period <= LOOP_PERIOD; period++) {
            if (tail.run[period] < period * (LOOP_TIMES - 1)) continue;
            buffer_print(message, "'%.*s' is repeated over and over", SPAN_ARGS(text_clip(word, 40)));
            return true;
        }
    }
    return false;
}

/* Returns whether the word may be repeated: a single letter, a number of one digit, or punctuation. */
static bool is_word(struct span word) {
    for (size_t i = 0; i < word.length; i++)
        if ((unsigned)((word.at[i] | 32) - 'a') < 26 || (unsigned)(word.at[i] - '0') < 10 ||
            (unsigned char)word.at[i] >= 0x80)
            return word.length > 1;
    return false;
}

/* Returns whether the word may follow itself: "had had" and "that that" are correct English. */
static bool may_double(const struct pair *pair, struct span word) {
    char folded[128];
    if (word.length > sizeof folded / 2) return false;
    struct span spelled = {folded, fold_text(word, folded)};
    return sense_of(word_tables_find(pair->word_tables, pair->target_reading.language, spelled), ROLE_DOUBLES) != NULL;
}

/* Finds a word that directly follows itself, or the last word of a repeated phrase of at least PHRASE words. If `pair`
 * is NULL, words such as "had" count as repeated too. */
static bool find_repeat(const struct pair *pair, struct span text, struct span *ret_word) {
    struct tail tail = {.count = 0};
    struct span word;
    while (span_next(&text, ' ', &word)) {
        if (word.length == 0) continue;
        add_word(&tail, word);
        *ret_word = strip_marks(word);
        if (tail.run[1] && is_word(*ret_word) && !(pair && may_double(pair, *ret_word))) return true;
        for (size_t period = PHRASE; period <= MAX_PERIOD; period++)
            if (tail.run[period] >= period) return true;
        if (ends_clause(word)) forget(&tail);
    }
    return false;
}

/* Finds a repetition in the English, unless the source repeats itself too. */
bool check_repeated(const struct pair *pair, struct buffer *message) {
    struct span word, of_source;
    if (!find_repeat(pair, pair->target, &word) || find_repeat(NULL, pair->source, &of_source)) return false;
    buffer_print(message, "the English repeats itself at '%.*s'", SPAN_ARGS(text_clip(word, 40)));
    return true;
}
