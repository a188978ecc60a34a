#include "stages/summarize/datelines.h"

#include <stdlib.h>

#include "pipeline/base/table.h"
#include "stages/language/unicode.h"

/* Maximum size of a dateline; anything larger is ordinary text. LONGEST and LONGEST_AGENCY are in bytes. */
enum { LONGEST = 72, MAX_PIECES = 4, MAX_WORDS = 4, FEWEST_CAPITALS = 3, LONGEST_AGENCY = 24 };

enum word_kind { PARTICLE, FIRST, LAST, DATE, AGENCY, NO_PLACE, DASH, KINDS };

struct datelines {
    struct arena *arena;
    struct table words[KINDS]; /* for each kind, a table with one word in the first cell of each row */
};

/* What was found in the text before the dash. */
struct head {
    size_t places;
    size_t names;     /* number of words in the name of the first place, not counting particles ("de") */
    bool in_capitals; /* the first place is in capitals */
    bool has_form;    /* the first place has the form of a place name of several words: "Rio de Janeiro", "New York" */
    bool refused;     /* the first place is a word that is never the name of a place */
    bool marked;      /* the text contains a date or a news agency */
};

/* ---------------------------------------------------------------- the table */

static void add_words(struct datelines *datelines, struct table *table, struct span words) {
    struct span word;
    while (span_next(&words, '|', &word)) {
        word = span_trim(word);
        if (!word.length) continue;
        table->rows = arena_grow(datelines->arena, table->rows, table->count, &table->capacity, sizeof *table->rows);
        table->rows[table->count++].cells[0] = word;
    }
}

static bool read_row(struct datelines *datelines, const struct row *row) {
    static const char *const names[KINDS] = {"particle", "first", "last", "date", "agency", "no-place", "dash"};
    for (int kind = 0; kind < KINDS; kind++) {
        if (!span_is(row->cells[0], names[kind])) continue;
        add_words(datelines, &datelines->words[kind], row->cells[1]);
        return true;
    }
    return false;
}

struct datelines *datelines_open(const char *data_folder, struct failure *ret_failure) {
    struct datelines *datelines = memory_take(sizeof *datelines);
    struct table table;
    datelines->arena = arena_new();
    bool read = table_read(data_folder, "summarize/datelines.tsv", datelines->arena, &table, ret_failure);
    for (size_t i = 0; read && i < table.count; i++) {
        read = read_row(datelines, &table.rows[i]);
        if (!read)
            failure_fatal(ret_failure, EXIT_CONFIG, "summarize/datelines.tsv: unknown word category \"%.*s\"",
                          SPAN_ARGS(table.rows[i].cells[0]));
    }
    if (read) return datelines;
    datelines_close(datelines);
    return NULL;
}

void datelines_close(struct datelines *datelines) {
    if (!datelines) return;
    arena_free(datelines->arena);
    free(datelines);
}

static bool is(const struct datelines *datelines, enum word_kind kind, struct span word) {
    const struct table *table = &datelines->words[kind];
    for (size_t i = 0; i < table->count; i++)
        if (text_equal_fold(table->rows[i].cells[0], word)) return true;
    return false;
}

/* ---------------------------------------------------------------- the text before the dash */

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

/* Whether the text is a date: "Jan. 5", "5 January 2026", "Tuesday". */
static bool is_date(const struct datelines *datelines, struct span piece) {
    struct span word;
    while (span_next(&piece, ' ', &word)) {
        long long number;
        if (!is(datelines, DATE, without_point(word)) && !span_number(without_point(word), &number)) return false;
    }
    return true;
}

/* Whether the name is a news agency: a known one or, in brackets, any name in capitals. */
static bool is_agency(const struct datelines *datelines, struct span name, bool bracketed) {
    return is(datelines, AGENCY, name) || (bracketed && name.length <= LONGEST_AGENCY && is_in_capitals(name));
}

/* Reads a word of a place name, after `count` others. Returns false if the word cannot be part of a place name. */
static bool read_word(const struct datelines *datelines, struct span word, size_t count, struct head *head) {
    bool first_place = head->places == 0, particle = count && is(datelines, PARTICLE, word);
    if (!particle && !begins_large(word)) return false;
    if (!first_place) return true;
    head->names += !particle;
    head->has_form = head->has_form || particle || (count == 0 && is(datelines, FIRST, word));
    head->in_capitals = head->in_capitals && (particle || is_in_capitals(word));
    head->refused = head->refused || (count == 0 && is(datelines, NO_PLACE, word));
    return true;
}

static bool read_place(const struct datelines *datelines, struct span piece, struct head *head) {
    struct span word, last = piece, rest = piece;
    size_t count = 0;
    if (head->places == 0) head->in_capitals = true;
    while (span_next(&rest, ' ', &word)) {
        if (count == MAX_WORDS || !read_word(datelines, word, count, head)) return false;
        last = word;
        count++;
    }
    if (head->places == 0 && count > 1 && is(datelines, LAST, last)) head->has_form = true;
    head->places++;
    return count > 0;
}

/* Removes an agency in brackets or slashes, "(AFP)" or "/TASS/", from the end of the text. Returns false if the
 * brackets contain anything else. */
static bool cut_agency(const struct datelines *datelines, struct span *text, struct head *head) {
    bool bracket = span_ends(*text, SPAN(")")), stroke = span_ends(*text, SPAN("/"));
    if (!bracket && !stroke) return true;
    for (size_t at = text->length - 1; at-- > 0;) {
        if (text->at[at] != (bracket ? '(' : '/')) continue;
        struct span name = span_trim(span_cut(*text, at + 1, text->length - 1));
        *text = span_trim(span_cut(*text, 0, at));
        head->marked = true;
        return is_agency(datelines, name, true);
    }
    return false;
}

static bool read_piece(const struct datelines *datelines, struct span piece, struct head *head) {
    if (is_agency(datelines, piece, false) || (head->places && is_date(datelines, piece))) return head->marked = true;
    return read_place(datelines, piece, head);
}

static bool read_head(const struct datelines *datelines, struct span text, struct head *head) {
    struct span piece;
    *head = (struct head){0};
    text = span_trim(text);
    if (!text.length || !cut_agency(datelines, &text, head)) return false;
    for (size_t pieces = 0; span_next(&text, ',', &piece); pieces++) {
        piece = span_trim(piece);
        if (!piece.length || pieces == MAX_PIECES || !read_piece(datelines, piece, head)) return false;
    }
    return true;
}

/* ---------------------------------------------------------------- the dash and the rest */

/* Returns the position of the first dash with a space on both sides. The dash ".-" needs no space before it. */
static size_t find_dash(const struct datelines *datelines, struct span text, struct span *ret_dash) {
    const struct table *dashes = &datelines->words[DASH];
    for (size_t at = 1; at < text.length; at++)
        for (size_t i = 0; i < dashes->count; i++) {
            struct span dash = dashes->rows[i].cells[0], rest = span_cut(text, at, text.length);
            bool parted = text.at[at - 1] == ' ' || dash.at[0] == '.';
            if (!parted || !span_starts(rest, dash) || rest.length <= dash.length || rest.at[dash.length] != ' ')
                continue;
            *ret_dash = dash;
            return at;
        }
    return SIZE_MAX;
}

/* Whether an odd number of dashes of the same kind follows. If so, this dash opens an aside and the next one closes it.
 */
static bool closes_aside(const struct datelines *datelines, struct span rest, struct span dash) {
    bool odd = false;
    struct span other;
    for (size_t at; (at = find_dash(datelines, rest, &other)) != SIZE_MAX;) {
        odd = odd != span_equal(dash, other);
        rest = span_cut(rest, at + other.length, rest.length);
    }
    return odd;
}

static bool begins_sentence(struct span text) {
    uint32_t rune;
    if (!text.length || !text_next(text, 0, &rune)) return false;
    return rune_is_upper(rune) || (rune >= '0' && rune <= '9') || rune == '"' || rune == '\'' || rune == 0x2018 ||
           rune == 0x201C || rune == 0xAB;
}

/* Returns whether the text is a single word or looks like the name of a place. Any other name of several words may be a
 * person's. */
static bool is_plain_place(const struct head *head) {
    return head->places <= 2 && (head->names == 1 || head->has_form);
}

static bool is_dateline(const struct datelines *datelines, const struct head *head, struct span rest, struct span dash,
                        bool opens) {
    if (!begins_sentence(rest)) return false;
    if (head->marked) return true;
    if (head->refused) return false;
    /* If a region follows the place, as in "ERIE, Pa. — A woman ... — more than ever", the first dash ends the dateline
     * even if another dash follows. */
    if (head->places == 1 && closes_aside(datelines, rest, dash)) return false;
    return head->in_capitals || (opens && is_plain_place(head));
}

struct span datelines_strip(const struct datelines *datelines, struct span sentence, bool opens) {
    struct span dash;
    struct head head;
    size_t at = find_dash(datelines, text_clip(sentence, LONGEST), &dash);
    if (at == SIZE_MAX || !read_head(datelines, span_cut(sentence, 0, at), &head)) return sentence;
    struct span rest = span_trim(span_cut(sentence, at + dash.length, sentence.length));
    return is_dateline(datelines, &head, rest, dash, opens) ? rest : sentence;
}
