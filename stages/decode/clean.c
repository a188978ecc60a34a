#include "stages/decode/clean.h"

#include "pipeline/base/visible.h"
#include "stages/decode/ascii.h"
#include "stages/decode/compose.h"
#include "stages/decode/controls.h"
#include "stages/decode/editor.h"
#include "stages/language/scripts.h"

#define DEEPEST_BIDI 125 /* max_depth in UAX 9 */
#define BLOCK 32

const char *clean_name(enum clean_kind kind) {
    static const char *const names[CLEAN_KINDS] = {"nfc", "control characters", "bidi controls"};
    return names[kind];
}

struct sweep {
    struct editor editor;
    struct cleaning *cleaning;
    char open[DEEPEST_BIDI]; /* kind of each open direction control: 'e' for embedding or override, 'i' for isolate */
    size_t depth;
};

static void sweep_replace(struct sweep *sweep, enum clean_kind kind, size_t at, size_t length, struct span by) {
    editor_replace(&sweep->editor, at, length, by);
    sweep->cleaning->count[kind]++;
}

/* Returns whether the character must be removed: a C0 control other than tabs and line endings, DEL, a noncharacter, or
 * an interlinear annotation mark. C1 controls are handled by mark_gaps(). */
static bool is_control(uint32_t rune) {
    return (rune < 0x20 && rune != '\t' && rune != '\n' && rune != '\r') || rune == 0x7F ||
           (rune >= 0xFDD0 && rune <= 0xFDEF) || (rune & 0xFFFE) == 0xFFFE || (rune >= 0xFFF9 && rune <= 0xFFFB);
}

static bool is_bidi(uint32_t rune) {
    return (rune >= 0x202A && rune <= 0x202E) || (rune >= 0x2066 && rune <= 0x2069);
}

/* Closes every open direction control (a character that sets the direction of writing). If it stayed open, the text
 * after it could be displayed in reverse on a page or in a terminal. */
static void close_bidi(struct sweep *sweep, size_t at) {
    for (; sweep->depth > 0; sweep->depth--)
        sweep_replace(sweep, CLEAN_BIDI, at, 0,
                      sweep->open[sweep->depth - 1] == 'i' ? SPAN("\xE2\x81\xA9") : SPAN("\xE2\x80\xAC"));
}

/* Removes a direction control that closes nothing or is nested too deeply. */
static void sweep_bidi(struct sweep *sweep, uint32_t rune, size_t at, size_t size) {
    bool closes = rune == 0x202C || rune == 0x2069;
    char kind = rune >= 0x2066 ? 'i' : 'e';
    bool fits = closes ? sweep->depth > 0 && sweep->open[sweep->depth - 1] == kind : sweep->depth < DEEPEST_BIDI;
    if (!fits)
        sweep_replace(sweep, CLEAN_BIDI, at, size, (struct span){0});
    else if (closes)
        sweep->depth--;
    else
        sweep->open[sweep->depth++] = kind;
}

static bool ends_line(uint32_t rune) {
    return rune == '\n' || rune == '\v' || rune == '\f' || rune == 0x85 || rune == 0x2028 || rune == 0x2029;
}

/* Closes all direction controls before a line end, because they must not affect the next line. */
static void sweep_rune(struct sweep *sweep, uint32_t rune, size_t at, size_t size) {
    if (ends_line(rune)) {
        close_bidi(sweep, at);
        if (rune != '\n') sweep_replace(sweep, CLEAN_CONTROLS, at, size, SPAN("\n"));
    } else if (is_control(rune)) {
        sweep_replace(sweep, CLEAN_CONTROLS, at, size, (struct span){0});
    } else if (is_bidi(rune)) {
        sweep_bidi(sweep, rune, at, size);
    }
}

/* A quick test: returns whether the character is in a range in which nothing needs cleaning. */
static bool is_plain(uint32_t rune) {
    return (rune >= 0xA0 && rune < 0x2000) || (rune >= 0x2E80 && rune < 0xD800);
}

/* Returns whether the next BLOCK bytes are ASCII in which nothing needs cleaning. The loop has no branches, so that
 * compilers can vectorise it. */
static bool is_plain_block(const char *at) {
    unsigned char odd = 0;
    for (size_t i = 0; i < BLOCK; i++) {
        unsigned char byte = (unsigned char)at[i];
        odd |= (byte < ' ') & (byte != '\n') & (byte != '\t') & (byte != '\r');
        odd |= byte >= 0x7F;
    }
    return !odd;
}

/* Returns the position of the next character that may need cleaning. */
static size_t skip_plain(const struct sweep *sweep, size_t at) {
    struct span text = sweep->editor.text;
    bool lines_matter = sweep->depth > 0;
    while (!lines_matter && text.length - at >= BLOCK && is_plain_block(text.at + at)) at += BLOCK;
    return visible_skip_ascii(text, at);
}

/* Cleans the character at `at`. Returns its size. */
static size_t sweep_wide(struct sweep *sweep, size_t at) {
    uint32_t rune;
    size_t size = valid_next(sweep->editor.text, at, &rune);
    if (!is_plain(rune)) sweep_rune(sweep, rune, at, size);
    return size;
}

static struct span sweep_text(struct span text, struct buffer *out, struct cleaning *cleaning) {
    struct sweep sweep = {.editor = {.text = text, .out = out}, .cleaning = cleaning};
    for (size_t i = 0; i < text.length;) {
        unsigned char byte = (unsigned char)text.at[i];
        if (byte >= 0x80) {
            i += sweep_wide(&sweep, i);
            continue;
        }
        if (byte < ' ' || byte == 0x7F) sweep_rune(&sweep, byte, i, 1);
        i++;
        /* in most scripts, a space is followed by a letter that is not ASCII */
        if (i < text.length && (unsigned char)text.at[i] < 0x80) i = skip_plain(&sweep, i);
    }
    close_bidi(&sweep, text.length);
    return editor_end(&sweep.editor);
}

/* Replaces a C1 control between two letters with U+FFFD: it stands for a letter that could not be restored, and readers
 * should see that a letter is missing. Other C1 controls are left alone. This must be the last step, after other
 * invisible characters between letters have been removed. */
static struct span mark_gaps(struct span text, struct buffer *out, struct cleaning *cleaning) {
    struct editor editor = {.text = text, .out = out};
    uint32_t before = ' ', rune, after;
    for (size_t i = 0, size; i < text.length; i += size, before = rune) {
        size = valid_next(text, i, &rune);
        if (rune < 0x80 || rune >= 0xA0 || script_of(before) == SCRIPT_NONE || i + size >= text.length) continue;
        valid_next(text, i + size, &after);
        if (script_of(after) != SCRIPT_NONE) editor_replace(&editor, i, size, SPAN("\xEF\xBF\xBD"));
    }
    cleaning->count[CLEAN_CONTROLS] += editor.edits;
    return editor_end(&editor);
}

struct span clean_text(struct span text, struct buffer *out, struct cleaning *ret_cleaning) {
    const char *unchanged = text.at;
    struct buffer swept = BUFFER(out->limit), composed = BUFFER(out->limit), marked = BUFFER(out->limit);
    *ret_cleaning = (struct cleaning){0};
    text = sweep_text(text, &swept, ret_cleaning);
    if (!is_ascii(text)) text = compose_text(text, &composed, &ret_cleaning->count[CLEAN_NFC]);
    if (controls_found(text)) text = mark_gaps(text, &marked, ret_cleaning);
    if (text.at != unchanged) {
        buffer_add_span(out, text);
        text = buffer_span(out);
    }
    buffer_free(&swept);
    buffer_free(&composed);
    buffer_free(&marked);
    return text;
}
