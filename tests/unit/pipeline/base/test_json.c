/* What is refused before cJSON sees it: a NUL would cut off the text that holds it. */
#include "unit/cmocka_test.h"

#include "pipeline/base/json.h"

#define TEXT(literal) ((struct span){literal, sizeof literal - 1})

static void assert_refused(struct span text, const char *part) {
    struct failure failure = {0};
    assert_null(json_parse(text, 1 << 10, "reply", &failure));
    assert_non_null(strstr(failure.sentence, part));
}

static void a_nul_is_refused_wherever_it_is(void **state) {
    (void)state;
    assert_refused(TEXT("{\"text\":\"One.\0Two.\"}"), "the reply contains a NUL byte");
    assert_refused(TEXT("{\"te\0xt\":\"One.\"}"), "a NUL byte");
    assert_refused(TEXT("[1,\0 2]"), "a NUL byte");
    assert_refused(TEXT("{\"text\":\"One.\\u0000Two.\"}"), "\\u0000");
}

static void the_same_without_it_is_read(void **state) {
    (void)state;
    cJSON *root = json_parse(SPAN("{\"text\":\"One. Two.\"}"), 1 << 10, "reply", NULL);
    assert_span(json_member_text(root, "text"), "One. Two.");
    cJSON_Delete(root);
}

static void a_count_is_within_what_can_be_counted(void **state) {
    (void)state;
    cJSON *root =
        json_parse(SPAN("{\"a\":3,\"b\":2.9,\"c\":-1,\"d\":1e300,\"e\":\"3\",\"f\":-0.5}"), 1 << 10, "x", NULL);
    assert_int_equal(json_member_count(root, "a", 7), 3);
    assert_int_equal(json_member_count(root, "b", 7), 2);
    static const char *const others[] = {"c", "d", "e", "f", "g"};
    for (size_t i = 0; i < 5; i++) assert_int_equal(json_member_count(root, others[i], 7), 7);
    cJSON_Delete(root);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_nul_is_refused_wherever_it_is),
        cmocka_unit_test(the_same_without_it_is_read),
        cmocka_unit_test(a_count_is_within_what_can_be_counted),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
