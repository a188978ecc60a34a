#include "program/log.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "pipeline/base/json.h"
#include "unit/failure_is.h"

/* Returns the output of `log`, which is given a stream in memory. */
static char *logged(struct log log, enum log_level level, const char *event, const struct log_field *fields,
                    size_t count) {
    char *text = NULL;
    size_t size = 0;
    log.out = open_memstream(&text, &size);
    log_event(&log, level, event, fields, count);
    fclose(log.out);
    return text;
}

static void test_text_cannot_be_forged(void **state) {
    (void)state;
    const struct log_field fields[] = {
        {"source", SPAN("costa")}, {"empty", SPAN("")}, {"what", SPAN("no\nanswer source=\"x\"")}};
    char *text = logged((struct log){.format = LOG_TEXT}, LOG_LEVEL_WARNING, "source-failed", fields, 3);
    assert_string_equal(text + strlen("2026-01-29T06:00:03Z"),
                        " warning source-failed source=costa what=\"no\\nanswer source=\\\"x\\\"\"\n");
    free(text);
}

/* Asserts how a field's value is written in a line of text. */
static void assert_written(const char *value, const char *expected) {
    const struct log_field field = {"what", span_of(value)};
    char *text = logged((struct log){.format = LOG_TEXT}, LOG_LEVEL_INFO, "x", &field, 1);
    assert_string_equal(text + strlen("2026-01-29T06:00:03Z info x what="), expected);
    free(text);
}

/* Wherever it stands, a character that could end the value, or be taken for a part of the line, has it quoted. */
static void test_only_plain_words_stand_without_quotes(void **state) {
    (void)state;
    assert_written("a", "a\n");
    assert_written("~!x", "~!x\n");
    assert_written("=x", "\"=x\"\n");
    assert_written("x=", "\"x=\"\n");
    assert_written(" x", "\" x\"\n");
    assert_written("x ", "\"x \"\n");
    assert_written("\"x", "\"\\\"x\"\n");
    assert_written("\\x", "\"\\\\x\"\n");
    assert_written("\xC3\xA9x", "\"\xC3\xA9x\"\n");
}

static void test_every_line_names_its_level(void **state) {
    (void)state;
    static const struct {
        enum log_level level;
        const char *text, *priority;
    } levels[] = {{LOG_LEVEL_ERROR, " error x\n", "<3>"},
                  {LOG_LEVEL_WARNING, " warning x\n", "<4>"},
                  {LOG_LEVEL_NOTICE, " notice x\n", "<5>"},
                  {LOG_LEVEL_INFO, " info x\n", "<6>"}};
    for (size_t i = 0; i < sizeof levels / sizeof *levels; i++) {
        char *text = logged((struct log){.format = LOG_TEXT, .priorities = true}, levels[i].level, "x", NULL, 0);
        assert_memory_equal(text, levels[i].priority, 3);
        assert_string_equal(text + strlen("<3>2026-01-29T06:00:03Z"), levels[i].text);
        free(text);
    }
}

/* One field may have 2048 bytes, a sentence 16384. */
static void test_long_values_are_cut(void **state) {
    (void)state;
    static char value[20001];
    memset(value, 'a', 20000);
    const struct log_field field = {"what", span_of(value)};
    for (enum log_format format = LOG_TEXT; format <= LOG_JSON; format++) {
        char *text = logged((struct log){.format = format}, LOG_LEVEL_INFO, "x", &field, 1);
        const char *from = strstr(text, "aa");
        assert_int_equal(strspn(from, "a"), 2048);
        free(text);
    }
    char *sentence = NULL;
    size_t size = 0;
    struct log log = {.out = open_memstream(&sentence, &size)};
    log_sentence(&log, LOG_LEVEL_ERROR, value);
    fclose(log.out);
    assert_int_equal(size, strlen("dragoman: ") + 16384 + 1);
    free(sentence);
}

static void test_json_is_one_object_per_line(void **state) {
    (void)state;
    const struct log_field fields[] = {{"what", SPAN("no\nanswer")}};
    char *text = logged((struct log){.format = LOG_JSON}, LOG_LEVEL_ERROR, "source-failed", fields, 1);
    assert_int_equal(strcspn(text, "\n"), strlen(text) - 1);
    cJSON *root = json_parse(span_of(text), 1 << 16, "line", NULL);
    assert_true(span_is(json_member_text(root, "level"), "error"));
    assert_true(span_is(json_member_text(root, "what"), "no\nanswer"));
    cJSON_Delete(root);
    free(text);
}

/* A right-to-left override, a line separator and a tag, in a field and in a sentence. */
static void test_what_is_obeyed_is_made_visible(void **state) {
    (void)state;
    const struct log_field fields[] = {{"where", SPAN("a\u202Eb\u2028\U000E0041")}};
    for (enum log_format format = LOG_TEXT; format <= LOG_JSON; format++) {
        char *text = logged((struct log){.format = format}, LOG_LEVEL_INFO, "x", fields, 1);
        assert_non_null(strstr(text, "a\\u202eb\\u2028\\udb40\\udc41"));
        free(text);
    }
    char *sentence = NULL;
    size_t size = 0;
    struct log log = {.out = open_memstream(&sentence, &size)};
    log_sentence(&log, LOG_LEVEL_ERROR, "no \u202Efile\n\x1b[31m");
    fclose(log.out);
    assert_string_equal(sentence, "dragoman: no \uFFFDfile\uFFFD\uFFFD[31m\n");
    free(sentence);
}

static void test_the_journal_gets_priorities(void **state) {
    (void)state;
    char *text = logged((struct log){.format = LOG_TEXT, .priorities = true}, LOG_LEVEL_WARNING, "x", NULL, 0);
    assert_memory_equal(text, "<4>", 3);
    free(text);
}

static void test_off_is_silent(void **state) {
    (void)state;
    char *text = logged((struct log){.format = LOG_OFF}, LOG_LEVEL_ERROR, "x", NULL, 0);
    assert_string_equal(text, "");
    free(text);
}

/* systemd names the stream that leads to the journal by its device and inode. */
static void test_the_journal_is_recognised(void **state) {
    (void)state;
    struct log log;
    struct stat status;
    char stream[64];
    assert_int_equal(fstat(STDERR_FILENO, &status), 0);
    snprintf(stream, sizeof stream, "%ju:%ju", (uintmax_t)status.st_dev, (uintmax_t)status.st_ino);
    setenv("JOURNAL_STREAM", stream, 1);
    assert_true(log_open(NULL, &log, NULL));
    assert_true(log.priorities && log.format == LOG_TEXT);
    setenv("JOURNAL_STREAM", "1:1", 1);
    assert_true(log_open(NULL, &log, NULL));
    assert_true(!log.priorities && log.format == LOG_OFF);
    unsetenv("JOURNAL_STREAM");
    assert_true(log_open("text", &log, NULL));
    assert_true(!log.priorities && log.format == LOG_TEXT);
}

static void test_unknown_formats_are_refused(void **state) {
    (void)state;
    struct log log;
    struct failure failure = {0};
    assert_false(log_open("xml", &log, &failure));
    assert_failure(&failure, REACH_RUN, REMEDY_NONE, CAUSE_MACHINE, EXIT_USAGE, "xml");
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_text_cannot_be_forged),
                                       cmocka_unit_test(test_only_plain_words_stand_without_quotes),
                                       cmocka_unit_test(test_every_line_names_its_level),
                                       cmocka_unit_test(test_long_values_are_cut),
                                       cmocka_unit_test(test_json_is_one_object_per_line),
                                       cmocka_unit_test(test_what_is_obeyed_is_made_visible),
                                       cmocka_unit_test(test_the_journal_gets_priorities),
                                       cmocka_unit_test(test_off_is_silent),
                                       cmocka_unit_test(test_the_journal_is_recognised),
                                       cmocka_unit_test(test_unknown_formats_are_refused)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
