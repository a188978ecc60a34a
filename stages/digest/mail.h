/* The digest as a mail: what is new to a reader, as text and as HTML. Both parts say the same. */
#ifndef STAGES_DIGEST_MAIL_H
#define STAGES_DIGEST_MAIL_H

#include "pipeline/base/hash_table.h"
#include "stages/digest/day.h"

/* A story that is new to the reader, or has new articles. */
struct mail_item {
    const struct entry *entry;
    size_t fresh; /* number of its articles that are new to the reader */
};

struct mail {
    const struct day *day; /* of the articles that the reader wants */
    const struct table *languages;
    const struct hash_table *fresh; /* ids of the articles that are new to the reader */
    struct span url;                /* address of the output folder, without a slash at the end; empty = none */
    struct span folder;             /* its path, which is shown if there is no address */
    size_t max_stories;
    struct mail_item *items; /* the watch-list first, then by weight */
    size_t count, watched;   /* `watched`: how many of them are on the watch-list */
    size_t articles, grown;  /* number of new articles, and of stories with older ones too */
    struct flags flags;      /* of the new articles */
};

/* Lists what is new; the caller has set `day` and what follows it, up to `max_stories`. Allocates in the day's arena.
 */
void mail_list(struct mail *mail);
bool mail_is_fresh(const struct mail *mail, const struct take *take);
/* Appends the part in plain text, or in HTML that loads nothing. Stories that do not fit are only counted, with the
 * address of the day's page. Return false if the buffer is full. */
bool mail_text(const struct mail *mail, struct buffer *out);
bool mail_html(const struct mail *mail, struct buffer *out);

/* ---------------------------------------------------------------- shared by both parts */

/* Appends "As of 12:10 CET: 12 new articles in 7 stories (2 have grown), 3 articles waiting, 2 sentences to check". */
void mail_state(const struct mail *mail, struct buffer *out);
/* Appends "11:05", "27 Nov 2026", "undated" or "impossible date". */
void mail_time(const struct mail *mail, const struct take *take, struct buffer *out);
/* Appends the address or, without one, the path of a page of the day: "stories/ID.html". */
void mail_page(const struct mail *mail, struct span name, struct buffer *out);
/* Appends what the reader must know before he reads on: "partial, 2 sentences to check, 1 not translated". */
void mail_article_state(const struct take *take, struct buffer *out);
/* Appends "New" or "Grown: 2 of 5 articles are new", and the watches that the story is listed for. */
void mail_news(const struct mail *mail, const struct mail_item *item, struct buffer *out);

#endif
