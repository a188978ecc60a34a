/* Ids of stories from run to run, kept in a real store. Articles and stories are named by the digit of which their id
 * consists. */
#include "unit/cmocka_test.h"

#include <stdio.h>
#include <string.h>

#include "stages/group/identity.h"
#include "unit/empty_store.h"

static const char day[] = "2026-01-29";

static struct span id_of(char digit) {
    char id[32];
    memset(id, digit, sizeof id);
    return arena_copy(arena, (struct span){id, sizeof id});
}

/* Makes an edition of the stories given, each a list of its articles ("ab cd"), and keeps it. Articles are added in the
 * order of their ids, as edition_load() does. */
static struct edition *make(const char *stories) {
    struct edition *edition = edition_new(day);
    uint32_t labels[64], first[64];
    edition->kept = store_find_stories(store, day, edition->arena);
    memset(first, 0xff, sizeof first);
    for (char digit = '0'; digit <= 'f'; digit++) {
        const char *at = strchr(stories, digit);
        uint32_t story = 0;
        if (!at || digit == ' ') continue;
        for (const char *space = stories; space < at; space++) story += *space == ' ';
        struct article *article = article_new();
        snprintf(article->id, sizeof article->id, "%.*s", SPAN_ARGS(id_of(digit)));
        if (first[story] == UINT32_MAX) first[story] = (uint32_t)edition->count;
        labels[edition->count] = first[story];
        edition_add(edition, article);
    }
    identity_assign(edition, labels);
    assert_true(edition_keep_stories(edition, store, NULL));
    return edition;
}

static struct span story_of(const struct edition *edition, char digit) {
    for (size_t i = 0; i < edition->count; i++)
        if (edition->articles[i]->id[0] == digit) return arena_copy(arena, edition->articles[i]->story);
    return (struct span){0};
}

/* Makes the edition, and checks the id of the story of one article in each of its stories: "aXbY" means that a is in
 * the story X, and b in Y; "?" stands for an id that no article has. */
static void check(const char *stories, const char *wanted) {
    struct edition *edition = make(stories);
    for (; *wanted; wanted += 2) {
        struct span story = story_of(edition, wanted[0]);
        assert_int_equal(story.length, 32);
        assert_non_null(edition_find_story(edition, story));
        if (wanted[1] != '?' && !span_equal(story, id_of(wanted[1])))
            fail_msg("%s: %c is in %.*s, not in %c", stories, wanted[0], SPAN_ARGS(story), wanted[1]);
        for (char digit = '0'; digit <= 'f' && wanted[1] == '?'; digit++) assert_false(span_equal(story, id_of(digit)));
    }
    edition_free(edition);
}

/* Returns where the id leads; 0 if it leads nowhere. */
static char forward(char from) {
    struct kept_stories kept = store_find_stories(store, day, arena);
    for (size_t i = 0; i < kept.forward_count; i++)
        if (kept.forwards[i].from[0] == from && kept.forwards[i].from[31] == from) return kept.forwards[i].to[0];
    return 0;
}

static void a_growing_story_keeps_its_id(void **state) {
    (void)state;
    check("cd e", "ccee");
    check("acd be", "acbe"); /* though articles with smaller ids have come */
    check("0acdf be", "0cbe");
    check("0af be 1", "0cbe11"); /* the article whose id it has is gone */
    assert_int_equal(forward('c'), 0);
}

static void merged_stories_lead_to_the_one_that_keeps_its_id(void **state) {
    (void)state;
    check("ab cde", "aacc");
    check("abcde f", "acff");
    assert_int_equal(forward('a'), 'c');
    check("abcde f 01234", "acff00");
    check("abcdef01234", "ac"); /* of 5, 1 and 5 articles the older id */
    assert_int_equal(forward('a'), 'c');
    assert_int_equal(forward('f'), 'c');
    assert_int_equal(forward('0'), 'c');
}

static void of_equal_stories_the_older_keeps_its_id(void **state) {
    (void)state;
    check("ef", "ee");
    check("ef ab", "eeaa");
    check("efab", "ee");
    assert_int_equal(forward('a'), 'e');
}

static void forwards_follow_later_mergers(void **state) {
    (void)state;
    check("a bc def", "aabbdd");
    check("abc def", "abdd");
    assert_int_equal(forward('a'), 'b');
    check("abcdef0", "ab");     /* b has as many articles as d, and is older */
    check("abc1 def0", "a1db"); /* the larger part keeps the id */
    assert_int_equal(forward('a'), 'b');
}

static void the_larger_part_of_a_story_keeps_its_id(void **state) {
    (void)state;
    check("abcde", "aa");
    check("ab cde", "abca");
    check("ab cde", "abca"); /* the smaller part keeps its new id, too */
    check("ab1 c de", "abccda");
    check("ab1 c d e", "abccdaee"); /* none of the parts is larger: the first keeps it */
}

static void the_id_of_a_merged_story_is_not_given_again(void **state) {
    (void)state;
    check("ab cde", "aacc");
    check("abcde", "ac");
    check("a bcde", "a?bc");
    assert_int_equal(forward('a'), 'c');
}

static void an_edition_without_articles_forgets_its_stories(void **state) {
    (void)state;
    check("ab", "aa");
    check("", "");
    assert_int_equal(store_find_stories(store, day, arena).count, 0);
    check("ab", "aa");
}

int main(void) {
#define TEST(name) cmocka_unit_test_setup_teardown(name, open_store, close_store)
    const struct CMUnitTest tests[] = {
        TEST(a_growing_story_keeps_its_id),
        TEST(merged_stories_lead_to_the_one_that_keeps_its_id),
        TEST(of_equal_stories_the_older_keeps_its_id),
        TEST(forwards_follow_later_mergers),
        TEST(the_larger_part_of_a_story_keeps_its_id),
        TEST(the_id_of_a_merged_story_is_not_given_again),
        TEST(an_edition_without_articles_forgets_its_stories),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
