#include "stages/extract/titles.h"

#include <stdint.h>

#include "stages/language/unicode.h"

enum { SHORTEST_TITLE = 10, LONGEST_SITE = 80, FULL_VOICE = 3, SMALL_VOICE = 1, CANDIDATES = 3 + MAX_HEADLINES };

static const char *const separators[] = {" | ", " - ", " – ",  " — ", " :: ", " » ", " • ", " · ", "｜", " ｜ ",
                                         "|",   "ㅣ",  " -- ", "--",  " › ",  "：",  " : ", "_",   "-",  " / "};

/* ---------------------------------------------------------------- the same letters */

/* Letters and digits in lower case decide; quotes, dashes and spaces do not. */
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

static bool same(struct span a, struct span b) {
    unsigned char x = 1, y = 1;
    for (size_t i = 0, j = 0; x || y;) {
        i = next_letter(a, i, &x);
        j = next_letter(b, j, &y);
        if (x != y) return false;
    }
    return a.length && b.length;
}

/* "fakti.bg" and "Fakti", "STERN.de" and "stern". */
static bool is_within(struct span part, struct span whole) {
    char small[64], large[256];
    size_t small_length = 0, large_length = 0;
    unsigned char c = 1;
    for (size_t i = 0; c && small_length < sizeof small; small[small_length++] = (char)c) i = next_letter(part, i, &c);
    c = 1;
    for (size_t i = 0; c && large_length < sizeof large; large[large_length++] = (char)c) i = next_letter(whole, i, &c);
    if (small_length < 3 || small_length > large_length) return false; /* both end in a zero that counts */
    return span_find((struct span){large, large_length}, (struct span){small, small_length - 1}) != SIZE_MAX;
}

/* ---------------------------------------------------------------- the site's name */

static bool is_site(struct span part, const struct titles *titles) {
    if (part.length == 0 || text_columns(part) > LONGEST_SITE) return false;
    bool more = part.length <= titles->site.length * 2 + 10; /* "The Quay, Harbour edition" */
    return is_within(part, titles->site) || (more && is_within(titles->site, part)) || is_within(part, titles->host);
}

/* A hyphen without spaces parts words everywhere but in scripts that have no spaces. */
static bool is_separator(struct span text, size_t at, struct span separator) {
    if (!span_starts(span_cut(text, at, text.length), separator)) return false;
    bool bare = span_is(separator, "-") || span_is(separator, "_");
    return !bare || (at > 0 && (unsigned char)text.at[at - 1] >= 0xE3) ||
           (at + 1 < text.length && (unsigned char)text.at[at + 1] >= 0xE3);
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

static struct span cut_site_once(struct span title, const struct titles *titles) {
    for (size_t i = 0; i < sizeof separators / sizeof *separators; i++) {
        struct span separator = span_of(separators[i]);
        size_t last = find_last(title, separator), first = find_first(title, separator);
        if (last == SIZE_MAX) continue;
        struct span before = span_cut(title, 0, last), behind = span_cut(title, last + separator.length, title.length);
        if (text_columns(before) >= SHORTEST_TITLE && is_site(span_trim(behind), titles)) return span_trim(before);
        struct span head = span_cut(title, 0, first), rest = span_cut(title, first + separator.length, title.length);
        if (text_columns(rest) >= SHORTEST_TITLE && is_site(span_trim(head), titles)) return span_trim(rest);
    }
    return title;
}

/* ---------------------------------------------------------------- agreement */

static bool parts(struct span rest) {
    for (size_t i = 0; i < sizeof separators / sizeof *separators; i++)
        if (is_separator(rest, 0, span_of(separators[i]))) return true;
    return span_starts(rest, SPAN(", ")) || span_starts(rest, SPAN(" ("));
}

/* What another title says, and then a separator and more: the other title is enough. */
static struct span cut_to(struct span title, struct span other) {
    if (text_columns(other) < SHORTEST_TITLE || title.length <= other.length || !span_starts(title, other))
        return title;
    struct span rest = span_cut(title, other.length, title.length);
    return parts(rest) ? span_cut(title, 0, other.length) : title;
}

static size_t gather(const struct titles *titles, struct span *candidates) {
    size_t count = 0;
    candidates[count++] = titles->shared;
    for (size_t i = 0; i < titles->headline_count; i++) candidates[count++] = titles->headlines[i];
    candidates[count++] = titles->headline;
    candidates[count++] = titles->document;
    for (size_t i = 0; i < count; i++)
        for (int rounds = 0; rounds < 2; rounds++) candidates[i] = cut_site_once(span_trim(candidates[i]), titles);
    for (size_t i = 0; i < count; i++)
        for (size_t j = 0; j < count; j++)
            if (i != j) candidates[i] = cut_to(candidates[i], candidates[j]);
    return count;
}

/* <title> is written for search engines, as the shared one often is: its voice counts for less. */
static size_t count_votes(const struct span *candidates, size_t count, size_t of) {
    size_t votes = 0;
    for (size_t i = 0; i < count; i++)
        votes += same(candidates[i], candidates[of]) ? (i + 1 < count ? FULL_VOICE : SMALL_VOICE) : 0;
    return votes;
}

static struct span evidence_of(const struct titles *titles, const struct span *candidates, size_t count,
                               struct span chosen, struct arena *arena) {
    struct span evidence = {NULL, 0}, last = {NULL, 0};
    for (size_t i = 0; i < count; i++) {
        struct span from = i == 0           ? titles->shared_from
                           : i + 1 == count ? SPAN("title")
                           : i + 2 == count ? SPAN("json-ld headline")
                                            : SPAN("h1");
        if (!same(candidates[i], chosen) || span_equal(from, last)) continue;
        evidence = arena_print(arena, "%.*s%s%.*s", SPAN_ARGS(evidence), evidence.length ? ", " : "", SPAN_ARGS(from));
        last = from;
    }
    return evidence;
}

struct span titles_choose(const struct titles *titles, struct arena *arena, struct span *ret_evidence) {
    struct span candidates[CANDIDATES], best = {NULL, 0};
    size_t count = gather(titles, candidates), most = 0;
    for (size_t i = 0; i < count; i++) {
        size_t votes = count_votes(candidates, count, i);
        if (candidates[i].length == 0 || votes <= most || same(candidates[i], titles->site)) continue;
        most = votes;
        best = candidates[i];
    }
    *ret_evidence = evidence_of(titles, candidates, count, best, arena);
    return best;
}
