/* The parts of digest.json. */
#ifndef STAGES_DIGEST_JSON_H
#define STAGES_DIGEST_JSON_H

#include "stages/digest/page.h"

/* Return the object of a story and of the article at the index `take` of the story; the caller frees them. */
cJSON *json_story(const struct page *page, const struct entry *entry);
cJSON *json_article(const struct page *page, const struct entry *entry, size_t take);

/* Add a member, unless there is nothing to say: a time with the local zone (RFC 3339), or the date alone where only
 * that is known; the names of the watches; a number. */
void json_add_moment(cJSON *object, const char *name, int64_t seconds);
void json_add_when(cJSON *object, const char *name, const struct take *take);
void json_add_watches(cJSON *object, const struct watches *watches, uint64_t watched);
void json_add_size(cJSON *object, const char *name, size_t number);
/* Adds the headline in both languages, its doubt, the language's code and direction. */
void json_add_headline(cJSON *object, const struct article *article);

#endif
