/* Which files are refused, and in which words; tests/command/test_editor.py reads whole ones. */
#include "unit/failure_is.h"

#include <stdio.h>

#include "program/import/xliff.h"

static void assert_refused(FILE *file, enum exit_code code, const char *said) {
    struct arena *arena = arena_new();
    struct failure failure = {0};
    struct xliff xliff;
    assert_non_null(file);
    if (xliff_read(file, "a.xlf", arena, &xliff, &failure)) fail_msg("accepted, although %s", said);
    assert_failure(&failure, REACH_RUN, REMEDY_NONE, CAUSE_MACHINE, code, said);
    if (!strstr(failure.sentence, "a.xlf")) fail_msg("%s", failure.sentence);
    fclose(file);
    arena_free(arena);
}

static void assert_text_refused(const char *text, const char *said) {
    assert_refused(fmemopen((char *)(uintptr_t)text, strlen(text), "rb"), EXIT_BAD_DATA, said);
}

static void a_file_that_cannot_be_read_is_named(void **state) {
    (void)state;
    assert_refused(fopen("/", "rb"), EXIT_IO, "cannot read a.xlf: read error");
}

static void other_files_are_refused(void **state) {
    (void)state;
    assert_text_refused("hello", "line 1");
    assert_text_refused(
        "<xliff xmlns='urn:oasis:names:tc:xliff:document:2.0' version='2.0' srcLang='es' trgLang='en'>\n<file>",
        "line 2");
    assert_text_refused("<rss/>", "");
    assert_text_refused("<!DOCTYPE xliff [<!ENTITY a 'b'>]><xliff/>", "");
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(a_file_that_cannot_be_read_is_named),
                                       cmocka_unit_test(other_files_are_refused)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
