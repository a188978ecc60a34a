#include "stages/decode/zawgyi_proof.h"

#include <stdint.h>

#include "stages/decode/ascii.h"

enum {
    KA = 0x1000,
    NGA = 0x1004,
    NNYA = 0x100A,
    YA_LETTER = 0x101A,
    WA = 0x101D,
    LAST_CONSONANT = 0x1021,
    AA_TALL = 0x102B,
    E = 0x1031,
    VIRAMA = 0x1039, /* Zawgyi's asat */
    ASAT = 0x103A,   /* Zawgyi's medial ya */
    YA = 0x103B      /* Zawgyi's medial ra */
};

enum { SHORTEST_WORD = 5 };

static bool is_in_block(uint32_t rune) {
    return rune >= KA && rune < 0x10A0;
}

static bool is_consonant(uint32_t rune) {
    return rune >= KA && rune <= LAST_CONSONANT;
}

/* Returns whether the character is a vowel, tone, virama or stop, or is outside the Myanmar block. U+1031 and U+103B
 * cannot follow any of these in Unicode, but can in Zawgyi, where they precede their consonant. The code points above
 * the stops are left out, because some are consonants of other languages. */
static bool ends_syllable(uint32_t rune) {
    return !is_in_block(rune) || (rune >= AA_TALL && rune <= VIRAMA && rune != E) || rune == 0x104A || rune == 0x104B;
}

static bool may_carry_e_in_zawgyi(uint32_t rune) {
    return is_consonant(rune) || rune == YA || (rune >= 0x107E && rune <= 0x1084) || rune == 0x106A || rune == 0x106B ||
           rune == 0x108F || rune == 0x1090;
}

/* Returns whether a virama is where Unicode does not allow it. In Unicode, a virama follows a consonant, or the asat of
 * a kinzi (a raised nga), and precedes a consonant. */
static bool is_virama_out_of_place(uint32_t before, uint32_t after) {
    if (!is_in_block(before)) return false;
    return (ends_syllable(before) && before != VIRAMA) || (ends_syllable(after) && after != VIRAMA) || after == E ||
           after == YA;
}

/* Returns whether the letter often ends a syllable and never has another letter stacked below it. */
static bool is_never_stacked(uint32_t before, uint32_t after) {
    return before == NNYA || before == WA || (before == YA_LETTER && after != YA_LETTER);
}

/* Returns whether only Zawgyi can have the character in this place. In Zawgyi, the vowel e and the medial ra precede
 * their consonant. The code point of Zawgyi's asat, which follows a consonant, is a virama in Unicode, where it only
 * occurs between two consonants. */
static bool is_of_zawgyi(uint32_t before, uint32_t rune, uint32_t after) {
    if (rune == E) return ends_syllable(before) && may_carry_e_in_zawgyi(after);
    if (rune == YA) return ends_syllable(before) && is_consonant(after);
    return rune == VIRAMA && (is_virama_out_of_place(before, after) || is_never_stacked(before, after));
}

/* Returns whether only Unicode can have the character in this place. In Unicode, the vowel e follows its consonant, so
 * it may end a syllable or precede another vowel or a tone. Only Unicode writes a kinzi as nga, asat and virama. */
static bool is_of_unicode(uint32_t before, uint32_t rune, uint32_t after) {
    if (rune == E) return is_in_block(before) && !ends_syllable(before) && before != E && ends_syllable(after);
    return rune == ASAT && before == NGA && after == VIRAMA;
}

/* A run of consecutive characters of the Myanmar block. */
struct run {
    size_t length, zawgyi;
};

/* Runs that are shorter than a word are not counted, because a table of characters shows signs alone or with a single
 * letter. */
static void end_run(struct run *run, struct zawgyi_proof *proof) {
    if (run->length >= SHORTEST_WORD) proof->zawgyi += run->zawgyi;
    proof->letters += run->length;
    *run = (struct run){0};
}

/* Adds the evidence in the line. The last character is ignored, because the text may have been cut off after it. */
void zawgyi_prove(struct span line, struct zawgyi_proof *proof) {
    struct run run = {0};
    uint32_t before = ' ', rune, after;
    for (size_t i = 0, next; i < line.length; i = next, before = rune) {
        next = i + valid_next(line, i, &rune);
        if (!is_in_block(rune) || next >= line.length) {
            end_run(&run, proof);
            continue;
        }
        valid_next(line, next, &after);
        run.length++;
        run.zawgyi += is_of_zawgyi(before, rune, after);
        proof->unicode += is_of_unicode(before, rune, after);
    }
}
