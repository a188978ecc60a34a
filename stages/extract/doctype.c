#include "stages/extract/doctype.h"

/* Takes a word from the text, after white space. */
static struct span take_word(struct span *text) {
    size_t start = 0, end;
    while (start < text->length && text_is_space(text->at[start])) start++;
    for (end = start; end < text->length && !text_is_space(text->at[end]) && text->at[end] != '>';) end++;
    struct span word = span_cut(*text, start, end);
    *text = span_cut(*text, end, text->length);
    return word;
}

/* Takes an identifier in quotes. Returns false if there is none. */
static bool take_identifier(struct span *text) {
    struct span rest = span_trim(*text);
    char quote = rest.length ? rest.at[0] : ' ';
    const char *end = quote == '"' || quote == '\'' ? memchr(rest.at + 1, quote, rest.length - 1) : NULL;
    if (!end) return false;
    *text = span_cut(rest, (size_t)(end - rest.at) + 1, rest.length);
    return true;
}

static bool ends(struct span text) {
    return span_is(span_trim(text), ">");
}

/* Returns true if the text after "public" or "system" is as it should be. */
static bool has_identifiers(struct span text, bool is_public) {
    if (!take_identifier(&text)) return false;
    return !is_public || ends(text) || take_identifier(&text);
}

bool doctype_is_quirky(struct span declaration) {
    struct span rest = span_cut(declaration, SPAN("<!doctype").length, declaration.length);
    if (!span_is_ascii_fold(take_word(&rest), "html")) return true;
    if (ends(rest)) return false;
    rest = span_trim(rest);
    bool is_public = span_starts_ascii_fold(rest, SPAN("public"));
    if (!is_public && !span_starts_ascii_fold(rest, SPAN("system"))) return true;
    return !has_identifiers(span_cut(rest, SPAN("public").length, rest.length), is_public);
}
