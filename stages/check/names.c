/* Finds names in the English that do not sound like any word of the source. */
#include <stdlib.h>

#include "stages/check/checks.h"

/* MIN_NAME, MIN_SOUNDS: letters and sounds that a name must have to be compared reliably. MAX_NAMES: names compared per
 * text, to limit the time. */
enum { MIN_NAME = 4, MIN_SOUNDS = 3, MAX_NAMES = 16 };

static bool is_capital_word(const struct token *token) {
    return token->kind == TOKEN_WORD && token->written.length >= MIN_NAME && token->written.at[0] >= 'A' &&
           token->written.at[0] <= 'Z' && token->written.at[1] >= 'a';
}

/* Returns whether token `i` begins with a capital within a sentence and is not an English word. */
static bool may_be_invented(const struct pair *pair, size_t i) {
    const struct token *tokens = pair->target_reading.tokens;
    if (i == 0 || tokens[i - 1].kind != TOKEN_WORD || !is_capital_word(&tokens[i])) return false;
    return !english_has(pair->english, tokens[i].folded) && !english_has(pair->english_names, tokens[i].folded);
}

/* Returns whether the source can be compared by sound. A source that contains Hangul, or a script without spaces
 * between words, cannot, since the name may be written in that script. */
static bool is_comparable(const struct reading *source) {
    for (size_t i = 0; i < source->count; i++)
        if (source->tokens[i].letters == LETTER_UNSPACED || source->tokens[i].letters == LETTER_HANGUL) return false;
    return source->count > 0;
}

/* Returns the sounds of every token of the source. The caller frees them. */
static struct skeleton *read_source_sounds(const struct pair *pair) {
    const struct reading *source = &pair->source_reading;
    struct skeleton *skeletons = memory_take(source->count * sizeof *skeletons);
    for (size_t i = 0; i < source->count; i++) skeletons[i] = sounds_of(pair->sounds, source->tokens[i].folded);
    return skeletons;
}

/* Returns whether the lexicon, or the spelling, ties the word to one of the source: a name that is translated
 * ("Deutschland") need not sound like it. */
static bool is_supported(const struct support *support, struct span folded) {
    for (size_t i = 0; i < support->english_count; i++) {
        const struct supported *word = &support->english[i];
        struct span written = {support->english_text.at + word->token.at, word->token.length};
        if (span_equal(written, folded) && (word->steps != SUPPORT_NONE || word->alike > 1)) return true;
    }
    return false;
}

/* Returns whether the source has a word that sounds like the name. Always returns true for short names, which sound
 * like many words by chance. */
static bool is_in_source(const struct pair *pair, const struct skeleton *skeletons, struct span folded) {
    struct skeleton name = sounds_of(pair->sounds, folded);
    if (name.count < MIN_SOUNDS) return true;
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
        if (!may_be_invented(pair, i) || is_supported(pair->support, target->tokens[i].folded)) continue;
        seen++;
        if (!skeletons) skeletons = read_source_sounds(pair);
        if (!is_in_source(pair, skeletons, target->tokens[i].folded)) invented = &target->tokens[i];
    }
    free(skeletons);
    if (invented)
        buffer_print(message, "the source has no name like %.*s", SPAN_ARGS(text_clip(invented->written, 60)));
    return invented != NULL;
}
