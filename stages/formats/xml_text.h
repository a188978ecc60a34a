/* Prepares imperfect XML for expat: removes text before the document and characters that XML forbids, and can repair
 * common mistakes. Both functions expect UTF-8 and take linear time. */
#ifndef STAGES_FORMATS_XML_TEXT_H
#define STAGES_FORMATS_XML_TEXT_H

#include <stdbool.h>

#include "pipeline/base/text.h"

/* Appends `text`, starting at its declaration or else its first '<', without the characters that XML forbids. Returns
 * false if *out is full. */
bool xml_text_clean(struct span text, struct buffer *out);
/* Appends `text` with undeclared entities and unescaped '&' repaired, stray '<' escaped, and bare markup in titles and
 * descriptions wrapped in CDATA. Returns false if *out is full. */
bool xml_text_repair(struct span text, struct buffer *out);

#endif
