#include "stages/decode/proof.h"

#include "stages/language/scripts.h"
#include "stages/language/unicode.h"

#define A_GRAVE 0xE0
#define NOT_SIGN 0xAC
#define ROOT 0x221A

static bool is_letter(uint32_t rune) {
    return script_of(rune) != SCRIPT_NONE;
}

static bool is_box(uint32_t rune) {
    return rune >= 0x2500 && rune < 0x2600;
}

/* Returns whether the character may follow a word: a space, quote, dash, trademark or degree sign, superscript digit,
 * or an accent typed instead of a quote. */
static bool may_follow_word(uint32_t rune) {
    static const uint32_t marks[] = {' ',  0xA0, 0xA1, 0xA7, 0xA8, 0xA9, 0xAA, 0xAB,   0xAE,   0xB0,  0xB2,
                                     0xB3, 0xB4, 0xB7, 0xB9, 0xBA, 0xBB, 0xBF, 0x2122, 0x20AC, 0x2116};
    for (size_t i = 0; i < sizeof marks / sizeof *marks; i++)
        if (marks[i] == rune) return true;
    return (rune >= 0x2010 && rune < 0x2050 && rune != 0x2030) || rune < 0x80;
}

/* Returns whether the character may occur between two words or within a word. */
static bool may_be_between_words(uint32_t rune) {
    return may_follow_word(rune) && rune != 0xA8 && rune != 0xB4 && rune != 0xB2 && rune != 0xB3 && rune != 0xB9 &&
           rune != 0x20AC && rune != 0xA7;
}

/* Returns whether the sequence begins with a capital directly after a lower-case letter. In ordinary text, a word has
 * no such capital. */
static bool is_capital_within(const struct proof_case *at) {
    return rune_is_lower(at->before) && rune_is_upper(at->first);
}

/* Returns whether the sequence may belong to a program's identifier, which may contain capitals: "ТихаВода". */
static bool is_camel_case(const struct proof_case *at) {
    return rune_is_lower(at->first) && rune_is_upper(at->last) && script_of(at->first) == script_of(at->last);
}

/* Judges a letter and a space: "Ã " may be a misread "à", whose second byte is a non-breaking space. Single capitals
 * separated by spaces look the same. */
static enum proof proof_of_space(const struct proof_case *at) {
    bool alone = !is_letter(at->before);
    if (is_capital_within(at)) return PROOF_USUAL;
    if (alone && at->result != A_GRAVE) return at->last == ' ' ? PROOF_CHANCE : PROOF_HINT;
    if (rune_is_upper(at->next) && (!is_letter(at->previous) || rune_is_upper(at->previous))) return PROOF_CHANCE;
    return rune_is_upper(at->before) && !rune_is_lower(at->next) ? PROOF_HINT : PROOF_USUAL;
}

/* Judges a letter followed by a sign. A letter rarely follows a digit. If the sequence decodes to the same sign, the
 * letter before the sign was added by the misdecoding. */
static enum proof proof_of_sign(const struct proof_case *at) {
    bool within = is_letter(at->after), lone = !is_letter(at->before);
    if (is_capital_within(at)) return within && !may_be_between_words(at->last) ? PROOF_SURE : PROOF_USUAL;
    if (at->last == 0xA0 || at->last == ' ') return proof_of_space(at);
    if (within) return may_be_between_words(at->last) ? PROOF_USUAL : PROOF_SURE;
    if (lone && (at->result == at->last || rune_is_digit(at->before))) return PROOF_USUAL;
    return may_follow_word(at->last) ? PROOF_HINT : PROOF_USUAL;
}

/* Returns whether the character may follow a root sign in a formula. */
static bool is_mathematics(uint32_t rune) {
    return script_of(rune) == SCRIPT_GREEK || rune == 0x2126 || (rune >= 0x2200 && rune < 0x2300) || rune == 0xB0 ||
           rune == 0xB1 || rune == 0xB2 || rune == 0xB3 || rune == 0xB5;
}

/* Judges a sequence of signs. Box-drawing characters are evidence only next to a letter, because any two of them may
 * form a sequence. */
static enum proof proof_of_signs(const struct proof_case *at) {
    if (is_letter(at->before) || (is_letter(at->after) && at->last != ' ')) return PROOF_USUAL;
    if (at->first == ROOT && !is_mathematics(at->last)) return PROOF_USUAL;
    return at->first == NOT_SIGN && at->before == ' ' && at->after == ' ' ? PROOF_HINT : PROOF_CHANCE;
}

enum proof proof_of(const struct proof_case *at) {
    if (at->result == RUNE_INVALID) return PROOF_CHANCE; /* U+FFFD proves nothing */
    if (at->control) return PROOF_SURE;
    if (is_box(at->first) && (is_box(at->last) || at->last == ' ')) return proof_of_signs(at);
    if (at->length > 2) return at->last == ' ' ? PROOF_HINT : PROOF_USUAL;
    if (!is_letter(at->first)) return proof_of_signs(at);
    if (!is_letter(at->last)) return proof_of_sign(at);
    return is_camel_case(at) ? PROOF_CHANCE : PROOF_USUAL;
}

bool proof_is_accident(const struct proof_case *at) {
    bool latin = script_of(is_letter(at->before) ? at->before : at->after) == SCRIPT_LATIN;
    enum script script = script_of(at->result);
    return latin && script != SCRIPT_NONE && script != SCRIPT_LATIN && at->length <= 2 && is_letter(at->first) &&
           proof_of(at) <= PROOF_HINT;
}
