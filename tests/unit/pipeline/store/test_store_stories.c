#include "unit/cmocka_test.h"

#include <string.h>

#include "pipeline/store/store_stories.h"
#include "unit/empty_store.h"

#define A "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
#define B "bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb"
#define C "cccccccccccccccccccccccccccccccc"

static void keep(const char *day, const char *one, const char *other) {
    struct kept_story stories[2] = {{.signature = {"\0x", 2}}, {.signature = {0}}};
    struct kept_member members[2];
    struct kept_forward forward;
    strcpy(stories[0].id, one);
    strcpy(stories[1].id, other);
    for (size_t i = 0; i < 2; i++) {
        strcpy(members[i].article, i ? other : one);
        strcpy(members[i].story, one);
    }
    strcpy(forward.from, other);
    strcpy(forward.to, one);
    assert_true(store_keep_stories(store, day, &(struct kept_stories){stories, members, &forward, 2, 2, 1}, NULL));
}

static void stories_come_back_in_their_order(void **state) {
    (void)state;
    keep("2026-01-29", B, A);
    struct kept_stories found = store_find_stories(store, "2026-01-29", arena);
    assert_int_equal(found.count, 2);
    assert_string_equal(found.stories[0].id, B);
    assert_string_equal(found.stories[1].id, A);
    assert_int_equal(found.stories[0].signature.length, 2);
    assert_memory_equal(found.stories[0].signature.at, "\0x", 2);
    assert_int_equal(found.stories[1].signature.length, 0);
    assert_int_equal(found.member_count, 2);
    assert_string_equal(found.members[0].story, B);
    assert_int_equal(found.forward_count, 1);
    assert_string_equal(found.forwards[0].from, A);
    assert_string_equal(found.forwards[0].to, B);
}

static void keeping_replaces_one_day_only(void **state) {
    (void)state;
    keep("2026-01-28", A, B);
    keep("2026-01-29", A, B);
    keep("2026-01-29", C, B);
    assert_string_equal(store_find_stories(store, "2026-01-28", arena).stories[0].id, A);
    struct kept_stories found = store_find_stories(store, "2026-01-29", arena);
    assert_int_equal(found.count, 2);
    assert_string_equal(found.stories[0].id, C);
    assert_int_equal(store_find_stories(store, "2026-01-30", arena).count, 0);
}

static void the_earlier_day_is_the_last_one_within_three(void **state) {
    (void)state;
    char day[11] = "unset";
    keep("2026-02-27", A, B);
    keep("2026-02-28", A, B);
    assert_false(store_earlier_story_day(store, "2026-02-27", day));
    assert_true(store_earlier_story_day(store, "2026-03-01", day));
    assert_string_equal(day, "2026-02-28");
    assert_true(store_earlier_story_day(store, "2026-03-03", day));
    assert_string_equal(day, "2026-02-28");
    assert_false(store_earlier_story_day(store, "2026-03-04", day));
}

int main(void) {
#define TEST(name) cmocka_unit_test_setup_teardown(name, open_store, close_store)
    const struct CMUnitTest tests[] = {
        TEST(stories_come_back_in_their_order),
        TEST(keeping_replaces_one_day_only),
        TEST(the_earlier_day_is_the_last_one_within_three),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
