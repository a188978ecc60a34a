/* Finds places in the English where a word must be missing: a "the" or "its" that no noun can follow, because a full
 * stop, a preposition or a verb does. Services drop words that they do not know, names above all. */
#include <string.h>

#include "stages/check/checks.h"

/* The values of the two roles that words.tsv explains. */
enum { MAY_END_PHRASE = 2, NOT_AFTER_LETTER = 2 };
/* Words quoted on either side of the gap. */
enum { AROUND = 3 };
/* Words of a remark between commas: "the, by all accounts, best". */
enum { MAX_REMARK = 6 };

/* Returns whether token `i` is a word of this kind in small letters. Capitals are titles and names: "the This Morning
 * presenter". */
static const struct sense *small_word(const struct reading *reading, size_t i, enum role role) {
    const struct token *token = &reading->tokens[i];
    if (token->kind != TOKEN_WORD || !span_equal(token->written, token->folded)) return NULL;
    return sense_of(token->senses, role);
}

/* Returns whether token `i` ends a phrase. A full stop that a letter or another full stop follows at once is part of
 * "a.m.", of a file name, or of an ellipsis. */
static bool ends_phrase(const struct reading *reading, size_t i) {
    const struct token *token = &reading->tokens[i];
    if (token->kind != TOKEN_SIGN || token->written.length != 1 || !strchr(",.;:!?", token->written.at[0]))
        return false;
    return i + 1 >= reading->count || !reading->tokens[i + 1].glued || reading->tokens[i + 1].kind == TOKEN_SIGN;
}

static bool is_ellipsis(const struct reading *reading, size_t i) {
    return reading_has_sign(reading, i, ".") && reading_has_sign(reading, i + 1, ".");
}

/* Returns whether the comma `i` begins a remark that another comma ends, after which the phrase continues. */
static bool begins_remark(const struct reading *reading, size_t i) {
    if (!reading_has_sign(reading, i, ",")) return false;
    size_t end = i + 1;
    while (end <= i + MAX_REMARK && end < reading->count && !reading_has_sign(reading, end, ",")) end++;
    return reading_has_sign(reading, end, ",") && end > i + 1 && end + 1 < reading->count;
}

/* Returns whether the word `i` is one of two that stand for nouns: "the for and against", "the on and off switches". */
static bool is_paired(const struct reading *reading, size_t i) {
    if (i + 2 >= reading->count) return false;
    const struct token *link = &reading->tokens[i + 1];
    return span_is(link->written, "and") || span_is(link->written, "or");
}

/* Returns whether a word is missing between tokens `i` and `i + 1`. Letters that follow something at once are no word:
 * "802.11a". */
static bool is_gap(const struct reading *reading, size_t i) {
    const struct sense *before = small_word(reading, i, ROLE_WANTS_NOUN);
    if (!before || reading->tokens[i].glued || i + 1 >= reading->count) return false;
    bool may_end = before->value >= MAY_END_PHRASE;
    if (ends_phrase(reading, i + 1)) return !may_end && !is_ellipsis(reading, i + 1) && !begins_remark(reading, i + 1);
    const struct sense *after = small_word(reading, i + 1, ROLE_NO_NOUN);
    bool compound = i + 2 < reading->count && reading->tokens[i + 2].glued && reading_has_sign(reading, i + 2, "-");
    if (!after || reading->tokens[i + 1].glued || compound || is_paired(reading, i + 1)) return false;
    return after->value < NOT_AFTER_LETTER || (!may_end && reading->tokens[i].written.length > 1);
}

static struct span words_around(const struct reading *reading, size_t i, struct span text) {
    size_t from = i >= AROUND - 1 ? i - (AROUND - 1) : 0, to = i + AROUND;
    if (to >= reading->count) to = reading->count - 1;
    const struct token *last = &reading->tokens[to];
    size_t begin = (size_t)(reading->tokens[from].written.at - text.at);
    return span_cut(text, begin, (size_t)(last->written.at - text.at) + last->written.length);
}

bool check_gap(const struct pair *pair, struct buffer *message) {
    const struct reading *reading = &pair->target_reading;
    for (size_t i = 0; i < reading->count; i++) {
        if (!is_gap(reading, i)) continue;
        buffer_print(message, "a word seems to be missing after '%.*s': \"%.*s\"",
                     SPAN_ARGS(reading->tokens[i].written),
                     SPAN_ARGS(text_clip(words_around(reading, i, pair->target), 120)));
        return true;
    }
    return false;
}
