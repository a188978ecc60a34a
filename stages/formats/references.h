/* Character references as HTML defines them ("&nbsp;", "&eacute", "&#8217;", "&#x27;"). */
#ifndef STAGES_FORMATS_REFERENCES_H
#define STAGES_FORMATS_REFERENCES_H

#include "pipeline/base/text.h"

enum { REFERENCE_BYTES = 8 }; /* the longest text that a reference stands for */

/* Reads the reference whose '&' is at `at`. Returns its length, and sets the UTF-8 text that it stands for; returns 0
 * if none is there. In attributes, "&copy=1" is not a reference. */
size_t reference_read(struct span text, size_t at, bool in_attribute, char ret_text[REFERENCE_BYTES],
                      size_t *ret_length);

#endif
