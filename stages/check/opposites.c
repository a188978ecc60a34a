#include "stages/check/opposites.h"

#include "pipeline/base/hash_table.h"
#include "pipeline/base/table.h"

enum { MAX_WORDS = 1024 }; /* bytes of one side in one language */

/* The words of one pair in one language: folded and separated by spaces, as in the table. */
struct words {
    struct span sides[SIDES];
};

struct opposites {
    struct arena *arena;
    struct hash_table pairs;                /* maps the name of a pair to its number + 1 */
    struct hash_table english;              /* maps a word to its struct opposite_marks */
    struct words *languages[MAX_LANGUAGES]; /* MAX_OPPOSITES each, or NULL; by number of the language */
    unsigned count;
};

/* One word of a side. `next` must follow it, if it is not empty. */
struct form {
    struct span text, next;
    bool sure, stem, inside;
    bool begins; /* only words that begin with the first letter of the text have it */
};

/* Reads "~ab*" or "ab_cd": a word that may mean something else, any ending, two words. */
static struct form read_form(struct span text) {
    struct form form = {.text = text, .sure = true};
    if (span_starts(form.text, SPAN("~"))) {
        form.sure = false;
        form.text = span_cut(form.text, 1, form.text.length);
    }
    if (span_starts(form.text, SPAN("*"))) {
        form.inside = true;
        form.text = span_cut(form.text, 1, form.text.length);
    }
    if (span_ends(form.text, SPAN("*"))) {
        form.stem = true;
        form.text = span_cut(form.text, 0, form.text.length - 1);
    }
    size_t gap = span_find(form.text, SPAN("_"));
    if (gap == SIZE_MAX) return form;
    form.next = span_cut(form.text, gap + 1, form.text.length);
    form.text = span_cut(form.text, 0, gap);
    return form;
}

/* ---------------------------------------------------------------- reading the table */

static struct span fold(struct opposites *opposites, struct span text) {
    char folded[MAX_WORDS * 2];
    return arena_copy(opposites->arena, (struct span){folded, fold_text(text, folded)});
}

static void add_english(struct opposites *opposites, struct span words, unsigned pair, int side) {
    struct span word;
    while (span_next(&words, ' ', &word)) {
        struct form form = read_form(word);
        struct opposite_marks *marks = hash_table_find(&opposites->english, form.text);
        if (!marks) {
            marks = arena_take(opposites->arena, sizeof *marks);
            hash_table_set(&opposites->english, form.text, marks);
        }
        marks->any[side] |= UINT64_C(1) << pair;
        if (form.sure) marks->sure[side] |= UINT64_C(1) << pair;
    }
}

/* Returns the number of the pair, which the English row defines, or -1. */
static int pair_of(struct opposites *opposites, const struct row *row) {
    uintptr_t number = (uintptr_t)hash_table_find(&opposites->pairs, row->cells[1]);
    if (number) return (int)number - 1;
    if (!span_is(row->cells[0], "en") || opposites->count == MAX_OPPOSITES) return -1;
    number = ++opposites->count;
    /* the number itself is the value; nothing is pointed to */
    hash_table_set(&opposites->pairs, arena_copy(opposites->arena, row->cells[1]), (void *)number);
    return (int)number - 1;
}

static bool add_row(struct opposites *opposites, const struct word_tables *word_tables, const struct row *row,
                    struct failure *ret_failure) {
    int pair = pair_of(opposites, row);
    unsigned language = word_tables_language(word_tables, row->cells[0]);
    if (pair < 0 || row->count != 4 || row->cells[2].length > MAX_WORDS || row->cells[3].length > MAX_WORDS)
        return failure_fatal(ret_failure, EXIT_CONFIG,
                             "tables/check/antonyms.tsv: the row '%.*s %.*s' must have four columns and a pair that "
                             "the English rows name first",
                             SPAN_ARGS(row->cells[0]), SPAN_ARGS(row->cells[1]));
    struct words words = {{fold(opposites, row->cells[2]), fold(opposites, row->cells[3])}};
    if (span_is(row->cells[0], "en")) {
        for (int side = 0; side < SIDES; side++) add_english(opposites, words.sides[side], (unsigned)pair, side);
    } else if (language != WORD_TABLES_NONE) {
        if (!opposites->languages[language])
            opposites->languages[language] = arena_take(opposites->arena, MAX_OPPOSITES * sizeof words);
        opposites->languages[language][pair] = words;
    }
    return true;
}

/* A pair that only the English rows have is never looked for. The rows of a pair may be in any order. */
static bool are_pairs_used(const struct table *table, struct failure *ret_failure) {
    for (size_t i = 0; i < table->count; i++) {
        bool used = !span_is(table->rows[i].cells[0], "en");
        for (size_t j = 0; j < table->count && !used; j++)
            used =
                !span_is(table->rows[j].cells[0], "en") && span_equal(table->rows[j].cells[1], table->rows[i].cells[1]);
        if (!used)
            return failure_fatal(ret_failure, EXIT_CONFIG,
                                 "tables/check/antonyms.tsv: no language but English has the pair '%.*s'",
                                 SPAN_ARGS(table->rows[i].cells[1]));
    }
    return true;
}

bool opposites_read(const char *data_folder, const struct word_tables *word_tables, struct arena *arena,
                    struct opposites **ret_opposites, struct failure *ret_failure) {
    struct table table;
    struct arena *scratch = arena_new();
    struct opposites *opposites = arena_take(arena, sizeof *opposites);
    *opposites = (struct opposites){.arena = arena, .pairs = HASH_TABLE(arena), .english = HASH_TABLE(arena)};
    bool done = table_read(data_folder, "check/antonyms.tsv", scratch, &table, ret_failure);
    for (size_t i = 0; done && i < table.count; i++)
        done = add_row(opposites, word_tables, &table.rows[i], ret_failure);
    done = done && are_pairs_used(&table, ret_failure) && table_require_rows(&table, ret_failure);
    arena_free(scratch);
    *ret_opposites = opposites;
    return done;
}

/* ---------------------------------------------------------------- lookups */

const struct opposite_marks *opposites_of_english(const struct opposites *opposites, struct span folded) {
    return hash_table_find(&opposites->english, folded);
}

bool opposites_have(const struct opposites *opposites, unsigned language, unsigned pair) {
    const struct words *words = opposites->languages[language];
    return words && words[pair].sides[0].length && words[pair].sides[1].length;
}

static bool is_word(const struct form *form, struct span folded) {
    if (form->inside) return form->stem ? span_find(folded, form->text) != SIZE_MAX : span_ends(folded, form->text);
    return form->stem ? span_starts(folded, form->text) : span_equal(folded, form->text);
}

/* Returns whether the word has the form, or has it after a prefix of the language such as Arabic "and" or "the". */
static bool has_form(const struct form *form, const struct word_tables *word_tables, const struct reading *reading,
                     size_t i) {
    struct span folded = reading->tokens[i].folded, rest;
    if (form->begins && (!folded.length || *folded.at != *form->text.at)) return false;
    if (form->next.length && (i + 1 >= reading->count || !span_equal(reading->tokens[i + 1].folded, form->next)))
        return false;
    if (is_word(form, folded)) return true;
    for (size_t j = 0; word_tables_without_prefix(word_tables, reading->language, folded, j, &rest); j++)
        if (is_word(form, rest)) return true;
    return false;
}

/* Finds a form in text without spaces between words, where the tokens are not words. */
static struct span find_unspaced(const struct form *form, struct span text) {
    size_t at = span_find(text, form->text);
    return at == SIZE_MAX ? (struct span){0} : span_cut(text, at, at + form->text.length);
}

/* Returns the word as written, or both words of a form such as "ab_cd". */
static struct span written_of(const struct form *form, const struct reading *reading, size_t i) {
    struct span written = reading->tokens[i].written;
    if (!form->next.length) return written;
    struct span next = reading->tokens[i + 1].written;
    return (struct span){written.at, (size_t)(next.at - written.at) + next.length};
}

static struct span find_form(const struct form *form, const struct word_tables *word_tables,
                             const struct reading *reading, struct span text) {
    uint32_t rune;
    if (!form->text.length) return (struct span){0};
    text_next(form->text, 0, &rune);
    if (fold_class(rune) == LETTER_UNSPACED) return find_unspaced(form, text);
    for (size_t i = 0; i < reading->count; i++)
        if (reading->tokens[i].kind == TOKEN_WORD && has_form(form, word_tables, reading, i))
            return written_of(form, reading, i);
    return (struct span){0};
}

/* The first bytes of the words of a text, one bit each. */
struct initials {
    uint64_t bits[4];
};

static struct initials initials_of(const struct reading *reading) {
    struct initials initials = {{0}};
    for (size_t i = 0; i < reading->count; i++) {
        unsigned char first = reading->tokens[i].folded.length ? (unsigned char)*reading->tokens[i].folded.at : 0;
        initials.bits[first / 64] |= UINT64_C(1) << first % 64;
    }
    return initials;
}

/* Returns whether the text may have the word of the table. It has not if none of its words begins so, which is seen
 * without reading the form. */
static bool may_have(const struct initials *initials, struct span word) {
    enum { FIRST_UNSPACED = 0xE0 /* scripts without spaces, and a few others */ };
    size_t at = word.length > 1 && word.at[0] == '~';
    unsigned char first = (unsigned char)word.at[at];
    return first == '*' || first >= FIRST_UNSPACED || (initials->bits[first / 64] >> first % 64 & 1) != 0;
}

struct span opposites_find(const struct opposites *opposites, const struct word_tables *word_tables,
                           const struct reading *source, struct span text, unsigned pair, int side, bool sure) {
    struct span words = opposites->languages[source->language][pair].sides[side], word, found = {0};
    struct initials initials = initials_of(source);
    bool prefixes = word_tables_without_prefix(word_tables, source->language, SPAN(""), 0, &word);
    while (!found.length && span_next(&words, ' ', &word)) {
        if (word.length == 0 || (!prefixes && !may_have(&initials, word))) continue;
        struct form form = read_form(word);
        form.begins = !prefixes && !form.inside;
        if (form.sure || !sure) found = find_form(&form, word_tables, source, text);
    }
    return found;
}
