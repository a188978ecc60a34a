#include "stages/check/meaning.h"

#include <math.h>

#include "stages/check/meaning_internal.h"

/* Limits that keep one feature from deciding alone. MIN_EXPECTED: characters of English below which the lengths of
 * texts vary too much for any decision. */
static const double MAX_RELATIVE = 6, MAX_DEVIATION = 6, MAX_SENTENCES_APART = 2, MIN_EXPECTED = 12;
static const double MAX_MARKS_APART = 2;
enum { MIN_WORDS = 4 };
/* A longer text is judged like one of so many characters of English: the weights were learned from shorter ones, and by
 * them alone, every text of 3,000 characters would have a fault. */
static const double MAX_EXPECTED = 800;
static const double SHORT_OF_SENTENCE = -1.1, THIRD_WITHOUT = -1, MUCH_SHORTER = 3;
static const double SENTENCE_LENGTH = 40, SENTENCE_RATIO = 4;
static const double USUAL_WORDS = 3; /* logarithm of a usual number of words */

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

/* Translators keep them; of another sentence, some are lost and some come from nowhere. */
static void add_marks(const struct meaning_evidence *evidence, double *features) {
    for (size_t i = 0; i < EVIDENCE_MARKS; i++) {
        double source = evidence->source_marks[i], english = evidence->english_marks[i];
        double more = clip(log((english + 1) / (source + 1)), MAX_MARKS_APART), *of_mark = features + MARKS + 3 * i;
        of_mark[0] = positive(more);
        of_mark[1] = positive(-more);
        of_mark[2] = log(fmin(source, english) + 1);
    }
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
static enum meaning_fault find_fault(const double weights[MEANING_FAULTS][FEATURES], const double *offsets,
                                     const struct meaning_evidence *evidence, const double *features) {
    enum meaning_fault worst = MEANING_FAULTS;
    double highest = 0;
    for (enum meaning_fault fault = 0; fault < MEANING_FAULTS; fault++) {
        double reached = score(weights[fault], features) - offsets[fault];
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

/* Returns whether the English of a word or two ("Foto: dpa") is a sentence. */
static bool is_far_too_long(const struct meaning_evidence *evidence) {
    double length = exp(evidence->length) * (evidence->expected + 5) - 5; /* as evidence.c computes it */
    return length > SENTENCE_LENGTH && length > SENTENCE_RATIO * evidence->expected;
}

const struct normal *meaning_features(const struct meaning *meaning, struct span language,
                                      const struct meaning_evidence *evidence, double ret_features[FEATURES]) {
    const struct normal *normal = evidence->has_words ? meaning_normal(meaning, language) : NULL;
    for (size_t i = 0; i < FEATURES; i++) ret_features[i] = 0;
    if (normal) add_words(meaning, normal, evidence, ret_features);
    add_lengths(evidence, normal ? ret_features[LENGTH] : clip(evidence->deviation, MAX_DEVIATION), ret_features);
    add_both(ret_features);
    add_marks(evidence, ret_features);
    return normal;
}

void meaning_judge(const struct meaning *meaning, struct span language, const struct meaning_evidence *evidence,
                   struct meaning_verdict *ret_verdict) {
    static const double no_offsets[MEANING_FAULTS];
    double features[FEATURES];
    *ret_verdict = (struct meaning_verdict){.fault = MEANING_FAULTS};
    if (evidence->expected < MIN_EXPECTED) {
        if (is_far_too_long(evidence)) ret_verdict->fault = MEANING_ADDED;
        return;
    }
    const struct normal *normal = meaning_features(meaning, language, evidence, features);
    if (normal) find_runs(meaning, evidence, ret_verdict);
    ret_verdict->fault = find_fault(normal ? meaning->with_words : meaning->without_words,
                                    normal ? normal->offset : no_offsets, evidence, features);
}
