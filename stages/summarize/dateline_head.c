#include "stages/summarize/dateline_head.h"

#include "stages/language/unicode.h"
#include "stages/summarize/phrase_list.h"

/* Maximum size of a head; anything larger is ordinary text. LONGEST_AGENCY is in bytes. */
enum { MAX_PIECES = 6, MAX_WORDS = 4, FEWEST_CAPITALS = 3, LONGEST_AGENCY = 24 };

/* ---------------------------------------------------------------- words */

static bool begins_large(struct span word) {
    uint32_t rune;
    return word.length && text_next(word, 0, &rune) && rune_is_upper(rune);
}

static bool is_in_capitals(struct span word) {
    size_t capitals = 0;
    for (size_t i = 0; i < word.length;) {
        uint32_t rune;
        i += text_next(word, i, &rune);
        if (rune_is_lower(rune)) return false;
        capitals += rune_is_upper(rune);
    }
    return capitals >= FEWEST_CAPITALS;
}

static struct span without_point(struct span word) {
    return word.length > 1 && span_ends(word, SPAN(".")) ? span_cut(word, 0, word.length - 1) : word;
}

/* Whether the word is the number of a day or year: "5", "5th", "2026". */
static bool is_day_or_year(struct span word) {
    size_t digits = 0;
    while (digits < word.length && word.at[digits] >= '0' && word.at[digits] <= '9') digits++;
    struct span end = span_cut(word, digits, word.length);
    return digits && digits <= 4 &&
           (!end.length || span_is(end, "st") || span_is(end, "nd") || span_is(end, "rd") || span_is(end, "th"));
}

/* ---------------------------------------------------------------- pieces */

/* Whether the text is a date: "Jan. 5", "5 January 2026", "Tuesday". A number alone is one only after a date, as in
 * "Jan. 5, 2026"; elsewhere it may be somebody's age. */
static bool is_date(const struct phrase_list *words, struct span piece, bool dated) {
    struct span word;
    while (span_next(&piece, ' ', &word)) {
        bool named = phrase_list_has(&words[WORD_DATE], without_point(word));
        if (!named && !is_day_or_year(without_point(word)) && !phrase_list_has(&words[WORD_PARTICLE], word))
            return false;
        dated = dated || named;
    }
    return dated;
}

/* Returns the name of an agency without words such as "news agency" after it. */
static struct span agency_name(const struct phrase_list *words, struct span name) {
    for (size_t i = 0; i < words[WORD_AGENCY_END].count; i++) {
        struct span end = words[WORD_AGENCY_END].all[i];
        if (name.length > end.length + 1 && span_ends_ascii_fold(name, end) &&
            name.at[name.length - end.length - 1] == ' ')
            return span_trim(span_cut(name, 0, name.length - end.length));
    }
    return name;
}

static bool is_reporter(const struct phrase_list *words, struct span piece) {
    return phrase_list_begins(&words[WORD_REPORTER], piece) || phrase_list_ends(&words[WORD_REPORTER], piece);
}

/* Reads a word of a place name, after `count` others. Returns false if the word cannot be part of a place name. */
static bool read_word(const struct phrase_list *words, struct span word, size_t count, struct dateline_head *head) {
    bool first_place = head->places == 0, particle = count && phrase_list_has(&words[WORD_PARTICLE], word);
    if (!particle && !begins_large(word)) return false;
    if (!first_place) return true;
    head->names += !particle;
    head->has_form = head->has_form || particle || (count == 0 && phrase_list_has(&words[WORD_FIRST], word));
    head->in_capitals = head->in_capitals && (particle || is_in_capitals(word));
    head->refused = head->refused || (count == 0 && phrase_list_has(&words[WORD_NO_PLACE], word));
    return true;
}

static bool read_place(const struct phrase_list *words, struct span piece, struct dateline_head *head) {
    struct span word, last = piece, rest = piece;
    size_t count = 0;
    if (head->places == 0) {
        head->in_capitals = true;
        head->place = piece;
    }
    while (span_next(&rest, ' ', &word)) {
        if (count == MAX_WORDS || !read_word(words, word, count, head)) return false;
        last = word;
        count++;
    }
    if (head->places == 0 && count > 1 && phrase_list_has(&words[WORD_LAST], last)) head->has_form = true;
    head->country = head->country || (head->places && phrase_list_has(&words[WORD_COUNTRY], piece));
    head->places++;
    return count > 0;
}

static bool read_piece(const struct phrase_list *words, struct span piece, bool bracketed, struct dateline_head *head) {
    bool known = phrase_list_has(&words[WORD_AGENCY], agency_name(words, piece)) || is_reporter(words, piece);
    bool agency = known || (bracketed && piece.length <= LONGEST_AGENCY && is_in_capitals(piece));
    bool date = !agency && (head->places || head->agency) && is_date(words, piece, head->dated);
    head->known = head->known || known;
    head->agency = head->agency || agency;
    head->dated = head->dated || date;
    return agency || date || (read_place(words, piece, head) && (!bracketed || head->known));
}

/* ---------------------------------------------------------------- the head */

static bool is_open(uint32_t rune) {
    return rune == '(' || rune == '[' || rune == 0xFF08 || rune == 0x3010 || rune == 0x3014;
}

static bool is_closed(uint32_t rune) {
    return rune == ')' || rune == ']' || rune == 0xFF09 || rune == 0x3011 || rune == 0x3015;
}

/* Returns the length of the separator of pieces at this position, or 0. A full stop may end an abbreviation, but then a
 * comma, bracket or number follows. */
static size_t separator_at(const struct phrase_list *words, struct span text, size_t at, uint32_t *ret_rune) {
    size_t size = text_next(text, at, ret_rune);
    struct span rest = span_cut(text, at, text.length);
    if (is_open(*ret_rune) || is_closed(*ret_rune) || *ret_rune == ',' || *ret_rune == '=' || *ret_rune == '/' ||
        *ret_rune == ';')
        return size;
    if (at && text.at[at - 1] == ' ')
        for (size_t i = 0; i < words[WORD_DASH].count; i++) {
            struct span dash = words[WORD_DASH].all[i];
            if (span_starts(rest, dash) && rest.length > dash.length && rest.at[dash.length] == ' ') return dash.length;
        }
    return span_starts(rest, SPAN(". ")) && begins_large(span_cut(rest, 2, rest.length)) ? size : 0;
}

static bool has_letters_or_digits(struct span piece) {
    uint32_t rune;
    for (size_t at = 0; at < piece.length;) {
        at += text_next(piece, at, &rune);
        if (rune_is_word(rune)) return true;
    }
    return false;
}

/* Korean and Japanese newspapers begin with "[Seoul=Newsis]", a place and an agency or reporter. */
static bool begins_with_equation(struct span text) {
    uint32_t rune = 0;
    if (text.length) text_next(text, 0, &rune);
    return is_open(rune) && span_find(text, SPAN("=")) != SIZE_MAX;
}

bool dateline_head_read(const struct phrase_list *words, struct span text, struct dateline_head *ret_head) {
    bool bracketed = false, equation = begins_with_equation(text);
    size_t pieces = 0, from = 0;
    *ret_head = (struct dateline_head){.known = equation, .agency = equation};
    for (size_t at = 0, size; at <= text.length; at += size) {
        uint32_t rune = 0;
        size_t separator = at < text.length ? separator_at(words, text, at, &rune) : 1;
        size = separator ? separator : text_next(text, at, &rune);
        if (!separator) continue;
        struct span piece = text_trim(span_cut(text, from, at));
        if (has_letters_or_digits(piece) && (pieces++ == MAX_PIECES || !read_piece(words, piece, bracketed, ret_head)))
            return false;
        if (rune == '/') bracketed = !bracketed && (at == 0 || text.at[at - 1] == ' ');
        if (is_open(rune) || is_closed(rune)) bracketed = is_open(rune);
        from = at + size;
    }
    return pieces > 0;
}
