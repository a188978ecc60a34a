/* Names of the English that nothing in the source sounds like. */
#include <stdlib.h>

#include "stages/check/checks.h"

enum { SHORTEST_NAME = 4, FEWEST_SOUNDS = 3, MAX_NAMES = 16 };

static bool is_capital_word(const struct token *token) {
    return token->kind == TOKEN_WORD && token->written.length >= SHORTEST_NAME && token->written.at[0] >= 'A' &&
           token->written.at[0] <= 'Z' && token->written.at[1] >= 'a';
}

/* A capital amid a sentence, of a word that English does not know. */
static bool is_unknown_name(const struct pair *pair, size_t i) {
    const struct token *tokens = pair->target_reading.tokens;
    if (i == 0 || tokens[i - 1].kind != TOKEN_WORD || !is_capital_word(&tokens[i])) return false;
    return !english_has(pair->english, tokens[i].folded) && !english_has(pair->english_names, tokens[i].folded);
}

/* Han and Kana are not compared by sound; a source that has some may hold the name in them. */
static bool is_comparable(const struct reading *source) {
    for (size_t i = 0; i < source->count; i++)
        if (source->tokens[i].letters == LETTER_UNSPACED || source->tokens[i].letters == LETTER_HANGUL) return false;
    return source->count > 0;
}

static struct skeleton *skeletons_of(const struct pair *pair) {
    const struct reading *source = &pair->source_reading;
    struct skeleton *skeletons = memory_take(source->count * sizeof *skeletons);
    for (size_t i = 0; i < source->count; i++) skeletons[i] = sounds_of(pair->sounds, source->tokens[i].folded);
    return skeletons;
}

static bool is_heard(const struct pair *pair, const struct skeleton *skeletons, struct span folded) {
    struct skeleton name = sounds_of(pair->sounds, folded);
    if (name.count < FEWEST_SOUNDS) return true;
    for (size_t i = 0; i < pair->source_reading.count; i++)
        if (sounds_like(&name, &skeletons[i])) return true;
    return false;
}

bool check_names(const struct pair *pair, struct buffer *message) {
    const struct reading *target = &pair->target_reading;
    if (!is_comparable(&pair->source_reading)) return false;
    struct skeleton *skeletons = NULL;
    const struct token *invented = NULL;
    for (size_t i = 0, seen = 0; i < target->count && seen < MAX_NAMES && !invented; i++) {
        if (!is_unknown_name(pair, i)) continue;
        seen++;
        if (!skeletons) skeletons = skeletons_of(pair);
        if (!is_heard(pair, skeletons, target->tokens[i].folded)) invented = &target->tokens[i];
    }
    free(skeletons);
    if (invented)
        buffer_print(message, "the source has no name like %.*s", SPAN_ARGS(text_clip(invented->written, 60)));
    return invented != NULL;
}
