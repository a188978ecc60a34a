/* Writes emails: header fields (RFC 5322, with encoded words by RFC 2047) and quoted-printable text (RFC 2045). Lines
 * end with CR LF and have at most 78 bytes, unless a word of a header is longer. No text can add a header field or end
 * the header: control characters, including line ends, become spaces. */
#ifndef STAGES_FORMATS_MAIL_WRITE_H
#define STAGES_FORMATS_MAIL_WRITE_H

#include "pipeline/base/text.h"

/* Appends "Name: text", for fields of free text such as Subject. */
void mail_write_text(struct buffer *out, const char *name, struct span text);
/* Appends "Name: display <address>", or the address alone if `display` is empty. The address is ASCII. */
void mail_write_address(struct buffer *out, const char *name, struct span display, struct span address);
/* Appends "Name: a, b, c", for fields that list words of ASCII, with `between` ("," or "") after all but the last. */
void mail_write_list(struct buffer *out, const char *name, const struct span *words, size_t count, const char *between);
/* Appends UTF-8 text whose lines end with "\n", in quoted-printable. */
void mail_write_quoted_printable(struct buffer *out, struct span text);

#endif
