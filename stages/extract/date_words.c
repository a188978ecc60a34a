#include "stages/extract/date_words.h"

#include <stdlib.h>
#include <string.h>

#include "pipeline/base/hash_table.h"
#include "pipeline/base/table.h"
#include "stages/language/calendars.h"
#include "stages/language/unicode.h"

enum {
    SPELLING = 96, /* max. bytes of a word when folded */
    ZEROS = 32     /* max. number of scripts that have their own digits */
};

/* A row of a table that states a rule instead of a word: the order of numeric dates, the calendar of a language, or an
 * alias of a language code. */
struct rule {
    struct span language, what, value;
};

struct date_words {
    struct arena *arena;
    struct hash_table by_spelling; /* maps a spelling to the list of words with that spelling */
    uint32_t zeros[ZEROS];
    size_t zero_count;
    struct rule *rules; /* rules for the order of dates, for calendars and for aliases */
    size_t rule_count, rule_capacity;
};

/* ---------------------------------------------------------------- characters */

int date_digit(const struct date_words *words, uint32_t rune) {
    for (size_t i = 0; i < words->zero_count; i++)
        if (rune >= words->zeros[i] && rune <= words->zeros[i] + 9) return (int)(rune - words->zeros[i]);
    return -1;
}

/* Texts and tables are folded in the same way, so spellings can be compared byte by byte. */
void date_fold(uint32_t rune, char *to, size_t room, size_t *length) {
    uint32_t parts[RUNE_PARTS];
    size_t count = rune_bare(rune, parts);
    for (size_t i = 0; i < count && *length + 4 <= room; i++) *length += text_put(to + *length, parts[i]);
}

/* ---------------------------------------------------------------- the tables */

/* Writes a word as date_tokens.c would split it: runs of letters are joined by a single space, and each Han character
 * is a separate word. */
static struct span spell(struct span form, char to[SPELLING]) {
    size_t length = 0;
    bool gap = false;
    for (size_t at = 0; at < form.length;) {
        uint32_t rune;
        at += text_next(form, at, &rune);
        bool han = rune_is_han(rune);
        if (!rune_is_letter(rune)) {
            gap = gap || !rune_is_invisible(rune);
            continue;
        }
        if ((gap || han) && length && length < SPELLING) to[length++] = ' ';
        date_fold(rune, to, SPELLING, &length);
        gap = false;
    }
    return (struct span){to, length};
}

/* Adds a spelling of a word to the list of words with that spelling, because several languages may share one. */
static void add_form(struct date_words *words, struct span form, const struct date_word *word) {
    char folded[SPELLING];
    struct span spelling = spell(form, folded);
    if (!spelling.length) return;
    struct date_word *added = arena_take(words->arena, sizeof *added);
    *added = *word;
    added->next = hash_table_find(&words->by_spelling, spelling);
    hash_table_set(&words->by_spelling, arena_copy(words->arena, spelling), added);
}

/* Converts "+05:30" to minutes. */
static int zone_minutes(struct span offset) {
    if (offset.length != 6) return 0;
    int minutes =
        ((offset.at[1] - '0') * 10 + offset.at[2] - '0') * 60 + (offset.at[4] - '0') * 10 + offset.at[5] - '0';
    return offset.at[0] == '-' ? -minutes : minutes;
}

/* Reads the second column: "1" to "12" for a month, "persian 3", "zone +01:00", "era 2018" and so on. Returns false if
 * the row states a rule instead of a word. */
static bool read_kind(struct span what, struct date_word *ret_word) {
    static const struct {
        const char *name;
        enum date_word_kind kind;
    } kinds[] = {{"unit", DATE_UNIT},     {"between", DATE_BETWEEN}, {"hour", DATE_HOUR},
                 {"minute", DATE_MINUTE}, {"am", DATE_AM},           {"pm", DATE_PM},
                 {"clock", DATE_CLOCK},   {"zone", DATE_ZONE},       {"era", DATE_ERA}};
    struct span rest = what, name = {NULL, 0};
    long long number = 0;
    span_next(&rest, ' ', &name);
    *ret_word = (struct date_word){.kind = DATE_MONTH};
    if (span_is(name, "persian")) ret_word->calendar = CALENDAR_PERSIAN;
    if (span_is(name, "ethiopic")) ret_word->calendar = CALENDAR_ETHIOPIC;
    if (ret_word->calendar == CALENDAR_GREGORIAN) {
        for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
            if (span_is(name, kinds[i].name)) ret_word->kind = kinds[i].kind;
        if (ret_word->kind == DATE_MONTH) rest = name;
    }
    if (span_number(rest, &number)) ret_word->number = (int)number;
    if (ret_word->kind == DATE_ZONE) ret_word->number = zone_minutes(rest);
    return ret_word->kind != DATE_MONTH || ret_word->number > 0;
}

/* Only the zero of each script is stored, because in Unicode its other digits follow the zero. */
static void add_zeros(struct date_words *words, struct span forms) {
    struct span zero;
    while (words->zero_count < ZEROS && span_next(&forms, '|', &zero))
        if (zero.length) text_next(zero, 0, &words->zeros[words->zero_count++]);
}

static void add_rule(struct date_words *words, struct span language, const struct row *row) {
    words->rules =
        arena_grow(words->arena, words->rules, words->rule_count, &words->rule_capacity, sizeof *words->rules);
    words->rules[words->rule_count++] = (struct rule){language, row->cells[1], row->cells[2]};
}

/* Converts to lower case, and '_' to '-', so that "pt_BR" and "pt-br" are the same. */
static void lower(struct span text, char *to) {
    for (size_t i = 0; i < text.length; i++) {
        char c = text.at[i];
        to[i] = c == '_' ? '-' : (c >= 'A' && c <= 'Z') ? (char)(c | 0x20) : c;
    }
}

/* Adds the words of a row. The first column lists languages, or "*" for all of them; the third lists spellings. */
static void add_row(struct date_words *words, const struct row *row) {
    struct span languages = row->cells[0], what = row->cells[1], language, form;
    if (span_is(what, "zero")) add_zeros(words, row->cells[2]);
    while (span_next(&languages, '|', &language)) {
        char *code = arena_string(words->arena, language);
        lower(language, code);
        language = span_is(language, "*") ? SPAN("") : (struct span){code, language.length};
        struct span forms = row->cells[2];
        struct date_word word;
        if (!read_kind(what, &word)) {
            add_rule(words, language, row);
            continue;
        }
        word.language = language;
        while (span_next(&forms, '|', &form)) add_form(words, form, &word);
    }
}

/* Reads tables with the same columns. Months have a separate table because it is generated, and calendars because the
 * checks read them too. */
bool date_words_read(const char *data_folder, struct arena *arena, struct date_words **ret_words,
                     struct failure *ret_failure) {
    static const char *const names[] = {"extract/dates.tsv", "extract/months.tsv"};
    struct table calendars;
    struct date_words *words = arena_take(arena, sizeof *words);
    words->arena = arena;
    words->by_spelling = HASH_TABLE(arena);
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        struct table table;
        if (!table_read(data_folder, names[i], arena, &table, ret_failure)) return false;
        for (size_t row = 0; row < table.count; row++) add_row(words, &table.rows[row]);
    }
    if (!calendars_read(data_folder, arena, &calendars, ret_failure)) return false;
    for (size_t row = 0; row < calendars.count; row++) add_row(words, &calendars.rows[row]);
    *ret_words = words;
    return true;
}

/* ---------------------------------------------------------------- lookup */

const struct date_word *date_word_find(const struct date_words *words, struct span spelling) {
    return hash_table_find(&words->by_spelling, spelling);
}

/* Returns true if the tag `narrow` equals `wide` or is a more specific form of it, as "sr-latn" is of "sr". */
static bool is_kind_of(struct span narrow, struct span wide) {
    return wide.length && span_starts(narrow, wide) && (narrow.length == wide.length || narrow.at[wide.length] == '-');
}

/* Prefers the meaning in the text's language. If there is none, the word must mean the same in all languages that use
 * it. */
const struct date_word *date_word_choose(const struct date_word *list, enum date_word_kind kind, struct span language) {
    const struct date_word *first = NULL;
    bool agreed = true;
    for (; list; list = list->next) {
        if (list->kind != kind) continue;
        if (is_kind_of(language, list->language) || is_kind_of(list->language, language)) return list;
        if (!first) first = list;
        agreed = agreed && list->number == first->number && list->calendar == first->calendar;
    }
    return agreed ? first : NULL;
}

/* Returns the rule of the most specific language: "en-us" takes precedence over "en". */
static struct span find_rule(const struct date_words *words, const char *what, struct span language) {
    struct span value = {NULL, 0};
    size_t longest = 0;
    for (size_t i = 0; i < words->rule_count; i++) {
        const struct rule *rule = &words->rules[i];
        if (!span_is(rule->what, what) || !is_kind_of(language, rule->language) || rule->language.length <= longest)
            continue;
        longest = rule->language.length;
        value = rule->value;
    }
    return value;
}

/* `scratch` has room for a tag with language, script and region; longer tags are truncated. An alias is another tag for
 * the same language, such as "no" for "nb". */
struct date_conventions date_conventions(const struct date_words *words, struct span language, char scratch[16]) {
    struct date_conventions conventions = {.language = {scratch, language.length < 16 ? language.length : 15}};
    lower(span_cut(language, 0, 15), scratch);
    for (size_t i = 0; i < words->rule_count; i++)
        if (span_is(words->rules[i].what, "alias") && is_kind_of(conventions.language, words->rules[i].value))
            conventions.language = words->rules[i].language;
    struct span order = find_rule(words, "order", conventions.language);
    conventions.order = span_is(order, "MDY") ? ORDER_MDY : span_is(order, "YMD") ? ORDER_YMD : ORDER_DMY;
    conventions.calendar = find_rule(words, "calendar", conventions.language);
    return conventions;
}
