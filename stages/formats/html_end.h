/* Tells a page whose end is missing, because the connection or the server broke off. */
#ifndef STAGES_FORMATS_HTML_END_H
#define STAGES_FORMATS_HTML_END_H

#include <stdbool.h>

#include "pipeline/base/text.h"

/* Whether the page, in any encoding that contains ASCII (UTF-16 is not judged), ends before its end. One with an end
 * tag of <html> or <body> is whole. Without one, which HTML allows, it is cut off if it ends within a tag or leaves an
 * element open whose end tag must not be left out. If `may_be_cut` (nothing else tells where the page ends), it is also
 * cut off if it is empty, begins with <html> or <body>, or ends in text. */
bool html_is_cut_off(struct span page, bool may_be_cut);

#endif
