/* Prompt files: which are refused, and in which words. */
#include "unit/failure_is.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "stages/services/common/prompt.h"

enum { LIMIT = 64 << 10 };

static char path[] = "/tmp/dragoman-prompt-XXXXXX";

static void write_prompt(const char *text, size_t padding) {
    FILE *file = fopen(path, "w");
    assert_non_null(file);
    for (size_t i = 0; i < padding; i++) putc('\n', file);
    assert_true(fputs(text, file) >= 0 && fclose(file) == 0);
}

static bool read_prompt(const char *name, struct prompt *ret_prompt, struct arena *arena, struct failure *failure) {
    *failure = (struct failure){0};
    return prompt_read(name, arena, ret_prompt, failure);
}

static void assert_refused(const char *name, const char *said) {
    struct arena *arena = arena_new();
    struct failure failure;
    struct prompt prompt;
    if (read_prompt(name, &prompt, arena, &failure)) fail_msg("accepted, although %s", said);
    assert_failure(&failure, REACH_RUN, REMEDY_NONE, CAUSE_MACHINE, EXIT_CONFIG, said);
    if (!strstr(failure.sentence, name)) fail_msg("'%s' does not name the file", failure.sentence);
    arena_free(arena);
}

static const char whole[] = "[system]\nBe exact.\n[user]\n{{texts}}\n[schema]\n{}\n[fences]\n<<>>\n";

static void a_whole_prompt_is_read(void **state) {
    (void)state;
    struct arena *arena = arena_new();
    struct failure failure;
    struct prompt prompt;
    write_prompt(whole, 0);
    assert_true(read_prompt(path, &prompt, arena, &failure));
    assert_span(span_trim(prompt.system), "Be exact.");
    assert_span(span_trim(prompt.user), "{{texts}}");
    assert_span(span_trim(prompt.schema), "{}");
    assert_span(span_trim(prompt.fences), "<<>>");
    assert_true(prompt.version.length > 0);
    arena_free(arena);
}

static void a_missing_file_is_named(void **state) {
    (void)state;
    assert_refused("/no/such.prompt", "cannot read the prompt file /no/such.prompt: No such file");
}

static void a_missing_section_is_reported(void **state) {
    (void)state;
    static const char *const names[] = {"[system]", "[user]", "[schema]", "[fences]"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        char text[sizeof whole];
        memcpy(text, whole, sizeof whole);
        strstr(text, names[i])[1] = 'z';
        write_prompt(text, 0);
        assert_refused(path, "lacks one of the sections [system], [user], [schema], [fences]");
    }
}

static void a_prompt_without_the_texts_is_refused(void **state) {
    (void)state;
    write_prompt("[system]\n{{texts}}\n[user]\n{{text}}\n[schema]\n{}\n[fences]\n<<>>\n", 0);
    assert_refused(path, "the section [user] of the prompt file");
    assert_refused(path, "does not contain {{texts}}");
}

static void a_prompt_has_a_limit(void **state) {
    (void)state;
    struct arena *arena = arena_new();
    struct failure failure;
    struct prompt prompt;
    write_prompt(whole, LIMIT - (sizeof whole - 1));
    if (!read_prompt(path, &prompt, arena, &failure)) fail_msg("%s", failure.sentence);
    write_prompt(whole, LIMIT - (sizeof whole - 1) + 1);
    assert_refused(path, "is larger than 65536 bytes or not UTF-8");
    write_prompt("\xff[system]\n", 0);
    assert_refused(path, "or not UTF-8");
    arena_free(arena);
}

static int make_file(void **state) {
    (void)state;
    int file = mkstemp(path);
    return file < 0 ? -1 : close(file);
}

static int remove_file(void **state) {
    (void)state;
    return unlink(path);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_whole_prompt_is_read), cmocka_unit_test(a_missing_file_is_named),
        cmocka_unit_test(a_missing_section_is_reported), cmocka_unit_test(a_prompt_without_the_texts_is_refused),
        cmocka_unit_test(a_prompt_has_a_limit)};
    return cmocka_run_group_tests(tests, make_file, remove_file);
}
