#include "stages/check/meaning.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "pipeline/base/table.h"

/* The features of a pair. tools/learn_meaning.py computes the same ones in the same order. */
enum {
    /* relative to good translations from the language */
    ENGLISH_SUM, /* of the weights of the words, by the root of their number */
    ENGLISH_MEAN,
    ENGLISH_RUN, /* the worst sum over words that follow each other */
    SOURCE_SUM,
    SOURCE_MEAN,
    SOURCE_RUN,
    LENGTH,
    ENGLISH_THIRD, /* the mean of the worst third of the text */
    SOURCE_THIRD,
    ENGLISH_FALL, /* the worst sum of what is missing to the mean of the text */
    SOURCE_FALL,
    RELATIVES,
    /* of the pair alone */
    WORDS = RELATIVES,
    ENGLISH_SUPPORT,
    SOURCE_SUPPORT,
    BOTH_MEANS,
    WORSE_MEAN,
    FEWER_AND_THIRD, /* fewer sentences, and part of the source without support */
    MORE_AND_THIRD,
    SHORT_AND_THIRD,
    LONG_AND_THIRD,
    SHORT, /* the first that needs no words */
    SHORT_SQUARED,
    LONG,
    LONG_SQUARED,
    FEWER_SENTENCES,
    MORE_SENTENCES,
    CUT,
    CUT_OPEN,
    FEWER_SHORT,
    MORE_LONG,
    CUT_SHORT,
    EXPECTED,
    ONE, /* always 1 */
    FEATURES
};
/* Limits that keep one feature from deciding alone. MIN_EXPECTED: characters of English below which the lengths of
 * texts vary too much for any decision. */
static const double MAX_RELATIVE = 6, MAX_DEVIATION = 6, MAX_SENTENCES_APART = 2, MIN_EXPECTED = 12;
enum { MIN_WORDS = 4 };
/* A longer text is judged like one of so many characters of English: the weights were learned from shorter ones, and by
 * them alone, every text of 3,000 characters would have a fault. */
static const double MAX_EXPECTED = 800;
static const double SHORT_OF_SENTENCE = -1.1, THIRD_WITHOUT = -1, MUCH_SHORTER = 3;
static const double USUAL_WORDS = 3; /* logarithm of a usual number of words */

/* Names of the faults in the table. */
static const char *const fault_names[MEANING_FAULTS] = {"other", "truncated", "added"};

/* What is normal in good translations from a language. */
struct normal {
    struct span language;
    double mean[RELATIVES], spread[RELATIVES];
};

struct meaning {
    double english[EVIDENCE_CODES], source[EVIDENCE_CODES]; /* weights of evidence by code */
    struct normal *normals;                                 /* by language, the last one "*" */
    size_t normal_count;
    uint32_t english_rows, source_rows, fault_rows; /* one bit for each that the table has */
    double with_words[MEANING_FAULTS][FEATURES], without_words[MEANING_FAULTS][FEATURES];
};

/* ---------------------------------------------------------------- the table */

/* Reads exactly `count` numbers separated by spaces. */
static bool read_numbers(struct span cell, double *ret_numbers, size_t count) {
    struct span word;
    size_t read = 0;
    while (span_next(&cell, ' ', &word)) {
        char text[32], *end;
        if (word.length == 0 || word.length >= sizeof text || read == count) return false;
        memcpy(text, word.at, word.length);
        text[word.length] = '\0';
        ret_numbers[read++] = strtod(text, &end);
        if (*end || !isfinite(ret_numbers[read - 1])) return false;
    }
    return read == count;
}

static bool read_weights(const struct row *row, double *ret_weights, uint32_t *rows) {
    long long class;
    if (!span_number(row->cells[1], &class) || class < 0 || class >= EVIDENCE_CLASSES) return false;
    *rows |= (uint32_t)1 << class;
    return read_numbers(row->cells[2], ret_weights + class * EVIDENCE_BANDS, EVIDENCE_BANDS);
}

static bool read_normal(const struct row *row, struct meaning *meaning) {
    struct normal *normal = &meaning->normals[meaning->normal_count++];
    normal->language = row->cells[1];
    if (!read_numbers(row->cells[2], normal->mean, RELATIVES)) return false;
    if (!read_numbers(row->cells[3], normal->spread, RELATIVES)) return false;
    for (size_t i = 0; i < RELATIVES; i++)
        if (normal->spread[i] <= 0) return false;
    return true;
}

static bool read_fault(const struct row *row, struct meaning *meaning) {
    size_t fault = 0;
    while (fault < MEANING_FAULTS && !span_is(row->cells[1], fault_names[fault])) fault++;
    if (fault == MEANING_FAULTS) return false;
    meaning->fault_rows |= (uint32_t)1 << fault;
    return read_numbers(row->cells[2], meaning->with_words[fault], FEATURES) &&
           read_numbers(row->cells[3], meaning->without_words[fault], FEATURES);
}

static bool read_row(const struct row *row, struct meaning *meaning) {
    if (span_is(row->cells[0], "english")) return read_weights(row, meaning->english, &meaning->english_rows);
    if (span_is(row->cells[0], "source")) return read_weights(row, meaning->source, &meaning->source_rows);
    if (span_is(row->cells[0], "normal")) return read_normal(row, meaning);
    return span_is(row->cells[0], "fault") && read_fault(row, meaning);
}

static bool refuse_missing(const char *kind, const char *name, struct failure *ret_failure) {
    return failure_fatal(ret_failure, EXIT_CONFIG, "tables/check/meaning.tsv: the row '%s %s' is missing", kind, name);
}

/* Fails if one of the bits that stand for the rows of this kind is not set. */
static bool has_classes(const char *kind, uint32_t rows, struct failure *ret_failure) {
    for (int class = 0; class < EVIDENCE_CLASSES; class ++) {
        char name[12];
        snprintf(name, sizeof name, "%d", class);
        if (!(rows >> class & 1)) return refuse_missing(kind, name, ret_failure);
    }
    return true;
}

/* A weight that is missing would count as 0, and nobody would notice. */
static bool is_complete(const struct meaning *meaning, struct failure *ret_failure) {
    for (size_t i = 0; i < MEANING_FAULTS; i++)
        if (!(meaning->fault_rows >> i & 1)) return refuse_missing("fault", fault_names[i], ret_failure);
    if (meaning->normal_count == 0 || !span_is(meaning->normals[meaning->normal_count - 1].language, "*"))
        return failure_fatal(ret_failure, EXIT_CONFIG,
                             "tables/check/meaning.tsv: the last row of 'normal' is not 'normal *'");
    return has_classes("english", meaning->english_rows, ret_failure) &&
           has_classes("source", meaning->source_rows, ret_failure);
}

bool meaning_read(const char *data_folder, struct arena *arena, struct meaning **ret_meaning,
                  struct failure *ret_failure) {
    struct table table;
    if (!table_read(data_folder, "check/meaning.tsv", arena, &table, ret_failure)) return false;
    struct meaning *meaning = arena_take(arena, sizeof *meaning);
    meaning->normals = arena_take(arena, table.count * sizeof *meaning->normals);
    for (size_t i = 0; i < table.count; i++)
        if (!read_row(&table.rows[i], meaning))
            return failure_fatal(ret_failure, EXIT_CONFIG, "tables/check/meaning.tsv: invalid row %zu ('%.*s %.*s')",
                                 i + 1, SPAN_ARGS(table.rows[i].cells[0]), SPAN_ARGS(table.rows[i].cells[1]));
    if (!is_complete(meaning, ret_failure)) return false;
    *ret_meaning = meaning;
    return true;
}

static const struct normal *find_normal(const struct meaning *meaning, struct span language) {
    for (size_t i = 0; i < meaning->normal_count; i++)
        if (span_equal_ascii_fold(meaning->normals[i].language, language)) return &meaning->normals[i];
    return NULL;
}

/* Falls back to the base language ("pt" for "pt-BR") and to "*", which is the last row. */
static const struct normal *normal_of(const struct meaning *meaning, struct span language) {
    const struct normal *normal = find_normal(meaning, language);
    for (size_t i = language.length; i-- > 0 && !normal;)
        if (language.at[i] == '-') normal = find_normal(meaning, span_cut(language, 0, i));
    return normal ? normal : &meaning->normals[meaning->normal_count - 1];
}

/* ---------------------------------------------------------------- features */

struct side {
    const uint16_t *codes;
    size_t count;
    const double *weights; /* by code */
};

static double weight_at(const struct side *side, size_t i) {
    return side->weights[side->codes[i]];
}

static double sum_between(const struct side *side, size_t from, size_t to) {
    double sum = 0;
    for (size_t i = from; i < to; i++) sum += weight_at(side, i);
    return sum;
}

/* Returns the lowest sum, at most 0, of weights above `level` over words that follow each other, and where they are. */
static double worst_run(const struct side *side, double level, size_t *ret_from, size_t *ret_to) {
    double run = 0, worst = 0;
    *ret_from = *ret_to = 0;
    for (size_t i = 0, start = 0; i < side->count; i++) {
        run += weight_at(side, i) - level;
        if (run >= 0) {
            run = 0;
            start = i + 1;
        } else if (run < worst) {
            worst = run;
            *ret_from = start;
            *ret_to = i + 1;
        }
    }
    return worst;
}

static double worst_third(const struct side *side) {
    double worst = INFINITY;
    for (size_t third = 0; third < 3; third++) {
        size_t from = side->count * third / 3, to = side->count * (third + 1) / 3;
        double mean = to > from ? sum_between(side, from, to) / (double)(to - from) : 0;
        if (mean < worst) worst = mean;
    }
    return worst;
}

/* The features of one text, as they are and not yet relative. `first` is that of the text's sum. */
static void describe_side(const struct side *side, size_t first, size_t third, size_t fall, double *features) {
    double count = (double)side->count, sum = sum_between(side, 0, side->count);
    size_t from, to;
    features[first] = sum / sqrt(count + 1);
    features[first + 1] = sum / (count + 1);
    features[first + 2] = worst_run(side, 0, &from, &to);
    features[third] = worst_third(side);
    features[fall] = worst_run(side, sum / (count > 0 ? count : 1), &from, &to);
}

static double clip(double value, double limit) {
    return value > limit ? limit : value < -limit ? -limit : value;
}

static double positive(double value) {
    return value > 0 ? value : 0;
}

/* What is missing or added shows twice, in the lengths and in words without support. */
static void add_both(double *features) {
    double source_third = positive(-features[SOURCE_THIRD]), english_third = positive(-features[ENGLISH_THIRD]);
    features[FEWER_AND_THIRD] = features[FEWER_SENTENCES] * source_third;
    features[MORE_AND_THIRD] = features[MORE_SENTENCES] * english_third;
    features[SHORT_AND_THIRD] = features[SHORT] * source_third;
    features[LONG_AND_THIRD] = features[LONG] * english_third;
}

static void add_words(const struct meaning *meaning, const struct normal *normal,
                      const struct meaning_evidence *evidence, double *features) {
    struct side english = {evidence->english, evidence->english_count, meaning->english};
    struct side source = {evidence->source, evidence->source_count, meaning->source};
    describe_side(&english, ENGLISH_SUM, ENGLISH_THIRD, ENGLISH_FALL, features);
    describe_side(&source, SOURCE_SUM, SOURCE_THIRD, SOURCE_FALL, features);
    features[LENGTH] = evidence->length;
    features[WORDS] = log((double)english.count + 1) - USUAL_WORDS;
    features[ENGLISH_SUPPORT] = features[ENGLISH_MEAN];
    features[SOURCE_SUPPORT] = features[SOURCE_MEAN];
    for (size_t i = 0; i < RELATIVES; i++)
        features[i] = clip((features[i] - normal->mean[i]) / normal->spread[i], MAX_RELATIVE);
    features[BOTH_MEANS] = features[ENGLISH_MEAN] * features[SOURCE_MEAN];
    features[WORSE_MEAN] = fmin(features[ENGLISH_MEAN], features[SOURCE_MEAN]);
}

/* `deviation` is that of the length from the usual one, in spreads or standard deviations. */
static void add_lengths(const struct meaning_evidence *evidence, double deviation, double *features) {
    double sentences = clip(evidence->sentences, MAX_SENTENCES_APART);
    features[SHORT] = positive(-deviation);
    features[SHORT_SQUARED] = features[SHORT] * features[SHORT];
    features[LONG] = positive(deviation);
    features[LONG_SQUARED] = features[LONG] * features[LONG];
    features[FEWER_SENTENCES] = positive(-sentences);
    features[MORE_SENTENCES] = positive(sentences);
    features[CUT] = evidence->cut;
    features[CUT_OPEN] = evidence->cut && evidence->open;
    features[FEWER_SHORT] = features[FEWER_SENTENCES] * features[SHORT];
    features[MORE_LONG] = features[MORE_SENTENCES] * features[LONG];
    features[CUT_SHORT] = features[CUT] * features[SHORT];
    features[EXPECTED] = log(fmin(evidence->expected, MAX_EXPECTED) + 1);
    features[ONE] = 1;
}

/* ---------------------------------------------------------------- the decision */

/* Too few words of the English, and the lexicon may just not know them. */
static bool is_judged(const struct meaning_evidence *evidence, enum meaning_fault fault) {
    return fault != MEANING_OTHER || (evidence->has_words && evidence->english_count >= MIN_WORDS);
}

static double score(const double *weights, const double *features) {
    double sum = 0;
    for (size_t i = 0; i < FEATURES; i++) sum += weights[i] * features[i];
    return sum;
}

/* Returns whether a whole sentence seems to be missing: the English has fewer, is short, and leaves part of the source
 * without support. Each alone means little; of good translations, one in 2,500 has all three. */
static bool lacks_sentence(const struct meaning_evidence *evidence, const double *features) {
    return evidence->has_words && evidence->sentences < 0 && evidence->deviation < SHORT_OF_SENTENCE &&
           features[SOURCE_THIRD] < THIRD_WITHOUT;
}

/* Returns whether much is missing of a long text. Only the first words of it were looked at, and may be translated. */
static bool lacks_much(const struct meaning_evidence *evidence, const double *features) {
    return evidence->expected > MAX_EXPECTED && features[SHORT] > MUCH_SHORTER;
}

/* Returns the fault with the highest score above 0. A text with a foreign sentence in it may seem to have several. */
static enum meaning_fault find_fault(const double weights[MEANING_FAULTS][FEATURES],
                                     const struct meaning_evidence *evidence, const double *features) {
    enum meaning_fault worst = MEANING_FAULTS;
    double highest = 0;
    for (enum meaning_fault fault = 0; fault < MEANING_FAULTS; fault++) {
        double reached = score(weights[fault], features);
        if (reached <= highest || !is_judged(evidence, fault)) continue;
        highest = reached;
        worst = fault;
    }
    bool lacking = lacks_sentence(evidence, features) || lacks_much(evidence, features);
    return worst == MEANING_FAULTS && lacking ? MEANING_TRUNCATED : worst;
}

static void find_runs(const struct meaning *meaning, const struct meaning_evidence *evidence,
                      struct meaning_verdict *verdict) {
    struct side english = {evidence->english, evidence->english_count, meaning->english};
    struct side source = {evidence->source, evidence->source_count, meaning->source};
    worst_run(&english, 0, &verdict->english_from, &verdict->english_to);
    worst_run(&source, 0, &verdict->source_from, &verdict->source_to);
}

void meaning_judge(const struct meaning *meaning, struct span language, const struct meaning_evidence *evidence,
                   struct meaning_verdict *ret_verdict) {
    double features[FEATURES] = {0};
    *ret_verdict = (struct meaning_verdict){.fault = MEANING_FAULTS};
    if (evidence->expected < MIN_EXPECTED) return;
    if (evidence->has_words) {
        add_words(meaning, normal_of(meaning, language), evidence, features);
        find_runs(meaning, evidence, ret_verdict);
    }
    add_lengths(evidence, evidence->has_words ? features[LENGTH] : clip(evidence->deviation, MAX_DEVIATION), features);
    add_both(features);
    ret_verdict->fault =
        find_fault(evidence->has_words ? meaning->with_words : meaning->without_words, evidence, features);
}
