#include "stages/check/support.h"

#include <string.h>

#include "stages/check/fold.h"
#include "stages/language/unicode.h"

/* MAX_NAMES: English names compared by sound, to limit the time; MAX_NAME_LETTERS: letters of a name in a script
 * without spaces. */
enum { MAX_NAMES = 32, MAX_NAME_LETTERS = 8, MIN_NAME_SOUNDS = 2, MIN_NAME = 3 /* bytes */ };
/* Words that both texts spell alike: this many equal letters at the beginning, or nearly the whole word. */
enum { MIN_COGNATE = 5, MIN_SHORT_COGNATE = 3, ENGLISH_ENDING = 2, SOURCE_ENDING = 3 };
/* The steps of such words count as a probability of 1/2. Numbers of several digits are nearly certain; single digits
 * occur in too many sentences. */
enum { COGNATE_STEPS = LEXICON_STEPS, NUMBER_STEPS = 4, DIGIT_STEPS = 2 * LEXICON_STEPS };

/* Which English words of the sentence may be a translation: most are none, which one bit tells. */
struct filter {
    uint64_t bits[16];
};

static uint64_t bit_of(uint16_t word) {
    return (uint64_t)1 << (word & 63);
}

static void filter_add(struct filter *filter, uint16_t word) {
    filter->bits[word >> 6 & 15] |= bit_of(word);
}

static bool filter_has(const struct filter *filter, uint16_t word) {
    return (filter->bits[word >> 6 & 15] & bit_of(word)) != 0;
}

/* Does not touch the arrays, which are large. */
void support_init(struct support *support) {
    support->source_text = support->english_text = BUFFER(SUPPORT_TEXT);
    support->source_count = support->english_count = 0;
}

void support_free(struct support *support) {
    buffer_free(&support->source_text);
    buffer_free(&support->english_text);
}

static struct span written(const struct buffer *text, const struct supported *word) {
    return (struct span){text->at + word->token.at, word->token.length};
}

/* ---------------------------------------------------------------- the words */

/* Sets *ret_word to a word of the English. Returns false for function words and for words in other scripts. */
static bool take_english(const struct support_language *language, struct span text, const struct word_token *token,
                         struct supported *ret_word) {
    uint32_t unit;
    *ret_word = (struct supported){.token = *token, .steps = SUPPORT_NONE, .word = LEXICON_WORDS};
    if (token->kind == WORD_TOKEN_NUMBER) return true;
    if (token->kind != WORD_TOKEN_WORD) return false;
    if (!word_units_english(language->units, (struct span){text.at + token->at, token->length}, &unit)) return false;
    ret_word->word = lexicon_find_word(language->lexicon, unit);
    ret_word->coverage = (uint8_t)lexicon_coverage(language->part, ret_word->word);
    ret_word->rarity = lexicon_rarity(language->lexicon, ret_word->word);
    return true;
}

/* English has no rules of its own; it is folded. Its capitals are seen in the original, which has the same tokens. */
static void list_english(const struct support_language *language, struct span english, struct support *support) {
    word_units_spell(word_units_rules(language->units, SPAN("en")), english, &support->english_text);
    struct span text = buffer_span(&support->english_text);
    struct supported *words = support->english;
    size_t count = word_units_tokens(text, SUPPORT_TOKENS, support->tokens), listed = 0;
    for (size_t i = 0; i < count; i++) {
        bool taken = take_english(language, text, &support->tokens[i], &words[listed]);
        words[listed].index = (uint16_t)i;
        listed += taken;
    }
    support->english_count = listed;
    /* folding hardly ever changes the length, and then the tokens are at the same places */
    bool same = english.length == text.length;
    if (!same && word_units_tokens(english, SUPPORT_TOKENS, support->tokens) != count) return;
    for (size_t i = 0; i < listed; i++) {
        char first = english.at[support->tokens[words[i].index].at];
        words[i].capital = words[i].index > 0 && first >= 'A' && first <= 'Z';
    }
}

static void list_source(const struct unit_rules *rules, struct span source, struct support *support) {
    word_units_spell(rules, source, &support->source_text);
    support->source_count = word_units_tokens(buffer_span(&support->source_text), SUPPORT_TOKENS, support->tokens);
    for (size_t i = 0; i < support->source_count; i++)
        support->source[i] = (struct supported){
            .token = support->tokens[i], .steps = SUPPORT_NONE, .index = (uint16_t)i, .word = LEXICON_WORDS};
}

static void improve(struct supported *word, uint8_t steps) {
    if (steps < word->steps) word->steps = steps;
}

/* ---------------------------------------------------------------- the lexicon */

/* A unit of several letters supports all of them. */
static void add_translation(struct support *support, size_t first, size_t tokens, struct translation translation) {
    for (size_t i = 0; i < support->english_count; i++) {
        if (support->english[i].word != translation.word) continue;
        improve(&support->english[i], translation.steps);
        for (size_t j = first; j < first + tokens; j++) improve(&support->source[j], translation.steps);
    }
}

static void add_unit(const struct lexicon_part *part, const struct filter *filter, size_t first, struct unit unit,
                     struct support *support) {
    UNINITIALIZED struct translation found[LEXICON_TRANSLATIONS];
    size_t count = lexicon_find(part, unit.hash, found);
    float known = 0;
    for (size_t i = 0; i < count; i++) {
        known += (float)lexicon_probability(found[i].steps);
        if (filter_has(filter, found[i].word)) add_translation(support, first, unit.tokens, found[i]);
    }
    for (size_t i = first; i < first + unit.tokens; i++)
        if (known > support->source[i].known) support->source[i].known = known;
}

/* Each look-up takes two accesses to a table larger than the processor's caches; all of a word are started at once. */
static void add_token(const struct support_language *language, const struct filter *filter, size_t index,
                      struct support *support) {
    UNINITIALIZED struct unit list[WORD_UNITS_MAX];
    size_t count = word_units_of(language->rules, buffer_span(&support->source_text), support->tokens,
                                 support->source_count, index, list);
    for (size_t i = 0; i < count; i++) lexicon_prefetch(language->part, list[i].hash);
    for (size_t i = 0; i < count; i++) lexicon_prefetch_entries(language->part, list[i].hash);
    for (size_t i = 0; i < count; i++) add_unit(language->part, filter, index, list[i], support);
}

static void use_lexicon(const struct support_language *language, struct support *support) {
    struct filter filter = {{0}};
    for (size_t i = 0; i < support->english_count; i++)
        if (support->english[i].word != LEXICON_WORDS) filter_add(&filter, support->english[i].word);
    for (size_t i = 0; i < support->source_count; i++) add_token(language, &filter, i, support);
}

/* ---------------------------------------------------------------- equal spellings */

static size_t count_equal(struct span a, struct span b) {
    size_t count = 0;
    while (count < a.length && count < b.length && a.at[count] == b.at[count]) count++;
    return count;
}

/* Returns whether the words begin alike and differ at most in an ending: "parlamento" and "parliament" do not,
 * "protesta" and "protest" do. */
static bool is_cognate(struct span source, struct span english) {
    size_t equal = count_equal(source, english);
    if (equal >= MIN_COGNATE) return true;
    bool whole = equal == source.length || equal == english.length;
    return equal >= MIN_SHORT_COGNATE && whole && equal + ENGLISH_ENDING >= english.length &&
           equal + SOURCE_ENDING >= source.length;
}

/* An equal spelling also tells that the word is known, however rare it is. */
static void join(struct supported *source, struct supported *english, uint8_t steps) {
    improve(source, steps);
    improve(english, steps);
    if (source->known < 1) source->known = 1;
}

static void compare_spelling(struct support *support, struct supported *source, struct supported *english) {
    struct span left = written(&support->source_text, source), right = written(&support->english_text, english);
    if (source->token.kind != english->token.kind) return;
    if (source->token.kind == WORD_TOKEN_NUMBER) {
        if (span_equal(left, right)) join(source, english, left.length > 1 ? NUMBER_STEPS : DIGIT_STEPS);
    } else if (is_cognate(left, right)) {
        join(source, english, COGNATE_STEPS);
    }
}

/* Returns the first three bytes, in which words that are spelled alike do not differ. */
static uint32_t head_of(struct span word) {
    uint32_t head = 0;
    for (size_t i = 0; i < word.length && i < MIN_SHORT_COGNATE; i++) head = head << 8 | (unsigned char)word.at[i];
    return head;
}

static void use_spelling(struct support *support) {
    UNINITIALIZED uint32_t heads[SUPPORT_TOKENS];
    for (size_t i = 0; i < support->english_count; i++)
        heads[i] = head_of(written(&support->english_text, &support->english[i]));
    for (size_t i = 0; i < support->source_count; i++) {
        enum word_token_kind kind = support->source[i].token.kind;
        if (kind != WORD_TOKEN_WORD && kind != WORD_TOKEN_NUMBER) continue;
        uint32_t head = head_of(written(&support->source_text, &support->source[i]));
        for (size_t j = 0; j < support->english_count; j++)
            if (heads[j] == head) compare_spelling(support, &support->source[i], &support->english[j]);
    }
}

/* ---------------------------------------------------------------- names */

struct name {
    struct supported *word;
    struct skeleton skeleton;
};

static size_t list_names(const struct sounds *sounds, struct support *support, struct name ret_names[MAX_NAMES]) {
    size_t count = 0;
    for (size_t i = 0; i < support->english_count && count < MAX_NAMES; i++) {
        struct supported *word = &support->english[i];
        if (!word->capital) continue;
        struct name name = {word, sounds_of(sounds, written(&support->english_text, word))};
        if (name.skeleton.count >= MIN_NAME_SOUNDS) ret_names[count++] = name;
    }
    return count;
}

/* Where a name may begin in the source: a word, or the next letters of a script without spaces. */
static struct span name_at(const struct support *support, size_t index) {
    size_t last = index;
    while (support->source[index].token.kind == WORD_TOKEN_LETTER && last - index + 1 < MAX_NAME_LETTERS &&
           last + 1 < support->source_count && support->source[last + 1].token.kind == WORD_TOKEN_LETTER &&
           support->source[last + 1].token.at == support->source[last].token.at + support->source[last].token.length)
        last++;
    size_t from = support->source[index].token.at,
           to = support->source[last].token.at + support->source[last].token.length;
    return (struct span){support->source_text.at + from, to - from};
}

static void hear(struct name *name, unsigned alike, struct support *support, size_t index) {
    bool letters = support->source[index].token.kind == WORD_TOKEN_LETTER;
    size_t length = letters ? name->skeleton.count : 1;
    if (alike > name->word->alike) name->word->alike = (uint8_t)alike;
    for (size_t i = index; alike > 1 && i < index + length && i < support->source_count; i++)
        if (alike > support->source[i].alike) support->source[i].alike = (uint8_t)alike;
}

static void use_sounds(const struct sounds *sounds, struct support *support) {
    UNINITIALIZED struct name names[MAX_NAMES];
    size_t count = list_names(sounds, support, names);
    for (size_t i = 0; count > 0 && i < support->source_count; i++) {
        if (support->source[i].token.kind == WORD_TOKEN_NUMBER) continue;
        struct skeleton skeleton = sounds_of(sounds, name_at(support, i));
        for (size_t j = 0; j < count; j++) hear(&names[j], sounds_alike(&names[j].skeleton, &skeleton), support, i);
    }
}

void support_measure(const struct support_language *language, struct span source, struct span english,
                     struct support *ret_support) {
    list_english(language, english, ret_support);
    list_source(language->rules, source, ret_support);
    use_lexicon(language, ret_support);
    use_spelling(ret_support);
    use_sounds(language->sounds, ret_support);
}

static bool begins_with_capital(struct span text, const struct word_token *token) {
    uint32_t rune;
    text_next(text, token->at, &rune);
    return rune_is_upper(rune);
}

bool support_lacks_name(const struct support *support, struct span source) {
    UNINITIALIZED struct word_token tokens[SUPPORT_TOKENS];
    size_t count = word_units_tokens(source, SUPPORT_TOKENS, tokens);
    for (size_t i = 0; i < support->source_count; i++) {
        const struct supported *word = &support->source[i];
        if (word->steps != SUPPORT_NONE || word->alike > 0 || word->index >= count) continue;
        if (tokens[word->index].length < MIN_NAME || !begins_with_capital(source, &tokens[word->index])) continue;
        if (word->index > 0 || !(word->known > 0)) return true;
    }
    return false;
}

/* Spelling changes bytes but not the number of words, so a word is looked for by its index. */
struct span support_quote(const struct supported *words, size_t from, size_t to, struct span original) {
    UNINITIALIZED struct word_token tokens[SUPPORT_TOKENS];
    size_t count = word_units_tokens(original, SUPPORT_TOKENS, tokens);
    if (from >= to || words[to - 1].index >= count) return SPAN("");
    size_t begin = from > 0 ? words[from - 1].index + 1u : 0, end = words[to - 1].index;
    return span_cut(original, tokens[begin].at, tokens[end].at + tokens[end].length);
}
