#include "stages/check/kept_titles.h"

#include "stages/check/quotation.h"
#include "stages/language/unicode.h"

/* Sizes in bytes and words. Each quotation of the English is looked for in the whole source, so there is a limit. */
enum { MAX_QUOTATIONS = 32, MAX_TITLE = 120, MAX_WORDS = 8, TITLE_BRACKET = 0x300A };

/* The first quotation at or after `from`: its text without spaces at the ends, the mark before it and where it ends. */
struct quotation {
    struct span text;
    uint32_t mark;
    size_t opened, end;
};

/* Returns whether the mark may open or close a quotation, or is the bracket of a title (《》). */
static bool is_quote(const struct marks *marks, uint32_t rune) {
    return rune_may_be_quotation(marks, rune) || rune == TITLE_BRACKET || rune == TITLE_BRACKET + 1;
}

/* Apostrophes within words are no quotation marks. */
static bool is_inside_word(struct span text, size_t at, size_t end) {
    uint32_t after = 0;
    bool before = at > 0 && ((unsigned char)text.at[at - 1] >= 0x80 || (unsigned)((text.at[at - 1] | 32) - 'a') < 26);
    if (end < text.length) text_next(text, end, &after);
    return before && rune_is_letter(after);
}

/* Returns the position of the next quotation mark, or the end of the text. */
static size_t next_quote(const struct marks *marks, struct span text, size_t from, uint32_t *ret_mark,
                         size_t *ret_end) {
    for (size_t i = from; i < text.length; i = *ret_end) {
        *ret_end = i + text_next(text, i, ret_mark);
        bool bracket = marks_of(marks, *ret_mark) == MARK_OPEN || marks_of(marks, *ret_mark) == MARK_CLOSE;
        if (is_quote(marks, *ret_mark) && (bracket || !is_inside_word(text, i, *ret_end))) return i;
    }
    return text.length;
}

static bool next_quotation(const struct marks *marks, struct span text, size_t from, struct quotation *ret_quotation) {
    uint32_t closing;
    size_t begin, end;
    ret_quotation->opened = next_quote(marks, text, from, &ret_quotation->mark, &begin);
    if (ret_quotation->opened == text.length) return false;
    size_t closed = next_quote(marks, text, begin, &closing, &end);
    ret_quotation->text = span_trim(span_cut(text, begin, closed));
    ret_quotation->end = closed;
    return closed < text.length;
}

/* Counts the words, and finds marks that end a sentence. */
static bool may_be_title(const struct marks *marks, const struct quotation *quotation) {
    size_t words = 1;
    uint32_t first, rune;
    if (quotation->text.length == 0 || quotation->text.length > MAX_TITLE) return false;
    text_next(quotation->text, 0, &first);
    bool bracket = quotation->mark == TITLE_BRACKET && !rune_is_lower(first);
    for (size_t i = 0; i < quotation->text.length;) {
        i += text_next(quotation->text, i, &rune);
        enum mark mark = marks_of(marks, rune);
        words += mark == MARK_SPACE;
        if (mark == MARK_POINT || mark == MARK_COMMA || mark == MARK_END || mark == MARK_FULL) return false;
    }
    return words <= MAX_WORDS && (rune_is_upper(first) || bracket);
}

/* Returns whether the closing mark at this position precedes a comma. */
static bool ends_before_comma(const struct marks *marks, struct span text, size_t closing) {
    uint32_t rune;
    size_t after = closing + text_next(text, closing, &rune);
    if (after >= text.length) return false;
    text_next(text, after, &rune);
    return marks_of(marks, rune) == MARK_COMMA;
}

/* Returns whether the quotation follows a colon or a comma, as speech does, or begins the text and precedes a comma:
 * "We are staying", she said. */
static bool is_speech(const struct marks *marks, struct span text, const struct quotation *quotation) {
    struct span before = span_trim(span_cut(text, 0, quotation->opened));
    if (before.length == 0) return ends_before_comma(marks, text, quotation->end);
    uint32_t rune = (unsigned char)before.at[before.length - 1];
    return rune == ':' || marks_of(marks, rune) == MARK_COMMA;
}

/* Returns whether the source has the title between quotation marks too. */
static bool is_quoted(const struct marks *marks, struct span source, struct span title, bool *ret_in_brackets) {
    struct quotation quotation;
    for (size_t at = 0, seen = 0; seen < MAX_QUOTATIONS && next_quotation(marks, source, at, &quotation); seen++) {
        *ret_in_brackets = quotation.mark == TITLE_BRACKET;
        if (span_equal(quotation.text, title)) return true;
        at = quotation.end;
    }
    return false;
}

void kept_titles_find(const struct marks *marks, struct span source, struct span english,
                      struct kept_titles *ret_titles) {
    struct quotation quotation;
    ret_titles->count = 0;
    for (size_t at = 0, seen = 0; seen < MAX_QUOTATIONS && next_quotation(marks, english, at, &quotation); seen++) {
        bool in_brackets = false;
        /* the mark that closed this quotation may as well open the next, if the one before it was an apostrophe */
        at = quotation.end;
        if (quotation.text.length > MAX_TITLE || is_speech(marks, english, &quotation)) continue;
        if (!is_quoted(marks, source, quotation.text, &in_brackets)) continue;
        if (in_brackets) quotation.mark = TITLE_BRACKET;
        if (!may_be_title(marks, &quotation) || ret_titles->count == MAX_TITLES) continue;
        ret_titles->items[ret_titles->count++] = quotation.text;
    }
}

bool kept_titles_have(const struct kept_titles *titles, const char *at) {
    for (size_t i = 0; i < titles->count; i++)
        if (at >= titles->items[i].at && at < titles->items[i].at + titles->items[i].length) return true;
    return false;
}
