/* The watch-list: names and words that the user has configured, and whose articles are marked. */
#ifndef STAGES_DIGEST_WATCH_H
#define STAGES_DIGEST_WATCH_H

#include "config/setting.h"
#include "pipeline/article/article.h"

struct config;

/* Maximum number of watches: an article's matches are the bits of one number. */
enum { MAX_WATCHES = 64 };

/* The settings of [watch "name"]. */
struct watch_settings {
    struct span terms;
};
extern const struct setting watch_table[];

struct watch {
    struct span name;
    struct span *terms; /* in lower case */
    size_t count;
};

struct watches {
    struct watch items[MAX_WATCHES];
    size_t count;
};

/* Reads the sections [watch "name"]. Without `terms`, the name is the term. */
void watches_read(const struct config *config, struct arena *arena, struct watches *ret_watches);
/* Adds a problem if there are more than MAX_WATCHES sections, and for each without a term: nothing would ever be found
 * for them. */
void watches_check(const struct config *config);
/* Returns a bit for each watch that has a term in the article's headline, summary or first paragraphs, in the source or
 * in English. Case is ignored. A term matches whole words, or with a final '*' words that begin with it; in scripts
 * that are written without spaces it matches anywhere. */
uint64_t watches_match(const struct watches *watches, const struct article *article);

#endif
