#include "stages/formats/next_page.h"

#include <stdint.h>
#include <string.h>

#include "pipeline/net/url.h"
#include "stages/formats/feed.h"

enum {
    LONGEST_TAG = 2048,
    LONGEST_NUMBER = 24, /* max. bytes of the page's number, including a word for "page" next to it */
    HIGHEST = 1000
};

static bool is_digit(char c) {
    return c >= '0' && c <= '9';
}

/* ---------------------------------------------------------------- addresses */

/* Returns true if the text contains exactly one number and this is the number of the page: "2", "&page=2", "-2",
 * "/seite/2/". In query strings, some sites count from 0. */
static bool is_page_number(struct span middle, size_t number) {
    size_t value = 0, runs = 0;
    if (middle.length > LONGEST_NUMBER) return false;
    for (size_t i = 0; i < middle.length; i++) {
        if (!is_digit(middle.at[i])) continue;
        bool begins = i == 0 || !is_digit(middle.at[i - 1]);
        runs += begins;
        value = begins ? (size_t)(middle.at[i] - '0') : value * 10 + (size_t)(middle.at[i] - '0');
        if (value > HIGHEST) return false;
    }
    bool from_zero = span_find(middle, SPAN("=")) != SIZE_MAX && value + 1 == number;
    return runs == 1 && (value == number || from_zero);
}

/* Compares the parts in which the two addresses differ. The number of an article (/news/12) must not be mistaken for a
 * page number (/news/123, /news/13): the page's number must not follow a digit, nor replace a "1" directly after a
 * slash. */
static bool is_page_of(struct span next, struct span first, size_t number) {
    size_t front = 0, back = 0, least = next.length < first.length ? next.length : first.length;
    while (front < least && next.at[front] == first.at[front]) front++;
    while (back < least - front && next.at[next.length - 1 - back] == first.at[first.length - 1 - back]) back++;
    struct span other = span_cut(next, front, next.length - back), own = span_cut(first, front, first.length - back);
    char before = front ? next.at[front - 1] : ' ';
    if (!is_page_number(other, number) || (is_digit(other.at[0]) && is_digit(before))) return false;
    return own.length == 0 || (span_is(own, "1") && before != '/');
}

static struct span cut_before(struct span url, const char *mark) {
    return span_cut(url, 0, span_find(url, span_of(mark)));
}

/* Returns the host without "www.". */
static struct span host_of(struct span url, struct arena *arena) {
    struct span host = url_host(url, arena);
    return span_cut(host, span_starts(host, SPAN("www.")) ? 4 : 0, host.length);
}

/* Returns everything after scheme and host. */
static struct span path_of(struct span url) {
    url = span_cut(url, span_find(url, SPAN("://")) + 3, url.length);
    size_t slash = span_find(url, SPAN("/"));
    return slash == SIZE_MAX ? SPAN("/") : span_cut(url, slash, url.length);
}

/* Feeds append a query to the article's address, and links to pages often use another scheme or "www.", so these
 * differences are ignored. */
bool next_page_is(struct span next, struct span first, size_t number, struct arena *arena) {
    if (!url_is_remote(next) || !url_is_remote(first) || !span_equal(host_of(next, arena), host_of(first, arena)))
        return false;
    next = path_of(next);
    first = path_of(cut_before(first, "#"));
    return is_page_of(next, first, number) || is_page_of(next, cut_before(first, "?"), number);
}

/* ---------------------------------------------------------------- links */

static bool has_word(struct span list, const char *word) {
    for (struct span piece; span_next(&list, ' ', &piece);)
        if (span_is_ascii_fold(piece, word)) return true;
    return false;
}

/* Returns the tag that contains the byte at `at`, or an empty span if there is none. */
static struct span tag_around(struct span page, size_t at) {
    size_t from = at, reach = at > LONGEST_TAG ? at - LONGEST_TAG : 0;
    while (from > reach && page.at[from] != '<' && page.at[from] != '>') from--;
    if (page.at[from] != '<') return (struct span){NULL, 0};
    struct span rest = span_cut(page, from, from + LONGEST_TAG);
    const char *close = memchr(rest.at, '>', rest.length);
    return close ? span_cut(rest, 0, (size_t)(close - rest.at) + 1) : (struct span){NULL, 0};
}

static bool links_to_next(struct span tag) {
    bool link = span_starts_ascii_fold(tag, SPAN("<link")) || span_starts_ascii_fold(tag, SPAN("<a"));
    return link && has_word(feed_attribute(tag, "rel"), "next");
}

/* Returns the position of the next "next" from `at` on, or SIZE_MAX. Of its letters, "x" is the rarest by far. */
static size_t find_next(struct span page, size_t at) {
    static const char mark[] = "next";
    enum { BEFORE = 2, AFTER = 2 };
    for (size_t from = at + BEFORE; from + AFTER <= page.length; from++) {
        const char *rare = memchr(page.at + from, mark[BEFORE], page.length - from);
        if (!rare) break;
        from = (size_t)(rare - page.at);
        if (page.length - from >= AFTER && memcmp(rare - BEFORE, mark, BEFORE + AFTER) == 0) return from - BEFORE;
    }
    return SIZE_MAX;
}

/* Searches for the word "next" rather than for tags, because the word is rare, while a page has thousands of tags. */
struct span next_page_find(struct span page, struct span here, struct span first, size_t number, struct arena *arena) {
    for (size_t at = 0; (at = find_next(page, at)) != SIZE_MAX; at += strlen("next")) {
        struct span tag = tag_around(page, at);
        if (!links_to_next(tag)) continue;
        struct span next = url_resolve(here, feed_plain(feed_attribute(tag, "href"), arena), arena);
        next = cut_before(next, "#");
        if (!span_equal(next, here) && next_page_is(next, first, number, arena)) return next;
    }
    return (struct span){NULL, 0};
}
