/* Emails (tests/golden/mail). */
#include "unit/golden.h"

#include <time.h>

#include "stages/formats/mail_coding.h"
#include "stages/formats/mail_message.h"
#include "unit/decoder_test.h"

static void decode(const void *context, struct span bytes, struct span label, struct span around, struct buffer *out) {
    decoder_read_short(context, bytes, label, around, out);
}

static bool read_mail(const struct decoder *decoder, struct span raw, struct arena *arena,
                      struct mail_message *ret_message) {
    const struct mail_charsets charsets = {decode, decoder};
    return mail_read(raw, &charsets, arena, ret_message);
}

static void describe(void *state, struct span raw, struct buffer *out) {
    struct arena *arena = arena_new();
    struct mail_message message;
    if (!mail_is(raw)) buffer_add_string(out, "no mail\n");
    if (read_mail(state, raw, arena, &message))
        buffer_print(out, "subject: %.*s\nsender: %.*s\ndate: %.*s\nidentity: %.*s\ntype: %.*s\n%.*s",
                     SPAN_ARGS(message.subject), SPAN_ARGS(message.sender), SPAN_ARGS(message.date),
                     SPAN_ARGS(message.identity), SPAN_ARGS(message.content_type), SPAN_ARGS(message.body));
    else
        buffer_add_string(out, "no text\n");
    arena_free(arena);
}

static void test_golden(void **state) {
    golden_check(&(struct golden){"mail", "input.eml", "expected.txt", 7, describe}, *state);
}

static void test_other_data_is_not_a_mail(void **state) {
    (void)state;
    assert_false(mail_is(SPAN("<!DOCTYPE html><html><head>\n")));
    assert_false(mail_is(SPAN("Title: a thing\nPrice: 3\n\ntext\n")));
    assert_false(mail_is(SPAN("From the harbour: news\nSubject: none\n\n")));
    assert_false(mail_is(SPAN("")));
    assert_true(mail_is(SPAN("From a@b.example Thu Jan 29 14:05:00 2026\nFrom: a@b.example\nSubject: x\n\n")));
}

static struct span base64(const char *text, struct buffer *out) {
    buffer_clear(out);
    mail_base64(span_of(text), out);
    return buffer_span(out);
}

static void test_base64(void **state) {
    (void)state;
    struct buffer out = BUFFER(100);
    assert_span(base64("TWFu", &out), "Man");
    assert_span(base64("TWE=", &out), "Ma");
    assert_span(base64("TQ==", &out), "M");
    assert_span(base64("T\r\nWF u!", &out), "Man");
    assert_span(base64("TQ==TWFu", &out), "MMan");
    buffer_free(&out);
}

/* Nested parts, unclosed boundaries, a line of a million marks. */
static void test_hostile_mails_are_linear(void **state) {
    struct buffer text = BUFFER(1 << 25);
    struct arena *arena = arena_new();
    struct mail_message message;
    clock_t start = clock();
    buffer_add_string(&text, "From: a\nSubject: b\nContent-Type: multipart/mixed; boundary=x\n\n");
    for (int i = 0; i < 500000; i++) buffer_add_string(&text, "--x\nContent-Type: multipart/mixed; boundary=x\n\n");
    read_mail(*state, buffer_span(&text), arena, &message);
    buffer_clear(&text);
    buffer_add_string(&text, "From: a\nSubject: ");
    for (int i = 0; i < 1000000; i++) buffer_add_string(&text, "=?");
    buffer_add_string(&text, "\n\ntext\n");
    assert_true(read_mail(*state, buffer_span(&text), arena, &message));
    buffer_clear(&text);
    buffer_add_string(&text, "From: a\nSubject: b\nContent-Type: multipart/mixed; boundary=x\n\n");
    for (int i = 0; i < 5000000; i++) buffer_add_string(&text, "x ");
    assert_false(read_mail(*state, buffer_span(&text), arena, &message));
    assert_true(clock() - start < 20 * CLOCKS_PER_SEC);
    arena_free(arena);
    buffer_free(&text);
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_golden), cmocka_unit_test(test_other_data_is_not_a_mail),
                                       cmocka_unit_test(test_base64), cmocka_unit_test(test_hostile_mails_are_linear)};
    return cmocka_run_group_tests(tests, decoder_begin, decoder_end);
}
