/* The rows of a folder are read in order of language, without those whose licence forbids it. */
#define _GNU_SOURCE
#include "unit/failure_is.h"

#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "tools/lexicon/corpus.h"

static const char *const names[] = {"/bitext/es.tsv", "/dict/es.tsv", "/dict/am.tsv", "/SOURCES.tsv", "/pairs.tsv"};
static char folder[] = "/tmp/lexicon-files-XXXXXX";

static void path_of(const char *name, char *ret_path) {
    snprintf(ret_path, 96, "%s%s", folder, name);
}

static void write_file(const char *name, const char *content) {
    char path[96];
    path_of(name, path);
    FILE *file = fopen(path, "w");
    fputs(content, file);
    fclose(file);
}

static int make_folder(void **state) {
    char path[96];
    (void)state;
    if (!mkdtemp(folder)) return -1;
    path_of("/bitext", path);
    mkdir(path, 0700);
    path_of("/dict", path);
    mkdir(path, 0700);
    write_file("/bitext/es.tsv", "un puente\ta bridge\nun puerto\ta harbour\nno tab\nuna plaza\ta square\n");
    write_file("/dict/es.tsv", "alcaldesa\tmayor\nbarco\tship\n");
    write_file("/dict/am.tsv", "ከተማ\tcity\n");
    write_file("/SOURCES.tsv", "language\tfolder\tkind\tfirst line\tlast line\tavailable\tsource\n"
                               "es\tbitext\tT\t1\t1\t1\tone\nes\tbitext\tg\t2\t4\t3\tother\n"
                               "es\tdict\tD\t2\t2\t1\tone\nam\tdict\tC\t1\t1\t1\tone\n");
    return 0;
}

static int remove_folder(void **state) {
    char path[96];
    (void)state;
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        path_of(names[i], path);
        unlink(path);
    }
    path_of("/bitext", path);
    rmdir(path);
    path_of("/dict", path);
    rmdir(path);
    return rmdir(folder);
}

static void check_counts(const char *leave_out, size_t amharic, size_t spanish) {
    struct failure failure = {0};
    struct corpus *corpus = corpus_new(TEST_DATA, &failure);
    assert_true(corpus_read_folder(corpus, folder, leave_out, &failure));
    for (size_t i = 0; i < corpus->count; i++)
        assert_int_equal(corpus->languages[i]->pair_count,
                         strcmp(corpus->languages[i]->code, "am") == 0 ? amharic : spanish);
    corpus_free(corpus);
}

static void rows_are_left_out_by_kind(void **state) {
    (void)state;
    check_counts("", 1, 5);
    check_counts("g", 1, 3);
    check_counts("gD", 1, 2);
    check_counts("CTgD", 0, 1);
    check_counts("x", 1, 5);
}

static bool reads_pairs(const char *content, struct corpus *corpus, struct failure *ret_failure) {
    char path[96];
    write_file("/pairs.tsv", content);
    path_of("/pairs.tsv", path);
    return corpus_read_pairs(corpus, path, ret_failure);
}

static void further_pairs_have_a_weight(void **state) {
    struct failure failure = {0};
    struct corpus *corpus = corpus_new(TEST_DATA, &failure);
    (void)state;
    assert_true(reads_pairs("es\t2.5\tun puente\ta bridge\nlo\t1\tຂົວ\tbridge\n", corpus, &failure));
    assert_int_equal(corpus->count, 2);
    assert_true(corpus->languages[0]->pairs[0].weight == 2.5F);
    assert_true(corpus->total == 3.5);
    corpus_free(corpus);
}

static void wrong_rows_are_refused(void **state) {
    static const char *const rows[] = {"es\t2\tun puente\n", "es\tmuch\tun puente\ta bridge\n",
                                       "es\t-1\tun puente\ta bridge\n", "far-too-long-a-code\t1\tx\tbridge\n",
                                       "es\t\tx\tbridge\n"};
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct failure failure = {0};
        struct corpus *corpus = corpus_new(TEST_DATA, &failure);
        if (reads_pairs(rows[i], corpus, &failure)) fail_msg("accepted: %s", rows[i]);
        assert_failure(&failure, REACH_RUN, REMEDY_NONE, CAUSE_MACHINE, EXIT_IO, "invalid row");
        corpus_free(corpus);
    }
}

static void missing_input_is_told(void **state) {
    struct failure failure = {0};
    struct corpus *corpus = corpus_new(TEST_DATA, &failure);
    (void)state;
    assert_false(corpus_read_folder(corpus, "/nonexistent", "", &failure));
    assert_failure(&failure, REACH_RUN, REMEDY_NONE, CAUSE_MACHINE, EXIT_IO, "has no bitext");
    assert_false(corpus_read_pairs(corpus, "/nonexistent/pairs.tsv", &failure));
    corpus_free(corpus);
    assert_null(corpus_new("/nonexistent", &failure));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(rows_are_left_out_by_kind),
        cmocka_unit_test(further_pairs_have_a_weight),
        cmocka_unit_test(wrong_rows_are_refused),
        cmocka_unit_test(missing_input_is_told),
    };
    return cmocka_run_group_tests(tests, make_folder, remove_folder);
}
