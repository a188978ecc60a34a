/* Finds what a service adds to its translation and a reader should not see: HTML tags, Markdown and the like. Whatever
 * the source has too is the author's. */
#include <string.h>

#include "stages/check/checks.h"

enum { LONGEST_TAG = 256, LONGEST_ENTITY = 10, MAX_HEADING = 6, CLIP = 40 };

static char byte_at(struct span text, size_t i) {
    return i < text.length ? text.at[i] : '\0';
}

static bool is_letter(char c) {
    return (unsigned)((c | 32) - 'a') < 26;
}

/* Returns whether the byte may be part of a word. */
static bool is_word(char c) {
    return is_letter(c) || (unsigned)(c - '0') < 10 || (unsigned char)c >= 0x80;
}

static bool is_space(char c) {
    return c == '\0' || text_is_space(c);
}

/* ---------------------------------------------------------------- tags, entities, placeholders */

/* Returns whether a comment or an instruction begins at `i` ("<!-- ", "<!DOCTYPE", "<?php"), which may never end. */
static bool begins_comment(struct span text, size_t i) {
    char sign = byte_at(text, i + 1), next = byte_at(text, i + 2);
    return text.at[i] == '<' &&
           ((sign == '!' && (next == '-' || next == '[' || is_letter(next))) || (sign == '?' && is_letter(next)));
}

/* Returns whether an HTML or BBCode tag begins at `i` ("<b>", "</p>", "<br/>", "[/url]"). */
static bool begins_tag(struct span text, size_t i) {
    char close = text.at[i] == '<' ? '>' : ']';
    size_t name = i + 1 + (byte_at(text, i + 1) == '/');
    if (!is_letter(byte_at(text, name)) || (close == ']' && name == i + 1)) return false;
    for (size_t end = name; end < text.length && end < i + LONGEST_TAG && text.at[end] != text.at[i]; end++)
        if (text.at[end] == close) return true;
    return false;
}

/* Returns whether a character reference begins at `i` ("&nbsp;", "&#39;"). */
static bool begins_entity(struct span text, size_t i) {
    size_t end = i + 1 + (byte_at(text, i + 1) == '#');
    size_t start = end;
    while (end - i < LONGEST_ENTITY && is_word(byte_at(text, end))) end++;
    return end > start + 1 && byte_at(text, end) == ';';
}

/* Returns whether a Markdown link begins at `i`, whose "[" stands there ("[text](address)"). */
static bool begins_link(struct span text, size_t i) {
    for (size_t end = i + 1; end < text.length && end < i + LONGEST_TAG && text.at[end] != '['; end++)
        if (text.at[end] == ']') return byte_at(text, end + 1) == '(';
    return false;
}

/* Returns whether the sign at `i` marks a word ("*alcalde", "#alcalde"), as some engines mark words that they do not
 * know. */
static bool marks_word(struct span text, size_t i) {
    return !(i && is_word(text.at[i - 1])) && is_letter(byte_at(text, i + 1));
}

/* Returns whether a tag, link, character reference, placeholder or mark begins at `i`. */
static bool begins_piece(struct span text, size_t i) {
    switch (text.at[i]) {
    case '<':
        return begins_tag(text, i) || begins_comment(text, i);
    case '&':
        return begins_entity(text, i);
    case '[':
        return begins_tag(text, i) || begins_link(text, i);
    case '{':
        return byte_at(text, i + 1) == '{';
    case '#':
        return marks_word(text, i);
    default:
        return false;
    }
}

/* ---------------------------------------------------------------- emphasis */

static bool emphasises(char c) {
    return c == '*' || c == '_' || c == '`' || c == '~';
}

/* Returns the number of equal marks at `i`. */
static size_t run_length(struct span text, size_t i) {
    size_t end = i;
    while (byte_at(text, end) == text.at[i]) end++;
    return end - i;
}

/* Returns whether the run of marks begins emphasis, since only what follows it is a word. */
static bool begins(struct span text, size_t i, size_t length) {
    char before = i ? text.at[i - 1] : '\0', after = byte_at(text, i + length);
    return !is_word(before) && (is_word(after) || (length > 1 && !is_space(after) && strchr("\"'([", after)));
}

static bool ends(struct span text, size_t i, size_t length) {
    char before = i ? text.at[i - 1] : '\0', after = byte_at(text, i + length);
    return !is_word(after) && !is_space(before) && (is_word(before) || strchr(".,;:!?\"')]%", before));
}

/* What is known while a text is read, by mark: where emphasis began (plus 1, or 0), and whether the source has the
 * mark. */
struct search {
    struct span source;
    size_t begun[128];
    bool looked_up[128], in_source[128];
};

/* Returns whether the run of marks at `i` shows emphasis, and where it begins. A mark that begins emphasis needs one
 * that ends it, except two asterisks: the sentence may be only a part of what was emphasised. */
static bool is_emphasis(struct search *search, struct span text, size_t i, size_t length, size_t *ret_from) {
    unsigned char mark = (unsigned char)text.at[i];
    bool first = begins(text, i, length), last = ends(text, i, length);
    size_t begun = search->begun[mark];
    if (length > 3 || (!first && !last) || (mark == '~' && length != 2)) return false;
    search->begun[mark] = first ? i + 1 : 0;
    *ret_from = begun && last ? begun - 1 : i;
    return (mark == '*' && (length > 1 || marks_word(text, i))) || (begun && last);
}

/* Returns whether the source has the mark anywhere, so that it may be the author's. */
static bool is_of_author(struct search *search, char mark) {
    unsigned char i = (unsigned char)mark;
    if (!search->looked_up[i]) search->in_source[i] = memchr(search->source.at, mark, search->source.length) != NULL;
    search->looked_up[i] = true;
    return search->in_source[i];
}

/* ---------------------------------------------------------------- beginnings */

/* Returns whether the text begins as Markdown writes a heading ("## "), a quotation or an item of a list. */
static bool has_prefix(struct span text) {
    size_t end = 0;
    while (end < MAX_HEADING && byte_at(text, end) == '#') end++;
    if (end == 0) end = byte_at(text, 0) == '>' || byte_at(text, 0) == '*' || byte_at(text, 0) == '-';
    return end && byte_at(text, end) == ' ';
}

/* Returns whether the text begins with a letter or a digit, and so not with a dash or bullet of any kind. */
static bool begins_with_word(struct span text) {
    uint32_t rune = 0;
    if (text.length) text_next(text, 0, &rune);
    return rune_is_word(rune);
}

/* ---------------------------------------------------------------- the check */

/* Returns the beginning of the first markup in the English of which the source has no mark. */
static struct span find_markup(struct span source, struct span text) {
    struct search search = {.source = source};
    if (has_prefix(text) && begins_with_word(source)) return span_cut(text, 0, CLIP);
    for (size_t i = 0, length; i < text.length; i += length ? length : 1) {
        size_t from = i;
        length = emphasises(text.at[i]) ? run_length(text, i) : 0;
        bool found = length ? is_emphasis(&search, text, i, length, &from) : begins_piece(text, i);
        if (found && !is_of_author(&search, text.at[i])) return span_cut(text, from, from + CLIP);
    }
    return (struct span){0};
}

bool check_markup(const struct pair *pair, struct buffer *message) {
    struct span found = find_markup(span_trim(pair->source), span_trim(pair->target));
    if (found.length)
        buffer_print(message, "the English has markup that the source does not have: '%.*s'",
                     SPAN_ARGS(text_clip(found, CLIP)));
    return found.length > 0;
}
