#include "stages/summarize/fitness.h"

#include <stdlib.h>
#include <string.h>

#include "pipeline/base/table.h"

/* Limits on the number of words in a sentence, and limits for comparing two sentences: only the first COMPARED long
 * words of each are compared, and one sentence repeats the other if ALIKE percent of its words occur in the other. */
enum { SHORTEST_WORDS = 5, LONGEST_WORDS = 60, COMPARED = 64, PERCENT = 100, ALIKE = 70 };

enum where { BEGINS, ENDS, HOLDS, BY_LINE, WHERES };

struct fitness {
    struct arena *arena;
    struct table
        phrases[WHERES]; /* for each position in a sentence, a table with one phrase in the first cell of each row */
};

static bool add_phrases(struct fitness *fitness, enum where where, struct span phrases) {
    struct table *table = &fitness->phrases[where];
    struct span one;
    while (span_next(&phrases, '|', &one)) {
        one = span_trim(one);
        if (!one.length) continue;
        table->rows = arena_grow(fitness->arena, table->rows, table->count, &table->capacity, sizeof *table->rows);
        table->rows[table->count++].cells[0] = one;
    }
    return true;
}

static bool read_row(struct fitness *fitness, const struct row *row) {
    static const char *const names[WHERES] = {"begins", "ends", "holds", "by-line"};
    for (int where = 0; where < WHERES; where++)
        if (span_is(row->cells[0], names[where])) return add_phrases(fitness, (enum where)where, row->cells[1]);
    return false;
}

struct fitness *fitness_open(const char *data_folder, struct failure *ret_failure) {
    struct fitness *fitness = memory_take(sizeof *fitness);
    struct table table;
    fitness->arena = arena_new();
    bool read = table_read(data_folder, "summarize/unfit.tsv", fitness->arena, &table, ret_failure);
    for (size_t i = 0; read && i < table.count; i++) {
        read = read_row(fitness, &table.rows[i]);
        if (!read)
            failure_fatal(ret_failure, EXIT_CONFIG, "summarize/unfit.tsv: unknown position \"%.*s\"",
                          SPAN_ARGS(table.rows[i].cells[0]));
    }
    if (read) return fitness;
    fitness_close(fitness);
    return NULL;
}

void fitness_close(struct fitness *fitness) {
    if (!fitness) return;
    arena_free(fitness->arena);
    free(fitness);
}

/* Whether the sentence contains any of these phrases in the position that `has` checks. */
static bool has_phrase(const struct fitness *fitness, enum where where, struct span sentence,
                       bool (*has)(struct span, struct span)) {
    const struct table *table = &fitness->phrases[where];
    for (size_t i = 0; i < table->count; i++)
        if (has(sentence, table->rows[i].cells[0])) return true;
    return false;
}

/* Whether the text is a by-line, such as "By Anna Muster - Updated Mar 5": it begins with "By" and contains "|" or a
 * phrase that occurs only in by-lines. */
static bool is_by_line(const struct fitness *fitness, struct span sentence) {
    return span_starts_ascii_fold(sentence, SPAN("by ")) &&
           (memchr(sentence.at, '|', sentence.length) ||
            has_phrase(fitness, BY_LINE, sentence, span_contains_ascii_fold));
}

bool fitness_is_fit(const struct fitness *fitness, struct span sentence) {
    size_t words = span_count_words(sentence);
    if (words < SHORTEST_WORDS || words > LONGEST_WORDS) return false;
    if (sentence.at[0] == '(' && sentence.at[sentence.length - 1] == ')') return false;
    /* Whether the sentence is a question, with or without a closing quotation mark. Questions report no news. */
    if (span_ends(sentence, SPAN("?")) || span_ends(sentence, SPAN("?\"")) ||
        span_ends(sentence, SPAN("?\xE2\x80\x9D")))
        return false;
    return !is_by_line(fitness, sentence) && !has_phrase(fitness, BEGINS, sentence, span_starts_ascii_fold) &&
           !has_phrase(fitness, ENDS, sentence, span_ends_ascii_fold) &&
           !has_phrase(fitness, HOLDS, sentence, span_contains_ascii_fold);
}

/* Hashes the words of at least four bytes; shorter words are mostly articles and prepositions. */
static size_t read_words(struct span text, uint64_t ret_words[COMPARED]) {
    size_t count = 0;
    for (size_t i = 0, start = 0; i <= text.length && count < COMPARED; i++) {
        unsigned char byte = i < text.length ? (unsigned char)text.at[i] : ' ';
        if ((byte | 32) >= 'a' && (byte | 32) <= 'z') continue;
        if (byte >= 0x80 || (byte >= '0' && byte <= '9')) continue;
        if (i - start >= 4) ret_words[count++] = span_hash(span_cut(text, start, i));
        start = i + 1;
    }
    return count;
}

bool fitness_repeats(struct span sentence, struct span other) {
    uint64_t words[COMPARED], others[COMPARED];
    size_t count = read_words(sentence, words), other_count = read_words(other, others), shared = 0;
    for (size_t i = 0; i < count; i++)
        for (size_t j = 0; j < other_count; j++)
            if (words[i] == others[j]) {
                shared++;
                break;
            }
    return count > 0 && shared * PERCENT >= ALIKE * count;
}
