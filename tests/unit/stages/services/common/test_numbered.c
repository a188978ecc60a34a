/* The items in a model's answer, in every form that is read. */
#include "unit/cmocka_test.h"

#include <stdio.h>

#include "stages/services/common/numbered.h"

static struct arena *arena;
static struct table words, phrases;

static int open_tables(void **state) {
    (void)state;
    arena = arena_new();
    return table_read(TEST_DATA, "services/answers.tsv", arena, &words, NULL) &&
                   table_read(TEST_DATA, "services/refusals.tsv", arena, &phrases, NULL)
               ? 0
               : -1;
}

static int close_tables(void **state) {
    (void)state;
    arena_free(arena);
    return 0;
}

/* Writes the items as "1:text|2?:text", with a question mark after the number of a doubtful one, and ! at the end if
 * the answer is whole. A sentence has its sources: "1,2:text". */
static const char *print(const struct numbered_items *items, bool sentences) {
    static char out[4096];
    out[0] = '\0';
    for (size_t i = 0; i < items->count; i++) {
        const struct numbered *item = &items->items[i];
        size_t at = strlen(out);
        at += (size_t)snprintf(out + at, sizeof out - at, "%s", i ? "|" : "");
        if (!sentences) at += (size_t)snprintf(out + at, sizeof out - at, "%u", item->number);
        for (size_t j = 0; j < item->source_count; j++)
            at += (size_t)snprintf(out + at, sizeof out - at, "%s%u", j ? "," : "", item->sources[j]);
        snprintf(out + at, sizeof out - at, "%s:%.*s", item->doubtful ? "?" : "", SPAN_ARGS(item->text));
    }
    if (items->whole) strcat(out, "!");
    return out;
}

static const char *paragraphs(size_t expected, const char *answer) {
    const struct numbered_form form = {&words, &phrases, expected};
    struct numbered_items items = numbered_read_paragraphs(&form, span_of(answer), arena);
    return print(&items, false);
}

static const char *sentences(const char *answer) {
    const struct numbered_form form = {&words, &phrases, 3};
    struct numbered_items items = numbered_read_sentences(&form, span_of(answer), arena);
    return print(&items, true);
}

/* ---------------------------------------------------------------- JSON */

static void json_has_many_forms(void **state) {
    (void)state;
    static const char *const answers[] = {
        "{\"paragraphs\":[{\"n\":1,\"text\":\"One.\"},{\"n\":2,\"text\":\"Two.\"}]}",
        "[{\"n\":1,\"text\":\"One.\"},{\"n\":2,\"text\":\"Two.\"}]",
        "[{\"text\":\"One.\"},{\"text\":\" Two. \"}]",
        "[\"One.\",\"Two.\"]",
        "{\"1\":\"One.\",\"[2]\":\"Two.\"}",
        "{\"translations\":[{\"ID\":\"#1\",\"translation\":\"One.\"},{\"index\":\"2.\",\"english\":\"Two.\"}]}",
        "{\"output\":{\"data\":{\"results\":[{\"n\":1,\"text\":\"One.\"},{\"n\":2,\"text\":\"Two.\"}]}}}",
        "{\"wrapped\":{\"again\":[\"no\"],\"so\":{\"paragraphs\":[\"One.\",\"Two.\"]}}}",
        "Sure:\n```json\n{\"paragraphs\":[{\"n\":1,\"text\":\"One.\"},{\"n\":2,\"text\":\"Two.\"}]}\n```\nDone [1]."};
    for (size_t i = 0; i < sizeof answers / sizeof *answers; i++)
        if (strcmp(paragraphs(2, answers[i]), "1:One.|2:Two.!") != 0)
            fail_msg("%s: %s", answers[i], paragraphs(2, answers[i]));
}

static void items_without_numbers_count_only_if_all_are_there(void **state) {
    (void)state;
    assert_string_equal(paragraphs(3, "[\"One.\",\"Two.\"]"), "");
    assert_string_equal(paragraphs(1, "[\"One.\",\"Two.\"]"), "");
    assert_string_equal(paragraphs(3, "[{\"text\":\"One.\"},{\"text\":\"Two.\"}]"), "");
    assert_string_equal(paragraphs(3, "[{\"n\":1,\"text\":\"One.\"},{\"text\":\"Two.\"}]"), "1:One.!");
    assert_string_equal(paragraphs(1, "{\"text\":\"One.\"}"), "1:One.");
    assert_string_equal(paragraphs(2, "{\"text\":\"One.\"}"), "");
}

static void json_that_is_cut_off_gives_its_complete_items(void **state) {
    (void)state;
    assert_string_equal(paragraphs(2, "{\"paragraphs\":[{\"n\":1,\"text\":\"One.\"},{\"n\":2,\"text\":\"Tw"), "1:One.");
    assert_string_equal(paragraphs(2, "{\"n\":1,\"text\":\"One.\"}\n{\"n\":2,\"text\":\"Two.\"}"), "1:One.|2:Two.");
}

static void repetitions_and_examples_are_left_out(void **state) {
    (void)state;
    assert_string_equal(paragraphs(1, "[{\"n\":1,\"text\":\"One.\"},{\"n\":1,\"text\":\"One.\"}]"), "1:One.!");
    assert_string_equal(paragraphs(1, "[{\"n\":1,\"text\":\"One.\"},{\"n\":1,\"text\":\"Uno.\"}]"), "1:One.|1:Uno.!");
    assert_string_equal(paragraphs(2, "[{\"n\":1,\"text\":\"One.\"},{\"n\":2,\"text\":\"One.\"}]"), "1:One.|2:One.!");
    assert_string_equal(paragraphs(1, "[{\"n\":1,\"text\":\"...\"}] [{\"n\":1,\"text\":\"One.\"}]"), "1:One.!");
}

static void thinking_is_not_read(void **state) {
    (void)state;
    assert_string_equal(
        paragraphs(1, "{\"notes\":{\"n\":1,\"text\":\"Draft.\"},\"paragraphs\":[{\"n\":1,\"text\":\"One.\"}]}"),
        "1:One.!");
    assert_string_equal(paragraphs(1, "{\"notes\":{\"paragraphs\":[{\"n\":1,\"text\":\"Draft.\"}]}}"), "");
    assert_string_equal(paragraphs(1, "\"thinking\" : [{\"n\":1,\"text\":\"Draft.\"}] {\"n\":1,\"text\":\"One.\"}"),
                        "1:One.");
    assert_string_equal(paragraphs(1, "\"thinking\": [{\"n\":1,\"text\":\"Draft.\"}"), "");
    assert_string_equal(paragraphs(1, "thinking: [{\"n\":1,\"text\":\"One.\"}]"), "1:One.!");
}

static void numbers_must_be_possible(void **state) {
    (void)state;
    assert_string_equal(
        paragraphs(1, "[{\"n\":100000,\"text\":\"a\"},{\"n\":100001,\"text\":\"b\"},{\"n\":-1,\"text\":\"c\"},"
                      "{\"n\":\"x\",\"text\":\"d\"},{\"n\":\"100001\",\"text\":\"e\"},{\"n\":1.9,\"text\":\"f\"}]"),
        "100000:a|0:b|0:c|0:d|0:e|1:f!");
    assert_string_equal(paragraphs(2, "{\"1\":\"One.\",\"two\":\"Two.\"}"), "");
    assert_string_equal(paragraphs(2, "{\"1\":\"One.\",\"2\":2}"), "");
    assert_string_equal(paragraphs(1, "[{\"n\":1,\"text\":7}]"), "");
}

/* ---------------------------------------------------------------- lines */

static void lines_have_numbers_in_brackets(void **state) {
    (void)state;
    assert_string_equal(paragraphs(2, "[1] One.\n[2] Two."), "1:One.|2:Two.");
    assert_string_equal(paragraphs(2, "```\n[1] One.\n  [2]  Two.  \n```\n[3] no"), "1:One.|2:Two.!");
    assert_string_equal(paragraphs(2, "```\n[1] One.\n[2] Two."), "1:One.|2:Two.");
    assert_string_equal(paragraphs(2, "Here:\n[1] One\nand more.\n[2] Two."), "1:One and more.|2:Two.");
    assert_string_equal(paragraphs(2, "[1] One.\n\nSomething else.\n[2] Two."), "1?:One.|2:Two.");
    assert_string_equal(paragraphs(2, "[1] One.\n\n[2] Two.\n\nNote: names are kept."), "1:One.|2:Two.");
    assert_string_equal(paragraphs(2, "[x] One.\n[0] Two.\n[100001] Three."), "");
    assert_string_equal(paragraphs(2, "[1]\nOne.\n[2] Two."), "1:One.|2:Two.");
}

static void dotted_numbers_must_be_consecutive(void **state) {
    (void)state;
    assert_string_equal(paragraphs(2, "1. One.\n2. Two."), "1:One.|2:Two.");
    assert_string_equal(paragraphs(2, "  1) One.\n\n2) Two.\n"), "1:One.|2:Two.");
    assert_string_equal(paragraphs(2, "1. One.\n3. Three."), "");
    assert_string_equal(paragraphs(2, "2. Two.\n3. Three."), "");
    assert_string_equal(paragraphs(3, "1. One.\n2. Two."), "");
    assert_string_equal(paragraphs(1, "1. One.\n2. Two."), "");
    assert_string_equal(paragraphs(2, "1. One.\nTwo."), "");
    assert_string_equal(paragraphs(1, "1.One."), "");
    assert_string_equal(paragraphs(1, "1."), "");
    assert_string_equal(paragraphs(1, "1: One."), "");
}

static void remarks_are_known(void **state) {
    (void)state;
    const struct numbered_form form = {&words, &phrases, 1};
    assert_true(numbered_is_remark(&form, SPAN("  Note: the name is kept.")));
    assert_true(numbered_is_remark(&form, SPAN("Here is the translation:")));
    assert_false(numbered_is_remark(&form, SPAN("The mayor noted: nobody came.")));
}

/* ---------------------------------------------------------------- summaries */

static void sentences_have_sources(void **state) {
    (void)state;
    assert_string_equal(
        sentences("{\"sentences\":[{\"text\":\"One.\",\"from\":[1,2]},{\"text\":\"Two.\",\"from\":[\"[3]\",0]}]}"),
        "1,2:One.|3:Two.!");
    assert_string_equal(sentences("[{\"text\":\"One.\",\"from\":[1,2,3,4,5,6,7,8,9]}]"), "1,2,3,4,5,6,7,8:One.!");
    assert_string_equal(sentences("[{\"text\":\"One.\"},{\"from\":[1]},\"Two.\"]"), ":One.!");
    assert_string_equal(sentences("```\nOne. [1, 2]\n\nTwo. [3]\n```\nThree. [4]"), "1,2:One.|3:Two.!");
    assert_string_equal(sentences("One [sic].\nTwo [1,2,3,4,5,6,7,8,9]"), ":One [sic].|1,2,3,4,5,6,7,8:Two");
    assert_string_equal(sentences("One."), ":One.");
}

/* ---------------------------------------------------------------- hostile answers */

static void hostile_answers_end(void **state) {
    (void)state;
    struct buffer answer = BUFFER(16 << 20);
    const struct numbered_form form = {&words, &phrases, 1};
    for (int i = 0; i < 200000; i++) buffer_add_string(&answer, "[{");
    assert_int_equal(numbered_read_paragraphs(&form, buffer_span(&answer), arena).count, 0);
    buffer_clear(&answer);
    for (int i = 1; i <= 12000; i++) buffer_print(&answer, "[%d] a\n", i);
    assert_int_equal(numbered_read_paragraphs(&form, buffer_span(&answer), arena).count, 10000);
    buffer_clear(&answer);
    buffer_add_string(&answer, "[1] a\n");
    for (int i = 0; i < 50000; i++) buffer_add_string(&answer, "a long line that goes on and on\n");
    struct numbered_items items = numbered_read_paragraphs(&form, buffer_span(&answer), arena);
    assert_int_equal(items.count, 1);
    assert_true(items.items[0].doubtful && items.items[0].text.length < 4000);
    buffer_free(&answer);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(json_has_many_forms),
        cmocka_unit_test(items_without_numbers_count_only_if_all_are_there),
        cmocka_unit_test(json_that_is_cut_off_gives_its_complete_items),
        cmocka_unit_test(repetitions_and_examples_are_left_out),
        cmocka_unit_test(thinking_is_not_read),
        cmocka_unit_test(numbers_must_be_possible),
        cmocka_unit_test(lines_have_numbers_in_brackets),
        cmocka_unit_test(dotted_numbers_must_be_consecutive),
        cmocka_unit_test(remarks_are_known),
        cmocka_unit_test(sentences_have_sources),
        cmocka_unit_test(hostile_answers_end),
    };
    return cmocka_run_group_tests(tests, open_tables, close_tables);
}
