/* Lines of files and pipes in any encoding. */
#include "unit/decoder_test.h"

#include <errno.h>
#include <stdio.h>
#include <unistd.h>

#include "stages/sources/parts/line_file.h"

#define BRIDGE                                                                                                         \
    "\xCC\xEE\xF1\xF2\xFA\xF2 \xE5 \xEE\xF2\xE2\xEE\xF0\xE5\xED \xF1\xEB\xE5\xE4 \xE4\xE2\xE5 "                        \
    "\xE3\xEE\xE4\xE8\xED\xE8"

static const char *path = "/tmp/line-file-test";

static struct line_file *open_file(const struct decoder *decoder, struct span bytes) {
    FILE *file = fopen(path, "wb");
    assert_non_null(file);
    fwrite(bytes.at, 1, bytes.length, file);
    fclose(file);
    const char *why;
    struct line_file *lines = line_file_open(path, decoder, &why);
    assert_non_null(lines);
    return lines;
}

static void expect_lines(void **state, struct span bytes, const char *encoding, const char *first, const char *second) {
    struct failure failure = {0};
    struct line_file *lines = open_file(*state, bytes);
    struct span line;
    assert_true(line_file_prepare(lines, &failure));
    assert_true(line_file_next(lines, &line));
    assert_span(line, first);
    assert_span(line_file_encoding(lines)->name, encoding);
    assert_true(line_file_next(lines, &line));
    assert_span(line, second);
    assert_false(line_file_next(lines, &line));
    line_file_close(lines);
    unlink(path);
}

static void utf8_is_streamed_without_its_byte_order_mark(void **state) {
    expect_lines(state, SPAN("{\"a\":\"\xC3\xA9\"}\r\n{}\n"), "", "{\"a\":\"\xC3\xA9\"}", "{}");
    expect_lines(state,
                 SPAN("\xEF\xBB\xBF"
                      "{\"a\":1}\n{}"),
                 "", "{\"a\":1}", "{}");
}

static void a_file_in_another_encoding_is_read_as_a_whole(void **state) {
    expect_lines(state, SPAN(BRIDGE "\n{}\n"), "windows-1251", "Мостът е отворен след две години", "{}");
    expect_lines(state, SPAN("\xFF\xFE{\0}\0\n\0\x1C\x04>\x04\n\0"), "utf-16le", "{}", "Мо");
}

/* The first non-ASCII line is beyond the part that is examined at the start, and then decides. */
static void a_line_far_from_the_start_is_decoded_too(void **state) {
    enum { LINES = 500000 };
    struct failure failure = {0};
    struct buffer bytes = BUFFER(1 << 24);
    for (int i = 0; i < LINES; i++) buffer_add_string(&bytes, "{\"n\": 1}\n");
    buffer_add_string(&bytes, BRIDGE "\n{}\n");
    struct line_file *lines = open_file(*state, buffer_span(&bytes));
    struct span line;
    assert_true(line_file_prepare(lines, &failure));
    for (int i = 0; i < LINES; i++) assert_true(line_file_next(lines, &line));
    assert_span(line_file_encoding(lines)->name, "");
    assert_true(line_file_next(lines, &line));
    assert_span(line, "Мостът е отворен след две години");
    assert_span(line_file_encoding(lines)->name, "windows-1251");
    assert_true(line_file_next(lines, &line));
    assert_span(line_file_encoding(lines)->name, "");
    line_file_close(lines);
    buffer_free(&bytes);
    unlink(path);
}

/* A pipe is read once, so its encoding is told by its first line. */
static void expect_piped_lines(void **state, struct span bytes, const char *encoding, const char *first,
                               const char *second) {
    int ends[2];
    const char *why;
    struct failure failure = {0};
    struct span line;
    assert_int_equal(pipe(ends), 0);
    assert_int_equal(write(ends[1], bytes.at, bytes.length), bytes.length);
    close(ends[1]);
    assert_int_equal(dup2(ends[0], STDIN_FILENO), STDIN_FILENO);
    close(ends[0]);
    clearerr(stdin);
    struct line_file *lines = line_file_open(NULL, *state, &why);
    assert_non_null(lines);
    assert_true(line_file_prepare(lines, &failure));
    assert_true(line_file_next(lines, &line));
    assert_span(line, first);
    assert_span(line_file_encoding(lines)->name, encoding);
    assert_true(line_file_next(lines, &line));
    assert_span(line, second);
    assert_false(line_file_next(lines, &line));
    assert_false(line_file_failed(lines));
    line_file_close(lines);
}

static void a_pipe_is_read_in_any_encoding(void **state) {
    expect_piped_lines(state, SPAN("{\"a\":\"\xC3\xA9\"}\r\n{}\n"), "", "{\"a\":\"\xC3\xA9\"}", "{}");
    expect_piped_lines(state,
                       SPAN("\xEF\xBB\xBF"
                            "{\"a\":1}\n{}"),
                       "", "{\"a\":1}", "{}");
    expect_piped_lines(state, SPAN(BRIDGE "\n{}\n"), "windows-1251", "Мостът е отворен след две години", "{}");
    expect_piped_lines(state, SPAN("\xFF\xFE{\0}\0\n\0\x1C\x04>\x04\n\0"), "utf-16le", "{}", "Мо");
    expect_piped_lines(state, SPAN("\xFE\xFF\0{\0}\0\n\x04\x1C\x04>\0\n"), "utf-16be", "{}", "Мо");
}

static void binary_data_is_rejected(void **state) {
    struct failure failure = {0};
    struct line_file *lines = open_file(*state, SPAN("\x89PNG\r\n\x1A\n\0\0"));
    assert_false(line_file_prepare(lines, &failure));
    assert_non_null(strstr(failure.sentence, "a PNG image"));
    line_file_close(lines);
    unlink(path);
}

/* The kernel opens a folder and then refuses to read it. */
static void a_folder_is_no_list(void **state) {
    const char *why = NULL;
    assert_null(line_file_open("/", *state, &why));
    assert_non_null(why);
}

static void the_end_of_a_file_is_not_an_error(void **state) {
    struct failure failure = {0};
    struct line_file *lines = open_file(*state, SPAN("{}\n"));
    struct span line;
    assert_true(line_file_prepare(lines, &failure));
    assert_true(line_file_next(lines, &line));
    assert_false(line_file_failed(lines));
    assert_false(line_file_next(lines, &line));
    assert_false(line_file_failed(lines));
    line_file_close(lines);
    unlink(path);
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(utf8_is_streamed_without_its_byte_order_mark),
                                       cmocka_unit_test(a_file_in_another_encoding_is_read_as_a_whole),
                                       cmocka_unit_test(a_line_far_from_the_start_is_decoded_too),
                                       cmocka_unit_test(a_folder_is_no_list),
                                       cmocka_unit_test(the_end_of_a_file_is_not_an_error),
                                       cmocka_unit_test(a_pipe_is_read_in_any_encoding),
                                       cmocka_unit_test(binary_data_is_rejected)};
    return cmocka_run_group_tests(tests, decoder_begin, decoder_end);
}
