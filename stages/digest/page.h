/* The formats of the digest. All text from articles is escaped, and no format loads external resources. */
#ifndef STAGES_DIGEST_PAGE_H
#define STAGES_DIGEST_PAGE_H

#include "pipeline/base/json.h"
#include "pipeline/base/table.h"
#include "pipeline/engine/stage.h"
#include "stages/digest/day.h"

/* Where the pages are on the web, and what the feeds (feed.h) say about themselves. */
struct feed_place {
    struct span url; /* of the output folder, without a slash at the end; empty = not on the web */
    struct span tag; /* with what all ids begin (RFC 4151): "tag:news.example,2026:" */
    bool summaries;  /* entries have a summary only */
};

/* A file of the edition that is written piece by piece, because that of a day may be larger than everything else in
 * memory. */
struct page_file {
    struct edition *edition;
    const char *name;
    size_t written; /* bytes that have left the buffer */
    struct failure failure;
};

/* What the functions that write the formats need. */
struct page {
    const struct edition *edition;
    const struct day *day;
    struct span style, story_style; /* the style sheets of the day's page and of the others */
    unsigned story_style_hash;
    const size_t *front_pages;  /* on which page of the day each entry of `day` stands (front.h); NULL = on the first */
    const struct table *checks; /* digest/findings.tsv */
    const struct table *languages; /* columns: code, English name */
    struct feed_place feed;
    struct page_file *file; /* NULL = everything stays in the buffer */
};

/* Each of these appends the digest in one format. Returns false if it does not fit into the buffer. */
bool page_moved(const struct page *page, struct buffer *out); /* digest.html, which leads to index.html */
bool page_markdown(const struct page *page, struct buffer *out);
bool page_json(const struct page *page, struct buffer *out);
bool page_csv(const struct page *page, struct buffer *out);
bool page_feed(const struct page *page, struct buffer *out); /* Atom 1.0 (RFC 4287) */

/* ---------------------------------------------------------------- shared by the formats */

/* Between two entries: writes what is in the buffer to the page's file once it is much, and empties the buffer. */
void page_drain(const struct page *page, struct buffer *out);
/* The same, whatever there is. Returns false with page->file->failure set if this or an earlier piece cannot be
 * written. */
bool page_finish(const struct page *page, struct buffer *out);

/* Returns the day, or the name of the selection. */
struct span page_days(const struct edition *edition);
/* Returns the headline in English or, if it has no translation, in the source language. */
struct span page_title(const struct article *article);
/* Returns the English name of a language, or its code if the name is unknown. */
struct span page_language(const struct page *page, const char *code);
struct span
page_publisher(const struct article *article); /* Returns the name of the site or, if it is unknown, of the source. */
/* Appends text escaped for content and attributes of HTML and XML. Control characters, some of which XML forbids, and
 * those that reverse the text or hide in it (rune_is_obeyed()) are removed.
 */
void page_escape(struct buffer *out, struct span text);
/* Lists what is missing from the digest of that day: outages, waiting and failed articles, and notes. Calls `line` for
 * each problem, with the name of the source, service or article concerned (may be empty) and the text. If there are too
 * many problems, the last line says how many were left out. */
size_t page_missing_count(const struct edition *edition);
void page_missing(const struct edition *edition, void (*line)(void *context, struct span where, struct span what),
                  void *context);
/* Like page_missing(), without the articles. */
void page_outage_lines(const struct edition *edition, void (*line)(void *context, struct span where, struct span what),
                       void *context);
/* A problem as HTML pages show it: "costa-feed", "unreadable since 08:10", "the server does not answer". */
struct problem {
    struct span where, what, reason; /* the first and the last may be empty */
    bool is_over;
};
/* Calls `show` for each problem but the articles. */
void page_outages(const struct edition *edition, void (*show)(void *context, const struct problem *problem),
                  void *context);
/* Returns the reason, clipped, without the name that stands before it anyway: "service deepl: the key was refused". */
struct span page_reason(struct span reason, struct span kind, struct span name);
/* Appends how much is missing: "2 sources unreadable, 14 articles waiting"; nothing if nothing is. */
void page_missing_sum(const struct edition *edition, struct buffer *out);
/* Appends only the articles: "11 articles waiting, 3 articles failed". */
void page_missing_articles(const struct edition *edition, struct buffer *out);
/* Appends why an article is missing: "(source) waiting for service deepl since 2026-01-29 08:10: ...". `article` is one
 * of "waiting" or "failed" in the day's notes (program/day_notes.h). */
void page_missing_state(const cJSON *article, struct buffer *out);
/* Calls `line` for each service with that day's cost: "deepl: 0.1200 EUR for 12345 characters in 4 requests". */
void page_spending(const struct edition *edition, void (*line)(void *context, struct span text), void *context);
/* Appends a number with commas between thousands: "1,978". */
void page_number(struct buffer *out, size_t number);
/* Appends "1 sentence" or "3,000 sentences". */
void page_count(struct buffer *out, size_t count, const char *one, const char *many);
/* Appends "2 sentences to check, 1 not translated", without a part that is zero; or nothing. */
void page_doubts(struct buffer *out, size_t suspect, size_t failed);

#endif
