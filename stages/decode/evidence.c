#include "stages/decode/evidence.h"

#include <stdint.h>
#include <utf8proc.h>

#include "stages/decode/ascii.h"
#include "stages/language/scripts.h"

#define MIN_RUNES 2
#define MIN_WORD 3 /* min. characters of a word; shorter ones may be formulas, list labels or prices */

size_t evidence_runes(struct span text) {
    size_t count = 0;
    for (size_t i = 0; i < text.length; i++) count += ((unsigned char)text.at[i] & 0xC0) == 0xC0;
    return count;
}

/* Returns whether this Latin-1 sign may be a misread letter, because it does not normally follow a letter. Trademark
 * signs, degree signs and quotes do. */
static bool is_stray(uint32_t rune) {
    return rune > 0xA0 && rune < 0xC0 && rune != 0xA9 && rune != 0xAB && rune != 0xAE && rune != 0xB0 && rune != 0xB7 &&
           rune != 0xBB;
}

/* Returns whether this sign must be a misread letter if it is between two letters. Such a sign is a letter in another
 * encoding, and nobody writes it there. */
static bool is_letter_elsewhere(uint32_t rune) {
    return rune == 0xA3 || rune == 0xB1 || rune == 0xB2 || rune == 0xB3 || rune == 0xB5 || rune == 0xB6 ||
           rune == 0xB9 || rune == 0xBA || (rune >= 0xBC && rune <= 0xBE);
}

/* Returns the weight of a non-ASCII character as evidence for a misread letter. Letters, controls, signs that do not
 * normally follow a letter, and signs within a word have a weight. Quotes, dashes and the like have none, because they
 * may occur anywhere. */
static size_t weight_of(uint32_t before, uint32_t rune, uint32_t after) {
    if (rune < 0x80) return 0;
    bool behind = script_of(before) != SCRIPT_NONE, within = behind && script_of(after) != SCRIPT_NONE;
    if (within && is_letter_elsewhere(rune)) return MIN_RUNES;
    if (script_of(rune) != SCRIPT_NONE || rune < 0xA0) return 1;
    if (is_stray(rune)) return behind || is_stray(before);
    return within && rune != 0xA0 && (rune < 0x2000 || rune >= 0x2020);
}

/* A letter and the last of its combining marks, or 0 if it has none. */
struct parts {
    uint32_t base, mark;
};

static struct parts parts_of(uint32_t rune) {
    utf8proc_int32_t parts[8];
    utf8proc_ssize_t count = utf8proc_decompose_char((utf8proc_int32_t)rune, parts, 8, UTF8PROC_DECOMPOSE, &(int){0});
    if (count <= 0 || count > 8) return (struct parts){rune, 0};
    return (struct parts){(uint32_t)parts[0], count > 1 ? (uint32_t)parts[count - 1] : 0};
}

/* A word, with the evidence that it was misread. */
struct word {
    size_t length, weight;
    size_t letters; /* number of characters with a weight; C1 controls are left out, because they are not evidence on
                       their own */
    uint32_t base, mark; /* base letter and mark of the last letter that has a mark */
    bool mixed;          /* has ASCII or signs */
    bool bases, marks;   /* has different ones */
};

static void add_letter(struct word *word, uint32_t rune) {
    word->mixed = word->mixed || rune < 0x80 || script_of(rune) == SCRIPT_NONE;
    if (word->mixed) return;
    struct parts parts = parts_of(rune);
    uint32_t base = (uint32_t)utf8proc_tolower((utf8proc_int32_t)parts.base);
    word->bases = word->bases || (word->base && base != word->base);
    word->marks = word->marks || (word->mark && parts.mark && parts.mark != word->mark);
    word->base = base;
    if (parts.mark) word->mark = parts.mark;
}

/* Returns whether the word is a list of letters with the same mark or the same base letter: "äöüß", "áéíóú", "éèêë".
 * Misread words do not look like this. */
static bool is_list(const struct word *word) {
    return !word->mixed && (!word->bases || (word->mark && !word->marks));
}

/* Adds the evidence of a word, unless the word is too short or a list of letters. */
static void end_word(struct word *word, size_t *found, size_t *letters) {
    if (word->length >= MIN_WORD && !is_list(word)) {
        *found += word->weight;
        *letters += word->letters;
    }
    *word = (struct word){0};
}

/* Returns whether `other` is the same letter as `one` or the next letter of an alphabet. It is then not counted as
 * evidence. */
static bool is_repetition(uint32_t one, uint32_t other) {
    return one == other || one + 1 == other ||
           utf8proc_tolower((utf8proc_int32_t)one) == utf8proc_tolower((utf8proc_int32_t)other);
}

bool evidence_found(struct span text) {
    struct word word = {0};
    size_t found = 0, letters = 0;
    uint32_t before = ' ', rune, after;
    for (size_t i = 0; i < text.length; before = rune) {
        i += valid_next(text, i, &rune);
        after = ' ';
        if (i < text.length) valid_next(text, i, &after);
        if (script_of(rune) == SCRIPT_NONE && (rune < 0x80 || rune == 0xA0)) {
            end_word(&word, &found, &letters);
            continue;
        }
        size_t weight = is_repetition(before, rune) ? 0 : weight_of(before, rune, after);
        word.length++;
        add_letter(&word, rune);
        word.weight += weight;
        word.letters += weight > 0 && rune >= 0xA0;
    }
    end_word(&word, &found, &letters);
    return found >= MIN_RUNES && letters > 0;
}

bool evidence_is_habit(struct span before, struct span after) {
    for (size_t i = 0, k = 0; i < before.length && k < after.length;) {
        uint32_t one, other;
        i += valid_next(before, i, &one);
        k += valid_next(after, k, &other);
        if (one != other && parts_of(one).base != parts_of(other).base) return false;
    }
    return true;
}

bool evidence_is_of_controls(struct span before, struct span after) {
    for (size_t i = 0, k = 0; i < before.length && k < after.length;) {
        uint32_t one, other;
        i += valid_next(before, i, &one);
        k += valid_next(after, k, &other);
        if (one != other && !(one >= 0x80 && one < 0xA0)) return false;
    }
    return true;
}
