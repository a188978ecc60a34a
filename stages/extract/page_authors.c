#include "stages/extract/page_authors.h"

#include <string.h>

#include "stages/extract/datelines.h"
#include "stages/extract/title_parts.h"

#define FROM_LINKED "json-ld author"

enum {
    LONGEST_SIGNATURE = 60, /* columns */
    LONGEST_WORD = 16,      /* columns of a block that may be only the beginning of one */
    LAST_BLOCKS = 2         /* number of blocks at the end that may be a signature */
};

/* ---------------------------------------------------------------- merging */

/* Copies the names if the list is empty. Returns true if names were copied. */
static bool take_names(struct span *into, size_t *count, const struct span *names, size_t name_count) {
    if (*count || !name_count) return false;
    memcpy(into, names, name_count * sizeof *into);
    *count = name_count;
    return true;
}

/* Returns true for "Ana Ruiz" and "Ana". */
static bool completes(struct span full, struct span part) {
    return full.length > part.length && span_starts(full, part) && full.at[part.length] == ' ';
}

static void complete_names(struct authors *into, const struct authors *more) {
    for (size_t i = 0; i < into->person_count; i++)
        for (size_t j = 0; j < more->person_count; j++)
            if (completes(more->people[j], into->people[i])) into->people[i] = more->people[j];
}

/* Copies the authors of each kind that `into` does not have yet. People are preferred to organizations, and these to
 * pen names; `into->from` is set only if the preferred kind was copied now. */
static void merge(struct authors *into, const struct authors *more, struct span from) {
    complete_names(into, more);
    bool people = take_names(into->people, &into->person_count, more->people, more->person_count);
    bool organizations =
        take_names(into->organizations, &into->organization_count, more->organizations, more->organization_count);
    bool handles = take_names(into->handles, &into->handle_count, more->handles, more->handle_count);
    into->cut |= more->cut && (people || organizations || handles);
    if (into->person_count ? people : into->organization_count ? organizations : handles) into->from = from;
}

/* Returns true if a person is named by more than one word, or in a script without spaces. */
static bool is_settled(const struct authors *authors) {
    for (size_t i = 0; i < authors->person_count; i++)
        if (memchr(authors->people[i].at, ' ', authors->people[i].length) ||
            (unsigned char)authors->people[i].at[0] >= 0xE3)
            return true;
    return false;
}

/* ---------------------------------------------------------------- places */

/* Returns the site's name or, if the page does not give it, the host's, as in "quay" for "www.quay.example". */
static struct span site_of(const struct metadata *metadata) {
    struct span host = metadata->titles.host, label = {NULL, 0};
    if (metadata->site.text.length) return metadata->site.text;
    if (span_starts(host, SPAN("www."))) host = span_cut(host, strlen("www."), host.length);
    span_next(&host, '.', &label);
    return label;
}

/* Appends the name of an author in JSON-LD to `authors`. Uses authors_add(), which also removes the roles and places
 * that sites write into names. In a name such as "Ana Ruiz, AP Auto Writer", the rest is no further author. */
static void add_linked(struct span name, const struct byline_words *words, struct span site, struct arena *arena,
                       struct authors *authors) {
    size_t people = authors->person_count, organizations = authors->organization_count;
    authors_add(words->authors, name, site, arena, authors);
    if (authors->person_count > people) authors->organization_count = organizations;
}

static struct authors from_linked(const struct metadata *metadata, const struct byline_words *words,
                                  struct arena *arena) {
    const struct linked_article *linked = &metadata->linked;
    struct authors authors = {.cut = linked->names_cut};
    for (size_t i = 0; i < linked->person_count; i++)
        add_linked(linked->people[i], words, site_of(metadata), arena, &authors);
    for (size_t i = 0; i < linked->organization_count && authors.organization_count == 0; i++)
        authors.organizations[authors.organization_count++] = linked->organizations[i];
    return authors;
}

enum source { MARKED, BYLINE, ANNOUNCED, LINKED, LABELLED, DATELINE, SOURCES };

/* Adds the authors from a kind of by-line. If JSON-LD names an organization, links to people are not by-lines. */
static void add_source(enum source source, const struct metadata *metadata, const struct page *page,
                       const struct byline_words *words, struct authors *authors) {
    struct span site = site_of(metadata);
    bool organization = metadata->linked.organization_count > 0;
    if (source == MARKED) bylines_add(page, 3, words, site, authors);
    if (source == BYLINE) bylines_add(page, 2, words, site, authors);
    if (source == ANNOUNCED) bylines_add_announced(page, words, site, authors);
    if (source == LINKED && !organization) bylines_add(page, 1, words, site, authors);
    if (source == LABELLED) bylines_add_labelled(page, words, site, authors);
    if (source == DATELINE) datelines_add(page, words->authors, site, authors);
}

static void add_meta(const struct metadata *metadata, const struct byline_words *words, struct arena *arena,
                     struct authors *authors) {
    for (size_t i = 0; i < metadata->meta_author_count && !is_settled(authors); i++) {
        struct authors more = {0};
        authors_add(words->authors, metadata->meta_authors[i].text, site_of(metadata), arena, &more);
        merge(authors, &more, metadata->meta_authors[i].from);
    }
}

static bool is_site(struct span name, struct span site) {
    return title_within(name, site) || title_within(site, name);
}

/* If people are named, organizations are not needed, except agencies that JSON-LD names beside a person. Pen names are
 * needed only alone. */
static void drop_others(const struct author_words *words, struct span site, struct arena *arena,
                        struct authors *authors) {
    bool beside = span_is(authors->from, FROM_LINKED);
    size_t kept = 0;
    for (size_t i = 0; i < authors->organization_count; i++) {
        struct span name = authors->organizations[i];
        if (authors->person_count && (!beside || is_site(name, site) || authors_is_desk(words, name, arena))) continue;
        authors->organizations[kept++] = name;
    }
    authors->organization_count = kept;
    if (authors->person_count + authors->organization_count) authors->handle_count = 0;
}

struct authors page_authors(const struct metadata *metadata, const struct page *page,
                            const struct byline_words *words) {
    static const char *const names[SOURCES] = {
        [MARKED] = "rel or itemprop author",  [BYLINE] = "by-line",   [ANNOUNCED] = "by-line",
        [LINKED] = "link after the headline", [LABELLED] = "by-line", [DATELINE] = "by-line"};
    struct authors authors = {0}, linked = from_linked(metadata, words, page->arena);
    merge(&authors, &linked, SPAN(FROM_LINKED));
    add_meta(metadata, words, page->arena, &authors);
    for (enum source source = 0; source < SOURCES && !is_settled(&authors); source++) {
        struct authors more = {0};
        add_source(source, metadata, page, words, &more);
        merge(&authors, &more, span_of(names[source]));
    }
    drop_others(words->authors, site_of(metadata), page->arena, &authors);
    return authors;
}

/* ---------------------------------------------------------------- signatures */

/* Removes brackets around the whole text, and marks for the end of an article. */
static struct span without_brackets(struct span text) {
    while (span_ends(text, SPAN("+")) || span_ends(text, SPAN("*"))) text = span_cut(text, 0, text.length - 1);
    text = span_trim(text);
    bool brackets = span_starts(text, SPAN("(")) && span_ends(text, SPAN(")"));
    return brackets ? span_trim(span_cut(text, 1, text.length - 1)) : text;
}

/* Adds the names in a block such as "Von Cosima Berg". A block with capitals alone may also be the heading of a box. */
static void add_signature(const struct metadata *metadata, struct span text, const struct byline_words *words,
                          struct arena *arena, struct authors *authors) {
    struct authors found = {0};
    text = without_brackets(text);
    if (text_columns(text) > LONGEST_SIGNATURE || !authors_announced(words->authors, text, arena)) return;
    if (authors_credited(words->authors, text, arena)) return;
    authors_add(words->authors, text, site_of(metadata), arena, &found);
    if (found.person_count) merge(authors, &found, SPAN("signature"));
}

/* Returns the text of a block, after that of the block before it if this is only a word such as "Von". */
static struct span signature_at(const struct article *article, size_t index, struct arena *arena) {
    struct span text = article->body[index].text;
    struct span before = index ? article->body[index - 1].text : SPAN("");
    bool joined = before.length && text_columns(before) <= LONGEST_WORD && text_columns(text) <= LONGEST_SIGNATURE;
    return joined ? arena_print(arena, "%.*s %.*s", SPAN_ARGS(before), SPAN_ARGS(text)) : text;
}

void page_authors_sign(const struct metadata *metadata, const struct article *article, const struct byline_words *words,
                       struct arena *arena, struct authors *authors) {
    size_t count = article->block_count;
    if (authors->person_count || count <= LAST_BLOCKS) return;
    add_signature(metadata, article->body[0].text, words, arena, authors);
    for (size_t i = 1; i <= LAST_BLOCKS && authors->person_count == 0; i++)
        add_signature(metadata, signature_at(article, count - i, arena), words, arena, authors);
    drop_others(words->authors, site_of(metadata), arena, authors);
}
