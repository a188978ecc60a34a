/* Finds a negation in the English that the source lacks, or a negation in the source that the English lacks. */
#include "stages/check/checks.h"

static const struct token *find_role(const struct reading *reading, enum role role) {
    for (size_t i = 0; i < reading->count; i++)
        if (sense_of(reading->tokens[i].senses, role)) return &reading->tokens[i];
    return NULL;
}

/* Finds a word whose translation must contain a negation. The tables give such words a value above 1. */
static const struct token *find_sure(const struct reading *reading) {
    for (size_t i = 0; i < reading->count; i++) {
        const struct sense *negation = sense_of(reading->tokens[i].senses, ROLE_NEGATION);
        if (negation && negation->value > 1) return &reading->tokens[i];
    }
    return NULL;
}

/* Finds a word with a negation inside it, such as English "n't" or German "-los". */
static const struct token *find_affix(const struct pair *pair, const struct reading *reading) {
    for (size_t i = 0; i < reading->count; i++)
        if (reading->tokens[i].kind == TOKEN_WORD &&
            word_tables_has_inside(pair->word_tables, reading->language, reading->tokens[i].folded))
            return &reading->tokens[i];
    return NULL;
}

static bool is_contraction(const struct token *token) {
    return token->kind == TOKEN_WORD && span_ends(token->folded, SPAN("n't"));
}

/* Returns whether the negation belongs to an idiom, for which the source need not contain one: "not only ... but also"
 * means "and", "whether or not" means "whether", and "if not" may mean "or else". */
static bool is_idiom(const struct reading *reading, size_t i) {
    if (i > 0 && (span_is(reading->tokens[i - 1].folded, "or") || span_is(reading->tokens[i - 1].folded, "if")))
        return true;
    static const char *const words[] = {"only", "just", "merely", "simply"};
    for (size_t j = 0; i + 1 < reading->count && j < sizeof words / sizeof *words; j++)
        if (span_is(reading->tokens[i + 1].folded, words[j])) return true;
    return false;
}

/* Finds a negation in the English: "not" and the like, or a contraction such as "isn't". */
static const struct token *english_negation(const struct reading *reading, bool with_idioms) {
    for (size_t i = 0; i < reading->count; i++)
        if ((with_idioms || !is_idiom(reading, i)) &&
            (is_contraction(&reading->tokens[i]) || sense_of(reading->tokens[i].senses, ROLE_NEGATION)))
            return &reading->tokens[i];
    return NULL;
}

bool check_negations(const struct pair *pair, struct buffer *message) {
    const struct reading *source = &pair->source_reading, *target = &pair->target_reading;
    if (!word_tables_have(pair->word_tables, source->language, ROLE_NEGATION)) return false;
    /* ROLE_NEGATIVE words ("without", "refuse") may correspond to a negation in the other text */
    const struct token *said = english_negation(target, false), *negated = find_role(source, ROLE_NEGATION);
    if (said && !negated && !find_role(source, ROLE_NEGATIVE) && !find_affix(pair, source)) {
        buffer_print(message, "the English says '%.*s', the source has no negation",
                     SPAN_ARGS(text_clip(said->written, 80)));
        return true;
    }
    negated = find_sure(source);
    bool lost =
        negated && !english_negation(target, true) && !find_role(target, ROLE_NEGATIVE) && !find_affix(pair, target);
    if (lost)
        buffer_print(message, "the source says '%.*s', the English has no negation",
                     SPAN_ARGS(text_clip(negated->written, 80)));
    return lost;
}
