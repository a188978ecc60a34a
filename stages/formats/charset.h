/* Short texts of a stated encoding (heads of mails, feeds) as UTF-8. Documents go through the decode stage, which
 * believes no label. */
#ifndef STAGES_FORMATS_CHARSET_H
#define STAGES_FORMATS_CHARSET_H

#include <iconv.h>
#include <stdbool.h>

#include "pipeline/base/text.h"

/* (iconv_t)-1 when nobody knows the label; the wider encoding where people use the narrower one's name. "utf-8" gives
 * (iconv_t)-1, too. The caller closes it. */
iconv_t charset_open(struct span label);
/* Appends `raw` as UTF-8; what cannot be decoded becomes U+FFFD. */
void charset_convert(struct span raw, iconv_t converter, struct buffer *out);
/* Both: by its label, or as UTF-8 when it is valid UTF-8, or as windows-1252. */
void charset_add(struct span raw, struct span label, struct buffer *out);

#endif
