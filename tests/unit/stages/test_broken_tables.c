/* A table that is missing, is not UTF-8, has an unknown row or has lost a part of its rows ends the run with exit code
 * 78 and is named. */
#define _GNU_SOURCE
#include "unit/failure_is.h"

#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "pipeline/base/file.h"
#include "pipeline/base/table.h"
#include "stages/check/lengths.h"
#include "stages/check/meaning.h"
#include "stages/check/opposites.h"
#include "stages/decode/zawgyi.h"
#include "stages/extract/authors.h"
#include "stages/extract/candidates.h"
#include "stages/extract/page_data.h"
#include "stages/extract/phrases.h"
#include "stages/extract/signs.h"
#include "stages/language/calendars.h"
#include "stages/language/figures.h"
#include "stages/language/marks.h"
#include "stages/summarize/datelines.h"
#include "stages/summarize/fitness.h"
#include "stages/summarize/leaning.h"

static char folder[] = "/tmp/dragoman-test-XXXXXX";

static bool open_lengths(struct arena *arena, struct failure *failure) {
    struct lengths *lengths;
    return lengths_read(folder, arena, &lengths, failure);
}

static bool open_opposites(struct arena *arena, struct failure *failure) {
    struct opposites *opposites;
    struct word_tables *word_tables;
    if (!word_tables_open(TEST_DATA, &word_tables, failure)) return false;
    bool done = opposites_read(folder, word_tables, arena, &opposites, failure);
    word_tables_close(word_tables);
    return done;
}

static bool open_meaning(struct arena *arena, struct failure *failure) {
    struct meaning *meaning;
    return meaning_read(folder, arena, &meaning, failure);
}

static bool open_calendars(struct arena *arena, struct failure *failure) {
    struct table table;
    return calendars_read(folder, arena, &table, failure);
}

static bool open_decimals(struct arena *arena, struct failure *failure) {
    struct table table;
    return figures_read(folder, arena, &table, failure);
}

static bool open_zawgyi(struct arena *arena, struct failure *failure) {
    struct zawgyi *zawgyi;
    (void)arena;
    return zawgyi_open(folder, &zawgyi, failure);
}

static bool open_marks(struct arena *arena, struct failure *failure) {
    return marks_read(folder, arena, failure) != NULL;
}

static bool open_fitness(struct arena *arena, struct failure *failure) {
    (void)arena;
    struct fitness *fitness = fitness_open(folder, NULL, failure);
    fitness_close(fitness);
    return fitness != NULL;
}

static bool open_leaning(struct arena *arena, struct failure *failure) {
    (void)arena;
    struct leaning *leaning = leaning_open(folder, NULL, failure);
    leaning_close(leaning);
    return leaning != NULL;
}

static bool open_datelines(struct arena *arena, struct failure *failure) {
    (void)arena;
    struct datelines *datelines = datelines_open(folder, failure);
    datelines_close(datelines);
    return datelines != NULL;
}

static bool open_bylines(struct arena *arena, struct failure *failure) {
    struct author_words *words;
    struct table table;
    return table_read(folder, "extract/bylines.tsv", arena, &table, failure) &&
           author_words_make(&table, arena, &words, failure);
}

static bool open_phrases(struct arena *arena, struct failure *failure) {
    struct phrases phrases;
    struct table table;
    return table_read(folder, "extract/phrases.tsv", arena, &table, failure) &&
           phrases_make(&table, arena, &phrases, failure);
}

static bool open_comments(struct arena *arena, struct failure *failure) {
    struct phrases phrases;
    struct table table;
    return table_read(folder, "extract/comments.tsv", arena, &table, failure) &&
           phrases_make(&table, arena, &phrases, failure);
}

static bool open_candidates(struct arena *arena, struct failure *failure) {
    struct candidate_weights weights;
    struct table table;
    return table_read(folder, "extract/candidates.tsv", arena, &table, failure) &&
           candidate_weights_make(&table, &weights, failure);
}

static bool open_page_data(struct arena *arena, struct failure *failure) {
    struct data_names *names;
    struct table table;
    return table_read(folder, "extract/page_data.tsv", arena, &table, failure) &&
           data_names_make(&table, arena, &names, failure);
}

static bool open_signs(struct arena *arena, struct failure *failure) {
    struct signs signs;
    struct table table;
    return table_read(folder, "extract/content.tsv", arena, &table, failure) &&
           signs_make(&table, arena, &signs, failure);
}

static const struct broken {
    const char *table, *row;
    bool (*open)(struct arena *arena, struct failure *failure);
} all[] = {{"check/lengths.tsv", "zz\t0\t1\t2\n", open_lengths},
           {"check/lengths.tsv", "zz\t1\n", open_lengths},
           {"check/antonyms.tsv", "es\tzz\tsubir\tbajar\n", open_opposites},
           {"check/antonyms.tsv", "en\tzz\tup\n", open_opposites},
           {"calendars.tsv", "th\tzz 1\tpi\n", open_calendars},
           {"calendars.tsv", "zz\tyears 1 two 3\tpi\n", open_calendars},
           {"calendars.tsv", "zz\tera 12\n", open_calendars},
           {"decimals.tsv", "zz\tpoint\n", open_decimals},
           {"decimals.tsv", "rows\tzz\n", open_decimals},
           {"check/meaning.tsv", "zz\t0\t1\n", open_meaning},
           {"check/meaning.tsv", "fault\tzz\t1\t1\n", open_meaning},
           {"zawgyi.tsv", "zz\t1000\n", open_zawgyi},
           {"zawgyi.tsv", "1033\tzz\n", open_zawgyi},
           {"segment/marks.tsv", "zz\t.\n", open_marks},
           {"summarize/unfit.tsv", "zz\tread on\n", open_fitness},
           {"summarize/leaning.tsv", "zz\the\n", open_leaning},
           {"summarize/datelines.tsv", "zz\tnew\n", open_datelines},
           {"extract/bylines.tsv", "zz\ten\tby\n", open_bylines},
           {"extract/candidates.tsv", "zz\t1\n", open_candidates},
           {"extract/candidates.tsv", "title h1\tzz\n", open_candidates},
           {"extract/comments.tsv", "zz\ten\tcomments\n", open_comments},
           {"extract/content.tsv", "zz\ten\tsign in\n", open_signs},
           {"extract/page_data.tsv", "zz\tarticleBody\n", open_page_data},
           {"extract/phrases.tsv", "zz\ten\tread more\n", open_phrases}};
enum { TABLES = sizeof all / sizeof *all };

static void write_table(const char *name, const char *text) {
    char path[128];
    snprintf(path, sizeof path, "%s/tables/%s", folder, name);
    FILE *file = fopen(path, "w");
    assert_non_null(file);
    assert_true(fputs(text, file) >= 0 && fclose(file) == 0);
}

static void assert_refused(const struct broken *broken, const char *said) {
    struct arena *arena = arena_new();
    struct failure failure = {0};
    assert_false(broken->open(arena, &failure));
    assert_failure(&failure, REACH_RUN, REMEDY_NONE, CAUSE_MACHINE, EXIT_CONFIG, said);
    if (!strstr(failure.sentence, broken->table)) fail_msg("'%s' names no table", failure.sentence);
    arena_free(arena);
}

static void a_missing_table_is_named(void **state) {
    (void)state;
    for (size_t i = 0; i < TABLES; i++) assert_refused(&all[i], "No such file");
}

static void an_unknown_row_is_named(void **state) {
    (void)state;
    for (size_t i = 0; i < TABLES; i++) {
        write_table(all[i].table, all[i].row);
        assert_refused(&all[i], "zz");
    }
}

static void a_table_that_is_not_utf_8_is_refused(void **state) {
    (void)state;
    for (size_t i = 0; i < TABLES; i++) {
        write_table(all[i].table, "# a comment\n\xff\xfe\n");
        assert_refused(&all[i], "not UTF-8");
    }
}

/* Tables without all of whose rows the checks would silently find less. */
static const struct broken whole[] = {{"calendars.tsv", "beside", open_calendars},
                                      {"decimals.tsv", NULL, open_decimals},
                                      {"check/antonyms.tsv", "rose/fell", open_opposites},
                                      {"check/meaning.tsv", "truncated", open_meaning}};
enum { WHOLE = sizeof whole / sizeof *whole };

/* Copies the rows of the program's table: the first `count`, without those whose second column begins with `left_out`.
 */
static void copy_table(const char *name, size_t count, const char *left_out, bool declares) {
    struct failure failure = {0};
    struct arena *arena = arena_new();
    struct table table;
    struct buffer text = BUFFER(SIZE_MAX);
    assert_true(table_read(TEST_DATA, name, arena, &table, &failure));
    if (declares && table.declared) buffer_print(&text, "rows\t%zu\n", table.declared);
    for (size_t i = 0; i < table.count && i < count; i++) {
        const struct row *row = &table.rows[i];
        if (left_out && !span_is(row->cells[0], "en") && span_starts(row->cells[1], span_of(left_out))) continue;
        if (left_out && strcmp(left_out, "beside") == 0 && span_is(row->cells[1], left_out)) continue;
        for (size_t j = 0; j < row->count; j++) buffer_print(&text, "%s%.*s", j ? "\t" : "", SPAN_ARGS(row->cells[j]));
        buffer_add_string(&text, "\n");
    }
    write_table(name, buffer_span(&text).length ? arena_string(arena, buffer_span(&text)) : "# nothing\n");
    buffer_free(&text);
    arena_free(arena);
}

static void a_whole_table_is_read(void **state) {
    (void)state;
    for (size_t i = 0; i < WHOLE; i++) {
        struct arena *arena = arena_new();
        struct failure failure = {0};
        copy_table(whole[i].table, SIZE_MAX, NULL, true);
        if (!whole[i].open(arena, &failure)) fail_msg("%s", failure.sentence);
        arena_free(arena);
    }
}

static void an_empty_table_is_refused(void **state) {
    (void)state;
    for (size_t i = 0; i < WHOLE; i++) {
        copy_table(whole[i].table, 0, NULL, false);
        assert_refused(&whole[i], whole[i].table);
    }
}

static void a_part_of_a_table_is_refused(void **state) {
    (void)state;
    for (size_t i = 0; i < WHOLE; i++)
        for (size_t declares = 0; declares < 2; declares++) {
            copy_table(whole[i].table, 20, NULL, declares);
            assert_refused(&whole[i], whole[i].table);
        }
}

static void a_table_without_a_kind_of_row_is_refused(void **state) {
    (void)state;
    for (size_t i = 0; i < WHOLE; i++) {
        if (!whole[i].row) continue;
        copy_table(whole[i].table, SIZE_MAX, whole[i].row, false);
        assert_refused(&whole[i], whole[i].row);
    }
}

static void a_place_that_is_missing_is_named(void **state) {
    (void)state;
    static const struct broken place = {"extract/candidates.tsv", NULL, open_candidates};
    write_table(place.table, "title h1\t1\n");
    assert_refused(&place, "extract/candidates.tsv: the place '");
    assert_refused(&place, "' is missing");
}

static int make_folder(void **state) {
    (void)state;
    static const char *const names[] = {"", "/check", "/segment", "/summarize", "/extract"};
    if (!mkdtemp(folder)) return -1;
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        char path[128];
        snprintf(path, sizeof path, "%s/tables%s", folder, names[i]);
        if (mkdir(path, 0700) != 0) return -1;
    }
    return 0;
}

static int remove_folder(void **state) {
    (void)state;
    char command[128];
    snprintf(command, sizeof command, "rm -r %s", folder);
    return system(command);
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(a_missing_table_is_named),
                                       cmocka_unit_test(an_unknown_row_is_named),
                                       cmocka_unit_test(a_table_that_is_not_utf_8_is_refused),
                                       cmocka_unit_test(a_whole_table_is_read),
                                       cmocka_unit_test(an_empty_table_is_refused),
                                       cmocka_unit_test(a_part_of_a_table_is_refused),
                                       cmocka_unit_test(a_table_without_a_kind_of_row_is_refused),
                                       cmocka_unit_test(a_place_that_is_missing_is_named)};
    return cmocka_run_group_tests(tests, make_folder, remove_folder);
}
