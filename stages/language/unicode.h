/* Functions for Unicode characters: their classes, case and width, and how a text ends. All other files use these
 * instead of calling a Unicode library; only the decode stage also normalizes text. Functions for ASCII only are in
 * pipeline/base/text.h. */
#ifndef STAGES_LANGUAGE_UNICODE_H
#define STAGES_LANGUAGE_UNICODE_H

#include <utf8proc.h>

#include "pipeline/base/text.h"
#include "stages/language/marks.h"

/* ---------------------------------------------------------------- case */

/* rune_fold() for characters that are not ASCII. */
uint32_t rune_fold_wide(uint32_t rune);
/* Returns the lower-case form of a capital letter, and any other character unchanged. One character always becomes one,
 * in the same way for all languages: Turkish I becomes i, and ß remains. */
static inline uint32_t rune_fold(uint32_t rune) {
    if (rune >= 0x80) return rune_fold_wide(rune);
    return rune >= 'A' && rune <= 'Z' ? rune + 32 : rune;
}

/* Writes the text in lower case to `ret_lower`, without a final NUL. Returns the length, which is at most 1.5 times
 * that of `text`, and the same if `text` is ASCII. Bytes that are not UTF-8, such as a character that was cut off, are
 * copied. */
size_t text_lower(struct span text, char *ret_lower);
/* Returns false if the first letters of the texts are ASCII and differ in more than case; true if they may be equal. */
static inline bool text_begins_alike(struct span a, struct span b) {
    unsigned char one = a.length ? (unsigned char)*a.at : 0, other = b.length ? (unsigned char)*b.at : 0;
    return (one | other) >= 0x80 || (one | 32) == (other | 32);
}

/* text_equal_fold() without its first test. */
bool text_equal_fold_all(struct span a, struct span b);
/* Returns true if the texts are equal except for case, in any script. Most texts that are not differ in the first
 * letter. */
static inline bool text_equal_fold(struct span a, struct span b) {
    return text_begins_alike(a, b) && text_equal_fold_all(a, b);
}

enum { RUNE_PARTS = 24 };
/* Removes case, accents and compatibility forms from a character: "É" and "ｅ" become "e", "ß" becomes "ss". Writes at
 * most RUNE_PARTS characters, usually one and sometimes none, and returns their number. */
size_t rune_bare(uint32_t rune, uint32_t ret_parts[RUNE_PARTS]);

/* ---------------------------------------------------------------- classes */

static inline int rune_category(uint32_t rune) {
    return (int)utf8proc_category((utf8proc_int32_t)rune);
}

/* Unicode has capital letters for Georgian, but Georgian texts do not begin sentences with them. */
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

/* Returns true for a decimal digit of any script. */
static inline bool rune_is_digit(uint32_t rune) {
    return rune < 0x80 ? rune >= '0' && rune <= '9' : rune_category(rune) == UTF8PROC_CATEGORY_ND;
}

/* Returns true for a letter or a combining mark. */
static inline bool rune_is_letter(uint32_t rune) {
    if (rune < 0x80) return (rune | 32) >= 'a' && (rune | 32) <= 'z';
    int category = rune_category(rune);
    return category >= UTF8PROC_CATEGORY_LU && category <= UTF8PROC_CATEGORY_ME;
}

/* Returns true for a letter of a script without case. */
static inline bool rune_is_caseless(uint32_t rune) {
    return rune_is_letter(rune) && !rune_is_lower(rune) && !rune_is_upper(rune);
}

/* Returns true for the characters of words and numbers: letters, combining marks, and numbers of all kinds. */
static inline bool rune_is_word(uint32_t rune) {
    if (rune < 0x80) return rune_is_letter(rune) || rune_is_digit(rune);
    int category = rune_category(rune);
    return category >= UTF8PROC_CATEGORY_LU && category <= UTF8PROC_CATEGORY_NO;
}

/* Returns true for punctuation and symbols except currency symbols. */
static inline bool rune_is_sign(uint32_t rune) {
    int category = rune_category(rune);
    return category >= UTF8PROC_CATEGORY_PC && category != UTF8PROC_CATEGORY_SC;
}

/* Returns true for soft hyphens, joiners and direction marks, which are not displayed. */
static inline bool rune_is_invisible(uint32_t rune) {
    return rune >= 0x80 && rune_category(rune) == UTF8PROC_CATEGORY_CF;
}

/* Returns true for marks that combine with the character before them, variation selectors included. */
static inline bool rune_is_mark(uint32_t rune) {
    int category = rune_category(rune);
    return rune >= 0x300 && category >= UTF8PROC_CATEGORY_MN && category <= UTF8PROC_CATEGORY_ME;
}

/* Returns true for whitespace of any width, such as the no-break space and the ideographic space. */
static inline bool rune_is_space(uint32_t rune) {
    if (rune < 0x80) return text_is_space((char)rune);
    return rune == 0x85 || rune == 0xA0 || rune == 0x1680 || (rune >= 0x2000 && rune <= 0x200A) || rune == 0x2028 ||
           rune == 0x2029 || rune == 0x202F || rune == 0x205F || rune == 0x3000;
}

static inline bool rune_is_han(uint32_t rune) {
    return (rune >= 0x3400 && rune < 0xA000) || (rune >= 0xF900 && rune < 0xFB00) ||
           (rune >= 0x20000 && rune < 0x32000);
}

static inline bool rune_is_hangul(uint32_t rune) {
    return rune >= 0xAC00 && rune < 0xD7B0;
}

/* Returns true for Han characters, kana and similar scripts, which are written without spaces and with full-width
 * marks. */
static inline bool rune_is_east_asian(uint32_t rune) {
    return (rune >= 0x2E80 && rune < 0x3400) || (rune >= 0xA000 && rune < 0xAC00) || rune_is_han(rune) ||
           (rune >= 0xFF66 && rune < 0xFFA0);
}

/* Returns true for Thai, Lao, Burmese and Khmer, which are written without spaces between words. */
static inline bool rune_is_southeast_asian(uint32_t rune) {
    return (rune >= 0xE00 && rune < 0xF00) || (rune >= 0x1000 && rune < 0x10A0) || (rune >= 0x1780 && rune < 0x1800);
}

/* Returns true for a letter of a script that is written without spaces between words. */
static inline bool rune_is_unspaced(uint32_t rune) {
    return rune_is_southeast_asian(rune) || (rune >= 0x3005 && rune <= 0x3007) ||
           (rune >= 0x3041 && rune < 0x3100 && rune != 0x30FB) || rune_is_han(rune);
}

/* ---------------------------------------------------------------- width */

/* Width in terminal columns: most letters are one column wide, East Asian characters two, combining marks none. */
static inline unsigned rune_columns(uint32_t rune) {
    return rune >= ' ' && rune < 0x7F ? 1 : (unsigned)utf8proc_charwidth((utf8proc_int32_t)rune);
}
size_t text_columns(struct span text);

/* Returns true if more of the text's letters are written from right to left than from left to right. */
bool text_is_right_to_left(struct span text);

/* ---------------------------------------------------------------- ends of texts */

/* Removes whitespace of any width, zero-width spaces and byte order marks from both ends. span_trim() removes only that
 * of ASCII. */
struct span text_trim(struct span text);
/* Returns the text without any spaces, closing quotes and closing brackets at its end. */
struct span text_strip_closers(const struct marks *marks, struct span text);
/* Returns the class of the last character, ignoring spaces, closing quotes and closing brackets; MARK_NONE if there is
 * no other character. */
enum mark text_last_mark(const struct marks *marks, struct span text);
/* Returns true if the text ends like a sentence in any language. Used to tell paragraphs from short pieces of text, not
 * to split sentences. A colon does not end a sentence. */
bool text_ends_sentence(const struct marks *marks, struct span text);
/* Returns true if the text has a full stop or a comma between words. Sentences usually do; names and links rarely do.
 */
bool text_has_clauses(const struct marks *marks, struct span text);

#endif
