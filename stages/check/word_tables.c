#include "stages/check/word_tables.h"

#include <stdlib.h>
#include <string.h>

#include "pipeline/base/hash_table.h"
#include "pipeline/base/table.h"
#include "stages/check/fold.h"

/* MIN_REST: letters that must remain when a prefix is removed. MIN_MONTH: bytes of the name or the abbreviation of a
 * month, since shorter ones are common words. MIN_NAME: characters of a name that means nothing but the month. */
enum { MAX_LANGUAGES = 160, MAX_PREFIXES = 48, MAX_FORM = 64, MIN_REST = 3, MAX_PIECES = 8, MIN_MONTH = 3, MIN_NAME = 5, MAX_ERAS = 64 };

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
    [ROLE_VAGUE] = "vague",
    [ROLE_PREFIX] = "prefix",
    [ROLE_MONTH] = "month",
    [ROLE_MAYBE_MONTH] = "maybemonth",
    [ROLE_OTHER_MONTH] = "othermonth",
    [ROLE_MAYBE_WEEKDAY] = "maybeweekday",
    [ROLE_RELATIVE] = "relative",
    [ROLE_WHEN] = "when",
    [ROLE_WEEKDAY] = "weekday",
    [ROLE_MONTH_MARK] = "monthmark",
    [ROLE_ERA] = "era",
    [ROLE_YEAR_MARK] = "yearmark",
    [ROLE_LENGTH] = "length",
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
    [ROLE_INSIDE] = "inside",
};
enum { ROLES = sizeof role_names / sizeof *role_names };

struct vocabulary {
    struct span code;
    struct span prefixes[MAX_PREFIXES], insides[MAX_PREFIXES];
    size_t prefix_count, inside_count, shortest_stem, longest_form; /* in bytes */
    bool has_phrases;        /* a form has several words */
    uint64_t known;          /* bit n is set if the language has a form with the role n */
    struct hash_table forms; /* maps a folded form, including a "*" at its end, to its meanings */
};

struct word_tables {
    struct arena *arena;
    struct vocabulary vocabularies[MAX_LANGUAGES]; /* the first has the forms for all languages */
    unsigned vocabulary_count;
    struct era_years eras[MAX_ERAS];
    size_t era_count;
};

/* ---------------------------------------------------------------- reading the tables */

/* These codes name a macrolanguage, omit the script, or are another code of the same language. */
static struct span canonical(struct span code) {
    static const char *const aliases[][2] = {{"no", "nb"}, {"sr", "sr-Cyrl"}, {"fil", "tl"}, {"iw", "he"}, {"in", "id"}};
    for (size_t i = 0; i < sizeof aliases / sizeof *aliases; i++)
        if (span_is_ascii_fold(code, aliases[i][0])) return span_of(aliases[i][1]);
    return code;
}

/* Returns the index of the language, adding it if necessary. Returns WORD_TABLES_NONE if there are too many. */
static unsigned find_or_add_language(struct word_tables *word_tables, struct span written) {
    struct span code = canonical(written);
    for (unsigned i = 0; i < word_tables->vocabulary_count; i++)
        if (span_equal(word_tables->vocabularies[i].code, code)) return i;
    if (word_tables->vocabulary_count == MAX_LANGUAGES) return WORD_TABLES_NONE;
    word_tables->vocabularies[word_tables->vocabulary_count] =
        (struct vocabulary){.code = code, .shortest_stem = SIZE_MAX};
    return word_tables->vocabulary_count++;
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
    if (sense->role == ROLE_INSIDE && vocabulary->inside_count < MAX_PREFIXES)
        vocabulary->insides[vocabulary->inside_count++] = text;
}

/* Adds the first word of a form of several words, up to and including the "_", so that word_tables_begin_phrase() finds
 * it. No word of a text contains a "_". */
static void note_phrase(struct hash_table *forms, struct span text, struct sense *sense) {
    const char *mark = memchr(text.at, '_', text.length);
    if (mark) hash_table_set(forms, span_cut(text, 0, (size_t)(mark - text.at) + 1), sense);
}

/* Adds a meaning to a form. It is put in front of the earlier meanings of the same form. */
static void add_form(struct word_tables *word_tables, unsigned language, struct span form, enum role role,
                     double value) {
    char folded[MAX_FORM * 2];
    if (form.length == 0 || form.length > MAX_FORM) return;
    struct span text = arena_copy(word_tables->arena, (struct span){folded, fold_text(form, folded)});
    struct hash_table *forms = &word_tables->vocabularies[language].forms;
    struct sense *sense = arena_take(word_tables->arena, sizeof *sense);
    *sense = (struct sense){role, value, hash_table_find(forms, text)};
    hash_table_set(forms, text, sense);
    note_phrase(forms, text, sense);
    note_form(&word_tables->vocabularies[language], text, sense);
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

/* Abbreviations are often words of the language too (French "sept": seven). */
static enum role role_of_month(struct span form) {
    return text_count(form) < MIN_NAME ? ROLE_MAYBE_MONTH : ROLE_MONTH;
}

/* Adds the month names from the table with which the extract stage reads dates: language, month (or "persian 1" for
 * another calendar), and forms separated by bars. The English ones come from our own tables, which also have the words
 * that must precede "may". */
static void add_month(struct word_tables *word_tables, const struct row *row) {
    if (row->count < 3 || row->cells[1].length == 0) return;
    unsigned language = word_tables_language(word_tables, row->cells[0]);
    if (language == WORD_TABLES_NONE) language = find_or_add_language(word_tables, row->cells[0]);
    bool other = (unsigned)(row->cells[1].at[0] - '0') >= 10;
    double month = other ? 0 : strtod(row->cells[1].at, NULL);
    struct span rest = row->cells[2], form;
    while (!span_is(row->cells[0], "en") && span_next(&rest, '|', &form))
        if (form.length >= MIN_MONTH && !memchr(form.at, ' ', form.length))
            add_form(word_tables, language, form, other ? ROLE_OTHER_MONTH : role_of_month(form), month);
}

/* Adds the forms of a calendar, which are separated by bars. One letter such as the "R" of Reiwa is too little. */
static void add_calendar_forms(struct word_tables *word_tables, unsigned language, struct span forms, enum role role,
                               double value) {
    struct span form;
    while (span_next(&forms, '|', &form))
        if (form.length > 1) add_form(word_tables, language, form, role, value);
}

/* Adds a row of the table of calendars for one language: "era 2018" or "years -543 2400 2600". */
static void add_calendar(struct word_tables *word_tables, struct span code, const struct row *row) {
    unsigned language = find_or_add_language(word_tables, code);
    struct span rest = row->cells[1], name, part;
    double numbers[3] = {0};
    if (!span_next(&rest, ' ', &name)) return;
    for (size_t i = 0; i < 3 && span_next(&rest, ' ', &part); i++) numbers[i] = strtod(part.at, NULL);
    if (span_is(name, "era")) add_calendar_forms(word_tables, language, row->cells[2], ROLE_ERA, numbers[0]);
    if (!span_is(name, "years") || word_tables->era_count == MAX_ERAS) return;
    add_calendar_forms(word_tables, language, row->cells[2], ROLE_YEAR_MARK, 0);
    word_tables->eras[word_tables->era_count++] = (struct era_years){language, numbers[0], numbers[1], numbers[2]};
}

static void add_calendars(struct word_tables *word_tables, const struct table *calendars) {
    for (size_t i = 0; i < calendars->count; i++) {
        struct span codes = calendars->rows[i].cells[0], code;
        while (span_next(&codes, '|', &code)) add_calendar(word_tables, code, &calendars->rows[i]);
    }
}

static bool read_tables(struct word_tables *word_tables, const struct table *read, const struct table *months,
                        struct failure *ret_failure) {
    for (size_t i = 0; i < sizeof tables / sizeof *tables; i++)
        for (size_t j = 0; j < read[i].count; j++)
            if (!add_row(word_tables, tables[i], &read[i].rows[j], ret_failure)) return false;
    for (size_t j = 0; j < months->count; j++) add_month(word_tables, &months->rows[j]);
    return true;
}

/* Reads all tables. They are read into a temporary arena and only the forms are kept, which saves memory. */
bool word_tables_open(const char *data_folder, struct word_tables **ret_word_tables, struct failure *ret_failure) {
    struct table read[sizeof tables / sizeof *tables], months = {0}, calendars = {0};
    struct word_tables *word_tables = memory_take(sizeof *word_tables);
    struct arena *scratch = arena_new();
    bool done = true;
    word_tables->arena = arena_new();
    find_or_add_language(word_tables, SPAN("*"));
    for (size_t i = 0; done && i < sizeof tables / sizeof *tables; i++)
        done = table_read(data_folder, tables[i], scratch, &read[i], ret_failure);
    done = done && table_read(data_folder, "extract/months.tsv", scratch, &months, ret_failure);
    done = done && table_read(data_folder, "calendars.tsv", scratch, &calendars, ret_failure);
    done = done && read_tables(word_tables, read, &months, ret_failure);
    if (done) add_calendars(word_tables, &calendars);
    for (unsigned i = 0; i < word_tables->vocabulary_count; i++)
        word_tables->vocabularies[i].code = arena_copy(word_tables->arena, word_tables->vocabularies[i].code);
    arena_free(scratch);
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

/* ---------------------------------------------------------------- lookups */

static unsigned find_code(const struct word_tables *word_tables, struct span code) {
    for (unsigned i = 1; i < word_tables->vocabulary_count; i++)
        if (span_equal_ascii_fold(word_tables->vocabularies[i].code, code)) return i;
    return WORD_TABLES_NONE;
}

unsigned word_tables_language(const struct word_tables *word_tables, struct span code) {
    unsigned found = find_code(word_tables, code);
    for (size_t i = code.length; i-- > 0 && found == WORD_TABLES_NONE;)
        if (code.at[i] == '-') found = find_code(word_tables, canonical(span_cut(code, 0, i)));
    return found != WORD_TABLES_NONE ? found : find_code(word_tables, canonical(code));
}

bool word_tables_have(const struct word_tables *word_tables, unsigned language, enum role role) {
    return word_tables->vocabularies[language].known & UINT64_C(1) << role;
}

static const struct sense *look_up(const struct word_tables *word_tables, unsigned language, struct span text) {
    return hash_table_find(&word_tables->vocabularies[language].forms, text);
}

/* Looks up the stems of the word. The tables end a stem with a star, so every beginning of the word is looked up with a
 * star appended, longest first. */
static const struct sense *look_up_stem(const struct word_tables *word_tables, unsigned language, struct span word) {
    char stem[MAX_FORM + 1];
    size_t shortest = word_tables->vocabularies[language].shortest_stem,
           longest = word_tables->vocabularies[language].longest_form;
    if (shortest == SIZE_MAX || longest > MAX_FORM) return NULL;
    size_t end = word.length < longest ? word.length : longest - 1;
    for (; end >= shortest && end > 0; end--) {
        /* never cut within a UTF-8 sequence */
        if (end < word.length && ((unsigned char)word.at[end] & 0xC0) == 0x80) continue;
        memcpy(stem, word.at, end);
        stem[end] = '*';
        const struct sense *senses = look_up(word_tables, language, (struct span){stem, end + 1});
        if (senses) return senses;
    }
    return NULL;
}

static const struct sense *look_up_word(const struct word_tables *word_tables, unsigned language, struct span word) {
    const struct sense *senses = look_up(word_tables, language, word);
    return senses ? senses : look_up_stem(word_tables, language, word);
}

const struct sense *word_tables_find(const struct word_tables *word_tables, unsigned language, struct span folded) {
    if (folded.length == 0 || folded.length > MAX_FORM) return NULL;
    const struct vocabulary *vocabulary = &word_tables->vocabularies[language];
    const struct sense *senses = look_up_word(word_tables, language, folded);
    for (size_t i = 0; i < vocabulary->prefix_count && !senses; i++) {
        struct span prefix = vocabulary->prefixes[i];
        if (span_starts(folded, prefix) && folded.length > prefix.length + MIN_REST)
            senses = look_up_word(word_tables, language, span_cut(folded, prefix.length, folded.length));
    }
    return senses || language == WORD_TABLES_NONE ? senses : look_up(word_tables, WORD_TABLES_NONE, folded);
}

const struct sense *word_tables_find_prefix(const struct word_tables *word_tables, unsigned language,
                                            struct span folded, size_t *ret_length) {
    size_t end = word_tables->vocabularies[language].longest_form,
           common = word_tables->vocabularies[WORD_TABLES_NONE].longest_form;
    if (end < common) end = common;
    if (end > folded.length) end = folded.length;
    for (; end > 0; end--) {
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

bool word_tables_begin_phrase(const struct word_tables *word_tables, unsigned language, struct span folded) {
    const struct vocabulary *vocabulary = &word_tables->vocabularies[language];
    char head[MAX_FORM + 1];
    if (!vocabulary->has_phrases || folded.length >= MAX_FORM) return false;
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

bool word_tables_has_inside(const struct word_tables *word_tables, unsigned language, struct span folded) {
    const struct vocabulary *vocabulary = &word_tables->vocabularies[language];
    for (size_t i = 0; i < vocabulary->inside_count; i++)
        if (span_find(folded, vocabulary->insides[i]) != SIZE_MAX) return true;
    return false;
}

/* Splits a compound number word. Tries the longest piece first and then shorter ones. MAX_PIECES and the limit on the
 * length of words keep the work bounded. */
static bool cut_compound(const struct word_tables *word_tables, unsigned language, struct span rest, unsigned pieces,
                         double hundreds, double *ret_value) {
    if (rest.length == 0) {
        *ret_value = hundreds;
        return pieces > 1;
    }
    if (pieces == MAX_PIECES) return false;
    if (pieces && sense_of(look_up_word(word_tables, language, rest), ROLE_TAIL)) {
        *ret_value = hundreds;
        return true;
    }
    for (size_t end = rest.length; end >= 1; end--) {
        const struct sense *senses = look_up(word_tables, language, span_cut(rest, 0, end));
        const struct sense *number = sense_of(senses, ROLE_CARDINAL);
        if (!number && end == rest.length) number = sense_of(senses, ROLE_ORDINAL);
        bool joins = pieces && sense_of(senses, ROLE_JOINS) && end < rest.length;
        if (!number && !joins) continue;
        double value = hundreds;
        if (number)
            value = (number->value == 100 || number->value == 1000) && hundreds != 0 ? hundreds * number->value
                                                                                     : hundreds + number->value;
        if (cut_compound(word_tables, language, span_cut(rest, end, rest.length), pieces + 1, value, ret_value))
            return true;
    }
    return false;
}

bool word_tables_compound(const struct word_tables *word_tables, unsigned language, struct span folded,
                          double *ret_value) {
    enum { SHORTEST = 6, LONGEST = 48 };
    if (folded.length < SHORTEST || folded.length > LONGEST || !word_tables_have(word_tables, language, ROLE_CARDINAL))
        return false;
    return cut_compound(word_tables, language, folded, 0, 0, ret_value);
}

double word_tables_gregorian(const struct word_tables *word_tables, unsigned language, double year, size_t nth) {
    for (size_t i = 0; i < word_tables->era_count; i++) {
        const struct era_years *era = &word_tables->eras[i];
        if (era->language == language && year >= era->min && year <= era->max && nth-- == 0) return year + era->offset;
    }
    return 0;
}

const struct sense *sense_of(const struct sense *senses, enum role role) {
    while (senses && senses->role != role) senses = senses->next;
    return senses;
}
