#include "stages/summarize/quoting.h"

#include <string.h>

#include "stages/check/quotation.h"
#include "stages/language/unicode.h"

enum direction { NEITHER, OPENS, CLOSES };

/* The direction in which most languages use the mark. */
static enum direction usual(uint32_t rune) {
    switch (rune) {
    case 0xAB:
    case 0x201C:
    case 0x201E:
    case 0x201F:
    case 0x2039:
    case 0x300C:
    case 0x300E:
    case 0x301D:
        return OPENS;
    case 0xBB:
    case 0x201D:
    case 0x203A:
    case 0x300D:
    case 0x300F:
    case 0x301E:
        return CLOSES;
    default:
        return NEITHER;
    }
}

/* Before an opening mark there is a space, a bracket or a dash; after a closing one, a space or another mark. What the
 * neighbours tell comes first, because languages use the same mark in both directions. */
static enum direction direction_of(const struct marks *marks, uint32_t before, uint32_t rune, uint32_t after) {
    enum mark mark = marks_of(marks, before), next = marks_of(marks, after);
    bool may_open = !before || rune_is_space(before) || mark == MARK_OPEN || mark == MARK_DASH;
    bool may_close = !after || rune_is_space(after) || next == MARK_CLOSE || next == MARK_COMMA || next == MARK_POINT ||
                     next == MARK_CALL || next == MARK_PART || next == MARK_DASH || next == MARK_EXTRA ||
                     next == MARK_PAUSE;
    if (may_open == may_close) return usual(rune);
    return may_open ? OPENS : CLOSES;
}

/* A straight mark that closes nothing may stand for inches, so it counts only after a mark: "only just started!" */
static bool is_stray(const struct marks *marks, uint32_t before, uint32_t rune) {
    return usual(rune) != NEITHER || (!rune_is_word(before) && marks_of(marks, before) != MARK_NONE);
}

static bool is_single(uint32_t rune) {
    return rune == '\'' || rune == 0x2018 || rune == 0x2019;
}

/* Whether a single quotation begins or ends outside the sentence. */
static bool is_torn(const struct marks *marks, struct span sentence) {
    bool opened = false, closed = false, first = false;
    uint32_t before = 0, rune;
    if (!sentence.length ||
        (!memchr(sentence.at, '\'', sentence.length) && !memchr(sentence.at, 0xE2, sentence.length)))
        return false;
    for (size_t at = 0; at < sentence.length; before = rune) {
        uint32_t after = 0;
        at += text_next(sentence, at, &rune);
        if (!is_single(rune)) continue;
        if (at < sentence.length) text_next(sentence, at, &after);
        bool begins = !before || rune_is_space(before) || marks_of(marks, before) == MARK_OPEN;
        bool ends = !rune_is_word(after);
        if (ends && !opened && !begins && !rune_is_word(before) && at == sentence.length) return true;
        first = first || !before;
        opened = opened || begins;
        closed = closed || (ends && before);
    }
    return first && !closed;
}

bool quoting_is_whole(const struct marks *marks, struct span sentence, struct quoting *quoting) {
    bool whole = !quoting->open;
    uint32_t before = 0, rune;
    for (size_t at = 0; at < sentence.length; before = rune) {
        uint32_t after = 0;
        at += text_next(sentence, at, &rune);
        if (!rune_is_quotation(marks, rune)) continue;
        if (at < sentence.length) text_next(sentence, at, &after);
        enum direction direction = direction_of(marks, before, rune, after);
        if (direction == CLOSES && !quoting->open && is_stray(marks, before, rune)) whole = false;
        if (direction != NEITHER) quoting->open = direction == OPENS;
    }
    return whole && !quoting->open && !is_torn(marks, sentence);
}

bool quoting_is_only(const struct marks *marks, struct span sentence) {
    bool open = false;
    uint32_t before = 0, rune;
    for (size_t at = 0; at < sentence.length; before = rune) {
        uint32_t after = 0;
        at += text_next(sentence, at, &rune);
        if (rune_is_word(rune) && !open) return false;
        if (!rune_is_quotation(marks, rune)) continue;
        if (at < sentence.length) text_next(sentence, at, &after);
        open = direction_of(marks, before, rune, after) == OPENS;
    }
    return before != 0;
}
