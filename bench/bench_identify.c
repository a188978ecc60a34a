/* Measures the identify stage in texts and MB per second, for three words, a sentence, an article with many blocks, and
 * pathological texts of 20 MB. Start-up and the creation of articles are not counted. */
#include <stdio.h>
#include <stdlib.h>

#include "config/reader.h"
#include "pipeline/base/clock.h"
#include "pipeline/engine/stage.h"

#define SIZE ((size_t)20 << 20)
enum { ROUNDS = 20000, BLOCKS = 40 };

extern const struct stage stage_identify;

static const char *const sentences[] = {
    "The old bridge will be closed for repairs until the end of March.",
    "Die alte Brücke bleibt wegen Bauarbeiten bis Ende März gesperrt.",
    "Le vieux pont restera fermé pour travaux jusqu'à la fin du mois de mars.",
    "Stari most bit će zatvoren zbog popravaka do kraja ožujka.",
    "Старият мост ще бъде затворен за ремонт до края на март.",
    "Η παλιά γέφυρα θα παραμείνει κλειστή για επισκευές έως τα τέλη Μαρτίου.",
    "سيبقى الجسر القديم مغلقا لأعمال الصيانة حتى نهاية شهر مارس.",
    "पुराना पुल मरम्मत के लिए मार्च के अंत तक बंद रहेगा।",
    "古い橋は修理のため三月末まで通行止めになる。",
    "Jembatan tua itu akan ditutup untuk perbaikan sampai akhir Maret.",
};
static const char *const headlines[] = {
    "Bridge stays closed",    "Brücke bleibt gesperrt",   "Pont toujours fermé", "Most ostaje zatvoren",
    "Мостът остава затворен", "Γέφυρα παραμένει κλειστή", "الجسر ما زال مغلقا",  "पुल बंद रहेगा",
    "橋は通行止め",           "Jembatan masih ditutup"};
enum { TEXTS = sizeof sentences / sizeof *sentences };

static double identify(const void *state, struct article *article) {
    struct failure failure = {0};
    article->language = (struct language){0};
    double start = clock_cpu_seconds();
    stage_identify.work(state, article, &failure);
    return clock_cpu_seconds() - start;
}

static void print(const char *name, double texts, double bytes, double taken) {
    printf("%-24s %10.0f texts/s %9.1f MB/s\n", name, texts / taken, bytes / taken / 1e6);
}

/* Uses one article repeatedly, each time with the next text as its title. */
static void time_titles(const void *state, const char *name, const char *const *texts) {
    struct article *article = article_new();
    double bytes = 0, taken = 0;
    for (size_t i = 0; i < ROUNDS * (size_t)TEXTS; i++) {
        article->title.source = span_of(texts[i % TEXTS]);
        bytes += (double)article->title.source.length;
        taken += identify(state, article);
    }
    print(name, ROUNDS * (double)TEXTS, bytes, taken);
    article_free(article);
}

static void time_blocks(const void *state, const char *name) {
    struct article *article = article_new();
    double bytes = 0, taken = 0;
    for (size_t i = 0; i < BLOCKS; i++) {
        struct block *block = article_add_block(article, BLOCK_PARAGRAPH, span_of(sentences[i % 5 == 4 ? 2 : 1]));
        bytes += (double)block->text.length;
    }
    for (size_t i = 0; i < ROUNDS / BLOCKS; i++) taken += identify(state, article);
    print(name, ROUNDS / BLOCKS, bytes * ROUNDS / BLOCKS, taken);
    article_free(article);
}

static void time_repeated(const void *state, const char *name, struct span piece) {
    struct article *article = article_new();
    struct buffer text = BUFFER(SIZE + piece.length);
    while (text.length < SIZE) buffer_add_span(&text, piece);
    article_add_block(article, BLOCK_PARAGRAPH, buffer_span(&text));
    print(name, 1, (double)text.length, identify(state, article));
    article_free(article);
    buffer_free(&text);
}

static void time_small_blocks(const void *state, const char *name) {
    struct article *article = article_new();
    for (size_t i = 0; i < 200000; i++) article_add_block(article, BLOCK_LIST_ITEM, SPAN("a"));
    print(name, 1, 200000, identify(state, article));
    article_free(article);
}

static void time_all(const void *state) {
    time_titles(state, "three words", headlines);
    time_titles(state, "sentences", sentences);
    time_blocks(state, "article of 40 blocks");
    time_small_blocks(state, "200,000 blocks");
    time_repeated(state, "one letter", SPAN("a"));
    time_repeated(state, "one word", SPAN("word "));
    time_repeated(state, "no letters", SPAN("1 2 "));
    time_repeated(state, "one Chinese character", SPAN("\xE6\xA1\xA5"));
    time_repeated(state, "marks", SPAN("a\xCC\x81"));
}

int main(void) {
    const struct section_table tables[] = {{.name = "identify", .settings = stage_identify.settings, .help = ""},
                                           {.name = NULL}};
    struct config *config = config_new(tables);
    config_finish(config);
    struct stage_context context = {.data_folder = BENCH_DATA,
                                    .settings = config_values(config, stage_identify.settings.entries)};
    struct failure failure = {0};
    void *state;
    double start = clock_cpu_seconds();
    if (!stage_identify.open(&context, &state, &failure)) {
        fprintf(stderr, "%s\n", failure.sentence);
        return EXIT_FAILURE;
    }
    printf("open: %.2f ms\n", (clock_cpu_seconds() - start) * 1e3);
    time_all(state);
    stage_identify.close(state);
    config_free(config);
    return EXIT_SUCCESS;
}
