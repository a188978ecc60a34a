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

/* Vowels, tones, virama and stops: no sign that belongs in front of a consonant in Zawgyi may follow a consonant's own
 * in Unicode. Code points beyond them are consonants of other languages. */
static bool ends_syllable(uint32_t rune) {
    return !is_in_block(rune) || (rune >= AA_TALL && rune <= VIRAMA && rune != E) || rune == 0x104A || rune == 0x104B;
}

static bool may_carry_e_in_zawgyi(uint32_t rune) {
    return is_consonant(rune) || rune == YA || (rune >= 0x107E && rune <= 0x1084) || rune == 0x106A || rune == 0x106B ||
           rune == 0x108F || rune == 0x1090;
}

/* A virama stands behind a consonant, or the asat of a kinzi, and before a consonant. */
static bool is_virama_out_of_place(uint32_t before, uint32_t after) {
    if (!is_in_block(before)) return false;
    return (ends_syllable(before) && before != VIRAMA) || (ends_syllable(after) && after != VIRAMA) || after == E ||
           after == YA;
}

/* Letters of Burmese that carry no stacked one, but end many a syllable. */
static bool is_never_stacked(uint32_t before, uint32_t after) {
    return before == NNYA || before == WA || (before == YA_LETTER && after != YA_LETTER);
}

/* The vowel e and medial ra stand before their consonant, an asat behind one: in Unicode it is a virama, which only
 * stands between two. */
static bool is_of_zawgyi(uint32_t before, uint32_t rune, uint32_t after) {
    if (rune == E) return ends_syllable(before) && may_carry_e_in_zawgyi(after);
    if (rune == YA) return ends_syllable(before) && is_consonant(after);
    return rune == VIRAMA && (is_virama_out_of_place(before, after) || is_never_stacked(before, after));
}

/* The vowel e behind all of its syllable, or a vowel or tone behind it; Unicode's kinzi. */
static bool is_of_unicode(uint32_t before, uint32_t rune, uint32_t after) {
    if (rune == E) return is_in_block(before) && !ends_syllable(before) && before != E && ends_syllable(after);
    return rune == ASAT && before == NGA && after == VIRAMA;
}

/* Characters of the block side by side. */
struct run {
    size_t length, zawgyi;
};

/* Tables of characters have signs alone, or with one letter to show them. */
static void end_run(struct run *run, struct zawgyi_proof *proof) {
    if (run->length >= SHORTEST_WORD) proof->zawgyi += run->zawgyi;
    proof->letters += run->length;
    *run = (struct run){0};
}

/* The last character of a text may have been cut off from what made it right. */
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
