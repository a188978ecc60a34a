/* XML parsers that end the program when memory runs out, as everything else does (arena.h). */
#ifndef PIPELINE_BASE_XML_H
#define PIPELINE_BASE_XML_H

#include <expat.h>

/* Returns a parser, never NULL, that the caller frees with XML_ParserFree(). `encoding` may be NULL (as the document
 * says). If `separator` is not NULL, names are reported with their namespace, then its first character. */
XML_Parser xml_parser_new(const char *encoding, const char *separator);

#endif
