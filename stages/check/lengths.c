#include "stages/check/lengths.h"

#include <math.h>
#include <stdlib.h>

#include "pipeline/base/table.h"
#include "stages/check/fold.h"
#include "stages/language/language_code.h"

/* The lengths of short texts vary more. This value, divided by the expected length, is added to the variance of the
 * logarithm of the length ratio. */
static const double SHORT_VARIANCE = 1.2;

struct lengths {
    struct table table;
    struct length_rule *rules; /* one for each row of the table */
};

bool lengths_read(const char *data_folder, struct arena *arena, struct lengths **ret_lengths,
                  struct failure *ret_failure) {
    struct lengths *lengths = arena_take(arena, sizeof *lengths);
    if (!table_read(data_folder, "check/lengths.tsv", arena, &lengths->table, ret_failure)) return false;
    lengths->rules = arena_take(arena, lengths->table.count * sizeof *lengths->rules);
    for (size_t i = 0; i < lengths->table.count; i++) {
        const struct span *cells = lengths->table.rows[i].cells;
        struct length_rule rule = {0};
        if (lengths->table.rows[i].count >= 4)
            rule =
                (struct length_rule){strtod(cells[1].at, NULL), strtod(cells[2].at, NULL), strtod(cells[3].at, NULL)};
        if (!(rule.letter > 0) || !(rule.spread > 0)) /* also for "nan" */
            return failure_fatal(ret_failure, EXIT_CONFIG,
                                 "tables/check/lengths.tsv: the length and spread of '%.*s' must be above 0",
                                 SPAN_ARGS(cells[0]));
        lengths->rules[i] = rule;
    }
    *ret_lengths = lengths;
    return true;
}

/* Codes are few, and each segment is looked up once, so a linear search is enough. */
static const struct length_rule *find_rule(const struct lengths *lengths, struct span code) {
    for (size_t i = 0; i < lengths->table.count; i++)
        if (span_equal_ascii_fold(lengths->table.rows[i].cells[0], code)) return &lengths->rules[i];
    return NULL;
}

const struct length_rule *lengths_of(const struct lengths *lengths, struct span code) {
    /* used if the table has no row for "*" either: assumes that the English is as long as the source */
    static const struct length_rule any = {1, 0, 0.22};
    const struct length_rule *rule = find_rule(lengths, code);
    while (!rule && language_code_widen(&code)) rule = find_rule(lengths, code);
    if (!rule) rule = find_rule(lengths, SPAN("*"));
    return rule ? rule : &any;
}

/* Returns the expected number of English characters for one source character. Latin letters and digits in text with Han
 * characters are mostly names and numbers, which are about as long in English. */
static double weigh(const struct length_rule *rule, uint32_t rune) {
    if (rule->han <= 0) return rule->letter;
    if (rune < 0x2E80) return 1;
    if (rune >= 0x3400 && rune < 0xA000) return rule->han;
    enum letter_class letters = fold_class(rune);
    return letters == LETTER_UNSPACED || letters == LETTER_HANGUL ? rule->letter : 1;
}

double length_expected(const struct length_rule *rule, struct span source) {
    double length = 0;
    for (size_t i = 0; i < source.length;) {
        uint32_t rune;
        i += text_next(source, i, &rune);
        length += weigh(rule, rune);
    }
    return length;
}

double length_deviation(const struct length_rule *rule, double expected, double length) {
    /* prevents a division by zero; an empty translation is far too short */
    if (expected < 1 || length < 1) return expected < 1 ? 0 : -100;
    double variance = rule->spread * rule->spread + SHORT_VARIANCE / expected;
    return log(length / expected) / sqrt(variance);
}
