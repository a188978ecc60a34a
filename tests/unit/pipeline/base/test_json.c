/* JSON from outside: what is refused before it is parsed, at its limits, and in which words. */
#include "unit/failure_is.h"

#include <stdio.h>
#include <stdlib.h>

#include "pipeline/base/json.h"

static void assert_parsed(struct span text, size_t limit) {
    struct failure failure = {0};
    cJSON *tree = json_parse(text, limit, "reply", &failure);
    if (!tree) fail_msg("%s", failure.sentence);
    cJSON_Delete(tree);
}

static void assert_refused(struct span text, size_t limit, const char *said) {
    struct failure failure = {0};
    assert_null(json_parse(text, limit, "reply of s", &failure));
    assert_failure(&failure, REACH_ARTICLE, REMEDY_NONE, CAUSE_ARTICLE, EXIT_DONE, said);
}

/* Arrays or objects within each other, as many as `levels`. */
static struct span nest(char *text, size_t levels, bool objects) {
    size_t length = 0;
    for (size_t i = 0; i < levels; i++) length += (size_t)sprintf(text + length, objects ? "{\"a\":" : "[");
    length += (size_t)sprintf(text + length, "1");
    for (size_t i = 0; i < levels; i++) text[length++] = objects ? '}' : ']';
    return (struct span){text, length};
}

static void nesting_has_a_limit(void **state) {
    (void)state;
    char said[64], *text = malloc(16 * JSON_DEPTH);
    snprintf(said, sizeof said, "the reply of s is nested more than %d levels deep", JSON_DEPTH);
    for (int objects = 0; objects < 2; objects++) {
        assert_parsed(nest(text, JSON_DEPTH, objects), SIZE_MAX);
        assert_refused(nest(text, JSON_DEPTH + 1, objects), SIZE_MAX, said);
    }
    free(text);
}

static void brackets_in_texts_and_side_by_side_are_no_nesting(void **state) {
    (void)state;
    struct buffer text = BUFFER(1 << 20);
    buffer_add_string(&text, "[\"");
    for (int i = 0; i < 2 * JSON_DEPTH; i++) buffer_add_string(&text, "[{\\\"");
    buffer_add_string(&text, "\"");
    for (int i = 0; i < 2 * JSON_DEPTH; i++) buffer_add_string(&text, ",[{}]");
    buffer_add_string(&text, "]");
    assert_parsed(buffer_span(&text), SIZE_MAX);
    buffer_free(&text);
}

static void size_has_a_limit(void **state) {
    (void)state;
    assert_parsed(SPAN("[1,2]"), 5);
    assert_parsed(SPAN(" \n[1,2]\n "), 5);
    assert_refused(SPAN("[1,2]"), 4, "the reply of s is larger than 4 bytes");
}

static void each_fault_is_named(void **state) {
    (void)state;
    assert_refused(SPAN(""), 100, "the reply of s is empty; JSON was expected");
    assert_refused(SPAN(" \r\n"), 100, "the reply of s is empty; JSON was expected");
    assert_refused(SPAN("[\"\xff\"]"), 100, "the reply of s is not UTF-8");
    assert_refused(SPAN("[\"a\\u0000b\"]"), 100, "the reply of s contains the character \\u0000");
    assert_refused(SPAN("{\"a\":tru}"), 100, "the reply of s is not valid JSON near 'tru}'");
    assert_refused(SPAN("[1] [2]"), 100, "the reply of s is not valid JSON near");
    assert_parsed(SPAN("[\"a\\\\u0000b\"]"), 100);
}

static void members_are_read_by_their_type(void **state) {
    (void)state;
    cJSON *root =
        json_parse(SPAN("{\"a\":{\"b\":[\"x\",{\"c\":2.5}]},\"t\":true,\"n\":null,\"s\":\"\"}"), 100, "", NULL);
    assert_non_null(root);
    assert_span(json_text(json_at(root, "a.b.0")), "x");
    assert_true(json_member_number(json_at(root, "a.b.1"), "c", 7) == 2.5);
    assert_true(json_member_number(root, "t", 7) == 7);
    assert_true(json_member_true(root, "t"));
    assert_false(json_member_true(root, "n"));
    assert_false(json_member_true(root, "missing"));
    assert_null(json_at(root, "a.b.2"));
    assert_null(json_at(root, "a.b.x"));
    assert_null(json_at(root, "t.x"));
    assert_int_equal(json_member_text(root, "a").length, 0);
    assert_int_equal(json_member_text(root, "s").length, 0);
    assert_null(json_member(json_at(root, "a.b"), "0"));
    cJSON_Delete(root);
}

/* cJSON accepts the byte, and cuts off the text that holds it. */
static void a_nul_is_refused_wherever_it_is(void **state) {
    (void)state;
    static const char in_text[] = "{\"text\":\"One.\0Two.\"}", in_name[] = "{\"te\0xt\":1}", between[] = "[1,\0 2]";
    assert_refused((struct span){in_text, sizeof in_text - 1}, 100, "the reply of s contains a NUL byte");
    assert_refused((struct span){in_name, sizeof in_name - 1}, 100, "the reply of s contains a NUL byte");
    assert_refused((struct span){between, sizeof between - 1}, 100, "the reply of s contains a NUL byte");
}

static void a_count_is_within_what_can_be_counted(void **state) {
    (void)state;
    static const char *const others[] = {"c", "d", "e", "f", "g"};
    cJSON *root = json_parse(SPAN("{\"a\":3,\"b\":2.9,\"c\":-1,\"d\":1e300,\"e\":\"3\",\"f\":-0.5}"), 100, "x", NULL);
    assert_int_equal(json_member_count(root, "a", 7), 3);
    assert_int_equal(json_member_count(root, "b", 7), 2);
    for (size_t i = 0; i < 5; i++) assert_int_equal(json_member_count(root, others[i], 7), 7);
    cJSON_Delete(root);
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(nesting_has_a_limit),
                                       cmocka_unit_test(brackets_in_texts_and_side_by_side_are_no_nesting),
                                       cmocka_unit_test(size_has_a_limit),
                                       cmocka_unit_test(each_fault_is_named),
                                       cmocka_unit_test(members_are_read_by_their_type),
                                       cmocka_unit_test(a_nul_is_refused_wherever_it_is),
                                       cmocka_unit_test(a_count_is_within_what_can_be_counted)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
