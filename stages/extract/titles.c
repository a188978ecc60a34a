#include "stages/extract/titles.h"

#include <stdint.h>

#include "stages/extract/title_parts.h"
#include "stages/extract/tree.h"
#include "stages/language/unicode.h"

enum { CANDIDATES = 4 + MAX_HEADINGS, CUT_BYTES = 400 };

static bool is_heading(const struct candidate *candidate) {
    return candidate->place >= TITLE_HEADING_MARKED && candidate->place <= TITLE_HEADING_ELSEWHERE;
}

/* ---------------------------------------------------------------- the site's name */

/* Returns true if another title has this text. Ignores the document's title and the heading number `but`. */
static bool is_repeated(const struct titles *titles, struct span text, size_t but) {
    for (size_t i = 0; i < titles->heading_count; i++)
        if (i != but && title_same(titles->headings[i], text)) return true;
    return title_same(titles->shared, text) || title_same(titles->headline, text);
}

/* Returns true if the text, or its last part, occurs as another title: "Ferries run again" in "Archive - Ferries run
 * again". */
static bool ends_repeated(const struct titles *titles, struct span text, size_t but) {
    struct span part = text;
    if (is_repeated(titles, text, but)) return true;
    while (title_next_part(&text, &part)) continue;
    return text_columns(part) >= TITLE_SHORTEST && is_repeated(titles, span_trim(part), but);
}

/* Returns the name of the site. A heading is the name of the site or a section if the document's title consists of this
 * heading and a headline, and the headline also occurs alone as another title. Otherwise, returns the name that the
 * page gives. */
static struct span find_site(const struct titles *titles) {
    for (size_t i = 0; i < titles->heading_count; i++) {
        struct span name = titles->headings[i];
        bool first = titles->places[i] == TITLE_HEADING_FIRST || titles->places[i] == TITLE_HEADING_MARKED;
        struct span rest = first ? title_beside(titles->document, name) : SPAN("");
        bool alone = !is_repeated(titles, name, i) && text_count(name) < text_count(rest);
        if (rest.length && alone && ends_repeated(titles, rest, i)) return name;
    }
    return titles->site;
}

/* ---------------------------------------------------------------- candidates */

/* Returns an empty text for one that is too long for a title, such as a heading around a whole article. */
static struct span normalized_one(struct span title, struct arena *arena) {
    return title.length > TITLE_BYTES ? SPAN("") : text_plain_spaces(title, arena);
}

static struct titles normalized(const struct titles *titles, struct arena *arena) {
    struct titles made = *titles;
    made.shared = normalized_one(titles->shared, arena);
    made.meta = normalized_one(titles->meta, arena);
    made.headline = normalized_one(titles->headline, arena);
    made.document = normalized_one(titles->document, arena);
    for (size_t i = 0; i < titles->heading_count; i++) made.headings[i] = normalized_one(titles->headings[i], arena);
    return made;
}

static struct candidate heading(const struct titles *titles, size_t index) {
    enum place place = titles->places[index];
    bool second = place == TITLE_HEADING_NAMED || place == TITLE_HEADING_SECOND;
    return (struct candidate){.text = titles->headings[index],
                              .from = second ? SPAN("h2") : SPAN("h1"),
                              .first = titles->firsts[index],
                              .place = place,
                              .supporting = place == TITLE_HEADING_SECOND || place == TITLE_HEADING_ELSEWHERE};
}

static size_t list_candidates(const struct titles *titles, const struct candidate_weights *weights,
                              struct candidate *candidates) {
    size_t count = 0;
    candidates[count++] =
        (struct candidate){.text = titles->shared, .from = titles->shared_from, .place = TITLE_SHARED};
    candidates[count++] = (struct candidate){.text = titles->meta, .from = titles->meta_from, .place = TITLE_META};
    for (size_t i = 0; i < titles->heading_count; i++) candidates[count++] = heading(titles, i);
    candidates[count++] =
        (struct candidate){.text = titles->headline, .from = SPAN("json-ld headline"), .place = TITLE_LINKED};
    candidates[count++] = (struct candidate){.text = titles->document, .from = SPAN("title"), .place = TITLE_DOCUMENT};
    for (size_t i = 0; i < count; i++) candidates[i].weight = weights->places[candidates[i].place];
    return count;
}

/* ---------------------------------------------------------------- what they have in common */

/* Returns true if another candidate has the same title, and its place is as reliable as the shared title or more. */
static bool is_confirmed(const struct candidate *candidates, size_t count, size_t of) {
    for (size_t i = 0; i < count; i++)
        if (i != of && candidates[i].weight >= candidates[0].weight &&
            title_same(candidates[i].text, candidates[of].text))
            return true;
    return false;
}

/* Shortens a candidate to what it has in common with another. Kickers are removed only from headings, and sections
 * only from the document's title, because other titles have them for a reason. */
static void cut_to_other(struct candidate *candidate, const struct candidate *other, bool agreed) {
    candidate->text = title_common(candidate->text, other->text, agreed);
    if (candidate->place == TITLE_DOCUMENT) candidate->text = title_last_part(candidate->text, other->text);
    if (!is_heading(candidate) || is_heading(other)) return;
    candidate->text = title_without_kicker(candidate->text, candidate->first, other->text);
    candidate->text = title_without_subline(candidate->text, candidate->first, other->text);
}

static void cut_to_others(struct candidate *candidates, size_t count) {
    for (size_t i = 0; i < count; i++) {
        bool agreed = is_confirmed(candidates, count, i);
        for (size_t j = 0; j < count; j++)
            if (i != j) cut_to_other(&candidates[i], &candidates[j], agreed);
    }
}

/* A heading without the kicker that the shared title has agrees with it, so neither may win by the heading's greater
 * weight. */
static void weigh_kickers(struct candidate *candidates, size_t count) {
    for (size_t i = 1; i < count; i++)
        if (is_heading(&candidates[i]) && candidates[i].weight > candidates[0].weight &&
            title_has_kicker(candidates[0].text, candidates[i].text))
            candidates[i].weight = candidates[0].weight;
}

/* The site's name may be both before and after a title. */
static size_t gather(const struct titles *titles, const struct candidate_weights *weights,
                     struct candidate *candidates) {
    size_t count = list_candidates(titles, weights, candidates);
    for (size_t i = 0; i < count; i++)
        candidates[i].text = title_without_site(candidates[i].text, titles->site, titles->host);
    cut_to_others(candidates, count);
    weigh_kickers(candidates, count);
    return count;
}

/* Headings are assembled from several elements, often without the spaces between them, so the same title in JSON-LD is
 * better spelled. */
static size_t best_spelled(const struct candidate *candidates, size_t count, size_t best) {
    for (size_t i = 0; i < count && is_heading(&candidates[best]); i++)
        if (candidates[i].place == TITLE_LINKED && title_same(candidates[i].text, candidates[best].text)) return i;
    return best;
}

/* ---------------------------------------------------------------- titles that are too long */

/* Cuts after a word, or after a character in scripts without spaces or in a very long word. */
static struct span cut_at_word(struct span text, struct arena *arena) {
    struct span cut = text_clip(text, CUT_BYTES);
    size_t end = cut.length;
    while (end > CUT_BYTES / 2 && !text_is_space(text.at[end])) end--;
    if (end > CUT_BYTES / 2) cut = span_trim(span_cut(cut, 0, end));
    return arena_print(arena, "%.*s…", SPAN_ARGS(cut));
}

/* A page whose only titles are too long gets the beginning of the most reliable one. */
static struct span cut_too_long(const struct titles *titles, const struct candidate_weights *weights,
                                struct arena *arena, struct span *ret_evidence) {
    struct candidate candidates[CANDIDATES], *best = NULL;
    size_t count = list_candidates(titles, weights, candidates);
    for (size_t i = 0; i < count; i++) {
        candidates[i].text = text_plain_spaces(candidates[i].text, arena);
        bool fits = candidates[i].text.length > TITLE_BYTES && !candidates[i].supporting;
        if (fits && (!best || candidates[i].weight > best->weight)) best = &candidates[i];
    }
    *ret_evidence = best ? best->from : SPAN("");
    return best ? cut_at_word(best->text, arena) : SPAN("");
}

struct span titles_choose(const struct titles *titles, const struct candidate_weights *weights, struct arena *arena,
                          struct span *ret_evidence) {
    struct candidate candidates[CANDIDATES];
    struct titles known = normalized(titles, arena);
    known.site = find_site(&known);
    size_t count = gather(&known, weights, candidates);
    size_t best = candidates_choose(candidates, count, title_same, known.site);
    if (best == count) return cut_too_long(titles, weights, arena, ret_evidence);
    best = best_spelled(candidates, count, best);
    *ret_evidence = candidates_evidence(candidates, count, title_same, candidates[best].text, arena);
    struct span title = candidates[best].text;
    if (!span_is(*ret_evidence, "title")) return title;
    struct span headline = title_without_tail(title);
    return headline.length < title.length ? headline : title_without_front(title);
}
