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

/* A pair of which source and English say different sides. */
struct contrast {
    unsigned number;
    int side; /* of the English */
    struct span said;
};

/* Returns whether the source says the other side of a pair than the English, of which it has no word. */
static bool is_contrast(const struct pair *pair, struct contrast *contrast) {
    const struct reading *source = &pair->source_reading;
    if (!opposites_have(pair->opposites, source->language, contrast->number)) return false;
    contrast->said = opposites_find(pair->opposites, pair->word_tables, source, pair->source, contrast->number,
                                    !contrast->side, true);
    return contrast->said.length && !opposites_find(pair->opposites, pair->word_tables, source, pair->source,
                                                    contrast->number, contrast->side, false)
                                         .length;
}

/* Finds a pair of which the English has words of one side only, and the source of the other. */
static bool find_contrast(const struct pair *pair, struct contrast *ret_contrast) {
    struct opposite_marks english = english_marks(pair);
    for (int side = 0; side < SIDES; side++) {
        uint64_t one_sided = english.sure[side] & ~english.any[!side];
        for (unsigned number = 0; one_sided; number++, one_sided >>= 1) {
            *ret_contrast = (struct contrast){.number = number, .side = side};
            if (one_sided & 1 && is_contrast(pair, ret_contrast)) return true;
        }
    }
    return false;
}

bool says_opposite(const struct pair *pair) {
    struct contrast contrast;
    return find_contrast(pair, &contrast);
}

bool check_antonyms(const struct pair *pair, struct buffer *message) {
    struct contrast contrast;
    if (!find_contrast(pair, &contrast) || negation_on_one_side(pair)) return false;
    buffer_print(message, "the source says '%.*s', the English says '%.*s'", SPAN_ARGS(text_clip(contrast.said, 80)),
                 SPAN_ARGS(text_clip(find_english(pair, contrast.number, contrast.side), 80)));
    return true;
}
