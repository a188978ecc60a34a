/* What mails do to text so that it passes through seven bits: RFC 2045 (quoted-printable, base64) and RFC 2047 (encoded
 * words in heads). Damaged input is decoded as far as it goes. */
#ifndef STAGES_FORMATS_MAIL_CODING_H
#define STAGES_FORMATS_MAIL_CODING_H

#include <stdbool.h>

#include "pipeline/base/arena.h"

/* Append the bytes that are meant; what is no base64 is skipped, a "=" that begins nothing stays. `head`: "_" is a
 * space, as in the Q encoding of heads. */
void mail_base64(struct span text, struct buffer *out);
void mail_quoted_printable(struct span text, bool head, struct buffer *out);
/* Joins the lines of format=flowed (RFC 3676), the quoted ones too; `delsp` takes out the space at their ends as well.
 * In the arena. Line ends become "\n". */
struct span mail_unflow(struct span text, bool delsp, struct arena *arena);

/* Whether the bytes read the same in every charset that mails use: ASCII without the shifts of ISO-2022, and of UTF-7
 * or HZ where `charset` is one of these. */
bool mail_is_plain(struct span bytes, struct span charset);

/* Appends bytes of a head as UTF-8, by the one decoder, which this folder does not know. `label`: the charset that an
 * encoded word names; empty for bytes that stand bare. */
struct mail_decoder {
    void (*decode)(const void *context, struct span bytes, struct span label, struct buffer *out);
    const void *context;
};

/* The value of a head as UTF-8: folded lines joined, "=?charset?B?...?=" unpacked. At most 8 KiB. */
struct span mail_head_text(struct span value, const struct mail_decoder *decoder, struct arena *arena);

#endif
