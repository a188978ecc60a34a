#include "pipeline/base/xml.h"

#include <stdlib.h>

#include "pipeline/base/arena.h"

XML_Parser xml_parser_new(const char *encoding, const char *separator) {
    static const XML_Memory_Handling_Suite memory = {memory_take, memory_resize, free};
    XML_Parser parser = XML_ParserCreate_MM(encoding, &memory, separator);
    /* It also fails if the system has no random numbers. */
    if (!parser) memory_exhausted();
    return parser;
}
