#include "program/export/parts/xml.h"

#include "pipeline/base/visible.h"

/* Surrogates need no test, because text_next() never returns them. */
bool xml_allows(uint32_t rune) {
    return rune >= 0x20 ? rune != 0xFFFE && rune != 0xFFFF : rune == '\t' || rune == '\n' || rune == '\r';
}

/* Characters that are obeyed or not seen (visible.h) are written as references, so that nothing is lost. */
static void add_other(struct buffer *out, uint32_t rune) {
    if (!xml_allows(rune)) return;
    if (rune_is_unseen(rune) && rune != '\t' && rune != '\n')
        buffer_print(out, "&#x%X;", (unsigned)rune);
    else
        buffer_add_rune(out, rune);
}

void xml_add(struct buffer *out, struct span text) {
    for (size_t i = 0; i < text.length;) {
        uint32_t rune;
        i += text_next(text, i, &rune);
        switch (rune) {
        case '<':
            buffer_add_string(out, "&lt;");
            break;
        case '>':
            buffer_add_string(out, "&gt;");
            break;
        case '&':
            buffer_add_string(out, "&amp;");
            break;
        case '"':
            buffer_add_string(out, "&quot;");
            break;
        case '\r':
            /* A carriage return must be escaped, because a parser would read it as a newline. */
            buffer_add_string(out, "&#13;");
            break;
        default:
            add_other(out, rune);
        }
    }
}

void xml_element(struct buffer *out, const char *name, struct span text) {
    buffer_print(out, "<%s>", name);
    xml_add(out, text);
    buffer_print(out, "</%s>\n", name);
}

void xml_element_with(struct buffer *out, const char *name, const char *attribute, struct span value,
                      struct span text) {
    buffer_print(out, "<%s %s=\"", name, attribute);
    xml_add(out, value);
    buffer_add_string(out, "\">");
    xml_add(out, text);
    buffer_print(out, "</%s>\n", name);
}
