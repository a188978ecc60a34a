#include "stages/decode/writing.h"

#include <stdlib.h>
#include <string.h>

#include "pipeline/base/arena.h"
#include "stages/decode/ascii.h"
#include "stages/decode/writing_internal.h"
#include "stages/language/scripts.h"

enum {
    HEAD = 16,
    MAX_WORD = 256, /* max. glyphs of a word, so that its cost fits in 16 bits */
    GLANCE = 128,   /* maximum number of non-ASCII characters that writing_may_be_foreign() examines */
    /* An East Asian character is rare if it costs at least RARE steps. A text with MIN_RARE of these is foreign. */
    RARE = 16 * WRITING_STEPS,
    MIN_RARE = 3,
    OPENING_STEPS = WRITING_STEPS, /* cost of any case, upper or lower, at the start of a line */
    FIRST_EAST_ASIAN = 0x3400,
    CURRENCY_SIGN = 0xA4,
    SOFT_HYPHEN = 0xAD,
    CURRENCY_STEPS = 6 * WRITING_STEPS, /* additional cost of "¤" after a sign: newer encodings have the euro there */
    SPACE_STEPS = 6 * WRITING_STEPS     /* cost of a non-breaking space, and of a repeated sign */
};

int writing_place(uint32_t rune) {
    if (rune < 0x3400) return (int)rune;
    return rune >= 0xFF00 && rune < 0xFFF0 ? (int)(rune - 0xFF00 + 0x3400) : -1;
}

int writing_east_asian(uint32_t rune) {
    if (rune >= 0x3400 && rune < 0xA000) return (int)(rune - 0x3400);
    return rune >= 0xAC00 && rune < 0xAC00 + WRITING_EAST_ASIAN - 0x6C00 ? (int)(rune - 0xAC00 + 0x6C00) : -1;
}

static uint32_t little_endian(const unsigned char *at, size_t size) {
    uint32_t number = 0;
    while (size-- > 0) number = number << 8 | at[size];
    return number;
}

/* Returns the cost of a character that the language does not use. Letters and signs that other languages use cost less
 * than controls and characters that no language uses, because foreign words do occur. */
static uint8_t foreign_steps(enum writing_shape shape, bool known) {
    static const unsigned char bits[] = {
        [WRITING_NONE] = 14, [WRITING_LOWER] = 19, [WRITING_UPPER] = 19,  [WRITING_UNCASED] = 20,
        [WRITING_MARK] = 20, [WRITING_SIGN] = 14,  [WRITING_ACCENT] = 14, [WRITING_BAD] = 27};
    return (uint8_t)((bits[shape] + (known ? 0 : 4)) * WRITING_STEPS);
}

/* Returns the script of the code point. Kana counts as Han, because both occur in the same word. */
static enum script family(uint32_t rune) {
    enum script script = script_of(rune);
    return script == SCRIPT_KANA ? SCRIPT_HAN : script;
}

/* Returns whether this Latin-1 sign does not normally stand next to a letter, unlike quotes and the like. */
static bool is_stray(uint32_t rune) {
    return rune > 0xA0 && rune < 0xC0 && rune != 0xA9 && rune != 0xAB && rune != 0xAE && rune != 0xB0 && rune != 0xB7 &&
           rune != 0xBB;
}

static enum writing_misread_where where_misread(enum writing_shape shape, uint32_t rune) {
    if (shape != WRITING_SIGN && shape != WRITING_NONE) return MISREAD_ALWAYS;
    if (rune < 0x80 || rune == SOFT_HYPHEN) return MISREAD_NEVER;
    return is_stray(rune) ? MISREAD_BESIDE_LETTER : MISREAD_BETWEEN_LETTERS;
}

static void know_runes(struct writing *writing) {
    for (uint32_t place = 0; place < WRITING_RUNES; place++) {
        struct glyph *glyph = &writing->runes[place].glyph;
        glyph->letter = (uint16_t)little_endian(writing->numbers + 2 * (size_t)place, 2);
        glyph->shape = writing->shapes[place] <= WRITING_BAD ? writing->shapes[place] : WRITING_BAD;
        glyph->most = place == 0xA0 ? SPACE_STEPS : foreign_steps(glyph->shape, glyph->letter != 0);
        glyph->misread = (uint8_t)where_misread(glyph->shape, place);
        writing->runes[place].script = (uint8_t)family(place < 0x3400 ? place : place - 0x3400 + 0xFF00);
    }
}

/* Sets the pointers into the mapped file. Returns false if the file is invalid. */
static bool lay_out(struct writing *writing) {
    const unsigned char *at = writing->file.at, *end = at + writing->file.size;
    if (memcmp(at, WRITING_MAGIC, 8) != 0) return false;
    writing->count = little_endian(at + 8, 4);
    writing->letters = little_endian(at + 12, 4);
    if (writing->count > WRITING_LANGUAGES || writing->letters > UINT16_MAX || writing->letters == 0) return false;
    size_t fixed = HEAD + writing->count * (WRITING_CODE + writing->letters + 2) + 3 * (size_t)WRITING_RUNES;
    if (writing->file.size < fixed) return false;
    writing->codes = (const char *)at + HEAD;
    writing->numbers = at + HEAD + writing->count * WRITING_CODE;
    writing->shapes = writing->numbers + 2 * WRITING_RUNES;
    writing->classes = writing->shapes + WRITING_RUNES;
    const unsigned char *counts = writing->classes + writing->count * writing->letters, *tables = at + fixed;
    for (size_t i = 0; i < writing->count; i++) {
        struct language *language = &writing->languages[i];
        language->classes = counts[2 * i];
        size_t pairs = language->classes * language->classes, prices = counts[2 * i + 1] ? WRITING_EAST_ASIAN : 0;
        if ((size_t)(end - tables) < pairs + prices || language->classes > WRITING_CLASSES) return false;
        language->pairs = tables;
        language->east_asian = prices ? tables + pairs : NULL;
        tables += pairs + prices;
    }
    return tables == end;
}

bool writing_open(const char *data_folder, struct writing **ret_writing, struct failure *ret_failure) {
    static const char what[] = "the writing model";
    struct buffer path = BUFFER(1 << 16);
    struct writing *writing = memory_take(sizeof *writing);
    buffer_print(&path, "%s/tables/writing.model", data_folder);
    bool good = mapped_open(path.at, HEAD, what, &writing->file, ret_failure) &&
                (lay_out(writing) || mapped_refuse(path.at, what, ret_failure));
    if (good) {
        know_runes(writing);
        writing_know_pairs(writing);
        writing->guest = writing_find(writing, SPAN("en"));
        *ret_writing = writing;
    } else {
        writing_close(writing);
    }
    buffer_free(&path);
    return good;
}

void writing_close(struct writing *writing) {
    if (!writing) return;
    mapped_close(&writing->file);
    free(writing);
}

int writing_find(const struct writing *writing, struct span code) {
    for (size_t i = 0; i < writing->count; i++)
        if (span_is(code, writing->codes + i * WRITING_CODE)) return (int)i;
    return -1;
}

/* The properties of the previous code point on which the language-independent part of the cost depends. */
struct before {
    uint8_t shape, script;
    bool capitals; /* the last two code points are capitals */
    bool digit;
    bool opens; /* there were only signs since the start of the line or sentence */
};

/* Returns the cost of a letter's case, given the letter before it. A capital begins a word, or the whole word is in
 * capitals; other capitals within a word are mostly ASCII. At the start of a line either case may occur. */
static size_t case_steps(const struct before *before, uint8_t shape, uint32_t rune) {
    if (before->opens) return shape == WRITING_UPPER || shape == WRITING_LOWER ? OPENING_STEPS : 0;
    if (shape == WRITING_UPPER)
        return before->shape == WRITING_LOWER   ? (rune < 0x80 ? 14u : 20u) * WRITING_STEPS
               : before->shape == WRITING_UPPER ? 14
                                                : 3 * WRITING_STEPS;
    if (shape == WRITING_LOWER) return before->shape == WRITING_UPPER ? before->capitals ? 8 * WRITING_STEPS : 4 : 2;
    return 0;
}

/* Returns whether letters of this script may be next to digits. */
static bool joins_digits(uint8_t script) {
    return script == SCRIPT_NONE || script == SCRIPT_HAN || script == SCRIPT_HANGUL || script == SCRIPT_THAI ||
           script == SCRIPT_LATIN;
}

/* Returns the cost of changing the script within a word, or of putting a letter next to a digit. */
static size_t script_steps(const struct before *before, uint8_t script, uint32_t rune, bool digit) {
    size_t steps = 0;
    if (script == before->script) return rune == CURRENCY_SIGN ? CURRENCY_STEPS : 0;
    if (script != SCRIPT_NONE && before->script != SCRIPT_NONE)
        steps += (rune < 0x80 || script == SCRIPT_HAN ? 4u : 12u) * WRITING_STEPS;
    if ((digit && !joins_digits(before->script)) || (before->digit && !joins_digits(script)))
        steps += 6 * WRITING_STEPS;
    return steps;
}

/* Returns the cost of a combining mark on a letter of another script. */
static size_t mark_steps(const struct before *before, uint8_t script) {
    bool other = script != SCRIPT_NONE && before->script != SCRIPT_NONE && script != before->script;
    return other ? 12 * WRITING_STEPS : 0;
}

/* Returns the part of a code point's cost that is the same in all languages, and updates `before`. */
static size_t shape_steps(struct before *before, uint8_t shape, uint8_t script, uint32_t rune) {
    bool digit = rune >= '0' && rune <= '9';
    if (shape == WRITING_MARK) return mark_steps(before, script);
    size_t steps = case_steps(before, shape, rune) + script_steps(before, script, rune, digit);
    *before = (struct before){.shape = shape,
                              .script = script,
                              .capitals = shape == WRITING_UPPER && before->shape == WRITING_UPPER,
                              .digit = digit,
                              .opens = (before->opens && script == SCRIPT_NONE && !digit) || rune == '\n'};
    return steps;
}

static bool is_picture(uint32_t rune) {
    return rune >= 0x1F000 && rune < 0x1FB00;
}

/* Returns whether this is a Latin ligature such as "ﬁ". It costs as much as its first letter. */
static bool is_latin_ligature(uint32_t rune) {
    return rune >= 0xFB00 && rune <= 0xFB06;
}

/* Returns whether this is an East Asian bracket or punctuation mark. Like a space, it ends a word. */
static bool is_wide_sign(uint32_t rune) {
    return (rune > 0x3000 && rune < 0x3020) || (rune > 0xFF00 && rune < 0xFF10) || (rune > 0xFF19 && rune < 0xFF20);
}

/* Returns the glyph of a code point that is not in the tables. */
static struct glyph far_glyph(uint32_t rune) {
    int east_asian = writing_east_asian(rune);
    enum writing_shape shape = east_asian >= 0 ? WRITING_UNCASED : is_picture(rune) ? WRITING_SIGN : WRITING_BAD;
    return (struct glyph){.east_asian = (uint16_t)(east_asian + 1),
                          .shape = (uint8_t)shape,
                          .most = foreign_steps(shape, east_asian >= 0),
                          .misread = (uint8_t)where_misread(shape, rune)};
}

static struct glyph glyph_of(const struct writing *writing, uint32_t rune, uint8_t *ret_script) {
    int place = writing_place(is_latin_ligature(rune) ? 'f' : rune);
    *ret_script = place >= 0 ? writing->runes[place].script : (uint8_t)family(rune);
    return place >= 0 ? writing->runes[place].glyph : far_glyph(rune);
}

static void add_glyph(struct glyphs *glyphs, struct glyph glyph) {
    if (glyphs->count == glyphs->capacity) {
        glyphs->capacity = glyphs->capacity ? 2 * glyphs->capacity : 1024;
        glyphs->at = memory_resize(glyphs->at, glyphs->capacity * sizeof *glyphs->at);
    }
    glyphs->at[glyphs->count++] = glyph;
}

/* Returns the cost of the glyphs in steps. *class_before is the class of the previous glyph and is updated. */
static size_t steps_of(const struct writing *writing, size_t number, const struct glyph *glyphs, size_t count,
                       size_t *class_before) {
    size_t steps = 0, before = *class_before;
    for (size_t i = 0; i < count; i++) {
        size_t class = writing_class(writing, number, &glyphs[i]);
        steps += writing_pair(&writing->languages[number], before, class, &glyphs[i]);
        before = class;
    }
    *class_before = before;
    return steps;
}

/* Sets the fields that depend on the whole word: its size, whether it is all ASCII, and its cost in English. */
static void end_word(const struct writing *writing, struct glyphs *glyphs, size_t word, bool far) {
    struct glyph *first = &glyphs->at[word];
    size_t before = WRITING_SPACE_CLASS, count = glyphs->count - word;
    first->word = (uint16_t)count;
    for (size_t i = 0; i < count; i++) first[i].far = far;
    if (far && writing->guest >= 0)
        first->guest = (uint16_t)steps_of(writing, (size_t)writing->guest, first, count, &before);
}

/* Ends the current word at the last glyph. Does nothing if the word is empty. */
static void close_word(const struct writing *writing, struct glyphs *glyphs, size_t *word, bool *far) {
    if (*word < glyphs->count) end_word(writing, glyphs, *word, *far);
    *word = glyphs->count;
    *far = true;
}

void glyphs_fill(const struct writing *writing, struct span text, struct glyphs *ret_glyphs) {
    struct before before = {.opens = true};
    uint32_t rune_before = 0;
    size_t word = 0; /* index of the first glyph of the current word */
    bool far = true;
    ret_glyphs->count = 0;
    ret_glyphs->shape_steps = 0;
    for (size_t i = 0; i < text.length;) {
        uint32_t rune;
        bool space = text_is_space(text.at[i]), again = space && i > 0 && text_is_space(text.at[i - 1]);
        i += valid_next(text, i, &rune);
        if (again) {
            before.opens |= rune == '\n';
            continue;
        }
        uint8_t script;
        struct glyph glyph = glyph_of(writing, rune, &script);
        bool sign_again =
            rune == rune_before && script == SCRIPT_NONE && glyph.shape != WRITING_BAD && glyph.most > SPACE_STEPS;
        if (sign_again) glyph.most = SPACE_STEPS;
        rune_before = rune;
        ret_glyphs->shape_steps += shape_steps(&before, glyph.shape, script, rune);
        bool wide = rune >= 0x3000 && is_wide_sign(rune);
        if (wide && far) close_word(writing, ret_glyphs, &word, &far);
        far = far && rune < 0x80;
        add_glyph(ret_glyphs, glyph);
        bool before_ascii = wide && i < text.length && (unsigned char)text.at[i] < 0x80;
        if (space || before_ascii || ret_glyphs->count - word >= MAX_WORD) close_word(writing, ret_glyphs, &word, &far);
    }
    close_word(writing, ret_glyphs, &word, &far);
}

static bool is_known(const struct glyph *glyph) {
    return glyph->letter || glyph->east_asian;
}

size_t glyphs_unknown(const struct glyphs *glyphs) {
    size_t unknown = 0;
    for (size_t i = 0; i < glyphs->count; i++) {
        const struct glyph *glyph = &glyphs->at[i];
        unknown += !is_known(glyph) && glyph->shape != WRITING_SIGN && glyph->shape != WRITING_NONE;
    }
    return unknown;
}

void glyphs_free(struct glyphs *glyphs) {
    free(glyphs->at);
    *glyphs = (struct glyphs){0};
}

size_t writing_rune_steps(const struct writing *writing, int language, uint32_t rune) {
    uint8_t script;
    struct glyph glyph = glyph_of(writing, rune, &script);
    size_t before = 0;
    return steps_of(writing, (size_t)language, &glyph, 1, &before);
}

double writing_bits(const struct writing *writing, int number, const struct glyphs *glyphs, double limit) {
    size_t before = WRITING_SPACE_CLASS, near = glyphs->shape_steps, far = 0;
    for (size_t i = 0; i < glyphs->count && writing_sum(near, far) <= limit; i += glyphs->at[i].word) {
        const struct glyph *first = &glyphs->at[i];
        size_t word = steps_of(writing, (size_t)number, first, first->word, &before),
               guest = writing_guest(writing, first);
        *(first->far ? &far : &near) += first->far && guest < word ? guest : word;
    }
    return writing_sum(near, far);
}

double writing_foreignness(const struct writing *writing, int number, const struct glyphs *glyphs,
                           size_t *ret_unknown) {
    const unsigned char *classes = writing->classes + (size_t)number * writing->letters;
    size_t before = WRITING_SPACE_CLASS, near = 0, steps = 0, unknown = 0;
    for (size_t i = 0; i < glyphs->count; i += glyphs->at[i].word) {
        const struct glyph *first = &glyphs->at[i];
        if (first->far) continue;
        before = WRITING_SPACE_CLASS;
        near += first->word;
        steps += steps_of(writing, (size_t)number, first, first->word, &before);
        for (size_t k = 0; k < first->word; k++) unknown += !first[k].east_asian && classes[first[k].letter] == 0;
    }
    *ret_unknown = unknown;
    return near ? (double)steps / WRITING_STEPS / (double)near : 0;
}

static bool is_letter(const struct glyphs *glyphs, size_t at) {
    if (at >= glyphs->count) return false;
    enum writing_shape shape = glyphs->at[at].shape;
    return shape == WRITING_LOWER || shape == WRITING_UPPER || shape == WRITING_UNCASED || shape == WRITING_MARK;
}

static bool may_be_misread(const struct glyphs *glyphs, size_t at) {
    int beside = is_letter(glyphs, at - 1) + is_letter(glyphs, at + 1);
    switch ((enum writing_misread_where)glyphs->at[at].misread) {
    case MISREAD_ALWAYS:
        return true;
    case MISREAD_BESIDE_LETTER:
        return beside > 0;
    case MISREAD_BETWEEN_LETTERS:
        return beside == 2;
    case MISREAD_NEVER:
        break;
    }
    return false;
}

size_t writing_misread(const struct writing *writing, int number, const struct glyphs *glyphs) {
    const unsigned char *classes = writing->classes + (size_t)number * writing->letters;
    size_t count = 0;
    for (size_t i = 0; i < glyphs->count; i++) {
        const struct glyph *glyph = &glyphs->at[i];
        bool unknown = !glyph->far && !glyph->east_asian && classes[glyph->letter] == 0;
        count += unknown && may_be_misread(glyphs, i);
    }
    return count;
}

/* Returns the number of the letter; 0, which is in no class, if it is not in the tables. */
static uint16_t letter_of(const struct writing *writing, uint32_t rune) {
    int place = rune < FIRST_EAST_ASIAN ? (int)rune : writing_place(rune);
    return place >= 0 ? writing->runes[place].glyph.letter : 0;
}

bool writing_may_be_foreign(const struct writing *writing, int number, struct span text, double bits) {
    const struct language *language = &writing->languages[number];
    const unsigned char *classes = writing->classes + (size_t)number * writing->letters;
    size_t steps = 0, pairs = 0, after = 0, before = 0; /* after: end of the previous code point; before: its class */
    size_t rare = 0, daily = 0, unknown = 0;
    for (size_t i = ascii_end(text, 0), runes = 0; i < text.length && runes < GLANCE; i = ascii_end(text, i), runes++) {
        uint32_t rune;
        size_t size = valid_next(text, i, &rune);
        int east_asian = rune >= FIRST_EAST_ASIAN && language->east_asian ? writing_east_asian(rune) : -1;
        size_t class = east_asian >= 0 ? WRITING_EAST_ASIAN_CLASS : classes[letter_of(writing, rune)];
        unknown += class == 0;
        if (unknown > (language->east_asian ? MIN_RARE : 0))
            return true; /* East Asian text may contain signs that are in no class */
        if (east_asian >= 0) *(language->east_asian[east_asian] > RARE ? &rare : &daily) += 1;
        if (after == i) {
            steps += language->pairs[before * language->classes + class];
            pairs++;
        }
        after = i += size;
        before = class;
    }
    if (rare >= MIN_RARE && 2 * rare > daily) return true;
    return pairs > 0 && (double)steps > bits * WRITING_STEPS * (double)pairs;
}
