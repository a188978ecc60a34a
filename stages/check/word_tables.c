#include "stages/check/word_tables.h"

#include <stdlib.h>
#include <string.h>

#include "pipeline/base/hash_table.h"
#include "pipeline/base/table.h"
#include "stages/check/fold.h"
#include "stages/check/word_affixes.h"
#include "stages/check/word_eras.h"
#include "stages/check/word_filter.h"
#include "stages/language/calendars.h"
#include "stages/language/language_code.h"

/* MIN_REST: letters that must remain when a prefix is removed. */
enum { MAX_PREFIXES = 48, MAX_FORM = 64, MIN_REST = 3 };

static const char *const tables[] = {"check/numbers.tsv", "check/more-numbers.tsv", "check/dates.tsv",
                                     "check/words.tsv",   "check/negations.tsv",    "check/currencies.tsv",
                                     "check/units.tsv"};

static const char *const role_names[] = {
    [ROLE_CARDINAL] = "cardinal",
    [ROLE_ORDINAL] = "ordinal",
    [ROLE_PERHAPS] = "perhaps",
    [ROLE_SCALE] = "scale",
    [ROLE_MAYBE_SCALE] = "maybescale",
    [ROLE_HALF] = "half",
    [ROLE_JOINS] = "joins",
    [ROLE_TENS] = "tens",
    [ROLE_TAIL] = "tail",
    [ROLE_SPLITS] = "splits",
    [ROLE_SHIFTED_HOUR] = "shiftedhour",
    [ROLE_VAGUE] = "vague",
    [ROLE_PREFIX] = "prefix",
    [ROLE_MONTH] = "month",
    [ROLE_MAYBE_MONTH] = "maybemonth",
    [ROLE_OTHER_MONTH] = "othermonth",
    [ROLE_MAYBE_WEEKDAY] = "maybeweekday",
    [ROLE_RELATIVE] = "relative",
    [ROLE_EVE] = "eve",
    [ROLE_WHEN] = "when",
    [ROLE_WEEKDAY] = "weekday",
    [ROLE_MONTH_MARK] = "monthmark",
    [ROLE_ERA] = "era",
    [ROLE_YEAR_MARK] = "yearmark",
    [ROLE_YEAR_END] = "yearend",
    [ROLE_LENGTH] = "length",
    [ROLE_IMPERIAL] = "imperial",
    [ROLE_SLASH_DECIMAL] = "slashdecimal",
    [ROLE_OPEN] = "open",
    [ROLE_DOUBLES] = "doubles",
    [ROLE_DETERMINER] = "determiner",
    [ROLE_CAPITALS] = "capitals",
    [ROLE_NEGATION] = "negation",
    [ROLE_NEGATIVE] = "negative",
    [ROLE_NEUTRAL] = "neutral",
    [ROLE_CURRENCY] = "currency",
    [ROLE_UNIT] = "unit",
    [ROLE_ORDINAL_END] = "ordinalend",
    [ROLE_SOME] = "some",
    [ROLE_RANGES] = "ranges",
    [ROLE_SCALES_FIRST] = "scalesfirst",
    [ROLE_ARTICLE] = "article",
    [ROLE_WANTS_NOUN] = "wantsnoun",
    [ROLE_NO_NOUN] = "nonoun",
    [ROLE_RESPELLS] = "respells",
    [ROLE_WHERE] = "where",
    [ROLE_INITIAL] = "initial",
    [ROLE_FINAL] = "final",
    [ROLE_INSIDE] = "inside",
    [ROLE_ENDING] = "ending",
    [ROLE_LEADS] = "leads",
    [ROLE_FOLLOWS] = "follows",
    [ROLE_DENIAL] = "denial",
    [ROLE_NEEDS] = "needs",
    [ROLE_TURNS] = "turns",
    [ROLE_AVERTS] = "averts",
    [ROLE_ONE] = "one",
    [ROLE_ADDS] = "adds",
    [ROLE_CENTURY] = "century",
    [ROLE_BESIDE_YEAR] = "besideyear",
    [ROLE_MISTAKEN] = "mistaken",
    [ROLE_COUNTED] = "counted",
};
enum { ROLES = sizeof role_names / sizeof *role_names };

struct vocabulary {
    struct span code;
    struct span prefixes[MAX_PREFIXES];
    struct word_affixes affixes;
    size_t prefix_count, shortest_stem, longest_form; /* in bytes */
    bool has_phrases;                                 /* a form has several words */
    uint64_t known;                                   /* bit n is set if the language has a form with the role n */
    struct word_filter filter;                        /* for look-ups in `forms` */
    struct hash_table forms; /* maps a folded form, including a "*" at its end, to its meanings */
};

struct word_tables {
    struct arena *arena;
    struct vocabulary vocabularies[MAX_LANGUAGES]; /* the first has the forms for all languages */
    unsigned vocabulary_count;
    struct word_eras eras;
    struct span only;         /* if not empty, the code of the only language that has forms */
    struct span last_written; /* while the tables are read: the code of the row before */
    unsigned last_language;
};

/* ---------------------------------------------------------------- reading the tables */

/* These codes name a macrolanguage, omit the script, or are another code of the same language. */
static struct span canonical(struct span code) {
    static const char *const aliases[][2] = {
        {"no", "nb"}, {"sr", "sr-Cyrl"}, {"fil", "tl"}, {"iw", "he"}, {"in", "id"}};
    for (size_t i = 0; i < sizeof aliases / sizeof *aliases; i++)
        if (span_is_ascii_fold(code, aliases[i][0])) return span_of(aliases[i][1]);
    return code;
}

/* Returns the index of the language, adding it if necessary. Returns WORD_TABLES_NONE if there are too many. */
static unsigned add_language(struct word_tables *word_tables, struct span code) {
    for (unsigned i = 0; i < word_tables->vocabulary_count; i++)
        if (span_equal(word_tables->vocabularies[i].code, code)) return i;
    if (word_tables->vocabulary_count == MAX_LANGUAGES) return WORD_TABLES_NONE;
    word_tables->vocabularies[word_tables->vocabulary_count] =
        (struct vocabulary){.code = code, .shortest_stem = SIZE_MAX};
    return word_tables->vocabulary_count++;
}

/* The same, for a code as a row has it. Most rows are in the language of the row before. */
static unsigned find_or_add_language(struct word_tables *word_tables, struct span written) {
    if (!span_equal(written, word_tables->last_written)) {
        word_tables->last_language = add_language(word_tables, canonical(written));
        word_tables->last_written = written;
    }
    return word_tables->last_language;
}

/* Updates what is known about the language as a whole: the sizes of its forms, which limit look-ups, and their kinds.
 */
static void note_form(struct vocabulary *vocabulary, struct span text, const struct sense *sense) {
    if (text.length > vocabulary->longest_form) vocabulary->longest_form = text.length;
    bool stem = text.at[text.length - 1] == '*';
    if (memchr(text.at, '_', text.length)) vocabulary->has_phrases = true;
    if (stem && text.length - 1 < vocabulary->shortest_stem) vocabulary->shortest_stem = text.length - 1;
    if (sense->role > ROLE_PERHAPS)
        vocabulary->known |= UINT64_C(1) << sense->role;
    else if (sense->value > 2 && sense->value < 10)
        vocabulary->known |= UINT64_C(1) << ROLE_CARDINAL; /* scale words alone are not enough: the tables must have a
                                                     cardinal from 3 to 9 */
    if (sense->role == ROLE_PREFIX && vocabulary->prefix_count < MAX_PREFIXES)
        vocabulary->prefixes[vocabulary->prefix_count++] = text;
    word_affixes_add(&vocabulary->affixes, text, sense);
}

static void set_form(struct vocabulary *vocabulary, struct span text, struct sense *sense) {
    hash_table_set(&vocabulary->forms, text, sense);
    word_filter_add(&vocabulary->filter, text);
}

/* Adds the first word of a form of several words, up to and including the "_", so that word_tables_begin_phrase() finds
 * it. No word of a text contains a "_". */
static void note_phrase(struct vocabulary *vocabulary, struct span text, struct sense *sense) {
    const char *mark = memchr(text.at, '_', text.length);
    if (mark) set_form(vocabulary, span_cut(text, 0, (size_t)(mark - text.at) + 1), sense);
}

static bool is_wanted(const struct word_tables *word_tables, unsigned language) {
    return word_tables->only.length == 0 || language == WORD_TABLES_NONE ||
           span_equal(word_tables->vocabularies[language].code, word_tables->only);
}

/* Adds a meaning to a form. It is put in front of the earlier meanings of the same form. */
static void add_form(struct word_tables *word_tables, unsigned language, struct span form, enum role role,
                     double value) {
    char folded[MAX_FORM * 2];
    if (form.length == 0 || form.length > MAX_FORM || !is_wanted(word_tables, language)) return;
    struct span text = arena_copy(word_tables->arena, (struct span){folded, fold_text(form, folded)});
    struct vocabulary *vocabulary = &word_tables->vocabularies[language];
    struct sense *sense = arena_take(word_tables->arena, sizeof *sense);
    *sense = (struct sense){role, value, hash_table_find(&vocabulary->forms, text)};
    set_form(vocabulary, text, sense);
    note_phrase(vocabulary, text, sense);
    note_form(vocabulary, text, sense);
}

unsigned word_tables_add(struct word_tables *word_tables, struct span code, struct span form, enum role role,
                         double value) {
    unsigned language = find_or_add_language(word_tables, code);
    add_form(word_tables, language, form, role, value);
    return language;
}

static bool role_named(struct span name, enum role *ret_role) {
    for (size_t i = 0; i < ROLES; i++) {
        if (!span_is(name, role_names[i])) continue;
        *ret_role = (enum role)i;
        return true;
    }
    return false;
}

/* Adds all forms of a row. */
static bool add_row(struct word_tables *word_tables, const char *table, const struct row *row,
                    struct failure *ret_failure) {
    enum role role;
    if (row->count != 4 || !role_named(row->cells[2], &role))
        return failure_fatal(ret_failure, EXIT_CONFIG,
                             "tables/%s: the row '%.*s %.*s' must have four columns, the third a known kind", table,
                             SPAN_ARGS(row->cells[0]), SPAN_ARGS(row->cells[3]));
    unsigned language = find_or_add_language(word_tables, row->cells[0]);
    double value = strtod(row->cells[1].at, NULL);
    struct span rest = row->cells[3], form;
    while (span_next(&rest, ' ', &form)) add_form(word_tables, language, form, role, value);
    return true;
}

static bool read_tables(struct word_tables *word_tables, const struct table *read, struct failure *ret_failure) {
    for (size_t i = 0; i < sizeof tables / sizeof *tables; i++) {
        for (size_t j = 0; j < read[i].count; j++)
            if (!add_row(word_tables, tables[i], &read[i].rows[j], ret_failure)) return false;
        if (!table_require_rows(&read[i], ret_failure)) return false;
    }
    return true;
}

/* Reads all tables. They are read into a temporary arena and only the forms are kept, which saves memory. */
bool word_tables_open_one(const char *data_folder, struct span code, struct word_tables **ret_word_tables,
                          struct failure *ret_failure) {
    struct table read[sizeof tables / sizeof *tables], months = {0}, calendars = {0};
    struct word_tables *word_tables = memory_take(sizeof *word_tables);
    struct arena *scratch = arena_new();
    bool done = true;
    word_tables->arena = arena_new();
    word_tables->only = arena_copy(word_tables->arena, code);
    find_or_add_language(word_tables, SPAN("*"));
    for (size_t i = 0; done && i < sizeof tables / sizeof *tables; i++)
        done = table_read(data_folder, tables[i], scratch, &read[i], ret_failure);
    done = done && table_read(data_folder, "extract/months.tsv", scratch, &months, ret_failure);
    done = done && calendars_read(data_folder, scratch, &calendars, ret_failure);
    done = done && read_tables(word_tables, read, ret_failure);
    if (done) word_eras_read(word_tables, &months, &calendars, &word_tables->eras);
    for (unsigned i = 0; i < word_tables->vocabulary_count; i++)
        word_tables->vocabularies[i].code = arena_copy(word_tables->arena, word_tables->vocabularies[i].code);
    arena_free(scratch);
    word_tables->last_written = (struct span){NULL, 0};
    if (done)
        *ret_word_tables = word_tables;
    else
        word_tables_close(word_tables);
    return done;
}

void word_tables_close(struct word_tables *word_tables) {
    if (!word_tables) return;
    for (unsigned i = 0; i < word_tables->vocabulary_count; i++) hash_table_free(&word_tables->vocabularies[i].forms);
    arena_free(word_tables->arena);
    free(word_tables);
}

bool word_tables_open(const char *data_folder, struct word_tables **ret_word_tables, struct failure *ret_failure) {
    return word_tables_open_one(data_folder, SPAN(""), ret_word_tables, ret_failure);
}

static bool open_resource(struct resources *resources, const char *data_folder, void **ret_thing,
                          struct failure *ret_failure) {
    struct word_tables *word_tables;
    (void)resources;
    if (!word_tables_open(data_folder, &word_tables, ret_failure)) return false;
    *ret_thing = word_tables;
    return true;
}

static void close_resource(void *thing) {
    word_tables_close(thing);
}

const struct resource word_tables_resource = {.name = "word tables", .open = open_resource, .close = close_resource};

/* ---------------------------------------------------------------- lookups */

static unsigned find_code(const struct word_tables *word_tables, struct span code) {
    for (unsigned i = 1; i < word_tables->vocabulary_count; i++)
        if (span_equal_ascii_fold(word_tables->vocabularies[i].code, code)) return i;
    return WORD_TABLES_NONE;
}

unsigned word_tables_language(const struct word_tables *word_tables, struct span code) {
    unsigned found = find_code(word_tables, code);
    for (struct span wider = code; found == WORD_TABLES_NONE && language_code_widen(&wider);)
        found = find_code(word_tables, canonical(wider));
    return found != WORD_TABLES_NONE ? found : find_code(word_tables, canonical(code));
}

bool word_tables_have(const struct word_tables *word_tables, unsigned language, enum role role) {
    return word_tables->vocabularies[language].known & UINT64_C(1) << role;
}

static const struct sense *look_up(const struct word_tables *word_tables, unsigned language, struct span text) {
    const struct vocabulary *vocabulary = &word_tables->vocabularies[language];
    return word_filter_may_have(&vocabulary->filter, text) ? hash_table_find(&vocabulary->forms, text) : NULL;
}

/* Looks up the stems of the word that have one of these lengths, longest first. The tables end a stem with a star. */
static const struct sense *look_up_stem(const struct word_tables *word_tables, unsigned language, struct span word,
                                        uint32_t lengths) {
    UNINITIALIZED char stem[MAX_FORM + 1];
    size_t shortest = word_tables->vocabularies[language].shortest_stem,
           longest = word_tables->vocabularies[language].longest_form;
    if (shortest == SIZE_MAX || longest > MAX_FORM) return NULL;
    size_t end = word.length < longest ? word.length : longest - 1;
    if (end == 0 || !word_filter_has_length(lengths, shortest > 0 ? shortest : 1, end))
        return NULL; /* as for most words */
    /* a stem for a form of several words must reach into the last of them */
    for (size_t i = word.length; i > shortest; i--)
        if (word.at[i - 1] == '_') shortest = i;
    memcpy(stem, word.at, end);
    for (; end >= shortest && end > 0; end--) {
        if (!word_filter_has_length(lengths, end, end)) continue;
        /* never cut within a UTF-8 sequence */
        if (end < word.length && ((unsigned char)word.at[end] & 0xC0) == 0x80) continue;
        stem[end] = '*';
        const struct sense *senses = look_up(word_tables, language, (struct span){stem, end + 1});
        if (senses) return senses;
    }
    return NULL;
}

uint32_t word_tables_lengths(const struct word_tables *word_tables, unsigned language, struct span text) {
    return word_filter_lengths(&word_tables->vocabularies[language].filter, text);
}

const struct sense *word_tables_form(const struct word_tables *word_tables, unsigned language, struct span folded) {
    return look_up(word_tables, language, folded);
}

const struct sense *word_tables_word(const struct word_tables *word_tables, unsigned language, struct span folded) {
    if (folded.length == 0) return NULL;
    uint32_t lengths = word_tables_lengths(word_tables, language, folded);
    const struct sense *senses =
        word_filter_has_length(lengths, folded.length, folded.length) ? look_up(word_tables, language, folded) : NULL;
    return senses ? senses : look_up_stem(word_tables, language, folded, lengths);
}

bool word_tables_without_prefix(const struct word_tables *word_tables, unsigned language, struct span folded, size_t i,
                                struct span *ret_rest) {
    const struct vocabulary *vocabulary = &word_tables->vocabularies[language];
    if (i >= vocabulary->prefix_count) return false;
    struct span prefix = vocabulary->prefixes[i];
    bool has = span_starts(folded, prefix) && folded.length > prefix.length + MIN_REST;
    *ret_rest = has ? span_cut(folded, prefix.length, folded.length) : (struct span){0};
    return true;
}

const struct sense *word_tables_find(const struct word_tables *word_tables, unsigned language, struct span folded) {
    if (folded.length == 0 || folded.length > MAX_FORM) return NULL;
    const struct sense *senses = word_tables_word(word_tables, language, folded);
    struct span rest;
    for (size_t i = 0; !senses && word_tables_without_prefix(word_tables, language, folded, i, &rest); i++)
        if (rest.length) senses = word_tables_word(word_tables, language, rest);
    return senses || language == WORD_TABLES_NONE ? senses : look_up(word_tables, WORD_TABLES_NONE, folded);
}

const struct sense *word_tables_find_prefix(const struct word_tables *word_tables, unsigned language,
                                            struct span folded, size_t *ret_length) {
    size_t end = word_tables->vocabularies[language].longest_form,
           common = word_tables->vocabularies[WORD_TABLES_NONE].longest_form;
    if (end < common) end = common;
    if (end > folded.length) end = folded.length;
    uint32_t lengths =
        word_tables_lengths(word_tables, language, folded) | word_tables_lengths(word_tables, WORD_TABLES_NONE, folded);
    for (; end > 0; end--) {
        if (!word_filter_has_length(lengths, end, end)) continue;
        if (end < folded.length && ((unsigned char)folded.at[end] & 0xC0) == 0x80) continue;
        const struct sense *senses = look_up(word_tables, language, span_cut(folded, 0, end));
        if (!senses && end <= word_tables->vocabularies[WORD_TABLES_NONE].longest_form)
            senses = look_up(word_tables, WORD_TABLES_NONE, span_cut(folded, 0, end));
        if (!senses) continue;
        *ret_length = end;
        return senses;
    }
    return NULL;
}

bool word_tables_have_phrases(const struct word_tables *word_tables, unsigned language) {
    return word_tables->vocabularies[language].has_phrases;
}

bool word_tables_begin_phrase(const struct word_tables *word_tables, unsigned language, struct span folded) {
    const struct vocabulary *vocabulary = &word_tables->vocabularies[language];
    UNINITIALIZED char head[MAX_FORM + 1];
    if (folded.length >= MAX_FORM) return false;
    memcpy(head, folded.at, folded.length);
    head[folded.length] = '_';
    struct span whole = {head, folded.length + 1};
    if (look_up(word_tables, language, whole)) return true;
    for (size_t i = 0; i < vocabulary->prefix_count; i++) {
        size_t length = vocabulary->prefixes[i].length;
        if (span_starts(whole, vocabulary->prefixes[i]) &&
            look_up(word_tables, language, span_cut(whole, length, whole.length)))
            return true;
    }
    return false;
}

double word_tables_affix(const struct word_tables *word_tables, unsigned language, struct span folded) {
    return word_affixes_value(&word_tables->vocabularies[language].affixes, folded);
}

bool word_tables_denial(const struct word_tables *word_tables, unsigned language, struct span folded,
                        struct span *ret_rest) {
    return word_affixes_denial(&word_tables->vocabularies[language].affixes, folded, ret_rest);
}

double word_tables_gregorian(const struct word_tables *word_tables, unsigned language, double year, bool marked,
                             size_t nth) {
    return word_eras_gregorian(&word_tables->eras, language, year, marked, nth);
}
