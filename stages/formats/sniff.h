/* Detects what the first bytes and the labels of a document say about its encoding, without judging whether this is
 * true: byte order marks, labels, files that are not text, and patterns that reveal an encoding (NULs of UTF-16 and
 * UTF-32, escape sequences). */
#ifndef STAGES_FORMATS_SNIFF_H
#define STAGES_FORMATS_SNIFF_H

#include <stdbool.h>
#include <stddef.h>

#include "pipeline/base/text.h"

/* Returns the name of the encoding of the byte order mark at the start of `raw`, with the mark's size in *ret_length,
 * or NULL. */
const char *sniff_mark(struct span raw, size_t *ret_length);
/* Return the label of the encoding that is named by the charset parameter of a Content-Type header, an XML declaration,
 * or an HTML meta element (like the HTML standard's prescan, but in the first 4096 bytes); an empty span if none is
 * named. The result borrows from the argument. */
struct span sniff_http(struct span content_type);
struct span sniff_xml(struct span raw);
struct span sniff_html(struct span raw);
/* Returns the language code that a feed states near its beginning (xml:lang, <language>, <dc:language>), or an empty
 * span. Borrows from `raw`. */
struct span sniff_feed_language(struct span raw);
/* Returns the language code that a feed states or, if there is none, that a page states (<html lang>). */
struct span sniff_language(struct span raw);
/* Returns the kind of file for use in a message ("a PNG image") if the magic number shows that it is not text;
 * otherwise NULL. */
const char *sniff_file(struct span raw);
/* Returns "iso-2022-jp", "iso-2022-kr", "iso-2022-cn" or "hz-gb-2312" if the bytes contain its escape sequences;
 * otherwise NULL. */
const char *sniff_escapes(struct span raw);
/* Returns the length of a run of ISO-2022-JP that has lost its escape characters ("$B...(B", both ends included) at the
 * start of `text`, or 0. */
size_t sniff_japanese_run(struct span text);
/* Returns "iso-2022-jp" if there are runs without escape characters (see above), "utf-7" if there are runs of "+...",
 * and in both cases enough of them to rule out chance; otherwise NULL. `label` is the stated charset, or empty; if it
 * agrees, a few runs are enough. */
const char *sniff_stripped(struct span raw, struct span label);
/* Returns "utf-16le", "utf-16be", "utf-32le" or "utf-32be", judged by the pattern of NUL bytes, or NULL. */
const char *sniff_wide(struct span raw);
/* Returns true if more than a tenth of the first 64 KiB are control characters that do not occur in text. */
bool sniff_binary(struct span raw);

#endif
