#include "stages/segment/rules.h"

#include <stdlib.h>
#include <string.h>
#include <utf8proc.h>

#include "pipeline/table.h"

enum { LONGEST_WORD = 24 };

struct rules {
    struct arena *arena;
    struct table abbreviations;
};

struct rules *rules_open(const char *data_folder, struct failure *ret_failure) {
    struct rules *rules = memory_take(sizeof *rules);
    rules->arena = arena_new();
    if (table_read(data_folder, "segment/abbreviations.tsv", rules->arena, &rules->abbreviations, ret_failure)) return rules;
    rules_close(rules);
    return NULL;
}

void rules_close(struct rules *rules) {
    if (!rules) return;
    arena_free(rules->arena);
    free(rules);
}

/* Stops of scripts that write no space after them, or that are never anything else. */
static bool is_sure_stop(uint32_t rune) {
    static const uint32_t stops[] = {0x3002, 0xFF01, 0xFF1F, 0xFF61, 0x0964, 0x0965, 0x06D4, 0x061F, 0x0589, 0x1362, 0x1367, 0x104B, 0x17D4};
    for (size_t i = 0; i < sizeof stops / sizeof *stops; i++)
        if (rune == stops[i]) return true;
    return false;
}

static bool is_stop(uint32_t rune) {
    return rune == '.' || rune == '!' || rune == '?' || rune == 0x2026 || rune == 0x203C || rune == 0x2049 || is_sure_stop(rune);
}

static bool is_closer(uint32_t rune) {
    static const uint32_t closers[] = {'"', '\'', ')', ']', 0x201D, 0x2019, 0xBB, 0x201C, 0x203A, 0x300D, 0x300F, 0xFF09, 0xAB};
    for (size_t i = 0; i < sizeof closers / sizeof *closers; i++)
        if (rune == closers[i]) return true;
    return false;
}

static bool is_opener(uint32_t rune) {
    static const uint32_t openers[] = {'"', '\'', '(', '[', 0x201C, 0x201E, 0x2018, 0xAB, 0x2039, 0x300C, 0x2013, 0x2014, '-', 0xBF, 0xA1, 0xBB, 0x201D};
    for (size_t i = 0; i < sizeof openers / sizeof *openers; i++)
        if (rune == openers[i]) return true;
    return false;
}

static bool is_space(uint32_t rune) {
    return rune == ' ' || rune == '\n' || rune == '\t' || rune == 0xA0 || rune == 0x3000;
}

static bool is_digit(uint32_t rune) {
    return rune >= '0' && rune <= '9';
}

static bool is_lower(uint32_t rune) {
    return utf8proc_category((utf8proc_int32_t)rune) == UTF8PROC_CATEGORY_LL;
}

static bool is_upper(uint32_t rune) {
    return utf8proc_category((utf8proc_int32_t)rune) == UTF8PROC_CATEGORY_LU;
}

/* The word right before `position`, up to a space or an opening mark; at most LONGEST_WORD bytes. */
static struct span word_before(struct span text, size_t start, size_t position) {
    size_t begin = position;
    uint32_t rune;
    while (begin > start) {
        size_t size = text_previous(text, begin, &rune);
        if (is_space(rune) || rune == '(' || rune == '"' || rune == 0x201E || rune == 0xAB || position - begin > LONGEST_WORD) break;
        begin -= size;
    }
    return span_cut(text, begin, position);
}

static struct span lower_word(struct span word, char buffer[LONGEST_WORD * 2]) {
    size_t length = 0;
    uint32_t rune;
    for (size_t i = 0; i < word.length && length + 4 < LONGEST_WORD * 2;) {
        i += text_next(word, i, &rune);
        length += text_put(buffer + length, (uint32_t)utf8proc_tolower((utf8proc_int32_t)rune));
    }
    return (struct span){buffer, length};
}

static bool is_abbreviation(const struct rules *rules, const char *language, struct span word) {
    char buffer[LONGEST_WORD * 2];
    struct span lower = lower_word(word, buffer), one;
    for (size_t i = 0; i < rules->abbreviations.count; i++) {
        const struct row *row = &rules->abbreviations.rows[i];
        if (!span_is(row->cells[0], language) && !span_is(row->cells[0], "*")) continue;
        struct span rest = row->cells[1];
        while (span_next(&rest, ' ', &one))
            if (span_equal(one, lower)) return true;
    }
    return false;
}

/* One capital: an initial. Letters with stops between them: "U.S". */
static bool is_initial(struct span word) {
    uint32_t rune;
    if (word.length == 0) return false;
    size_t size = text_next(word, 0, &rune);
    return is_upper(rune) && (size == word.length || word.at[size] == '.') && word.length <= 8;
}

static bool is_number(struct span word) {
    for (size_t i = 0; i < word.length; i++)
        if (!is_digit((unsigned char)word.at[i])) return false;
    return word.length > 0;
}

/* What begins behind the stop: the first rune that is no space and no opening mark, and whether there was a space. */
static uint32_t rune_behind(struct span text, size_t position, bool *ret_space, bool *ret_opened) {
    uint32_t rune = 0;
    *ret_space = *ret_opened = false;
    while (position < text.length) {
        position += text_next(text, position, &rune);
        if (is_space(rune)) *ret_space = true;
        else if (is_opener(rune)) *ret_opened = true;
        else return rune;
    }
    return 0;
}

/* A plain stop that begins at `stop` and whose closing marks end at `end`. */
static bool ends_here(const struct rules *rules, const char *language, struct span text, size_t start, size_t stop, size_t end,
                      uint32_t mark) {
    bool space, opened;
    uint32_t behind = rune_behind(text, end, &space, &opened);
    if (behind == 0) return true;
    if (!space) return false;
    if (is_lower(behind)) return false;
    if (mark != '.') return true;
    struct span word = word_before(text, start, stop);
    if (is_initial(word) && !opened) return false;
    if (is_abbreviation(rules, language, word)) return false;
    return !(is_number(word) && word.length <= 2 && !is_digit(behind) && !is_upper(behind));
}

size_t rules_next_end(const struct rules *rules, const char *language, struct span text, size_t start) {
    for (size_t i = start; i < text.length;) {
        uint32_t rune, mark;
        size_t stop = i;
        i += text_next(text, i, &rune);
        if (rune == '\n') return i;
        if (!is_stop(rune)) continue;
        mark = rune;
        bool sure = is_sure_stop(rune);
        size_t end = i;
        while (end < text.length) {
            size_t size = text_next(text, end, &rune);
            if (!is_stop(rune) && !is_closer(rune)) break;
            if (is_stop(rune) && rune != '.') mark = rune;
            end += size;
        }
        if (sure || ends_here(rules, language, text, start, stop, end, mark)) return end;
        i = end;
    }
    return text.length;
}
