#include "stages/segment/languages.h"

#include <stdlib.h>
#include <string.h>

#include "stages/language/language_code.h"
#include "stages/language/unicode.h"

enum { SHORT_MONTH = 4, MAX_WORD = 48, MIN_WORDS = 64, MAX_LANGUAGES = 256 };

struct word {
    uint32_t hash; /* 0 if this place in the hash table is free */
    unsigned kinds;
};

struct languages {
    struct arena *arena;
    struct language_rules of[MAX_LANGUAGES]; /* the first entry has the rules that apply to any language */
    size_t count;
};

/* Returns the hash of a word in lower case. Long words are truncated, because all words in the tables are short. */
static uint32_t hash_word(struct span word) {
    char lower[MAX_WORD + 4];
    size_t length = 0;
    uint32_t rune;
    for (size_t i = 0; i < word.length && length < MAX_WORD;) {
        i += text_next(word, i, &rune);
        length += text_put(lower + length, rune_fold(rune));
    }
    uint32_t hash = (uint32_t)(span_hash((struct span){lower, length}) >> 32);
    return hash ? hash : 1;
}

/* Returns the place where the hash is stored, or the free place where it must be stored (linear probing). */
static struct word *find_place(const struct language_rules *language, uint32_t hash) {
    size_t place = hash & (language->capacity - 1);
    while (language->words[place].hash && language->words[place].hash != hash)
        place = (place + 1) & (language->capacity - 1);
    return &language->words[place];
}

/* Doubles the table, which must be done when it is half full: linear probing is fast only in a sparse table. */
static void grow_words(struct arena *arena, struct language_rules *language) {
    struct language_rules larger = *language;
    larger.capacity = language->capacity ? language->capacity * 2 : MIN_WORDS;
    larger.words = arena_take(arena, larger.capacity * sizeof *larger.words);
    for (size_t i = 0; i < language->capacity; i++)
        if (language->words[i].hash) *find_place(&larger, language->words[i].hash) = language->words[i];
    *language = larger;
}

/* Adds a word. If it is in several tables, it has the kinds given by all of them. */
static void add_word(struct arena *arena, struct language_rules *language, uint32_t hash, unsigned kinds) {
    if (language->count * 2 >= language->capacity) grow_words(arena, language);
    struct word *word = find_place(language, hash);
    if (!word->hash) language->count++;
    word->hash = hash;
    word->kinds |= kinds;
}

unsigned languages_word(const struct language_rules *language, struct span word) {
    if (!language->capacity || word.length == 0 || word.length > MAX_WORD) return 0;
    const struct word *place = find_place(language, hash_word(word));
    return place->hash ? place->kinds : 0;
}

/* Returns the rules for exactly this language code. There are few languages, so a linear search is enough. */
static struct language_rules *find_exact(struct languages *languages, struct span code) {
    for (size_t i = 0; i < languages->count; i++)
        if (span_is(code, languages->of[i].code)) return &languages->of[i];
    return NULL;
}

/* Returns the rules of a language, after adding it if necessary. Returns NULL if the tables name too many languages. */
static struct language_rules *find_or_add(struct languages *languages, struct span code) {
    struct language_rules *found = find_exact(languages, code);
    if (found || languages->count == MAX_LANGUAGES || code.length >= sizeof found->code) return found;
    found = &languages->of[languages->count++];
    memcpy(found->code, code.at, code.length);
    return found;
}

const struct language_rules *languages_find(const struct languages *languages, const char *code) {
    /* find_exact() changes nothing, so the const can be cast away */
    struct languages *all = (struct languages *)(uintptr_t)languages;
    struct span wider = span_of(code);
    const struct language_rules *found = find_exact(all, wider);
    while (!found && language_code_widen(&wider)) found = find_exact(all, wider);
    return found ? found : &languages->of[0];
}

bool languages_has_mark(const uint32_t marks[LANGUAGE_MARKS], uint32_t rune) {
    for (size_t i = 0; i < LANGUAGE_MARKS && marks[i]; i++)
        if (marks[i] == rune) return true;
    return false;
}

bool languages_phrase_at(const struct phrases *phrases, struct span text, size_t position) {
    struct span here = span_cut(text, position, text.length);
    /* a quick test that excludes most places without comparing any phrase */
    if (here.length < 3 || !(phrases->thirds >> (here.at[2] & 63) & 1)) return false;
    for (size_t i = 0; i < phrases->count; i++)
        if (span_starts(here, phrases->of[i])) return true;
    return false;
}

bool languages_phrase_before(const struct phrases *phrases, struct span text, size_t position) {
    struct span before = span_cut(text, 0, position);
    for (size_t i = 0; i < phrases->count; i++)
        if (span_ends(before, phrases->of[i])) return true;
    return false;
}

/* The names of the bits in enum language_property, in the same order. */
static unsigned property_of(struct span name) {
    static const char *const names[] = {"ordinal", "quoted", "pauses", "named", "dated"};
    for (unsigned i = 0; i < sizeof names / sizeof *names; i++)
        if (span_is(name, names[i])) return 1u << i;
    return 0;
}

/* Reads a table cell that lists punctuation marks, separated by spaces. Returns true if a mark is written twice, which
 * means that it counts only if it is doubled in the text. */
static bool read_marks(struct span cell, uint32_t ret_marks[LANGUAGE_MARKS]) {
    struct span one;
    bool doubled = false;
    for (size_t i = 0; i < LANGUAGE_MARKS && span_next(&cell, ' ', &one); i++) {
        ret_marks[i] = marks_rune(one);
        doubled = doubled || (text_count(one) == 2);
    }
    return doubled;
}

static void read_language(struct languages *languages, const struct row *row) {
    struct language_rules *language = find_or_add(languages, row->cells[0]);
    struct span rest = row->cells[2], one;
    if (!language) return;
    while (span_next(&rest, ' ', &one)) language->properties |= property_of(one);
    language->doubled = read_marks(row->cells[3], language->extra);
    read_marks(row->cells[4], language->not );
}

/* The names of the first bits in enum word_kind, in the same order. */
static unsigned kind_of(struct span name) {
    static const char *const names[] = {"never", "number", "unit", "soft", "name", "starter", "capital"};
    for (unsigned i = 0; i < sizeof names / sizeof *names; i++)
        if (span_is(name, names[i])) return 1u << i;
    if (span_is(name, "plain")) return WORD_PLAIN;
    return span_is(name, "labelled") ? WORD_LABELLED : 0;
}

static void add_words(struct languages *languages, struct language_rules *language, struct span words, unsigned kinds) {
    struct span one;
    while (span_next(&words, ' ', &one))
        if (one.length) add_word(languages->arena, language, hash_word(one), kinds);
}

static bool read_words(struct languages *languages, const char *data_folder, const char *name,
                       struct failure *ret_failure) {
    struct table table;
    if (!table_read(data_folder, name, languages->arena, &table, ret_failure)) return false;
    for (size_t i = 0; i < table.count; i++) {
        const struct row *row = &table.rows[i];
        unsigned kind = kind_of(row->cells[1]);
        struct language_rules *language = find_or_add(languages, row->cells[0]);
        if (!kind || !language)
            return failure_fatal(ret_failure, EXIT_CONFIG, "%s: unknown kind of word '%.*s'", name,
                                 SPAN_ARGS(row->cells[1]));
        add_words(languages, language, row->cells[2], kind);
    }
    return true;
}

/* Returns whether `form` is an abbreviation of the longest form of a month's name, such as "jan" of "januar". Inflected
 * forms are not: "mája" of "máj", "верасня" of "верасень". */
static bool is_abbreviated(struct span form, size_t longest) {
    return form.length < longest && (text_count(form) <= SHORT_MONTH || form.length * 3 <= longest * 2);
}

/* Adds all forms of a month's name, and marks the abbreviations among them. */
static void add_month(struct languages *languages, struct language_rules *language, struct span forms) {
    struct span rest = forms, one;
    size_t longest = 0;
    while (span_next(&rest, '|', &one))
        if (one.length > longest) longest = one.length;
    while (span_next(&forms, '|', &one))
        if (one.length)
            add_word(languages->arena, language, hash_word(one),
                     WORD_MONTH | (is_abbreviated(one, longest) ? (unsigned)WORD_MONTH_SHORT : 0));
}

/* Reads the names of months from the table that the extract stage uses to read dates. */
static bool read_months(struct languages *languages, const char *data_folder, struct failure *ret_failure) {
    struct table table;
    if (!table_read(data_folder, "extract/months.tsv", languages->arena, &table, ret_failure)) return false;
    for (size_t i = 0; i < table.count; i++) {
        /* of a code such as "sr-latn", only the first part is used, so that a language has its months in every script
         */
        struct span rest = table.rows[i].cells[0], code;
        struct language_rules *language = span_next(&rest, '-', &code) ? find_or_add(languages, code) : NULL;
        if (language) add_month(languages, language, table.rows[i].cells[2]);
    }
    return true;
}

static struct phrases *phrases_for(struct language_rules *language, struct span use) {
    if (span_is(use, "says")) return &language->says;
    if (span_is(use, "abbreviates")) return &language->abbreviates;
    if (span_is(use, "pauses")) return &language->pauses;
    return span_is(use, "carries") ? &language->carries : NULL;
}

static bool read_phrases(struct languages *languages, const char *data_folder, struct failure *ret_failure) {
    struct table table;
    if (!table_read(data_folder, "segment/phrases.tsv", languages->arena, &table, ret_failure)) return false;
    for (size_t i = 0; i < table.count; i++) {
        const struct row *row = &table.rows[i];
        struct language_rules *language = find_or_add(languages, row->cells[0]);
        struct phrases *phrases = language ? phrases_for(language, row->cells[1]) : NULL;
        struct span rest = row->cells[2], one;
        if (!phrases)
            return failure_fatal(ret_failure, EXIT_CONFIG,
                                 "segment/phrases.tsv: unknown value '%.*s' in the column 'use'",
                                 SPAN_ARGS(row->cells[1]));
        while (phrases->count < LANGUAGE_PHRASES && span_next(&rest, ' ', &one)) {
            if (one.length < 3) continue;
            phrases->of[phrases->count++] = one;
            phrases->thirds |= UINT64_C(1) << (one.at[2] & 63);
        }
    }
    return true;
}

static bool read_ends(struct languages *languages, const char *data_folder, struct failure *ret_failure) {
    struct table table;
    if (!table_read(data_folder, "segment/ends.tsv", languages->arena, &table, ret_failure)) return false;
    for (size_t i = 0; i < table.count; i++) {
        const struct row *row = &table.rows[i];
        struct language_rules *language = find_or_add(languages, row->cells[0]);
        if (!language || !ends_add(languages->arena, &language->ends, row))
            return failure_fatal(ret_failure, EXIT_CONFIG, "segment/ends.tsv: invalid row '%.*s %.*s %.*s'",
                                 SPAN_ARGS(row->cells[1]), SPAN_ARGS(row->cells[2]), SPAN_ARGS(row->cells[3]));
    }
    return true;
}

static void copy_words(struct languages *languages, const struct language_rules *from, struct language_rules *to) {
    for (size_t i = 0; from && from != to && i < from->capacity; i++)
        if (from->words[i].hash) add_word(languages->arena, to, from->words[i].hash, from->words[i].kinds);
}

/* Adds to each language the words of the languages that the table lists as similar, and the words for any language.
 * Added words are not passed on to a third language. */
static void share_words(struct languages *languages, const struct table *table) {
    struct language_rules *own = memory_take(sizeof languages->of);
    memcpy(own, languages->of, sizeof languages->of);
    for (size_t i = 0; i < table->count; i++) {
        struct language_rules *to = find_exact(languages, table->rows[i].cells[0]);
        struct span rest = table->rows[i].cells[1], one;
        while (to && span_next(&rest, ' ', &one)) {
            const struct language_rules *from = find_exact(languages, one);
            if (from) copy_words(languages, &own[from - languages->of], to);
        }
    }
    for (size_t i = 1; i < languages->count; i++) copy_words(languages, &own[0], &languages->of[i]);
    free(own);
}

/* Reads all tables. The first entry must be the rules for any language ("*"). */
static bool read_all(struct languages *languages, const char *data_folder, struct failure *ret_failure) {
    struct table table;
    find_or_add(languages, SPAN("*"));
    if (!table_read(data_folder, "segment/languages.tsv", languages->arena, &table, ret_failure)) return false;
    for (size_t i = 0; i < table.count; i++) read_language(languages, &table.rows[i]);
    if (!read_words(languages, data_folder, "segment/abbreviations.tsv", ret_failure)) return false;
    if (!read_words(languages, data_folder, "segment/starters.tsv", ret_failure)) return false;
    if (!read_months(languages, data_folder, ret_failure)) return false;
    if (!read_phrases(languages, data_folder, ret_failure)) return false;
    if (!read_ends(languages, data_folder, ret_failure)) return false;
    share_words(languages, &table);
    return true;
}

struct languages *languages_open(const char *data_folder, struct failure *ret_failure) {
    struct languages *languages = memory_take(sizeof *languages);
    languages->arena = arena_new();
    if (read_all(languages, data_folder, ret_failure)) return languages;
    languages_close(languages);
    return NULL;
}

void languages_close(struct languages *languages) {
    if (!languages) return;
    arena_free(languages->arena);
    free(languages);
}
