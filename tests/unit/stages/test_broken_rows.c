/* As in test_broken_tables.c, for tables that are only read together with others: one table at a time is missing, or
 * gets a row that makes no sense. */
#define _GNU_SOURCE
#include "unit/failure_is.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "stages/check/english.h"
#include "stages/check/word_tables.h"
#include "stages/check/word_units.h"
#include "stages/decode/encodings.h"
#include "stages/segment/languages.h"

static char folder[] = "/tmp/dragoman-test-XXXXXX";

static bool open_languages(struct arena *arena, struct failure *failure) {
    struct languages *languages = languages_open(folder, failure);
    (void)arena;
    languages_close(languages);
    return languages != NULL;
}

static bool open_words(struct arena *arena, struct failure *failure) {
    struct word_tables *word_tables = NULL;
    (void)arena;
    bool done = word_tables_open(folder, &word_tables, failure);
    if (done) word_tables_close(word_tables);
    return done;
}

static bool open_units(struct arena *arena, struct failure *failure) {
    struct word_units *units;
    return word_units_read(folder, arena, &units, failure);
}

static bool open_english(struct arena *arena, struct failure *failure) {
    struct english *english;
    return english_read(folder, "english.txt", arena, &english, failure);
}

static bool open_encodings(struct arena *arena, struct failure *failure) {
    char tables[64];
    struct encodings encodings;
    (void)arena;
    snprintf(tables, sizeof tables, "%s/tables", folder);
    bool done = encodings_open(tables, &encodings, failure);
    if (done) encodings_close(&encodings);
    return done;
}

/* `row` is added to the table, which is then refused with `said`. */
static const struct broken {
    const char *table, *row, *said;
    bool (*open)(struct arena *arena, struct failure *failure);
} all[] = {
    {"segment/abbreviations.tsv", "en\tzz\tmr\n", "unknown kind of word 'zz'", open_languages},
    {"segment/starters.tsv", "en\tyy\tmr\n", "unknown kind of word 'yy'", open_languages},
    {"segment/phrases.tsv", "en\tzz\tsaid\n", "unknown value 'zz' in the column 'use'", open_languages},
    {"segment/ends.tsv", "en\tzz\tyy\txx\n", "invalid row 'zz yy xx'", open_languages},
    {"check/numbers.tsv", "en\t1\tzz\tone\n", "the row 'en one' must have four columns, the third a known kind",
     open_words},
    {"check/currencies.tsv", "en\t1\tunit\n", "must have four columns", open_words},
    {"check/units.tsv", "en\t1\tunit\tkm\tkm\n", "must have four columns", open_words},
    {"check/dates.tsv", "en\t1\tcardinals\tone\n", "a known kind", open_words},
    {"check/word-units.tsv", "qx\tzz\tfrom\tto\n", "invalid row 'qx' 'zz' 'from'", open_units},
    {"check/word-units.tsv", "qx\tletter\tfrom\tto\n", "invalid row 'qx' 'letter' 'from'", open_units},
    {"check/word-units.tsv", "qx\tclitic\t\t\n", "invalid row 'qx' 'clitic' ''", open_units},
    {"check/word-units.tsv", "qx\tletter\ta\tb\nqx\tletter\ta\tc\n", "language 'qx' has a character twice", open_units},
    {"apertium/latin.tsv", "zz\tyy\n", "invalid row 'zz' 'yy'", open_units},
    {"encodings.tsv", "zz\tyy\t-\t-\t-\tzz\n", "invalid line", open_encodings},
    {"encodings.tsv", "zz\tutf-8\n", "invalid line", open_encodings},
    {"countries.tsv", "zz\n", "invalid line", open_encodings}};
enum { ALL = sizeof all / sizeof *all };

static const struct broken missing[] = {{"segment/languages.tsv", NULL, "reinstall", open_languages},
                                        {"segment/abbreviations.tsv", NULL, "reinstall", open_languages},
                                        {"segment/starters.tsv", NULL, "reinstall", open_languages},
                                        {"segment/phrases.tsv", NULL, "reinstall", open_languages},
                                        {"segment/ends.tsv", NULL, "reinstall", open_languages},
                                        {"extract/months.tsv", NULL, "reinstall", open_languages},
                                        {"extract/months.tsv", NULL, "reinstall", open_words},
                                        {"calendars.tsv", NULL, "reinstall", open_words},
                                        {"check/numbers.tsv", NULL, "reinstall", open_words},
                                        {"check/units.tsv", NULL, "reinstall", open_words},
                                        {"check/word-units.tsv", NULL, "reinstall", open_units},
                                        {"check/english.txt", NULL, "reinstall", open_english},
                                        {"encodings.tsv", NULL, "reinstall", open_encodings},
                                        {"countries.tsv", NULL, "reinstall", open_encodings}};
enum { MISSING = sizeof missing / sizeof *missing };

/* Runs a command of the shell in which $OURS is the program's table and $F the one that is changed. */
static void run(const char *command, const char *table) {
    char path[512];
    snprintf(path, sizeof path, "%s/tables/%s", TEST_DATA, table);
    setenv("OURS", path, 1);
    snprintf(path, sizeof path, "%s/tables/%s", folder, table);
    setenv("F", path, 1);
    assert_int_equal(system(command), 0);
}

static void assert_refused(const struct broken *broken, const char *said) {
    struct arena *arena = arena_new();
    struct failure failure = {0};
    if (broken->open(arena, &failure)) fail_msg("%s was accepted", broken->table);
    assert_failure(&failure, REACH_RUN, REMEDY_NONE, CAUSE_MACHINE, EXIT_CONFIG, said);
    if (!strstr(failure.sentence, broken->table)) fail_msg("'%s' does not name %s", failure.sentence, broken->table);
    arena_free(arena);
}

static void assert_accepted(const struct broken *broken) {
    struct arena *arena = arena_new();
    struct failure failure = {0};
    if (!broken->open(arena, &failure)) fail_msg("%s: %s", broken->table, failure.sentence);
    arena_free(arena);
}

static void take_away(const struct broken *broken) {
    run("test -f \"$F\" && rm \"$F\"", broken->table);
}

static void put_back(const struct broken *broken) {
    run("ln -sf \"$OURS\" \"$F\"", broken->table);
}

static void a_row_that_makes_no_sense_is_named(void **state) {
    (void)state;
    for (size_t i = 0; i < ALL; i++) {
        char path[128];
        take_away(&all[i]);
        run("cp \"$OURS\" \"$F\"", all[i].table);
        assert_accepted(&all[i]);
        snprintf(path, sizeof path, "%s/tables/%s", folder, all[i].table);
        FILE *file = fopen(path, "a");
        assert_true(file && fputs(all[i].row, file) >= 0 && fclose(file) == 0);
        assert_refused(&all[i], all[i].said);
        put_back(&all[i]);
    }
}

static void a_missing_table_says_how_to_get_it_back(void **state) {
    (void)state;
    for (size_t i = 0; i < MISSING; i++) {
        take_away(&missing[i]);
        assert_refused(&missing[i], missing[i].said);
        assert_refused(&missing[i], "No such file");
        put_back(&missing[i]);
    }
}

static void fill(const char *table, size_t size) {
    char path[128];
    snprintf(path, sizeof path, "%s/tables/%s", folder, table);
    FILE *file = fopen(path, "w");
    assert_non_null(file);
    for (size_t i = 0; i < size; i++) assert_true(putc(i % 64 == 63 ? '\n' : '#', file) != EOF);
    assert_int_equal(fclose(file), 0);
}

/* As large as is allowed, and one byte more. */
static void a_table_has_a_limit(void **state) {
    (void)state;
    static const struct limit {
        struct broken broken;
        size_t bytes;
    } limits[] = {{{"check/english.txt", NULL, "larger than 8388608 bytes", open_english}, 8 << 20},
                  {{"encodings.tsv", NULL, "larger than 262144 bytes", open_encodings}, 1 << 18},
                  {{"countries.tsv", NULL, "larger than 262144 bytes", open_encodings}, 1 << 18}};
    for (size_t i = 0; i < sizeof limits / sizeof *limits; i++) {
        const struct broken *broken = &limits[i].broken;
        take_away(broken);
        fill(broken->table, limits[i].bytes);
        assert_accepted(broken);
        fill(broken->table, limits[i].bytes + 1);
        assert_refused(broken, broken->said);
        put_back(broken);
    }
}

static void an_empty_word_list_is_refused(void **state) {
    static const struct broken list = {"check/english.txt", NULL, "is empty", open_english};
    (void)state;
    take_away(&list);
    fill(list.table, 0);
    assert_refused(&list, list.said);
    put_back(&list);
}

static int make_folder(void **state) {
    char command[512];
    (void)state;
    if (!mkdtemp(folder)) return -1;
    snprintf(command, sizeof command, "cp -rs %s/tables %s/", TEST_DATA, folder);
    return system(command);
}

static int remove_folder(void **state) {
    char command[128];
    (void)state;
    snprintf(command, sizeof command, "rm -r %s", folder);
    return system(command);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_row_that_makes_no_sense_is_named), cmocka_unit_test(a_missing_table_says_how_to_get_it_back),
        cmocka_unit_test(a_table_has_a_limit), cmocka_unit_test(an_empty_word_list_is_refused)};
    return cmocka_run_group_tests(tests, make_folder, remove_folder);
}
