/* Decodes text that is encoded in emails so that it can be sent as seven-bit ASCII: quoted-printable and base64 (RFC
 * 2045), and encoded words in header fields (RFC 2047). Damaged input is decoded as far as possible. */
#ifndef STAGES_FORMATS_MAIL_CODING_H
#define STAGES_FORMATS_MAIL_CODING_H

#include <stdbool.h>

#include "pipeline/base/arena.h"

/* Both functions append the decoded bytes. Bytes that are not base64 are skipped; a "=" that begins no valid sequence
 * is kept. If `head` is set, "_" becomes a space, as in the Q encoding of header fields. */
void mail_base64(struct span text, struct buffer *out);
void mail_quoted_printable(struct span text, bool head, struct buffer *out);
/* Joins the lines of format=flowed (RFC 3676), including quoted ones; with `delsp`, the space at the end of a joined
 * line is removed. The result is in the arena; its lines end with "\n". */
struct span mail_unflow(struct span text, bool delsp, struct arena *arena);

/* Returns true if the bytes mean the same in every charset used by emails: ASCII without the escape sequences of
 * ISO-2022, or of UTF-7 or HZ if `charset` is one of these. */
bool mail_is_plain(struct span bytes, struct span charset);

/* Appends bytes of a header field to *out as UTF-8. `label` is the charset named by an encoded word, or empty for raw
 * bytes. The decoder is passed in because this folder may not include stages/decode. */
struct mail_decoder {
    void (*decode)(const void *context, struct span bytes, struct span label, struct buffer *out);
    const void *context;
};

/* Returns the value of a header field as UTF-8 in the arena: folded lines joined, "=?charset?B?...?=" decoded. Reads at
 * most 8 KiB. */
struct span mail_header_text(struct span value, const struct mail_decoder *decoder, struct arena *arena);

#endif
