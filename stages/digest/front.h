/* The day's page and those that continue it. */
#ifndef STAGES_DIGEST_FRONT_H
#define STAGES_DIGEST_FRONT_H

#include "stages/digest/page.h"

/* Where a page of the day begins in the lists of stories and of single reports. Page 1 is index.html, page 2 is
 * more-2.html, and so on. */
struct front_place {
    size_t page, story, single;
};

/* Appends the page that begins at *place and moves *place to the beginning of the next one. A page ends before it
 * becomes too large to load quickly, and after MAX_SINGLES single reports. Returns false if it does not fit into the
 * buffer. */
bool front_write(const struct page *page, struct front_place *place, struct buffer *out);
/* Returns whether there is anything left for a page that begins at this place. */
bool front_has_more(const struct page *page, const struct front_place *place);

/* Returns the page of the day on which each entry is: as many numbers as the day has entries, in the same order,
 * allocated in the edition's arena. If a page does not fit into the buffer, all later entries are assigned to it. */
const size_t *front_pages(const struct page *page, struct buffer *buffer);

/* Appends the side column: watch-list, what is missing, places and people, hours, languages. */
void side_html(const struct page *page, struct buffer *out);

/* Appends the names that most articles mention. Spellings that sound alike are one name. */
void names_html(const struct day *day, struct buffer *out);
/* Counts the articles that wait or have failed on that day. */
size_t waiting_count(const struct edition *edition);
/* Appends them with the headline in the source's language, the reason, and a link to the original. */
void waiting_html(const struct edition *edition, struct buffer *out);

#endif
