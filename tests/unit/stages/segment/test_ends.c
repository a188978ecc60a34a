/* Weights for and against the end of a sentence, read from rows of a table. */
#include "stages/segment/ends.h"

#include <string.h>

#include "unit/cmocka_test.h"

static struct arena *arena;
static const struct marks *marks;

static int open_marks(void **state) {
    (void)state;
    struct failure failure = {0};
    arena = arena_new();
    return (marks = marks_read(TEST_DATA, arena, &failure)) ? 0 : -1;
}

static int close_marks(void **state) {
    (void)state;
    arena_free(arena);
    return 0;
}

static bool add(struct ends *ends, const char *joint, const char *side, const char *tenths, const char *texts) {
    struct row row = {.cells = {SPAN("zz"), span_of(joint), span_of(side), span_of(tenths), span_of(texts)}};
    return ends_add(arena, ends, &row);
}

static size_t find(const struct ends *ends, enum joint joint, const char *text) {
    return ends_find(ends, marks, joint, span_of(text), 0, 1, strlen(text));
}

static void rows_without_meaning_are_refused(void **state) {
    (void)state;
    struct ends ends = {0};
    assert_false(add(&ends, "line", "before", "5", "a"));
    assert_false(add(&ends, "space", "above", "5", "a"));
    assert_false(add(&ends, "space", "before", "five", "a"));
    assert_false(add(&ends, "space", "before", "-", "a"));
    assert_false(add(&ends, "none", "bias", "5000", ""));
    assert_true(add(&ends, "space", "before", "-5", "a"));
}

static void weights_of_both_sides_are_added_up(void **state) {
    (void)state;
    struct ends ends = {0};
    assert_true(add(&ends, "space", "bias", "-30", ""));
    assert_true(add(&ends, "space", "enough", "0", ""));
    assert_true(add(&ends, "space", "before", "20", "กข"));
    assert_true(add(&ends, "space", "behind", "15", "คง_0"));
    assert_int_equal(find(&ends, JOINT_SPACE, "กข คง 7"), strlen("กข "));
    assert_int_equal(find(&ends, JOINT_SPACE, "กข   คง 7"), strlen("กข   "));
    assert_int_equal(find(&ends, JOINT_SPACE, "ขก คง 7"),
                     strlen("ขก คง 7")); /* the text before the space has no weight */
    assert_int_equal(find(&ends, JOINT_SPACE, "กขคง 7"), strlen("กขคง 7"));  /* there is no space */
    assert_int_equal(find(&ends, JOINT_NONE, "กข คง 7"), strlen("กข คง 7")); /* the table has nothing for this joint */
}

static void spaces_are_the_rule(void **state) {
    (void)state;
    struct ends ends = {0};
    assert_true(add(&ends, "space", "bias", "-30", ""));
    assert_int_equal(ends_joint(&ends, marks, SPAN("กข คง")), JOINT_SPACE);
    assert_true(add(&ends, "none", "bias", "-60", ""));
    assert_int_equal(ends_joint(&ends, marks, SPAN("กข คง")), JOINT_SPACE);
    assert_true(add(&ends, "none", "behind", "90", "จฉ"));
    assert_int_equal(ends_joint(&ends, marks, SPAN("กข คงจฉ")), JOINT_NONE);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(rows_without_meaning_are_refused),
        cmocka_unit_test(weights_of_both_sides_are_added_up),
        cmocka_unit_test(spaces_are_the_rule),
    };
    return cmocka_run_group_tests(tests, open_marks, close_marks);
}
