#include "stages/segment/words.h"

#include "stages/language/unicode.h"

enum { MAX_PART = 3 };

bool word_is_roman(struct span word) {
    for (size_t i = 0; i < word.length; i++)
        if (!span_is((struct span){word.at + i, 1}, "I") && !span_is((struct span){word.at + i, 1}, "V") &&
            !span_is((struct span){word.at + i, 1}, "X"))
            return false;
    return word.length > 0;
}

/* Returns whether the word is a doubled letter. For the plural, Spanish doubles the letters of an abbreviation: "EE.
 * UU." */
static bool is_doubled(struct span word) {
    return word.length == 2 && word.at[0] == word.at[1] && rune_is_upper((unsigned char)word.at[0]) &&
           !word_is_roman(word);
}

/* Words with lower-case letters or with Han, kana or Hangul characters are never initials. `run` counts the letters
 * since the last full stop or hyphen. */
bool word_is_initial(struct span word) {
    size_t letters = 0, run = 0, longest = 0, points = 0;
    bool capitals = false;
    uint32_t rune;
    for (size_t i = 0; i < word.length;) {
        i += text_next(word, i, &rune);
        if (rune == '.') {
            if (run == 0) return false;
            run = 0;
            points++;
        } else if (rune == '-' && letters && i < word.length) {
            run = 0; /* "J.-P.", "J-P." */
            points++;
        } else {
            if (!rune_is_letter(rune) || rune_is_lower(rune) || rune_is_east_asian(rune) || rune_is_hangul(rune))
                return false;
            if (rune_category(rune) >= UTF8PROC_CATEGORY_MN) continue;
            capitals = capitals || rune_is_upper(rune);
            letters++;
            longest = ++run > longest ? run : longest;
        }
    }
    return letters > 0 && (longest <= (points && !capitals ? MAX_PART : 1) || is_doubled(word));
}

/* Counts the digits since the last separator; each separator resets the count. */
size_t word_digits(struct span word) {
    size_t digits = 0;
    uint32_t rune;
    for (size_t i = 0; i < word.length;) {
        i += text_next(word, i, &rune);
        if (rune_is_digit(rune))
            digits++;
        else if (rune == '.' || rune == '-' || rune == 0x2013 || rune == '/')
            digits = 0;
        else
            return 0;
    }
    return digits;
}

uint32_t word_last_rune(struct span word) {
    uint32_t rune = 0;
    if (word.length) text_previous(word, word.length, &rune);
    return rune;
}

bool word_has_digit(struct span word) {
    uint32_t first = 0;
    if (word.length) text_next(word, 0, &first);
    return rune_is_digit(first) || rune_is_digit(word_last_rune(word));
}

bool word_ends_with_digit(struct span word) {
    return rune_is_digit(word_last_rune(word));
}

bool word_is_small_letter(struct span word) {
    uint32_t rune;
    return word.length > 0 && text_next(word, 0, &rune) == word.length && rune_is_lower(rune);
}

bool word_is_ordinary(struct span word) {
    uint32_t last = 0;
    for (size_t i = 0; i < word.length;) {
        i += text_next(word, i, &last);
        if (!rune_is_letter(last)) return false;
    }
    return rune_is_lower(last) && text_count(word) >= 3;
}
