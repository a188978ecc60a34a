/* XML as it really comes, made ready for expat: UTF-8 whatever the label says, and a second form with the usual
 * mistakes mended. Both are linear. */
#ifndef STAGES_FORMATS_XML_TEXT_H
#define STAGES_FORMATS_XML_TEXT_H

#include <stdbool.h>

#include "pipeline/base/text.h"

/* Appends `raw` as valid UTF-8 from the first '<' on, without the characters that XML forbids. A byte-order mark
 * decides; then bytes that are valid UTF-8 are UTF-8 whatever the labels say; then the labels; then windows-1252. What
 * cannot be decoded becomes U+FFFD. False when *out is full. */
bool xml_text_decode(struct span raw, struct span content_type, struct buffer *out);
/* Appends `text` with undeclared and unescaped '&' mended, stray '<' escaped, and the markup that stands bare in
 * titles and descriptions wrapped into CDATA. False when *out is full. */
bool xml_text_repair(struct span text, struct buffer *out);

#endif
