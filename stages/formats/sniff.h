/* What the first bytes and the labels say, without believing them: byte-order marks, labels, files that are no text,
 * and the shapes that give an encoding away (NULs of UTF-16 and UTF-32, escape sequences). */
#ifndef STAGES_FORMATS_SNIFF_H
#define STAGES_FORMATS_SNIFF_H

#include <stdbool.h>
#include <stddef.h>

#include "pipeline/base/text.h"

/* Name of the encoding of the byte-order mark that `raw` starts with, or NULL; *ret_length is the mark's size. */
const char *sniff_mark(struct span raw, size_t *ret_length);
/* The labels, or the empty span: charset parameter of a Content-Type header; XML declaration; HTML meta (the prescan of
 * the HTML standard, first 4096 bytes). They borrow from their argument. */
struct span sniff_http(struct span content_type);
struct span sniff_xml(struct span raw);
struct span sniff_html(struct span raw);
/* The language that a feed names near its beginning (xml:lang, <language>, <dc:language>), or the empty span. */
struct span sniff_feed_language(struct span raw);
/* The same, or else the language that a page names (<html lang>). */
struct span sniff_language(struct span raw);
/* What kind of file it is, for a sentence ("a PNG image"), when its magic number is none of text; else NULL. */
const char *sniff_file(struct span raw);
/* "iso-2022-jp", "iso-2022-kr", "iso-2022-cn" or "hz-gb-2312" when the bytes hold its escape sequences, else NULL. */
const char *sniff_escapes(struct span raw);
/* Bytes of a run of ISO-2022-JP without its escape characters ("$B...(B", the ends included) that begins `text`; 0 when
 * it is none. */
size_t sniff_japanese_run(struct span text);
/* "iso-2022-jp" for such runs, "utf-7" for runs of "+...", where there are enough of them to be no chance; `label` is
 * the charset that somebody stated, or empty: with it, few are enough. Else NULL. */
const char *sniff_stripped(struct span raw, struct span label);
/* "utf-16le" and so on by the pattern of NUL bytes, else NULL. */
const char *sniff_wide(struct span raw);
/* Control characters that no text has are more than a tenth of the first bytes. */
bool sniff_binary(struct span raw);

#endif
