/* Finds a word of which the English says the opposite: "subió" that became "fell". The source must have a word of one
 * side of a pair and none of the other, the English the reverse. */
#include "stages/check/checks.h"

/* What the English says of each pair: the marks of all its words. */
static struct opposite_marks english_marks(const struct pair *pair) {
    struct opposite_marks marks = {0};
    for (size_t i = 0; i < pair->target_reading.count; i++) {
        const struct opposite_marks *word =
            opposites_of_english(pair->opposites, pair->target_reading.tokens[i].folded);
        for (int side = 0; word && side < SIDES; side++) {
            marks.sure[side] |= word->sure[side];
            marks.any[side] |= word->any[side];
        }
    }
    return marks;
}

/* Returns the English word that surely means this side of the pair. */
static struct span find_english(const struct pair *pair, unsigned number, int side) {
    for (size_t i = 0; i < pair->target_reading.count; i++) {
        const struct token *token = &pair->target_reading.tokens[i];
        const struct opposite_marks *word = opposites_of_english(pair->opposites, token->folded);
        if (word && word->sure[side] >> number & 1) return token->written;
    }
    return (struct span){0};
}

/* Returns whether the source says the other side of a pair than the English, of which it has no word. */
static bool says_opposite(const struct pair *pair, unsigned number, int side, struct buffer *message) {
    const struct reading *source = &pair->source_reading;
    if (!opposites_have(pair->opposites, source->language, number)) return false;
    struct span said = opposites_find(pair->opposites, pair->word_tables, source, pair->source, number, !side, true);
    if (!said.length ||
        opposites_find(pair->opposites, pair->word_tables, source, pair->source, number, side, false).length)
        return false;
    if (negation_on_one_side(pair)) return false;
    buffer_print(message, "the source says '%.*s', the English says '%.*s'", SPAN_ARGS(text_clip(said, 80)),
                 SPAN_ARGS(text_clip(find_english(pair, number, side), 80)));
    return true;
}

bool check_antonyms(const struct pair *pair, struct buffer *message) {
    struct opposite_marks english = english_marks(pair);
    for (int side = 0; side < SIDES; side++) {
        uint64_t one_sided = english.sure[side] & ~english.any[!side];
        for (unsigned number = 0; one_sided; number++, one_sided >>= 1)
            if (one_sided & 1 && says_opposite(pair, number, side, message)) return true;
    }
    return false;
}
