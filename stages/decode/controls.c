#include "stages/decode/controls.h"

#include <math.h>
#include <string.h>

#include "stages/decode/ascii.h"
#include "stages/decode/window.h"
#include "stages/language/scripts.h"

#define NEXT_LINE 0x85
#define LEAD '\xC2' /* first byte of every C1 control in UTF-8 */
#define FEWEST_ENDS 2
/* Converting the controls must lower the cost of the text by at least this many bits. The margin is small because every
 * control that remains costs far more. */
#define MARGIN 3
#define AGAIN_DISCOUNT 10 /* discount in bits for the encoding that was found for an earlier line */
#define SEARCHES 48       /* max. lines examined per text; later lines are converted like the last of these */

/* The encodings from which controls may come. Each has a handicap in bits according to its rarity: windows-1252 is the
 * most common, other Windows encodings are rarer, and those of old Macs rarer still. */
static const struct {
    const char *name;
    double handicap;
    bool in_words; /* the encoding is accepted only if a control is part of a word */
} readings[CONTROL_READINGS] = {
    [CONTROLS_WINDOWS] = {"windows-1252", 0, false},
    [CONTROLS_CENTRAL] = {"windows-1250", 6, true},
    [CONTROLS_MACINTOSH] = {"macintosh", 6, true},
};

static bool is_control(uint32_t rune) {
    return rune >= 0x80 && rune < 0xA0;
}

/* Returns the position of the first control from `at` on, or SIZE_MAX. */
static size_t find_control(struct span text, size_t at) {
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
    return find_control(text, 0) != SIZE_MAX;
}

/* Returns the byte that ISO-8859-1 decodes to the character at `at`, or 0 if there is no such byte. */
static unsigned latin_at(struct span text, size_t at) {
    if (at + 1 >= text.length) return 0;
    unsigned lead = (unsigned char)text.at[at], byte = (unsigned char)text.at[at + 1];
    return lead == 0xC2 ? byte : lead == 0xC3 ? byte + 0x40 : 0;
}

/* Returns whether the characters from `at` on may be the bytes of a UTF-8 sequence of three or four bytes. */
static bool begins_utf8(struct span text, size_t at) {
    unsigned lead = latin_at(text, at);
    size_t more = lead >= 0xF0 && lead < 0xF5 ? 3 : lead >= 0xE0 && lead < 0xF0 ? 2 : 0;
    for (size_t i = 1; i <= more; i++)
        if (latin_at(text, at + 2 * i) < 0x80 || latin_at(text, at + 2 * i) >= 0xC0) return false;
    return more > 0;
}

/* Returns whether the control is a byte of a UTF-8 sequence that was read as ISO-8859-1. */
static bool is_in_sequence(struct span text, size_t at) {
    for (size_t back = 2; back <= 6 && back <= at; back += 2)
        if (begins_utf8(text, at - back)) return true;
    return at >= 2 && latin_at(text, at - 2) >= 0xC2 && latin_at(text, at - 2) < 0xE0;
}

bool controls_end_lines(struct span text) {
    size_t ends = 0, within = 0; /* within: number of controls that may belong to a UTF-8 sequence, or that follow an
                                    accented capital or a sharp s */
    if (text.length == 0 || memchr(text.at, '\n', text.length - 1)) return false;
    for (size_t at = find_control(text, 0); at != SIZE_MAX; at = find_control(text, at + 2)) {
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
    for (size_t at = find_control(text, 0); at != SIZE_MAX; at = find_control(text, at + 2)) {
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

/* Returns whether there is a letter before the position. */
static bool is_after_letter(struct span text, size_t at) {
    if (at == 0) return false;
    for (at--; at > 0 && ((unsigned char)text.at[at] & 0xC0) == 0x80;) at--;
    return is_letter_at(text, at);
}

/* Returns whether the control is left over from a misread UTF-8 sequence that could not be repaired. For example,
 * "\x80\x93" is the end of a dash in UTF-8, so this \x80 is not the euro sign of windows-1252. */
static bool is_of_utf8(struct span text, size_t at) {
    for (size_t back = 2; back <= 6 && back <= at; back += 2)
        if (begins_utf8(text, at - back)) return true;
    bool behind = at >= 2 && latin_at(text, at - 2) == 0x80;
    return behind || (control_at(text, at) == 0x80 && is_control(latin_at(text, at + 2)));
}

/* Appends the text with its controls decoded from the given encoding. Returns the number of controls converted. */
static size_t read_by(const struct encoding_entry *encoding, struct span text, struct buffer *out) {
    size_t from = 0, read = 0;
    for (size_t at = find_control(text, 0); at != SIZE_MAX; at = find_control(text, at + 2)) {
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

/* Returns whether the control is a quote, a dash or an ellipsis in windows-1252. These may stand next to a word without
 * being part of it. */
static bool is_mark_of_windows(uint32_t control) {
    return control == 0x82 || control == 0x84 || control == 0x85 || (control >= 0x91 && control <= 0x97);
}

/* Returns whether a control is part of a word: between two letters, or next to a letter if it cannot be punctuation.
 * Returns false if the text contains U+FFFD, because letters are then missing and the answer would be unreliable. */
static bool has_one_in_word(struct span text) {
    if (span_find(text, SPAN("\xEF\xBF\xBD")) != SIZE_MAX) return false;
    for (size_t at = find_control(text, 0); at != SIZE_MAX; at = find_control(text, at + 2)) {
        int beside = is_letter_at(text, at + 2) + is_after_letter(text, at);
        if (beside == 2 || (beside == 1 && !is_mark_of_windows(control_at(text, at)))) return true;
    }
    return false;
}

/* Returns the cost of the sample with its controls decoded from this encoding, or INFINITY if the encoding is
 * impossible. */
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

/* Returns the encoding that gives the sample the lowest cost, and sets *bits to that cost. Returns NULL if no encoding
 * costs less than *bits. */
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

/* Returns the encoding that makes the line at least MARGIN bits cheaper than it is now, or NULL. */
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
