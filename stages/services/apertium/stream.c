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

/* The marks in a source text that may be its author's. */
struct author {
    struct span source;
    bool attached[sizeof marks - 1]; /* by the order of `marks`: the source has this mark directly before a word */
    bool has[sizeof marks - 1];      /* likewise: the source has this mark anywhere */
    unsigned searches;               /* how often the source was searched for a word, at most MAX_SEARCHES */
};
enum { MAX_SEARCHES = 64, LONGEST_WORD = 64, LONGEST_CHAIN = 8 };

static bool is_letter_byte(char c) {
    return (unsigned char)c >= 0x80 || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

static bool is_word_byte(char c) {
    return is_letter_byte(c) || (c >= '0' && c <= '9');
}

static bool starts_word(struct span text, size_t i) {
    return i == 0 || !is_letter_byte(text.at[i - 1]);
}

static bool is_mark(char c) {
    return c && strchr(marks, c);
}

static struct author author_of(struct span source) {
    struct author author = {.source = source};
    for (size_t i = 0; i < source.length; i++)
        if (is_mark(source.at[i])) author.has[strchr(marks, source.at[i]) - marks] = true;
    for (size_t i = 0; i + 1 < source.length; i++)
        if (is_mark(source.at[i]) && starts_word(source, i) &&
            (is_word_byte(source.at[i + 1]) || is_mark(source.at[i + 1])))
            author.attached[strchr(marks, source.at[i]) - marks] = true;
    return author;
}

/* Whether the source contains the word after the marks at `i` of the frame without a mark. Apertium copies the words
 * that it does not know, so the mark before such a word is Apertium's. */
static bool was_unmarked(struct author *author, struct span frame, size_t i) {
    for (size_t to = i + LONGEST_CHAIN; i < to && i < frame.length && (is_mark(frame.at[i]) || frame.at[i] == '\\');)
        i++;
    size_t end = i;
    while (end < frame.length && is_letter_byte(frame.at[end])) end++;
    struct span word = span_cut(frame, i, end), rest = author->source;
    if (word.length == 0 || word.length > LONGEST_WORD || author->searches++ >= MAX_SEARCHES) return false;
    size_t at = span_find(rest, word);
    return at != SIZE_MAX && starts_word(rest, at) && (at == 0 || !is_mark(rest.at[at - 1]));
}

/* Whether the mark at `i`, which stands before a word, is the author's, who may have written a hashtag, a handle or a
 * footnote. */
static bool is_of_author(struct author *author, struct span frame, size_t i) {
    if (!author->attached[strchr(marks, frame.at[i]) - marks]) return false;
    return frame.at[i] != '*' || !was_unmarked(author, frame, i + 1);
}

/* Returns the length of the marks ("*", "#" or "@") before a word, or 0. In a chain of pairs, each pair escapes the
 * marks of the previous one, so a mark may follow a backslash. */
static size_t mark_length(struct span frame, size_t i, struct author *author) {
    size_t end = i;
    if (!starts_word(frame, i)) return 0;
    for (;;) {
        size_t backslash = end < frame.length && frame.at[end] == '\\' ? 1 : 0;
        size_t at = end + backslash;
        if (at >= frame.length || !is_mark(frame.at[at]) || is_of_author(author, frame, at)) break;
        end = at + 1;
    }
    if (end == i || end == frame.length) return 0;
    return is_word_byte(frame.at[end]) || frame.at[end] == '\\' ? end - i : 0;
}

/* Removes the ending that stream_write() added. The full stop may be missing, because some pairs drop it. */
static struct span without_tail(struct span frame) {
    static const char tail[] = "[][\n]";
    if (!span_ends(frame, span_of(tail))) return frame;
    frame.length -= sizeof tail - 1;
    if (frame.length && frame.at[frame.length - 1] == '.') frame.length--;
    return frame;
}

/* Removes marks and escapes. A mark that the source does not have at all is Apertium's, wherever it stands: "#" comes
 * after the inflected word of an expression of several words, and before dashes. */
static struct span without_marks(struct span frame, struct span source, bool escape, struct arena *arena,
                                 unsigned *ret_unknown_words) {
    char *text = arena_take(arena, frame.length + 1);
    struct author author = author_of(source);
    size_t length = 0;
    *ret_unknown_words = 0;
    for (size_t i = 0; i < frame.length; i++) {
        size_t marked = mark_length(frame, i, &author);
        if (marked) {
            ++*ret_unknown_words;
            i += marked;
        }
        if (escape && frame.at[i] == '\\' && i + 1 < frame.length) i++;
        if (is_mark(frame.at[i]) && !author.has[strchr(marks, frame.at[i]) - marks]) continue;
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
