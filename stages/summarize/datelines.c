#include "stages/summarize/datelines.h"

#include <stdlib.h>

#include "stages/language/unicode.h"
#include "stages/summarize/dateline_head.h"
#include "stages/summarize/phrase_list.h"

/* Maximum size of a dateline in bytes; of one that has two parts, "(CNN) Lisbon - ", both are removed. */
enum { LONGEST = 110, MAX_PARTS = 3 };
/* A translated dateline may have this many words more than that of the source. */
enum { MORE_WORDS = 4 };

struct datelines {
    struct arena *arena;
    struct phrase_list words[DATELINE_WORDS];
    struct phrase_list places; /* well-known ones */
    bool ends[256];            /* whether a dateline may end at a character that begins with this byte */
};

/* Sources name months in their own languages, and translators leave them. */
static bool add_months_and_places(struct datelines *datelines, const char *data_folder, struct failure *ret_failure) {
    struct table months, places;
    if (!table_read(data_folder, "extract/months.tsv", datelines->arena, &months, ret_failure) ||
        !table_read(data_folder, "check/places.txt", datelines->arena, &places, ret_failure))
        return false;
    phrase_list_add(datelines->arena, &datelines->words[WORD_DATE], &months, 2);
    phrase_list_add(datelines->arena, &datelines->places, &places, 0);
    return true;
}

static void read_ends(struct datelines *datelines) {
    static const unsigned char others[] = {':', '|', '.', '=', ')', ']', 0xE3, 0xEF}; /* the last two begin brackets */
    const struct phrase_list *dashes = &datelines->words[WORD_DASH];
    for (size_t i = 0; i < sizeof others; i++) datelines->ends[others[i]] = true;
    for (size_t i = 0; i < dashes->count; i++)
        if (dashes->all[i].length) datelines->ends[(unsigned char)dashes->all[i].at[0]] = true;
}

struct datelines *datelines_open(const char *data_folder, struct failure *ret_failure) {
    static const char *const names[DATELINE_WORDS] = {"particle",   "first",    "last",     "date",    "agency",
                                                      "agency-end", "reporter", "no-place", "country", "label",
                                                      "dash",       "locative", "speech",   "subject"};
    struct datelines *datelines = memory_take(sizeof *datelines);
    datelines->arena = arena_new();
    if (phrase_lists_read(data_folder, "summarize/datelines.tsv", names, DATELINE_WORDS, datelines->arena,
                          datelines->words, ret_failure) &&
        add_months_and_places(datelines, data_folder, ret_failure)) {
        read_ends(datelines);
        return datelines;
    }
    datelines_close(datelines);
    return NULL;
}

void datelines_close(struct datelines *datelines) {
    if (!datelines) return;
    arena_free(datelines->arena);
    free(datelines);
}

/* ---------------------------------------------------------------- the end of a dateline */

enum end { END_DASH, END_TIGHT_DASH, END_COLON, END_POINT, END_EQUALS, END_BRACKET };

/* A place at which a dateline may end. */
struct ending {
    enum end end;
    struct span head, rest, mark;
};

/* Returns the dash at this position, with a space after it, or empty. The dash ".-" needs no space before it; any other
 * that has none is tight. */
static struct span dash_at(const struct datelines *datelines, struct span text, size_t at, bool *ret_tight) {
    const struct phrase_list *dashes = &datelines->words[WORD_DASH];
    struct span rest = span_cut(text, at, text.length);
    for (size_t i = 0; i < dashes->count; i++) {
        struct span dash = dashes->all[i];
        if (!span_starts(rest, dash)) continue;
        bool before = text.at[at - 1] == ' ' || dash.at[0] == '.';
        bool after = rest.length > dash.length && rest.at[dash.length] == ' ';
        *ret_tight = !before || !after;
        if (!*ret_tight || (unsigned char)dash.at[0] >= 0x80 || dash.at[0] == '.') return dash;
    }
    return SPAN("");
}

static bool is_bracket(uint32_t rune) {
    return rune == ')' || rune == ']' || rune == 0xFF09 || rune == 0x3011 || rune == 0x3015;
}

/* Returns false if no dateline can end at this position. */
static bool ending_at(const struct datelines *datelines, struct span text, size_t at, struct ending *ret_ending) {
    uint32_t rune;
    bool tight = false;
    if (!datelines->ends[(unsigned char)text.at[at]]) return false; /* most characters */
    size_t size = text_next(text, at, &rune), head = at;
    bool space = at + size == text.length || text.at[at + size] == ' ';
    struct span dash = dash_at(datelines, text, at, &tight);
    if (dash.length) {
        size = dash.length;
        ret_ending->end = tight ? END_TIGHT_DASH : END_DASH;
    } else if ((rune == ':' || rune == '|') && space) {
        ret_ending->end = END_COLON;
    } else if (rune == '.' && space) {
        ret_ending->end = END_POINT;
    } else if (rune == '=') {
        ret_ending->end = END_EQUALS;
    } else if (is_bracket(rune)) {
        ret_ending->end = END_BRACKET;
        head = at + size;
    } else {
        return false;
    }
    ret_ending->head = span_cut(text, 0, head);
    ret_ending->mark = span_cut(text, at, at + size);
    ret_ending->rest = span_trim(span_cut(text, at + size, text.length));
    return true;
}

/* ---------------------------------------------------------------- what precedes and follows it */

/* Whether an odd number of dashes of the same kind follows. If so, this dash opens an aside and the next one closes it.
 */
static bool closes_aside(const struct datelines *datelines, struct span rest, struct span dash) {
    bool odd = false, tight;
    for (size_t at = 1; at < rest.length;) {
        struct span other = dash_at(datelines, rest, at, &tight);
        if (other.length && !tight) odd = odd != span_equal(dash, other);
        at += other.length ? other.length : 1;
    }
    return odd;
}

static bool begins_sentence(struct span text) {
    uint32_t rune;
    if (!text.length || !text_next(text, 0, &rune)) return false;
    return rune_is_upper(rune) || (rune >= '0' && rune <= '9') || rune == '"' || rune == '\'' || rune == 0x2018 ||
           rune == 0x201C || rune == 0xAB;
}

static bool begins_with_word(struct span text) {
    uint32_t rune;
    return text.length && text_next(text, 0, &rune) && rune_is_word(rune);
}

static bool begins_with_digit(struct span text) {
    return text.length && text.at[0] >= '0' && text.at[0] <= '9';
}

/* Whether the text contains the name with "in" or a similar word before it. */
static bool is_located(const struct datelines *datelines, struct span text, struct span name) {
    for (size_t at; (at = span_find(text, name)) != SIZE_MAX; text = span_cut(text, at + 1, text.length)) {
        struct span before = span_cut(text, 0, at);
        if (span_ends(before, SPAN(" ")) && phrase_list_ends(&datelines->words[WORD_LOCATIVE], span_trim(before)))
            return true;
    }
    return false;
}

/* Writes a name in capitals as "Port Alda". Returns its length. */
static size_t write_small(struct span name, char ret_small[LONGEST * 2]) {
    struct span word;
    size_t length = 0;
    while (span_next(&name, ' ', &word)) {
        uint32_t rune;
        size_t first = word.length ? text_next(word, 0, &rune) : 0;
        if (length) ret_small[length++] = ' ';
        memcpy(ret_small + length, word.at, first);
        length += first;
        length += text_lower(span_cut(word, first, word.length), ret_small + length);
    }
    return length;
}

/* Whether the article has the name, which is in capitals here, anywhere else. Speakers are named more than once. */
static bool is_named_in(const struct article *article, struct span name) {
    char small[LONGEST * 2];
    if (name.length > LONGEST) return true;
    struct span written = {small, write_small(name, small)};
    for (struct segment_walk walk = {0}; segment_walk_next(article, &walk);)
        if (span_find(walk.segment->target, written) != SIZE_MAX) return true;
    return false;
}

/* Whether this is a well-known place or the article speaks of it as of a place: "in Lorven". A name in capitals is also
 * sought as "Lorven". */
static bool is_place_in(const struct datelines *datelines, const struct article *article, struct span name) {
    char small[LONGEST * 2];
    if (name.length == 0 || name.length > LONGEST) return false;
    if (phrase_list_has(&datelines->places, name)) return true;
    struct span written = {small, write_small(name, small)};
    for (struct segment_walk walk = {0}; segment_walk_next(article, &walk);)
        if (is_located(datelines, walk.segment->target, name) || is_located(datelines, walk.segment->target, written))
            return true;
    return false;
}

/* ---------------------------------------------------------------- the decision */

/* Returns whether the text is a single word or looks like the name of a place. Any other name of several words may be a
 * person's. */
static bool is_plain_place(const struct dateline_head *head) {
    return head->places <= 2 && (head->names == 1 || head->has_form);
}

static bool is_marked(const struct dateline_head *head) {
    return head->dated || head->agency;
}

static bool ends_with_dash(const struct datelines *datelines, const struct dateline_head *head,
                           const struct ending *ending, const struct article *opening) {
    if (is_marked(head)) return true;
    if (head->refused || (ending->end == END_TIGHT_DASH && !head->in_capitals)) return false;
    /* If a region follows the place, as in "ERIE, Pa. — A woman ... — more than ever", the first dash ends the dateline
     * even if another dash follows; also if a word follows that begins a sentence and no aside. */
    bool begins = head->in_capitals && opening && phrase_list_begins(&datelines->words[WORD_SUBJECT], ending->rest);
    if (head->places == 1 && !begins && closes_aside(datelines, ending->rest, ending->mark)) return false;
    return head->in_capitals || (opening && (head->country || is_plain_place(head)));
}

/* "Reuters: The bank said", "Quist: I did it" and "Quist: Lorven will not pay" are no datelines. */
static bool ends_with_colon(const struct datelines *datelines, const struct dateline_head *head,
                            const struct ending *ending, const struct article *opening) {
    if (!head->places || head->refused || phrase_list_begins(&datelines->words[WORD_SPEECH], ending->rest))
        return false;
    return is_marked(head) || head->country ||
           (opening && head->places == 1 && is_plain_place(head) &&
            (is_place_in(datelines, opening, head->place) ||
             (head->in_capitals && !is_named_in(opening, head->place))));
}

static bool is_label(const struct datelines *datelines, struct span head) {
    return phrase_list_has(&datelines->words[WORD_LABEL], span_trim(head));
}

static bool is_dateline(const struct datelines *datelines, const struct dateline_head *head,
                        const struct ending *ending, const struct article *opening) {
    bool begins = begins_sentence(ending->rest), agency_only = head->known && !head->places;
    switch (ending->end) {
    case END_DASH:
    case END_TIGHT_DASH:
        return begins && ends_with_dash(datelines, head, ending, opening);
    case END_COLON:
        return begins && (is_label(datelines, ending->head) || ends_with_colon(datelines, head, ending, opening));
    case END_POINT:
        return is_marked(head) && (head->places || head->known) &&
               (!ending->rest.length || (begins && !begins_with_digit(ending->rest)));
    case END_EQUALS:
        return begins && head->known;
    case END_BRACKET:
        return head->known && (begins || (agency_only && begins_with_word(ending->rest)));
    }
    return false;
}

static struct span strip_part(const struct datelines *datelines, struct span sentence, const struct article *opening) {
    struct ending ending;
    struct dateline_head head;
    size_t limit = text_clip(sentence, LONGEST).length;
    for (size_t at = 1; at < limit; at++)
        if (ending_at(datelines, sentence, at, &ending) && dateline_head_read(datelines->words, ending.head, &head) &&
            is_dateline(datelines, &head, &ending, opening))
            return ending.rest;
    return sentence;
}

struct span datelines_strip(const struct datelines *datelines, struct span sentence, const struct article *opening) {
    for (int part = 0; part < MAX_PARTS; part++) {
        struct span rest = strip_part(datelines, sentence, part ? NULL : opening);
        if (rest.length == sentence.length) break;
        sentence = rest;
    }
    return sentence;
}

/* ---------------------------------------------------------------- datelines that the translator has changed */

/* Returns the length of the mark with which a dateline may end at this position, if one of the given kind does. */
static size_t mark_at(const struct datelines *datelines, struct span text, size_t at, enum end kind) {
    struct ending ending;
    if (!ending_at(datelines, text, at, &ending)) return 0;
    bool dash = ending.end == END_DASH || ending.end == END_TIGHT_DASH;
    return (kind == END_DASH ? dash : ending.end == kind) ? ending.mark.length : 0;
}

static size_t count_marks(const struct datelines *datelines, struct span text, size_t length, enum end kind) {
    size_t count = 0;
    for (size_t at = 1; at < length; at++) count += mark_at(datelines, text, at, kind) > 0;
    return count;
}

/* Returns the text after this many marks of the kind, or all of it if there are fewer near its beginning. */
static struct span after_marks(const struct datelines *datelines, struct span text, size_t count, enum end kind) {
    size_t limit = text_clip(text, LONGEST).length;
    for (size_t at = 1; at < limit && count; at++) {
        size_t length = mark_at(datelines, text, at, kind);
        if (length && --count == 0) return span_trim(span_cut(text, at + length, text.length));
    }
    return text;
}

struct span datelines_strip_translated(const struct datelines *datelines, struct span source, struct span target,
                                       const struct article *opening) {
    static const enum end kinds[] = {END_DASH, END_EQUALS, END_COLON};
    struct span rest = datelines_strip(datelines, source, opening);
    size_t removed = source.length - rest.length, words = span_count_words(span_cut(source, 0, removed));
    for (size_t i = 0; removed && rest.length && i < sizeof kinds / sizeof *kinds; i++) {
        size_t count = count_marks(datelines, source, removed, kinds[i]);
        if (!count) continue;
        struct span left = after_marks(datelines, target, count, kinds[i]);
        size_t gone = span_count_words(span_cut(target, 0, target.length - left.length));
        return left.length && gone <= words + MORE_WORDS ? left : target;
    }
    return target;
}
