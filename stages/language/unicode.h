/* Characters: classes, case and width, and how a text ends. Nobody else asks for these; only the decode stage has
 * questions of its own, about normalization. What knows ASCII only is in pipeline/base/text.h. */
#ifndef STAGES_LANGUAGE_UNICODE_H
#define STAGES_LANGUAGE_UNICODE_H

#include <utf8proc.h>

#include "pipeline/base/text.h"
#include "stages/language/marks.h"

/* ---------------------------------------------------------------- case */

/* The small letter of a capital one, everything else as it is. One character for one, whatever the language: I is i
 * in Turkish too, and ß stays. */
uint32_t rune_fold(uint32_t rune);
/* Appends the folded text: at most half as many bytes again as `text` has, and as many if it is ASCII. */
size_t text_lower(struct span text, char *ret_lower);
/* Equal but for case, in any script. */
bool text_equal_fold(struct span a, struct span b);

enum { RUNE_PARTS = 24 };
/* What is left of a character without case, accents and compatibility forms ("É" and "ｅ" give "e", "ß" gives "ss"):
 * at most RUNE_PARTS characters, often one and sometimes none; returns their number. */
size_t rune_bare(uint32_t rune, uint32_t ret_parts[RUNE_PARTS]);

/* ---------------------------------------------------------------- classes */

static inline int rune_category(uint32_t rune) {
    return (int)utf8proc_category((utf8proc_int32_t)rune);
}

/* Georgian's letters have capitals in Unicode, but no text uses them to begin a sentence. */
static inline bool rune_is_georgian(uint32_t rune) {
    return rune >= 0x10D0 && rune < 0x1100;
}

static inline bool rune_is_lower(uint32_t rune) {
    if (rune_is_georgian(rune)) return false;
    return rune < 0x80 ? rune >= 'a' && rune <= 'z' : rune_category(rune) == UTF8PROC_CATEGORY_LL;
}

static inline bool rune_is_upper(uint32_t rune) {
    if (rune < 0x80) return rune >= 'A' && rune <= 'Z';
    return rune_category(rune) == UTF8PROC_CATEGORY_LU || rune_category(rune) == UTF8PROC_CATEGORY_LT;
}

/* A decimal digit of any script. */
static inline bool rune_is_digit(uint32_t rune) {
    return rune < 0x80 ? rune >= '0' && rune <= '9' : rune_category(rune) == UTF8PROC_CATEGORY_ND;
}

/* A letter or a mark that belongs to one. */
static inline bool rune_is_letter(uint32_t rune) {
    if (rune < 0x80) return (rune | 32) >= 'a' && (rune | 32) <= 'z';
    int category = rune_category(rune);
    return category >= UTF8PROC_CATEGORY_LU && category <= UTF8PROC_CATEGORY_ME;
}

/* A letter of a script without capitals. */
static inline bool rune_is_caseless(uint32_t rune) {
    return rune_is_letter(rune) && !rune_is_lower(rune) && !rune_is_upper(rune);
}

/* What words and figures are made of: letters, their marks, numbers of all kinds. */
static inline bool rune_is_word(uint32_t rune) {
    if (rune < 0x80) return rune_is_letter(rune) || rune_is_digit(rune);
    int category = rune_category(rune);
    return category >= UTF8PROC_CATEGORY_LU && category <= UTF8PROC_CATEGORY_NO;
}

/* Punctuation or a symbol, money excepted. */
static inline bool rune_is_sign(uint32_t rune) {
    int category = rune_category(rune);
    return category >= UTF8PROC_CATEGORY_PC && category != UTF8PROC_CATEGORY_SC;
}

/* Soft hyphens, joiners, marks of direction: they take part in a text and are not seen. */
static inline bool rune_is_invisible(uint32_t rune) {
    return rune >= 0x80 && rune_category(rune) == UTF8PROC_CATEGORY_CF;
}

static inline bool rune_is_han(uint32_t rune) {
    return (rune >= 0x3400 && rune < 0xA000) || (rune >= 0xF900 && rune < 0xFB00) ||
           (rune >= 0x20000 && rune < 0x32000);
}

static inline bool rune_is_hangul(uint32_t rune) {
    return rune >= 0xAC00 && rune < 0xD7B0;
}

/* Chinese characters, kana and their kin: scripts that write no spaces and have full-width marks. */
static inline bool rune_is_east_asian(uint32_t rune) {
    return (rune >= 0x2E80 && rune < 0x3400) || (rune >= 0xA000 && rune < 0xAC00) || rune_is_han(rune) ||
           (rune >= 0xFF66 && rune < 0xFFA0);
}

/* Thai, Lao, Burmese, Khmer: letters that form no words between spaces. */
static inline bool rune_is_southeast_asian(uint32_t rune) {
    return (rune >= 0xE00 && rune < 0xF00) || (rune >= 0x1000 && rune < 0x10A0) || (rune >= 0x1780 && rune < 0x1800);
}

/* A letter of a script that writes no spaces between words. */
static inline bool rune_is_unspaced(uint32_t rune) {
    return rune_is_southeast_asian(rune) || (rune >= 0x3005 && rune <= 0x3007) ||
           (rune >= 0x3041 && rune < 0x3100 && rune != 0x30FB) || rune_is_han(rune);
}

/* ---------------------------------------------------------------- width */

/* In columns of a terminal: a letter is one wide, an East Asian one two, a mark above or below another one none. */
static inline unsigned rune_columns(uint32_t rune) {
    return rune >= ' ' && rune < 0x7F ? 1 : (unsigned)utf8proc_charwidth((utf8proc_int32_t)rune);
}
size_t text_columns(struct span text);

/* ---------------------------------------------------------------- ends */

/* The text without the spaces, closing quotes and closing brackets at its end. */
struct span text_strip_closers(const struct marks *marks, struct span text);
/* The class of the character that it ends with then; MARK_NONE for an empty one. */
enum mark text_last_mark(const struct marks *marks, struct span text);
/* Whether a text ends like a sentence, in whatever language: for those who tell paragraphs from scraps and do not cut
 * sentences. A colon announces something and ends none. */
bool text_ends_sentence(const struct marks *marks, struct span text);
/* Whether a stop or a comma stands within a text, as in sentences and seldom in names and links. */
bool text_has_clauses(const struct marks *marks, struct span text);

#endif
