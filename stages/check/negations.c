/* Finds a negation in the English that the source lacks, or a negation in the source that the English lacks. */
#include <string.h>

#include "stages/check/checks.h"

/* MIN_REST: letters of the word that remains when "un-" or "-less" is removed. DOUBLE: how many words after "not" an
 * "un-" may stand that makes it positive ("not insensitive", "not go unnoticed"). TURN: how many words before "not" a
 * "why" may stand. */
enum { MIN_REST = 3, DOUBLE = 2, TURN = 5, LETTERS = 26 };

/* Values of the kind "leads": an idiom with any word that says no, only with a word that negates, and "to", which makes
 * "to not", an idiom only if the English has a word such as "against". */
enum { LEADS_ANY = 1, LEADS_WORD, LEADS_PURPOSE };

/* How clearly a word says no: it may excuse a lost negation ("still", "hate"), it may be expressed with "not" in the
 * other text ("without", "refuse"), it negates, or it negates in such a way that a translation cannot do without a
 * negation. */
enum strength { SILENT, EXCUSE, NEGATIVE, NEGATION, SURE };

/* The words of a text that say no. */
struct denials {
    const struct token *negation, *sure; /* the first of each kind, or NULL */
    const struct token *purpose;         /* the first sure one after "to" ("to not"), or NULL; it is not in `sure` */
    size_t words[SURE + 1];              /* numbers of words of each strength */
    size_t made;                         /* number of English negatives made from another word: "illegal" */
    size_t initials[LETTERS];            /* how many of these, or of the source's negatives, begin with each letter */
};

static bool has_role(const struct reading *reading, size_t i, enum role role) {
    return i < reading->count && sense_of(reading->tokens[i].senses, role);
}

/* Returns the value of the word before as one that leads to an idiom, or 0. */
static double value_of_leads(const struct reading *reading, size_t i) {
    const struct sense *leads = i > 0 ? sense_of(reading->tokens[i - 1].senses, ROLE_LEADS) : NULL;
    return leads ? leads->value : 0;
}

/* Returns whether the negation belongs to an idiom that the other language says without one: "not only ... but also"
 * means "and", "whether or not" means "whether", "isn't it?" asks. */
static bool is_idiom(const struct reading *reading, size_t i) {
    bool word = has_role(reading, i, ROLE_NEGATION);
    double leads = value_of_leads(reading, i);
    if (leads == LEADS_ANY || (leads == LEADS_WORD && word)) return true;
    const struct sense *follows = i + 1 < reading->count ? sense_of(reading->tokens[i + 1].senses, ROLE_FOLLOWS) : NULL;
    return follows && (follows->value <= 1 || !word);
}

/* Returns whether the other text has the same word, as in the title of a song. */
static bool is_quoted(const struct reading *other, const struct token *token) {
    for (size_t i = 0; i < other->count; i++)
        if (span_equal(other->tokens[i].folded, token->folded)) return true;
    return false;
}

/* Returns whether the word is "No." before a number. */
static bool is_abbreviation(const struct reading *reading, size_t i) {
    return span_is(reading->tokens[i].folded, "no") && reading_has_sign(reading, i + 1, ".") &&
           i + 2 < reading->count && reading->tokens[i + 2].kind == TOKEN_NUMBER;
}

/* Returns how clearly the word corresponds to a negation in the other text, such as "without", or "far" in "far from".
 */
static enum strength strength_of_negative(const struct reading *reading, size_t i) {
    const struct sense *negative = sense_of(reading->tokens[i].senses, ROLE_NEGATIVE);
    if (!negative || (negative->value > 1 && !has_role(reading, i + 1, ROLE_NEEDS))) return SILENT;
    return negative->value > 0 ? NEGATIVE : EXCUSE;
}

/* How clearly the word says no by itself. */
static enum strength strength_alone(const struct pair *pair, const struct reading *reading, size_t i) {
    const struct token *token = &reading->tokens[i];
    const struct sense *negation = sense_of(token->senses, ROLE_NEGATION);
    if (sense_of(token->senses, ROLE_NEUTRAL)) return SILENT;
    if (negation && negation->value > 1) return SURE;
    double affix =
        token->kind == TOKEN_WORD ? word_tables_affix(pair->word_tables, reading->language, token->folded) : 0;
    if (affix > 1) return SURE;
    if (negation) return NEGATION;
    enum strength negative = strength_of_negative(reading, i);
    if (negative != SILENT) return negative;
    return affix >= 1 ? NEGATION : affix > 0 ? NEGATIVE : SILENT;
}

static enum strength strength_of_word(const struct pair *pair, const struct reading *reading, size_t i) {
    enum strength strength = strength_alone(pair, reading, i);
    if (strength == SILENT || !is_idiom(reading, i)) return strength;
    return strength - 1;
}

/* Returns whether what remains of the word without "un-" and the like, or without "-less", is an English word. */
static bool denies_english(const struct pair *pair, struct span word) {
    struct span rest;
    if (word_tables_denial(pair->word_tables, pair->target_reading.language, word, &rest) && rest.length >= MIN_REST &&
        english_has(pair->english, rest))
        return true;
    return word.at[word.length - 1] == 's' && span_ends(word, SPAN("less")) &&
           english_has(pair->english, span_cut(word, 0, word.length - 4));
}

static enum strength strength_in_english(const struct pair *pair, size_t i) {
    const struct reading *english = &pair->target_reading;
    const struct token *token = &english->tokens[i];
    if (token->kind != TOKEN_WORD || is_abbreviation(english, i)) return SILENT;
    enum strength strength = strength_of_word(pair, english, i);
    if (strength > EXCUSE || sense_of(token->senses, ROLE_NEUTRAL)) return strength;
    return denies_english(pair, token->folded) ? NEGATIVE : strength;
}

/* Returns whether one of the next words turns the negation into its opposite: "not insensitive", "not go unnoticed". */
static bool is_double(const struct pair *pair, size_t i) {
    const struct reading *english = &pair->target_reading;
    for (size_t j = i + 1; j < english->count && j <= i + DOUBLE; j++)
        if (strength_in_english(pair, j) == NEGATIVE && denies_english(pair, english->tokens[j].folded)) return true;
    return false;
}

/* Returns whether an earlier word makes the negation say yes: "no reason he should not", "why should it not". */
static bool is_turned(const struct pair *pair, size_t i) {
    if (i == 0) return true; /* a command, whose verb may say no by an ending that is not in the tables */
    for (size_t j = i; j-- > 0 && i - j <= TURN;) {
        if (has_role(&pair->target_reading, j, ROLE_TURNS)) return true;
        if (pair->target_reading.tokens[j].kind == TOKEN_SIGN) return false;
    }
    return false;
}

static void add_sure(struct denials *denials, const struct reading *reading, size_t i) {
    const struct token **first = value_of_leads(reading, i) == LEADS_PURPOSE ? &denials->purpose : &denials->sure;
    if (!*first) *first = &reading->tokens[i];
}

static void add_negative(struct denials *denials, const struct pair *pair, bool english, struct span folded) {
    bool made = english && denies_english(pair, folded);
    unsigned letter = (unsigned)(unsigned char)folded.at[0] - 'a';
    denials->made += made;
    if ((made || !english) && letter < LETTERS) denials->initials[letter]++;
}

static struct denials read_denials(const struct pair *pair, bool english) {
    const struct reading *reading = english ? &pair->target_reading : &pair->source_reading;
    struct denials denials = {0};
    for (size_t i = 0; i < reading->count; i++) {
        enum strength strength = english ? strength_in_english(pair, i) : strength_of_word(pair, reading, i);
        denials.words[strength]++;
        if (strength == NEGATIVE) add_negative(&denials, pair, english, reading->tokens[i].folded);
        if (strength >= NEGATION && !denials.negation && !(english && (is_double(pair, i) || is_turned(pair, i))))
            denials.negation = &reading->tokens[i];
        if (strength == SURE) add_sure(&denials, reading, i);
    }
    return denials;
}

static bool negates(const struct denials *denials) {
    return denials->words[NEGATION] || denials->words[SURE];
}

/* Returns whether the English has a word that may say in another way what a negation of the source says; it depends on
 * the source whether one such as "illegal" does. */
static bool may_negate(const struct denials *english) {
    return negates(english) || english->words[NEGATIVE] > english->made || english->words[EXCUSE];
}

/* Returns whether the negatives of the source are those of the English: "ilegal" and "illegal", by their first letters.
 */
static bool are_same(const struct denials *source, const struct denials *english) {
    return source->words[NEGATIVE] == english->made &&
           memcmp(source->initials, english->initials, sizeof source->initials) == 0;
}

bool negation_on_one_side(const struct pair *pair) {
    struct denials source = read_denials(pair, false), english = read_denials(pair, true);
    return negates(&source) != negates(&english);
}

static bool finds_added(const struct pair *pair, const struct denials *source, const struct denials *english,
                        struct buffer *message) {
    /* as many negatives in both ("difficult") explain each other, so that they do not explain a "not" */
    if (negates(source) || source->words[NEGATIVE] > english->words[NEGATIVE] ||
        is_quoted(&pair->source_reading, english->negation) || says_opposite(pair))
        return false;
    buffer_print(message, "the English says '%.*s', the source has no negation",
                 SPAN_ARGS(text_clip(english->negation->written, 80)));
    return true;
}

/* Returns whether the English has a word that may stand for "to not", such as "against". */
static bool averts(const struct pair *pair) {
    for (size_t i = 0; i < pair->target_reading.count; i++)
        if (has_role(&pair->target_reading, i, ROLE_AVERTS)) return true;
    return false;
}

/* Beside other negatives, which are not the same in both, the whole sentence may well be said the other way round. */
static bool finds_lost(const struct pair *pair, const struct denials *source, const struct denials *english,
                       struct buffer *message) {
    const struct token *lost = source->sure ? source->sure : source->purpose;
    if (!lost || !are_same(source, english) || says_opposite(pair)) return false;
    if (lost == source->purpose && averts(pair)) return false;
    buffer_print(message, "the source says '%.*s', the English has no negation",
                 SPAN_ARGS(text_clip(lost->written, 80)));
    return true;
}

bool check_negations(const struct pair *pair, struct buffer *message) {
    if (!word_tables_have(pair->word_tables, pair->source_reading.language, ROLE_NEGATION)) return false;
    struct denials english = read_denials(pair, true);
    bool excused = may_negate(&english);
    if (excused && !english.negation) return false;
    struct denials source = read_denials(pair, false);
    if (english.negation && finds_added(pair, &source, &english, message)) return true;
    return !excused && finds_lost(pair, &source, &english, message);
}
