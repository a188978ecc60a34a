#include "unit/cmocka_test.h"

#include <stdlib.h>
#include <time.h>

#include "stages/group/clusters.h"

static const struct group_limits limits = {0.065, 90};

static struct vectors *vectors;

static int open_vectors(void **state) {
    (void)state;
    struct failure failure = {0};
    vectors = vectors_open(TEST_DATA, &failure);
    return vectors ? 0 : -1;
}

static int close_vectors(void **state) {
    (void)state;
    vectors_close(vectors);
    return 0;
}

struct told {
    char event;
    double day;
    const char *title, *text;
};

static struct article *make_article(const struct told *told) {
    struct article *article = article_new();
    article->title.source = article->title.target = span_of(told->title);
    struct block *block = article_add_block(article, BLOCK_PARAGRAPH, span_of(told->text));
    article_add_segment(article, block, span_of(told->text))->target = span_of(told->text);
    return article;
}

static void check_stories(const struct told *told, size_t count) {
    struct article *articles[32];
    struct grouped grouped[32] = {0};
    struct arena *arena = arena_new();
    vectors_reset(vectors);
    for (size_t i = 0; i < count; i++) vectors_count(vectors, articles[i] = make_article(&told[i]));
    for (size_t i = 0; i < count; i++)
        grouped[i] = (struct grouped){vectors_weigh(vectors, articles[i], arena), told[i].day, 0};
    clusters_find(grouped, count, limits);
    for (size_t i = 0; i < count; i++)
        for (size_t j = 0; j < i; j++)
            if ((told[i].event == told[j].event) != (grouped[i].story == grouped[j].story))
                fail_msg("\"%s\" and \"%s\"", told[i].title, told[j].title);
    for (size_t i = 0; i < count; i++) article_free(articles[i]);
    arena_free(arena);
}

static void one_event_is_one_story(void **state) {
    (void)state;
    static const struct told told[] = {
        {'f', 100, "Ferry runs aground off Sarnoy island",
         "The ferry Alda ran aground off Sarnoy on Tuesday morning. All 214 "
         "passengers were taken ashore by lifeboats, the coast guard said. The captain spoke of a failed rudder."},
        {'m', 100, "Lorven elects its first woman mayor",
         "Ines Haldane won the mayoral election in Lorven with 54 per cent of the "
         "votes. Her rival Pavel Strunz conceded on Sunday night. Turnout was the highest in twenty years."},
        {'f', 101, "214 passengers rescued from stranded ferry",
         "Lifeboats brought 214 passengers ashore after the ferry Alda ran on "
         "rocks near Sarnoy. The coast guard is investigating a failed rudder."},
        {'d', 100, "Drought empties the Telm reservoir",
         "The Telm reservoir has fallen to nine per cent after the driest spring on "
         "record. Farmers in the valley may water their fields only at night."},
        {'m', 101, "Haldane celebrates victory in Lorven",
         "With 54 per cent of the votes Ines Haldane becomes mayor of Lorven. "
         "Pavel Strunz congratulated her on Sunday night and thanked his voters."},
        {'f', 101, "Captain of the Alda questioned",
         "Investigators questioned the captain of the ferry Alda, which ran aground off "
         "Sarnoy with 214 passengers. A failed rudder is seen as the cause."},
        {'d', 102, "Farmers ration water as Telm dries up",
         "Nine per cent of its water is left in the Telm reservoir. Farmers in the "
         "valley ration water for their fields after the driest spring on record."},
        {'s', 101, "Museum buys a lost sketch",
         "The city museum has bought a sketch that was thought lost. It shows the old market."},
        {'b', 101, "Bakers strike for higher wages",
         "Bakers stayed away from work in protest at low wages. Their union wants six per cent."},
    };
    check_stories(told, sizeof told / sizeof *told);
}

/* In an edition of two or three articles every word is rare, so common English words must not join them. */
static void small_editions_keep_events_apart(void **state) {
    (void)state;
    static const struct told told[] = {
        {'a', -1, "Minister says the plan will be ready in time",
         "The minister said on Monday that the government would present the "
         "plan before the end of the year. The opposition said that it was too late."},
        {'b', -1, "Police say the man was found on Monday",
         "The police said on Monday that the man had been found near the river "
         "before the end of the day. The family said that it was glad."},
    };
    check_stories(told, sizeof told / sizeof *told);
}

static void articles_without_english_stand_alone(void **state) {
    (void)state;
    static const struct told told[] = {{'a', 1, "", ""}, {'b', 1, "", ""}};
    check_stories(told, 2);
}

/* Times `count` articles of ten words each. Each group of two hundred shares a vocabulary of forty words. */
static double time_clusters(size_t count) {
    struct grouped *grouped = memory_take(count * sizeof *grouped);
    struct arena *arena = arena_new();
    uint32_t seed = 7;
    for (size_t i = 0; i < count; i++) {
        grouped[i] = (struct grouped){{arena_take(arena, 10 * sizeof(struct feature)), 10}, 1, 0};
        for (uint32_t j = 0; j < 10; j++) {
            seed = seed * 1664525u + 1013904223u;
            grouped[i].vector.features[j] =
                (struct feature){(uint32_t)(i / 200) * 40 + j * 4 + (seed >> 30), 0.316f, true};
        }
    }
    clock_t start = clock();
    clusters_find(grouped, count, limits);
    double taken = (double)(clock() - start) / CLOCKS_PER_SEC;
    arena_free(arena);
    free(grouped);
    return taken;
}

/* Eight times as many articles may take eight times as long, but not 64 times. */
static void time_is_near_linear(void **state) {
    (void)state;
    double small = time_clusters(1000), large = time_clusters(8000);
    if (large > 24 * small + 0.2) fail_msg("1,000 articles: %f s, 8,000: %f s", small, large);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(one_event_is_one_story),
        cmocka_unit_test(small_editions_keep_events_apart),
        cmocka_unit_test(articles_without_english_stand_alone),
        cmocka_unit_test(time_is_near_linear),
    };
    return cmocka_run_group_tests(tests, open_vectors, close_vectors);
}
