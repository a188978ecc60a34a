/* Damaged models, of which the first byte chooses one: 0 takes the rest as a whole votes.model; 1 to 3 take it as
 * changes (three bytes of a place, one byte to put there) to the real votes.model, writing.model and language.model. A
 * model is refused as damaged, or used without reading outside it. lexicon.model has a target of its own. */
#define _GNU_SOURCE
#include <fcntl.h>

#include "fuzz/fuzz_folder.h"
#include "pipeline/base/text.h"
#include "stages/decode/writing.h"
#include "stages/language/model.h"
#include "stages/language/votes.h"

enum { MODELS = 4, CHANGE = 4, MOST_CHANGES = 64 };

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length);

static const char *const texts[] = {"La maire a ouvert le pont mardi.", "Мост открыли во вторник.",
                                    "橋は火曜日に開通した。", "Η γέφυρα άνοιξε."};
enum { TEXTS = sizeof texts / sizeof *texts };

static void use_votes(const char *path, struct failure *failure) {
    struct votes_model *model = NULL;
    struct votes all = {0};
    if (!votes_map(path, &model, failure)) return;
    for (size_t i = 0; i < TEXTS; i++) {
        struct votes votes = {0};
        votes_add(model, span_of(texts[i]), 4096, NULL, &votes);
        struct guess guess = votes_guess(model, &votes);
        if (!(guess.certainty >= 0 && guess.certainty <= 1)) abort();
        votes_margin(model, &votes, guess.code);
        votes_merge(&all, &votes);
    }
    votes_guess(model, &all);
    votes_close(model);
}

static void use_writing(struct failure *failure) {
    struct writing *writing = NULL;
    struct glyphs glyphs = {0};
    if (!writing_open(fuzz_folder(), &writing, failure)) return;
    for (size_t i = 0; i < TEXTS; i++) {
        double bits;
        glyphs_fill(writing, span_of(texts[i]), &glyphs);
        writing_cheapest(writing, &glyphs, -1, 1e6, &bits);
    }
    glyphs_free(&glyphs);
    writing_close(writing);
}

static void use_language(struct failure *failure) {
    struct model *model = NULL;
    if (!model_open(fuzz_folder(), &model, failure)) return;
    for (size_t i = 0; i < TEXTS; i++) model_surprisal(model, span_of(texts[i]), MODEL_ANY);
    model_close(model);
}

static void copy_model(const char *name) {
    char from[512];
    struct buffer bytes = BUFFER(1 << 24);
    static char piece[1 << 16];
    snprintf(from, sizeof from, "%s/%s", TEST_DATA, name);
    FILE *file = fopen(from, "rb");
    for (size_t count; file && (count = fread(piece, 1, sizeof piece, file)) > 0;) buffer_add(&bytes, piece, count);
    if (!file || fclose(file) != 0) abort();
    fuzz_folder_write(name, bytes.at, bytes.length);
    buffer_free(&bytes);
}

/* Exchanges the bytes in the file and in the changes, so that a second call in reverse order undoes the first. */
static void exchange_byte(int file, uint8_t *change) {
    uint8_t before;
    off_t at = (off_t)(change[0] << 16 | change[1] << 8 | change[2]);
    if (pread(file, &before, 1, at) != 1) return; /* beyond the end */
    if (pwrite(file, change + 3, 1, at) != 1) abort();
    change[3] = before;
}

static void use_changed(unsigned which, const char *path, uint8_t *changes, size_t count, struct failure *failure) {
    int file = open(path, O_RDWR);
    if (file < 0) abort();
    for (size_t i = 0; i < count; i++) exchange_byte(file, changes + CHANGE * i);
    if (which == 1) use_votes(path, failure);
    if (which == 2) use_writing(failure);
    if (which == 3) use_language(failure);
    for (size_t i = count; i > 0; i--) exchange_byte(file, changes + CHANGE * (i - 1));
    close(file);
}

static void prepare_once(const char *const names[MODELS]) {
    static char tables[96];
    if (tables[0]) return;
    snprintf(tables, sizeof tables, "%s/tables", fuzz_folder());
    mkdir(tables, 0700);
    for (size_t i = 1; i < MODELS; i++) copy_model(names[i]);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length) {
    static const char *const names[MODELS] = {"tables/own.model", "tables/votes.model", "tables/writing.model",
                                              "tables/language.model"};
    uint8_t changes[CHANGE * MOST_CHANGES];
    struct failure failure = {0};
    char path[128];
    prepare_once(names);
    if (!length) return 0;
    unsigned which = bytes[0] % MODELS;
    size_t rest = length - 1 < sizeof changes ? length - 1 : sizeof changes;
    snprintf(path, sizeof path, "%s/%s", fuzz_folder(), names[which]);
    for (size_t i = 0; i < rest; i++) changes[i] = bytes[1 + i];
    if (which > 0) {
        use_changed(which, path, changes, rest / CHANGE, &failure);
    } else {
        unlink(path); /* a file that is mapped must not be changed */
        fuzz_folder_write(names[which], bytes + 1, length - 1);
        use_votes(path, &failure);
    }
    if (failure.reach != REACH_NONE && !failure.sentence[0]) abort();
    return 0;
}
