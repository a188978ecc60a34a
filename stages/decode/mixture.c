#include "stages/decode/mixture.h"

#include "stages/decode/ascii.h"

#define TORN_SHARE 8 /* at most one in this many lines may contain both encodings */
#define BLOCK 64
#define MIN_CHARACTERS 4 /* min. number of UTF-8 characters; fewer may be letter pairs in another encoding */

enum line_kind { LINE_ASCII, LINE_UTF8, LINE_LEGACY, LINE_TORN };

/* Returns what a line contains (UTF-8, other bytes or both). Adds the number of its UTF-8 characters to *characters. */
static enum line_kind kind_of(struct span line, size_t *characters) {
    size_t good = 0, bad = 0;
    for (size_t i = ascii_end(line, 0); i < line.length; i = ascii_end(line, i)) {
        uint32_t rune;
        size_t size = text_next(line, i, &rune);
        good += size > 1 && rune != RUNE_INVALID; /* U+FFFD encoded in UTF-8 stands for a character that was lost
                                                     earlier, in whatever encoding */
        bad += size == 1;
        i += size;
    }
    *characters += good;
    return bad == 0 ? good == 0 ? LINE_ASCII : LINE_UTF8 : good == 0 ? LINE_LEGACY : LINE_TORN;
}

/* Iterates over the lines of a text. With `tags`, a line also ends before the next tag, because some documents have no
 * line breaks. */
struct lines {
    struct span text;
    bool tags;
    /* `newline` and `tag` are the positions of the next newline and the next tag, kept so that each is searched for
     * only once. */
    size_t at, newline, tag;
};

static struct lines lines_of(struct span text, bool tags) {
    return (struct lines){.text = text, .tags = tags, .newline = SIZE_MAX, .tag = SIZE_MAX};
}

/* Returns the position of the first `byte` at or after `from`, or the end of the text. `last` is the previous result,
 * which may still be ahead. */
static size_t position_of(struct span text, char byte, size_t from, size_t last) {
    if (last != SIZE_MAX && last >= from) return last;
    const char *found = from < text.length ? memchr(text.at + from, byte, text.length - from) : NULL;
    return found ? (size_t)(found - text.at) : text.length;
}

/* Returns the next line, including the line break. */
static bool next_line(struct lines *lines, struct span *ret_line) {
    size_t from = lines->at, end;
    if (from == lines->text.length) return false;
    lines->newline = position_of(lines->text, '\n', from, lines->newline);
    end = lines->newline < lines->text.length ? lines->newline + 1 : lines->text.length;
    if (lines->tags) lines->tag = position_of(lines->text, '<', from + 1, lines->tag);
    if (lines->tags && lines->tag < end) end = lines->tag;
    *ret_line = span_cut(lines->text, from, end);
    lines->at = end;
    return true;
}

/* Returns whether any of the next BLOCK bytes may begin a UTF-8 sequence. At least one more byte must follow the block.
 * The loop has no branches, so that compilers can vectorise it. */
static bool may_begin(const char *at) {
    unsigned char any = 0;
    for (size_t i = 0; i < BLOCK; i++)
        any |= ((unsigned char)at[i] >= 0xC2) & (((unsigned char)at[i + 1] & 0xC0) == 0x80);
    return any;
}

/* Counts the characters that begin before `end`, and moves *position past the last one. */
static size_t count_characters(struct span raw, size_t *position, size_t end) {
    size_t good = 0, i = *position;
    for (uint32_t rune; i < end; good += rune >= 0x80 && rune != RUNE_INVALID) i += text_next(raw, i, &rune);
    *position = i;
    return good;
}

bool mixture_may_be(struct span raw) {
    size_t good = 0, position = 0;
    for (size_t block = 0; block < raw.length && good < MIN_CHARACTERS; block += BLOCK) {
        size_t end = block + BLOCK < raw.length ? block + BLOCK : raw.length;
        if (position < block) position = block;
        if (end == raw.length || may_begin(raw.at + block)) good += count_characters(raw, &position, end);
    }
    return good >= MIN_CHARACTERS;
}

bool mixture_is(struct span raw, bool tags, struct buffer *legacy) {
    size_t counts[LINE_TORN + 1] = {0}, characters = 0;
    struct lines lines = lines_of(raw, tags);
    struct span line;
    while (next_line(&lines, &line)) {
        enum line_kind kind = kind_of(line, &characters);
        counts[kind]++;
        if (kind == LINE_LEGACY) buffer_add_span(legacy, line);
    }
    size_t pure = counts[LINE_UTF8] + counts[LINE_LEGACY];
    return counts[LINE_LEGACY] > 0 && counts[LINE_LEGACY] <= counts[LINE_UTF8] && characters >= MIN_CHARACTERS &&
           counts[LINE_TORN] * TORN_SHARE <= pure;
}

size_t mixture_convert(const struct encoding_entry *utf8, const struct encoding_entry *encoding, bool tags,
                       struct span raw, struct buffer *out, size_t *ret_lines) {
    size_t bad = 0, legacy = 0, characters = 0;
    struct lines lines = lines_of(raw, tags);
    struct span line;
    while (next_line(&lines, &line)) {
        bool is_legacy = kind_of(line, &characters) == LINE_LEGACY;
        bad += encoding_convert(is_legacy ? encoding : utf8, line, out);
        legacy += is_legacy;
    }
    *ret_lines = legacy;
    return bad;
}
