/* Reads numbers in words, written as one word or as several. */
#include <math.h>

#include "stages/check/quantity_finder.h"

/* State of reading a number in words. `current` is the part below the next scale: in "two million five hundred" `total`
 * is 2,000,000 and `current` is 500. */
struct sum {
    double total, current, last_scale, max_scale, last;
    double other; /* for 六七 (six or seven): the second number minus the first */
    size_t pieces, places, cardinals, ordinals;
    bool bare; /* the number has only a scale word: "thousands" */
};

/* Returns the part of the number so far that a scale multiplies, which is higher than the one before: all of "five
 * hundred thousand" before "million", but only the 五千 of 一億五千 before 万. */
static double part_below(const struct sum *sum, double scale) {
    return sum->max_scale > scale ? fmod(sum->total, scale) : sum->total;
}

/* Adds a scale word. If its scale is higher than the one before, it also multiplies what precedes that one. */
static bool add_scale(struct sum *sum, double value) {
    bool nothing = sum->current == 0 && sum->total == 0;
    if (sum->current == 0 && sum->total > 0 && value <= sum->last_scale) return false;
    double below = sum->total > 0 && value > sum->last_scale ? part_below(sum, value) : 0;
    sum->total += (below + (nothing ? 1 : sum->current)) * value - below;
    sum->max_scale = fmax(sum->max_scale, value);
    sum->bare = nothing;
    sum->current = 0;
    sum->last_scale = value;
    return true;
}

/* Returns whether `value` can be added to `current`, because it only has digits where `current` has zeros: "fifty"
 * after "two hundred", "two" after "fifty". Some languages put the ones before the tens: "fem og tyve" (five and
 * twenty). */
static bool fits_below(double current, double value, bool joined) {
    double tens = fmod(current, 100), ones = fmod(current, 10);
    if (value < 100 && tens == 0) return true;
    if (value < 10 && value >= 1 && tens >= 10 && ones == 0) return true;
    bool before_tens = tens > 0 && tens < 10 && fmod(value, 10) == 0;
    return before_tens && (value == 10 || (joined && value < 100));
}

/* Returns whether the word follows a ten ("on dört", fourteen) in a language that has words for the teens instead. */
static bool is_beyond_ten(const struct finder *finder, const struct sum *sum, double value) {
    return finder->found->english && fmod(sum->current, 100) == 10 && value < 10;
}

/* Adds the next word of a number such as "two hundred and fifty thousand". Returns false if the word cannot continue
 * the number; the word then begins a new number. */
static bool add_piece(struct sum *sum, double value, bool joined) {
    if (value >= 1000) return add_scale(sum, value);
    if (value == 100 && sum->current > 0) {
        if (sum->current >= 100) return false;
        sum->current *= 100;
        return true;
    }
    if (sum->current > 0 && !(value < 100 && fits_below(sum->current, value, joined))) return false;
    sum->current += value;
    return true;
}

/* Turns two into twenty: 二十 is two times ten. `current` already contains the two, so nine times two is added. */
static bool add_tens(struct sum *sum, const struct token *token, double value) {
    double ones = fmod(sum->current, 100);
    bool multiplies = token->letters == LETTER_UNSPACED || sense_of(token->senses, ROLE_TENS);
    if (!multiplies || value != 10 || ones == 0 || ones >= 10) return false;
    sum->current += ones * 9;
    return true;
}

/* Reads digits written one by one, as in 二〇二四. */
static bool add_place(struct sum *sum, const struct token *token, double value) {
    bool place = token->letters == LETTER_UNSPACED && token->glued && value < 10 && sum->last < 10 && sum->total == 0 &&
                 sum->pieces;
    if (!place) return false;
    sum->current = sum->current * 10 + value;
    sum->places = sum->places ? sum->places + 1 : 2;
    return true;
}

/* Returns whether "and" is attached to the number word as a prefix, as in Arabic. */
static bool is_joined(const struct token *token) {
    return token->folded.length > 2 && sense_of(token->senses, ROLE_CARDINAL) && span_starts(token->folded, SPAN("و"));
}

/* Returns how many tokens, such as a hyphen or "and", are between two number words and join them. */
static size_t skip_between(const struct finder *finder, size_t i, bool *ret_joined) {
    const struct token *token = finder_token(finder, i), *next = finder_token(finder, i + 1);
    *ret_joined = false;
    if (!token || !next || next->kind != TOKEN_WORD) return 0;
    if (token->kind == TOKEN_SIGN && span_is(token->written, "-") && token->glued && next->glued) {
        *ret_joined = sense_of(next->senses, ROLE_JOINS) && reading_has_sign(finder->reading, i + 2, "-");
        return *ret_joined ? 3 : 1; /* "tweehonderd-en-vyftig" */
    }
    *ret_joined = token->kind == TOKEN_WORD && sense_of(token->senses, ROLE_JOINS);
    return *ret_joined ? 1 : 0;
}

/* Adds a half to the sum, if one follows: "three and a half million", "two million and a half". A half of "two
 * millions" (one word in Arabic) is half of one million. */
static bool take_half_word(const struct finder *finder, struct sum *sum, size_t *at) {
    enum role role;
    double half;
    const struct token *token = finder_token(finder, *at);
    size_t end = finder_take_half(finder, *at, &half);
    if (end == *at) return false;
    bool direct = end == *at + 1 && token->letters == LETTER_SPACED;
    bool fraction = direct && finder->found->english; /* "one quarter", "two halves" */
    if (fraction || (direct && sum->last_scale == 0 && sum->current == 0)) return false;
    *at = end;
    if (sum->current > 0) {
        sum->current += half;
        return true;
    }
    double unit = pow(10, floor(log10(sum->last_scale) + 1e-9));
    sum->total += half * unit;
    if (finder_number_of(finder_token(finder, end), &role) == unit) ++*at; /* "two million and half the million" */
    return true;
}

/* Begins a sum with what precedes its scale: the half of "half a million", the साढ़े of साढ़े तीन लाख, the one of "one and
 * a half". */
static bool take_beginning(const struct finder *finder, struct sum *sum, size_t *at) {
    double part = 0;
    size_t end = finder_take_part_of_scale(finder, *at, &part);
    if (end == *at) end = finder_take_addition(finder, *at, &part);
    if (end == *at) end = finder_take_one_and_half(finder, *at, &part);
    if (end == *at) return false;
    sum->current = part;
    sum->pieces = 1;
    sum->cardinals++;
    *at = end;
    return true;
}

/* Reads the second of two alternatives: 六七千 means six or seven thousand. The seven is consumed; the two numbers
 * differ by the next scale, here a thousand. */
static bool take_alternative(const struct finder *finder, struct sum *sum, size_t *at) {
    enum role role;
    const struct token *token = finder_token(finder, *at);
    if (!token || token->letters != LETTER_UNSPACED || !token->glued || sum->other > 0 || sum->last < 1 ||
        sum->last > 8)
        return false;
    double value = finder_number_of(token, &role), scale = finder_number_of(finder_token(finder, *at + 1), &role);
    if (value != sum->last + 1 || scale < 10 || fmod(log10(scale), 1) != 0) return false;
    sum->other = scale;
    ++*at;
    return true;
}

/* Adds the next word to the number. Returns false and changes nothing if the word does not belong to it. */
static bool take_word(const struct finder *finder, struct sum *sum, size_t *at) {
    enum role role;
    bool joined = false;
    size_t i = *at + (sum->pieces ? skip_between(finder, *at, &joined) : 0);
    const struct token *token = finder_token(finder, i);
    double value = finder_number_of(token, &role);
    if (sum->pieces && (take_half_word(finder, sum, at) || take_alternative(finder, sum, at))) return true;
    if (!sum->pieces && take_beginning(finder, sum, at)) return true;
    if (value < 0 || is_beyond_ten(finder, sum, value)) return false;
    struct sum next = *sum;
    if (!add_place(&next, token, value) && !add_tens(&next, token, value) &&
        !add_piece(&next, value, joined || is_joined(token)))
        return false;
    next.pieces++;
    next.last = value;
    next.cardinals += role == ROLE_CARDINAL;
    next.ordinals += role == ROLE_ORDINAL;
    *sum = next;
    *at = i + 1;
    return true;
}

/* Adds the other meanings of a number of one word: the Spanish "octavos" are eighths or, in sport, the last sixteen. */
static void add_other_meanings(const struct token *token, struct quantity *quantity) {
    for (const struct sense *sense = token->senses; sense; sense = sense->next)
        if (sense->role == ROLE_CARDINAL || sense->role == ROLE_ORDINAL || sense->role == ROLE_PERHAPS)
            quantity_add_value(quantity, sense->value);
}

/* Returns the value of a number whose scale words come first: "mia mbili na hamsini" is a hundred times two, and fifty;
 * "milioni mbili na nusu" is 2.5 million. */
static double scales_first_value(const struct finder *finder, size_t from, size_t to) {
    enum role role;
    double total = 0, group = 0, scale = 1;
    bool bare = false; /* the last word is a scale, and nothing joins the next one to it */
    for (size_t i = from; i < to; i++) {
        const struct sense *half = sense_of(finder_token(finder, i)->senses, ROLE_HALF);
        double value = half ? half->value * scale : finder_number_of(finder_token(finder, i), &role);
        if (value >= 100 && !half) {
            total += group;
            scale = value;
            group = value;
        } else if (value >= 0) {
            group = bare ? group * value : group + value;
        }
        bare = value >= 100 && !half;
    }
    return total + group;
}

/* Hundreds of digits written one by one are more than a double holds. Infinity would never become less than one. */
static unsigned count_significant(double value) {
    unsigned count = 0;
    if (!isfinite(value)) return 0;
    while (value >= 1 && fmod(value, 10) == 0) value /= 10;
    for (; value >= 1; value = floor(value / 10)) count++;
    return count;
}

/* Returns what kind of number the words form. A scale word alone, such as "thousands", is QUANTITY_SCALE. */
static enum quantity_kind kind_of(const struct sum *sum) {
    if (sum->bare && sum->total >= 1000) return QUANTITY_SCALE;
    if (sum->ordinals) return QUANTITY_ORDINAL;
    return sum->cardinals ? QUANTITY_WORDS : QUANTITY_PERHAPS;
}

size_t finder_find_words(const struct finder *finder, size_t i) {
    struct sum sum = {.last = 10};
    size_t end = i;
    while (sum.ordinals == 0 && take_word(finder, &sum, &end)) {
    }
    if (end == i) return i;
    struct quantity *quantity = finder_add(finder, kind_of(&sum), i);
    quantity->to = end;
    quantity->scale = sum.last_scale != 0 && sum.current == 0 ? sum.last_scale : 1;
    quantity_add_value(quantity, sum.total + sum.current);
    finder_add_hours(finder, quantity);
    if (sum.pieces == 1 && end == i + 1) add_other_meanings(finder_token(finder, i), quantity);
    if (sum.other > 0) quantity_add_value(quantity, sum.total + sum.current + sum.other);
    finder_take_late_half(finder, quantity);
    if (sum.places == 2) quantity_add_value(quantity, 1900 + sum.current); /* 九二 may stand for 1992 */
    quantity->precision = sum.bare ? 0 : count_significant(sum.total + sum.current);
    /* in languages that put the scale word first it is unclear where a number ends, so the number is uncertain */
    if (word_tables_have(finder->word_tables, finder->reading->language, ROLE_SCALES_FIRST)) {
        quantity_add_value(quantity, scales_first_value(finder, i, end));
        quantity->kind = QUANTITY_PERHAPS;
    }
    /* the other text may have each word as a number of its own, as in "twenty twenty-four" */
    for (size_t j = i; j < end && sum.pieces > 1 && sum.last_scale == 0; j++) {
        enum role role;
        double value = finder_number_of(finder_token(finder, j), &role);
        if (value >= 0 && quantity->part_count < MAX_PARTS) quantity->parts[quantity->part_count++] = value;
    }
    finder_note_unit(finder, quantity);
    finder_set_written(finder, quantity);
    return end;
}

size_t finder_find_compound(const struct finder *finder, size_t i) {
    const struct token *token = finder_token(finder, i);
    const struct sense *tail;
    double value;
    /* a stem such as "sedm*" (seven) also finds the beginning of "sedmatřicetiletá" (37 years old) */
    bool stem = sense_of(token->senses, ROLE_PERHAPS) || sense_of(token->senses, ROLE_HALF);
    bool known = token->senses && (!stem || sense_of(token->senses, ROLE_CARDINAL));
    if (known || token->letters != LETTER_SPACED) return i;
    if (!word_tables_compound(finder->word_tables, finder->reading->language, token->folded, &value, &tail)) return i;
    struct quantity *quantity = finder_add(finder, QUANTITY_WORDS, i);
    quantity_add_value(quantity, value);
    if (sense_of(tail, ROLE_CENTURY)) quantity_add_century(quantity);
    finder_add_hours(finder, quantity);
    finder_take_scales(finder, quantity);
    finder_take_late_half(finder, quantity);
    finder_set_written(finder, quantity);
    return quantity->to;
}
