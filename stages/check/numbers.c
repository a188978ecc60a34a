#include <stdint.h>
#include <string.h>

#include "stages/check/checks.h"

enum { MOST_NUMBERS = 64, MOST_DIGITS = 24 };

/* Digits with the separators between them taken away, and the two readings of what the last separator means. */
struct number {
    char digits[MOST_DIGITS + 1]; /* all digits, leading zeros dropped */
    struct span written;
};

static bool is_digit(char c) {
    return c >= '0' && c <= '9';
}

static bool is_separator(struct span text, size_t i, size_t *ret_size) {
    uint32_t rune;
    *ret_size = text_next(text, i, &rune);
    bool separates = rune == '.' || rune == ',' || rune == 0xA0 || rune == 0x202F || rune == '\'' || rune == ' ';
    if (!separates || i + *ret_size >= text.length || !is_digit(text.at[i + *ret_size])) return false;
    if (rune == '.' || rune == ',') return true;
    /* A space or an apostrophe groups thousands: three digits behind it, and no more. */
    size_t digits = 0;
    while (i + *ret_size + digits < text.length && is_digit(text.at[i + *ret_size + digits])) digits++;
    return digits == 3;
}

static size_t read_number(struct span text, size_t start, struct number *ret_number) {
    size_t i = start, length = 0, separator;
    *ret_number = (struct number){.written = {text.at + start, 0}};
    while (i < text.length) {
        if (is_digit(text.at[i])) {
            if (length < MOST_DIGITS && !(length == 0 && text.at[i] == '0')) ret_number->digits[length++] = text.at[i];
            i++;
        } else if (is_separator(text, i, &separator)) {
            i += separator;
        } else {
            break;
        }
    }
    ret_number->written.length = i - start;
    return i;
}

static size_t read_numbers(struct span text, struct number numbers[MOST_NUMBERS]) {
    size_t count = 0;
    for (size_t i = 0; i < text.length && count < MOST_NUMBERS;) {
        if (is_digit(text.at[i])) i = read_number(text, i, &numbers[count++]);
        else i++;
    }
    return count;
}

/* Trailing zeros are left aside: 2.30 and 2.3 are the same, and so are 12:00 and 12. */
static bool same(const struct number *a, const struct number *b) {
    size_t left = strlen(a->digits), right = strlen(b->digits);
    while (left && a->digits[left - 1] == '0') left--;
    while (right && b->digits[right - 1] == '0') right--;
    return left == right && memcmp(a->digits, b->digits, left) == 0;
}

/* The engine may write a small number as a word. */
static bool may_be_a_word(const struct number *number) {
    return strlen(number->digits) <= 2 && (strlen(number->digits) < 2 || number->digits[0] == '1');
}

bool check_numbers(const struct pair *pair, struct buffer *message) {
    struct number source[MOST_NUMBERS], target[MOST_NUMBERS];
    size_t wanted = read_numbers(pair->source, source), found = read_numbers(pair->target, target);
    bool used[MOST_NUMBERS] = {false};
    for (size_t i = 0; i < wanted; i++) {
        bool met = false;
        for (size_t j = 0; j < found && !met; j++)
            if (!used[j] && same(&source[i], &target[j])) met = used[j] = true;
        if (met || may_be_a_word(&source[i])) continue;
        buffer_print(message, "the source says %.*s, which the English does not have", SPAN_ARGS(source[i].written));
        return true;
    }
    for (size_t j = 0; j < found; j++) {
        if (used[j] || may_be_a_word(&target[j]) || wanted == MOST_NUMBERS) continue;
        buffer_print(message, "the English says %.*s, which the source does not have", SPAN_ARGS(target[j].written));
        return true;
    }
    return false;
}
