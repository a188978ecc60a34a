#include "stages/decode/zawgyi.h"

#include <stdlib.h>
#include <string.h>

#include "pipeline/base/table.h"
#include "stages/decode/ascii.h"
#include "stages/decode/zawgyi_proof.h"

enum { FIRST = 0x1000, COUNT = 0xA0, MAX_PARTS = 4, MAX_STACKED = 2 };
enum {
    FEWEST = 2, /* minimum number of places that indicate Zawgyi (see zawgyi_proof.h) */
    SHARE = 4   /* minimum ratio of places that indicate Zawgyi to places that indicate Unicode */
};

enum {
    KA = 0x1000,
    NGA = 0x1004,
    CA = 0x1005,
    JHA = 0x1008,
    NYA = 0x1009,
    WA = 0x101D,
    U = 0x1025,
    UU = 0x1026,
    LAST_VOWEL = 0x102A,
    AA_TALL = 0x102B,
    AA = 0x102C,
    SIGN_I = 0x102D,
    SIGN_II = 0x102E,
    SIGN_U = 0x102F,
    SIGN_UU = 0x1030,
    E = 0x1031,
    SIGN_AI = 0x1032,
    ANUSVARA = 0x1036,
    DOT = 0x1037,
    VISARGA = 0x1038,
    VIRAMA = 0x1039,
    ASAT = 0x103A,
    MEDIAL_YA = 0x103B,
    MEDIAL_RA = 0x103C,
    MEDIAL_WA = 0x103D,
    MEDIAL_HA = 0x103E,
    LAST_SIGN = MEDIAL_HA,
    GREAT_SA = 0x103F,
    ZERO = 0x1040,
    FOUR = 0x1044,
    NINE = 0x1049,
    THAT = 0x104E
};

struct meaning {
    uint16_t parts[MAX_PARTS]; /* Unicode code points, ended by 0 */
};

struct zawgyi {
    struct meaning of[COUNT];
};

/* ---------------------------------------------------------------- the table */

static bool read_code(struct span cell, uint32_t *ret_code) {
    char digits[8] = "";
    char *end;
    if (cell.length != 4) return false;
    memcpy(digits, cell.at, cell.length);
    *ret_code = (uint32_t)strtoul(digits, &end, 16);
    return !*end && *ret_code >= FIRST && *ret_code < FIRST + COUNT;
}

static bool read_row(struct zawgyi *zawgyi, const struct row *row) {
    struct span rest = row->cells[1], one;
    uint32_t code, part;
    if (!read_code(row->cells[0], &code)) return false;
    struct meaning *meaning = &zawgyi->of[code - FIRST];
    *meaning = (struct meaning){{0}};
    for (size_t i = 0; span_next(&rest, ' ', &one); i++) {
        if (i == MAX_PARTS || !read_code(one, &part)) return false;
        meaning->parts[i] = (uint16_t)part;
    }
    return meaning->parts[0] != 0;
}

bool zawgyi_open(const char *data_folder, struct zawgyi **ret_zawgyi, struct failure *ret_failure) {
    struct zawgyi *zawgyi = memory_take(sizeof *zawgyi);
    struct arena *arena = arena_new();
    struct table table;
    bool good = table_read(data_folder, "zawgyi.tsv", arena, &table, ret_failure);
    for (uint32_t i = 0; i < COUNT; i++) zawgyi->of[i].parts[0] = (uint16_t)(FIRST + i);
    for (size_t i = 0; good && i < table.count; i++)
        if (!read_row(zawgyi, &table.rows[i]))
            good = failure_fatal(ret_failure, EXIT_CONFIG, "%s: row '%.*s': invalid meaning '%.*s'", table.name,
                                 (int)table.rows[i].cells[0].length, table.rows[i].cells[0].at,
                                 (int)table.rows[i].cells[1].length, table.rows[i].cells[1].at);
    arena_free(arena);
    if (!good) free(zawgyi);
    if (good) *ret_zawgyi = zawgyi;
    return good;
}

void zawgyi_close(struct zawgyi *zawgyi) {
    free(zawgyi);
}

/* ---------------------------------------------------------------- one syllable */

/* The parts of a syllable. They are collected in the order in which Zawgyi draws them, and written in the order of
 * Unicode. */
struct syllable {
    uint32_t base; /* 0: none yet */
    uint32_t stacked[MAX_STACKED];
    size_t stacked_count;
    bool kinzi, asat_of_vowel; /* asat_of_vowel: the asat (vowel killer) belongs to the vowel, as in Zawgyi's U+105A */
    uint32_t signs;            /* bit i: U+102B + i */
};

static uint32_t bit_of(uint32_t sign) {
    return UINT32_C(1) << (sign - AA_TALL);
}

static bool has(const struct syllable *syllable, uint32_t sign) {
    return syllable->signs & bit_of(sign);
}

static void drop(struct syllable *syllable, uint32_t sign) {
    syllable->signs &= ~bit_of(sign);
}

/* Corrects letters that were typed instead of others that look the same: u for nya, u with ii for uu, ca with ya for
 * jha. */
static void name_letter(struct syllable *syllable) {
    bool closed = syllable->stacked_count || has(syllable, ASAT) || has(syllable, AA);
    if (syllable->base == U && closed) syllable->base = NYA;
    if (syllable->base == U && has(syllable, SIGN_II)) syllable->base = UU, drop(syllable, SIGN_II);
    uint32_t *last = syllable->stacked_count ? &syllable->stacked[syllable->stacked_count - 1] : &syllable->base;
    if (*last == CA && has(syllable, MEDIAL_YA)) *last = JHA, drop(syllable, MEDIAL_YA);
}

static void write_sign(struct syllable *syllable, uint32_t sign, struct buffer *out) {
    if (!has(syllable, sign)) return;
    buffer_add_rune(out, sign);
    drop(syllable, sign);
}

/* With `with_dot`, writes the dot below directly before the asat. */
static void write_asat(struct syllable *syllable, bool with_dot, struct buffer *out) {
    if (!has(syllable, ASAT)) return;
    if (with_dot) write_sign(syllable, DOT, out);
    write_sign(syllable, ASAT, out);
}

static void write_signs(struct syllable *syllable, const uint32_t *signs, struct buffer *out) {
    for (; *signs; signs++) write_sign(syllable, *signs, out);
}

/* Writes the signs of a syllable in the order of Unicode. An asat (vowel killer) that closes the syllable follows the
 * medials or the vowel aa. With any other vowel, the asat marks a contraction of two words and directly follows the
 * consonant. */
static void write_all_signs(struct syllable *syllable, struct buffer *out) {
    static const uint32_t medials[] = {MEDIAL_YA, MEDIAL_RA, MEDIAL_WA, MEDIAL_HA, 0},
                          vowels[] = {E, SIGN_I, SIGN_II, SIGN_AI, SIGN_U, SIGN_UU, AA_TALL, AA, 0},
                          tones[] = {ANUSVARA, DOT, VISARGA, 0};
    uint32_t vowel = 0;
    for (size_t i = 0; vowels[i]; i++) vowel |= syllable->signs & bit_of(vowels[i]);
    bool of_aa = syllable->asat_of_vowel || (has(syllable, E) && (has(syllable, AA) || has(syllable, AA_TALL)));
    if (vowel && !of_aa) write_asat(syllable, false, out);
    write_signs(syllable, medials, out);
    if (!vowel) write_asat(syllable, true, out);
    write_signs(syllable, vowels, out);
    write_asat(syllable, !has(syllable, ANUSVARA), out);
    write_signs(syllable, tones, out);
}

static void write_syllable(struct syllable *syllable, struct buffer *out) {
    name_letter(syllable);
    if (syllable->kinzi) buffer_add_string(out, "\u1004\u103A\u1039");
    if (syllable->base) buffer_add_rune(out, syllable->base);
    for (size_t i = 0; i < syllable->stacked_count; i++) {
        buffer_add_rune(out, VIRAMA);
        buffer_add_rune(out, syllable->stacked[i]);
    }
    write_all_signs(syllable, out);
    *syllable = (struct syllable){0};
}

/* ---------------------------------------------------------------- a piece of text */

static bool is_base(uint32_t rune) {
    return (rune >= KA && rune <= LAST_VOWEL) || rune == GREAT_SA;
}

static bool is_sign(uint32_t rune) {
    return rune >= AA_TALL && rune <= LAST_SIGN;
}

static bool is_digit(uint32_t rune) {
    return rune >= ZERO && rune <= NINE;
}

static void add_part(struct syllable *syllable, uint32_t part, struct buffer *out) {
    bool precedes = part == E || part == MEDIAL_RA;
    if (syllable->base && (precedes || is_base(part))) write_syllable(syllable, out);
    if (is_base(part)) {
        syllable->base = part;
    } else if (is_sign(part)) {
        syllable->signs |= bit_of(part);
    } else {
        write_syllable(syllable, out);
        buffer_add_rune(out, part);
    }
}

static void add_stacked(struct syllable *syllable, uint32_t letter, struct buffer *out) {
    if (syllable->stacked_count == MAX_STACKED) write_syllable(syllable, out);
    syllable->stacked[syllable->stacked_count++] = letter;
}

static void add_meaning(struct syllable *syllable, const struct meaning *meaning, struct buffer *out) {
    size_t i = 0;
    const uint16_t *parts = meaning->parts;
    if (parts[0] == NGA && parts[1] == ASAT) syllable->kinzi = true, i = 3;
    if (parts[0] == AA_TALL && parts[1] == ASAT) syllable->asat_of_vowel = true;
    for (; i < MAX_PARTS && parts[i]; i++) {
        if (parts[i] == VIRAMA && i + 1 < MAX_PARTS)
            add_stacked(syllable, parts[++i], out);
        else
            add_part(syllable, parts[i], out);
    }
}

static bool is_beside_letters(uint32_t before, uint32_t after) {
    bool beside = is_base(after) || is_sign(after) || is_base(before) || is_sign(before);
    return beside && !is_digit(before) && !is_digit(after);
}

/* Corrects digits that were typed instead of letters that look the same: a zero next to letters is wa, and a four
 * before nga is U+104E. If U+104E is not followed by nga, it stands for the whole abbreviation, because the font draws
 * it in that way. */
static const struct meaning *meaning_of(const struct zawgyi *zawgyi, uint32_t before, uint32_t rune, uint32_t after) {
    static const struct meaning wa = {{WA}}, that = {{THAT}}, whole = {{THAT, NGA, ASAT, VISARGA}};
    if (rune == ZERO && is_beside_letters(before, after)) return &wa;
    if (rune == FOUR && after == NGA && !is_digit(before)) return &that;
    return rune == THAT && after != NGA ? &whole : &zawgyi->of[rune - FIRST];
}

static bool is_in_block(uint32_t rune) {
    return rune >= FIRST && rune < FIRST + COUNT;
}

/* Returns whether this is a space that was typed before a sign only to make it look better. It is moved after the sign
 * if the syllable has a dot below, and removed otherwise. */
static bool is_behind_space(const struct zawgyi *zawgyi, const struct syllable *syllable, uint32_t rune,
                            uint32_t after) {
    uint32_t part = is_in_block(after) ? zawgyi->of[after - FIRST].parts[0] : 0;
    return rune == ' ' && syllable->base && is_sign(part) && part != E && part != MEDIAL_RA;
}

static void convert_piece(const struct zawgyi *zawgyi, struct span line, struct buffer *out) {
    struct syllable syllable = {0};
    uint32_t before = ' ', rune, after;
    bool spaced = false;
    for (size_t i = 0, next; i < line.length; i = next, before = rune) {
        next = i + valid_next(line, i, &rune);
        after = ' ';
        if (next < line.length) valid_next(line, next, &after);
        if (is_behind_space(zawgyi, &syllable, rune, after)) {
            spaced = true;
        } else if (!is_in_block(rune)) {
            write_syllable(&syllable, out);
            buffer_add(out, line.at + i, next - i);
        } else {
            add_meaning(&syllable, meaning_of(zawgyi, before, rune, after), out);
            if (spaced && has(&syllable, DOT)) write_syllable(&syllable, out), buffer_add_string(out, " ");
            spaced = false;
        }
    }
    write_syllable(&syllable, out);
}

/* ---------------------------------------------------------------- a text */

static bool has_myanmar(struct span text) {
    for (size_t at = 0; at + 2 < text.length; at++) {
        const char *found = memchr(text.at + at, 0xE1, text.length - at - 2);
        if (!found) return false;
        at = (size_t)(found - text.at);
        if ((unsigned char)text.at[at + 1] <= 0x82) return true;
    }
    return false;
}

/* Returns the next piece of the text: a line, or the part of a line before the next tag. Pieces are judged one by one,
 * because a page may have several authors and only some of them use Zawgyi. */
static struct span next_piece(struct span text, size_t from) {
    size_t end = from + 1;
    while (end < text.length && text.at[end] != '<' && text.at[end - 1] != '\n') end++;
    return span_cut(text, from, end);
}

static bool is_proven(const struct zawgyi_proof *proof) {
    return proof->zawgyi >= FEWEST && proof->unicode * SHARE <= proof->zawgyi;
}

/* Adds up the evidence of all pieces. Returns whether some of the text is Zawgyi, judging by the sum or by a single
 * piece. */
static bool prove_pieces(struct span text, struct zawgyi_proof *ret_whole) {
    bool any = false;
    *ret_whole = (struct zawgyi_proof){0};
    for (size_t from = 0; from < text.length;) {
        struct zawgyi_proof own = {0};
        struct span piece = next_piece(text, from);
        zawgyi_prove(piece, &own);
        any = any || is_proven(&own);
        ret_whole->zawgyi += own.zawgyi;
        ret_whole->unicode += own.unicode;
        from += piece.length;
    }
    return any || is_proven(ret_whole);
}

/* Returns whether the piece is Zawgyi. A piece without evidence is treated like the piece before it; it is also Zawgyi
 * if nothing in the text indicates Unicode. */
static bool is_zawgyi(const struct zawgyi_proof *whole, const struct zawgyi_proof *own, bool before) {
    if (own->zawgyi || own->unicode) return is_proven(own) || (own->zawgyi && !own->unicode);
    return before || whole->unicode == 0;
}

struct span zawgyi_text(const struct zawgyi *zawgyi, struct span text, struct buffer *out, size_t *ret_lines,
                        size_t *ret_first) {
    struct zawgyi_proof whole;
    size_t number = 1, last = 0; /* line numbers: of this piece, and of the last piece converted */
    bool taken = false;
    *ret_lines = *ret_first = 0;
    if (!has_myanmar(text) || !prove_pieces(text, &whole)) return text;
    for (size_t from = 0; from < text.length;) {
        struct zawgyi_proof own = {0};
        struct span piece = next_piece(text, from);
        zawgyi_prove(piece, &own);
        if (own.letters) taken = is_zawgyi(&whole, &own, taken);
        if (own.letters && taken) {
            convert_piece(zawgyi, piece, out);
            if (number != last) (*ret_lines)++;
            if (!*ret_first) *ret_first = number;
            last = number;
        } else {
            buffer_add_span(out, piece);
        }
        number += piece.at[piece.length - 1] == '\n';
        from += piece.length;
    }
    return *ret_lines ? buffer_span(out) : text;
}
