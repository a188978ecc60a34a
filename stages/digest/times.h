/* When an article was published, as pages show and sort it. */
#ifndef STAGES_DIGEST_TIMES_H
#define STAGES_DIGEST_TIMES_H

#include "pipeline/article/article.h"

enum when_kind {
    WHEN_TIME,      /* the time is known */
    WHEN_DATE,      /* only the date is known */
    WHEN_UNKNOWN,   /* the page gives no date */
    WHEN_IMPOSSIBLE /* the page gives a date that cannot be true, such as one in the future */
};

struct when {
    enum when_kind kind;
    int64_t at; /* seconds since 1970; 0 if unknown or impossible */
};

/* Returns when the article was published. A time counts as impossible if it does not exist, is before 1990, or is later
 * than the time at which the article was collected; a time without a zone may be up to 14 hours later, because it may
 * be the local time of any place. */
struct when when_of(const struct article *article);
/* "time", "date", "undated" or "impossible". */
const char *when_kind_name(enum when_kind kind);
/* Returns when the article was collected, in seconds since 1970, or 0. */
int64_t when_collected(const struct article *article);
/* Returns whether the article says when it was published so completely that the moment is certain: with a time, which
 * can be true, and a zone. */
bool when_is_exact(const struct article *article, const struct when *when);
/* Compares two times for qsort(): the newest first, then those whose time is unknown, then the impossible ones. */
int when_compare(const struct when *a, const struct when *b);
/* Writes the time with the local zone ("2026-01-29T08:05:04+02:00"), or the date if only that is known, or an empty
 * string. */
void when_zoned(const struct article *article, const struct when *when, char ret_text[26]);
/* Appends a <time> element with the local time; other days than `day` with their date ("27 Nov"; "27 Nov 2019" of other
 * years). Says "undated" or shows the impossible date, marked, if there is no time to show. `in_list` tells that many
 * follow one another, so that each is written as briefly as possible. */
void when_write(const struct article *article, const struct when *when, const char *day, bool in_list,
                struct buffer *out);

#endif
