/* Which headings of a page may be its article's headline, by their place: not those in menus, breadcrumbs and hidden
 * text, nor those below the article. */
#ifndef STAGES_EXTRACT_HEADLINES_H
#define STAGES_EXTRACT_HEADLINES_H

#include "stages/extract/page.h"
#include "stages/extract/titles.h"

/* Adds the headings to `titles`, in reading order; texts are in the page's arena. */
void headlines_read(const struct page *page, struct titles *titles);

#endif
