/* Writes text and elements of XML 1.0. */
#ifndef PROGRAM_EXPORT_PARTS_XML_H
#define PROGRAM_EXPORT_PARTS_XML_H

#include "pipeline/base/text.h"

/* Returns whether XML 1.0 allows the character (its Char production). */
bool xml_allows(uint32_t rune);
/* Appends text, escaped for use as content or as an attribute in double quotes. Characters that XML does not allow are
 * left out; invalid UTF-8 becomes U+FFFD. */
void xml_add(struct buffer *out, struct span text);
/* Appends <name>text</name> and a newline. */
void xml_element(struct buffer *out, const char *name, struct span text);
/* Appends <name attribute="value">text</name> and a newline. */
void xml_element_with(struct buffer *out, const char *name, const char *attribute, struct span value, struct span text);

#endif
