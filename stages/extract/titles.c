#include "stages/extract/titles.h"

#include <stdint.h>
#include <string.h>

#include "stages/language/unicode.h"

enum {
    SHORTEST_TITLE = 10, /* columns */
    LONGEST_SITE = 80,   /* columns */
    FULL_WEIGHT = 3,     /* min. weight of a candidate that is reliable enough to confirm another */
    CANDIDATES = 3 + MAX_HEADINGS
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

static bool same_letters(struct span a, struct span b) {
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
static bool is_within(struct span part, struct span whole) {
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
static bool is_site(struct span part, const struct titles *titles) {
    if (part.length == 0 || text_columns(part) > LONGEST_SITE) return false;
    bool more = part.length <= titles->site.length * 2 + 10; /* the limit allows for "The Quay, Harbour edition" */
    return is_within(part, titles->site) || (more && is_within(titles->site, part)) || is_within(part, titles->host);
}

/* Returns true if the separator is at `at`. A hyphen without spaces is not a separator, because it joins words, except
 * in scripts without spaces. */
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

/* Removes the site's name and its separator from the end or the beginning of a title. */
static struct span cut_site_once(struct span title, const struct titles *titles) {
    for (size_t i = 0; i < sizeof separators / sizeof *separators; i++) {
        struct span separator = span_of(separators[i]);
        size_t last = find_last(title, separator), first = find_first(title, separator);
        if (last == SIZE_MAX) continue;
        struct span before = span_cut(title, 0, last), behind = span_cut(title, last + separator.length, title.length);
        /* the rest must be long enough to be a title */
        if (text_columns(before) >= SHORTEST_TITLE && is_site(span_trim(behind), titles)) return span_trim(before);
        struct span head = span_cut(title, 0, first), rest = span_cut(title, first + separator.length, title.length);
        if (text_columns(rest) >= SHORTEST_TITLE && is_site(span_trim(head), titles)) return span_trim(rest);
    }
    return title;
}

/* ---------------------------------------------------------------- separators */

static size_t separator_length(struct span text) {
    for (size_t i = 0; i < SURE_SEPARATORS; i++)
        if (span_starts(text, span_of(separators[i]))) return strlen(separators[i]);
    return 0;
}

bool titles_next_part(struct span *rest, struct span *ret_part) {
    if (!rest->length) return false;
    size_t at = 0, length = 0;
    while (at < rest->length && !(length = separator_length(span_cut(*rest, at, rest->length)))) at++;
    *ret_part = span_cut(*rest, 0, at);
    *rest = span_cut(*rest, at + length, rest->length);
    return true;
}

bool titles_extends(struct span title, struct span headline) {
    return headline.length && span_starts(title, headline) &&
           separator_length(span_cut(title, headline.length, title.length)) > 0;
}

/* ---------------------------------------------------------------- agreement */

/* Returns true if the text starts with a separator. A comma or an opening bracket may also continue the headline, so it
 * counts only if `surely` is false, which means that no other title has the longer form. */
static bool starts_with_separator(struct span rest, bool surely) {
    for (size_t i = 0; i < sizeof separators / sizeof *separators; i++)
        if (is_separator(rest, 0, span_of(separators[i]))) return true;
    return !surely && (span_starts(rest, SPAN(", ")) || span_starts(rest, SPAN(" (")));
}

struct candidate {
    struct span text, from;
    unsigned weight;
    bool alone; /* may be chosen as the title even if no other candidate agrees */
};

/* If the title consists of `other`, a separator and more text, returns only the part that both have in common. */
static struct span cut_to(struct span title, struct span other, bool surely) {
    if (text_columns(other) < SHORTEST_TITLE || title.length <= other.length || !span_starts(title, other))
        return title;
    struct span rest = span_cut(title, other.length, title.length);
    return starts_with_separator(rest, surely) ? span_cut(title, 0, other.length) : title;
}

/* Returns true if the title is the headline with a kicker before it: "Sea travel: Ferries run again" and "Ferries run
 * again". These agree, so neither may win only because it comes first. */
static bool has_kicker(struct span title, struct span headline) {
    if (text_columns(headline) < SHORTEST_TITLE || title.length <= headline.length || !span_ends(title, headline))
        return false;
    return span_ends(span_trim(span_cut(title, 0, title.length - headline.length)), SPAN(":"));
}

/* Removes a kicker without a separator, as in "Sea travel Ferries run again", from a heading if the other title lacks
 * it. */
static struct span cut_kicker(struct span heading, struct span other) {
    if (text_columns(other) < SHORTEST_TITLE || heading.length <= other.length || !span_ends(heading, other))
        return heading;
    struct span kicker = span_cut(heading, 0, heading.length - other.length);
    bool joined = !span_ends(kicker, SPAN(" ")) || span_ends(span_trim(kicker), SPAN(":"));
    return joined || kicker.length > other.length ? heading : other;
}

/* Returns true if another candidate with a weight of at least FULL_WEIGHT has the same title. */
static bool is_confirmed(const struct candidate *candidates, size_t count, size_t of) {
    for (size_t i = 0; i < count; i++)
        if (i != of && candidates[i].weight >= FULL_WEIGHT && same_letters(candidates[i].text, candidates[of].text))
            return true;
    return false;
}

/* Shortens each candidate to what it has in common with another. The candidates are, in this order, the shared title,
 * the headings, the JSON-LD headline and the document's title. Kickers are removed only from headings. */
static void cut_to_others(struct candidate *candidates, size_t count) {
    for (size_t i = 0; i < count; i++) {
        bool agreed = is_confirmed(candidates, count, i), heading = i > 0 && i + 2 < count;
        for (size_t j = 0; j < count; j++) {
            bool from_others = heading && (j == 0 || j + 2 >= count);
            if (i != j) candidates[i].text = cut_to(candidates[i].text, candidates[j].text, agreed);
            if (from_others) candidates[i].text = cut_kicker(candidates[i].text, candidates[j].text);
        }
    }
}

/* Returns the candidate for a heading. The most reliable is an <h1> in the article, the least reliable any
 * HEADING_ELSEWHERE. */
static struct candidate heading(const struct titles *titles, size_t index) {
    static const struct {
        const char *from;
        unsigned weight;
        bool alone;
    } places[] = {[HEADING_FIRST] = {"h1", 3, true},
                  [HEADING_HEADLINE] = {"h1", 5, true},
                  [HEADING_NAMED] = {"h2", 3, true},
                  [HEADING_SECOND] = {"h2", 2, false},
                  [HEADING_ELSEWHERE] = {"h1", 1, false}};
    enum heading_place place = titles->places[index];
    return (struct candidate){titles->headings[index], span_of(places[place].from), places[place].weight,
                              places[place].alone};
}

/* Collects the candidates. The site's name is removed twice, because it may be both before and after the title. */
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
    /* if the shared title has a kicker that the heading lacks, both get the same weight */
    for (size_t i = 1; i + 2 < count; i++)
        if (has_kicker(candidates[0].text, candidates[i].text) && candidates[i].weight > FULL_WEIGHT)
            candidates[i].weight = FULL_WEIGHT;
    return count;
}

/* Returns the document's title without `name`: "Rain again" for "Rain again | The Quay" or "The Quay | Rain again".
 * Returns an empty span if the title does not have this form. */
static struct span rest_beside(struct span document, struct span name) {
    if (!name.length || document.length <= name.length) return SPAN("");
    struct span rest = span_cut(document, name.length, document.length);
    struct span front = span_cut(document, 0, document.length - name.length);
    for (size_t i = 0; i < sizeof separators / sizeof *separators; i++) {
        struct span separator = span_of(separators[i]);
        if (span_starts(document, name) && is_separator(rest, 0, separator))
            return span_trim(span_cut(rest, separator.length, rest.length));
        if (span_ends(document, name) && span_ends(front, separator))
            return span_trim(span_cut(front, 0, front.length - separator.length));
    }
    return SPAN("");
}

/* Returns true if another title has this text. Ignores the document's title and the heading number `but`. */
static bool is_repeated(const struct titles *titles, struct span text, size_t but) {
    for (size_t i = 0; i < titles->heading_count; i++)
        if (i != but && same_letters(titles->headings[i], text)) return true;
    return same_letters(titles->shared, text) || same_letters(titles->headline, text);
}

/* Returns the name of the site. A heading is the name of the site or a section if the document's title consists of this
 * heading and a headline, and the headline also occurs alone as another title. Otherwise, returns the name that the
 * page gives. */
static struct span find_site(const struct titles *titles) {
    for (size_t i = 0; i < titles->heading_count; i++) {
        struct span name = span_trim(titles->headings[i]);
        struct span rest =
            titles->places[i] == HEADING_FIRST ? rest_beside(span_trim(titles->document), name) : SPAN("");
        bool alone = !is_repeated(titles, name, i) && text_count(name) < text_count(rest);
        if (rest.length && alone && is_repeated(titles, rest, i)) return name;
    }
    return titles->site;
}

/* Returns the sum of the weights of all candidates with this text. Returns 0 if there is only one and it needs the
 * agreement of another. */
static unsigned count_votes(const struct candidate *candidates, size_t count, size_t of) {
    unsigned votes = 0, supporters = 0;
    bool alone = false;
    for (size_t i = 0; i < count; i++) {
        if (!same_letters(candidates[i].text, candidates[of].text)) continue;
        alone = alone || candidates[i].alone;
        votes += candidates[i].weight;
        supporters++;
    }
    return alone || supporters > 1 ? votes : 0;
}

/* Lists the sources of the chosen title. Several headings with the same text are listed once. */
static struct span evidence_of(const struct candidate *candidates, size_t count, struct span chosen,
                               struct arena *arena) {
    struct span evidence = {NULL, 0}, last = {NULL, 0};
    for (size_t i = 0; i < count; i++) {
        if (!same_letters(candidates[i].text, chosen) || span_equal(candidates[i].from, last)) continue;
        evidence = arena_print(arena, "%.*s%s%.*s", SPAN_ARGS(evidence), evidence.length ? ", " : "",
                               SPAN_ARGS(candidates[i].from));
        last = candidates[i].from;
    }
    return evidence;
}

/* Chooses the candidate with the most votes or, if several have as many, the first. The site's name is never chosen. */
struct span titles_choose(const struct titles *titles, struct arena *arena, struct span *ret_evidence) {
    struct candidate candidates[CANDIDATES];
    struct span best = {NULL, 0};
    struct titles known = *titles;
    known.site = find_site(titles);
    size_t count = gather(&known, candidates);
    unsigned most = 0;
    for (size_t i = 0; i < count; i++) {
        unsigned votes = count_votes(candidates, count, i);
        struct span text = candidates[i].text;
        if (text.length == 0 || votes <= most || same_letters(text, known.site)) continue;
        most = votes;
        best = text;
    }
    *ret_evidence = evidence_of(candidates, count, best, arena);
    return best;
}
