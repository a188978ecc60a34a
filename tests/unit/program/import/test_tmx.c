#include "unit/failure_is.h"

#include <stdio.h>
#include <stdlib.h>

#include "program/import/tmx.h"

#define HEAD "<?xml version=\"1.0\"?><tmx version=\"1.4\"><header/><body>"
#define TAIL "</body></tmx>"

static struct tmx_counts counts;
static struct failure failure;
static char pairs[4096];

static void keep(void *context, const struct tmx_pair *pair) {
    (void)context;
    snprintf(pairs + strlen(pairs), sizeof pairs - strlen(pairs), "%.*s:%.*s=%.*s[%.*s]\n", SPAN_ARGS(pair->language),
             SPAN_ARGS(pair->source), SPAN_ARGS(pair->target), SPAN_ARGS(pair->key));
}

static bool read_text(const char *text, size_t length) {
    FILE *file = fmemopen((char *)(uintptr_t)text, length, "rb");
    pairs[0] = '\0';
    failure = (struct failure){0};
    counts = (struct tmx_counts){0};
    bool done = tmx_read(file, "test.tmx", keep, NULL, &counts, &failure);
    fclose(file);
    return done;
}

static bool read_string(const char *text) {
    return read_text(text, strlen(text));
}

static void pairs_are_read_with_english_as_the_target(void **state) {
    (void)state;
    assert_true(
        read_string(HEAD "<tu><prop type='x-dragoman-key'>ab</prop><tuv xml:lang='en-GB'><seg>Good "
                         "day.</seg></tuv><tuv xml:lang='bg-BG'>"
                         "<seg>Добър ден.</seg></tuv><tuv lang='ES'><seg>Buenos <hi>días</hi>.</seg></tuv></tu>" TAIL));
    assert_string_equal(pairs, "bg-BG:Добър ден.=Good day.[ab]\nES:Buenos días.=Good day.[ab]\n");
    assert_int_equal(counts.pairs, 2);
}

static void inline_codes_are_not_text(void **state) {
    (void)state;
    assert_true(read_string(HEAD "<tu><tuv xml:lang='fr'><seg>Un <bpt i='1'>&lt;b></bpt>mot<ept "
                                 "i='1'>&lt;/b><sub>x</sub></ept><ph>{0}</ph>.</seg></tuv>"
                                 "<tuv xml:lang='en'><seg>A word.</seg></tuv></tu>" TAIL));
    assert_string_equal(pairs, "fr:Un mot.=A word.[]\n");
}

static void units_without_english_or_text_are_counted(void **state) {
    (void)state;
    assert_true(read_string(
        HEAD "<tu><tuv xml:lang='fr'><seg>a</seg></tuv><tuv xml:lang='de'><seg>b</seg></tuv></tu>"
             "<tu><tuv xml:lang='fr'><seg></seg></tuv><tuv xml:lang='en'><seg>b</seg></tuv></tu><tu/>" TAIL));
    assert_int_equal(counts.pairs, 0);
    assert_int_equal(counts.skipped, 3);
}

static void a_segment_beyond_the_limit_is_skipped_and_the_rest_read(void **state) {
    (void)state;
    size_t length = 0, room = 300000;
    char *text = calloc(room, 1);
    length += (size_t)snprintf(text, room, HEAD "<tu><tuv xml:lang='fr'><seg>");
    memset(text + length, 'a', 100000);
    length += 100000;
    snprintf(text + length, room - length,
             "</seg></tuv><tuv xml:lang='en'><seg>b</seg></tuv></tu><tu><tuv xml:lang='fr'><seg>oui</seg></tuv>"
             "<tuv xml:lang='en'><seg>yes</seg></tuv></tu>" TAIL);
    assert_true(read_string(text));
    free(text);
    assert_string_equal(pairs, "fr:oui=yes[]\n");
    assert_int_equal(counts.skipped, 1);
}

static void other_files_are_rejected(void **state) {
    (void)state;
    static const char *const bad[] = {"<rss/>", "hello", HEAD "<tu>",
                                      "<!DOCTYPE tmx [<!ENTITY x SYSTEM 'file:///etc/passwd'>]><tmx>&y;</tmx>"};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        assert_false(read_string(bad[i]));
        assert_failure(&failure, REACH_RUN, REMEDY_NONE, CAUSE_MACHINE, EXIT_BAD_DATA, "as TMX: line ");
    }
}

static void a_file_that_cannot_be_read_is_named(void **state) {
    (void)state;
    FILE *file = fopen("/", "rb");
    failure = (struct failure){0};
    assert_non_null(file);
    assert_false(tmx_read(file, "folder.tmx", keep, NULL, &counts, &failure));
    assert_failure(&failure, REACH_RUN, REMEDY_NONE, CAUSE_MACHINE, EXIT_IO, "cannot read folder.tmx: read error");
    fclose(file);
}

/* Other tools have properties of their own, and some of them hold much text. */
static void properties_of_others_are_passed_over(void **state) {
    (void)state;
    assert_true(read_string(HEAD
                            "<tu><prop type='x-other'>zz</prop><prop>yy</prop><prop type='x-dragoman-key'>ab</prop>"
                            "<prop type='x-dragoman-keys'>xx</prop><tuv xml:lang='en'><seg>A day.</seg></tuv>"
                            "<tuv xml:lang='fr'><prop type='x-last'>ww</prop><seg>Un jour.</seg></tuv></tu>" TAIL));
    assert_string_equal(pairs, "fr:Un jour.=A day.[ab]\n");
}

static void entities_do_not_explode(void **state) {
    (void)state;
    char text[4096] = "<!DOCTYPE tmx [<!ENTITY a0 'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa'>";
    for (int i = 1; i < 12; i++)
        snprintf(text + strlen(text), sizeof text - strlen(text),
                 "<!ENTITY a%d '&a%d;&a%d;&a%d;&a%d;&a%d;&a%d;&a%d;&a%d;'>", i, i - 1, i - 1, i - 1, i - 1, i - 1,
                 i - 1, i - 1, i - 1);
    strcat(text, "]><tmx version='1.4'><body><tu><tuv xml:lang='fr'><seg>&a11;</seg></tuv></tu></body></tmx>");
    assert_false(read_string(text));
}

static void deep_nesting_is_refused(void **state) {
    (void)state;
    char text[4096] = HEAD;
    for (int i = 0; i < 200; i++) strcat(text, "<tu>");
    assert_false(read_string(text));
    assert_failure(&failure, REACH_RUN, REMEDY_NONE, CAUSE_MACHINE, EXIT_BAD_DATA, "nested too deeply");
}

static void utf_16_is_read(void **state) {
    (void)state;
    const char *plain = "<tmx version='1.4'><body><tu><tuv xml:lang='fr'><seg>oui</seg></tuv><tuv "
                        "xml:lang='en'><seg>yes</seg></tuv></tu></body></tmx>";
    char wide[512] = "\xff\xfe";
    size_t length = 2;
    for (const char *at = plain; *at; at++) {
        wide[length++] = *at;
        wide[length++] = '\0';
    }
    assert_true(read_text(wide, length));
    assert_string_equal(pairs, "fr:oui=yes[]\n");
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(pairs_are_read_with_english_as_the_target),
                                       cmocka_unit_test(inline_codes_are_not_text),
                                       cmocka_unit_test(units_without_english_or_text_are_counted),
                                       cmocka_unit_test(a_segment_beyond_the_limit_is_skipped_and_the_rest_read),
                                       cmocka_unit_test(other_files_are_rejected),
                                       cmocka_unit_test(a_file_that_cannot_be_read_is_named),
                                       cmocka_unit_test(properties_of_others_are_passed_over),
                                       cmocka_unit_test(entities_do_not_explode),
                                       cmocka_unit_test(deep_nesting_is_refused),
                                       cmocka_unit_test(utf_16_is_read)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
