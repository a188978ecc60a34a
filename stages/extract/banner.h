/* Removes consent banners around an article that is shorter than the banner. */
#ifndef STAGES_EXTRACT_BANNER_H
#define STAGES_EXTRACT_BANNER_H

#include "stages/extract/page.h"
#include "stages/extract/signs.h"

/* Leaves out every element that asks for consent, whatever its name, together with the largest element around it that
 * does not contain the headline. Returns false and leaves out nothing if there is no headline, or if the request is
 * directly below or beside the headline: it then takes the place of the article. */
bool banner_leave_out(struct page *page, const struct signs *signs);

#endif
