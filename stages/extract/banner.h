/* Consent banners around a short article, which outweigh it. */
#ifndef STAGES_EXTRACT_BANNER_H
#define STAGES_EXTRACT_BANNER_H

#include "stages/extract/page.h"
#include "stages/extract/signs.h"

/* Leaves out what asks for consent, with all that is around it and apart from the headline, whatever its name; false,
 * and nothing left out, when there is no headline, or when it asks right below or beside the headline: that is where
 * the article would be. */
bool banner_leave_out(struct page *page, const struct signs *signs);

#endif
