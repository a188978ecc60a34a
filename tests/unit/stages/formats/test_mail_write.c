#include "unit/cmocka_test.h"

#include <string.h>

#include "pipeline/base/arena.h"
#include "stages/formats/mail_coding.h"
#include "stages/formats/mail_write.h"

static struct buffer out;

static void decode_plain(const void *context, struct span bytes, struct span label, struct buffer *text) {
    (void)context;
    (void)label;
    buffer_add_span(text, bytes);
}

/* Reads a field back with the project's own reader of mail. */
static void assert_reads_as(struct span field, const char *name, const char *text) {
    struct arena *arena = arena_new();
    struct mail_decoder decoder = {.decode = decode_plain};
    size_t length = strlen(name);
    assert_memory_equal(field.at, name, length);
    struct span value = mail_header_text(span_trim(span_cut(field, length + 2, field.length)), &decoder, arena);
    assert_int_equal(value.length, strlen(text));
    assert_memory_equal(value.at, text, value.length);
    arena_free(arena);
}

static void assert_lines_are_short(struct span text, size_t longest) {
    struct span line;
    while (span_next(&text, '\n', &line)) {
        assert_true(span_ends(line, SPAN("\r")));
        assert_in_range(line.length, 1, longest + 1);
    }
}

static int start(void **state) {
    (void)state;
    out = (struct buffer){.limit = 1 << 20};
    return 0;
}

static int end(void **state) {
    (void)state;
    buffer_free(&out);
    return 0;
}

static void plain_subjects_stay_as_they_are(void **state) {
    (void)state;
    mail_write_text(&out, "Subject", SPAN("Dragoman: Thursday, 29 January 2026"));
    assert_string_equal(out.at, "Subject: Dragoman: Thursday, 29 January 2026\r\n");
}

static void other_subjects_are_encoded_and_come_back(void **state) {
    (void)state;
    static const char *const texts[] = {
        "Küste", "新闻摘要：港口今天重新开放，居民们都来了，他们说这是一个好日子，大家都很高兴，希望以后每年都这样",
        "=?UTF-8?B?ZXZpbA==?=",
        "averylongwordwithoutanyspacesthatwouldmakethelinetoolongifitwerewrittenasitisandsoitisencodedinstead"};
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        buffer_clear(&out);
        mail_write_text(&out, "Subject", span_of(texts[i]));
        assert_lines_are_short(buffer_span(&out), 85);
        assert_reads_as(buffer_span(&out), "Subject", texts[i]);
    }
}

static void long_subjects_are_folded(void **state) {
    (void)state;
    const char *text =
        "one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen";
    mail_write_text(&out, "Subject", span_of(text));
    assert_lines_are_short(buffer_span(&out), 78);
    assert_reads_as(buffer_span(&out), "Subject", text);
}

static void nothing_ends_a_field_early(void **state) {
    (void)state;
    mail_write_text(&out, "Subject", SPAN("a\r\nBcc: x@evil.example\r\n\r\nbody\0\x7F"));
    mail_write_address(&out, "From", SPAN("A \"quoted\\name\"\r\nBcc: y"), SPAN("a@b.example"));
    struct span rest = buffer_span(&out), line;
    for (size_t i = 0; span_next(&rest, '\n', &line); i++) {
        assert_false(span_starts(line, SPAN("Bcc")));
        assert_true(line.length > 1); /* no empty line, which would end the header */
        assert_null(memchr(line.at, '\0', line.length));
    }
    assert_non_null(strstr(out.at, "\"A \\\"quoted\\\\name\\\"  Bcc: y\""));
}

static void senders_with_names_in_any_script(void **state) {
    (void)state;
    mail_write_address(&out, "From", SPAN("Jürgen"), SPAN("j@b.example"));
    assert_string_equal(out.at, "From: =?UTF-8?B?SsO8cmdlbg==?=\r\n <j@b.example>\r\n");
    buffer_clear(&out);
    mail_write_address(&out, "From", SPAN("The Desk"), SPAN("d@b.example"));
    mail_write_address(&out, "From", SPAN("Desk, the"), SPAN("d@b.example"));
    mail_write_address(&out, "From", SPAN(""), SPAN("d@b.example"));
    assert_string_equal(out.at, "From: The Desk <d@b.example>\r\nFrom: \"Desk, the\" <d@b.example>\r\n"
                                "From: <d@b.example>\r\n");
}

static void quoted_printable_comes_back(void **state) {
    (void)state;
    const char *text = "Plain line\nEquals = and trailing space \n\ttab\t\n"
                       "الميناء القديم يفتح أبوابه من جديد في فصل الربيع المقبل بعد سنوات طويلة من الانتظار\n"
                       ".\nFrom here on\nno newline at the end";
    struct buffer back = BUFFER(1 << 16), again = BUFFER(1 << 16);
    mail_write_quoted_printable(&out, span_of(text));
    assert_lines_are_short(buffer_span(&out), 76);
    for (size_t i = 0; i < out.length; i++) assert_true((unsigned char)out.at[i] < 0x7F);
    mail_quoted_printable(buffer_span(&out), false, &back);
    for (size_t i = 0; i < back.length; i++)
        if (back.at[i] != '\r') buffer_add(&again, back.at + i, 1);
    assert_memory_equal(again.at, text, strlen(text));
    buffer_free(&back);
    buffer_free(&again);
}

int main(void) {
#define TEST(name) cmocka_unit_test_setup_teardown(name, start, end)
    const struct CMUnitTest tests[] = {
        TEST(plain_subjects_stay_as_they_are),  TEST(other_subjects_are_encoded_and_come_back),
        TEST(long_subjects_are_folded),         TEST(nothing_ends_a_field_early),
        TEST(senders_with_names_in_any_script), TEST(quoted_printable_comes_back)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
