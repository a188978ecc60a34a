#include "stages/decode/repair.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "pipeline/base/arena.h"
#include "stages/decode/ascii.h"
#include "stages/decode/controls.h"
#include "stages/decode/editor.h"
#include "stages/decode/search.h"
#include "stages/decode/window.h"

#define LEVELS 3
#define LEARN_BYTES ((size_t)512) /* number of bytes from which the language is determined */
#define EXHAUSTED 24 /* after this many failures a misdecoder is tried only on lines full of its sequences */

/* Returns whether some programs use this encoding as the default for legacy text: the encodings of Windows, of old
 * Macs, and of Russian and Central European Unix systems. */
static bool is_misdecoder(const struct encoding_entry *encoding) {
    return span_starts(span_of(encoding->name), SPAN("windows-125")) || strcmp(encoding->name, "koi8-r") == 0 ||
           strcmp(encoding->name, "macintosh") == 0 || strcmp(encoding->name, "iso-8859-2") == 0;
}

/* Returns whether some programs use this encoding as the default when they read UTF-8: those in is_misdecoder(), and
 * those of DOS and Windows consoles. */
static bool is_common(const struct encoding_entry *encoding) {
    return is_misdecoder(encoding) || strcmp(encoding->name, "ibm437") == 0 || strcmp(encoding->name, "ibm850") == 0 ||
           strcmp(encoding->name, "ibm866") == 0;
}

struct repairer *repairer_new(const struct encodings *encodings, const struct writing *writing,
                              const struct candidates *candidates) {
    struct repairer *repairer = memory_take(sizeof *repairer);
    *repairer = (struct repairer){.encodings = encodings,
                                  .writing = writing,
                                  .candidates = candidates,
                                  .misdecoders = misdecoders_new(encodings),
                                  .utf8 = encodings_find(encodings, SPAN("utf-8"))};
    for (size_t i = 0; i < misdecoders_count(repairer->misdecoders); i++) {
        const struct encoding_entry *encoding = misdecoders_encoding(repairer->misdecoders, i);
        if (is_misdecoder(encoding)) repairer->misreading |= UINT64_C(1) << i;
        if (is_common(encoding)) repairer->common |= UINT64_C(1) << i;
    }
    controls_know(repairer);
    return repairer;
}

void repairer_free(struct repairer *repairer) {
    if (repairer) misdecoders_free(repairer->misdecoders);
    free(repairer);
}

static bool is_same(const struct misdecoding *one, const struct misdecoding *other) {
    return one->misdecoder == other->misdecoder && one->truth == other->truth && one->levels == other->levels;
}

static struct span line_at(struct span text, size_t from) {
    const char *end = memchr(text.at + from, '\n', text.length - from);
    size_t to = end ? (size_t)(end - text.at) + 1 : text.length;
    return text_clip(span_cut(text, from, to), LINE_LIMIT);
}

/* Returns the number of the line. Numbers are only needed for lines that are repaired, which are few, and asked for in
 * ascending order. */
static size_t number_of(struct session *session, struct span line) {
    for (; session->text.at + session->counted < line.at; session->number++)
        session->counted += line_at(session->text, session->counted).length;
    return session->number;
}

/* Returns the index of this kind of repair in the record, adding it if it is new. */
static size_t place_on_record(struct session *session, const char *truth, const char *misdecoder, size_t levels,
                              struct span line) {
    const struct encoding *encoding = &session->article->encoding;
    struct buffer kind = BUFFER(128);
    size_t place = 0;
    buffer_print(&kind, "mojibake %s as %s", truth, misdecoder);
    if (levels > 1) buffer_print(&kind, " %zu times", levels);
    while (place < encoding->repair_count && !span_is(encoding->repairs[place].kind, kind.at)) place++;
    if (place == encoding->repair_count) article_add_repair(session->article, kind.at, 0, number_of(session, line));
    buffer_free(&kind);
    return place;
}

/* Counts a repaired line. Consecutive lines usually have the same misdecoding, so its place in the record is kept for
 * the next line. */
static void record(struct session *session, const struct misdecoding *misdecoding, struct span line) {
    if (!is_same(misdecoding, &session->last))
        session->place =
            place_on_record(session, misdecoding->truth->name, search_misdecoder(session->repairer, misdecoding)->name,
                            misdecoding->levels, line);
    session->article->encoding.repairs[session->place].count++;
    session->last = *misdecoding;
}

/* Returns the misdecoders that may have produced parts of this line from UTF-8. Leaves out those that have failed often
 * in this text, unless the line has many such sequences. */
static uint64_t misdecoders_to_try(const struct session *session, struct span line) {
    bool full = false;
    uint64_t possible = misdecoders_of_utf8(session->repairer->misdecoders, line, &full);
    for (size_t i = 0; !full && possible >> i && i < MISDECODERS; i++)
        if (session->exhausted[i] >= EXHAUSTED) possible &= ~(UINT64_C(1) << i);
    return possible;
}

/* Returns the repaired line, stored in `held`, or the line itself if it was not misdecoded. A text may have been
 * misdecoded several times in succession. */
static struct span repair_line(struct session *session, struct span line, struct buffer held[2]) {
    struct span original = line;
    struct buffer window = BUFFER(WINDOW_LIMIT);
    for (int level = 0; level < LEVELS; level++) {
        struct misdecoding misdecoding;
        struct buffer *repaired = &held[level % 2];
        uint64_t utf8 = misdecoders_to_try(session, line);
        if (!utf8 &&
            (level > 0 || !writing_may_be_foreign(session->repairer->writing, session->language, line, FOREIGN_BITS)))
            break;
        buffer_clear(&window);
        window_collect(line, &window);
        if (!search_line(session, line, buffer_span(&window), utf8, &misdecoding)) break;
        buffer_clear(repaired);
        if (!search_undo(session, &misdecoding, line, repaired)) break;
        record(session, &misdecoding, original);
        line = buffer_span(repaired);
    }
    buffer_free(&window);
    return line;
}

/* Returns the line with its C1 controls converted, stored in `held`, or the line itself if nothing fits. */
static struct span repair_controls(struct session *session, struct span line, struct span original,
                                   struct buffer *held) {
    buffer_clear(held);
    const struct encoding_entry *truth = controls_read(session, line, held);
    if (!truth) return line;
    size_t place = place_on_record(session, truth->name, "iso-8859-1", 1, original);
    session->article->encoding.repairs[place].count++;
    return buffer_span(held);
}

static struct span repair_whole_line(struct session *session, struct span original, struct buffer held[3]) {
    if (session->language < 0) return original;
    struct span line = repair_line(session, original, held);
    return controls_found(line) ? repair_controls(session, line, original, &held[2]) : line;
}

/* Determines the language of a text whose encoding was detected without the writing model. */
static void learn_language(struct session *session, struct span text) {
    struct buffer window = BUFFER(WINDOW_LIMIT);
    window_begin(text, LEARN_BYTES + 1, &window);
    search_price(session, text_clip(buffer_span(&window), LEARN_BYTES), INFINITY, &session->language);
    buffer_free(&window);
}

/* Returns the start of the first line from `from` on that is not all ASCII, or the end of the text. */
static size_t skip_ascii_lines(struct span text, size_t from) {
    size_t at = ascii_end(text, from), start = at;
    if (at == text.length) return at;
    while (start > from && text.at[start - 1] != '\n') start--;
    return start + (at - start) / LINE_LIMIT * LINE_LIMIT;
}

/* Splits the text into lines. The buffers are allocated once for all lines, because there may be very many. */
static struct span repair_lines(struct session *session, struct buffer *out) {
    struct editor editor = {.text = session->text, .out = out};
    struct buffer held[3];
    for (size_t i = 0; i < 3; i++) held[i] = BUFFER(LINE_LIMIT * LINE_GROWTH);
    for (size_t from = 0; (from = skip_ascii_lines(editor.text, from)) < editor.text.length;) {
        struct span line = line_at(editor.text, from), repaired = repair_whole_line(session, line, held);
        if (repaired.at != line.at) editor_replace(&editor, from, line.length, repaired);
        from += line.length;
    }
    for (size_t i = 0; i < 3; i++) buffer_free(&held[i]);
    return editor_end(&editor);
}

struct span repair_text(const struct repairer *repairer, struct span text, int language, struct article *article,
                        struct buffer *out) {
    struct session session = {
        .repairer = repairer, .article = article, .language = language, .text = text, .number = 1};
    struct buffer fed = BUFFER(text.length);
    if (controls_end_lines(text)) {
        article_add_repair(article, "line ends U+0085", controls_feed_lines(text, &fed), 0);
        session.text = buffer_span(&fed);
    }
    if (language < 0 && !is_ascii(session.text)) learn_language(&session, session.text);
    text = repair_lines(&session, out);
    if (fed.length > 0 && text.at == fed.at) {
        buffer_add_span(out, text);
        text = buffer_span(out);
    }
    buffer_free(&fed);
    glyphs_free(&session.glyphs);
    return text;
}

int repair_language(const struct repairer *repairer, struct span text) {
    struct session session = {.repairer = repairer, .language = -1};
    if (!is_ascii(text)) learn_language(&session, text);
    glyphs_free(&session.glyphs);
    return session.language;
}
