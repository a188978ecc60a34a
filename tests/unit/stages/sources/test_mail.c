/* Mails: tests/golden/mail/NN-name/{input.eml,expected.txt}. With DRAGOMAN_ACCEPT set what is found becomes what is expected. */
#include "unit/cmocka_test.h"

#include <glob.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "stages/sources/parts/mail_coding.h"
#include "stages/sources/parts/mail_message.h"

static struct buffer read_all(const char *path) {
    struct buffer bytes = BUFFER(1 << 20);
    FILE *file = fopen(path, "rb");
    char chunk[4096];
    for (size_t length; file && (length = fread(chunk, 1, sizeof chunk, file)) > 0;) buffer_add(&bytes, chunk, length);
    if (file) fclose(file);
    return bytes;
}

static struct buffer describe(struct span raw) {
    struct buffer out = BUFFER(1 << 20);
    struct arena *arena = arena_new();
    struct mail_message message;
    if (!mail_is(raw)) buffer_add_string(&out, "no mail\n");
    if (mail_read(raw, arena, &message))
        buffer_print(&out, "subject: %.*s\nsender: %.*s\ndate: %.*s\nidentity: %.*s\ntype: %.*s\n%.*s", SPAN_ARGS(message.subject),
                     SPAN_ARGS(message.sender), SPAN_ARGS(message.date), SPAN_ARGS(message.identity), SPAN_ARGS(message.content_type),
                     SPAN_ARGS(message.body));
    else buffer_add_string(&out, "no text\n");
    arena_free(arena);
    return out;
}

static void accept(const char *path, const struct buffer *got) {
    FILE *file = fopen(path, "wb");
    assert_non_null(file);
    fwrite(got->at, 1, got->length, file);
    fclose(file);
}

static void test_golden(void **state) {
    (void)state;
    glob_t found;
    size_t wrong = 0;
    assert_int_equal(glob(TEST_TESTS "/golden/mail/*/input.eml", 0, NULL, &found), 0);
    assert_true(found.gl_pathc >= 7);
    for (size_t i = 0; i < found.gl_pathc; i++) {
        char path[1024];
        snprintf(path, sizeof path, "%.*sexpected.txt", (int)(strlen(found.gl_pathv[i]) - strlen("input.eml")), found.gl_pathv[i]);
        struct buffer input = read_all(found.gl_pathv[i]), got = describe(buffer_span(&input));
        if (getenv("DRAGOMAN_ACCEPT")) accept(path, &got);
        struct buffer expected = read_all(path);
        if (!span_equal(buffer_span(&got), buffer_span(&expected))) {
            print_error("%s gives\n%s\n", found.gl_pathv[i], got.at);
            wrong++;
        }
        buffer_free(&input);
        buffer_free(&got);
        buffer_free(&expected);
    }
    globfree(&found);
    assert_int_equal(wrong, 0);
}

static void test_what_is_no_mail(void **state) {
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

/* Parts within parts, boundaries that never end, a line of a million marks. */
static void test_hostile_mails_are_linear(void **state) {
    (void)state;
    struct buffer text = BUFFER(1 << 25);
    struct arena *arena = arena_new();
    struct mail_message message;
    clock_t start = clock();
    buffer_add_string(&text, "From: a\nSubject: b\nContent-Type: multipart/mixed; boundary=x\n\n");
    for (int i = 0; i < 500000; i++) buffer_add_string(&text, "--x\nContent-Type: multipart/mixed; boundary=x\n\n");
    mail_read(buffer_span(&text), arena, &message);
    buffer_clear(&text);
    buffer_add_string(&text, "From: a\nSubject: ");
    for (int i = 0; i < 1000000; i++) buffer_add_string(&text, "=?");
    buffer_add_string(&text, "\n\ntext\n");
    assert_true(mail_read(buffer_span(&text), arena, &message));
    buffer_clear(&text);
    buffer_add_string(&text, "From: a\nSubject: b\nContent-Type: multipart/mixed; boundary=x\n\n");
    for (int i = 0; i < 5000000; i++) buffer_add_string(&text, "x ");
    assert_false(mail_read(buffer_span(&text), arena, &message));
    assert_true(clock() - start < 20 * CLOCKS_PER_SEC);
    arena_free(arena);
    buffer_free(&text);
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_golden), cmocka_unit_test(test_what_is_no_mail),
                                       cmocka_unit_test(test_base64), cmocka_unit_test(test_hostile_mails_are_linear)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
