#include "config/secret_fault.h"

/* What word processors and web pages leave in a copied key, invisible in an editor. */
static const struct span invisible[] = {
    {"\xEF\xBB\xBF", 3},                       /* byte order mark */
    {"\xC2\xA0", 2},                           /* no-break space */
    {"\xC2\xAD", 2},                           /* soft hyphen */
    {"\xE2\x80\x8B", 3},                       /* zero-width space */
    {"\xE2\x80\x8C", 3}, {"\xE2\x80\x8D", 3},  /* zero-width joiners */
    {"\xE2\x80\x8E", 3}, {"\xE2\x80\x8F", 3},  /* direction marks */
    {"\xE2\x80\xA8", 3}, {"\xE2\x80\xA9", 3},  /* line and paragraph separators */
    {"\xE2\x80\xAF", 3}, {"\xE2\x81\xA0", 3}}; /* narrow no-break space, word joiner */

static bool is_invisible(struct span rest) {
    for (size_t i = 0; i < sizeof invisible / sizeof *invisible; i++)
        if (span_starts(rest, invisible[i])) return true;
    return false;
}

/* libcurl and every other reader of strings would stop at a NUL, and a line break would begin another header. */
static const char *fault_at(struct span rest, bool many_lines) {
    unsigned char byte = (unsigned char)rest.at[0];
    bool ends_line = byte == '\n' || span_starts(rest, SPAN("\r\n"));
    if (many_lines && (ends_line || byte == '\t')) return NULL;
    if (ends_line || byte == '\r') return "a line break";
    if (byte == '\0') return "a NUL byte (is it saved as UTF-16?)";
    if (byte < ' ' || byte == 0x7F) return "a control character";
    return byte >= 0x80 && is_invisible(rest) ? "an invisible character" : NULL;
}

const char *secret_fault(struct span text, bool many_lines, size_t *ret_byte) {
    for (size_t i = 0; i < text.length; i++) {
        const char *fault = fault_at(span_cut(text, i, text.length), many_lines);
        if (!fault) continue;
        *ret_byte = i + 1;
        return fault;
    }
    return NULL;
}
