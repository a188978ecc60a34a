/* Collects the headings of a page that may be the headline of its article. Those in menus, breadcrumbs and hidden text,
 * and those below the article's text, are marked as TITLE_HEADING_ELSEWHERE. */
#ifndef STAGES_EXTRACT_HEADLINES_H
#define STAGES_EXTRACT_HEADLINES_H

#include "stages/extract/page.h"
#include "stages/extract/titles.h"

/* Appends the headings to `titles` in reading order; their texts are allocated in the page's arena. */
void headlines_read(const struct page *page, struct titles *titles);

#endif
