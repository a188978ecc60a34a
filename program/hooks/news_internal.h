/* Shared by the files that implement news.h: what is news (news_find.c), what is said of it (news_body.c), and how it
 * gets there (news.c). */
#ifndef PROGRAM_HOOKS_NEWS_INTERNAL_H
#define PROGRAM_HOOKS_NEWS_INTERNAL_H

#include "pipeline/base/hash_table.h"
#include "pipeline/base/json.h"
#include "program/hooks/news.h"
#include "program/hooks/settings.h"

/* What identifies a piece of news for those who get it: 32 hexadecimal digits. */
enum { NEWS_ID = 33 };

/* How many reports of a story are recent, without copies of others. */
struct growth {
    size_t outlets, articles;
    int level; /* 0: does not grow fast; 1: as the settings say; each further one: twice as many */
};

/* One piece of news. */
struct news {
    char id[NEWS_ID];
    const char *day;
    struct span watch;           /* empty: growth */
    const struct growth *growth; /* NULL: watch */
    const cJSON *story;
    const struct hash_table *articles; /* of digest.json, by their ids */
};

/* The digest of a day. */
struct news_day {
    const char *day;
    const cJSON *digest;
    struct hash_table articles;
};

/* Appends the body, as config/news.schema.json describes it. Returns false if it does not fit. */
bool news_write(const struct program *program, const struct news *news, struct buffer *out);
struct growth news_growth(const struct hooks_settings *settings, const cJSON *story, const struct hash_table *articles);
/* Finds what is new in the digests of the last days, calls `found` for each piece of news, and remembers that it was
 * found. Nothing is committed. */
typedef bool news_found(void *context, const struct news *news, struct failure *ret_failure);
bool news_find(struct program *program, news_found *found, void *context, struct failure *ret_failure);

#endif
