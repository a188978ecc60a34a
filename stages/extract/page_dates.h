/* Finds the date of publication that a page shows: in elements marked or labelled as dates, near the headline, at the
 * beginning of the text, and in the address. */
#ifndef STAGES_EXTRACT_PAGE_DATES_H
#define STAGES_EXTRACT_PAGE_DATES_H

#include "stages/extract/date.h"
#include "stages/extract/line_words.h"
#include "stages/extract/metadata.h"

#define METADATA_NEAR "line near the headline" /* `from` of dates in text that is not marked as a date */

#define METADATA_ADDRESS "address" /* `from` of dates in the page's address */

/* Appends dates shown on the page, the most reliable first. Call page_find_headline() first. */
void page_dates_add(struct metadata *metadata, const struct page *page, struct span address);
/* Returns true if the text gives the date of the last change alone ("Updated on 29 January"). */
bool page_dates_is_change(const struct line_words *lines, struct span text);
/* Returns the folded text behind a word such as "Published:", because a date of the last change may precede it; without
 * such a word, all of the text. */
struct span page_dates_behind_label(const struct line_words *lines, struct span text, struct arena *arena);
/* Searches the whole page for a date, for pages that have none elsewhere: one behind a word such as "Published:" in a
 * short line, then one at the very beginning of the running text. Returns false if there is none. *ret_stated is the
 * text that begins with the date. */
bool page_dates_search(const struct page *page, const struct line_words *lines, const struct date_words *dates,
                       struct span language, struct stated *ret_stated);

#endif
