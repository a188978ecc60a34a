#include "stages/check/support.h"

#include <string.h>

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

void support_free(struct support *support) {
    buffer_free(&support->source_text);
    buffer_free(&support->english_text);
}

/* English has no rules of its own; it is folded. */
static void list_english(const struct lexicon *lexicon, const struct word_units *units, struct span english,
                         struct support *support) {
    word_units_spell(word_units_rules(units, SPAN("en")), english, &support->english_text);
    struct span text = buffer_span(&support->english_text);
    size_t count = word_units_tokens(text, SUPPORT_TOKENS, support->tokens);
    support->english_count = 0;
    for (size_t i = 0; i < count; i++) {
        const struct token *token = &support->tokens[i];
        struct supported word = {*token, LEXICON_WORDS, SUPPORT_NONE, false};
        uint32_t unit;
        if (token->kind == TOKEN_WORD) {
            if (!word_units_english(units, (struct span){text.at + token->at, token->length}, &unit)) continue;
            word.word = lexicon_find_word(lexicon, unit);
        } else if (token->kind != TOKEN_NUMBER) {
            continue;
        }
        support->english[support->english_count++] = word;
    }
}

static void list_source(const struct unit_rules *rules, struct span source, struct support *support) {
    word_units_spell(rules, source, &support->source_text);
    support->source_count = word_units_tokens(buffer_span(&support->source_text), SUPPORT_TOKENS, support->tokens);
    for (size_t i = 0; i < support->source_count; i++)
        support->source[i] = (struct supported){support->tokens[i], LEXICON_WORDS, SUPPORT_NONE, false};
}

static void improve(struct supported *word, uint8_t steps) {
    if (steps < word->steps) word->steps = steps;
}

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
    struct translation found[LEXICON_TRANSLATIONS];
    size_t count = lexicon_find(part, unit.hash, found);
    if (count == 0) return;
    for (size_t i = first; i < first + unit.tokens; i++) support->source[i].known = true;
    for (size_t i = 0; i < count; i++)
        if (filter_has(filter, found[i].word)) add_translation(support, first, unit.tokens, found[i]);
}

/* Each look-up takes two accesses to a table larger than the processor's caches; all of a word are started at once. */
static void add_token(const struct lexicon_part *part, const struct unit_rules *rules, const struct filter *filter,
                      size_t index, struct support *support) {
    struct unit list[WORD_UNITS_MAX];
    size_t count =
        word_units_of(rules, buffer_span(&support->source_text), support->tokens, support->source_count, index, list);
    for (size_t i = 0; i < count; i++) lexicon_prefetch(part, list[i].hash);
    for (size_t i = 0; i < count; i++) add_unit(part, filter, index, list[i], support);
}

void support_measure(const struct lexicon *lexicon, const struct lexicon_part *part, const struct word_units *units,
                     const struct unit_rules *rules, struct span source, struct span english,
                     struct support *ret_support) {
    struct filter filter = {{0}};
    list_english(lexicon, units, english, ret_support);
    list_source(rules, source, ret_support);
    for (size_t i = 0; i < ret_support->english_count; i++)
        if (ret_support->english[i].word != LEXICON_WORDS) filter_add(&filter, ret_support->english[i].word);
    for (size_t i = 0; i < ret_support->source_count; i++) add_token(part, rules, &filter, i, ret_support);
}
