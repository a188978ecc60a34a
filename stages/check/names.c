/* Finds names in the English that do not sound like any word of the source. */
#include <stdlib.h>

#include "stages/check/checks.h"

/* MIN_NAME, MIN_SOUNDS: letters and sounds that a name must have to be compared reliably. MAX_NAMES: names compared per
 * text, to limit the time. MIN_COVERAGE: of lexicon_coverage(). */
enum { MIN_NAME = 4, MIN_SOUNDS = 3, MAX_NAMES = 16, MIN_COVERAGE = 4, MIN_SOUNDS_INEXACT = 6 };
/* Blocks of the Unicode Standard. */
enum { FIRST_HEBREW = 0x590, FIRST_GEORGIAN = 0x10A0, LAST_GEORGIAN = 0x10FF, LAST_ETHIOPIC = 0x139F };

static bool is_capital_word(const struct token *token) {
    return token->kind == TOKEN_WORD && token->written.length >= MIN_NAME && token->written.at[0] >= 'A' &&
           token->written.at[0] <= 'Z' && token->written.at[1] >= 'a';
}

/* Weekdays and months also begin with a capital. They are compared in dates.c. */
static bool is_date(const struct token *token) {
    static const enum role roles[] = {ROLE_WEEKDAY, ROLE_MAYBE_WEEKDAY, ROLE_MONTH, ROLE_MAYBE_MONTH};
    for (size_t i = 0; i < sizeof roles / sizeof *roles; i++)
        if (sense_of(token->senses, roles[i])) return true;
    return false;
}

/* Returns what the lexicon says of a word of the English, or NULL if it does not know the language. */
static const struct supported *find_supported(const struct support *support, struct span folded) {
    for (size_t i = 0; i < support->english_count; i++) {
        const struct supported *word = &support->english[i];
        struct span written = {support->english_text.at + word->token.at, word->token.length};
        if (span_equal(written, folded)) return word;
    }
    return NULL;
}

/* Returns whether token `i` begins with a capital within a sentence, is not an English word, and nothing ties it to the
 * source. Names that English writes in its own way ("London" for "Londres") count only if the lexicon nearly always
 * recognises them in this language. */
static bool may_be_invented(const struct pair *pair, size_t i) {
    const struct token *tokens = pair->target_reading.tokens;
    if (i == 0 || tokens[i - 1].kind != TOKEN_WORD || !is_capital_word(&tokens[i])) return false;
    if (is_date(&tokens[i]) || english_has(pair->english, tokens[i].folded)) return false;
    const struct supported *word = find_supported(pair->support, tokens[i].folded);
    if (word && (word->steps != SUPPORT_NONE || word->alike > 1)) return false;
    return !english_has(pair->english_names, tokens[i].folded) || (word && word->coverage >= MIN_COVERAGE);
}

/* Returns whether the source can be compared by sound. A source that contains Hangul, or a script without spaces
 * between words, cannot, since the name may be written in that script. */
static bool is_comparable(const struct reading *source) {
    for (size_t i = 0; i < source->count; i++)
        if (source->tokens[i].letters == LETTER_UNSPACED || source->tokens[i].letters == LETTER_HANGUL) return false;
    return source->count > 0;
}

/* Returns how many sounds a name must have. Scripts that leave out vowels, or write several sounds as one, spell names
 * of other languages less exactly: more sounds are needed there. */
static size_t min_sounds(const struct reading *source) {
    for (size_t i = 0; i < source->count; i++) {
        uint32_t rune;
        if (source->tokens[i].kind != TOKEN_WORD || source->tokens[i].folded.length == 0) continue;
        text_next(source->tokens[i].folded, 0, &rune);
        if (rune >= FIRST_HEBREW && rune <= LAST_ETHIOPIC && !(rune >= FIRST_GEORGIAN && rune <= LAST_GEORGIAN))
            return MIN_SOUNDS_INEXACT;
    }
    return MIN_SOUNDS;
}

/* Returns the sounds of every token of the source. The caller frees them. */
static struct skeleton *read_source_sounds(const struct pair *pair) {
    const struct reading *source = &pair->source_reading;
    struct skeleton *skeletons = memory_take(source->count * sizeof *skeletons);
    for (size_t i = 0; i < source->count; i++) skeletons[i] = sounds_of(pair->sounds, source->tokens[i].folded);
    return skeletons;
}

/* Returns whether the source has a word that sounds like the name. Always returns true for short names, which sound
 * like many words by chance. */
static bool is_in_source(const struct pair *pair, const struct skeleton *skeletons, size_t least, struct span folded) {
    struct skeleton name = sounds_of(pair->sounds, folded);
    if (name.count < least) return true;
    for (size_t i = 0; i < pair->source_reading.count; i++)
        if (sounds_like(&name, &skeletons[i])) return true;
    return false;
}

bool check_names(const struct pair *pair, struct buffer *message) {
    const struct reading *target = &pair->target_reading;
    if (!is_comparable(&pair->source_reading)) return false;
    struct skeleton *skeletons = NULL;
    size_t least = min_sounds(&pair->source_reading);
    const struct token *invented = NULL;
    for (size_t i = 0, seen = 0; i < target->count && seen < MAX_NAMES && !invented; i++) {
        if (!may_be_invented(pair, i)) continue;
        seen++;
        if (!skeletons) skeletons = read_source_sounds(pair);
        if (!is_in_source(pair, skeletons, least, target->tokens[i].folded)) invented = &target->tokens[i];
    }
    free(skeletons);
    if (invented)
        buffer_print(message, "the source has no name like %.*s", SPAN_ARGS(text_clip(invented->written, 60)));
    return invented != NULL;
}
