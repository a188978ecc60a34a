/* OUT/index.html: all days that have pages, by week. */
#ifndef STAGES_DIGEST_DAYS_H
#define STAGES_DIGEST_DAYS_H

#include "stages/digest/nav.h"

struct listed_day {
    char day[11];
    struct span about; /* what the day's page says about itself: its size and first headline; already escaped */
    char version[33];  /* what the day's page was made from; may be empty */
    bool has_nav;
    struct nav nav; /* the days to which its page leads */
};

/* Appends the page. `days` are sorted, the newest first. */
bool days_page_write(const struct listed_day *days, size_t count, struct span style, struct buffer *out);
/* Returns the description of the day in the head of its page, unchanged. Empty if there is none, or if it would not be
 * safe in another page. */
struct span days_page_about(struct span head);
/* Writes the version in the head of a day's page; an empty string if there is none. */
void days_page_version(struct span head, char ret_version[33]);

#endif
