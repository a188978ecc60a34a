#include "stages/services/apertium/stream.h"

#include <string.h>

static const char escaped[] = "[]{}^$/\\@<>"; /* characters that have a meaning in the stream format */
static const char marks[] = "*#@";            /* marks that Apertium puts before words that it could not translate */

static struct span transliterated(const struct table *letters, struct span letter) {
    for (size_t i = 0; letters && i < letters->count; i++)
        if (span_equal(letters->rows[i].cells[0], letter)) return letters->rows[i].cells[1];
    return letter;
}

/* Control characters become spaces: a NUL would end the frame, and a line break could split a sentence. */
static void add_text(struct span text, const struct table *letters, bool escape, struct buffer *out) {
    for (size_t i = 0; i < text.length;) {
        uint32_t rune;
        size_t length = text_next(text, i, &rune);
        if (escape && rune < 0x80 && rune && strchr(escaped, (int)rune)) buffer_add(out, "\\", 1);
        if (rune < 0x20)
            buffer_add(out, " ", 1);
        else if (rune < 0x80)
            buffer_add(out, text.at + i, 1);
        else
            buffer_add_span(out, transliterated(letters, span_cut(text, i, i + length)));
        i += length;
    }
}

bool stream_write(struct span text, const struct table *letters, struct buffer *out) {
    add_text(text, letters, true, out);
    return buffer_add_span(out, SPAN(".[][\n]")) && !out->full;
}

bool stream_write_plain(struct span text, const struct table *letters, struct buffer *out) {
    add_text(text, letters, false, out);
    return !out->full;
}

/* Whether the source contains this mark (one of "*#@"). If so, a mark in the output may be the author's and must be
 * kept. */
static bool source_has(struct span source, char mark) {
    return source.length && memchr(source.at, mark, source.length) != NULL;
}

static bool is_letter_byte(char c) {
    return (unsigned char)c >= 0x80 || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

static bool starts_word(struct span frame, size_t i) {
    return i == 0 || !is_letter_byte(frame.at[i - 1]);
}

static bool is_mark(struct span frame, size_t i, struct span source) {
    return i < frame.length && frame.at[i] && strchr(marks, frame.at[i]) && !source_has(source, frame.at[i]);
}

/* Returns the length of the marks ("*", "#" or "@") before a word, or 0. In a chain of pairs, each pair escapes the
 * marks of the previous one, so a mark may follow a backslash. */
static size_t mark_length(struct span frame, size_t i, struct span source) {
    size_t end = i;
    if (!starts_word(frame, i)) return 0;
    for (;;) {
        size_t backslash = end < frame.length && frame.at[end] == '\\' ? 1 : 0;
        if (!is_mark(frame, end + backslash, source)) break;
        end += backslash + 1;
    }
    if (end == i || end == frame.length) return 0;
    return is_letter_byte(frame.at[end]) || frame.at[end] == '\\' || (frame.at[end] >= '0' && frame.at[end] <= '9')
               ? end - i
               : 0;
}

/* Removes the ending that stream_write() added. The full stop may be missing, because some pairs drop it. */
static struct span without_tail(struct span frame) {
    static const char tail[] = "[][\n]";
    if (!span_ends(frame, span_of(tail))) return frame;
    frame.length -= sizeof tail - 1;
    if (frame.length && frame.at[frame.length - 1] == '.') frame.length--;
    return frame;
}

/* Removes marks and escapes. A "#" after a letter is removed too: Apertium puts one inside an expression of several
 * words, after the inflected word. */
static struct span without_marks(struct span frame, struct span source, bool escape, struct arena *arena,
                                 unsigned *ret_unknown_words) {
    char *text = arena_take(arena, frame.length + 1);
    size_t length = 0;
    *ret_unknown_words = 0;
    for (size_t i = 0; i < frame.length; i++) {
        size_t marked = mark_length(frame, i, source);
        if (marked) {
            ++*ret_unknown_words;
            i += marked;
        }
        if (escape && frame.at[i] == '\\' && i + 1 < frame.length)
            i++;
        else if (frame.at[i] == '#' && i > 0 && is_letter_byte(frame.at[i - 1]) && !source_has(source, '#'))
            continue;
        text[length++] = frame.at[i];
    }
    return span_trim((struct span){text, length});
}

struct span stream_read(struct span frame, struct span source, struct arena *arena, unsigned *ret_unknown_words) {
    return without_marks(span_trim(without_tail(frame)), source, true, arena, ret_unknown_words);
}

struct span stream_read_plain(struct span text, struct span source, struct arena *arena, unsigned *ret_unknown_words) {
    return without_marks(span_trim(text), source, false, arena, ret_unknown_words);
}

struct span stream_figures(enum figure_marks convention, struct span source, struct span english, struct arena *arena) {
    if (convention == FIGURES_UNKNOWN) return english;
    struct buffer out = BUFFER(english.length + 1); /* no number becomes longer */
    figures_write(convention, source, english, &out);
    struct span written = arena_copy(arena, buffer_span(&out));
    buffer_free(&out);
    return written;
}
