#define _GNU_SOURCE
/* What is left of an email that was saved as text, and what its header fields say. */
#include <stdio.h>
#include <string.h>

#include "unit/plain_words_test.h"

#include "stages/extract/plain_mail.h"

static struct buffer left = {.limit = 1 << 16};

static int close_all(void **state) {
    buffer_free(&left);
    return close_words(state);
}

/* Strips an email, and puts the lines that are left, with a mark for each level of quotation, into `left`. */
static struct mail_head strip(const char *text) {
    struct lines lines = lines_cut(arena_copy(arena, span_of(text)), arena);
    struct mail_head head = plain_mail_strip(&words.lines, &lines);
    buffer_clear(&left);
    for (size_t i = 0; i < lines.count; i++) {
        for (unsigned j = 0; j < lines.all[i].quoted; j++) buffer_add_string(&left, ">");
        buffer_print(&left, "%.*s|", SPAN_ARGS(lines.all[i].text));
    }
    return head;
}

static void assert_left(const char *text, const char *want) {
    strip(text);
    if (!span_is(buffer_span(&left), want)) fail_msg("%s\nleaves %.*s", text, SPAN_ARGS(buffer_span(&left)));
}

static void known_fields_are_read_wherever_they_stand(void **state) {
    (void)state;
    struct mail_head head =
        strip("From: Nora Field <nora@quay.example>\nSubject: The quay\nDate: 29 January 2026\n\nText.");
    assert_true(head.is_mail);
    assert_true(span_is(head.subject, "The quay"));
    assert_true(span_is(head.from, "Nora Field <nora@quay.example>"));
    assert_true(span_is(head.sent, "29 January 2026"));
    assert_true(span_is(buffer_span(&left), "Text.|"));
    head = strip("X-Quay-Desk: quill 2\nSubject: One\nSubject: Two\nTo: desk@quay.example\n\nText.");
    assert_true(span_is(head.subject, "One"));
    assert_true(span_is(buffer_span(&left), "Text.|"));
    head = strip("From：Nora Field\nSubject：The quay\n\nText.");
    assert_true(span_is(head.from, "Nora Field"));
    assert_true(span_is(head.subject, "The quay"));
}

/* A line with a colon is not enough to be the head of an email. */
static void ordinary_lines_are_no_head(void **state) {
    static const char *const texts[] = {
        "From: the quay to the market it is a mile.|",
        "From: Nora Field|To: desk@quay.example|",               /* neither a subject nor a date */
        "Subject: The quay|",                                    /* alone */
        "The quay is closed|Subject: One|From: Nora|",           /* what precedes them is no field */
        "Quay 2: closed|Subject: One|From: Nora|",               /* no name of a field */
        ": closed|Subject: One|From: Nora|",                     /* no name at all */
        "a: closed|Subject: One|From: Nora|",                    /* too short for one */
        "Subjects From: both|From: Nora|Date: 29 January 2026|", /* another word that begins so */
    };
    (void)state;
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        char text[200];
        snprintf(text, sizeof text, "%s", texts[i]);
        for (char *at = text; *at; at++)
            if (*at == '|') *at = '\n';
        assert_false(strip(text).is_mail);
        if (!span_is(buffer_span(&left), texts[i])) fail_msg("%s", texts[i]);
    }
}

static void a_head_ends_at_an_empty_line(void **state) {
    (void)state;
    assert_left("Subject: One\nFrom: Nora\n\nTo: the people of the quay\n", "To: the people of the quay|");
    assert_left("Subject: One\nFrom: Nora\nX-Mailer: quill\nText at once\n\nText.\n", "Text.|");
}

static void a_forwarded_email_has_its_own_head(void **state) {
    (void)state;
    assert_left("For the desk\n---------- Forwarded message ---------\nFrom: Nora\nSubject: The quay\n\nText.\n",
                "Text.|");
    assert_left("1\n2\n3\n4\n5\n6\n7\n8\n9\n10\n11\n---------- Forwarded message ---------\nFrom: Nora\nSubject: The "
                "quay\n\nText.\n",
                "Text.|");
    strip("1\n2\n3\n4\n5\n6\n7\n8\n9\n10\n11\n12\n---------- Forwarded message ---------\nFrom: Nora\nSubject: The "
          "quay\n\nText.\n");
    assert_non_null(memmem(left.at, left.length, "12|", 3)); /* too far below the top */
    assert_left("---------- Forwarded message ---------\n", "---------- Forwarded message ---------|");
}

static void a_signature_ends_an_email_only(void **state) {
    (void)state;
    assert_left("Subject: One\nFrom: Nora\n\nText.\n-- \nNora Field\n", "Text.|");
    assert_left("Text.\n-- \nMore text.\n", "Text.|--|More text.|");
    assert_left("> Text.\nAnswer.\n-- \nNora\n", ">Text.|Answer.|");
}

static void quotations_lose_one_level_if_nearly_everything_is_quoted(void **state) {
    (void)state;
    assert_left("> a\n> b\n>> c\n> d\ne\n", "a|b|>c|d|e|");
    assert_left("> a\n> b\n>> c\ne\n", ">a|>b|>>c|e|");
}

static void a_line_that_announces_a_quotation_gives_the_date(void **state) {
    (void)state;
    struct mail_head head = strip("On 29 January 2026, Nora Field wrote:\n> a\n");
    assert_true(head.is_mail);
    assert_true(span_is(head.sent, "On 29 January 2026, Nora Field wrote:"));
    assert_true(span_is(buffer_span(&left), "a|"));
    head = strip("Subject: One\nDate: 28 January 2026\n\nOn 29 January 2026, Nora Field wrote:\n> a\nb\n");
    assert_true(span_is(head.sent, "28 January 2026"));
    assert_true(span_is(buffer_span(&left), ">a|b|"));
    strip("On 29 January 2026, Nora Field wrote:\na\n> b\n"); /* nothing quoted behind it */
    assert_true(span_is(buffer_span(&left), "On 29 January 2026, Nora Field wrote:|a|>b|"));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(known_fields_are_read_wherever_they_stand),
        cmocka_unit_test(ordinary_lines_are_no_head),
        cmocka_unit_test(a_head_ends_at_an_empty_line),
        cmocka_unit_test(a_forwarded_email_has_its_own_head),
        cmocka_unit_test(a_signature_ends_an_email_only),
        cmocka_unit_test(quotations_lose_one_level_if_nearly_everything_is_quoted),
        cmocka_unit_test(a_line_that_announces_a_quotation_gives_the_date),
    };
    return cmocka_run_group_tests(tests, open_words, close_all);
}
