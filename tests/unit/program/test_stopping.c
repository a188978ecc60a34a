/* What is said when a run is asked to stop. */
#include "unit/scratch_folder.h"

#include <fcntl.h>
#include <unistd.h>

#include "pipeline/base/file.h"
#include "program/stopping.h"

static void check_log(const char *what, size_t articles, const char *expected) {
    struct buffer out = BUFFER(500);
    stopping_finishes(what, articles);
    stopping_write(&out);
    assert_span(buffer_span(&out), expected);
    buffer_free(&out);
}

static void what_is_being_finished_is_named(void **state) {
    (void)state;
    check_log(NULL, 0, "finishing work in progress; a second signal stops at once");
    check_log(NULL, 1, "finishing 1 article; a second signal stops at once");
    check_log(NULL, 20, "finishing 20 articles; a second signal stops at once");
    check_log(NULL, 1234567890, "finishing 1234567890 articles; a second signal stops at once");
    check_log("the pages", 0, "finishing the pages; a second signal stops at once");
    check_log("the pages", 5, "finishing the pages; a second signal stops at once");
}

static void a_long_text_is_cut(void **state) {
    (void)state;
    struct buffer out = BUFFER(500);
    char what[300];
    memset(what, 'x', sizeof what - 1);
    what[sizeof what - 1] = '\0';
    stopping_finishes(what, 0);
    stopping_write(&out);
    assert_int_equal(out.length, 160);
    assert_true(span_starts(buffer_span(&out), SPAN("finishing xxx")));
    buffer_free(&out);
    stopping_finishes(NULL, 0);
}

/* What a signal prints on standard error. */
static void check_told(const char *expected) {
    char name[64];
    struct buffer text = BUFFER(500);
    snprintf(name, sizeof name, "%s/errors", folder);
    int before = dup(STDERR_FILENO), file = open(name, O_WRONLY | O_CREAT | O_TRUNC, 0666);
    assert_true(file >= 0 && dup2(file, STDERR_FILENO) >= 0);
    stopping_tell();
    assert_true(dup2(before, STDERR_FILENO) >= 0);
    close(before);
    close(file);
    assert_true(file_read(name, &text));
    assert_span(buffer_span(&text), expected);
    buffer_free(&text);
}

static void a_terminal_gets_an_answer(void **state) {
    (void)state;
    stopping_finishes(NULL, 2);
    check_told("");
    stopping_answer(false);
    check_told("\ndragoman: finishing 2 articles; press ^C again to stop now\n");
    stopping_answer(true);
    check_told("\r\033[Kdragoman: finishing 2 articles; press ^C again to stop now\n");
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(what_is_being_finished_is_named),
                                       cmocka_unit_test(a_long_text_is_cut),
                                       cmocka_unit_test(a_terminal_gets_an_answer)};
    return cmocka_run_group_tests(tests, make_folder, remove_folder);
}
