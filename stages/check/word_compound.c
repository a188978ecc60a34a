/* Reads numbers that are written as one word. */
#include "stages/check/word_filter.h"
#include "stages/check/word_tables.h"

/* MAX_PIECES and the limit on the length of words, in bytes, keep the work bounded. */
enum { MAX_PIECES = 8, SHORTEST = 6, LONGEST = 64 };

/* The pieces so far. `current` is the part below the next scale. After a half, only a scale may follow: "halbdrei" is
 * a time. */
struct compound {
    const struct word_tables *word_tables;
    unsigned language, pieces;
    double total, current;
    bool half;
};

/* Adds a number, or multiplies what is before it: "zweihundert", "tvåtusen". */
static struct compound with_number(struct compound compound, double value) {
    compound.pieces++;
    compound.half = false;
    if (value >= 1000) {
        double before = compound.current > 0 ? compound.current : 1;
        bool all = compound.total > 0 && value > compound.total; /* "hunderttausendmillionen" */
        compound.total = all ? (compound.total + compound.current) * value : compound.total + before * value;
        compound.current = 0;
    } else if (value == 100 && compound.current > 0) {
        compound.current *= 100;
    } else {
        compound.current += value;
    }
    return compound;
}

/* Adds a half or a quarter: the "einhalb" of "zweieinhalb", the "пол" of "полмиллиона". */
static struct compound with_part(struct compound compound, const struct sense *part) {
    compound.half = compound.pieces == 0 && part->role == ROLE_HALF;
    compound.pieces++;
    compound.current += part->value;
    return compound;
}

static struct compound with_joint(struct compound compound) {
    compound.pieces++;
    return compound;
}

/* Returns the number that the letters mean. An ordinal and an inflected scale ("миллиона") only end a word. */
static const struct sense *number_in(const struct compound *compound, struct span form, const struct sense *senses,
                                     bool last) {
    enum { MIN_SCALE = 1000 };
    const struct sense *number = sense_of(senses, ROLE_CARDINAL);
    if (number || !last) return number;
    if ((number = sense_of(senses, ROLE_ORDINAL)) || compound->pieces == 0) return number;
    number = sense_of(word_tables_word(compound->word_tables, compound->language, form), ROLE_CARDINAL);
    return number && number->value >= MIN_SCALE ? number : NULL;
}

static const struct sense *part_in(const struct compound *compound, const struct sense *senses) {
    const struct sense *adds = sense_of(senses, ROLE_ADDS);
    return adds || compound->pieces ? adds : sense_of(senses, ROLE_HALF);
}

/* Splits the rest of the word. Tries the longest piece first and then shorter ones. */
static bool cut_compound(const struct compound *compound, struct span rest, struct compound *ret_whole,
                         const struct sense **ret_tail) {
    *ret_tail = NULL;
    *ret_whole = *compound;
    if (rest.length == 0) return compound->pieces > 1 && !compound->half;
    if (compound->pieces == MAX_PIECES) return false;
    const struct sense *tail =
        compound->pieces ? word_tables_word(compound->word_tables, compound->language, rest) : NULL;
    uint32_t lengths = word_tables_lengths(compound->word_tables, compound->language, rest);
    for (size_t end = rest.length; end >= 1 && !sense_of(tail, ROLE_TAIL); end--) {
        bool may_be = word_filter_has_length(lengths, end, end);
        if (!may_be && end < rest.length) continue; /* as for nearly all beginnings of words */
        struct span form = span_cut(rest, 0, end), left = span_cut(rest, end, rest.length);
        const struct sense *senses = word_tables_form(compound->word_tables, compound->language, form);
        if (!senses && left.length > 0) continue;
        const struct sense *number = number_in(compound, form, senses, left.length == 0);
        const struct sense *part = number ? NULL : part_in(compound, senses);
        bool joins = compound->pieces && left.length && sense_of(senses, ROLE_JOINS);
        if ((!number && !part && !joins) || (compound->half && number && number->value < 100)) continue;
        struct compound next = number ? with_number(*compound, number->value)
                               : part ? with_part(*compound, part)
                                      : with_joint(*compound);
        if (cut_compound(&next, left, ret_whole, ret_tail)) return true;
    }
    if (!sense_of(tail, ROLE_TAIL)) return false;
    *ret_whole = *compound;
    *ret_tail = tail;
    return true;
}

bool word_tables_compound(const struct word_tables *word_tables, unsigned language, struct span folded,
                          double *ret_value, const struct sense **ret_tail) {
    struct compound none = {.word_tables = word_tables, .language = language}, whole;
    if (folded.length < SHORTEST || folded.length > LONGEST || !word_tables_have(word_tables, language, ROLE_CARDINAL))
        return false;
    /* a form before the end, as few words have */
    uint32_t lengths = word_tables_lengths(word_tables, language, folded);
    if (!word_filter_has_length(lengths, 1, folded.length - 1)) return false;
    if (!cut_compound(&none, folded, &whole, ret_tail)) return false;
    *ret_value = whole.total + whole.current;
    return true;
}
