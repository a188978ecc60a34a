#include <stdlib.h>
#include <string.h>

#include "pipeline/base/table.h"
#include "stages/check/fold.h"
#include "stages/check/word_units.h"
#include "stages/check/word_units_internal.h"
#include "stages/language/language_code.h"

enum column { COLUMN_LANGUAGE, COLUMN_KIND, COLUMN_FROM, COLUMN_TO };
enum { MAX_RUNE = 0x10FFFF, MAX_CODE = 6 };

/* ---------------------------------------------------------------- characters in a table */

/* A table writes a mark that cannot stand alone as its hexadecimal number. */
static bool read_hex(struct span digits, uint32_t *ret_rune) {
    char text[MAX_CODE + 1] = "", *end;
    if (digits.length == 0 || digits.length > MAX_CODE) return false;
    memcpy(text, digits.at, digits.length);
    *ret_rune = (uint32_t)strtoul(text, &end, 16);
    return *end == '\0' && *ret_rune > 0 && *ret_rune <= MAX_RUNE;
}

/* "U+102B", "U+102B..U+103E" or one character. */
static bool read_range(struct span cell, struct spelling *ret_spelling) {
    if (!span_starts(cell, SPAN("U+"))) {
        bool one = cell.length > 0 && text_next(cell, 0, &ret_spelling->first) == cell.length;
        ret_spelling->last = ret_spelling->first;
        return one && ret_spelling->first != RUNE_INVALID;
    }
    size_t dots = span_find(cell, SPAN("..U+"));
    size_t last = dots == SIZE_MAX ? 2 : dots + 4;
    return read_hex(span_cut(cell, 2, dots), &ret_spelling->first) &&
           read_hex(span_cut(cell, last, cell.length), &ret_spelling->last) &&
           ret_spelling->first <= ret_spelling->last;
}

/* "1039 1000" as the two characters that it stands for. */
static bool read_codes(struct span cell, struct arena *arena, struct span *ret_text) {
    struct buffer text = BUFFER(64);
    bool good = cell.length > 0;
    for (struct span code; good && span_next(&cell, ' ', &code);) {
        uint32_t rune;
        good = read_hex(code, &rune) && buffer_add_rune(&text, rune);
    }
    if (good) *ret_text = arena_copy(arena, buffer_span(&text));
    buffer_free(&text);
    return good;
}

/* ---------------------------------------------------------------- rows */

static int compare_first(const void *a, const void *b) {
    const struct spelling *left = a, *right = b;
    return left->first < right->first ? -1 : left->first > right->first;
}

static void add_spelling(struct spellings *spellings, struct spelling spelling, struct arena *arena) {
    spellings->at = arena_grow(arena, spellings->at, spellings->count, &spellings->capacity, sizeof *spellings->at);
    spellings->at[spellings->count++] = spelling;
}

/* Texts are folded before clitics are looked for: Persian and Arabic yeh are one letter then. */
static struct span fold(struct span text, struct arena *arena) {
    char *folded = arena_take(arena, 2 * text.length + 1);
    return (struct span){folded, fold_text(text, folded)};
}

static void add_clitics(struct unit_rules *rules, struct span clitics, struct arena *arena) {
    for (struct span clitic; span_next(&clitics, ' ', &clitic);) {
        if (clitic.length == 0) continue;
        rules->clitics = arena_grow(arena, rules->clitics, rules->clitic_count, &rules->clitic_capacity, sizeof clitic);
        rules->clitics[rules->clitic_count++] = fold(clitic, arena);
    }
}

static void add_function_words(struct word_units *units, struct span words) {
    for (struct span word; span_next(&words, ' ', &word);)
        if (word.length > 0) hash_table_set(&units->function_words, word, units);
}

static bool refuse_row(const struct table *table, const struct row *row, struct failure *ret_failure) {
    return failure_fatal(ret_failure, EXIT_CONFIG, "%s: invalid row '%.*s' '%.*s' '%.*s'", table->name,
                         SPAN_ARGS(row->cells[COLUMN_LANGUAGE]), SPAN_ARGS(row->cells[COLUMN_KIND]),
                         SPAN_ARGS(row->cells[COLUMN_FROM]));
}

static bool add_letter(struct unit_rules *rules, struct span from, struct span to, struct arena *arena) {
    struct spelling spelling = {.text = to};
    if (!read_range(from, &spelling)) return false;
    add_spelling(&rules->letters, spelling, arena);
    return true;
}

static bool add_code(struct unit_rules *rules, struct span from, struct span to, struct arena *arena) {
    struct spelling spelling = {.first = 0};
    if (!read_hex(from, &spelling.first) || !read_codes(to, arena, &spelling.text)) return false;
    spelling.last = spelling.first;
    add_spelling(&rules->codes, spelling, arena);
    return true;
}

/* The meanings of an encoding and the letters of another alphabet are in tables of their own, which other stages use
 * too. */
static bool add_table(struct unit_rules *rules, const char *data_folder, struct span name, bool codes,
                      struct arena *arena, struct failure *ret_failure) {
    struct table table;
    if (!table_read(data_folder, arena_string(arena, name), arena, &table, ret_failure)) return false;
    for (size_t i = 0; i < table.count; i++) {
        struct span from = table.rows[i].cells[0], to = table.rows[i].cells[1];
        if (!(codes ? add_code(rules, from, to, arena) : add_letter(rules, from, to, arena)))
            return refuse_row(&table, &table.rows[i], ret_failure);
    }
    return true;
}

static bool has_rules(const struct word_units *units, struct span language) {
    for (size_t i = 1; i < units->count; i++)
        if (span_equal(units->rules[i].language, language)) return true;
    return false;
}

/* Rows of a language have to follow each other, so a new one must not be one of the earlier. */
static struct unit_rules *rules_of_row(struct word_units *units, struct span language) {
    struct unit_rules *last = &units->rules[units->count - 1];
    if (span_equal(last->language, language)) return last;
    if (units->count == UNIT_LANGUAGES || has_rules(units, language)) return NULL;
    last = &units->rules[units->count++];
    last->language = language;
    return last;
}

static bool add_row(struct word_units *units, const char *data_folder, const struct table *table, const struct row *row,
                    struct arena *arena, struct failure *ret_failure) {
    struct span kind = row->cells[COLUMN_KIND], from = row->cells[COLUMN_FROM];
    struct unit_rules *rules = rules_of_row(units, row->cells[COLUMN_LANGUAGE]);
    bool good = rules && rules->language.length > 0 && from.length > 0;
    if (good && (span_is(kind, "encoding") || span_is(kind, "letters")))
        return add_table(rules, data_folder, from, span_is(kind, "encoding"), arena, ret_failure);
    if (good && span_is(kind, "clitic"))
        add_clitics(rules, from, arena);
    else if (good && span_is(kind, "function"))
        add_function_words(units, from);
    else
        good = good && span_is(kind, "letter") && add_letter(rules, from, row->cells[COLUMN_TO], arena);
    return good || refuse_row(table, row, ret_failure);
}

/* Returns whether no character is listed twice. */
static bool sort_spellings(struct spellings *spellings) {
    if (spellings->count > 0) qsort(spellings->at, spellings->count, sizeof *spellings->at, compare_first);
    for (size_t i = 1; i < spellings->count; i++)
        if (spellings->at[i].first <= spellings->at[i - 1].last) return false;
    return true;
}

static bool sort_rules(struct word_units *units, const struct table *table, struct failure *ret_failure) {
    for (size_t i = 0; i < units->count; i++) {
        struct unit_rules *rules = &units->rules[i];
        if (!sort_spellings(&rules->codes) || !sort_spellings(&rules->letters))
            return failure_fatal(ret_failure, EXIT_CONFIG, "%s: language '%.*s' has a character twice", table->name,
                                 SPAN_ARGS(rules->language));
    }
    return true;
}

bool word_units_read(const char *data_folder, struct arena *arena, struct word_units **ret_units,
                     struct failure *ret_failure) {
    struct table table;
    struct word_units *units = arena_take(arena, sizeof *units);
    units->count = 1;
    units->function_words = HASH_TABLE(arena);
    if (!table_read(data_folder, "check/word-units.tsv", arena, &table, ret_failure)) return false;
    for (size_t i = 0; i < table.count; i++)
        if (!add_row(units, data_folder, &table, &table.rows[i], arena, ret_failure)) return false;
    if (!sort_rules(units, &table, ret_failure)) return false;
    *ret_units = units;
    return true;
}

static const struct unit_rules *find_rules(const struct word_units *units, struct span code) {
    for (size_t i = 1; i < units->count; i++)
        if (span_equal(units->rules[i].language, code)) return &units->rules[i];
    return NULL;
}

const struct unit_rules *word_units_rules(const struct word_units *units, struct span code) {
    const struct unit_rules *rules = find_rules(units, code);
    while (!rules && language_code_widen(&code)) rules = find_rules(units, code);
    return rules ? rules : &units->rules[0];
}
