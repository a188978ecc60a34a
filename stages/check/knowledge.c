#include "stages/check/knowledge.h"

#include <stdlib.h>
#include <string.h>

#include "pipeline/base/table.h"
#include "stages/check/fold.h"

enum { LANGUAGES = 160, PREFIXES = 48, LONGEST_FORM = 64, SHORTEST_REST = 3, MOST_PIECES = 8, SHORTEST_MONTH = 3 };

static const char *const tables[] = {"check/numbers.tsv", "check/more-numbers.tsv", "check/dates.tsv",
                                     "check/words.tsv",   "check/negations.tsv",    "check/currencies.tsv",
                                     "check/units.tsv"};

static const char *const meaning_names[] = {
    [MEANS_CARDINAL] = "cardinal",
    [MEANS_ORDINAL] = "ordinal",
    [MEANS_PERHAPS] = "perhaps",
    [MEANS_SCALE] = "scale",
    [MEANS_MAYBE_SCALE] = "maybescale",
    [MEANS_HALF] = "half",
    [MEANS_JOINS] = "joins",
    [MEANS_VAGUE] = "vague",
    [MEANS_PREFIX] = "prefix",
    [MEANS_MONTH] = "month",
    [MEANS_MAYBE_MONTH] = "maybemonth",
    [MEANS_OTHER_MONTH] = "othermonth",
    [MEANS_WHEN] = "when",
    [MEANS_WEEKDAY] = "weekday",
    [MEANS_MONTH_MARK] = "monthmark",
    [MEANS_ERA] = "era",
    [MEANS_LENGTH] = "length",
    [MEANS_OPEN] = "open",
    [MEANS_DOUBLES] = "doubles",
    [MEANS_DETERMINER] = "determiner",
    [MEANS_CAPITALS] = "capitals",
    [MEANS_NEGATION] = "negation",
    [MEANS_NEGATIVE] = "negative",
    [MEANS_NEUTRAL] = "neutral",
    [MEANS_CURRENCY] = "currency",
    [MEANS_UNIT] = "unit",
    [MEANS_ORDINAL_END] = "ordinalend",
    [MEANS_SOME] = "some",
    [MEANS_RANGES] = "ranges",
    [MEANS_SCALES_FIRST] = "scalesfirst",
    [MEANS_ARTICLE] = "article",
    [MEANS_INSIDE] = "inside",
};
enum { MEANINGS = sizeof meaning_names / sizeof *meaning_names };

struct form {
    struct span text; /* folded, with its star */
    unsigned language;
    struct sense *senses;
};

struct tongue {
    struct span code;
    struct span prefixes[PREFIXES], insides[PREFIXES];
    size_t prefix_count, inside_count, shortest_stem, longest_form; /* in bytes */
    uint32_t known;                                                 /* a bit for every meaning */
};

struct knowledge {
    struct arena *arena;
    struct tongue tongues[LANGUAGES]; /* the first is "*" */
    unsigned tongue_count;
    struct form *forms; /* a hash table with open addressing */
    size_t form_count, slots;
};

/* ---------------------------------------------------------------- reading the tables */

static size_t slot_of(const struct knowledge *knowledge, unsigned language, struct span text) {
    uint64_t hash = (span_hash(text) ^ language * 0x9E3779B97F4A7C15u) * 0xD6E8FEB86659FD93u;
    size_t slot = (size_t)(hash >> 20) & (knowledge->slots - 1);
    for (; knowledge->forms[slot].senses; slot = (slot + 1) & (knowledge->slots - 1)) {
        const struct form *form = &knowledge->forms[slot];
        if (form->language == language && span_equal(form->text, text)) break;
    }
    return slot;
}

static unsigned tongue_named(struct knowledge *knowledge, struct span code) {
    for (unsigned i = 0; i < knowledge->tongue_count; i++)
        if (span_equal(knowledge->tongues[i].code, code)) return i;
    if (knowledge->tongue_count == LANGUAGES) return KNOWLEDGE_NONE;
    knowledge->tongues[knowledge->tongue_count] = (struct tongue){.code = code, .shortest_stem = SIZE_MAX};
    return knowledge->tongue_count++;
}

static void note_form(struct tongue *tongue, struct span text, const struct sense *sense) {
    if (text.length > tongue->longest_form) tongue->longest_form = text.length;
    bool stem = text.at[text.length - 1] == '*';
    if (stem && text.length - 1 < tongue->shortest_stem) tongue->shortest_stem = text.length - 1;
    if (sense->means > MEANS_PERHAPS)
        tongue->known |= 1u << sense->means;
    else if (sense->value > 2 && sense->value < 10)
        tongue->known |= 1u << MEANS_CARDINAL; /* scales alone are no counting */
    if (sense->means == MEANS_PREFIX && tongue->prefix_count < PREFIXES)
        tongue->prefixes[tongue->prefix_count++] = text;
    if (sense->means == MEANS_INSIDE && tongue->inside_count < PREFIXES) tongue->insides[tongue->inside_count++] = text;
}

static void add_form(struct knowledge *knowledge, unsigned language, struct span form, enum meaning means,
                     double value) {
    char folded[LONGEST_FORM * 2];
    if (form.length == 0 || form.length > LONGEST_FORM) return;
    struct span text = arena_copy(knowledge->arena, (struct span){folded, fold_text(form, folded)});
    struct form *entry = &knowledge->forms[slot_of(knowledge, language, text)];
    struct sense *sense = arena_take(knowledge->arena, sizeof *sense);
    *sense = (struct sense){means, value, entry->senses};
    *entry = (struct form){text, language, sense};
    note_form(&knowledge->tongues[language], text, sense);
}

static bool meaning_named(struct span name, enum meaning *ret_meaning) {
    for (size_t i = 0; i < MEANINGS; i++) {
        if (!span_is(name, meaning_names[i])) continue;
        *ret_meaning = (enum meaning)i;
        return true;
    }
    return false;
}

static bool add_row(struct knowledge *knowledge, const char *table, const struct row *row,
                    struct failure *ret_failure) {
    enum meaning means;
    if (row->count != 4 || !meaning_named(row->cells[2], &means))
        return failure_fatal(ret_failure, EXIT_CONFIG, "tables/%s: '%.*s %.*s' has no kind that the checks know", table,
                             SPAN_ARGS(row->cells[0]), SPAN_ARGS(row->cells[3]));
    unsigned language = tongue_named(knowledge, row->cells[0]);
    double value = strtod(row->cells[1].at, NULL);
    struct span rest = row->cells[3], form;
    while (span_next(&rest, ' ', &form)) add_form(knowledge, language, form, means, value);
    return true;
}

/* The names of months that dates are read with: language, month ("persian 1" in another calendar), forms parted by
 * bars. The English ones are in our own tables, with the words that have to stand beside "may". */
static void add_month(struct knowledge *knowledge, const struct row *row) {
    if (row->count < 3 || row->cells[1].length == 0) return;
    unsigned language = knowledge_language(knowledge, row->cells[0]);
    if (language == KNOWLEDGE_NONE) language = tongue_named(knowledge, row->cells[0]);
    bool other = (unsigned)(row->cells[1].at[0] - '0') >= 10;
    double month = other ? 0 : strtod(row->cells[1].at, NULL);
    struct span rest = row->cells[2], form;
    while (!span_is(row->cells[0], "en") && span_next(&rest, '|', &form))
        if (form.length >= SHORTEST_MONTH && !memchr(form.at, ' ', form.length))
            add_form(knowledge, language, form, other ? MEANS_OTHER_MONTH : MEANS_MONTH, month);
}

static size_t count_forms(const struct table *table, size_t column, char separator) {
    size_t count = 0;
    for (size_t i = 0; i < table->count; i++) {
        struct span rest = table->rows[i].cells[column], form;
        while (span_next(&rest, separator, &form)) count++;
    }
    return count;
}

static bool read_tables(struct knowledge *knowledge, const struct table *read, const struct table *months,
                        struct failure *ret_failure) {
    for (size_t i = 0; i < sizeof tables / sizeof *tables; i++)
        for (size_t j = 0; j < read[i].count; j++)
            if (!add_row(knowledge, tables[i], &read[i].rows[j], ret_failure)) return false;
    for (size_t j = 0; j < months->count; j++) add_month(knowledge, &months->rows[j]);
    return true;
}

bool knowledge_open(const char *data_folder, struct knowledge **ret_knowledge, struct failure *ret_failure) {
    struct table read[sizeof tables / sizeof *tables], months = {0};
    struct knowledge *knowledge = memory_take(sizeof *knowledge);
    struct arena *scratch = arena_new();
    bool done = true;
    size_t count = 0;
    knowledge->arena = arena_new();
    tongue_named(knowledge, SPAN("*"));
    for (size_t i = 0; done && i < sizeof tables / sizeof *tables; i++) {
        done = table_read(data_folder, tables[i], scratch, &read[i], ret_failure);
        if (done) count += count_forms(&read[i], 3, ' ');
    }
    done = done && table_read(data_folder, "extract/months.tsv", scratch, &months, ret_failure);
    count += count_forms(&months, 2, '|');
    for (knowledge->slots = 1024; knowledge->slots < count * 2;) knowledge->slots *= 2;
    knowledge->forms = arena_take(knowledge->arena, knowledge->slots * sizeof *knowledge->forms);
    done = done && read_tables(knowledge, read, &months, ret_failure);
    for (unsigned i = 0; i < knowledge->tongue_count; i++)
        knowledge->tongues[i].code = arena_copy(knowledge->arena, knowledge->tongues[i].code);
    arena_free(scratch);
    if (done)
        *ret_knowledge = knowledge;
    else
        knowledge_close(knowledge);
    return done;
}

void knowledge_close(struct knowledge *knowledge) {
    if (!knowledge) return;
    arena_free(knowledge->arena);
    free(knowledge);
}

/* ---------------------------------------------------------------- looking things up */

static unsigned find_code(const struct knowledge *knowledge, struct span code) {
    for (unsigned i = 1; i < knowledge->tongue_count; i++)
        if (span_equal_fold(knowledge->tongues[i].code, code)) return i;
    return KNOWLEDGE_NONE;
}

unsigned knowledge_language(const struct knowledge *knowledge, struct span code) {
    unsigned found = find_code(knowledge, code);
    for (size_t i = code.length; i-- > 0 && found == KNOWLEDGE_NONE;)
        if (code.at[i] == '-') found = find_code(knowledge, span_cut(code, 0, i));
    if (found == KNOWLEDGE_NONE && span_is_fold(code, "no")) found = find_code(knowledge, SPAN("nb"));
    if (found == KNOWLEDGE_NONE && span_is_fold(code, "sr")) found = find_code(knowledge, SPAN("sr-Cyrl"));
    return found;
}

bool knowledge_knows(const struct knowledge *knowledge, unsigned language, enum meaning means) {
    return knowledge->tongues[language].known & 1u << means;
}

static const struct sense *look_up(const struct knowledge *knowledge, unsigned language, struct span text) {
    return knowledge->forms[slot_of(knowledge, language, text)].senses;
}

static const struct sense *look_up_stem(const struct knowledge *knowledge, unsigned language, struct span word) {
    char stem[LONGEST_FORM + 1];
    size_t shortest = knowledge->tongues[language].shortest_stem, longest = knowledge->tongues[language].longest_form;
    if (shortest == SIZE_MAX || longest > LONGEST_FORM) return NULL;
    size_t end = word.length < longest ? word.length : longest - 1;
    for (; end >= shortest && end > 0; end--) {
        if (end < word.length && ((unsigned char)word.at[end] & 0xC0) == 0x80) continue;
        memcpy(stem, word.at, end);
        stem[end] = '*';
        const struct sense *senses = look_up(knowledge, language, (struct span){stem, end + 1});
        if (senses) return senses;
    }
    return NULL;
}

static const struct sense *look_up_word(const struct knowledge *knowledge, unsigned language, struct span word) {
    const struct sense *senses = look_up(knowledge, language, word);
    return senses ? senses : look_up_stem(knowledge, language, word);
}

const struct sense *knowledge_word(const struct knowledge *knowledge, unsigned language, struct span folded) {
    if (folded.length == 0 || folded.length > LONGEST_FORM) return NULL;
    const struct tongue *tongue = &knowledge->tongues[language];
    const struct sense *senses = look_up_word(knowledge, language, folded);
    for (size_t i = 0; i < tongue->prefix_count && !senses; i++) {
        struct span prefix = tongue->prefixes[i];
        if (span_starts(folded, prefix) && folded.length > prefix.length + SHORTEST_REST)
            senses = look_up_word(knowledge, language, span_cut(folded, prefix.length, folded.length));
    }
    return senses || language == KNOWLEDGE_NONE ? senses : look_up(knowledge, KNOWLEDGE_NONE, folded);
}

const struct sense *knowledge_beginning(const struct knowledge *knowledge, unsigned language, struct span folded,
                                        size_t *ret_length) {
    size_t end = knowledge->tongues[language].longest_form, common = knowledge->tongues[KNOWLEDGE_NONE].longest_form;
    if (end < common) end = common;
    if (end > folded.length) end = folded.length;
    for (; end > 0; end--) {
        if (end < folded.length && ((unsigned char)folded.at[end] & 0xC0) == 0x80) continue;
        const struct sense *senses = look_up(knowledge, language, span_cut(folded, 0, end));
        if (!senses && end <= knowledge->tongues[KNOWLEDGE_NONE].longest_form)
            senses = look_up(knowledge, KNOWLEDGE_NONE, span_cut(folded, 0, end));
        if (!senses) continue;
        *ret_length = end;
        return senses;
    }
    return NULL;
}

bool knowledge_has_inside(const struct knowledge *knowledge, unsigned language, struct span folded) {
    const struct tongue *tongue = &knowledge->tongues[language];
    for (size_t i = 0; i < tongue->inside_count; i++)
        if (span_find(folded, tongue->insides[i]) != SIZE_MAX) return true;
    return false;
}

/* The longest piece first; a piece that leads nowhere is given up for a shorter one. The depth and the length of words
 * are limited, so that the work is. */
static bool cut(const struct knowledge *knowledge, unsigned language, struct span rest, unsigned pieces,
                double hundreds, double *ret_value) {
    if (rest.length == 0) {
        *ret_value = hundreds;
        return pieces > 1;
    }
    if (pieces == MOST_PIECES) return false;
    for (size_t end = rest.length; end >= 2; end--) {
        const struct sense *senses = look_up(knowledge, language, span_cut(rest, 0, end));
        const struct sense *number = sense_of(senses, MEANS_CARDINAL);
        if (!number && end == rest.length) number = sense_of(senses, MEANS_ORDINAL);
        bool joins = pieces && sense_of(senses, MEANS_JOINS) && end < rest.length;
        if (!number && !joins) continue;
        double value = hundreds;
        if (number)
            value = (number->value == 100 || number->value == 1000) && hundreds != 0 ? hundreds * number->value
                                                                                     : hundreds + number->value;
        if (cut(knowledge, language, span_cut(rest, end, rest.length), pieces + 1, value, ret_value)) return true;
    }
    return false;
}

bool knowledge_compound(const struct knowledge *knowledge, unsigned language, struct span folded, double *ret_value) {
    enum { SHORTEST = 6, LONGEST = 48 };
    if (folded.length < SHORTEST || folded.length > LONGEST || !knowledge_knows(knowledge, language, MEANS_CARDINAL))
        return false;
    return cut(knowledge, language, folded, 0, 0, ret_value);
}

const struct sense *sense_of(const struct sense *senses, enum meaning means) {
    while (senses && senses->means != means) senses = senses->next;
    return senses;
}
