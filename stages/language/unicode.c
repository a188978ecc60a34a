#include "stages/language/unicode.h"

#include "pipeline/base/visible.h"

/* Returns false for scripts without case. Looking up their letters in the Unicode tables would take more time than all
 * other work on them. */
static bool may_have_case(uint32_t rune) {
    return rune < 0x590 || (rune >= 0x10A0 && rune < 0x1100) || (rune >= 0x1C80 && rune < 0x2E00) || rune >= 0xA640;
}

uint32_t rune_fold_wide(uint32_t rune) {
    return may_have_case(rune) ? (uint32_t)utf8proc_tolower((utf8proc_int32_t)rune) : rune;
}

size_t text_lower(struct span text, char *ret_lower) {
    size_t length = 0;
    uint32_t rune;
    for (size_t i = 0, size; i < text.length; i += size) {
        size = text_next(text, i, &rune);
        if (rune == RUNE_INVALID && size == 1)
            ret_lower[length++] = text.at[i];
        else
            length += text_put(ret_lower + length, rune_fold(rune));
    }
    return length;
}

/* Compares character by character, because folding may change the number of bytes. */
bool text_equal_fold_all(struct span a, struct span b) {
    size_t i = 0, j = 0;
    uint32_t one, other;
    while (i < a.length && j < b.length) {
        i += text_next(a, i, &one);
        j += text_next(b, j, &other);
        if (rune_fold(one) != rune_fold(other)) return false;
    }
    return i == a.length && j == b.length;
}

/* Removes accents, which are often omitted, especially on capitals, and treats dotless i as i. Some Arabic letters have
 * a Persian variant with a separate code point, which is replaced. */
static uint32_t without_accent(uint32_t rune) {
    if (rune >= 0x300 && rune <= 0x36F) return 0;
    if (rune >= 0x64B && rune <= 0x655) return 0;
    if (rune == 0x131) return 'i';
    if (rune == 0x649 || rune == 0x6CC) return 0x64A;
    return rune == 0x6A9 ? 0x643 : rune;
}

/* RUNE_PARTS is sufficient for nearly all characters; only some ligatures decompose into more. */
size_t rune_bare(uint32_t rune, uint32_t ret_parts[RUNE_PARTS]) {
    utf8proc_int32_t parts[RUNE_PARTS];
    int boundary = 0;
    size_t kept = 0;
    utf8proc_option_t options = UTF8PROC_CASEFOLD | UTF8PROC_COMPAT | UTF8PROC_DECOMPOSE | UTF8PROC_IGNORE;
    utf8proc_ssize_t count = utf8proc_decompose_char((utf8proc_int32_t)rune, parts, RUNE_PARTS, options, &boundary);
    for (utf8proc_ssize_t i = 0; i < count && i < RUNE_PARTS; i++) {
        uint32_t part = without_accent((uint32_t)parts[i]);
        if (part) ret_parts[kept++] = part;
    }
    return kept;
}

/* All characters that are written from right to left begin with this byte of UTF-8 (that of U+0590) or a later one. */
static bool may_be_right_to_left(struct span text) {
    const unsigned char first = 0xD6;
    for (size_t i = 0; (i = text_skip_ascii(text, i)) < text.length; i++)
        if ((unsigned char)text.at[i] >= first) return true;
    return false;
}

bool text_is_right_to_left(struct span text) {
    uint32_t rune;
    if (!may_be_right_to_left(text)) return false;
    size_t right = 0, left = 0;
    for (size_t i = 0; i < text.length;) {
        i += text_next(text, i, &rune);
        if (rune < 0x80) {
            left += (rune | 32) - 'a' < 26;
            continue;
        }
        int class = utf8proc_get_property((utf8proc_int32_t)rune)->bidi_class;
        right += class == UTF8PROC_BIDI_CLASS_R || class == UTF8PROC_BIDI_CLASS_AL;
        left += class == UTF8PROC_BIDI_CLASS_L;
    }
    return right > left;
}

size_t text_columns(struct span text) {
    size_t columns = 0;
    uint32_t rune;
    for (size_t i = 0; i < text.length;) {
        size_t from = i;
        i = visible_skip_ascii(text, i);
        columns += i - from; /* most of them */
        if (i == text.length) break;
        i += text_next(text, i, &rune);
        columns += rune_columns(rune);
    }
    return columns;
}

/* Returns true for marks that may follow the end of a sentence, such as closing quotes and brackets. */
static bool is_margin(uint32_t rune) {
    return rune_is_space(rune) || rune == 0x200B || rune == 0xFEFF;
}

struct span text_trim(struct span text) {
    uint32_t rune;
    for (size_t size; text.length && (size = text_next(text, 0, &rune), is_margin(rune));)
        text = span_cut(text, size, text.length);
    for (size_t size; text.length && (size = text_previous(text, text.length, &rune), is_margin(rune));)
        text.length -= size;
    return text;
}

static bool closes(enum mark mark) {
    return mark == MARK_CLOSE || mark == MARK_QUOTE || mark == MARK_MARK || mark == MARK_SPACE || mark == MARK_LINE;
}

struct span text_strip_closers(const struct marks *marks, struct span text) {
    uint32_t rune;
    while (text.length) {
        size_t size = text_previous(text, text.length, &rune);
        if (!closes(marks_of(marks, rune))) break;
        text.length -= size;
    }
    return text;
}

enum mark text_last_mark(const struct marks *marks, struct span text) {
    uint32_t rune;
    text = text_strip_closers(marks, text);
    if (!text.length) return MARK_NONE;
    text_previous(text, text.length, &rune);
    return marks_of(marks, rune);
}

/* Returns true for classes of marks that end a sentence, without further conditions, in at least one language. */
static bool is_end(enum mark mark) {
    return mark == MARK_POINT || mark == MARK_CALL || mark == MARK_PAUSE || mark == MARK_END || mark == MARK_FULL ||
           mark == MARK_EXTRA;
}

bool text_ends_sentence(const struct marks *marks, struct span text) {
    return is_end(text_last_mark(marks, text));
}

/* A full stop may be part of a number or an address, so it counts only if a space follows. East Asian marks always
 * count, because no space follows them. */
bool text_has_clauses(const struct marks *marks, struct span text) {
    enum mark before = MARK_NONE;
    uint32_t rune;
    for (size_t i = 0; i < text.length;) {
        i += text_next(text, i, &rune);
        enum mark mark = marks_of(marks, rune);
        if (rune == ' ' && (is_end(before) || before == MARK_COMMA)) return true;
        if (rune > 0x7F && (mark == MARK_END || mark == MARK_FULL || mark == MARK_CALL || mark == MARK_COMMA))
            return true;
        before = mark;
    }
    return false;
}
