#include "stages/decode/evidence.h"

#include <stdint.h>
#include <utf8proc.h>

#include "stages/decode/ascii.h"
#include "stages/language/scripts.h"

#define FEWEST_RUNES 2
#define SHORTEST_WORD 3 /* shorter ones are formulas, lists and prices */

size_t evidence_runes(struct span text) {
    size_t count = 0;
    for (size_t i = 0; i < text.length; i++) count += ((unsigned char)text.at[i] & 0xC0) == 0xC0;
    return count;
}

/* Signs of Latin 1 that do not follow a letter, unless they were one; marks of trade, degrees and quotes do. */
static bool is_stray(uint32_t rune) {
    return rune > 0xA0 && rune < 0xC0 && rune != 0xA9 && rune != 0xAB && rune != 0xAE && rune != 0xB0 && rune != 0xB7 &&
           rune != 0xBB;
}

/* Signs that were letters of another encoding, and that nobody writes between two letters. */
static bool is_letter_elsewhere(uint32_t rune) {
    return rune == 0xA3 || rune == 0xB1 || rune == 0xB2 || rune == 0xB3 || rune == 0xB5 || rune == 0xB6 ||
           rune == 0xB9 || rune == 0xBA || (rune >= 0xBC && rune <= 0xBE);
}

/* How far a character beyond ASCII may be a letter that was read wrongly: it is one, or a control, or a stray sign
 * behind a letter or another such sign, or a sign within a word; quotes, dashes and the like stand where they please.
 */
static size_t weight_of(uint32_t before, uint32_t rune, uint32_t after) {
    if (rune < 0x80) return 0;
    bool behind = script_of(before) != SCRIPT_NONE, within = behind && script_of(after) != SCRIPT_NONE;
    if (within && is_letter_elsewhere(rune)) return FEWEST_RUNES;
    if (script_of(rune) != SCRIPT_NONE || rune < 0xA0) return 1;
    if (is_stray(rune)) return behind || is_stray(before);
    return within && rune != 0xA0 && (rune < 0x2000 || rune >= 0x2020);
}

/* A letter taken apart; `mark` is 0 where it has none. */
struct parts {
    uint32_t base, mark;
};

static struct parts parts_of(uint32_t rune) {
    utf8proc_int32_t parts[8];
    utf8proc_ssize_t count = utf8proc_decompose_char((utf8proc_int32_t)rune, parts, 8, UTF8PROC_DECOMPOSE, &(int){0});
    if (count <= 0 || count > 8) return (struct parts){rune, 0};
    return (struct parts){(uint32_t)parts[0], count > 1 ? (uint32_t)parts[count - 1] : 0};
}

/* One word and what speaks for its having been read wrongly. */
struct word {
    size_t length, weight, letters; /* letters: not controls alone, which are no matter of encodings but of programs */
    uint32_t base, mark;            /* of its letters */
    bool mixed;                     /* ASCII or signs are among them */
    bool bases, marks;              /* there are several */
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

/* "äöüß", "áéíóú", "éèêë": people list letters by their marks or by their bases, and no misreading sorts them. */
static bool is_list(const struct word *word) {
    return !word->mixed && (!word->bases || (word->mark && !word->marks));
}

static void end_word(struct word *word, size_t *found, size_t *letters) {
    if (word->length >= SHORTEST_WORD && !is_list(word)) {
        *found += word->weight;
        *letters += word->letters;
    }
    *word = (struct word){0};
}

/* A letter again, or the next one of a table of characters. */
static bool is_no_news(uint32_t one, uint32_t other) {
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
        size_t weight = is_no_news(before, rune) ? 0 : weight_of(before, rune, after);
        word.length++;
        add_letter(&word, rune);
        word.weight += weight;
        word.letters += weight > 0 && rune >= 0xA0;
    }
    end_word(&word, &found, &letters);
    return found >= FEWEST_RUNES && letters > 0;
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
