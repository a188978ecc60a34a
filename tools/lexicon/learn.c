#include "tools/lexicon/learn.h"

#include <stdlib.h>
#include <string.h>

#include "pipeline/base/arena.h"

enum { ROUNDS = 5 };
/* Chosen on news that was not learned from. */
static const float START = 1e-3F;
static const double FROM_NOTHING = 0.3, FROM_NOTHING_AT_FIRST = 3e-4, DAMPING = 0.4, RARE_UNITS = 0.5, MIN = 0.01;

/* A cell is a word and a unit of the same pair; all cells with the same word and unit share a slot. The slots of a unit
 * follow each other, so no table of pairs is needed to find them. */
struct lesson {
    const struct corpus *corpus;
    const struct language *language;
    uint32_t *cells;      /* slots, by pair, word and unit */
    size_t *starts;       /* by pair: its first cell */
    uint32_t *rows;       /* by unit, and one more: its first slot */
    uint32_t *slot_words; /* by slot */
    float *chances;       /* by slot: of the last round */
    float *counts;        /* by slot: of this round */
    size_t slots, slot_capacity;
};

/* ---------------------------------------------------------------- slots */

struct occurrences {
    uint32_t *starts; /* by unit, and one more */
    struct occurrence {
        uint32_t pair, place;
    } * at;
};

static void drop_single_sequences(struct language *language) {
    uint32_t *pairs = memory_take((language->known_count + 1) * sizeof *pairs);
    for (size_t i = 0; i < language->unit_count; i++) pairs[language->units[i]]++;
    for (size_t i = 0; i < language->pair_count; i++) {
        struct pair *pair = &language->pairs[i];
        uint32_t *units = language->units + pair->units, kept = 0;
        for (uint32_t j = 0; j < pair->unit_count; j++)
            if (!language->known[units[j]].sequence || pairs[units[j]] > 1) units[kept++] = units[j];
        pair->unit_count = kept;
    }
    free(pairs);
}

static void count_occurrences(const struct language *language, uint32_t *starts) {
    for (size_t i = 0; i < language->pair_count; i++) {
        const struct pair *pair = &language->pairs[i];
        for (uint32_t j = 0; j < pair->unit_count; j++) starts[language->units[pair->units + j] + 1]++;
    }
    for (size_t i = 0; i < language->known_count; i++) starts[i + 1] += starts[i];
}

static struct occurrences list_occurrences(const struct language *language) {
    size_t size = (language->known_count + 1) * sizeof(uint32_t);
    struct occurrences list = {memory_take(size), NULL};
    uint32_t *next = memory_take(size);
    count_occurrences(language, list.starts);
    memcpy(next, list.starts, size);
    list.at = memory_take((list.starts[language->known_count] + (size_t)1) * sizeof *list.at);
    for (uint32_t i = 0; i < language->pair_count; i++) {
        const struct pair *pair = &language->pairs[i];
        for (uint32_t j = 0; j < pair->unit_count; j++)
            list.at[next[language->units[pair->units + j]]++] = (struct occurrence){i, j};
    }
    free(next);
    return list;
}

/* The slot of each English word for the unit that is being listed. */
struct marks {
    uint32_t *units; /* by word: one more than the unit that it was last seen with */
    uint32_t *slots; /* by word */
};

static uint32_t slot_of(struct lesson *lesson, struct marks *marks, uint32_t unit, uint32_t word) {
    if (marks->units[word] == unit + 1) return marks->slots[word];
    lesson->slot_words =
        grow_array(lesson->slot_words, lesson->slots, &lesson->slot_capacity, sizeof *lesson->slot_words);
    lesson->slot_words[lesson->slots] = word;
    marks->units[word] = unit + 1;
    return marks->slots[word] = (uint32_t)lesson->slots++;
}

static void assign_cells(struct lesson *lesson, struct marks *marks, uint32_t unit, struct occurrence occurrence) {
    const struct pair *pair = &lesson->language->pairs[occurrence.pair];
    size_t cell = lesson->starts[occurrence.pair] + occurrence.place;
    for (uint32_t i = 0; i < pair->word_count; i++, cell += pair->unit_count)
        lesson->cells[cell] = slot_of(lesson, marks, unit, lesson->language->words[pair->words + i]);
}

static void assign_slots(struct lesson *lesson) {
    struct occurrences list = list_occurrences(lesson->language);
    size_t words = lesson->corpus->word_count + 1;
    struct marks marks = {memory_take(words * sizeof(uint32_t)), memory_take(words * sizeof(uint32_t))};
    for (uint32_t unit = 0; unit < lesson->language->known_count; unit++) {
        lesson->rows[unit] = (uint32_t)lesson->slots;
        for (uint32_t i = list.starts[unit]; i < list.starts[unit + 1]; i++)
            assign_cells(lesson, &marks, unit, list.at[i]);
    }
    lesson->rows[lesson->language->known_count] = (uint32_t)lesson->slots;
    free(marks.units);
    free(marks.slots);
    free(list.starts);
    free(list.at);
}

static void start_lesson(const struct corpus *corpus, const struct language *language, struct lesson *ret_lesson) {
    struct lesson lesson = {.corpus = corpus, .language = language};
    lesson.starts = memory_take((language->pair_count + 1) * sizeof *lesson.starts);
    for (size_t i = 0; i < language->pair_count; i++)
        lesson.starts[i + 1] = lesson.starts[i] + (size_t)language->pairs[i].unit_count * language->pairs[i].word_count;
    lesson.cells = memory_take((lesson.starts[language->pair_count] + 1) * sizeof *lesson.cells);
    lesson.rows = memory_take((language->known_count + 1) * sizeof *lesson.rows);
    assign_slots(&lesson);
    lesson.counts = memory_take((lesson.slots + 1) * sizeof *lesson.counts);
    lesson.chances = memory_take((lesson.slots + 1) * sizeof *lesson.chances);
    for (size_t i = 0; i < lesson.slots; i++) lesson.chances[i] = START;
    *ret_lesson = lesson;
}

/* ---------------------------------------------------------------- rounds */

/* Divides one word of a pair among the units that may have caused it. */
static void explain_word(struct lesson *lesson, const uint32_t *cells, uint32_t units, double nothing, float weight) {
    double sum = nothing;
    for (uint32_t i = 0; i < units; i++) sum += (double)lesson->chances[cells[i]];
    float factor = (float)((double)weight / sum);
    for (uint32_t i = 0; i < units; i++) lesson->counts[cells[i]] += factor * lesson->chances[cells[i]];
}

static void explain_pair(struct lesson *lesson, size_t index, double from_nothing) {
    const struct pair *pair = &lesson->language->pairs[index];
    const uint32_t *cells = lesson->cells + lesson->starts[index];
    const uint32_t *words = lesson->language->words + pair->words;
    for (uint32_t i = 0; i < pair->word_count; i++, cells += pair->unit_count) {
        double share = (lesson->corpus->words[words[i]].count + 1) / lesson->corpus->total;
        explain_word(lesson, cells, pair->unit_count, from_nothing * share + 1e-12, pair->weight);
    }
}

/* The damping keeps units that were seen once or twice from being certain. */
static void update_chances(struct lesson *lesson) {
    for (size_t unit = 0; unit < lesson->language->known_count; unit++) {
        double total = DAMPING;
        for (uint32_t i = lesson->rows[unit]; i < lesson->rows[unit + 1]; i++) total += (double)lesson->counts[i];
        for (uint32_t i = lesson->rows[unit]; i < lesson->rows[unit + 1]; i++)
            lesson->chances[i] = (float)((double)lesson->counts[i] / total);
    }
}

static void learn_round(struct lesson *lesson, double from_nothing) {
    memset(lesson->counts, 0, lesson->slots * sizeof *lesson->counts);
    for (size_t i = 0; i < lesson->language->pair_count; i++) explain_pair(lesson, i, from_nothing);
    update_chances(lesson);
}

/* ---------------------------------------------------------------- result */

static double *weigh_units(const struct language *language) {
    double *weights = memory_take((language->known_count + 1) * sizeof *weights);
    for (size_t i = 0; i < language->pair_count; i++) {
        const struct pair *pair = &language->pairs[i];
        for (uint32_t j = 0; j < pair->unit_count; j++)
            weights[language->units[pair->units + j]] += (double)pair->weight;
    }
    return weights;
}

/* A probability is the share of the pairs with the unit in which it caused the word. The arrays of the lesson are
 * reused, as nothing is written before it has been read. */
static void keep_probable(struct lesson *lesson, struct translations *learned) {
    uint32_t kept = 0, first = 0;
    for (size_t unit = 0; unit < lesson->language->known_count; unit++) {
        uint32_t end = lesson->rows[unit + 1];
        lesson->rows[unit] = kept;
        for (uint32_t i = first; i < end; i++) {
            float chance = (float)((double)lesson->counts[i] / (learned->weights[unit] + RARE_UNITS));
            if ((double)chance < MIN) continue;
            lesson->slot_words[kept] = lesson->slot_words[i];
            lesson->chances[kept++] = chance;
        }
        first = end;
    }
    lesson->rows[lesson->language->known_count] = kept;
    learned->words = memory_resize(lesson->slot_words, (kept + (size_t)1) * sizeof *learned->words);
    learned->probabilities = memory_resize(lesson->chances, (kept + (size_t)1) * sizeof *learned->probabilities);
    learned->starts = lesson->rows;
}

void learn_translations(const struct corpus *corpus, struct language *language, struct translations *ret_learned) {
    struct lesson lesson;
    ret_learned->weights = weigh_units(language);
    drop_single_sequences(language);
    start_lesson(corpus, language, &lesson);
    for (int i = 0; i < ROUNDS; i++) learn_round(&lesson, i == 0 ? FROM_NOTHING_AT_FIRST : FROM_NOTHING);
    keep_probable(&lesson, ret_learned);
    free(lesson.cells);
    free(lesson.starts);
    free(lesson.counts);
}

void translations_free(struct translations *learned) {
    free(learned->starts);
    free(learned->words);
    free(learned->probabilities);
    free(learned->weights);
}
