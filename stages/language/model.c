#include "stages/language/model.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "pipeline/base/arena.h"
#include "pipeline/base/mapped.h"
#include "stages/language/unicode.h"

enum {
    MAX_LETTERS = 4096, /* max. letters that are read; more hardly change the result */
    HEAD = 12           /* bytes before the language codes: magic number and number of languages */
};

/* `codes` and `rows` point into the mapped file. */
struct model {
    struct mapped file;
    size_t count;
    const char *codes;
    const unsigned char *rows;
    struct votes_model *votes;
};

/* Returns true for letters and for the typographic apostrophe, which is part of a word, as in "l’eau". */
static bool is_letter(uint32_t rune) {
    return rune_is_letter(rune) || rune == 0x2019;
}

/* Calls `row` for every n-gram that ends with the last letter of the window, except for a single space. */
static void pass_on(const uint32_t window[MODEL_LETTERS], size_t filled, void (*row)(void *, uint32_t), void *context) {
    uint64_t hash = 0xcbf29ce484222325u;
    for (size_t length = 1; length <= filled; length++) {
        hash = (hash ^ window[MODEL_LETTERS - length]) * 0x9E3779B97F4A7C15u;
        hash ^= hash >> 29;
        if (length == 1 && window[MODEL_LETTERS - 1] == ' ') continue;
        row(context, (uint32_t)((hash + length) % MODEL_ROWS));
    }
}

/* Anything that is not a letter counts as a space, and several spaces in a row count as one. */
void model_walk(struct span text, void (*row)(void *context, uint32_t row), void *context) {
    uint32_t window[MODEL_LETTERS] = {' ', ' ', ' ', ' '};
    size_t filled = 1, letters = 0;
    for (size_t i = 0; i < text.length && letters < MAX_LETTERS;) {
        uint32_t rune;
        i += text_next(text, i, &rune);
        rune = is_letter(rune) ? rune_fold(rune) : ' ';
        if (rune == ' ' && window[MODEL_LETTERS - 1] == ' ') continue;
        memmove(window, window + 1, sizeof window - sizeof *window);
        window[MODEL_LETTERS - 1] = rune;
        if (filled < MODEL_LETTERS) filled++;
        pass_on(window, filled, row, context);
        if (rune == ' ')
            filled = 1;
        else
            letters++;
    }
}

/* Sets the pointers into the mapped file. The size of the file must match exactly, because the rows are read where they
 * are mapped. */
static bool lay_out(struct model *model) {
    const unsigned char *at = model->file.at;
    if (memcmp(at, MODEL_MAGIC, 8) != 0) return false;
    memcpy(&model->count, at + 8, 4);
    if (model->count > MODEL_LANGUAGES || model->file.size != HEAD + model->count * (MODEL_CODE + (size_t)MODEL_ROWS))
        return false;
    model->codes = (const char *)at + HEAD;
    model->rows = at + HEAD + model->count * MODEL_CODE;
    return true;
}

static bool map_rows(struct model *model, const char *path, struct failure *ret_failure) {
    static const char what[] = "the language model";
    return mapped_open(path, HEAD, what, &model->file, ret_failure) &&
           (lay_out(model) || mapped_refuse(path, what, ret_failure));
}

/* After a failure, model_close() frees what has been opened so far. */
bool model_open(const char *data_folder, struct model **ret_model, struct failure *ret_failure) {
    struct buffer path = BUFFER(1 << 16);
    struct model *model = memory_take(sizeof *model);
    buffer_print(&path, "%s/tables/language.model", data_folder);
    bool good = map_rows(model, path.at, ret_failure);
    buffer_clear(&path);
    buffer_print(&path, "%s/tables/votes.model", data_folder);
    good = good && votes_map(path.at, &model->votes, ret_failure);
    if (good)
        *ret_model = model;
    else
        model_close(model);
    buffer_free(&path);
    return good;
}

void model_close(struct model *model) {
    if (!model) return;
    mapped_close(&model->file);
    votes_close(model->votes);
    free(model);
}

const struct votes_model *model_votes(const struct model *model) {
    return model->votes;
}

/* The sums of the surprisal for all languages. Those of the last rows are added up in 16 bits, of which a processor
 * adds twice as many at once as of 32; so many rows cannot exceed them. */
enum { RECENT_ROWS = UINT16_MAX / UINT8_MAX - 1 };
struct tally {
    const struct model *model;
    uint32_t surprisal[MODEL_LANGUAGES];
    uint16_t recent[MODEL_LANGUAGES];
    size_t count;
};

static void settle(struct tally *tally) {
    for (size_t i = 0; i < MODEL_LANGUAGES; i++) tally->surprisal[i] += tally->recent[i];
    memset(tally->recent, 0, sizeof tally->recent);
}

static inline void add_bytes(uint16_t *restrict sums, const unsigned char *restrict bytes, size_t count) {
    for (size_t i = 0; i < count; i++) sums[i] = (uint16_t)(sums[i] + bytes[i]);
}

static void add_row(void *context, uint32_t row) {
    struct tally *tally = context;
    const unsigned char *bytes = tally->model->rows + row * tally->model->count;
    /* a constant number takes half the time; the sums beyond the languages are not looked at */
    if ((MODEL_ROWS - row) * tally->model->count >= MODEL_LANGUAGES)
        add_bytes(tally->recent, bytes, MODEL_LANGUAGES);
    else
        add_bytes(tally->recent, bytes, tally->model->count);
    if (++tally->count % RECENT_ROWS == 0) settle(tally);
}

/* There are few codes, so a linear search is fast enough. */
int model_find(const struct model *model, struct span code) {
    for (size_t i = 0; i < model->count; i++)
        if (span_is(code, model->codes + i * MODEL_CODE)) return (int)i;
    return -1;
}

const char *model_code(const struct model *model, int language) {
    return model->codes + (size_t)language * MODEL_CODE;
}

/* Counts non-ASCII characters that are not letters. ASCII is the same in most encodings, so counting it would not help
 * to choose one. */
static size_t count_signs(struct span text) {
    size_t signs = 0;
    for (size_t i = 0; i < text.length;) {
        uint32_t rune;
        i += text_next(text, i, &rune);
        if (rune >= 0x80 && !is_letter(rune)) signs++;
    }
    return signs;
}

/* Adds up the surprisal for all languages even if only one is wanted, because a row contains the values of all
 * languages next to each other. */
struct surprisal model_surprisal(const struct model *model, struct span text, int language) {
    struct tally tally = {.model = model};
    model_walk(text, add_row, &tally);
    settle(&tally);
    if (tally.count == 0) return (struct surprisal){-1, 0, 0, count_signs(text)};
    size_t best = language < 0 ? 0 : (size_t)language;
    for (size_t i = 0; language < 0 && i < model->count; i++)
        if (tally.surprisal[i] < tally.surprisal[best]) best = i;
    double bits = tally.surprisal[best] * MODEL_STEP / (double)tally.count;
    return (struct surprisal){(int)best, bits, tally.count, count_signs(text)};
}

struct guess model_guess(const struct model *model, struct span text) {
    struct votes votes = {0};
    votes_add(model->votes, text, MAX_LETTERS, NULL, &votes);
    return votes_guess(model->votes, &votes);
}
