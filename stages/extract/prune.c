#include "stages/extract/prune.h"

#include <stdint.h>
#include <string.h>

#include "stages/extract/prune_rules.h"

#define WANTED(name)                                                                                                   \
    { name, sizeof(name) - 1 }
/* The attributes that later code uses. All others are dropped. */
static const struct span wanted_attributes[] = {
    WANTED("class"),       WANTED("id"),       WANTED("href"),   WANTED("rel"),         WANTED("itemprop"),
    WANTED("role"),        WANTED("style"),    WANTED("hidden"), WANTED("aria-hidden"), WANTED("datetime"),
    WANTED("content"),     WANTED("property"), WANTED("name"),   WANTED("type"),        WANTED("lang"),
    WANTED("data-testid"), WANTED("itemtype")};

/* A link whose address contains one of these leads to an author's page. */
static const char *const author_links[] = {
    "/author/",     "/authors/",   "/autor/",        "/autoren/", "/autores/", "/auteur/",
    "/auteurs/",    "/autori/",    "/autore/",       "/profile/", "/staff/",   "/journalist/",
    "/reporter/",   "/redaktion/", "/by/",           "/yazar/",   "/muhabir/", "/journaliste/",
    "/periodista/", "/skribent/",  "/contributors/", "/writers/"};

/* The state of one pass over a page. */
struct pruner {
    struct attribute_names more;
    struct span page;
    size_t at;
    struct arena *arena;
    struct pruned *result;
    struct span open[PRUNE_DEPTH]; /* names of the elements that are open */
    size_t depth, beyond;          /* beyond: number of open elements that lost their tags, being nested too deeply */
    size_t tags;
    bool unclosed[PRUNE_MAX_RULES];  /* for each rule: its element has no end tag in the rest of the page */
    uint64_t named[PRUNE_MAX_RULES]; /* for each rule: whether its open elements were kept, the innermost in bit 0 */
    bool white;                      /* the text written so far ends in whitespace */
};

static bool is_letter(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

/* Returns true if a run of text that is copied in one piece ends at `at`. Single spaces do not end a run; other
 * whitespace does and is replaced. */
static bool ends_run(struct span text, size_t start, size_t at) {
    if (!text_is_space(text.at[at])) return false;
    return text.at[at] != ' ' || at + 1 == text.length || text_is_space(text.at[at + 1]) || at == start;
}

/* Writes a text with each run of whitespace, even across tags, replaced by a single space. */
static void write_text(struct pruner *pruner, struct span text) {
    struct buffer *out = &pruner->result->page;
    for (size_t i = 0; i < text.length;) {
        size_t run = i;
        while (run < text.length && !ends_run(text, i, run)) run++;
        if (run > i) {
            stand_ins_write(&pruner->result->stand_ins, span_cut(text, i, run), pruner->arena, out);
            pruner->white = false;
        }
        if (run < text.length && !pruner->white) {
            buffer_add(out, " ", 1);
            pruner->white = true;
        }
        i = run + 1;
    }
}

/* ---------------------------------------------------------------- tags */

struct tag {
    struct span name;
    bool closing, self_closing;
    struct {
        struct span name, value;
    } attributes[PRUNE_ATTRIBUTES];
    size_t count;
};

/* Returns true if the attribute must be kept. Very long values are data for scripts, so they are dropped. */
static bool is_wanted(const struct pruner *pruner, struct span name, struct span value) {
    if (value.length > PRUNE_VALUE) return false;
    for (size_t i = 0; i < pruner->more.count; i++)
        if (span_equal_ascii_fold(name, pruner->more.names[i])) return true;
    for (size_t i = 0; i < sizeof wanted_attributes / sizeof *wanted_attributes; i++)
        if (name.length == wanted_attributes[i].length && span_equal_ascii_fold(name, wanted_attributes[i]))
            return true;
    return false;
}

static bool leads_to_author(struct span href) {
    for (size_t i = 0; i < sizeof author_links / sizeof *author_links; i++)
        if (span_find(href, span_of(author_links[i])) != SIZE_MAX) return true;
    return false;
}

static void skip_white(struct pruner *pruner) {
    while (pruner->at < pruner->page.length && text_is_space(pruner->page.at[pruner->at])) pruner->at++;
}

/* Reads up to whitespace or one of the characters `ends`. A NUL is an ordinary byte of a page, so it must not match the
 * NUL that terminates `ends`. */
static struct span read_until(struct pruner *pruner, const char *ends) {
    size_t start = pruner->at;
    struct span page = pruner->page;
    while (pruner->at < page.length && !text_is_space(page.at[pruner->at]) &&
           !(page.at[pruner->at] && strchr(ends, page.at[pruner->at])))
        pruner->at++;
    return span_cut(page, start, pruner->at);
}

/* Reads the value of an attribute. As in the HTML standard, a value without a closing quote extends to the end of the
 * page. */
static struct span read_value(struct pruner *pruner) {
    struct span page = pruner->page;
    skip_white(pruner);
    if (pruner->at >= page.length) return SPAN("");
    char quote = page.at[pruner->at];
    if (quote != '"' && quote != '\'') return read_until(pruner, ">");
    size_t start = ++pruner->at;
    const char *end = memchr(page.at + start, quote, page.length - start);
    pruner->at = end ? (size_t)(end - page.at) + 1 : page.length;
    return span_cut(page, start, end ? pruner->at - 1 : pruner->at);
}

/* Reads an attribute. If the tag has too many, it is read but not kept, so that the end of the tag is found. */
static void read_attribute(struct pruner *pruner, struct tag *tag) {
    struct span name = read_until(pruner, "/>="), value = SPAN("");
    if (name.length == 0) pruner->at++; /* a stray "=" */
    skip_white(pruner);
    if (pruner->at < pruner->page.length && pruner->page.at[pruner->at] == '=') {
        pruner->at++;
        value = read_value(pruner);
    }
    if (tag->count == PRUNE_ATTRIBUTES || !is_wanted(pruner, name, value)) return;
    tag->attributes[tag->count].name = name;
    tag->attributes[tag->count++].value = value;
}

/* Reads a tag from "<name" or "</name" up to and including ">". Returns false if the page has no ">" after it. */
static bool read_tag(struct pruner *pruner, struct tag *tag) {
    tag->count = 0;
    tag->self_closing = false;
    tag->closing = pruner->page.at[++pruner->at] == '/';
    pruner->at += tag->closing;
    tag->name = read_until(pruner, "/>");
    for (;;) {
        skip_white(pruner);
        if (pruner->at >= pruner->page.length) return false;
        char c = pruner->page.at[pruner->at];
        tag->self_closing = tag->self_closing ? c == '>' : c == '/';
        if (c == '>' || c == '/') pruner->at++;
        if (c == '>') return true;
        if (c != '/') read_attribute(pruner, tag);
    }
}

/* Compares names without regard to case, because tags are kept as written. */
static struct span attribute_of(const struct tag *tag, const char *name) {
    for (size_t i = 0; i < tag->count; i++)
        if (span_is_ascii_fold(tag->attributes[i].name, name)) return tag->attributes[i].value;
    return SPAN("");
}

/* Returns true if a style attribute hides its element. Other styles are ignored. */
static bool hides(struct span style) {
    size_t at = span_find(style, SPAN("display"));
    if (at == SIZE_MAX) return false;
    struct span rest = span_trim(span_cut(style, at + 7, style.length));
    return span_starts(rest, SPAN(":")) && span_starts(span_trim(span_cut(rest, 1, rest.length)), SPAN("none"));
}

/* Writes a tag. Values are enclosed in whichever quotes they do not contain. An unquoted value may contain both kinds;
 * parsers then lose the end of the value, which is harmless. */
static void write_tag(struct pruner *pruner, const struct tag *tag) {
    struct buffer *out = &pruner->result->page;
    buffer_add_string(out, tag->closing ? "</" : "<");
    buffer_add_span(out, tag->name);
    for (size_t i = 0; i < tag->count && !tag->closing; i++) {
        struct span name = tag->attributes[i].name, value = tag->attributes[i].value;
        if (span_is_ascii_fold(name, "style") && !hides(value)) continue;
        if (span_is_ascii_fold(name, "style")) name = SPAN("hidden"), value = SPAN("");
        /* only addresses of authors' pages are used later, for by-lines */
        if (span_is_ascii_fold(name, "href") && span_is_ascii_fold(tag->name, "a") && !leads_to_author(value)) continue;
        const char *quote = value.length && memchr(value.at, '"', value.length) ? "'" : "\"";
        buffer_add(out, " ", 1);
        buffer_add_span(out, name);
        buffer_add(out, "=", 1);
        buffer_add(out, quote, 1);
        buffer_add_span(out, value);
        buffer_add(out, quote, 1);
    }
    buffer_add(out, ">", 1);
}

/* ---------------------------------------------------------------- nesting */

/* Closes the element and every element still open inside it. If elements were dropped because of PRUNE_DEPTH, the end
 * tag belongs to one of them: only counts it, and returns false. */
static bool close_element(struct pruner *pruner, struct span name) {
    if (pruner->beyond) {
        pruner->beyond--;
        return false;
    }
    for (size_t i = pruner->depth; i-- > 0;) {
        if (!span_equal_ascii_fold(pruner->open[i], name)) continue;
        pruner->depth = i;
        break;
    }
    return true;
}

/* Opens an element. Returns false if it is nested too deeply: it then loses its tags, but not its text. */
static bool open_element(struct pruner *pruner, struct span name) {
    if (pruner->depth == PRUNE_DEPTH) {
        pruner->beyond++;
        return false;
    }
    pruner->open[pruner->depth++] = name;
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
            prune_compare_name(span_cut(page, from + 2, from + 2 + length), name) == 0 && !is_letter(open[2 + length]))
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
static void skip_element(struct pruner *pruner, const struct tag *tag, const struct prune_rule *rule) {
    if (tag->closing || pruner->unclosed[prune_rule_number(rule)] ||
        (tag->self_closing && !(rule->handling & PRUNE_RAW)))
        return;
    size_t start = pruner->at, end = find_end_tag(pruner->page, start, rule->name);
    if (end == pruner->page.length && !(rule->handling & PRUNE_RAW)) {
        pruner->unclosed[prune_rule_number(rule)] = true;
        return;
    }
    struct span type = attribute_of(tag, "type");
    if (strcmp(rule->name, "script") == 0 && span_starts_ascii_fold(span_trim(type), SPAN("application/ld+json")))
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
        if (span_starts_ascii_fold(rest, SPAN("<!doctype"))) buffer_add(&pruner->result->page, rest.at, length);
        pruner->at += length;
    }
}

/* Returns true for a <link> element other than the canonical address, which is the only one that is used. */
static bool is_unused_link(const struct tag *tag) {
    return span_is_ascii_fold(tag->name, "link") && !span_is_ascii_fold(attribute_of(tag, "rel"), "canonical");
}

/* Returns true if a formatting tag is to be kept: "em" in "<em class=caption>". They are kept as "span", because the
 * parser reopens formatting elements that are not closed in order, which takes more than linear time. */
static bool is_named(struct pruner *pruner, const struct tag *tag, const struct prune_rule *rule) {
    uint64_t *named = &pruner->named[prune_rule_number(rule)];
    if (tag->closing) {
        bool kept = *named & 1;
        *named >>= 1;
        return kept;
    }
    bool kept = attribute_of(tag, "class").length || attribute_of(tag, "itemprop").length;
    *named = *named << 1 | kept;
    return kept;
}

/* Rules are applied before the nesting is updated, because skipped elements must not affect it. */
static void prune_tag(struct pruner *pruner) {
    UNINITIALIZED struct tag tag;
    if (!read_tag(pruner, &tag)) return;
    const struct prune_rule *rule = prune_find_rule(tag.name);
    unsigned handling = rule ? rule->handling : PRUNE_KEEP;
    if (handling & PRUNE_NAMED && is_named(pruner, &tag, rule)) {
        handling = PRUNE_KEEP;
        tag.name = SPAN("span");
    }
    if (handling & PRUNE_SKIP) {
        skip_element(pruner, &tag, rule);
    } else if (handling & PRUNE_READING) {
        if (!tag.closing) pruner->at = next_open(pruner);
    } else if (!(handling & PRUNE_UNWRAP) && !is_unused_link(&tag)) {
        if (!(handling & (PRUNE_SINGLE | PRUNE_IMPLIED)) &&
            !(tag.closing ? close_element : open_element)(pruner, tag.name))
            return;
        /* after PRUNE_TAGS tags, each tag is replaced by a space, so that the words before and after it stay separate
         */
        if (!tag.closing && pruner->tags++ > PRUNE_TAGS) {
            write_text(pruner, SPAN(" "));
            return;
        }
        write_tag(pruner, &tag);
        pruner->white = false;
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

/* The output may be longer than the input, because quotes are added to attributes. It is limited to about twice the
 * input. */
static struct pruned prune(struct span page, struct attribute_names more, bool stand_ins, struct arena *arena) {
    struct pruned result = {.page = BUFFER(page.length * 2 + 1024), .stand_ins = {.on = stand_ins}};
    struct pruner *pruner = arena_take(arena, sizeof *pruner);
    *pruner = (struct pruner){.page = page, .arena = arena, .result = &result, .more = more};
    while (pruner->at < page.length) {
        size_t open = next_open(pruner);
        write_text(pruner, span_cut(page, pruner->at, open));
        pruner->at = open;
        if (open < page.length) prune_at_open(pruner);
    }
    return result;
}

struct pruned prune_page(struct span page, struct arena *arena) {
    return prune(page, (struct attribute_names){NULL, 0}, false, arena);
}

struct pruned prune_page_keeping(struct span page, struct attribute_names more, struct arena *arena) {
    bool fit = stand_ins_fit(page);
    struct pruned pruned = prune(page, more, fit, arena);
    if (!fit || stand_ins_are_unique(buffer_span(&pruned.page))) return pruned;
    buffer_free(&pruned.page);
    return prune(page, more, false, arena);
}
