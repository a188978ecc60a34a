#include "stages/extract/title_parts.h"

#include <stdint.h>
#include <string.h>

#include "stages/language/unicode.h"

enum {
    LONGEST_SITE = 80 /* columns */
};

/* Separators between a headline and the name of a site. The first SURE_SEPARATORS of them do not occur within
 * headlines; the others do. */
enum { SURE_SEPARATORS = 10 };
static const char *const separators[] = {" | ", " - ", " – ",  " — ", " :: ", " » ", " • ", " · ", "｜", " ｜ ",
                                         "|",   "ㅣ",  " -- ", "--",  " › ",  "：",  " : ", "_",   "-",  " / "};

/* ---------------------------------------------------------------- comparing letters */

/* Returns the next byte of a letter or digit, with ASCII letters in lower case. The titles of a page may differ in
 * quotes, dashes and spaces, so these are skipped: U+2000 to U+203F (E2 80 xx) and U+0080 to U+00BF (C2 xx). */
static size_t next_letter(struct span text, size_t at, unsigned char *ret_letter) {
    for (; at < text.length; at++) {
        unsigned char c = (unsigned char)text.at[at];
        if (c == 0xE2 && at + 1 < text.length && (unsigned char)text.at[at + 1] == 0x80)
            at += 2;
        else if (c == 0xC2)
            at++;
        else if (c >= 0x80 || (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z'))
            break;
        else if (c >= 'A' && c <= 'Z')
            break;
    }
    unsigned char c = at < text.length ? (unsigned char)text.at[at] : 0;
    *ret_letter = c >= 'A' && c <= 'Z' ? (unsigned char)(c + 32) : c;
    return at + 1;
}

bool title_same(struct span a, struct span b) {
    unsigned char x = 1, y = 1;
    for (size_t i = 0, j = 0; x || y;) {
        i = next_letter(a, i, &x);
        j = next_letter(b, j, &y);
        if (x != y) return false;
    }
    return a.length && b.length;
}

/* Returns true if the letters of `part` occur in `whole`. A host is often the site's name with a suffix, as in
 * "fakti.bg" for "Fakti" and "STERN.de" for "stern". */
bool title_within(struct span part, struct span whole) {
    char small[64], large[256];
    size_t small_length = 0, large_length = 0;
    unsigned char c = 1;
    for (size_t i = 0; c && small_length < sizeof small; small[small_length++] = (char)c) i = next_letter(part, i, &c);
    c = 1;
    for (size_t i = 0; c && large_length < sizeof large; large[large_length++] = (char)c) i = next_letter(whole, i, &c);
    if (small_length < 3 || small_length > large_length) return false; /* both lengths include the final NUL */
    return span_find((struct span){large, large_length}, (struct span){small, small_length - 1}) != SIZE_MAX;
}

/* ---------------------------------------------------------------- the site's name */

/* Returns true if the part is the site's name: it occurs in the name or in the host, or it contains the name and little
 * else. */
static bool is_site(struct span part, struct span site, struct span host) {
    if (part.length == 0 || text_columns(part) > LONGEST_SITE) return false;
    bool more = part.length <= site.length * 2 + 10; /* the limit allows for "The Quay, Harbour edition" */
    return title_within(part, site) || (more && title_within(site, part)) || title_within(part, host);
}

/* Returns true if a character of a script without spaces begins at `at`. */
static bool is_wide_at(struct span text, size_t at) {
    return at < text.length && (unsigned char)text.at[at] >= 0xE3;
}

/* Returns true if the separator is at `at`. A hyphen without spaces is not a separator, because it joins words, except
 * in scripts without spaces. */
static bool is_separator(struct span text, size_t at, struct span separator) {
    if (!span_starts(span_cut(text, at, text.length), separator)) return false;
    bool bare = span_is(separator, "-") || span_is(separator, "_");
    return !bare || is_wide_at(text, at + 1);
}

static size_t find_first(struct span text, struct span separator) {
    for (size_t at = 0; at < text.length; at++)
        if (is_separator(text, at, separator)) return at;
    return SIZE_MAX;
}

static size_t find_last(struct span text, struct span separator) {
    for (size_t at = text.length; at-- > 0;)
        if (is_separator(text, at, separator)) return at;
    return SIZE_MAX;
}

/* Removes the site's name and its separator from the end or the beginning of a title. */
static struct span cut_site_once(struct span title, struct span site, struct span host) {
    for (size_t i = 0; i < sizeof separators / sizeof *separators; i++) {
        struct span separator = span_of(separators[i]);
        if (span_find(title, separator) == SIZE_MAX) continue; /* faster, and true of nearly all */
        size_t last = find_last(title, separator), first = find_first(title, separator);
        if (last == SIZE_MAX) continue;
        struct span before = span_cut(title, 0, last), behind = span_cut(title, last + separator.length, title.length);
        /* the rest must be long enough to be a title */
        if (text_columns(before) >= TITLE_SHORTEST && is_site(span_trim(behind), site, host)) return span_trim(before);
        struct span head = span_cut(title, 0, first), rest = span_cut(title, first + separator.length, title.length);
        if (text_columns(rest) >= TITLE_SHORTEST && is_site(span_trim(head), site, host)) return span_trim(rest);
    }
    return title;
}

struct span title_without_site(struct span title, struct span site, struct span host) {
    title = cut_site_once(span_trim(title), site, host);
    return cut_site_once(title, site, host);
}

/* ---------------------------------------------------------------- separators */

static size_t separator_length(struct span text) {
    for (size_t i = 0; i < SURE_SEPARATORS; i++)
        if (span_starts(text, span_of(separators[i]))) return strlen(separators[i]);
    return 0;
}

bool title_next_part(struct span *rest, struct span *ret_part) {
    if (!rest->length) return false;
    size_t at = 0, length = 0;
    while (at < rest->length && !(length = separator_length(span_cut(*rest, at, rest->length)))) at++;
    *ret_part = span_cut(*rest, 0, at);
    *rest = span_cut(*rest, at + length, rest->length);
    return true;
}

bool title_extends(struct span title, struct span headline) {
    return headline.length && span_starts(title, headline) &&
           separator_length(span_cut(title, headline.length, title.length)) > 0;
}

/* Returns the length of a separator that does not occur within headlines, or 0. Dashes do, except hyphens before a wide
 * character. */
static size_t sure_length(struct span title, size_t at) {
    static const char *const hyphens[] = {" - ", " -- ", "-", "_"};
    static const char *const dashes[] = {" - ", " – ", " — "};
    struct span rest = span_cut(title, at, title.length);
    for (size_t i = 0; i < sizeof hyphens / sizeof *hyphens; i++)
        if (span_starts(rest, span_of(hyphens[i])) && is_wide_at(rest, strlen(hyphens[i]))) return strlen(hyphens[i]);
    for (size_t i = 0; i < sizeof dashes / sizeof *dashes; i++)
        if (span_starts(rest, span_of(dashes[i]))) return 0;
    return separator_length(rest);
}

static size_t find_sure_tail(struct span title) {
    for (size_t at = title.length; at-- > 0;)
        if (sure_length(title, at)) return at;
    return SIZE_MAX;
}

/* Returns true if `part` is long enough to be a headline, and `other` is short beside it. */
static bool outweighs(struct span part, struct span other) {
    size_t columns = text_columns(part);
    return columns >= TITLE_SHORTEST && text_columns(other) * 2 <= columns;
}

struct span title_without_tail(struct span title) {
    size_t at = find_sure_tail(title);
    if (at == SIZE_MAX) return title;
    struct span before = span_trim(span_cut(title, 0, at));
    struct span tail = span_cut(title, at + sure_length(title, at), title.length);
    return outweighs(before, tail) ? before : title;
}

struct span title_without_front(struct span title) {
    static const char *const path_marks[] = {" :: ", " » ", " › "};
    for (size_t i = 0; i < sizeof path_marks / sizeof *path_marks; i++) {
        size_t at = span_find(title, span_of(path_marks[i]));
        if (at == SIZE_MAX) continue;
        struct span behind = span_trim(span_cut(title, at + strlen(path_marks[i]), title.length));
        if (outweighs(behind, span_cut(title, 0, at))) return behind;
    }
    return title;
}

/* ---------------------------------------------------------------- what titles have in common */

/* Returns true if the text starts with a separator. A comma or an opening bracket may also continue the headline, so it
 * counts only if `surely` is false, which means that no other title has the longer form. */
static bool starts_with_separator(struct span rest, bool surely) {
    for (size_t i = 0; i < sizeof separators / sizeof *separators; i++)
        if (is_separator(rest, 0, span_of(separators[i]))) return true;
    return !surely && (span_starts(rest, SPAN(", ")) || span_starts(rest, SPAN(" (")));
}

struct span title_common(struct span title, struct span other, bool surely) {
    if (text_columns(other) < TITLE_SHORTEST || title.length <= other.length || !span_starts(title, other))
        return title;
    struct span rest = span_cut(title, other.length, title.length);
    return starts_with_separator(rest, surely) ? span_cut(title, 0, other.length) : title;
}

bool title_has_kicker(struct span title, struct span headline) {
    if (text_columns(headline) < TITLE_SHORTEST || title.length <= headline.length || !span_ends(title, headline))
        return false;
    return span_ends(span_trim(span_cut(title, 0, title.length - headline.length)), SPAN(":"));
}

struct span title_without_kicker(struct span heading, struct span kicker, struct span other) {
    if (text_columns(other) < TITLE_SHORTEST || heading.length <= other.length || !span_ends(heading, other))
        return heading;
    struct span front = span_cut(heading, 0, heading.length - other.length);
    bool joined = !span_ends(front, SPAN(" ")) || span_ends(span_trim(front), SPAN(":"));
    return joined || !title_same(front, kicker) ? heading : other;
}

struct span title_without_subline(struct span heading, struct span first, struct span other) {
    if (!title_same(first, other) || !span_starts(heading, first)) return heading;
    size_t columns = text_columns(first), rest = text_columns(heading) - columns;
    return columns >= TITLE_SHORTEST && rest > columns ? other : heading;
}

struct span title_last_part(struct span title, struct span other) {
    if (text_columns(other) < TITLE_SHORTEST || title.length <= other.length || !span_ends(title, other)) return title;
    struct span front = span_cut(title, 0, title.length - other.length);
    if (text_columns(other) < text_columns(front)) return title; /* it may be the site */
    for (size_t i = 0; i < SURE_SEPARATORS; i++)
        if (span_ends(front, span_of(separators[i]))) return span_cut(title, front.length, title.length);
    return title;
}

struct span title_beside(struct span title, struct span name) {
    if (!name.length || title.length <= name.length) return SPAN("");
    struct span rest = span_cut(title, name.length, title.length);
    struct span front = span_cut(title, 0, title.length - name.length);
    for (size_t i = 0; i < sizeof separators / sizeof *separators; i++) {
        struct span separator = span_of(separators[i]);
        if (span_starts(title, name) && is_separator(rest, 0, separator))
            return span_trim(span_cut(rest, separator.length, rest.length));
        if (span_ends(title, name) && span_ends(front, separator))
            return span_trim(span_cut(front, 0, front.length - separator.length));
    }
    if (span_starts(title, name) && span_starts(rest, SPAN(": "))) return span_trim(span_cut(rest, 2, rest.length));
    return SPAN("");
}
