#include "unit/cmocka_test.h"

#include <stdlib.h>
#include <time.h>

#include "stages/group/clusters.h"

static const struct group_limits limits = {0.065, 90, {25, 0}};

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

static void group(const struct told *told, size_t count, struct grouped *ret_grouped) {
    struct article **articles = memory_take(count * sizeof(struct article *));
    struct arena *arena = arena_new();
    vectors_reset(vectors);
    for (size_t i = 0; i < count; i++) vectors_count(vectors, articles[i] = make_article(&told[i]));
    for (size_t i = 0; i < count; i++)
        ret_grouped[i] = (struct grouped){.vector = vectors_weigh(vectors, articles[i], arena), .day = told[i].day};
    clusters_find(ret_grouped, count, limits, arena);
    for (size_t i = 0; i < count; i++) article_free(articles[i]);
    arena_free(arena);
    free(articles);
}

static void check_stories(const struct told *told, size_t count) {
    struct grouped grouped[64] = {0};
    group(told, count, grouped);
    for (size_t i = 0; i < count; i++)
        for (size_t j = 0; j < i; j++)
            if ((told[i].event == told[j].event) != (grouped[i].story == grouped[j].story))
                fail_msg("\"%s\" and \"%s\"", told[i].title, told[j].title);
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

/* ---------------------------------------------------------------- many events of one kind */

enum { EVENTS = 12, TAKES = 4 };

/* The parts of a report that differ from event to event; every event of a kind is told in the same words. */
struct parts {
    const char *one, *other, *person, *place;
};
static const struct parts parts_of[EVENTS] = {
    {"Orvella", "Tannick", "Mila Drasko", "Harrow Lane"}, {"Pellworm", "Skarvik", "Jonas Rhee", "Glassfield"},
    {"Quillan", "Brestow", "Ada Venk", "Millbank"},       {"Zorvina", "Halmstone", "Timo Karsh", "Ostergate"},
    {"Ludvik", "Farrowby", "Ines Polk", "Riverside"},     {"Kestrin", "Morvane", "Oleg Danby", "Stonepark"},
    {"Walbrook", "Jessamin", "Rita Solheim", "Coalyard"}, {"Umberley", "Dravec", "Pavel Nims", "Northmoor"},
    {"Cressida", "Vandorp", "Leyla Hart", "Eastwick"},    {"Ingram", "Solveig", "Marek Toth", "Highcross"},
    {"Tolverne", "Ashgill", "Nadia Brandt", "Lakeview"},  {"Bramwell", "Ostrava", "Hugo Lind", "Kilnside"},
};

/* `told` is filled with TAKES reports on each event, made from the form of the kind. */
static void tell_events(struct arena *arena, const char *const title[TAKES], const char *const text[TAKES],
                        struct told told[EVENTS * TAKES]) {
    for (size_t i = 0; i < EVENTS * TAKES; i++) {
        const struct parts *name = &parts_of[i / TAKES];
        struct buffer line = BUFFER(4096);
        const char *parts[2] = {title[i % TAKES], text[i % TAKES]}, *made[2];
        for (size_t part = 0; part < 2; part++) {
            buffer_clear(&line);
            for (const char *at = parts[part]; *at; at++)
                buffer_print(&line, "%s",
                             *at == '1'   ? name->one
                             : *at == '2' ? name->other
                             : *at == '3' ? name->person
                             : *at == '4' ? name->place
                                          : (char[]){*at, '\0'});
            made[part] = arena_string(arena, buffer_span(&line));
        }
        told[i] = (struct told){(char)('a' + (int)(i / TAKES)), 100, made[0], made[1]};
        buffer_free(&line);
    }
}

static void check_kind(const char *const title[TAKES], const char *const text[TAKES]) {
    struct arena *arena = arena_new();
    struct told told[EVENTS * TAKES];
    tell_events(arena, title, text, told);
    check_stories(told, EVENTS * TAKES);
    arena_free(arena);
}

static void matches_of_a_day_are_apart(void **state) {
    (void)state;
    check_kind(
        (const char *const[]){"1 beat 2 in the league", "2 lose at 1", "3 scores as 1 win", "Victory for 1"},
        (const char *const[]){
            "The league match ended with a victory of 1 over 2. Coach 3 praised the players. The match at 4 was "
            "sold out. The referee showed four yellow cards in the second half.",
            "In the championship 2 were beaten by 1 at 4. The goal was checked by the video assistant. The coach "
            "made three substitutions in the second half. The referee showed four yellow cards.",
            "A goal by 3 decided the league match of 1 against 2. The referee showed four yellow cards in the "
            "second half, and the coach made three substitutions.",
            "The players of 1 celebrated with the fans at 4 after the final whistle against 2. The coach made "
            "three substitutions, and the goal was checked by the video assistant."});
}

static void fires_are_apart(void **state) {
    (void)state;
    check_kind(
        (const char *const[]){"Fire destroys warehouse in 1", "Warehouse fire near 1", "Large fire in 1",
                              "1: warehouse burns"},
        (const char *const[]){
            "A fire destroyed a warehouse on 4 Street in 1. Firefighters from 2 helped. The cause of the fire is "
            "not yet known, and residents were asked to keep windows closed.",
            "Firefighters fought the flames in a warehouse near 1 during the night. Mayor 3 thanked the rescuers. "
            "The cause of the fire is not yet known. Police are investigating arson.",
            "The warehouse on 4 Street in 1 burned down. The damage amounts to several million. Residents were "
            "asked to keep windows closed, said mayor 3. Police are investigating arson.",
            "Smoke from a burning warehouse in 1 was visible as far as 2. Residents were asked to keep windows "
            "closed. The fire was under control in the morning, and firefighters stayed at the scene."});
}

static void elections_are_apart(void **state) {
    (void)state;
    check_kind(
        (const char *const[]){"3 wins election in 1", "1: 3 claims victory", "Voters in 1 choose change",
                              "3 to form government"},
        (const char *const[]){
            "The party of 3 won the parliamentary election in 1. Turnout was high, the electoral commission said. "
            "The opposition demands a recount. Coalition talks are expected to begin.",
            "According to preliminary results 3 leads in 1. Supporters celebrated in 4, the capital. Observers "
            "said that the election was free and fair. Coalition talks are expected to begin.",
            "Voters in 1 went to the polls. The party of 3 is ahead of the list of 2, the electoral commission "
            "said. Observers said that the election was free and fair.",
            "The president of 1 will ask 3 to form a government. The list of 2 conceded defeat. The opposition "
            "demands a recount. Polling stations in 4 had stayed open longer."});
}

/* Two events on one island are related. Each list names the other story by its first article. */
static void stories_of_one_subject_are_related(void **state) {
    (void)state;
    static const struct told told[] = {
        {'a', 100, "Ferry Alda runs aground off Sarnoy",
         "The ferry Alda ran aground off Sarnoy. The coast guard of Sarnoy brought the passengers ashore."},
        {'a', 100, "Passengers of the ferry Alda rescued",
         "Lifeboats brought the passengers of the ferry Alda ashore on Sarnoy, the coast guard said."},
        {'b', 100, "Sarnoy opens lighthouse",
         "The island of Sarnoy has opened its old lighthouse for visitors. The keeper Bruno Tack has lived there "
         "for thirty years and will show the lamp and the stairs in summer."},
        {'c', 100, "Bakers strike for higher wages",
         "Bakers stayed away from work in protest at low wages. Their union wants six per cent."},
    };
    struct grouped grouped[4] = {0};
    check_stories(told, 4);
    group(told, 4, grouped);
    assert_int_equal(grouped[0].related_count, 1);
    assert_int_equal(grouped[0].related[0], 2);
    assert_int_equal(grouped[2].related_count, 1);
    assert_int_equal(grouped[2].related[0], 0);
    assert_int_equal(grouped[3].related_count, 0);
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
        grouped[i] = (struct grouped){.vector = {arena_take(arena, 10 * sizeof(struct feature)), 10}, .day = 1};
        for (uint32_t j = 0; j < 10; j++) {
            seed = seed * 1664525u + 1013904223u;
            grouped[i].vector.features[j] =
                (struct feature){(uint32_t)(i / 200) * 40 + j * 4 + (seed >> 30), 0.316f, 1, 20, true};
        }
    }
    clock_t start = clock();
    clusters_find(grouped, count, limits, arena);
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
        cmocka_unit_test(matches_of_a_day_are_apart),
        cmocka_unit_test(fires_are_apart),
        cmocka_unit_test(elections_are_apart),
        cmocka_unit_test(stories_of_one_subject_are_related),
        cmocka_unit_test(articles_without_english_stand_alone),
        cmocka_unit_test(time_is_near_linear),
    };
    return cmocka_run_group_tests(tests, open_vectors, close_vectors);
}
