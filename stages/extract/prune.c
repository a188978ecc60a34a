#include "stages/extract/prune.h"

#include <stdint.h>
#include <string.h>

#define WANTED(name)                                                                                                   \
    { name, sizeof(name) - 1 }
/* The attributes that later code uses, by length. All others are dropped. */
static const struct span wanted_attributes[] = {
    WANTED("id"),          WANTED("rel"),        WANTED("href"),     WANTED("role"),     WANTED("type"),
    WANTED("name"),        WANTED("lang"),       WANTED("class"),    WANTED("style"),    WANTED("hidden"),
    WANTED("content"),     WANTED("itemprop"),   WANTED("datetime"), WANTED("property"), WANTED("itemtype"),
    WANTED("aria-hidden"), WANTED("data-testid")};

/* A link whose address has one of these between slashes leads to an author's page. */
static const char *const author_links[] = {
    "author",  "authors",     "autor",      "autoren",    "autores",      "auteur",    "auteurs", "autori",
    "autore",  "profile",     "staff",      "journalist", "reporter",     "redaktion", "by",      "yazar",
    "muhabir", "journaliste", "periodista", "skribent",   "contributors", "writers"};

/* The state of one pass over a page. */
struct pruner {
    struct attribute_names more;
    const struct page_reader *reader;
    struct span page;
    size_t at;
    struct arena *arena;
    struct pruned *result;
    struct open_name {
        enum element element;
        struct span name;
    } open[PRUNE_DEPTH];  /* the elements that are open */
    size_t depth, beyond; /* beyond: number of open elements that lost their tags, being nested too deeply */
    size_t tags;
    bool unclosed[ELEMENT_COUNT];  /* for each element: it has no end tag in the rest of the page */
    uint64_t named[ELEMENT_COUNT]; /* for each element: whether its open ones were kept, the innermost in bit 0 */
    bool white;                    /* the text written so far ends in white space */
};

static bool is_letter(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

static void put_text(struct pruner *pruner, struct span text) {
    pruner->reader->text(pruner->reader->state, text);
}

/* Writes a text with each run of white space, even across tags, replaced by a single space. */
static void write_text(struct pruner *pruner, struct span text) {
    for (size_t i = 0; i < text.length;) {
        size_t run = i;
        while (run < text.length && !text_run_ends(text, i, run)) run++;
        if (run > i) {
            put_text(pruner, span_cut(text, i, run));
            pruner->white = false;
        }
        if (run < text.length && !pruner->white) {
            put_text(pruner, SPAN(" "));
            pruner->white = true;
        }
        i = run + 1;
    }
}

/* ---------------------------------------------------------------- tags */

/* Returns the name of an attribute that is kept, in lower case, or an empty span. */
static struct span wanted_name(const struct pruner *pruner, struct span name) {
    const size_t count = sizeof wanted_attributes / sizeof *wanted_attributes;
    for (size_t i = 0; i < count && wanted_attributes[i].length <= name.length; i++)
        if (span_equal_ascii_fold(name, wanted_attributes[i])) return wanted_attributes[i];
    for (size_t i = 0; i < pruner->more.count; i++)
        if (span_equal_ascii_fold(name, pruner->more.names[i])) return pruner->more.names[i];
    return SPAN("");
}

static bool is_author_link(struct span word) {
    for (size_t i = 0; i < sizeof author_links / sizeof *author_links; i++)
        if (span_is(word, author_links[i])) return true;
    return false;
}

static bool leads_to_author(struct span href) {
    const char *slash = href.length ? memchr(href.at, '/', href.length) : NULL;
    while (slash) {
        size_t start = (size_t)(slash - href.at) + 1;
        slash = memchr(href.at + start, '/', href.length - start);
        if (slash && is_author_link(span_cut(href, start, (size_t)(slash - href.at)))) return true;
    }
    return false;
}

static void skip_white(struct pruner *pruner) {
    while (pruner->at < pruner->page.length && text_is_space(pruner->page.at[pruner->at])) pruner->at++;
}

/* Where names and values end, besides at white space. */
enum { ENDS_TAG_NAME = 1, ENDS_ATTRIBUTE_NAME = 2, ENDS_VALUE = 4, ENDS_ALL = 7 };
static const unsigned char ends[256] = {
    [' '] = ENDS_ALL,           ['\t'] = ENDS_ALL, ['\n'] = ENDS_ALL, ['\v'] = ENDS_ALL,
    ['\f'] = ENDS_ALL,          ['\r'] = ENDS_ALL, ['>'] = ENDS_ALL,  ['/'] = ENDS_TAG_NAME | ENDS_ATTRIBUTE_NAME,
    ['='] = ENDS_ATTRIBUTE_NAME};

static struct span read_until(struct pruner *pruner, unsigned char what) {
    size_t start = pruner->at, at = start;
    struct span page = pruner->page;
    while (at < page.length && !(ends[(unsigned char)page.at[at]] & what)) at++;
    pruner->at = at;
    return span_cut(page, start, at);
}

/* Reads the value of an attribute. As in the HTML standard, a value without a closing quote extends to the end of the
 * page. */
static struct span read_value(struct pruner *pruner) {
    struct span page = pruner->page;
    skip_white(pruner);
    if (pruner->at >= page.length) return SPAN("");
    char quote = page.at[pruner->at];
    if (quote != '"' && quote != '\'') return read_until(pruner, ENDS_VALUE);
    size_t start = ++pruner->at;
    const char *end = memchr(page.at + start, quote, page.length - start);
    pruner->at = end ? (size_t)(end - page.at) + 1 : page.length;
    return span_cut(page, start, end ? pruner->at - 1 : pruner->at);
}

/* Keeps an attribute if it is used. Very long values are data for scripts. */
static void keep_attribute(const struct pruner *pruner, struct page_tag *tag, struct span name, struct span value) {
    if (tag->closing || tag->attribute_count == PRUNE_ATTRIBUTES || value.length > PRUNE_VALUE) return;
    name = wanted_name(pruner, name);
    if (name.length == 0) return;
    tag->attributes[tag->attribute_count++] = (struct attribute){name, value};
}

/* Reads an attribute. If the tag has too many, it is read but not kept, so that the end of the tag is found. */
static void read_attribute(struct pruner *pruner, struct page_tag *tag) {
    struct span name = read_until(pruner, ENDS_ATTRIBUTE_NAME), value = SPAN("");
    if (name.length == 0) pruner->at++; /* a stray "=" */
    skip_white(pruner);
    if (pruner->at < pruner->page.length && pruner->page.at[pruner->at] == '=') {
        pruner->at++;
        value = read_value(pruner);
    }
    keep_attribute(pruner, tag, name, value);
}

/* Reads a tag from "<name" or "</name" up to and including ">". Returns false if the page has no ">" after it. */
static bool read_tag(struct pruner *pruner, struct page_tag *tag) {
    size_t start = pruner->at;
    tag->attribute_count = 0;
    tag->self_closing = false;
    tag->closing = pruner->page.at[++pruner->at] == '/';
    pruner->at += tag->closing;
    tag->name = read_until(pruner, ENDS_TAG_NAME);
    tag->element = element_named(tag->name);
    for (;;) {
        skip_white(pruner);
        if (pruner->at >= pruner->page.length) return false;
        char c = pruner->page.at[pruner->at];
        tag->self_closing = tag->self_closing ? c == '>' : c == '/';
        if (c == '>' || c == '/') pruner->at++;
        if (c == '>') break;
        if (c != '/') read_attribute(pruner, tag);
    }
    tag->source = span_cut(pruner->page, start, pruner->at);
    return true;
}

static struct span attribute_of(const struct page_tag *tag, const char *name) {
    for (size_t i = 0; i < tag->attribute_count; i++)
        if (span_is(tag->attributes[i].name, name)) return tag->attributes[i].value;
    return SPAN("");
}

/* Returns true if a style attribute hides its element. Other styles are ignored. */
static bool hides(struct span style) {
    size_t at = span_find(style, SPAN("display"));
    if (at == SIZE_MAX) return false;
    struct span rest = span_trim(span_cut(style, at + 7, style.length));
    return span_starts(rest, SPAN(":")) && span_starts(span_trim(span_cut(rest, 1, rest.length)), SPAN("none"));
}

/* Drops styles and addresses that are not used. A style that hides the element becomes "hidden". Of links, only the
 * addresses of authors' pages are used, for by-lines. */
static void drop_attributes(struct page_tag *tag) {
    size_t count = 0;
    for (size_t i = 0; i < tag->attribute_count; i++) {
        struct attribute one = tag->attributes[i];
        bool is_style = span_is(one.name, "style"), is_address = span_is(one.name, "href");
        if (is_style && !hides(one.value)) continue;
        if (is_style) one = (struct attribute){SPAN("hidden"), SPAN("")};
        if (is_address && tag->element == ELEMENT_A && !leads_to_author(one.value)) continue;
        tag->attributes[count++] = one;
    }
    tag->attribute_count = count;
}

/* ---------------------------------------------------------------- nesting */

static bool is_of_kind(const struct open_name *open, const struct page_tag *tag) {
    if (open->element != tag->element) return false;
    return tag->element != ELEMENT_UNKNOWN || span_equal_ascii_fold(open->name, tag->name);
}

/* Closes the element and every element still open inside it. If elements were dropped because of PRUNE_DEPTH, the end
 * tag belongs to one of them: only counts it, and returns false. */
static bool close_element(struct pruner *pruner, const struct page_tag *tag) {
    if (pruner->beyond) {
        pruner->beyond--;
        return false;
    }
    for (size_t i = pruner->depth; i-- > 0;) {
        if (!is_of_kind(&pruner->open[i], tag)) continue;
        pruner->depth = i;
        break;
    }
    return true;
}

/* Opens an element. Returns false if it is nested too deeply: it then loses its tags, but not its text. */
static bool open_element(struct pruner *pruner, const struct page_tag *tag) {
    if (pruner->depth == PRUNE_DEPTH) {
        pruner->beyond++;
        return false;
    }
    pruner->open[pruner->depth++] = (struct open_name){tag->element, tag->name};
    return true;
}

/* ---------------------------------------------------------------- skipping */

/* Returns the position of "</name" at or after `from`, or the page's length if there is none. */
static size_t find_end_tag(struct span page, size_t from, const char *name) {
    size_t length = strlen(name);
    while (from < page.length) {
        const char *open = memchr(page.at + from, '<', page.length - from);
        if (!open) break;
        from = (size_t)(open - page.at);
        if (page.length - from > length + 2 && open[1] == '/' &&
            element_compare_name(span_cut(page, from + 2, from + 2 + length), name) == 0 &&
            !is_letter(open[2 + length]))
            return from;
        from++;
    }
    return page.length;
}

static void collect_linked_data(struct pruner *pruner, struct span inside) {
    struct pruned *result = pruner->result;
    result->linked_data =
        arena_grow(pruner->arena, result->linked_data, result->linked_count, &result->linked_capacity, sizeof inside);
    result->linked_data[result->linked_count++] = inside;
}

/* Skips an element with its content. An element without an end tag, except script and style, is not skipped, because
 * the rest of the page would be lost. The failed search is remembered, so that many such tags do not take quadratic
 * time. */
static void skip_element(struct pruner *pruner, const struct page_tag *tag) {
    const struct element_rule *rule = &element_rules[tag->element];
    bool is_raw = rule->handling & PRUNE_RAW;
    if (tag->closing || pruner->unclosed[tag->element] || (tag->self_closing && !is_raw)) return;
    size_t start = pruner->at, end = find_end_tag(pruner->page, start, rule->name);
    if (end == pruner->page.length && !is_raw) {
        pruner->unclosed[tag->element] = true;
        return;
    }
    struct span type = span_trim(attribute_of(tag, "type"));
    if (tag->element == ELEMENT_SCRIPT && span_starts_ascii_fold(type, SPAN("application/ld+json")))
        collect_linked_data(pruner, span_cut(pruner->page, start, end));
    pruner->at = end;
}

/* Returns the position of the next "<". Using memchr() makes the pass fast. */
static size_t next_open(const struct pruner *pruner) {
    const char *open = memchr(pruner->page.at + pruner->at, '<', pruner->page.length - pruner->at);
    return open ? (size_t)(open - pruner->page.at) : pruner->page.length;
}

/* Skips comments, processing instructions and declarations. The document type is kept, because it affects the parser.
 */
static void skip_declaration(struct pruner *pruner) {
    struct span page = pruner->page, rest = span_cut(page, pruner->at, page.length);
    if (span_starts(rest, SPAN("<!-->"))) {
        pruner->at += 5;
    } else if (span_starts(rest, SPAN("<!--"))) {
        size_t end = span_find(span_cut(rest, 2, rest.length), SPAN("-->"));
        pruner->at = end == SIZE_MAX ? page.length : pruner->at + 2 + end + 3;
    } else {
        const char *end = memchr(rest.at, '>', rest.length);
        size_t length = end ? (size_t)(end - rest.at) + 1 : rest.length;
        if (span_starts_ascii_fold(rest, SPAN("<!doctype")))
            pruner->reader->doctype(pruner->reader->state, span_cut(rest, 0, length));
        pruner->at += length;
    }
}

/* Returns true for a <link> element other than the canonical address, which is the only one that is used. */
static bool is_unused_link(const struct page_tag *tag) {
    return tag->element == ELEMENT_LINK && !span_is_ascii_fold(attribute_of(tag, "rel"), "canonical");
}

/* Returns true if a formatting tag is to be kept: "em" in "<em class=caption>". They are kept as "span", because their
 * names say as much as those of a "span", and because formatting elements that are not closed in order are reopened,
 * which takes more than linear time. */
static bool is_named(struct pruner *pruner, const struct page_tag *tag) {
    uint64_t *named = &pruner->named[tag->element];
    if (tag->closing) {
        bool kept = *named & 1;
        *named >>= 1;
        return kept;
    }
    bool kept = attribute_of(tag, "class").length || attribute_of(tag, "itemprop").length;
    *named = *named << 1 | kept;
    return kept;
}

/* After PRUNE_TAGS tags, each tag is replaced by a space, so that the words before and after it stay separate. */
static void write_tag(struct pruner *pruner, struct page_tag *tag) {
    if (!tag->closing && pruner->tags++ > PRUNE_TAGS) {
        write_text(pruner, SPAN(" "));
        return;
    }
    drop_attributes(tag);
    pruner->reader->tag(pruner->reader->state, tag);
    pruner->white = false;
}

/* Rules are applied before the nesting is updated, because skipped elements must not affect it. */
static void prune_tag(struct pruner *pruner) {
    UNINITIALIZED struct page_tag tag;
    if (!read_tag(pruner, &tag)) return;
    unsigned handling = element_rules[tag.element].handling;
    if (handling & PRUNE_NAMED && is_named(pruner, &tag)) {
        handling = PRUNE_KEEP;
        tag.name = SPAN("span");
        tag.element = ELEMENT_SPAN;
    }
    if (handling & PRUNE_SKIP) {
        skip_element(pruner, &tag);
    } else if (handling & PRUNE_READING) {
        if (!tag.closing) pruner->at = next_open(pruner);
    } else if (!(handling & PRUNE_UNWRAP) && !is_unused_link(&tag)) {
        bool nests = !(handling & (PRUNE_SINGLE | PRUNE_IMPLIED));
        if (!nests || (tag.closing ? close_element : open_element)(pruner, &tag)) write_tag(pruner, &tag);
    }
}

/* Handles a "<". If neither a tag nor a declaration starts there, it is text, as in "5 < 6". */
static void prune_at_open(struct pruner *pruner) {
    struct span page = pruner->page;
    char next = pruner->at + 1 < page.length ? page.at[pruner->at + 1] : ' ';
    bool closing = next == '/' && pruner->at + 2 < page.length && is_letter(page.at[pruner->at + 2]);
    if (is_letter(next) || closing) {
        prune_tag(pruner);
    } else if (next == '!' || next == '?' || next == '/') {
        skip_declaration(pruner);
    } else {
        write_text(pruner, SPAN("<"));
        pruner->at++;
    }
}

struct pruned prune_page(struct span page, struct attribute_names more, const struct page_reader *reader,
                         struct arena *arena) {
    struct pruned result = {0};
    struct pruner pruner = {.more = more, .reader = reader, .page = page, .arena = arena, .result = &result};
    while (pruner.at < page.length) {
        size_t open = next_open(&pruner);
        write_text(&pruner, span_cut(page, pruner.at, open));
        pruner.at = open;
        if (open < page.length) prune_at_open(&pruner);
    }
    return result;
}
