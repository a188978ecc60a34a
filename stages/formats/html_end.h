/* Recognises a page whose end is missing, because the connection or the server broke off. */
#ifndef STAGES_FORMATS_HTML_END_H
#define STAGES_FORMATS_HTML_END_H

#include <stdbool.h>

#include "pipeline/base/text.h"

/* Returns whether the page is cut off. Works for all encodings that contain ASCII; UTF-16 is never cut off. A page with
 * an end tag of <html> or <body> is complete. HTML allows these tags to be omitted; without them, a page is cut off if
 * it ends within a tag or leaves an element open whose end tag is required. If `may_be_cut` (the end of the page is not
 * known otherwise), it is also cut off if it is empty, begins with <html> or <body>, or ends in text. */
bool html_is_cut_off(struct span page, bool may_be_cut);

#endif
