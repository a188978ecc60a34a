/* Any bytes as one of the tables under config/, which the first line names ("check/sounds.tsv"): refused with a
 * sentence, or read and then used for a text. Of the other tables that its reader needs, it finds the
 * beginning. */
#define _GNU_SOURCE
#include <string.h>

#include "fuzz/fuzz_folder.h"
#include "pipeline/base/arena.h"
#include "pipeline/base/table.h"
#include "pipeline/engine/resources.h"
#include "pipeline/engine/stage.h"
#include "stages/check/english.h"
#include "stages/check/lengths.h"
#include "stages/check/meaning.h"
#include "stages/check/sounds.h"
#include "stages/check/word_units.h"
#include "stages/decode/encodings.h"
#include "stages/decode/zawgyi.h"
#include "stages/extract/authors.h"
#include "stages/extract/candidates.h"
#include "stages/extract/date.h"
#include "stages/extract/line_features.h"
#include "stages/extract/line_model.h"
#include "stages/extract/line_words.h"
#include "stages/extract/page_data.h"
#include "stages/extract/phrases.h"
#include "stages/extract/signs.h"
#include "stages/extract/vocabulary.h"
#include "stages/group/vector.h"
#include "stages/language/calendars.h"
#include "stages/language/figures.h"
#include "stages/language/marks.h"
#include "stages/language/names.h"
#include "stages/segment/trim.h"
#include "stages/services/apertium/chains.h"
#include "stages/services/common/prompt.h"
#include "stages/services/common/refusal.h"
#include "stages/summarize/fitness.h"
#include "stages/summarize/leaning.h"

enum { LIMIT = 1 << 14, BEGINNING = 1 << 12 };

extern const struct stage stage_segment;
int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length);

static const char sample[] = "La alcaldesa abrió el puente (foto: AFP) el 3 de mayo de 2024 a las 14:05.";

struct reading {
    const char *name;
    struct arena *arena;
    struct failure failure;
};

static struct table read_table(struct reading *reading, bool *ret_done) {
    struct table table = {0};
    *ret_done = table_read(fuzz_folder(), reading->name, reading->arena, &table, &reading->failure);
    for (size_t i = 0; i < table.count; i++) {
        double number;
        if (table.rows[i].count > TABLE_COLUMNS) abort();
        for (size_t j = 0; j < table.rows[i].count; j++) row_decimal(&table.rows[i], j, &number);
    }
    return table;
}

static bool try_authors(struct reading *reading, const struct table *table) {
    struct author_words *words;
    struct authors authors = {0};
    if (!author_words_make(table, reading->arena, &words, &reading->failure)) return false;
    authors_add(words, SPAN("Von Ana Rey und Jan Vos, dpa"), SPAN("Bote"), reading->arena, &authors);
    return true;
}

static bool try_signs(struct reading *reading, const struct table *table) {
    struct signs signs = {0};
    if (!signs_make(table, reading->arena, &signs, &reading->failure)) return false;
    bool *seen = arena_take(reading->arena, signs.count + 1);
    signs_find(&signs, span_of(sample), seen);
    return true;
}

static bool try_phrases(struct reading *reading, const struct table *table) {
    struct phrases phrases = {0};
    if (!phrases_make(table, reading->arena, &phrases, &reading->failure)) return false;
    phrases_find(&phrases, span_of(sample));
    phrases_credit(&phrases, SPAN("El puente. Foto: AFP"));
    return true;
}

static bool try_data_names(struct reading *reading, const struct table *table) {
    struct data_names *names;
    struct article *article = article_new();
    bool done = data_names_make(table, reading->arena, &names, &reading->failure);
    if (done)
        page_data_read(names, SPAN("<script type=application/json>{\"body\":\"<p>Uno dos tres.</p>\"}</script>"), 1,
                       article);
    article_free(article);
    return done;
}

static bool try_weights(struct reading *reading, const struct table *table) {
    struct candidate_weights weights;
    return candidate_weights_make(table, &weights, &reading->failure);
}

static bool try_lines(struct reading *reading, const struct table *table) {
    struct line_model model = {0};
    float row[LINE_FEATURES] = {0};
    if (!line_model_make(table, reading->arena, &model, &reading->failure)) return false;
    double judged = line_model_judge(&model, row);
    if (!(judged >= 0 && judged <= 1)) abort();
    return true;
}

static bool try_vocabulary(struct reading *reading, const struct table *table) {
    static const struct table none;
    struct vocabulary vocabulary = {0};
    bool odds = strstr(reading->name, "odds") != NULL;
    return vocabulary_make(odds ? &none : table, odds ? table : &none, reading->arena, &vocabulary, &reading->failure);
}

static bool try_refusals(struct reading *reading, const struct table *table) {
    const struct refusal_asker asker = {"deepl", false};
    const struct refusal_words words = refusal_read(NULL, SPAN("quota exceeded"), reading->arena);
    const struct row *row = refusal_find(table, &asker, 429, &words);
    if (row) refusal_verdict(refusal_kind(row));
    return true;
}

static bool try_dates(struct reading *reading) {
    struct date_words *words;
    struct date date;
    if (!date_words_read(fuzz_folder(), reading->arena, &words, &reading->failure)) return false;
    date_find(words, span_of(sample), SPAN("es"), &date);
    return true;
}

static bool try_line_words(struct reading *reading) {
    struct line_words words = {0};
    char folded[LINE_FOLDED];
    if (!line_words_read(fuzz_folder(), reading->arena, &words, &reading->failure)) return false;
    line_begins(&words, 0, line_fold(span_of(sample), folded));
    return true;
}

static bool try_lengths(struct reading *reading) {
    struct lengths *lengths;
    if (!lengths_read(fuzz_folder(), reading->arena, &lengths, &reading->failure)) return false;
    const struct length_rule *rule = lengths_of(lengths, SPAN("es"));
    if (rule) length_deviation(rule, length_expected(rule, span_of(sample)), 10);
    return true;
}

static bool try_sounds(struct reading *reading) {
    struct sounds *sounds;
    if (!sounds_read(fuzz_folder(), reading->arena, &sounds, &reading->failure)) return false;
    struct skeleton name = sounds_of(sounds, SPAN("шевченко")), word = sounds_of(sounds, SPAN("shevchenko"));
    sounds_like(&name, &word, sounds_alike(&name, &word));
    return true;
}

static bool try_meaning(struct reading *reading) {
    struct meaning *meaning;
    return meaning_read(fuzz_folder(), reading->arena, &meaning, &reading->failure);
}

static bool try_english(struct reading *reading) {
    struct english *english;
    if (!english_read(fuzz_folder(), reading->name, reading->arena, &english, &reading->failure)) return false;
    english_has(english, SPAN("bridge"));
    return true;
}

static bool try_encodings(struct reading *reading) {
    char tables[128];
    struct encodings encodings = {0};
    snprintf(tables, sizeof tables, "%s/tables", fuzz_folder());
    bool done = encodings_open(tables, &encodings, &reading->failure);
    if (done) {
        encodings_find(&encodings, SPAN("latin1"));
        encodings_speaks(&encodings, SPAN("cz"), SPAN("cs"));
    }
    encodings_close(&encodings);
    return done;
}

static bool try_zawgyi(struct reading *reading) {
    struct zawgyi *zawgyi = NULL;
    bool done = zawgyi_open(fuzz_folder(), &zawgyi, &reading->failure);
    zawgyi_close(zawgyi);
    return done;
}

static bool try_calendars(struct reading *reading) {
    struct table table;
    return calendars_read(fuzz_folder(), reading->arena, &table, &reading->failure);
}

static bool try_figures(struct reading *reading) {
    struct table table;
    if (!figures_read(fuzz_folder(), reading->arena, &table, &reading->failure)) return false;
    figures_marks(&table, SPAN("pt-BR"));
    return true;
}

static bool try_names(struct reading *reading) {
    struct table table;
    if (!language_names_read(fuzz_folder(), reading->arena, &table, &reading->failure)) return false;
    language_name(&table, SPAN("zh-Hant"));
    return true;
}

static bool try_marks(struct reading *reading) {
    const struct marks *marks = marks_read(fuzz_folder(), reading->arena, &reading->failure);
    if (marks) marks_find(marks, span_of(sample), 0);
    return marks != NULL;
}

static bool try_segmenter(struct reading *reading) {
    static const struct segment_settings settings = {.max_paragraphs = 100, .max_characters = 1 << 20};
    struct resources *resources = resources_new(fuzz_folder());
    struct stage_context context = {.data_folder = fuzz_folder(), .resources = resources, .settings = &settings};
    struct article *article = article_new();
    void *state = NULL;
    bool done = stage_segment.open(&context, &state, &reading->failure);
    article_add_block(article, BLOCK_PARAGRAPH, span_of(sample));
    if (done) stage_segment.work(state, article, &reading->failure);
    if (done && stage_segment.close) stage_segment.close(state);
    article_free(article);
    resources_free(resources);
    return done;
}

static bool try_fitness(struct reading *reading) {
    const struct marks *marks = marks_read(fuzz_folder(), reading->arena, &reading->failure);
    struct fitness *fitness = marks ? fitness_open(fuzz_folder(), marks, &reading->failure) : NULL;
    if (fitness) fitness_of(fitness, SPAN("The mayor opened the bridge on Tuesday."), false);
    fitness_close(fitness);
    return fitness != NULL;
}

static bool try_leaning(struct reading *reading) {
    const struct marks *marks = marks_read(fuzz_folder(), reading->arena, &reading->failure);
    struct leaning *leaning = marks ? leaning_open(fuzz_folder(), marks, &reading->failure) : NULL;
    if (leaning) leaning_needs_predecessor(leaning, SPAN("But she opened it."), true);
    leaning_close(leaning);
    return leaning != NULL;
}

static bool try_vectors(struct reading *reading) {
    struct vectors *vectors = vectors_open(fuzz_folder(), &reading->failure);
    vectors_close(vectors);
    return vectors != NULL;
}

static bool try_chains(struct reading *reading) {
    struct chain *chains;
    return chains_read(fuzz_folder(), NULL, reading->arena, &chains, &reading->failure);
}

/* A table has a reader that is given the table, or one that opens it by its name. */
static const struct reader {
    const char *name;
    bool (*make)(struct reading *reading, const struct table *table);
    bool (*open)(struct reading *reading);
} readers[] = {
    {"apertium/languages.tsv", NULL, try_chains},
    {"apertium/pairs.tsv", NULL, try_chains},
    {"calendars.tsv", NULL, try_calendars},
    {"check/english.txt", NULL, try_english},
    {"check/lengths.tsv", NULL, try_lengths},
    {"check/meaning.tsv", NULL, try_meaning},
    {"check/sounds.tsv", NULL, try_sounds},
    {"countries.tsv", NULL, try_encodings},
    {"decimals.tsv", NULL, try_figures},
    {"encodings.tsv", NULL, try_encodings},
    {"extract/bylines.tsv", try_authors, NULL},
    {"extract/candidates.tsv", try_weights, NULL},
    {"extract/comments.tsv", try_phrases, NULL},
    {"extract/content.tsv", try_signs, NULL},
    {"extract/dates.tsv", NULL, try_dates},
    {"extract/lines.model", try_lines, NULL},
    {"extract/lines.tsv", NULL, try_line_words},
    {"extract/months.tsv", NULL, try_dates},
    {"extract/names.tsv", try_vocabulary, NULL},
    {"extract/odds.tsv", try_vocabulary, NULL},
    {"extract/page_data.tsv", try_data_names, NULL},
    {"extract/phrases.tsv", try_phrases, NULL},
    {"group/common.tsv", NULL, try_vectors},
    {"group/everyday.tsv", NULL, try_vectors},
    {"names.tsv", NULL, try_names},
    {"segment/abbreviations.tsv", NULL, try_segmenter},
    {"segment/ends.tsv", NULL, try_segmenter},
    {"segment/languages.tsv", NULL, try_segmenter},
    {"segment/marks.tsv", NULL, try_marks},
    {"segment/phrases.tsv", NULL, try_segmenter},
    {"segment/starters.tsv", NULL, try_segmenter},
    {"services/errors.tsv", try_refusals, NULL},
    {"summarize/leaning.tsv", NULL, try_leaning},
    {"summarize/notices.tsv", NULL, try_fitness},
    {"summarize/unfit.tsv", NULL, try_fitness},
    {"zawgyi.tsv", NULL, try_zawgyi},
};

static void make_folder(const char *name) {
    char path[256];
    snprintf(path, sizeof path, "%s/%s", fuzz_folder(), name);
    mkdir(path, 0700);
}

/* Puts the beginning of a table in the folder: its reader would spend its time on the rest. */
static void put_table(const char *name) {
    static char beginning[BEGINNING];
    char path[256];
    struct buffer from = BUFFER(4096), shorter = BUFFER(2 * BEGINNING);
    buffer_print(&from, "%s/tables/%s", TEST_DATA, name);
    FILE *file = fopen(from.at, "rb");
    if (!file) abort();
    struct span rest = {beginning, fread(beginning, 1, sizeof beginning, file)}, line;
    fclose(file);
    while (memchr(rest.at, '\n', rest.length) && span_next(&rest, '\n', &line)) {
        bool declares = span_starts(line, SPAN("rows\t"));
        if (line.length && line.at[0] != '#') buffer_add_span(&shorter, declares ? SPAN("rows\t1") : line);
        buffer_add_string(&shorter, "\n");
    }
    snprintf(path, sizeof path, "tables/%s", name);
    fuzz_folder_write(path, shorter.at, shorter.length);
    buffer_free(&shorter);
    buffer_free(&from);
}

static void prepare_once(void) {
    static const char *const folders[] = {"tables",          "tables/apertium", "tables/check",
                                          "tables/extract",  "tables/group",    "tables/segment",
                                          "tables/services", "tables/sources",  "tables/summarize"};
    static bool prepared;
    for (size_t i = 0; !prepared && i < sizeof folders / sizeof *folders; i++) make_folder(folders[i]);
    for (size_t i = 0; !prepared && i < sizeof readers / sizeof *readers; i++) put_table(readers[i].name);
    prepared = true;
}

static void replace(const char *name, struct span text) {
    char path[256];
    snprintf(path, sizeof path, "tables/%s", name);
    fuzz_folder_write(path, text.at, text.length);
}

static void try(const struct reader *reader, struct span text) {
    struct reading reading = {.name = reader->name, .arena = arena_new()};
    bool done;
    replace(reader->name, text);
    struct table table = read_table(&reading, &done);
    if (done || reader->open) done = reader->open ? reader->open(&reading) : reader->make(&reading, &table);
    if (!done && !text_valid(span_of(reading.failure.sentence))) abort();
    if (!done && !reading.failure.sentence[0]) abort();
    put_table(reader->name);
    arena_free(reading.arena);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length) {
    struct span text = {(const char *)bytes, length < LIMIT ? length : LIMIT}, name = {NULL, 0};
    prepare_once();
    span_next(&text, '\n', &name);
    for (size_t i = 0; i < sizeof readers / sizeof *readers; i++)
        if (span_is(name, readers[i].name)) try(&readers[i], text);
    return 0;
}
