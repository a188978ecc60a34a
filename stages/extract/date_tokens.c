#include "stages/extract/date_tokens.h"

#include <string.h>

#include "stages/language/unicode.h"

enum {
    PARTS = 4,  /* max. number of tokens in a word of several parts, such as "p.m." */
    STEM = 5,   /* min. characters of a month's name when its ending is removed */
    ENDING = 4, /* max. characters of an inflectional ending */
    INFIX = 40  /* max. characters before a month's name in a script without spaces */
};

/* Reads a number in the digits of any script. Sets its value to 0 if it has more than 14 digits, because such a number
 * is never used. */
static size_t cut_number(struct date_text *text, size_t at, struct date_token *token) {
    for (uint32_t rune; at < text->text.length;) {
        size_t size = text_next(text->text, at, &rune);
        int digit = date_digit(text->words, rune);
        if (digit < 0) break;
        token->value = token->digits < 14 ? token->value * 10 + digit : 0;
        token->digits++;
        at += size;
    }
    return at;
}

/* Reads a word. Each Han character is a separate word. In Korean, a unit directly after a number is one syllable, even
 * if more letters follow. */
static size_t cut_word(struct date_text *text, size_t at, bool after_number, struct date_token *token) {
    size_t start = text->used;
    for (uint32_t rune; at < text->text.length;) {
        size_t size = text_next(text->text, at, &rune);
        bool first = text->used == start;
        if (rune_is_invisible(rune)) {
            at += size;
            continue;
        }
        if (!rune_is_letter(rune) || (!first && rune_is_han(rune))) break;
        date_fold(rune, text->spellings, sizeof text->spellings, &text->used);
        at += size;
        if (rune_is_han(rune) || (first && after_number && rune_is_hangul(rune))) break;
    }
    token->spelling = (struct span){text->spellings + start, text->used - start};
    return at;
}

/* Reads one token at `at` and returns the position after it. */
static size_t cut_one(struct date_text *text, size_t at, bool spaced) {
    struct date_token *token = &text->tokens[text->count];
    uint32_t rune;
    size_t size = text_next(text->text, at, &rune);
    bool after_number = text->count && !spaced && text->tokens[text->count - 1].kind == TOKEN_NUMBER;
    *token = (struct date_token){.from = at, .spaced = spaced};
    if (date_digit(text->words, rune) >= 0) {
        token->kind = TOKEN_NUMBER;
        token->to = cut_number(text, at, token);
    } else if (rune_is_letter(rune)) {
        token->kind = TOKEN_WORD;
        token->to = cut_word(text, at, after_number, token);
    } else {
        token->kind = TOKEN_MARK;
        token->mark = rune;
        token->to = at + size;
    }
    text->count++;
    return token->to;
}

/* Invisible characters are skipped, because they do not separate words. */
void date_cut(const struct date_words *words, struct span whole, struct span language, struct date_text *ret_text) {
    struct date_text *text = ret_text;
    text->words = words;
    text->text = text_clip(whole, DATE_REACH);
    text->count = text->used = 0;
    text->conventions = date_conventions(words, language, text->language);
    bool spaced = true;
    for (size_t at = 0; at < text->text.length && text->count < DATE_TOKENS - 1;) {
        uint32_t rune;
        size_t size = text_next(text->text, at, &rune);
        if (rune_is_space(rune) || rune_is_invisible(rune)) {
            spaced = spaced || rune_is_space(rune);
            at += size;
            continue;
        }
        at = cut_one(text, at, spaced);
        spaced = false;
    }
    text->tokens[text->count] = (struct date_token){.from = text->text.length, .to = text->text.length};
}

/* Also returns the final TOKEN_NONE for an index that has wrapped around below 0. */
const struct date_token *date_token(const struct date_text *text, size_t index) {
    return &text->tokens[index < text->count ? index : text->count];
}

bool date_is_mark(const struct date_token *token, const char *marks) {
    return token->kind == TOKEN_MARK && token->mark < 128 && strchr(marks, (int)token->mark);
}

bool date_is_number(const struct date_token *token, unsigned digits, long long min, long long max) {
    return token->kind == TOKEN_NUMBER && token->digits <= digits && token->value >= min && token->value <= max;
}

/* ---------------------------------------------------------------- words of several parts, and parts of words */

/* Joins the words of several tokens with spaces, without the marks in abbreviations such as "p.m." */
static struct span phrase(const struct date_text *text, size_t index, size_t parts, char to[DATE_REACH],
                          size_t *ret_end) {
    size_t length = 0;
    for (size_t part = 0; part < parts; part++) {
        const struct date_token *token = date_token(text, index);
        if (part && date_is_mark(token, ".-") && !token->spaced) token = date_token(text, ++index);
        if (token->kind != TOKEN_WORD || length + token->spelling.length + 1 > DATE_REACH)
            return (struct span){NULL, 0};
        if (part) to[length++] = ' ';
        memcpy(to + length, token->spelling.at, token->spelling.length);
        length += token->spelling.length;
        index++;
    }
    *ret_end = index;
    return (struct span){to, length};
}

static const struct date_word *month_spelt(const struct date_text *text, struct span spelling) {
    return date_word_choose(date_word_find(text->words, spelling), DATE_MONTH, text->conventions.language);
}

/* Finds a month's name that has an inflectional ending: "januári", "қаңтардың", "ဇန်နဝါရီလ". At least `stem` characters
 * must remain without the ending, so that a short word is not mistaken for a month. */
static const struct date_word *month_with_ending(const struct date_text *text, struct span spelling, size_t stem) {
    size_t characters = text_count(spelling), end = spelling.length;
    for (size_t cut = 0; cut <= ENDING && characters >= stem + cut && end > 0; cut++) {
        const struct date_word *word = month_spelt(text, span_cut(spelling, 0, end));
        if (word) return word;
        uint32_t rune;
        end -= text_previous(spelling, end, &rune);
    }
    return NULL;
}

/* Finds a month's name anywhere in a token. In scripts without spaces, a single token may consist of many words. */
static const struct date_word *month_inside(const struct date_text *text, struct span spelling) {
    for (size_t from = 0, skipped = 0; from < spelling.length && skipped < INFIX; skipped++) {
        uint32_t rune;
        struct span rest = text_clip(span_cut(spelling, from, spelling.length), 3 * INFIX);
        /* in these scripts, names of months have more than two characters of three bytes each */
        for (size_t end = rest.length; end > 6; end -= text_previous(rest, end, &rune)) {
            const struct date_word *word = month_spelt(text, span_cut(rest, 0, end));
            if (word) return word;
        }
        from += text_next(spelling, from, &rune);
    }
    return NULL;
}

/* Tries the longest match first, because a part of it may also be a word. */
const struct date_word *date_word_at(const struct date_text *text, size_t index, enum date_word_kind kind,
                                     size_t *ret_end) {
    char joined[DATE_REACH];
    size_t end = index + 1;
    for (size_t parts = PARTS; parts > 0; parts--) {
        struct span spelling = phrase(text, index, parts, joined, &end);
        const struct date_word *list = spelling.length ? date_word_find(text->words, spelling) : NULL;
        const struct date_word *word = date_word_choose(list, kind, text->conventions.language);
        if (!word) continue;
        *ret_end = end;
        return word;
    }
    const struct date_token *token = date_token(text, index);
    if (kind != DATE_MONTH || token->kind != TOKEN_WORD) return NULL;
    uint32_t rune;
    text_next(token->spelling, 0, &rune);
    *ret_end = index + 1;
    return rune_is_southeast_asian(rune) ? month_inside(text, token->spelling)
                                         : month_with_ending(text, token->spelling, STEM);
}
