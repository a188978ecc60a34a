#include "stages/segment/rules.h"

#include <string.h>

#include "stages/language/unicode.h"
#include "stages/segment/words.h"

/* Limits: how far the rules look ahead, in bytes, and how long the words may be, in letters or digits. */
enum {
    OTHER_KINDS = WORD_STARTER | WORD_NAME | WORD_CAPITAL | WORD_MONTH | WORD_MONTH_SHORT | WORD_PLAIN |
                  WORD_LABELLED, /* kinds that say nothing about abbreviations */
    MAX_ADDRESS = 64,
    MAX_BRACKET = 400,
    MAX_ORDINAL = 3,
    ORDINARY_WORD = 6,
    ENDING = 3,
    MAX_ENDING = 2,
    MIN_MONTH = 3,
    MAX_JOINED = 12,
    YEAR_DIGITS = 4,
    DATE_PARTS = 3,
    MAX_SAYING = 24
};

/* Returns whether the next word often begins a sentence. A single letter with a full stop is an initial, even if the
 * tables list it. */
static bool is_starter(const struct language_rules *language, const struct place *place) {
    struct span word = place_next_word(place);
    size_t end = place->next + word.length;
    if (!rune_is_upper(place->rune) || (end < place->text.length && place->text.at[end] == '.')) return false;
    return languages_word(language, word) & WORD_STARTER;
}

static bool precedes_roman(const struct place *place) {
    struct span word = place_next_word(place);
    return word.length > 1 && word_is_roman(word);
}

/* Returns the kinds that the tables give for the last letters of the word: "~str" in a table applies to "Hauptstr". */
static unsigned ending_kinds(const struct language_rules *language, struct span word) {
    char ending[1 + ENDING * 4] = "~";
    uint32_t rune;
    size_t begin = word.length;
    for (int i = 0; i < ENDING && begin > 0; i++) begin -= text_previous(word, begin, &rune);
    if (begin == 0) return 0;
    memcpy(ending + 1, word.at + begin, word.length - begin);
    return languages_word(language, (struct span){ending, 1 + word.length - begin});
}

/* Returns the kinds of the word or, for a word such as "gen.serg", of its last part. Sets *ret_number if the word
 * begins with digits, which count as a number before it. */
static unsigned word_kinds(const struct language_rules *language, struct span word, bool *ret_number) {
    unsigned kinds = languages_word(language, word);
    size_t digits = 0, part = 0;
    uint32_t rune;
    for (size_t i = 0; i < word.length && !(kinds & ~(unsigned)OTHER_KINDS);) {
        size_t size = text_next(word, i, &rune);
        i += size;
        if (rune_is_digit(rune) || ((rune == '-' || rune == '.') && digits == i - size)) digits = i;
        if (rune == '.' || rune == '\'' || rune == 0x2019) part = i;
    }
    *ret_number = digits > 0;
    if (kinds & ~(unsigned)OTHER_KINDS) return kinds;
    if (!digits && !part) return kinds | ending_kinds(language, word);
    struct span last = span_cut(word, digits > part ? digits : part, word.length);
    return digits || text_count(last) > 1 ? languages_word(language, last) : 0;
}

/* Returns whether the word is a unit after a number ("1996 г.") or after another unit ("3 млрд. лв."). */
static bool is_measured(const struct marks *marks, const struct language_rules *language, const struct place *place,
                        struct span word) {
    struct span before = place_word_before(marks, place, word);
    const char *end = before.at + before.length;
    bool pointed = end < place->text.at + place->text.length && *end == '.';
    bool unit = pointed && (languages_word(language, before) & (WORD_UNIT | WORD_SOFT));
    return word_ends_with_digit(before) || unit || word_is_roman(before);
}

/* Returns whether a currency code follows: "54 mlrd. EUR". */
static bool precedes_currency(const struct place *place) {
    struct span word = place_next_word(place);
    for (size_t i = 0; i < word.length; i++)
        if (word.at[i] < 'A' || word.at[i] > 'Z') return false;
    return word.length == 3;
}

/* Returns whether a number of at least four digits follows, which may be a year. */
static bool precedes_year(const struct place *place) {
    size_t digits = 0;
    uint32_t rune;
    for (size_t i = place->next; i < place->text.length && digits <= YEAR_DIGITS; digits++) {
        i += text_next(place->text, i, &rune);
        if (!rune_is_digit(rune)) break;
    }
    return digits == YEAR_DIGITS;
}

/* Returns whether the word is an abbreviated month that stands between two numbers or before a year: "5. jan. 1950",
 * "jan. 1950", "1950. jan. 5". */
static bool is_month_short(const struct marks *marks, const struct language_rules *language, const struct place *place,
                           struct span word) {
    return rune_is_digit(place->rune) && (languages_word(language, word) & WORD_MONTH_SHORT) &&
           (word_has_digit(place_word_before(marks, place, word)) || precedes_year(place));
}

/* Returns whether a capitalized title that is abbreviated follows: "Mr. Ray". */
static bool precedes_title(const struct language_rules *language, const struct place *place) {
    struct span word = place_next_word(place);
    size_t end = place->next + word.length;
    return rune_is_upper(place->rune) && end < place->text.length && place->text.at[end] == '.' &&
           text_count(word) > 1 && (languages_word(language, word) & WORD_NEVER);
}

/* Returns whether a time or a quantity ends the sentence, as shown by the title after it: "We met at 6 p.m. Mr. Ray
 * left." Returns false if the sentence has hardly begun. */
static bool quantity_ends(const struct marks *marks, const struct language_rules *language, const struct place *place,
                          struct span word) {
    return precedes_title(language, place) && word_ends_with_digit(place_word_before(marks, place, word)) &&
           !place_is_opener(marks, place);
}

/* Returns whether a number follows, or a letter or Roman numeral that serves as one: "no. 5", "Fig. A", "vol. II". */
static bool precedes_number(const struct place *place) {
    struct span word = place_next_word(place);
    size_t end = place->next + word.length;
    if (rune_is_digit(place->rune) || place->opens_bracket || precedes_roman(place)) return true;
    bool alone = end == place->text.length || place->text.at[end] != ' ';
    return rune_is_upper(place->rune) && text_count(word) == 1 && alone;
}

/* Decides whether a full stop after an abbreviation of these kinds ends the sentence. `number` tells whether the
 * abbreviation begins with digits. */
static bool abbreviation_ends(const struct marks *marks, const struct language_rules *language,
                              const struct place *place, struct span word, unsigned kinds, bool number) {
    bool begins = rune_is_upper(place->rune) || place->opens_quote;
    if (place->points == 2) return true;
    if ((kinds & WORD_UNIT) && (number || is_measured(marks, language, place, word)))
        return begins && !precedes_currency(place) && !place_is_opener(marks, place);
    if (kinds & (WORD_NEVER | WORD_UNIT)) return false;
    if (kinds & WORD_NUMBER)
        return !precedes_number(place) &&
               !(word_ends_with_digit(place_word_before(marks, place, word)) && place_is_opener(marks, place));
    return is_starter(language, place) || quantity_ends(marks, language, place, word);
}

/* Returns whether the number belongs to the word before it, as in "Abb. 3. Next", and so is not an ordinal. */
static bool is_counted(const struct marks *marks, const struct language_rules *language, const struct place *place,
                       struct span word) {
    return languages_word(language, place_word_before(marks, place, word)) & WORD_NUMBER;
}

/* Returns whether the word is a month, possibly with one or two inflectional letters. */
static bool is_month(const struct language_rules *language, struct span word) {
    uint32_t rune;
    if (languages_word(language, word) & WORD_MONTH) return true;
    for (int i = 0; i < MAX_ENDING && text_count(word) > MIN_MONTH; i++) {
        word.length -= text_previous(word, word.length, &rune);
        if ((languages_word(language, word) & (WORD_MONTH | WORD_MONTH_SHORT)) == WORD_MONTH) return true;
    }
    return false;
}

/* Returns whether the number is part of a date: it is a year, or only other numbers with full stops are between it and
 * a year, as in "1990. 5. 5." and "1990.5.5.". */
static bool is_in_date(const struct marks *marks, const struct place *place, struct span word) {
    uint32_t rune;
    for (int part = 0; part < DATE_PARTS && word_digits(word); part++) {
        size_t year = 0;
        for (size_t i = 0; i < word.length; year++) {
            i += text_next(word, i, &rune);
            if (!rune_is_digit(rune)) break;
        }
        if (year == YEAR_DIGITS) return part > 0 || word_digits(word) < YEAR_DIGITS || rune_is_digit(place->rune);
        word = place_word_before(marks, place, word);
        if (!word.length || word.at[word.length] != '.') return false;
    }
    return false;
}

/* Decides whether a full stop after a number ends the sentence. In some languages the number may be an ordinal. */
static bool number_ends(const struct marks *marks, const struct language_rules *language, const struct place *place,
                        struct span word, size_t digits) {
    if ((language->properties & LANGUAGE_DATED) && !rune_is_upper(place->rune) && is_in_date(marks, place, word))
        return false;
    if (!(language->properties & LANGUAGE_ORDINAL) || digits > MAX_ORDINAL) return true;
    if (rune_is_digit(place->rune) || precedes_roman(place)) return false;
    if (!rune_is_upper(place->rune)) return !place->dash;
    if (is_month(language, place_next_word(place))) return false;
    if (is_counted(marks, language, place, word)) return true;
    return !(language->properties & LANGUAGE_NAMED) || is_starter(language, place) || place->opens_quote;
}

/* Returns the kinds of an abbreviation of two words, the given word and the one before it: "z. B." is "z.b" in the
 * tables. */
static unsigned joined_kinds(const struct marks *marks, const struct language_rules *language,
                             const struct place *place, struct span word) {
    char joined[2 * MAX_JOINED + 1];
    struct span before = place_word_before(marks, place, word);
    if (!before.length || before.length > MAX_JOINED || word.length > MAX_JOINED) return 0;
    if (!word.length || before.at[before.length] != '.') return 0;
    memcpy(joined, before.at, before.length);
    joined[before.length] = '.';
    memcpy(joined + before.length + 1, word.at, word.length);
    return languages_word(language, (struct span){joined, before.length + 1 + word.length});
}

/* Returns whether the word is not an initial although it is a single letter: "Plan B. Nobody knew." */
static bool is_no_initial(const struct marks *marks, const struct language_rules *language, const struct place *place,
                          struct span word) {
    if (languages_word(language, word) & WORD_PLAIN) return true;
    return text_count(word) == 1 && (languages_word(language, place_word_before(marks, place, word)) & WORD_LABELLED);
}

/* Decides whether one or two full stops after a word end the sentence. The order of the rules matters: the most
 * specific ones come first. */
static bool point_ends(const struct marks *marks, const struct language_rules *language, const struct place *place) {
    struct span word = place_word(marks, place);
    bool number = false;
    unsigned joined = joined_kinds(marks, language, place, word) & ~(unsigned)OTHER_KINDS;
    if (joined) return abbreviation_ends(marks, language, place, word, joined, false);
    if (word_is_initial(word) && !is_no_initial(marks, language, place, word))
        return !place->dash && (is_starter(language, place) || place->points == 2);
    unsigned kinds = word_kinds(language, word, &number) & ~(unsigned)OTHER_KINDS;
    size_t digits = word_digits(word);
    if (kinds) return abbreviation_ends(marks, language, place, word, kinds, number);
    if (digits)
        return !(word.length <= 2 && place_is_item(marks, place, word)) &&
               number_ends(marks, language, place, word, digits);
    if (word_is_roman(word) && word.length > 1 && (language->properties & LANGUAGE_NAMED))
        return is_starter(language, place);
    if (is_month_short(marks, language, place, word)) return false;
    return !word_is_small_letter(word) || is_starter(language, place);
}

/* Decides whether a sentence ends before a lower-case letter. It does so only if the word before the full stop cannot
 * be an abbreviation. */
static bool ends_before_lower(const struct marks *marks, const struct language_rules *language,
                              const struct place *place) {
    bool number;
    struct span word = place_word(marks, place);
    if (place->points != 1 || place->call || place->quoted || place->closed || place->dash) return false;
    if (word_kinds(language, word, &number) & ~(unsigned)OTHER_KINDS) return false;
    bool pointed = word.length && memchr(word.at, '.', word.length); /* "L'O.N.U." */
    if (pointed || word_is_initial(word) || word_digits(word) || word_is_roman(word)) return false;
    return place_opens_item(place) || place->opens_quote || text_count(word) >= ORDINARY_WORD;
}

/* Returns whether the full stop is part of a web or email address: one of "/@=&_" is directly before the word, or soon
 * after the full stop. */
static bool is_address(const struct place *place, struct span word) {
    size_t start = (size_t)(word.at - place->text.at), end = place->next;
    if (start > place->start && memchr("/@=&_", place->text.at[start - 1], sizeof "/@=&_" - 1)) return true;
    for (; end < place->text.length && end - place->next < MAX_ADDRESS; end++) {
        char byte = place->text.at[end];
        if (byte == '@' || byte == '/' || byte == '_') return true;
        if (byte == ' ' || byte == '\n') return false;
    }
    return false;
}

/* Returns whether the number is a footnote, as in "end.12 Next", and not part of the sentence, as in "No.12 Downing
 * Street". */
static bool figures_end(const struct marks *marks, const struct language_rules *language, const struct place *place) {
    bool number;
    struct span word = place_word(marks, place);
    if (!place->space || !(rune_is_upper(place->rune) || place->opens_quote)) return false;
    if (word.length && !rune_is_letter(word_last_rune(word))) return true; /* "(type 2).10 Next" */
    return word_is_ordinary(word) && !(word_kinds(language, word, &number) & ~(unsigned)OTHER_KINDS);
}

/* Decides whether a sentence ends although no space follows. In ordinary text, this is so only if the space was
 * forgotten: "word.Next". */
static bool ends_without_space(const struct marks *marks, const struct place *place) {
    struct span word = place_word(marks, place);
    uint32_t rune;
    if (place->dash || place->opens_bracket || place->points > 1 || !rune_is_upper(place->rune)) return false;
    struct span next = place_next_word(place);
    if (is_address(place, word)) return false;
    size_t first = text_next(next, 0, &rune);
    if (first >= next.length) return false;
    text_next(next, first, &rune);
    return rune_is_lower(rune) && word_is_ordinary(word);
}

/* Returns whether the mark can end a sentence without a space after it. Full-width marks can, and so can others between
 * East Asian characters. */
static bool is_wide(const struct place *place) {
    uint32_t before = 0, mark = 0;
    text_next(place->text, place->stop, &mark);
    if (mark == 0xFF01 || mark == 0xFF1F) return true;
    if (place->stop > place->start) text_previous(place->text, place->stop, &before);
    return rune_is_east_asian(before) && (rune_is_east_asian(place->rune) || place->space);
}

/* Returns whether the bracket is closed within MAX_BRACKET bytes. A bracket that is never closed must not join the rest
 * of the text into one sentence. */
static bool closes_soon(const struct marks *marks, const struct place *place) {
    struct span ahead = span_cut(place->text, place->after, place->after + MAX_BRACKET);
    uint32_t rune;
    for (size_t i = marks_find(marks, ahead, 0); i < ahead.length; i = marks_find(marks, ahead, i)) {
        i += text_next(ahead, i, &rune);
        enum mark mark = marks_of(marks, rune);
        if (mark == MARK_CLOSE) return true;
        if (mark == MARK_OPEN || mark == MARK_LINE) return false;
    }
    return false;
}

/* Returns whether the quotation is followed by a short clause such as 她问。("she asked"). */
static bool is_said(const struct marks *marks, const struct language_rules *language, const struct place *place) {
    size_t position = place->after;
    uint32_t rune;
    for (int i = 0; language->says.count && i < MAX_SAYING && position < place->text.length; i++) {
        size_t size = text_next(place->text, position, &rune);
        enum mark mark = marks_of(marks, rune);
        if (mark == MARK_COMMA || mark == MARK_END || mark == MARK_CALL || mark == MARK_POINT)
            return languages_phrase_before(&language->says, place->text, position);
        if (mark != MARK_NONE && mark != MARK_SPACE) return false;
        position += size;
    }
    return false;
}

/* Returns whether the sentence continues after the quotation: "..." she said, 「……」と述べた. */
static bool is_carried(const struct marks *marks, const struct language_rules *language, const struct place *place) {
    if (!place->quoted && !place->closed) return false;
    if (is_said(marks, language, place)) return true;
    if (language->properties & LANGUAGE_QUOTED) return place->quoted && !place->opens_quote;
    return languages_phrase_at(&language->carries, place->text, place->after);
}

/* Decides whether an ellipsis ends the sentence in a language without capitals. Only the words before the ellipsis show
 * this. */
static bool pause_ends(const struct marks *marks, const struct language_rules *language, const struct place *place) {
    if (word_is_initial(place_word(marks, place))) return false;
    return (language->properties & LANGUAGE_PAUSES) ||
           languages_phrase_before(&language->pauses, place->text, place->stop);
}

/* Returns whether the sentence so far is the label of a list item and no short answer such as the Korean "네." */
static bool is_label(const struct marks *marks, const struct language_rules *language, const struct place *place) {
    return place_is_enumerator(marks, place) && !(languages_word(language, place_word(marks, place)) & WORD_PLAIN);
}

/* Applies the rules in order. The first rule that applies to the place decides. */
bool rules_end_at(const struct marks *marks, const struct language_rules *language, struct place *place) {
    place_look(marks, place);
    if (place->rune == 0) return true;
    if (place->alone || is_label(marks, language, place)) return false;
    if (place->inside && closes_soon(marks, place)) return false;
    if (place->rune == ',' || place->rune == ';' || place->rune == ':' || (place->dash && place->quotation))
        return false;
    if (is_carried(marks, language, place)) return false;
    if (place->aside && !place->sure && rune_is_caseless(place->rune)) return false;
    if (place->figures) return figures_end(marks, language, place);
    if (place->sure) return !languages_phrase_at(&language->abbreviates, place->text, place->after);
    if (place->call && is_wide(place)) return true;
    if (!place->space) return ends_without_space(marks, place);
    if (rune_is_lower(place->rune)) return ends_before_lower(marks, language, place);
    if (place->call) return !(languages_word(language, place_word(marks, place)) & WORD_NAME);
    if (place->points > 2 && rune_is_caseless(place->rune)) return pause_ends(marks, language, place);
    if (place->points > 2) return !(languages_word(language, place_next_word(place)) & WORD_CAPITAL);
    return point_ends(marks, language, place);
}
