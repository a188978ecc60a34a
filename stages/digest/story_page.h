/* The page of a story: every article of it, sentence beside sentence in both languages; and the page of all doubtful
 * sentences of the day. */
#ifndef STAGES_DIGEST_STORY_PAGE_H
#define STAGES_DIGEST_STORY_PAGE_H

#include "stages/digest/page.h"

/* Writes a hash of everything that the story's page shows. */
void story_page_version(const struct page *page, const struct entry *entry, char ret_version[33]);
/* Appends the page, which carries the version. Reads the articles in full, one at a time. */
bool story_page_write(const struct page *page, const struct entry *entry, const char *version, struct buffer *out);
/* Appends the page at the former address of a story that is now part of another one. */
bool story_page_forward(const struct edition_forward *forward, struct buffer *out);
/* Appends check.html: the doubtful sentences of the day by kind, the worst first. */
bool check_page_write(const struct page *page, struct buffer *out);

/* Appends a sentence in both languages, with its doubts. If `named`, it gets the id of html_segment(), to which
 * summaries link. `first` is true if it begins a paragraph. */
void pair_html(const struct article *article, const struct segment_walk *walk, bool named, bool first,
               struct buffer *out);

#endif
