/* Finds characters that a reader does not see but that change how the English is shown, searched or copied: those that
 * reverse its direction, those without width, control characters, and such as data is hidden in. Whatever the source
 * has too is the author's. */
#include "pipeline/base/visible.h"
#include "stages/check/checks.h"

/* The source is searched for at most MAX_KINDS different characters; what comes after them is not judged. Hebrew,
 * Arabic and the scripts between them are written from right to left. */
enum { MAX_KINDS = 32, RIGHT_TO_LEFT = 0x590, RIGHT_TO_LEFT_END = 0x900 };
/* Letters of Vietnamese have two marks. More lie over the lines above and below. */
enum { MAX_MARKS = 2 };

static bool is_ascii_letter(struct span text, size_t i) {
    return i < text.length && (unsigned)((text.at[i] | 32) - 'a') < 26;
}

/* Joiners connect emoji and separate letters of Arabic and Indian scripts. Nothing joins ASCII letters. */
static bool is_joiner(uint32_t rune) {
    return rune == 0x200C || rune == 0x200D;
}

static bool is_direction_mark(uint32_t rune) {
    return rune == 0x200E || rune == 0x200F || rune == 0x61C;
}

/* A selector picks the variant of one character. Any number of them can follow it unseen and carry a message. */
static bool is_selector(uint32_t rune) {
    return (rune >= 0xFE00 && rune <= 0xFE0F) || (rune >= 0xE0100 && rune <= 0xE01EF);
}

/* Returns whether the selector at `i` is one that chooses how an emoji or another symbol looks. */
static bool is_usual_selector(struct span text, size_t i, uint32_t rune) {
    uint32_t before = ' ';
    if (i) text_previous(text, i, &before);
    return rune <= 0xFE0F && before != ' ' && !is_selector(before);
}

/* Returns whether the mark at `i` stands on others, so that no letter has so many. */
static bool is_piled_up(struct span text, size_t i, uint32_t rune) {
    size_t marks = 0;
    while (rune_is_mark(rune) && !is_selector(rune) && marks++ < MAX_MARKS && i > 0) i -= text_previous(text, i, &rune);
    return marks > MAX_MARKS;
}

/* Returns whether the character of this size at `i` is one that no English text needs. */
static bool is_unwanted(struct span text, size_t i, size_t size, uint32_t rune) {
    if (rune < 0x20) return !text_is_space((char)rune);
    if (rune < 0xA0) return rune >= 0x7F;
    if (is_joiner(rune)) return i && is_ascii_letter(text, i - 1) && is_ascii_letter(text, i + size);
    if (is_selector(rune)) return !is_usual_selector(text, i, rune);
    return rune == RUNE_INVALID || rune_is_obeyed(rune) || rune_is_invisible(rune) || is_piled_up(text, i, rune);
}

/* Returns whether the text has letters that are written from right to left, beside which direction marks are useful. */
static bool is_right_to_left(struct span text) {
    for (size_t i = 0; i < text.length;) {
        uint32_t rune;
        i += text_next(text, i, &rune);
        if (rune >= RIGHT_TO_LEFT && rune < RIGHT_TO_LEFT_END && rune_is_letter(rune)) return true;
    }
    return false;
}

/* Returns whether the source has the character at `i` of the English, or could have it. */
static bool may_be_of_author(struct span source, struct span text, size_t i, size_t size, uint32_t rune) {
    if (span_find(source, span_cut(text, i, i + size)) != SIZE_MAX) return true;
    return is_direction_mark(rune) && is_right_to_left(source);
}

/* The characters of the English that were found to be the author's. */
struct allowed {
    uint32_t runes[MAX_KINDS];
    size_t count;
};

static bool is_allowed(const struct allowed *allowed, uint32_t rune) {
    for (size_t i = 0; i < allowed->count; i++)
        if (allowed->runes[i] == rune) return true;
    return false;
}

static uint32_t find_unwanted(const struct pair *pair) {
    struct allowed allowed = {.count = 0};
    struct span text = pair->target;
    for (size_t i = 0, size; i < text.length; i += size) {
        uint32_t rune;
        size = text_next(text, i, &rune);
        if (rune >= ' ' && rune < 0x7F) continue;
        if (!is_unwanted(text, i, size, rune) || is_allowed(&allowed, rune)) continue;
        if (allowed.count == MAX_KINDS) return 0;
        if (!may_be_of_author(pair->source, text, i, size, rune)) return rune;
        allowed.runes[allowed.count++] = rune;
    }
    return 0;
}

static const char *kind_of(uint32_t rune) {
    if ((rune >= 0x202A && rune <= 0x202E) || (rune >= 0x2066 && rune <= 0x2069) || is_direction_mark(rune))
        return "changes the direction of the text";
    if (rune_is_mark(rune) && !is_selector(rune)) return "is one of many marks on one letter";
    return rune == RUNE_INVALID ? "stands for text that was lost" : "is not visible";
}

bool check_invisible(const struct pair *pair, struct buffer *message) {
    uint32_t rune = find_unwanted(pair);
    if (rune)
        buffer_print(message, "the English has a character that %s and that the source does not have (U+%04X)",
                     kind_of(rune), (unsigned)rune);
    return rune != 0;
}
