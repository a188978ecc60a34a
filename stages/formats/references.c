#include "stages/formats/references.h"

#include "stages/formats/reference_names.h"

enum { LONGEST_NAME = 31, LONGEST_LEGACY = 6, LAST_RUNE = 0x10FFFF };

/* What browsers show for the numbers 128 to 159: the characters of windows-1252. 0: the number itself. */
static const uint16_t windows[] = {0x20AC, 0,      0x201A, 0x0192, 0x201E, 0x2026, 0x2020, 0x2021,
                                   0x02C6, 0x2030, 0x0160, 0x2039, 0x0152, 0,      0x017D, 0,
                                   0,      0x2018, 0x2019, 0x201C, 0x201D, 0x2022, 0x2013, 0x2014,
                                   0x02DC, 0x2122, 0x0161, 0x203A, 0x0153, 0,      0x017E, 0x0178};

static bool is_digit(char c, bool hex) {
    return (c >= '0' && c <= '9') || (hex && (unsigned)((c | 32) - 'a') < 6);
}

static bool is_alphanumeric(char c) {
    return is_digit(c, false) || (unsigned)((c | 32) - 'a') < 26;
}

static uint32_t rune_of_number(uint32_t number) {
    if (number >= 0x80 && number < 0xA0 && windows[number - 0x80]) return windows[number - 0x80];
    return number == 0 || number > LAST_RUNE || (number >= 0xD800 && number < 0xE000) ? RUNE_INVALID : number;
}

/* A number that is too large stays so, however many digits follow. */
static size_t read_number(struct span text, size_t at, char ret_text[REFERENCE_BYTES], size_t *ret_length) {
    size_t start = at + 2;
    bool hex = start < text.length && (text.at[start] | 32) == 'x';
    size_t end = start += hex;
    uint32_t number = 0;
    for (; end < text.length && is_digit(text.at[end], hex); end++) {
        uint32_t digit = (uint32_t)(text.at[end] <= '9' ? text.at[end] - '0' : (text.at[end] | 32) - 'a' + 10);
        if (number <= LAST_RUNE) number = number * (hex ? 16 : 10) + digit;
    }
    if (end == start) return 0;
    *ret_length = text_put(ret_text, rune_of_number(number));
    return end - at + (end < text.length && text.at[end] == ';');
}

static size_t put_name(const struct reference_name *name, char ret_text[REFERENCE_BYTES]) {
    size_t length = text_put(ret_text, name->first);
    return name->second > REFERENCE_IS_LEGACY ? length + text_put(ret_text + length, name->second) : length;
}

/* Reads a name without a semicolon, which old names may lack: the longest that the text begins with. */
static size_t read_legacy(struct span word, bool in_attribute, char after, char ret_text[REFERENCE_BYTES],
                          size_t *ret_length) {
    size_t longest = word.length < LONGEST_LEGACY ? word.length : LONGEST_LEGACY;
    for (size_t length = longest; length > 1; length--) {
        const struct reference_name *name = reference_named(span_cut(word, 0, length));
        if (!name || name->second != REFERENCE_IS_LEGACY) continue;
        if (in_attribute && (length < word.length || after == '=')) return 0;
        *ret_length = put_name(name, ret_text);
        return length + 1;
    }
    return 0;
}

size_t reference_read(struct span text, size_t at, bool in_attribute, char ret_text[REFERENCE_BYTES],
                      size_t *ret_length) {
    size_t start = at + 1, end = start;
    if (start < text.length && text.at[start] == '#') return read_number(text, at, ret_text, ret_length);
    while (end < text.length && end - start <= LONGEST_NAME && is_alphanumeric(text.at[end])) end++;
    struct span word = span_cut(text, start, end);
    char after = end < text.length ? text.at[end] : ' ';
    const struct reference_name *name = after == ';' && word.length ? reference_named(word) : NULL;
    if (!name) return read_legacy(word, in_attribute, after, ret_text, ret_length);
    *ret_length = put_name(name, ret_text);
    return end - at + 1;
}
