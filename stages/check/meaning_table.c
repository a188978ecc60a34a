/* Reads config/tables/check/meaning.tsv. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "pipeline/base/table.h"
#include "stages/check/meaning_internal.h"
#include "stages/language/language_code.h"

/* Names of the faults in the table. */
static const char *const fault_names[MEANING_FAULTS] = {"other", "truncated", "added"};

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

static bool read_weights(const struct row *row, int classes, double *ret_weights, uint64_t *rows) {
    long long class;
    if (!span_number(row->cells[1], &class) || class < 0 || class >= classes) return false;
    *rows |= (uint64_t)1 << class;
    return read_numbers(row->cells[2], ret_weights + class * EVIDENCE_BANDS, EVIDENCE_BANDS);
}

static bool read_normal(const struct row *row, struct meaning *meaning) {
    struct normal *normal = &meaning->normals[meaning->normal_count++];
    normal->language = row->cells[1];
    if (!read_numbers(row->cells[2], normal->mean, RELATIVES)) return false;
    if (!read_numbers(row->cells[3], normal->spread, RELATIVES)) return false;
    if (!read_numbers(row->cells[4], normal->offset, MEANING_FAULTS)) return false;
    for (size_t i = 0; i < RELATIVES; i++)
        if (normal->spread[i] <= 0) return false;
    return true;
}

static bool read_fault(const struct row *row, struct meaning *meaning) {
    size_t fault = 0;
    while (fault < MEANING_FAULTS && !span_is(row->cells[1], fault_names[fault])) fault++;
    if (fault == MEANING_FAULTS) return false;
    meaning->fault_rows |= (uint64_t)1 << fault;
    return read_numbers(row->cells[2], meaning->with_words[fault], FEATURES) &&
           read_numbers(row->cells[3], meaning->without_words[fault], FEATURES);
}

static bool read_row(const struct row *row, struct meaning *meaning) {
    if (span_is(row->cells[0], "english"))
        return read_weights(row, EVIDENCE_ENGLISH_CLASSES, meaning->english, &meaning->english_rows);
    if (span_is(row->cells[0], "source"))
        return read_weights(row, EVIDENCE_SOURCE_CLASSES, meaning->source, &meaning->source_rows);
    if (span_is(row->cells[0], "normal")) return read_normal(row, meaning);
    return span_is(row->cells[0], "fault") && read_fault(row, meaning);
}

static bool refuse_missing(const char *kind, const char *name, struct failure *ret_failure) {
    return failure_fatal(ret_failure, EXIT_CONFIG, "tables/check/meaning.tsv: the row '%s %s' is missing", kind, name);
}

/* Fails if one of the bits that stand for the rows of this kind is not set. */
static bool has_classes(const char *kind, uint64_t rows, int classes, struct failure *ret_failure) {
    for (int class = 0; class < classes; class ++) {
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
    return has_classes("english", meaning->english_rows, EVIDENCE_ENGLISH_CLASSES, ret_failure) &&
           has_classes("source", meaning->source_rows, EVIDENCE_SOURCE_CLASSES, ret_failure);
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

/* "*" is the last row. */
const struct normal *meaning_normal(const struct meaning *meaning, struct span language) {
    const struct normal *normal = find_normal(meaning, language);
    while (!normal && language_code_widen(&language)) normal = find_normal(meaning, language);
    return normal ? normal : &meaning->normals[meaning->normal_count - 1];
}
