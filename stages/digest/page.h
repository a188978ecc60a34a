/* The digest's faces. Everything that comes from articles is text: it is escaped, and nothing is loaded from anywhere.
 */
#ifndef STAGES_DIGEST_PAGE_H
#define STAGES_DIGEST_PAGE_H

#include "pipeline/base/table.h"
#include "pipeline/engine/stage.h"

/* Articles about one event; the first is the story's lead. */
struct story {
    struct article **articles;
    size_t count;
};

/* What the faces are made of. */
struct page {
    const struct edition *edition;
    const struct story *stories; /* those that most sources report first, then the newest */
    size_t count;
    struct span style;
    const struct table *languages; /* code, English name */
};

/* The stories of the edition, in the order of the page; the list belongs to the edition's arena. */
struct story *stories_sort(struct edition *edition, size_t *ret_count);

bool page_html(const struct page *page, struct buffer *out);
bool page_markdown(const struct page *page, struct buffer *out);
bool page_json(const struct page *page, struct buffer *out);
bool page_feed(const struct page *page, struct buffer *out); /* Atom 1.0 (RFC 4287) */

/* One article of the HTML page. `level` is that of its heading. */
void article_html(const struct page *page, const struct article *article, int level, struct buffer *out);

/* ---------------------------------------------------------------- shared by the faces */

struct flags {
    size_t suspect, failed;
};
/* How many segments of the article have findings worth reading, and how many failed. */
struct flags article_flags(const struct article *article);
struct flags page_flags(const struct page *page);
struct span page_title(const struct article *article); /* English, or the source's when there is none */
/* " [to check: the reason]", for faces that have plain text only; nothing without a doubt. */
void page_doubt(struct buffer *out, struct span doubt);
struct span page_language(const struct page *page, const char *code); /* "Bulgarian", or the code */
struct span page_publisher(const struct article *article);            /* the site, or the name of the source */
/* For text and attributes of HTML and XML; control characters, which XML does not allow, are left out. */
void page_escape(struct buffer *out, struct span text);
/* What is missing that day: outages, articles that wait or failed, notes. A line each: where (may be empty), and what;
 * the last says how many more there are. */
size_t page_missing_count(const struct edition *edition);
void page_missing(const struct edition *edition, void (*line)(void *context, struct span where, struct span what),
                  void *context);
/* "deepl: 0.1200 EUR for 12345 characters in 4 requests", a line each, of what was spent that day. */
void page_spending(const struct edition *edition, void (*line)(void *context, struct span text), void *context);
/* "1 sentence", "3 sentences" */
void page_count(struct buffer *out, size_t count, const char *one, const char *many);

#endif
