/* Finds names in the English that do not sound like any word of the source. */
#include <stdlib.h>
#include <string.h>

#include "stages/check/checks.h"
#include "stages/language/unicode.h"

/* MIN_NAME, MIN_SOUNDS: letters and sounds that a name must have to be compared reliably. MAX_NAMES: names compared per
 * text, to limit the time. MIN_COVERAGE: of lexicon_coverage(). MAX_LIST: words of a list of places. SURE_PLACE: value
 * of ROLE_WHERE. */
enum {
    MIN_NAME = 4,
    MIN_SOUNDS = 3,
    MAX_NAMES = 16,
    MIN_COVERAGE = 4,
    MIN_SOUNDS_INEXACT = 6,
    MAX_LIST = 12,
    SURE_PLACE = 2
};
/* Letters at the beginning and at the end of a syllable, and syllables of a name. */
enum { MAX_INITIAL = 2, MAX_FINAL = 4, MAX_SYLLABLES = 2 };
/* Blocks of the Unicode Standard. */
enum {
    LATIN_END = 0x250,
    FIRST_HEBREW = 0x590,
    FIRST_GEORGIAN = 0x10A0,
    LAST_GEORGIAN = 0x10FF,
    LAST_ETHIOPIC = 0x139F
};

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

/* How the source spells names of other languages. */
struct spelling {
    bool keeps;   /* as the English does */
    size_t least; /* sounds that a name must have to be compared */
};

/* ---------------------------------------------------------------- names that both texts spell alike */

/* Returns the word without the English ending of possession. */
static struct span without_possessive(struct span folded) {
    if (span_ends(folded, SPAN("'s"))) return span_cut(folded, 0, folded.length - 2);
    return span_ends(folded, SPAN("’s")) ? span_cut(folded, 0, folded.length - strlen("’s")) : folded;
}

static bool has_one_capital(struct span written) {
    size_t capitals = 0;
    for (size_t i = 0; i < written.length; i++) capitals += written.at[i] >= 'A' && written.at[i] <= 'Z';
    return capitals == 1;
}

/* Returns whether the source has Latin letters and keeps the spelling of foreign names. Nothing in it is spelled like a
 * name that the English got from elsewhere. */
static bool keeps_spelling(const struct pair *pair) {
    const struct reading *source = &pair->source_reading;
    size_t latin = 0, words = 0;
    for (size_t i = 0; i < source->count; i++) {
        uint32_t rune;
        if (source->tokens[i].kind != TOKEN_WORD || source->tokens[i].folded.length == 0) continue;
        text_next(source->tokens[i].folded, 0, &rune);
        latin += rune < LATIN_END;
        words++;
    }
    return latin * 2 > words && !word_tables_have(pair->word_tables, source->language, ROLE_RESPELLS);
}

static bool lacks_support(const struct pair *pair, struct span folded) {
    const struct supported *word = find_supported(pair->support, folded);
    return word && word->steps == SUPPORT_NONE && word->alike == 0;
}

/* Returns whether token `i` is a word with a capital that no word of the source is spelled or sounds like.
 * Abbreviations are translated ("UN"), and words of the tables are units, months and the like. */
static bool is_unknown(const struct pair *pair, size_t i) {
    const struct reading *target = &pair->target_reading;
    if (i >= target->count) return false;
    const struct token *token = &target->tokens[i];
    struct span name = without_possessive(token->folded);
    return is_capital_word(token) && has_one_capital(token->written) && name.length >= MIN_NAME &&
           lacks_support(pair, token->folded) && !word_tables_find(pair->word_tables, target->language, name);
}

/* Returns whether the token may stand within a list of names. */
static bool continues_list(const struct token *token) {
    uint32_t first;
    text_next(token->written, 0, &first);
    return rune_is_upper(first) || span_is(token->written, "and") || span_is(token->written, "or") ||
           span_is(token->written, ",") || span_is(token->written, "-");
}

/* Returns how surely token `i` stands where a place would, by the value of the word before it, "in" or the like, or
 * before a list there: "in Paris, Vienna and Rome". A comma alone may also end the place: "in Paris, Smith said". */
static double stands_for_place(const struct reading *target, size_t i) {
    const struct token *tokens = target->tokens;
    size_t first = i;
    bool comma = span_is(tokens[i - 1].written, ",");
    if (comma && !(i + 1 < target->count && continues_list(&tokens[i + 1]))) return 0;
    while (first > 1 && i - first < MAX_LIST && continues_list(&tokens[first - 1])) first--;
    const struct sense *where = first > 0 ? sense_of(tokens[first - 1].senses, ROLE_WHERE) : NULL;
    return where ? where->value : 0;
}

/* Returns whether a hyphen joins tokens `i` and `i + 2`. */
static bool has_hyphen_after(const struct reading *reading, size_t i) {
    return i + 2 < reading->count && reading_has_sign(reading, i + 1, "-") && reading->tokens[i + 1].glued &&
           reading->tokens[i + 2].glued;
}

/* Returns whether a hyphen joins the word to another one that is known: "Cluj-Napoca". */
static bool is_part_of_known(const struct pair *pair, size_t i) {
    const struct reading *target = &pair->target_reading;
    const struct token *tokens = target->tokens;
    bool before = i >= 2 && has_hyphen_after(target, i - 2) && is_capital_word(&tokens[i - 2]);
    bool after = has_hyphen_after(target, i) && is_capital_word(&tokens[i + 2]);
    return (before && !is_unknown(pair, i - 2)) || (after && !is_unknown(pair, i + 2));
}

/* Returns whether the name consists of at most `max` syllables of a language whose names the source's language
 * replaces.
 */
static bool has_syllables(const struct pair *pair, struct span name, unsigned max) {
    unsigned language = pair->source_reading.language;
    for (size_t middle = 0; max > 0 && middle <= MAX_INITIAL && middle < name.length; middle++) {
        struct span initial = span_cut(name, 0, middle);
        if (middle && !sense_of(word_tables_form(pair->word_tables, language, initial), ROLE_INITIAL)) continue;
        for (size_t end = middle + 1; end <= name.length && end <= middle + MAX_FINAL; end++) {
            struct span final = span_cut(name, middle, end), rest = span_cut(name, end, name.length);
            if (!sense_of(word_tables_form(pair->word_tables, language, final), ROLE_FINAL)) continue;
            if (rest.length == 0 || has_syllables(pair, rest, max - 1)) return true;
        }
    }
    return false;
}

/* Returns whether the source may have a name of its own for the person: Tập Cận Bình is Xi Jinping. */
static bool is_replaced(const struct pair *pair, struct span name) {
    return word_tables_have(pair->word_tables, pair->source_reading.language, ROLE_INITIAL) &&
           has_syllables(pair, name, MAX_SYLLABLES);
}

/* Returns whether the source has the name in another spelling, as it transcribes names from other scripts: "Jamenei"
 * for "Khamenei". One letter in four may differ. */
static bool is_respelled(const struct pair *pair, size_t i) {
    const struct reading *source = &pair->source_reading;
    struct span name = without_possessive(pair->target_reading.tokens[i].folded);
    for (size_t j = 0; j < source->count; j++)
        if (source->tokens[j].kind == TOKEN_WORD && source->tokens[j].folded.length >= MIN_NAME &&
            span_distance(source->tokens[j].folded, name) <= name.length / 4)
            return true;
    return false;
}

/* Returns whether token `i` is such a name. Places have names of their own in many languages ("Vienna", "Bécs"), so a
 * single word counts only if it is no frequent name and does not stand where a place would. People of two names stand
 * after "to" and "from", but not after "in". */
static bool is_foreign_name(const struct pair *pair, size_t i) {
    struct span name = without_possessive(pair->target_reading.tokens[i].folded);
    if (!is_unknown(pair, i) || english_has(pair->english, name)) return false;
    if (is_part_of_known(pair, i) || is_replaced(pair, name)) return false;
    double place = stands_for_place(&pair->target_reading, i);
    if (is_unknown(pair, i - 1) || is_unknown(pair, i + 1)) return place < SURE_PLACE;
    return !english_has(pair->english_names, name) && place == 0;
}

/* Returns the index of the first such name, or the number of tokens. A name in place of another is missing from one
 * text and added to the other; where the source misses none, it may have it in other words ("Tories"). */
static size_t find_foreign_name(const struct pair *pair) {
    const struct reading *target = &pair->target_reading;
    if (!support_lacks_name(pair->support, pair->source)) return target->count;
    for (size_t i = 1, seen = 0; i < target->count && seen < MAX_NAMES; i++) {
        if (!is_foreign_name(pair, i)) continue;
        seen++;
        if (!is_respelled(pair, i)) return i;
    }
    return target->count;
}

/* ---------------------------------------------------------------- names that sound alike */

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

/* Returns whether token `i` begins with a capital within a sentence, is not an English word, and nothing ties it to the
 * source. Names that English writes in its own way ("London" for "Londres") count only if the lexicon nearly always
 * recognises them in this language. */
static bool may_be_invented(const struct pair *pair, const struct spelling *spelling, size_t i) {
    const struct token *tokens = pair->target_reading.tokens;
    if (i == 0 || tokens[i - 1].kind != TOKEN_WORD || !is_capital_word(&tokens[i])) return false;
    if (is_date(&tokens[i]) || english_has(pair->english, tokens[i].folded)) return false;
    const struct supported *word = find_supported(pair->support, tokens[i].folded);
    if (word && (word->steps != SUPPORT_NONE || word->alike > 1)) return false;
    if (!english_has(pair->english_names, tokens[i].folded)) return !spelling->keeps;
    return word && word->coverage >= MIN_COVERAGE && spelling->least == MIN_SOUNDS;
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

/* Returns whether the source has a word that sounds like the name. Always returns true for short names, which sound
 * like many words by chance. */
static bool is_in_source(const struct pair *pair, const struct skeleton *skeletons, size_t least, struct span folded) {
    struct skeleton name = sounds_of(pair->sounds, folded);
    if (name.count < least) return true;
    for (size_t i = 0; i < pair->source_reading.count; i++)
        if (sounds_like(&name, &skeletons[i], least > MIN_SOUNDS)) return true;
    return false;
}

/* Returns the index of the first name that no word of the source sounds like, or the number of tokens. */
static size_t find_unheard_name(const struct pair *pair, const struct spelling *spelling) {
    const struct reading *target = &pair->target_reading;
    struct skeleton *skeletons = NULL;
    size_t found = target->count;
    if (!is_comparable(&pair->source_reading)) return target->count;
    for (size_t i = 0, seen = 0; i < target->count && seen < MAX_NAMES && found == target->count; i++) {
        if (!may_be_invented(pair, spelling, i)) continue;
        seen++;
        if (!skeletons) skeletons = read_source_sounds(pair);
        if (!is_in_source(pair, skeletons, spelling->least, target->tokens[i].folded)) found = i;
    }
    free(skeletons);
    return found;
}

/* Returns the name to which token `i` belongs: it and the words with a capital around it that have no support either.
 */
static struct span whole_name(const struct pair *pair, size_t i) {
    const struct token *tokens = pair->target_reading.tokens;
    size_t first = i, last = i;
    while (first > 1 && is_unknown(pair, first - 1)) first--;
    while (is_unknown(pair, last + 1)) last++;
    size_t from = (size_t)(tokens[first].written.at - pair->target.at);
    return span_cut(pair->target, from,
                    (size_t)(tokens[last].written.at - pair->target.at) + tokens[last].written.length);
}

bool check_names(const struct pair *pair, struct buffer *message) {
    struct spelling spelling = {keeps_spelling(pair), min_sounds(&pair->source_reading)};
    size_t count = pair->target_reading.count, found = spelling.keeps ? find_foreign_name(pair) : count;
    if (found == count) found = find_unheard_name(pair, &spelling);
    if (found < count)
        buffer_print(message, "the source has no name like %.*s", SPAN_ARGS(text_clip(whole_name(pair, found), 60)));
    return found < count;
}
