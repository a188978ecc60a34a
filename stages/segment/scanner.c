#include "stages/segment/scanner.h"

#include <stdlib.h>
#include <string.h>

#include "pipeline/engine/resources.h"
#include "stages/language/unicode.h"
#include "stages/segment/notes.h"
#include "stages/segment/rules.h"

enum {
    MAX_SPACES = 4,    /* max. number of spaces before a mark that belongs to the end of the sentence */
    MIN_SENTENCE = 60, /* min. bytes of a sentence in languages that do not mark the ends of sentences */
    MAX_ASIDE = 600,   /* max. bytes in brackets; if there are more, the closing bracket was probably forgotten */
    STRAY_BYTES = 16,  /* max. bytes between two brackets that face the wrong way */
    MIN_DRAWN = 3,     /* min. bytes of a horizontal rule made of characters ("_____") */
    MAX_DRAWN = 200
};

struct segmenter *segmenter_open(const char *data_folder, struct failure *ret_failure) {
    struct segmenter *segmenter = memory_take(sizeof *segmenter);
    segmenter->arena = arena_new();
    if ((segmenter->marks = marks_read(data_folder, segmenter->arena, ret_failure)) &&
        (segmenter->languages = languages_open(data_folder, ret_failure)))
        return segmenter;
    segmenter_close(segmenter);
    return NULL;
}

void segmenter_close(struct segmenter *segmenter) {
    if (!segmenter) return;
    languages_close(segmenter->languages);
    arena_free(segmenter->arena);
    free(segmenter);
}

static bool segmenter_make(struct resources *box, const char *data_folder, void **ret_thing,
                           struct failure *ret_failure) {
    (void)box;
    return (*ret_thing = segmenter_open(data_folder, ret_failure)) != NULL;
}

static void segmenter_unmake(void *thing) {
    segmenter_close(thing);
}

const struct resource segmenter_resource = {.name = "segmenter", .open = segmenter_make, .close = segmenter_unmake};

struct scanner scanner_begin(const struct segmenter *segmenter, const char *language, struct span text) {
    struct scanner scanner = {
        .marks = segmenter->marks, .language = languages_find(segmenter->languages, language), .text = text};
    if (scanner.language->ends.count) scanner.joint = ends_joint(&scanner.language->ends, scanner.marks, text);
    return scanner;
}

/* Returns the class of the character at `position`. The end of the text counts as a line break. */
static enum mark mark_at(const struct scanner *scanner, size_t position, uint32_t *ret_rune, size_t *ret_size) {
    *ret_rune = 0;
    *ret_size = 0;
    if (position >= scanner->text.length) return MARK_LINE;
    *ret_size = text_next(scanner->text, position, ret_rune);
    return marks_of(scanner->marks, *ret_rune);
}

static bool is_blank(enum mark mark) {
    return mark == MARK_SPACE || mark == MARK_LINE;
}

static enum mark mark_before(const struct scanner *scanner, size_t position) {
    uint32_t rune;
    if (position == 0) return MARK_LINE;
    text_previous(scanner->text, position, &rune);
    return marks_of(scanner->marks, rune);
}

/* Returns whether a quote is a closing one, judging only by its shape and by the quotation that is open. Used if the
 * spaces around the quote do not show this. */
static bool sign_closes(const struct scanner *scanner, uint32_t rune) {
    switch (rune) {
    case 0x201E: /* „ */
    case 0x201F:
        return false;
    case 0x201C:
        return scanner->quote == 0x201E; /* “ closes a quotation that was opened with „ */
    case 0xAB:                           /* « */
    case 0x2039:
        return scanner->quote == 0xBB || scanner->quote == 0x203A;
    default:
        return scanner->quote != 0; /* any open quotation */
    }
}

/* Returns whether a full stop, comma or the like follows after spaces: " ." */
static bool mark_after_space(const struct scanner *scanner, size_t position) {
    uint32_t rune;
    size_t size;
    enum mark mark = mark_at(scanner, position, &rune, &size);
    for (int i = 0; i < MAX_SPACES && mark == MARK_SPACE; i++) mark = mark_at(scanner, position += size, &rune, &size);
    return size && (mark == MARK_POINT || mark == MARK_CALL || rune == ',');
}

static bool is_end_of_sentence(enum mark mark) {
    return mark == MARK_POINT || mark == MARK_CALL || mark == MARK_END;
}

/* Returns whether a quote is a closing one. Whitespace on one side of it usually shows this; otherwise its shape
 * decides. */
static bool quote_closes(const struct scanner *scanner, size_t position, uint32_t rune, size_t size) {
    uint32_t next;
    size_t next_size;
    enum mark before = mark_before(scanner, position), behind = mark_at(scanner, position + size, &next, &next_size);
    bool free_before = is_blank(before) || before == MARK_OPEN || before == MARK_DASH || before == MARK_QUOTE;
    if (is_end_of_sentence(before) && notes_figures(scanner->marks, scanner->text, position + size)) return true;
    bool free_behind = !rune_is_letter(next) && !rune_is_digit(next) && behind != MARK_BEFORE;
    if (free_before && free_behind && mark_after_space(scanner, position + size)) return true;
    if (free_before == free_behind) return sign_closes(scanner, rune);
    return free_behind && rune != 0x201E;
}

/* Looks for marks that belong to the end of the sentence but are separated from it by spaces: a closing quote, a full
 * stop or the like. Returns their position, or 0. */
static size_t spaced_closer(const struct scanner *scanner, size_t position) {
    uint32_t rune;
    size_t size;
    enum mark mark = mark_at(scanner, position, &rune, &size);
    for (int i = 0; i < MAX_SPACES && mark == MARK_SPACE; i++) mark = mark_at(scanner, position += size, &rune, &size);
    if (mark == MARK_QUOTE && (sign_closes(scanner, rune) || mark_after_space(scanner, position + size))) {
        uint32_t next;
        size_t next_size;
        enum mark behind = mark_at(scanner, position + size, &next, &next_size);
        return is_blank(behind) || behind == MARK_POINT || behind == MARK_CLOSE || behind == MARK_CALL ? position : 0;
    }
    if (mark != MARK_POINT && mark != MARK_CALL) return 0;
    size_t found = position;
    while (mark == MARK_POINT || mark == MARK_CALL) mark = mark_at(scanner, position += size, &rune, &size);
    return is_blank(mark) || mark == MARK_QUOTE || mark == MARK_CLOSE ? found : 0;
}

/* Returns whether a mark such as ";" or ":", which ends sentences only in some languages, may do so here. Depending on
 * the language, it must be doubled, or a space, a quote or a bracket must follow it. */
static bool ends_extra(const struct scanner *scanner, size_t position, uint32_t rune, size_t size) {
    uint32_t next;
    size_t next_size;
    if (!languages_has_mark(scanner->language->extra, rune)) return false;
    enum mark behind = mark_at(scanner, position + size, &next, &next_size);
    if (scanner->language->doubled) return next == rune;
    return is_blank(behind) || behind == MARK_QUOTE || behind == MARK_CLOSE;
}

/* Adds a mark to the place if it belongs to the end of the sentence; otherwise returns false. */
static bool take_mark(struct scanner *scanner, struct place *place, enum mark mark, uint32_t rune, size_t size) {
    switch ((int)mark) {
    case MARK_POINT:
        place->points++, place->alone = false;
        return true;
    case MARK_PAUSE:
        place->points += 3;
        return true;
    case MARK_CALL:
        return place->call = true;
    case MARK_END:
    case MARK_FULL:
        return place->sure = true;
    case MARK_EXTRA:
    case MARK_PART:
        if (!languages_has_mark(scanner->language->extra, rune)) return false;
        return place->sure = true;
    case MARK_CLOSE:
        place->alone = place->alone || (scanner->depth && scanner->bracket == place->stop);
        place->aside = place->aside || (scanner->depth && scanner->bracket > scanner->start + MAX_SPACES);
        if (scanner->depth) scanner->depth--;
        return place->closed = true;
    case MARK_QUOTE:
        if (!quote_closes(scanner, place->after, rune, size)) return false;
        scanner->quote = 0;
        return place->quoted = true;
    case MARK_MARK: {
        uint32_t next;
        size_t next_size;
        mark_at(scanner, place->after + size, &next, &next_size);
        return !rune_is_letter(next) && !rune_is_digit(next);
    }
    default:
        return false;
    }
}

/* Returns the end of a footnote number that directly follows the full stop, as in "the end.12 Next", or 0. "3.12" in
 * "in 3.12 metres" is not one. */
static size_t figures_note(const struct scanner *scanner, const struct place *place) {
    uint32_t rune;
    if (place->points != 1 || place->stop == place->start) return 0;
    text_previous(scanner->text, place->stop, &rune);
    enum mark before = marks_of(scanner->marks, rune);
    if (!rune_is_letter(rune) && before != MARK_CLOSE && before != MARK_QUOTE) return 0;
    return notes_figures(scanner->marks, scanner->text, place->after);
}

/* Adds a footnote reference that directly follows the marks. Returns false if there is none. */
static bool take_note(const struct scanner *scanner, struct place *place, enum mark mark, size_t size) {
    size_t end = mark == MARK_NOTE ? place->after + size : notes_bracketed(scanner->marks, scanner->text, place->after);
    if (!end && (end = figures_note(scanner, place))) place->figures = true;
    if (end) place->after = end;
    return end != 0;
}

/* Returns whether the sentence so far has letters or digits. Looks only at its beginning, so that the total time stays
 * linear. */
static bool has_words(const struct scanner *scanner, size_t end) {
    size_t last = end - scanner->start > MAX_DRAWN ? scanner->start + MAX_DRAWN : end;
    uint32_t rune;
    for (size_t i = scanner->start; i < last;) {
        i += text_next(scanner->text, i, &rune);
        if (rune_is_word(rune)) return true;
    }
    return last < end;
}

/* Returns whether the line is a horizontal rule: "_____", "* * *". */
static bool is_drawn(const struct scanner *scanner, size_t end) {
    struct span line = span_trim(span_cut(scanner->text, scanner->start, end));
    return line.length >= MIN_DRAWN && !has_words(scanner, end);
}

/* Collects all marks at the end of the sentence: punctuation, quotes, brackets and footnote references. */
static void gather(struct scanner *scanner, struct place *place) {
    uint32_t rune;
    size_t size;
    while (place->after < scanner->text.length) {
        enum mark mark = mark_at(scanner, place->after, &rune, &size);
        size_t spaced = mark == MARK_SPACE ? spaced_closer(scanner, place->after) : 0;
        if (spaced) {
            place->after = spaced;
            mark = mark_at(scanner, spaced, &rune, &size);
            if (mark == MARK_QUOTE) scanner->quote = 0, place->quoted = true, place->after += size;
            continue;
        }
        if (take_mark(scanner, place, mark, rune, size))
            place->after += size;
        else if (!take_note(scanner, place, mark, size))
            return;
    }
}

static bool is_repeated(const struct scanner *scanner, size_t position, uint32_t rune) {
    uint32_t next;
    size_t next_size;
    mark_at(scanner, position, &next, &next_size);
    return next == rune;
}

/* Returns whether the mark may end a sentence in this language. A mark that usually does not (`not` in struct
 * language_rules) counts if it is repeated. */
static bool is_stop(const struct scanner *scanner, size_t position, enum mark mark, uint32_t rune, size_t size) {
    if (mark == MARK_EXTRA || mark == MARK_PART) return ends_extra(scanner, position, rune, size);
    if (mark == MARK_POINT || mark == MARK_PAUSE || mark == MARK_CALL || mark == MARK_END || mark == MARK_FULL)
        return !languages_has_mark(scanner->language->not, rune) || is_repeated(scanner, position + size, rune);
    return false;
}

/* Returns whether a line break ends the sentence. It does if an empty line or a list item follows. */
static bool line_ends(const struct scanner *scanner, size_t position) {
    uint32_t rune;
    size_t size;
    enum mark mark = mark_at(scanner, position, &rune, &size);
    while (position < scanner->text.length && mark == MARK_SPACE)
        mark = mark_at(scanner, position += size, &rune, &size);
    return mark == MARK_LINE || mark == MARK_BULLET;
}

/* Keeps track of open brackets and quotations. */
static void track(struct scanner *scanner, enum mark mark, uint32_t rune, size_t size) {
    size_t behind = scanner->position + size;
    /* ") x (": brackets that face the wrong way, as in converted right-to-left text */
    bool turned = scanner->stray && behind - scanner->stray <= STRAY_BYTES;
    if (mark == MARK_OPEN && turned)
        scanner->stray = 0;
    else if (mark == MARK_OPEN)
        scanner->depth++, scanner->bracket = behind;
    else if (mark == MARK_CLOSE && scanner->depth)
        scanner->depth--;
    else if (mark == MARK_CLOSE)
        scanner->stray = behind;
    else if (mark == MARK_QUOTE)
        scanner->quote = quote_closes(scanner, scanner->position, rune, size) ? 0 : rune;
}

/* Returns whether an apparent label is an ordinal number. In languages that write ordinals with a full stop, "1. Mai"
 * does not begin a list, but "1. Das" may. */
static bool is_ordinal(const struct scanner *scanner, const struct item *item) {
    struct place behind = {.text = scanner->text, .next = item->end};
    if (!item->number || item->closed || item->bullet) return false;
    return (scanner->language->properties & LANGUAGE_ORDINAL) &&
           !(languages_word(scanner->language, place_next_word(&behind)) & WORD_STARTER);
}

/* Returns whether the mark belongs to the label of the list's next item. If so, ends the sentence before that label. */
static bool item_begins(struct scanner *scanner) {
    struct item item;
    size_t begin = items_begin(scanner->marks, scanner->text, scanner->position);
    if (!scanner->in_list || begin <= scanner->start || begin > scanner->position) return false;
    if (!has_words(scanner, begin)) return false;
    if (!items_read(scanner->marks, scanner->text, begin, &item) || !items_follow(&scanner->item, &item)) return false;
    if (is_ordinal(scanner, &item)) return false;
    scanner->position = begin;
    return true;
}

/* Stores the label at the beginning of the sentence, if it has one, so that the next item of the list can be
 * recognised. */
static void note_item(struct scanner *scanner, size_t begin) {
    struct item item;
    if (!items_read(scanner->marks, scanner->text, begin, &item) || is_ordinal(scanner, &item)) return;
    scanner->item = item;
    scanner->in_list = true;
}

/* Moves past the next mark. Returns true if a sentence ends there. */
static bool read_mark(struct scanner *scanner) {
    uint32_t rune;
    size_t size;
    enum mark mark = mark_at(scanner, scanner->position, &rune, &size);
    if ((mark == MARK_POINT || mark == MARK_CLOSE || mark == MARK_BULLET) && item_begins(scanner)) return true;
    if (!is_stop(scanner, scanner->position, mark, rune, size)) {
        track(scanner, mark, rune, size);
        scanner->position += size;
        return mark == MARK_LINE && (line_ends(scanner, scanner->position) || is_drawn(scanner, scanner->position));
    }
    struct place place = {
        .text = scanner->text, .start = scanner->start, .stop = scanner->position, .after = scanner->position};
    gather(scanner, &place);
    place.inside = scanner->depth > 0;
    place.quotation = scanner->quote && scanner->quote != '"';
    bool ends = rules_end_at(scanner->marks, scanner->language, &place);
    scanner->position = place.rune ? place.after : scanner->text.length; /* if no word follows, the text ends here */
    return ends;
}

/* Returns where the next sentence begins in a language that does not mark the ends of sentences. Returns `end` if none
 * begins before it, and always for other languages. No sentence begins within brackets, unless they are very long.
 * Positions before scanner->position have been searched already. */
static size_t find_place(const struct scanner *scanner, size_t end) {
    const struct ends *ends = &scanner->language->ends;
    size_t from = scanner->start + MIN_SENTENCE;
    if (!ends->count) return end;
    if (scanner->depth && from < scanner->bracket + MAX_ASIDE) from = scanner->bracket + MAX_ASIDE;
    return ends_find(ends, scanner->marks, scanner->joint, scanner->text, scanner->start,
                     from > scanner->position ? from : scanner->position, end);
}

/* Returns the end of the current sentence. */
static size_t find_end(struct scanner *scanner) {
    while (scanner->position < scanner->text.length) {
        /* the position of the next mark is stored, because find_place() may find many sentences before it */
        if (scanner->mark <= scanner->position)
            scanner->mark = marks_find(scanner->marks, scanner->text, scanner->position);
        size_t mark = scanner->mark, place = find_place(scanner, mark);
        if (place < mark) return scanner->position = place;
        scanner->position = mark;
        if (mark < scanner->text.length && read_mark(scanner)) break;
    }
    return scanner->position;
}

bool scanner_next(struct scanner *scanner, struct span *ret_sentence) {
    while (scanner->start < scanner->text.length) {
        while (scanner->start < scanner->text.length && text_is_space(scanner->text.at[scanner->start]))
            scanner->start++;
        if (scanner->position < scanner->start) scanner->position = scanner->start;
        note_item(scanner, scanner->start);
        size_t end = find_end(scanner);
        struct span sentence = span_trim(span_cut(scanner->text, scanner->start, end));
        scanner->start = end;
        scanner->depth = 0;
        if (!sentence.length) continue;
        *ret_sentence = sentence;
        return true;
    }
    return false;
}
