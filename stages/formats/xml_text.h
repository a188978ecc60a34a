/* XML as it really comes, made ready for expat: without what stands above it and what XML forbids, and a second form
 * with the usual mistakes mended. Both take UTF-8 and are linear. */
#ifndef STAGES_FORMATS_XML_TEXT_H
#define STAGES_FORMATS_XML_TEXT_H

#include <stdbool.h>

#include "pipeline/base/text.h"

/* Appends `text` from its declaration, or its first '<', on, without the characters that XML forbids. False when *out
 * is full. */
bool xml_text_clean(struct span text, struct buffer *out);
/* Appends `text` with undeclared and unescaped '&' mended, stray '<' escaped, and the markup that stands bare in
 * titles and descriptions wrapped into CDATA. False when *out is full. */
bool xml_text_repair(struct span text, struct buffer *out);

#endif
