#include "stages/segment/rules.h"

#include <string.h>

#include "stages/language/unicode.h"

enum { LONGEST_ADDRESS = 64, LONGEST_BRACKET = 400, LONGEST_ORDINAL = 3, LONGEST_PART = 3, ORDINARY_WORD = 6 };

/* A single letter with a point behind it is an initial, whatever the tables say. */
static bool is_starter(const struct language_rules *language, const struct place *place) {
    struct span word = place_next_word(place);
    size_t end = place->next + word.length;
    if (!rune_is_upper(place->rune) || (end < place->text.length && place->text.at[end] == '.')) return false;
    return languages_word(language, word) & WORD_STARTER;
}

/* Letters between points ("U.S"), or one letter; in scripts without capitals, up to three characters a part ("यू.एस").
 */
static bool is_initial(struct span word) {
    size_t letters = 0, run = 0, longest = 0, points = 0;
    bool capitals = false;
    uint32_t rune;
    for (size_t i = 0; i < word.length;) {
        i += text_next(word, i, &rune);
        if (rune == '.') {
            if (run == 0) return false;
            run = 0;
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
    return letters > 0 && longest <= (points && !capitals ? LONGEST_PART : 1);
}

static bool is_roman(struct span word) {
    for (size_t i = 0; i < word.length; i++)
        if (!span_is((struct span){word.at + i, 1}, "I") && !span_is((struct span){word.at + i, 1}, "V") &&
            !span_is((struct span){word.at + i, 1}, "X"))
            return false;
    return word.length > 0;
}

static bool precedes_roman(const struct place *place) {
    struct span word = place_next_word(place);
    return word.length > 1 && is_roman(word);
}

/* Digits, and what stands between them in dates and ranges; the number of digits in the last group, 0 for no number. */
static size_t number_digits(struct span word) {
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

/* What the tables say of the word, or of its last part: "gen.serg". Digits glued to it count as a number before it. */
static unsigned word_kinds(const struct language_rules *language, struct span word, bool *ret_number) {
    unsigned kinds = languages_word(language, word);
    size_t digits = 0, part = 0;
    uint32_t rune;
    for (size_t i = 0; i < word.length && !(kinds & ~(unsigned)(WORD_STARTER | WORD_CAPITAL));) {
        size_t size = text_next(word, i, &rune);
        i += size;
        if (rune_is_digit(rune) || ((rune == '-' || rune == '.') && digits == i - size)) digits = i;
        if (rune == '.' || rune == '\'' || rune == 0x2019) part = i;
    }
    *ret_number = digits > 0;
    if (kinds || (!digits && !part)) return kinds;
    struct span last = span_cut(word, digits > part ? digits : part, word.length);
    return digits || text_count(last) > 1 ? languages_word(language, last) : 0;
}

static bool ends_with_digit(struct span word) {
    uint32_t rune = 0;
    if (word.length) text_previous(word, word.length, &rune);
    return rune_is_digit(rune);
}

/* A unit behind a number ("1996 г.") or behind another unit ("3 млрд. лв."). */
static bool is_measured(const struct marks *marks, const struct language_rules *language, const struct place *place,
                        struct span word) {
    struct span before = place_word_before(marks, place, word);
    return ends_with_digit(before) || (languages_word(language, before) & WORD_UNIT) || is_roman(before);
}

/* "54 mlrd. EUR" */
static bool precedes_currency(const struct place *place) {
    struct span word = place_next_word(place);
    for (size_t i = 0; i < word.length; i++)
        if (word.at[i] < 'A' || word.at[i] > 'Z') return false;
    return word.length == 3;
}

static bool abbreviation_ends(const struct marks *marks, const struct language_rules *language,
                              const struct place *place, struct span word, unsigned kinds, bool number) {
    bool begins = rune_is_upper(place->rune) || place->opens_quote;
    if (place->points == 2) return true;
    if ((kinds & WORD_UNIT) && (number || is_measured(marks, language, place, word)))
        return begins && !precedes_currency(place);
    if (kinds & (WORD_NEVER | WORD_UNIT)) return false;
    if (kinds & WORD_NUMBER) return !rune_is_digit(place->rune) && !place->opens_bracket && !precedes_roman(place);
    return is_starter(language, place);
}

static bool number_ends(const struct language_rules *language, const struct place *place, size_t digits) {
    if (!(language->properties & LANGUAGE_ORDINAL) || digits > LONGEST_ORDINAL) return true;
    if (rune_is_digit(place->rune) || precedes_roman(place)) return false;
    if (!rune_is_upper(place->rune)) return !place->dash;
    return !(language->properties & LANGUAGE_NAMED) || is_starter(language, place) || place->opens_quote;
}

static bool is_small_letter(struct span word) {
    uint32_t rune;
    return word.length > 0 && text_next(word, 0, &rune) == word.length && rune_is_lower(rune);
}

/* One point, or two, behind a word. */
static bool point_ends(const struct marks *marks, const struct language_rules *language, const struct place *place) {
    struct span word = place_word(marks, place);
    bool number = false;
    if (is_initial(word)) return !place->dash && (is_starter(language, place) || place->points == 2);
    unsigned kinds = word_kinds(language, word, &number) & ~(unsigned)(WORD_STARTER | WORD_NAME | WORD_CAPITAL);
    size_t digits = number_digits(word);
    if (kinds) return abbreviation_ends(marks, language, place, word, kinds, number);
    if (digits) return !(word.length <= 2 && place_is_item(marks, place, word)) && number_ends(language, place, digits);
    if (is_roman(word) && word.length > 1 && (language->properties & LANGUAGE_NAMED))
        return is_starter(language, place);
    return !is_small_letter(word) || is_starter(language, place);
}

/* A lower-case letter follows: the sentence goes on, unless the word before the point is none that is ever cut short.
 */
static bool ends_before_lower(const struct marks *marks, const struct language_rules *language,
                              const struct place *place) {
    bool number;
    struct span word = place_word(marks, place);
    if (place->points != 1 || place->call || place->quoted || place->closed || place->dash) return false;
    if (word_kinds(language, word, &number) & ~(unsigned)(WORD_STARTER | WORD_CAPITAL)) return false;
    if (is_initial(word) || number_digits(word) || is_roman(word)) return false;
    return place_opens_item(place) || place->opens_quote || text_count(word) >= ORDINARY_WORD;
}

/* Of the web or of mail: a name before or behind the point that goes on with one of their signs. */
static bool is_address(const struct place *place, struct span word) {
    size_t start = (size_t)(word.at - place->text.at), end = place->next;
    if (start > place->start && memchr("/@=&_", place->text.at[start - 1], sizeof "/@=&_" - 1)) return true;
    for (; end < place->text.length && end - place->next < LONGEST_ADDRESS; end++) {
        char byte = place->text.at[end];
        if (byte == '@' || byte == '/' || byte == '_') return true;
        if (byte == ' ' || byte == '\n') return false;
    }
    return false;
}

/* No space follows. In running text that is an end only where the space was forgotten: "word.Next". */
static bool ends_without_space(const struct marks *marks, const struct place *place) {
    struct span word = place_word(marks, place);
    uint32_t rune, last = 0;
    if (place->dash || place->opens_bracket || place->points > 1 || !rune_is_upper(place->rune)) return false;
    struct span next = place_next_word(place);
    if (is_address(place, word)) return false;
    size_t first = text_next(next, 0, &rune);
    if (first >= next.length) return false;
    text_next(next, first, &rune);
    if (!rune_is_lower(rune) || text_count(word) < 3) return false;
    for (size_t i = 0; i < word.length;) {
        i += text_next(word, i, &last);
        if (!rune_is_letter(last)) return false;
    }
    return rune_is_lower(last);
}

/* Full-width marks, and half-width ones between wide characters, need no space. */
static bool is_wide(const struct place *place) {
    uint32_t before = 0, mark = 0;
    text_next(place->text, place->stop, &mark);
    if (mark == 0xFF01 || mark == 0xFF1F) return true;
    if (place->stop > place->start) text_previous(place->text, place->stop, &before);
    return rune_is_east_asian(before) && (rune_is_east_asian(place->rune) || place->space);
}

static bool closes_soon(const struct marks *marks, const struct place *place) {
    struct span ahead = span_cut(place->text, place->after, place->after + LONGEST_BRACKET);
    uint32_t rune;
    for (size_t i = marks_find(marks, ahead, 0); i < ahead.length; i = marks_find(marks, ahead, i)) {
        i += text_next(ahead, i, &rune);
        enum mark mark = marks_of(marks, rune);
        if (mark == MARK_CLOSE) return true;
        if (mark == MARK_OPEN || mark == MARK_LINE) return false;
    }
    return false;
}

/* A quotation that the sentence goes on behind: "..." she said, 「……」と述べた. */
static bool is_carried(const struct language_rules *language, const struct place *place) {
    if (!place->quoted && !place->closed) return false;
    if (language->properties & LANGUAGE_QUOTED) return place->quoted && !place->opens_quote;
    return languages_phrase_at(&language->carries, place->text, place->after);
}

bool rules_end_at(const struct marks *marks, const struct language_rules *language, struct place *place) {
    place_look(marks, place);
    if (place->rune == 0) return true;
    if (place->alone || place_is_enumerator(marks, place)) return false;
    if (place->inside && closes_soon(marks, place)) return false;
    if (place->rune == ',' || place->rune == ';' || place->rune == ':' || (place->dash && place->quotation))
        return false;
    if (is_carried(language, place)) return false;
    if (place->aside && !place->sure && rune_is_caseless(place->rune)) return false;
    if (place->sure) return true;
    if (place->call && is_wide(place)) return true;
    if (!place->space) return ends_without_space(marks, place);
    if (rune_is_lower(place->rune)) return ends_before_lower(marks, language, place);
    if (place->call) return !(languages_word(language, place_word(marks, place)) & WORD_NAME);
    if (place->points > 2 && rune_is_caseless(place->rune))
        return (language->properties & LANGUAGE_PAUSES) && !is_initial(place_word(marks, place));
    if (place->points > 2) return !(languages_word(language, place_next_word(place)) & WORD_CAPITAL);
    return point_ends(marks, language, place);
}
