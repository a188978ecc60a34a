/* Text for XML 1.0. */
#ifndef PROGRAM_EXPORT_PARTS_XML_H
#define PROGRAM_EXPORT_PARTS_XML_H

#include "pipeline/base/text.h"

/* For content and for attributes in double quotes: marks are escaped, characters that XML does not have are left out,
 * invalid bytes become U+FFFD. */
void xml_add(struct buffer *out, struct span text);
/* <name>text</name> and a newline. */
void xml_element(struct buffer *out, const char *name, struct span text);
/* The same with one attribute. */
void xml_element_with(struct buffer *out, const char *name, const char *attribute, struct span value, struct span text);

#endif
