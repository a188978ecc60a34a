#include "stages/decode/mixture.h"

#include "stages/decode/ascii.h"

#define TORN_SHARE 8 /* at most one line in so many may have something of both */
#define FEWEST 4     /* characters of UTF-8, which two letters of another encoding may look like */

enum line_kind { LINE_ASCII, LINE_UTF8, LINE_LEGACY, LINE_TORN };

static enum line_kind kind_of(struct span line, size_t *characters) {
    size_t good = 0, bad = 0;
    for (size_t i = ascii_end(line, 0); i < line.length; i = ascii_end(line, i)) {
        uint32_t rune;
        size_t size = text_next(line, i, &rune);
        good += size > 1 && rune != RUNE_INVALID; /* that one is damage of an earlier day, in any encoding */
        bad += size == 1;
        i += size;
    }
    *characters += good;
    return bad == 0 ? good == 0 ? LINE_ASCII : LINE_UTF8 : good == 0 ? LINE_LEGACY : LINE_TORN;
}

/* Takes the next line, its end included; with `tags`, at most up to the next tag, for documents without lines. Looks no
 * further than that, because there may be many lines and not one tag, or the other way round. */
static bool next_line(struct span *rest, bool tags, struct span *ret_line) {
    size_t length = 1;
    if (rest->length == 0) return false;
    while (length < rest->length && rest->at[length - 1] != '\n' && !(tags && rest->at[length] == '<')) length++;
    *ret_line = span_cut(*rest, 0, length);
    *rest = span_cut(*rest, length, rest->length);
    return true;
}

bool mixture_is(struct span raw, bool tags, struct buffer *legacy) {
    size_t lines[LINE_TORN + 1] = {0}, characters = 0;
    struct span line;
    while (next_line(&raw, tags, &line)) {
        enum line_kind kind = kind_of(line, &characters);
        lines[kind]++;
        if (kind == LINE_LEGACY) buffer_add_span(legacy, line);
    }
    size_t pure = lines[LINE_UTF8] + lines[LINE_LEGACY];
    return lines[LINE_LEGACY] > 0 && lines[LINE_LEGACY] <= lines[LINE_UTF8] && characters >= FEWEST &&
           lines[LINE_TORN] * TORN_SHARE <= pure;
}

size_t mixture_convert(const struct encoding_entry *utf8, const struct encoding_entry *encoding, bool tags,
                       struct span raw, struct buffer *out, size_t *ret_lines) {
    size_t bad = 0, legacy = 0, characters = 0;
    struct span line;
    while (next_line(&raw, tags, &line)) {
        bool is_legacy = kind_of(line, &characters) == LINE_LEGACY;
        bad += encoding_convert(is_legacy ? encoding : utf8, line, out);
        legacy += is_legacy;
    }
    *ret_lines = legacy;
    return bad;
}
