#include "stages/extract/titles.h"

#include <stdint.h>

#include "stages/language/unicode.h"

enum { SHORTEST_TITLE = 10, LONGEST_SITE = 80, FULL_VOICE = 3, CANDIDATES = 3 + MAX_HEADINGS };

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

/* A comma or a bracket may also go on with the headline. */
static bool parts(struct span rest, bool surely) {
    for (size_t i = 0; i < sizeof separators / sizeof *separators; i++)
        if (is_separator(rest, 0, span_of(separators[i]))) return true;
    return !surely && (span_starts(rest, SPAN(", ")) || span_starts(rest, SPAN(" (")));
}

struct candidate {
    struct span text, from;
    unsigned voice;
    bool alone; /* may be the title though no other says so */
};

/* What another title says, and then a separator and more: the other title is enough. */
static struct span cut_to(struct span title, struct span other, bool surely) {
    if (text_columns(other) < SHORTEST_TITLE || title.length <= other.length || !span_starts(title, other))
        return title;
    struct span rest = span_cut(title, other.length, title.length);
    return parts(rest, surely) ? span_cut(title, 0, other.length) : title;
}

/* "Sea travel: Ferries run again" for "Ferries run again": both say the same, and neither outvotes the other by its
 * place alone. */
static bool has_kicker(struct span title, struct span headline) {
    if (text_columns(headline) < SHORTEST_TITLE || title.length <= headline.length || !span_ends(title, headline))
        return false;
    return span_ends(span_trim(span_cut(title, 0, title.length - headline.length)), SPAN(":"));
}

/* A kicker inside the heading: "Sea travel Ferries run again", where others say the headline alone. */
static struct span cut_kicker(struct span heading, struct span other) {
    if (text_columns(other) < SHORTEST_TITLE || heading.length <= other.length || !span_ends(heading, other))
        return heading;
    struct span kicker = span_cut(heading, 0, heading.length - other.length);
    bool joined = !span_ends(kicker, SPAN(" ")) || span_ends(span_trim(kicker), SPAN(":"));
    return joined || kicker.length > other.length ? heading : other;
}

static bool is_said_twice(const struct candidate *candidates, size_t count, size_t of) {
    for (size_t i = 0; i < count; i++)
        if (i != of && candidates[i].voice >= FULL_VOICE && same(candidates[i].text, candidates[of].text)) return true;
    return false;
}

static void cut_to_others(struct candidate *candidates, size_t count) {
    for (size_t i = 0; i < count; i++) {
        bool agreed = is_said_twice(candidates, count, i), heading = i > 0 && i + 2 < count;
        for (size_t j = 0; j < count; j++) {
            bool from_others = heading && (j == 0 || j + 2 >= count);
            if (i != j) candidates[i].text = cut_to(candidates[i].text, candidates[j].text, agreed);
            if (from_others) candidates[i].text = cut_kicker(candidates[i].text, candidates[j].text);
        }
    }
}

static struct candidate heading(const struct titles *titles, size_t index) {
    static const struct {
        const char *from;
        unsigned voice;
        bool alone;
    } places[] = {[HEADING_FIRST] = {"h1", 3, true},
                  [HEADING_HEADLINE] = {"h1", 5, true},
                  [HEADING_NAMED] = {"h2", 3, true},
                  [HEADING_SECOND] = {"h2", 2, false},
                  [HEADING_ELSEWHERE] = {"h1", 1, false}};
    enum heading_place place = titles->places[index];
    return (struct candidate){titles->headings[index], span_of(places[place].from), places[place].voice,
                              places[place].alone};
}

static size_t gather(const struct titles *titles, struct candidate *candidates) {
    size_t count = 0;
    candidates[count++] = (struct candidate){titles->shared, titles->shared_from, 3, true};
    for (size_t i = 0; i < titles->heading_count; i++) candidates[count++] = heading(titles, i);
    candidates[count++] = (struct candidate){titles->headline, SPAN("json-ld headline"), 3, true};
    candidates[count++] = (struct candidate){titles->document, SPAN("title"), 1, true};
    for (size_t i = 0; i < count; i++)
        for (int rounds = 0; rounds < 2; rounds++)
            candidates[i].text = cut_site_once(span_trim(candidates[i].text), titles);
    cut_to_others(candidates, count);
    for (size_t i = 1; i + 2 < count; i++)
        if (has_kicker(candidates[0].text, candidates[i].text) && candidates[i].voice > FULL_VOICE)
            candidates[i].voice = FULL_VOICE;
    return count;
}

static unsigned count_votes(const struct candidate *candidates, size_t count, size_t of) {
    unsigned votes = 0, heard = 0;
    bool alone = false;
    for (size_t i = 0; i < count; i++) {
        if (!same(candidates[i].text, candidates[of].text)) continue;
        alone = alone || candidates[i].alone;
        votes += candidates[i].voice;
        heard++;
    }
    return alone || heard > 1 ? votes : 0;
}

static struct span evidence_of(const struct candidate *candidates, size_t count, struct span chosen,
                               struct arena *arena) {
    struct span evidence = {NULL, 0}, last = {NULL, 0};
    for (size_t i = 0; i < count; i++) {
        if (!same(candidates[i].text, chosen) || span_equal(candidates[i].from, last)) continue;
        evidence = arena_print(arena, "%.*s%s%.*s", SPAN_ARGS(evidence), evidence.length ? ", " : "",
                               SPAN_ARGS(candidates[i].from));
        last = candidates[i].from;
    }
    return evidence;
}

struct span titles_choose(const struct titles *titles, struct arena *arena, struct span *ret_evidence) {
    struct candidate candidates[CANDIDATES];
    struct span best = {NULL, 0};
    size_t count = gather(titles, candidates);
    unsigned most = 0;
    for (size_t i = 0; i < count; i++) {
        unsigned votes = count_votes(candidates, count, i);
        struct span text = candidates[i].text;
        if (text.length == 0 || votes <= most || same(text, titles->site)) continue;
        most = votes;
        best = text;
    }
    *ret_evidence = evidence_of(candidates, count, best, arena);
    return best;
}
