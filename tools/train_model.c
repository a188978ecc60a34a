/* Trains config/tables/language.model from a folder of <language>.txt, one sentence per line.
 *
 * usage: train_model FOLDER OUTPUT
 *
 * The same text always gives the same bytes: files are read in the order of their names, and nothing depends on time or
 * chance. */
#include <dirent.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "pipeline/base/arena.h"
#include "stages/language/model.h"

/* Added to every count (additive smoothing). Small, because most n-grams never occur in most languages. Tuned on the
 * training text. */
static const double SMOOTHING = 0.3;

struct language {
    char code[MODEL_CODE];
    uint32_t counts[MODEL_ROWS];
    double total;
};

static void count_row(void *context, uint32_t row) {
    struct language *language = context;
    language->counts[row]++;
    language->total++;
}

static int is_text(const struct dirent *entry) {
    size_t length = strlen(entry->d_name);
    return length > 4 && length < MODEL_CODE + 4 && strcmp(entry->d_name + length - 4, ".txt") == 0;
}

static struct language *read_language(const char *folder, const char *name) {
    char path[4096], line[1 << 16];
    struct language *language = memory_take(sizeof *language);
    memcpy(language->code, name, strlen(name) - 4);
    snprintf(path, sizeof path, "%s/%s", folder, name);
    FILE *file = fopen(path, "rb");
    while (file && fgets(line, sizeof line, file)) model_walk(span_of(line), count_row, language);
    if (file) fclose(file);
    return language;
}

/* Returns the surprisal of an n-gram in steps of MODEL_STEP bits; 255 also stands for anything rarer. */
static unsigned char surprisal(const struct language *language, size_t row) {
    double share = (language->counts[row] + SMOOTHING) / (language->total + SMOOTHING * MODEL_ROWS);
    double steps = -log2(share) / MODEL_STEP;
    return steps > 255 ? 255 : (unsigned char)steps;
}

static bool write_model(const char *path, struct language **languages, uint32_t count) {
    FILE *file = fopen(path, "wb");
    if (!file) return false;
    fwrite(MODEL_MAGIC, 1, 8, file);
    fwrite(&count, 1, sizeof count, file);
    for (uint32_t i = 0; i < count; i++) fwrite(languages[i]->code, 1, MODEL_CODE, file);
    for (size_t row = 0; row < MODEL_ROWS; row++)
        for (uint32_t i = 0; i < count; i++) fputc(surprisal(languages[i], row), file);
    return fclose(file) == 0;
}

int main(int count, char **arguments) {
    struct dirent **entries;
    struct language *languages[MODEL_LANGUAGES];
    if (count != 3) {
        fputs("usage: train_model FOLDER OUTPUT\n", stderr);
        return 64;
    }
    int files = scandir(arguments[1], &entries, is_text, alphasort);
    if (files <= 0 || files > MODEL_LANGUAGES) {
        fprintf(stderr, "train_model: %s holds no <language>.txt, or too many\n", arguments[1]);
        return 65;
    }
    for (int i = 0; i < files; i++) {
        languages[i] = read_language(arguments[1], entries[i]->d_name);
        free(entries[i]);
    }
    free(entries);
    bool done = write_model(arguments[2], languages, (uint32_t)files);
    for (int i = 0; i < files; i++) free(languages[i]);
    return done ? 0 : 74;
}
