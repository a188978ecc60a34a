#include "unit/failure_is.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "config/reader.h"
#include "stages/language/termbase.h"

static const struct section_table tables[] = {
    {.name = "glossary", .settings = {glossary_table, sizeof(struct glossary_settings)}}, {.name = NULL}};

struct fixture {
    char path[64];
    struct config *config;
    struct termbase *termbase;
    struct failure failure;
};

static bool open_with(struct fixture *fixture, const char *lines) {
    char assignment[128];
    *fixture = (struct fixture){.path = "/tmp/termbase-XXXXXX"};
    int file = mkstemp(fixture->path);
    assert_true(write(file, lines, strlen(lines)) == (ssize_t)strlen(lines));
    close(file);
    snprintf(assignment, sizeof assignment, "glossary.file=%s", fixture->path);
    fixture->config = config_new(tables);
    config_set(fixture->config, assignment);
    config_finish(fixture->config);
    bool opened = termbase_open(fixture->config, &fixture->termbase, &fixture->failure);
    unlink(fixture->path);
    return opened;
}

static void close_fixture(struct fixture *fixture) {
    termbase_close(fixture->termbase);
    config_free(fixture->config);
}

static void assert_not_opened(const char *path, const char *said) {
    char assignment[200];
    struct failure failure = {0};
    struct termbase *termbase = NULL;
    struct config *config = config_new(tables);
    snprintf(assignment, sizeof assignment, "glossary.file=%s", path);
    config_set(config, assignment);
    config_finish(config);
    assert_false(termbase_open(config, &termbase, &failure));
    assert_failure(&failure, REACH_RUN, REMEDY_NONE, CAUSE_MACHINE, EXIT_CONFIG, said);
    config_free(config);
}

static void a_glossary_that_cannot_be_read_is_named(void **state) {
    (void)state;
    struct fixture fixture;
    assert_not_opened("/no/such.tsv", ": cannot read the glossary /no/such.tsv: No such file");
    assert_not_opened("/", ": cannot read the glossary /: Is a directory");
    assert_false(open_with(&fixture, "bg\t\xff\twater\n"));
    assert_failure(&fixture.failure, REACH_RUN, REMEDY_NONE, CAUSE_MACHINE, EXIT_CONFIG, " bytes or is not UTF-8");
    if (!strstr(fixture.failure.sentence, fixture.path)) fail_msg("%s", fixture.failure.sentence);
    close_fixture(&fixture);
}

/* Returns the targets of the terms found in the text, joined by '|'. */
static const char *found(const struct fixture *fixture, const char *language, const char *text) {
    static char all[512];
    struct term_match matches[TERM_MATCHES];
    size_t count = termbase_find(fixture->termbase, language, span_of(text), matches);
    all[0] = '\0';
    for (size_t i = 0; i < count; i++)
        snprintf(all + strlen(all), sizeof all - strlen(all), "%s%.*s", i ? "|" : "",
                 SPAN_ARGS(matches[i].term->target));
    return all;
}

static void inflected_forms_are_found(void **state) {
    (void)state;
    struct fixture fixture;
    assert_true(open_with(
        &fixture, "bg\tМинистерски съвет\tCouncil of Ministers\nbg\tвода\twater\nes\tayuntamiento\tcity council\n"));
    assert_string_equal(found(&fixture, "bg", "Заседанието на Министерския съвет приключи."), "Council of Ministers");
    assert_string_equal(found(&fixture, "bg", "Водата е чиста, води от извора няма."), "water|water");
    assert_string_equal(found(&fixture, "bg", "Водопадът е висок, а водородът лек."), "");
    assert_string_equal(found(&fixture, "es", "Los Ayuntamientos abren hoy."), "city council");
    assert_string_equal(found(&fixture, "es", "ministerski savet"), "");
    close_fixture(&fixture);
}

static void names_and_acronyms_want_their_capitals(void **state) {
    (void)state;
    struct fixture fixture;
    assert_true(open_with(&fixture, "bg\tЕС\tEU\nbg\tЗора\tZora\nes\tOTAN\tNATO\n*\tFarolito Sur\n"));
    assert_string_equal(found(&fixture, "bg", "в ес и ЕС, на зора и в Зора"), "EU|Zora");
    assert_string_equal(found(&fixture, "es", "la OTAN, los OTANes, la Otan"), "NATO");
    assert_string_equal(found(&fixture, "pt", "o diário Farolito Sur"), "Farolito Sur");
    close_fixture(&fixture);
}

static void the_longer_term_counts_and_languages_are_kept_apart(void **state) {
    (void)state;
    struct fixture fixture;
    assert_true(open_with(
        &fixture, "es\tbanco\tbank\nes\tbanco central\tcentral bank\nsr\tвлада\tgovernment\nfr\tbanc\tbench\n"));
    assert_string_equal(found(&fixture, "es", "El banco central y otro banco."), "central bank|bank");
    assert_string_equal(found(&fixture, "es", "Fue al banco. Central es su pueblo."), "bank");
    assert_string_equal(found(&fixture, "sr-Cyrl", "Влада је одлучила."), "government");
    assert_string_equal(found(&fixture, "it", "banco central"), "");
    close_fixture(&fixture);
}

static void exact_terms_and_scripts_without_spaces(void **state) {
    (void)state;
    struct fixture fixture;
    assert_true(open_with(&fixture, "es\tsal\tsalt\texact\nzh\t国务院\tState Council\nja\t東京\tTokyo\n"));
    assert_string_equal(found(&fixture, "es", "sal y sales"), "salt");
    assert_string_equal(found(&fixture, "zh-Hans", "昨天国务院宣布"), "State Council");
    assert_string_equal(found(&fixture, "ja", "今日の東京は晴れ"), "Tokyo");
    close_fixture(&fixture);
}

static void a_language_has_its_terms_and_those_of_all_each_source_once(void **state) {
    (void)state;
    struct fixture fixture;
    const struct term *terms[8];
    assert_true(open_with(&fixture, "es\tsol\tsun\nes\tsol\tthe sun\n*\tFarolito Sur\nfr\tsoleil\tsun\n"));
    assert_int_equal(termbase_list(fixture.termbase, "es", terms, 8), 2);
    assert_int_equal(termbase_list(fixture.termbase, "es", terms, 1), 1);
    assert_int_equal(termbase_list(fixture.termbase, "fr", terms, 8), 2);
    close_fixture(&fixture);
}

static void bad_lines_are_refused(void **state) {
    (void)state;
    static const char *const bad[] = {"es\n", "es\t\tx\n", "es\t...\tx\n", "es\ta\tb\tmaybe\n", "\xff\xfe\n"};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        struct fixture fixture;
        assert_false(open_with(&fixture, bad[i]));
        assert_failure(&fixture.failure, REACH_RUN, REMEDY_NONE, CAUSE_MACHINE, EXIT_CONFIG, "glossary");
        close_fixture(&fixture);
    }
}

static void many_matches_have_an_end(void **state) {
    (void)state;
    struct fixture fixture;
    struct term_match matches[TERM_MATCHES];
    char text[4096] = "";
    assert_true(open_with(&fixture, "es\tsol\tsun\n"));
    for (size_t i = 0; i < 500; i++) strcat(text, "sol ");
    assert_int_equal(termbase_find(fixture.termbase, "es", span_of(text), matches), TERM_MATCHES);
    close_fixture(&fixture);
}

static void a_bad_line_is_told_with_its_number(void **state) {
    (void)state;
    struct fixture fixture;
    char said[200];
    assert_false(open_with(&fixture, "# terms\n\nes\tsol\tsun\n  \nes\tluna\tmoon\tperhaps\n"));
    snprintf(said, sizeof said, "%s:5: invalid line in the glossary: expected 'language TAB source", fixture.path);
    assert_failure(&fixture.failure, REACH_RUN, REMEDY_NONE, CAUSE_MACHINE, EXIT_CONFIG, said);
    assert_non_null(strstr(fixture.failure.sentence, "found 'luna'"));
    close_fixture(&fixture);
}

/* 400 bytes of source and of English. */
static void a_term_has_a_limit(void **state) {
    (void)state;
    for (int source = 400; source <= 401; source++)
        for (int target = 400; target <= 401; target++) {
            struct fixture fixture;
            char line[1000];
            snprintf(line, sizeof line, "es\t%0*d\t%0*d\n", source, 1, target, 2);
            assert_int_equal(open_with(&fixture, line), source == 400 && target == 400);
            close_fixture(&fixture);
        }
}

static void a_file_of_terms_has_a_limit(void **state) {
    (void)state;
    enum { LIMIT = 16 << 20 };
    char *text = malloc(LIMIT + 2);
    memset(text, '#', LIMIT + 1);
    text[LIMIT + 1] = '\0';
    struct fixture fixture;
    assert_false(open_with(&fixture, text));
    assert_failure(&fixture.failure, REACH_RUN, REMEDY_NONE, CAUSE_MACHINE, EXIT_CONFIG,
                   "is larger than 16777216 bytes");
    close_fixture(&fixture);
    text[LIMIT] = '\0';
    assert_true(open_with(&fixture, text));
    close_fixture(&fixture);
    free(text);
}

/* Answers in the memory depend on the terms, so another glossary has another version. */
static void the_version_follows_from_the_terms(void **state) {
    (void)state;
    struct fixture one, two, same;
    assert_true(open_with(&one, "es\tsol\tsun\n"));
    assert_true(open_with(&two, "es\tsol\tson\n"));
    assert_true(open_with(&same, "es\tsol\tsun\n"));
    assert_int_equal(termbase_version(one.termbase).length, 12);
    assert_true(span_equal(termbase_version(one.termbase), termbase_version(same.termbase)));
    assert_false(span_equal(termbase_version(one.termbase), termbase_version(two.termbase)));
    close_fixture(&one);
    close_fixture(&two);
    close_fixture(&same);
}

/* The words of a term may be up to four characters apart, but not in two sentences. */
static void words_of_a_term_stand_together(void **state) {
    (void)state;
    struct fixture fixture;
    assert_true(open_with(&fixture, "es\tbanco central\tcentral bank\n"));
    assert_string_equal(found(&fixture, "es", "el banco-central"), "central bank");
    assert_string_equal(found(&fixture, "es", "el banco    central"), "central bank");
    assert_string_equal(found(&fixture, "es", "el banco     central"), "");
    static const char *const apart[] = {"banco! Central", "banco? Central", "banco.\nCentral", "banco\nCentral"};
    for (size_t i = 0; i < sizeof apart / sizeof *apart; i++) assert_string_equal(found(&fixture, "es", apart[i]), "");
    close_fixture(&fixture);
}

/* Where the text matches is needed to mark it. */
static void a_match_says_where_it_is(void **state) {
    (void)state;
    struct fixture fixture;
    struct term_match matches[TERM_MATCHES];
    assert_true(open_with(&fixture, "es\tbanco central\tcentral bank\nes\tsol\tsun\n"));
    assert_int_equal(termbase_find(fixture.termbase, "es", SPAN("¡El banco  central y el sol!"), matches), 2);
    assert_int_equal(matches[0].at, 5);
    assert_int_equal(matches[0].length, 14);
    assert_int_equal(matches[1].at, 25);
    assert_int_equal(matches[1].length, 3);
    close_fixture(&fixture);
}

/* Other words begin in the same way. */
static void words_of_the_same_beginning_are_not_forms(void **state) {
    (void)state;
    struct fixture fixture;
    assert_true(open_with(&fixture, "de\tBank\tbank\nde\tKanzlerin\tchancellor\n"));
    assert_string_equal(found(&fixture, "de", "Die Bank hat Banken."), "bank|bank");
    assert_string_equal(found(&fixture, "de", "Die Bande und die Banane."), "");
    assert_string_equal(found(&fixture, "de", "Die Kanzlei und die Kanzeln."), "");
    close_fixture(&fixture);
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(words_of_the_same_beginning_are_not_forms),
                                       cmocka_unit_test(a_glossary_that_cannot_be_read_is_named),
                                       cmocka_unit_test(inflected_forms_are_found),
                                       cmocka_unit_test(names_and_acronyms_want_their_capitals),
                                       cmocka_unit_test(the_longer_term_counts_and_languages_are_kept_apart),
                                       cmocka_unit_test(exact_terms_and_scripts_without_spaces),
                                       cmocka_unit_test(a_language_has_its_terms_and_those_of_all_each_source_once),
                                       cmocka_unit_test(bad_lines_are_refused),
                                       cmocka_unit_test(a_bad_line_is_told_with_its_number),
                                       cmocka_unit_test(a_term_has_a_limit),
                                       cmocka_unit_test(a_file_of_terms_has_a_limit),
                                       cmocka_unit_test(the_version_follows_from_the_terms),
                                       cmocka_unit_test(words_of_a_term_stand_together),
                                       cmocka_unit_test(a_match_says_where_it_is),
                                       cmocka_unit_test(many_matches_have_an_end)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
