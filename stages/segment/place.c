#include "stages/segment/place.h"

#include "stages/language/unicode.h"

/* Limits in bytes (MAX_PREPOSITION: in letters). They also limit the time that is spent on each place. */
enum { MAX_OPENER = 64, MAX_PREPOSITION = 3, MAX_WORD = 48, MAX_ENUMERATOR = 24, MAX_ITEM = 5 };

/* Skips spaces, quotes, brackets, dashes and bullets, in any order, to the next word. */
void place_look(const struct marks *marks, struct place *place) {
    size_t position = place->after;
    uint32_t rune;
    for (; position < place->text.length;) {
        size_t size = text_next(place->text, position, &rune);
        enum mark mark = marks_of(marks, rune);
        if (mark == MARK_SPACE || mark == MARK_LINE)
            place->space = true;
        else if (mark == MARK_QUOTE || mark == MARK_MARK)
            place->opens_quote = true;
        else if (mark == MARK_OPEN)
            place->opens_bracket = true;
        else if (mark == MARK_DASH)
            place->dash = true;
        else if (mark != MARK_BEFORE && mark != MARK_BULLET)
            break;
        position += size;
    }
    place->next = position;
    place->rune = position < place->text.length ? rune : 0;
}

static bool is_letter_before(struct span text, size_t position) {
    uint32_t rune;
    text_previous(text, position, &rune);
    return rune_is_letter(rune);
}

/* Returns where the word begins that ends at `end`. */
static size_t word_start(const struct marks *marks, const struct place *place, size_t end) {
    size_t begin = end;
    uint32_t rune;
    while (begin > place->start && end - begin < MAX_WORD) {
        size_t size = text_previous(place->text, begin, &rune);
        enum mark mark = marks_of(marks, rune);
        if (mark == MARK_QUOTE && begin < end && begin - size > place->start &&
            is_letter_before(place->text, begin - size)) {
            begin -= size; /* a quote within a word occurs in Hebrew acronyms */
            continue;
        }
        if (mark == MARK_SPACE || mark == MARK_OPEN || mark == MARK_QUOTE || mark == MARK_LINE || mark == MARK_BULLET)
            break;
        if (rune == '/' || (mark == MARK_DASH && rune != '-')) break;
        begin -= size;
    }
    return begin;
}

struct span place_word(const struct marks *marks, const struct place *place) {
    return span_cut(place->text, word_start(marks, place, place->stop), place->stop);
}

struct span place_word_before(const struct marks *marks, const struct place *place, struct span word) {
    size_t end = (size_t)(word.at - place->text.at);
    uint32_t rune;
    /* `word` and the word before it are separated only by spaces and full stops */
    while (end > place->start) {
        size_t size = text_previous(place->text, end, &rune);
        enum mark mark = marks_of(marks, rune);
        if ((mark != MARK_SPACE && mark != MARK_POINT) || (size_t)(word.at - place->text.at) - end > MAX_ITEM) break;
        end -= size;
    }
    return span_cut(place->text, word_start(marks, place, end), end);
}

bool place_is_item(const struct marks *marks, const struct place *place, struct span word) {
    size_t position = (size_t)(word.at - place->text.at), size;
    uint32_t rune = 0;
    for (; position > place->start; position -= size) {
        size = text_previous(place->text, position, &rune);
        if (marks_of(marks, rune) != MARK_SPACE) break;
    }
    return rune == ',' || rune == ':' || rune == ';';
}

/* Returns false if there is a word of more than MAX_PREPOSITION letters that is not an abbreviation, because the
 * sentence may then be complete. */
bool place_is_opener(const struct marks *marks, const struct place *place) {
    size_t letters = 0;
    bool small = false;
    uint32_t rune;
    if (place->stop - place->start > MAX_OPENER) return false;
    for (size_t i = place->start; i < place->stop;) {
        i += text_next(place->text, i, &rune);
        if (rune_is_letter(rune)) {
            letters++, small = small || !rune_is_upper(rune);
            continue;
        }
        if (letters > MAX_PREPOSITION && small && marks_of(marks, rune) != MARK_POINT) return false;
        letters = 0, small = false;
    }
    return true;
}

struct span place_next_word(const struct place *place) {
    size_t end = place->next;
    uint32_t rune;
    while (end < place->text.length && end - place->next < MAX_WORD) {
        size_t size = text_next(place->text, end, &rune);
        if (!rune_is_letter(rune)) break;
        end += size;
    }
    return span_cut(place->text, place->next, end);
}

static bool is_numeral(uint32_t rune) {
    return rune == 'I' || rune == 'V' || rune == 'X' || rune == 'L' || rune == 'i' || rune == 'v' || rune == 'x';
}

/* Returns whether the sentence so far is a label, which is a single word: digits, a letter, or a Roman numeral. No
 * letter is a label before a mark that only ends sentences, but it may be a short answer: 네! 好。 */
bool place_is_enumerator(const struct marks *marks, const struct place *place) {
    size_t letters = 0, numerals = 0, position = place->start;
    bool gap = false;
    uint32_t rune;
    if (place->stop - place->start > MAX_ENUMERATOR) return false;
    while (position < place->stop) {
        position += text_next(place->text, position, &rune);
        bool word = rune_is_letter(rune) || rune_is_digit(rune);
        if (word && gap) return false;
        if (rune_is_letter(rune)) letters++, numerals += is_numeral(rune);
        if ((letters || rune_is_digit(rune)) && marks_of(marks, rune) == MARK_SPACE) gap = true;
    }
    if ((place->call || place->sure) && letters) return false;
    return letters < 2 || (letters == numerals && letters < 5);
}

/* In brackets, a number or Roman numeral may have several characters, any other label only one. */
bool place_opens_item(const struct place *place) {
    size_t position = place->next;
    uint32_t rune = 0;
    if (!place->opens_bracket) return false;
    while (position < place->text.length && position - place->next < MAX_ITEM) {
        position += text_next(place->text, position, &rune);
        if (rune == ')') return true;
        if (position > place->next + 1 && !rune_is_digit(rune) && !is_numeral(rune)) return false;
    }
    return false;
}
