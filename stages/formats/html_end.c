#include "stages/formats/html_end.h"

#include <stdint.h>
#include <string.h>

#include "stages/formats/sniff.h"

/* HTML, then the elements that hold articles: pages that leave out optional end tags still close these. The last two
 * hold no tags, only text that may look like tags. */
enum { HTML, BODY, FIRST_STRICT, SCRIPT = 8, STYLE, NAMES };
static const char *const names[NAMES] = {"html",   "body", "article", "main",   "section",
                                         "header", "div",  "table",   "script", "style"};

/* What was read of a page so far. `open`: how many elements of each name are open; an end tag too many does not count.
 */
struct tags {
    struct span rest;
    size_t open[NAMES];
    bool begun, ended; /* there is a start tag, an end tag of <html> or <body> */
};

/* Returns the index of the name at the beginning of the text; NAMES if it is none of them. */
static size_t find_name(struct span text) {
    size_t length = 0, found = 0;
    while (length < text.length && !strchr("> \t\r\n/\f", text.at[length])) length++;
    struct span name = span_cut(text, 0, length);
    while (found < NAMES && !span_is_ascii_fold(name, names[found])) found++;
    return found;
}

/* Counts the tag whose '<' has just been passed. */
static void take_tag(struct tags *tags) {
    /* Longer than any of the names, so that a tag is not searched to its end. */
    enum { MAX_NAME = 12 };
    bool closes = tags->rest.length && tags->rest.at[0] == '/';
    size_t name = find_name(span_cut(tags->rest, closes, MAX_NAME));
    bool raw = tags->open[SCRIPT] || tags->open[STYLE];
    if (name == NAMES || (raw && !(closes && tags->open[name] && name >= SCRIPT))) return;
    if (name < FIRST_STRICT) *(closes ? &tags->ended : &tags->begun) = true;
    if (!closes)
        tags->open[name]++;
    else if (tags->open[name])
        tags->open[name]--;
}

/* Passes over a comment. Returns false if the page ends in it. */
static bool skip_comment(struct tags *tags) {
    if (!span_starts(tags->rest, SPAN("!--")) || tags->open[SCRIPT] || tags->open[STYLE]) return true;
    size_t end = span_find(tags->rest, SPAN("-->"));
    tags->rest = span_cut(tags->rest, end, tags->rest.length);
    return end != SIZE_MAX;
}

/* Returns false if the page ends within a comment. */
static bool count_tags(struct tags *tags) {
    for (size_t at; (at = span_find(tags->rest, SPAN("<"))) != SIZE_MAX;) {
        tags->rest = span_cut(tags->rest, at + 1, tags->rest.length);
        if (!skip_comment(tags)) return false;
        take_tag(tags);
    }
    return true;
}

static bool leaves_open(const struct tags *tags) {
    for (size_t i = FIRST_STRICT; i < NAMES; i++)
        if (tags->open[i]) return true;
    return false;
}

/* Returns the place of the last such byte, SIZE_MAX if there is none. */
static size_t find_last(struct span page, char byte) {
    size_t at = page.length;
    while (at > 0 && page.at[at - 1] != byte) at--;
    return at - 1;
}

/* Whether the page ends within a tag: its last angle bracket opens one. */
static bool ends_in_tag(struct span page) {
    size_t opens = find_last(page, '<'), closes = find_last(page, '>');
    return opens != SIZE_MAX && (closes == SIZE_MAX || opens > closes);
}

/* Whether the last tag is the end of the page, even if a comment or a script before it was never closed. */
static bool ends_as_html(struct span page) {
    size_t last = find_last(page, '<');
    struct span tag = last == SIZE_MAX ? SPAN("") : span_cut(page, last, page.length);
    return span_starts_ascii_fold(tag, SPAN("</html")) || span_starts_ascii_fold(tag, SPAN("</body"));
}

bool html_is_cut_off(struct span page, bool may_be_cut) {
    if (sniff_wide(page)) return false;
    page = span_trim(page);
    if (!page.length) return may_be_cut;
    if (ends_as_html(page)) return ends_in_tag(page);
    struct tags tags = {.rest = page};
    bool in_comment = !count_tags(&tags);
    if (tags.ended) return false;
    return in_comment || ends_in_tag(page) || leaves_open(&tags) ||
           (may_be_cut && (tags.begun || page.at[page.length - 1] != '>'));
}
