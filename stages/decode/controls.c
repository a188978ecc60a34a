#include "stages/decode/controls.h"

#include <math.h>
#include <string.h>

#include "stages/decode/ascii.h"
#include "stages/decode/window.h"
#include "stages/language/scripts.h"

#define NEXT_LINE 0x85
#define LEAD '\xC2' /* first byte of each */
#define FEWEST_ENDS 2
/* Bits by which the text has to be cheaper than with its controls, which cost far more each. */
#define MARGIN 3
#define AGAIN_DISCOUNT 10 /* off, for what the controls of a line before were */
#define SEARCHES 48

/* Bits that each has to make up for: old Macs are rarer than Windows, and western Windows is most usual. */
static const struct {
    const char *name;
    double handicap;
    bool in_words; /* believed only where one of them is part of a word */
} readings[CONTROL_READINGS] = {
    [CONTROLS_WINDOWS] = {"windows-1252", 0, false},
    [CONTROLS_CENTRAL] = {"windows-1250", 6, true},
    [CONTROLS_MACINTOSH] = {"macintosh", 6, true},
};

static bool is_control(uint32_t rune) {
    return rune >= 0x80 && rune < 0xA0;
}

/* Position of the next control from `at` on, or SIZE_MAX. */
static size_t next_control(struct span text, size_t at) {
    for (; at + 1 < text.length; at += 2) {
        const char *found = text.at[at] == LEAD ? text.at + at : memchr(text.at + at, LEAD, text.length - at - 1);
        if (!found) break;
        at = (size_t)(found - text.at);
        if ((unsigned char)text.at[at + 1] < 0xA0) return at;
    }
    return SIZE_MAX;
}

static uint32_t control_at(struct span text, size_t at) {
    return (unsigned char)text.at[at + 1];
}

bool controls_found(struct span text) {
    return next_control(text, 0) != SIZE_MAX;
}

/* The byte that the character at `at` was when all was read as ISO-8859-1; 0 for another one. */
static unsigned latin_at(struct span text, size_t at) {
    if (at + 1 >= text.length) return 0;
    unsigned lead = (unsigned char)text.at[at], byte = (unsigned char)text.at[at + 1];
    return lead == 0xC2 ? byte : lead == 0xC3 ? byte + 0x40 : 0;
}

/* Whether three or four bytes of UTF-8 begin there. */
static bool begins_utf8(struct span text, size_t at) {
    unsigned lead = latin_at(text, at);
    size_t more = lead >= 0xF0 && lead < 0xF5 ? 3 : lead >= 0xE0 && lead < 0xF0 ? 2 : 0;
    for (size_t i = 1; i <= more; i++)
        if (latin_at(text, at + 2 * i) < 0x80 || latin_at(text, at + 2 * i) >= 0xC0) return false;
    return more > 0;
}

/* Whether the control belongs to a sequence of UTF-8 of two bytes or more that was read as ISO-8859-1. */
static bool is_in_sequence(struct span text, size_t at) {
    for (size_t back = 2; back <= 6 && back <= at; back += 2)
        if (begins_utf8(text, at - back)) return true;
    return at >= 2 && latin_at(text, at - 2) >= 0xC2 && latin_at(text, at - 2) < 0xE0;
}

bool controls_end_lines(struct span text) {
    size_t ends = 0, within = 0; /* of sequences, as are some of what ends in a sharp s or a capital */
    if (text.length == 0 || memchr(text.at, '\n', text.length - 1)) return false;
    for (size_t at = next_control(text, 0); at != SIZE_MAX; at = next_control(text, at + 2)) {
        if (control_at(text, at) != NEXT_LINE) continue;
        if (at + 2 < text.length && text.at[at + 2] == ' ') return false;
        if (is_in_sequence(text, at))
            within++;
        else
            ends++;
    }
    return ends >= FEWEST_ENDS && ends > within;
}

size_t controls_feed_lines(struct span text, struct buffer *out) {
    size_t from = 0, fed = 0;
    for (size_t at = next_control(text, 0); at != SIZE_MAX; at = next_control(text, at + 2)) {
        if (control_at(text, at) != NEXT_LINE) continue;
        buffer_add(out, text.at + from, at - from);
        buffer_add(out, "\n", 1);
        from = at + 2;
        fed++;
    }
    buffer_add(out, text.at + from, text.length - from);
    return fed;
}

static bool is_letter_at(struct span text, size_t at) {
    uint32_t rune = ' ';
    if (at < text.length) valid_next(text, at, &rune);
    return script_of(rune) != SCRIPT_NONE;
}

/* Whether a letter stands before the position. */
static bool is_behind_letter(struct span text, size_t at) {
    if (at == 0) return false;
    for (at--; at > 0 && ((unsigned char)text.at[at] & 0xC0) == 0x80;) at--;
    return is_letter_at(text, at);
}

/* Whether a control is a byte of UTF-8 that was not repaired, because it is no letter, or because its first byte became
 * something else: "\x80\x93" is the rest of a dash, and not a price. */
static bool is_of_utf8(struct span text, size_t at) {
    for (size_t back = 2; back <= 6 && back <= at; back += 2)
        if (begins_utf8(text, at - back)) return true;
    bool behind = at >= 2 && latin_at(text, at - 2) == 0x80;
    return behind || (control_at(text, at) == 0x80 && is_control(latin_at(text, at + 2)));
}

/* Appends the text with its controls read by the encoding; the number of those that it has. */
static size_t read_by(const struct encoding_entry *encoding, struct span text, struct buffer *out) {
    size_t from = 0, read = 0;
    for (size_t at = next_control(text, 0); at != SIZE_MAX; at = next_control(text, at + 2)) {
        uint32_t rune = encoding->high[control_at(text, at) - 0x80];
        if (is_control(rune) || rune == RUNE_INVALID || is_of_utf8(text, at)) continue;
        buffer_add(out, text.at + from, at - from);
        buffer_add_rune(out, rune);
        from = at + 2;
        read++;
    }
    buffer_add(out, text.at + from, text.length - from);
    return read;
}

/* Quotes, dashes and the like of Windows, which stand before and behind words. */
static bool is_mark_of_windows(uint32_t control) {
    return control == 0x82 || control == 0x84 || control == 0x85 || (control >= 0x91 && control <= 0x97);
}

/* Whether a control is part of a word: between two letters, or beside one when it can be no mark. Where others are lost
 * beside it, a letter may be anything. */
static bool has_one_in_word(struct span text) {
    if (span_find(text, SPAN("\xEF\xBF\xBD")) != SIZE_MAX) return false;
    for (size_t at = next_control(text, 0); at != SIZE_MAX; at = next_control(text, at + 2)) {
        int beside = is_letter_at(text, at + 2) + is_behind_letter(text, at);
        if (beside == 2 || (beside == 1 && !is_mark_of_windows(control_at(text, at)))) return true;
    }
    return false;
}

/* What the sample costs when that reading is right; infinite when it is impossible. */
static double price_reading(struct session *session, size_t reading, struct span sample) {
    const struct encoding_entry *encoding = session->repairer->of_controls[reading];
    struct buffer after = BUFFER(WINDOW_LIMIT * LINE_GROWTH);
    double bits = INFINITY, less = encoding == session->controls ? AGAIN_DISCOUNT : 0;
    int language;
    bool known = encoding && (less > 0 || !readings[reading].in_words || has_one_in_word(sample));
    if (known && read_by(encoding, sample, &after) > 0)
        bits = search_price(session, buffer_span(&after), INFINITY, &language) + readings[reading].handicap - less;
    buffer_free(&after);
    return bits;
}

/* The best reading of the sample that costs less than *bits, and what it costs; NULL when there is none. */
static const struct encoding_entry *find_reading(struct session *session, struct span sample, double *bits) {
    const struct encoding_entry *found = NULL;
    for (size_t i = 0; i < CONTROL_READINGS; i++) {
        double price = price_reading(session, i, sample);
        if (price >= *bits) continue;
        *bits = price;
        found = session->repairer->of_controls[i];
    }
    return found;
}

static const struct encoding_entry *find_reading_of_line(struct session *session, struct span line) {
    struct buffer window = BUFFER(WINDOW_LIMIT);
    int language;
    window_collect(line, &window);
    double bits = search_price(session, buffer_span(&window), INFINITY, &language) - MARGIN;
    const struct encoding_entry *found = find_reading(session, buffer_span(&window), &bits);
    buffer_free(&window);
    return found;
}

double controls_price(struct session *session, struct span sample, double bits) {
    find_reading(session, sample, &bits);
    return bits;
}

void controls_know(struct repairer *repairer) {
    for (size_t i = 0; i < CONTROL_READINGS; i++) {
        const struct encoding_entry *encoding = encodings_find(repairer->encodings, span_of(readings[i].name));
        repairer->of_controls[i] = encoding && encoding->codec == CODEC_SINGLE ? encoding : NULL;
    }
}

const struct encoding_entry *controls_read(struct session *session, struct span line, struct buffer *out) {
    if (session->control_searches < SEARCHES) {
        session->control_searches++;
        const struct encoding_entry *found = find_reading_of_line(session, line);
        if (!found) return NULL;
        session->controls = found;
    }
    bool good = session->controls && read_by(session->controls, line, out) > 0;
    return good ? session->controls : NULL;
}
