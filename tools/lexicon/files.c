#define _GNU_SOURCE
#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "pipeline/base/arena.h"
#include "tools/lexicon/corpus.h"

/* Columns of SOURCES.tsv and of a file of pairs. */
enum { SOURCE_LANGUAGE, SOURCE_FOLDER, SOURCE_KIND, SOURCE_FIRST, SOURCE_LAST, SOURCE_COLUMNS };
enum { PAIR_LANGUAGE, PAIR_WEIGHT, PAIR_SOURCE, PAIR_ENGLISH, PAIR_COLUMNS };
enum { MAX_PATH = 4096, MAX_RANGES = 64 };

static bool refuse_file(const char *path, const char *why, struct failure *ret_failure) {
    return failure_fatal(ret_failure, EXIT_IO, "%s: %s", path, why);
}

/* Returns how many of `max` columns the line has; the last takes the rest of the line. */
static size_t split(struct span line, size_t max, struct span *ret_columns) {
    size_t count = 0;
    while (count + 1 < max && span_find(line, SPAN("\t")) != SIZE_MAX) span_next(&line, '\t', &ret_columns[count++]);
    ret_columns[count++] = line;
    return count;
}

/* Calls `take` for each line of a file, numbered from 1. */
static bool read_lines(const char *path, bool (*take)(struct span line, size_t number, void *context), void *context,
                       struct failure *ret_failure) {
    FILE *file = fopen(path, "rb");
    if (!file) return refuse_file(path, strerror(errno), ret_failure);
    char *line = NULL;
    size_t capacity = 0, number = 0;
    bool good = true;
    for (ssize_t length; good && (length = getline(&line, &capacity, file)) > 0;) {
        if (line[length - 1] == '\n') length--;
        good = take((struct span){line, (size_t)length}, ++number, context) ||
               refuse_file(path, "invalid row", ret_failure);
    }
    free(line);
    fclose(file);
    return good;
}

/* ---------------------------------------------------------------- rows to leave out */

struct ranges {
    const char *language, *folder, *kinds;
    struct range {
        long long first, last;
    } ranges[MAX_RANGES];
    size_t count;
};

static bool is_left_out(const struct ranges *ranges, size_t row) {
    for (size_t i = 0; i < ranges->count; i++)
        if ((long long)row >= ranges->ranges[i].first && (long long)row <= ranges->ranges[i].last) return true;
    return false;
}

static bool take_range(struct span line, size_t number, void *context) {
    struct ranges *ranges = context;
    struct span columns[SOURCE_COLUMNS + 1];
    if (split(line, SOURCE_COLUMNS + 1, columns) < SOURCE_COLUMNS) return false;
    bool mine = span_is(columns[SOURCE_LANGUAGE], ranges->language) && span_is(columns[SOURCE_FOLDER], ranges->folder);
    struct span kind = columns[SOURCE_KIND];
    if (number == 1 || !mine || kind.length != 1 || !strchr(ranges->kinds, kind.at[0])) return true;
    if (ranges->count == MAX_RANGES) return false;
    struct range *range = &ranges->ranges[ranges->count++];
    return span_number(columns[SOURCE_FIRST], &range->first) && span_number(columns[SOURCE_LAST], &range->last);
}

/* ---------------------------------------------------------------- a folder */

struct reading {
    struct corpus *corpus;
    struct ranges ranges;
};

static bool take_row(struct span line, size_t number, void *context) {
    struct reading *reading = context;
    struct span columns[2];
    if (is_left_out(&reading->ranges, number) || split(line, 2, columns) < 2) return true;
    return corpus_add(reading->corpus, reading->ranges.language, columns[0], columns[1], 1);
}

static bool read_file(struct corpus *corpus, const char *root, const char *folder, const char *code,
                      const char *leave_out, struct failure *ret_failure) {
    struct reading *reading = memory_take(sizeof *reading);
    char path[MAX_PATH];
    reading->corpus = corpus;
    reading->ranges = (struct ranges){.language = code, .folder = folder, .kinds = leave_out};
    snprintf(path, sizeof path, "%s/SOURCES.tsv", root);
    bool good = !*leave_out || read_lines(path, take_range, &reading->ranges, ret_failure);
    snprintf(path, sizeof path, "%s/%s/%s.tsv", root, folder, code);
    good = good && read_lines(path, take_row, reading, ret_failure);
    free(reading);
    return good;
}

static int is_table(const struct dirent *entry) {
    size_t length = strlen(entry->d_name);
    return length > 4 && length < LEXICON_CODE + 4 && strcmp(entry->d_name + length - 4, ".tsv") == 0;
}

/* alphasort() depends on the locale. */
static int compare_names(const struct dirent **a, const struct dirent **b) {
    return strcmp((*a)->d_name, (*b)->d_name);
}

/* Returns the number of files, or -1 with a failure. */
static int read_files(struct corpus *corpus, const char *root, const char *folder, const char *leave_out,
                      struct failure *ret_failure) {
    struct dirent **names = NULL;
    char path[MAX_PATH], code[LEXICON_CODE];
    snprintf(path, sizeof path, "%s/%s", root, folder);
    int count = scandir(path, &names, is_table, compare_names);
    bool good = count >= 0 || errno == ENOENT || refuse_file(path, strerror(errno), ret_failure);
    for (int i = 0; i < count; i++) {
        snprintf(code, sizeof code, "%.*s", (int)strlen(names[i]->d_name) - 4, names[i]->d_name);
        good = good && read_file(corpus, root, folder, code, leave_out, ret_failure);
        free(names[i]);
    }
    free(names);
    return !good ? -1 : count > 0 ? count : 0;
}

bool corpus_read_folder(struct corpus *corpus, const char *folder, const char *leave_out, struct failure *ret_failure) {
    int sentences = read_files(corpus, folder, "bitext", leave_out, ret_failure);
    int entries = sentences < 0 ? -1 : read_files(corpus, folder, "dict", leave_out, ret_failure);
    if (sentences < 0 || entries < 0) return false;
    return sentences + entries > 0 || refuse_file(folder, "has no bitext/*.tsv and no dict/*.tsv", ret_failure);
}

/* ---------------------------------------------------------------- further pairs */

static bool take_pair(struct span line, size_t number, void *context) {
    struct span columns[PAIR_COLUMNS];
    char code[LEXICON_CODE], weight[16], *end;
    (void)number;
    if (split(line, PAIR_COLUMNS, columns) < PAIR_COLUMNS || columns[PAIR_LANGUAGE].length >= sizeof code) return false;
    snprintf(code, sizeof code, "%.*s", SPAN_ARGS(columns[PAIR_LANGUAGE]));
    snprintf(weight, sizeof weight, "%.*s", SPAN_ARGS(columns[PAIR_WEIGHT]));
    float value = strtof(weight, &end);
    return *weight && !*end && value > 0 && value < 1000 &&
           corpus_add(context, code, columns[PAIR_SOURCE], columns[PAIR_ENGLISH], value);
}

bool corpus_read_pairs(struct corpus *corpus, const char *path, struct failure *ret_failure) {
    return read_lines(path, take_pair, corpus, ret_failure);
}
