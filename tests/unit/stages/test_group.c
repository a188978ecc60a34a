/* The stage as a whole, over editions of two days that share a store. */
#include "unit/cmocka_test.h"

#include <stdio.h>
#include <string.h>

#include "pipeline/engine/edition.h"
#include "unit/empty_store.h"

extern const struct stage stage_group;

struct told {
    char id;
    const char *title, *text;
};

static struct article *add_article(struct edition *edition, const struct told *told) {
    struct article *article = article_new();
    memset(article->id, told->id, 32);
    article->title.source = article->title.target = span_of(told->title);
    article->published = arena_copy(article->arena, span_of(edition->day));
    struct block *block = article_add_block(article, BLOCK_PARAGRAPH, span_of(told->text));
    article_add_segment(article, block, span_of(told->text))->target = span_of(told->text);
    edition_add(edition, article);
    return article;
}

/* The stage's settings, which are its own, as they are laid out there. */
static const struct {
    double likeness;
    long long half_life_days;
} settings = {0.065, 90};

/* Loads what the store knows of the day, as edition_load() does, adds the articles, and groups them. */
static struct edition *make(const char *day, const struct told *told, size_t count, bool keep) {
    size_t damaged;
    void *stage_state = NULL;
    struct failure failure = {0};
    struct edition *edition = edition_load(store, "", day, &damaged);
    struct stage_context context = {.data_folder = TEST_DATA, .settings = &settings};
    for (size_t i = 0; i < count; i++) add_article(edition, &told[i]);
    assert_true(stage_group.open(&context, &stage_state, &failure));
    assert_true(stage_group.edit(stage_state, edition, &failure));
    stage_group.close(stage_state);
    if (keep) assert_true(edition_keep_stories(edition, store, &failure));
    return edition;
}

static const struct edition_story *story_of(const struct edition *edition, size_t article) {
    const struct edition_story *story = edition_find_story(edition, edition->articles[article]->story);
    assert_non_null(story);
    return story;
}

static const struct told ferry[] = {
    {'a', "Ferry Alda runs aground off Sarnoy",
     "The ferry Alda ran aground off Sarnoy. The captain Bruno Tack spoke of a failed rudder. All 214 passengers were "
     "taken ashore by lifeboats."},
    {'b', "214 passengers rescued from the Alda",
     "Lifeboats brought 214 passengers ashore after the ferry Alda ran on rocks near Sarnoy because of its rudder."},
    {'c', "Ines Haldane elected mayor of Lorven",
     "Ines Haldane won the mayoral election in Lorven. Her rival Pavel Strunz conceded on Sunday night."},
};
static const struct told later[] = {
    {'d', "Captain of the ferry Alda questioned",
     "Investigators questioned Bruno Tack, the captain of the ferry Alda, which ran aground off Sarnoy. A failed "
     "rudder "
     "is seen as the cause."},
    {'e', "Drought empties the Telm reservoir",
     "The Telm reservoir has fallen to nine per cent after the driest spring. Farmers ration water."},
};

static void the_next_day_links_back(void **state) {
    (void)state;
    edition_free(make("2026-01-29", ferry, 3, true));
    struct edition *edition = make("2026-01-30", later, 2, true);
    assert_span(story_of(edition, 0)->earlier_day, "2026-01-29");
    assert_span(story_of(edition, 0)->earlier, "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa");
    assert_span(story_of(edition, 0)->id, "dddddddddddddddddddddddddddddddd");
    assert_int_equal(story_of(edition, 1)->earlier.length, 0);
    edition_free(edition);
}

static void another_event_of_the_same_place_does_not_link_back(void **state) {
    (void)state;
    static const struct told other[] = {
        {'f', "Sarnoy opens lighthouse",
         "The island of Sarnoy has opened its old lighthouse for visitors, who may climb its stairs in summer."},
        {'0', "Lorven builds a tram", "Lorven will build a tram from the harbour to the hospital and the university."},
    };
    edition_free(make("2026-01-29", ferry, 3, true));
    struct edition *edition = make("2026-01-30", other, 2, true);
    assert_int_equal(story_of(edition, 0)->earlier.length, 0);
    assert_int_equal(story_of(edition, 1)->earlier.length, 0);
    edition_free(edition);
}

static void a_gap_of_a_week_is_another_story(void **state) {
    (void)state;
    edition_free(make("2026-01-29", ferry, 3, true));
    struct edition *edition = make("2026-02-06", later, 2, true);
    assert_int_equal(story_of(edition, 0)->earlier.length, 0);
    edition_free(edition);
}

/* Damaged or foreign bytes in the state are no reason to fail. */
static void a_damaged_signature_is_ignored(void **state) {
    (void)state;
    static const struct span signatures[] = {{"", 0}, {"\1", 1}, {"\0\0", 2}, {"\1\0abc", 5}, {"\0\0abcdefg", 9}};
    struct kept_story stories[5];
    for (size_t i = 0; i < 5; i++) {
        snprintf(stories[i].id, sizeof stories[i].id, "%032zx", i + 1);
        stories[i].signature = signatures[i];
    }
    assert_true(store_keep_stories(store, "2026-01-29", &(struct kept_stories){.stories = stories, .count = 5}, NULL));
    struct edition *edition = make("2026-01-30", later, 2, true);
    assert_int_equal(story_of(edition, 0)->earlier.length, 0);
    edition_free(edition);
}

/* An excerpt has too few words to be recognized; it follows the article from which it was copied. */
static void a_copy_follows_its_lead(void **state) {
    (void)state;
    struct told told[] = {ferry[0], ferry[2], {'9', "In brief", "The ferry was refloated."}};
    struct edition *edition = make("2026-01-29", told, 2, false);
    struct article *copy = add_article(edition, &told[2]);
    copy->duplicate_of = SPAN("cccccccccccccccccccccccccccccccc");
    copy->containment = 0.9;
    void *stage_state = NULL;
    struct stage_context context = {.data_folder = TEST_DATA, .settings = &settings};
    assert_true(stage_group.open(&context, &stage_state, NULL));
    assert_true(stage_group.edit(stage_state, edition, NULL));
    stage_group.close(stage_state);
    assert_int_equal(edition->story_count, 2);
    assert_span(edition->articles[2]->story, "cccccccccccccccccccccccccccccccc");
    edition_free(edition);
}

int main(void) {
#define TEST(name) cmocka_unit_test_setup_teardown(name, open_store, close_store)
    const struct CMUnitTest tests[] = {
        TEST(the_next_day_links_back),          TEST(another_event_of_the_same_place_does_not_link_back),
        TEST(a_gap_of_a_week_is_another_story), TEST(a_damaged_signature_is_ignored),
        TEST(a_copy_follows_its_lead),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
