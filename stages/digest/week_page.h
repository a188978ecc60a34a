/* OUT/2026-W05.html: the stories of a week, the state of each of its days, and what was missing. */
#ifndef STAGES_DIGEST_WEEK_PAGE_H
#define STAGES_DIGEST_WEEK_PAGE_H

#include "pipeline/base/arena.h"
#include "stages/digest/day_file.h"

enum { WEEK_DAYS = 7 };

struct week_day {
    char day[11];
    bool has_pages, is_to_come;
    char pruned[11];      /* when the day was pruned; empty if it was not */
    struct span about;    /* as in days.h */
    struct day_file file; /* empty if it could not be read */
};

struct week {
    const char *name;    /* "2026-W05" */
    const char *version; /* hash of what the page is made from */
    struct week_day days[WEEK_DAYS];
};

/* Appends the page. A story that runs over several days becomes one entry, whose weight is the sum of the days'
 * weights. Temporary data are allocated in `arena`. Returns false if the page does not fit. */
bool week_page_write(const struct week *week, struct span style, struct arena *arena, struct buffer *out);

#endif
