/* The parts of digest.json. */
#ifndef STAGES_DIGEST_JSON_H
#define STAGES_DIGEST_JSON_H

#include "pipeline/base/json_write.h"
#include "stages/digest/page.h"

/* Write the object of a story and of the article at the index `take` of the story. */
void json_story(struct json_writer *w, const struct page *page, const struct entry *entry);
void json_article(struct json_writer *w, const struct page *page, const struct entry *entry, size_t take);

/* Write a member, unless there is nothing to say: a time with the local zone (RFC 3339), or the date alone where only
 * that is known; the names of the watches. */
void json_write_moment(struct json_writer *w, const char *name, int64_t seconds);
void json_write_when(struct json_writer *w, const char *name, const struct take *take);
void json_write_watches(struct json_writer *w, const struct watches *watches, uint64_t watched);
/* Writes the headline in both languages, its doubt, the language's code and direction. */
void json_write_headline(struct json_writer *w, const struct article *article);

#endif
