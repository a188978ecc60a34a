/* Compares questions, quotation marks, brackets and capital letters. */
#include "stages/check/checks.h"

enum { MIN_LETTERS = 30, LATIN_END = 0x370 };

/* Finds a question that became a statement, or the reverse. Not every language marks questions with a question mark, so
 * the source counts as a statement only if it ends with a full stop that does not follow a Japanese question particle.
 */
bool check_question(const struct pair *pair, struct buffer *message) {
    struct span source = text_strip_closers(pair->marks, pair->source);
    bool asks = span_ends(text_strip_closers(pair->marks, pair->target), SPAN("?"));
    enum mark stop = text_last_mark(pair->marks, source);
    bool states = stop == MARK_POINT || stop == MARK_END;
    if (!asks || !states || pair->source_marks.questions || span_ends(source, SPAN("か。"))) return false;
    buffer_add_string(message, "the English is a question, the source is a statement");
    return true;
}

/* Returns whether the script of the first letter distinguishes upper and lower case. */
static bool has_case(struct span text) {
    for (size_t i = 0; i < text.length;) {
        uint32_t rune;
        i += text_next(text, i, &rune);
        if (fold_class(rune) == LETTER_SPACED) return rune < 0x590 || (rune >= 0x1E00 && rune < 0x2000);
        if (fold_class(rune) == LETTER_UNSPACED || fold_class(rune) == LETTER_HANGUL) return false;
    }
    return false;
}

/* Returns whether the first letter is a capital. */
static bool begins_with_capital(struct span text) {
    for (size_t i = 0; i < text.length;) {
        uint32_t rune;
        i += text_next(text, i, &rune);
        if (fold_class(rune) == LETTER_SPACED) return rune_is_upper(rune);
    }
    return false;
}

/* Returns whether the text begins with a small Latin letter. A digit has no capital, nor has a word of most other
 * scripts. */
static bool begins_small(struct span text) {
    for (size_t i = 0; i < text.length;) {
        uint32_t rune;
        i += text_next(text, i, &rune);
        if (rune_is_word(rune)) return rune < LATIN_END && rune_is_lower(rune);
    }
    return false;
}

bool check_capitals(const struct pair *pair, struct buffer *message) {
    if (!begins_small(pair->target)) return false; /* spares most texts the rest */
    if (pair->target_marks.letters < MIN_LETTERS || pair->target_marks.capitals) return false;
    /* a fragment may be all lower case, so only text that looks like a whole sentence is reported */
    bool cased = has_case(pair->source) ? begins_with_capital(pair->source)
                                        : text_last_mark(pair->marks, pair->target) == MARK_POINT;
    if (!cased) return false;
    buffer_add_string(message, "the English has no capital letters");
    return true;
}

bool check_marks(const struct pair *pair, struct buffer *message) {
    struct marks_seen source = pair->source_marks, target = pair->target_marks;
    if (source.quotes >= 2 && target.quotes == 0)
        buffer_add_string(message, "the quotation marks of the source are missing from the English");
    else if (source.open == 0 && target.open != 0)
        buffer_add_string(message, "the brackets in the English do not match");
    else if (source.brackets >= 2 && target.brackets == 0)
        buffer_add_string(message, "the brackets of the source are missing from the English");
    else if (source.questions && target.questions == 0)
        buffer_add_string(message, "the source is a question, the English is not");
    return message->length > 0;
}
