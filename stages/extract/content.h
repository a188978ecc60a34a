/* Decides whether a page holds an article or something else in its place: an error page or a "wall", a page that asks
 * for consent, a login, a subscription or a CAPTCHA. No single word decides. The text found on the page is judged as a
 * whole: how long it is, how much of it consists of lines that only walls and error pages have, whether the headlines
 * say the same, and whether the page's description, its data or the feed have the same text. A long text, or one that
 * is confirmed in this way, is an article whatever it is about. */
#ifndef STAGES_EXTRACT_CONTENT_H
#define STAGES_EXTRACT_CONTENT_H

#include "stages/extract/metadata.h"
#include "stages/extract/signs.h"

/* `article` must hold the blocks taken from the page; its feed entry, if any, is compared with them. If the result is
 * CONTENT_TEASER, an invitation to subscribe is removed from the end of the blocks. */
enum content content_judge(const struct signs *signs, const struct page *page, const struct metadata *metadata,
                           struct article *article);
/* Returns a sentence without a full stop that tells the user what the page is; empty for CONTENT_WHOLE. */
struct span content_sentence(enum content content);

#endif
