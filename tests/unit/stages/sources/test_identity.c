/* Telling items apart that look alike, and recognising the same item. */
#include "unit/cmocka_test.h"

#include "stages/sources/parts/identity.h"

enum { ITEMS = 4 };

struct bench {
    struct arena *arena;
    struct feed_item items[ITEMS];
    struct item_identity *found;
};

static const struct span tracking[] = {{"utm_*", 5}};

static struct feed_item item(const char *guid, const char *link, const char *title, const char *published) {
    return (struct feed_item){.guid = span_of(guid),
                              .link = span_of(link),
                              .entry = {.title = span_of(title), .published = span_of(published)}};
}

static void find(struct bench *bench, size_t count) {
    struct feed feed = {.items = bench->items, .count = count};
    struct identity_rules rules = {SPAN("https://a.example/feed"), tracking, 1};
    bench->arena = arena_new();
    bench->found = identity_find(&feed, &rules, bench->arena);
}

static struct span identity(const struct bench *bench, size_t index) {
    const struct item_identity *found = &bench->found[index];
    return found->by[found->level];
}

static void expect_different(struct bench *bench, size_t count, enum identity_level level) {
    find(bench, count);
    for (size_t i = 0; i < count; i++) {
        assert_int_equal(bench->found[i].level, level);
        for (size_t k = 0; k < i; k++) assert_false(span_equal(identity(bench, i), identity(bench, k)));
    }
    arena_free(bench->arena);
}

static void well_behaved_items_keep_their_identity(void **state) {
    struct bench bench = {.items = {item("7", "https://a.example/1", "One", ""),
                                    item("", "https://a.example/2?utm_source=x#top", "Two", ""),
                                    item("tag:a.example,2026:3", "https://a.example/3", "Three", ""),
                                    item("https://a.example/?p=4", "https://a.example/4", "Four", "")}};
    (void)state;
    find(&bench, 4);
    assert_span(identity(&bench, 0), "https://a.example/feed 7");
    assert_span(identity(&bench, 1), "https://a.example/2");
    assert_span(identity(&bench, 2), "tag:a.example,2026:3");
    assert_span(identity(&bench, 3), "https://a.example/?p=4");
    arena_free(bench.arena);
}

static void a_repeated_guid_is_replaced_by_the_address(void **state) {
    struct bench bench = {.items = {item("N/A", "https://a.example/1", "One", ""),
                                    item("N/A", "https://a.example/2", "Two", ""),
                                    item("N/A", "https://a.example/3", "Three", "")}};
    (void)state;
    expect_different(&bench, 3, IDENTITY_ADDRESS);
}

static void fragments_count_if_nothing_else_differs(void **state) {
    struct bench links = {.items = {item("", "https://a.example/live#1", "One", ""),
                                    item("", "https://a.example/live#2", "Two", "")}},
                 guids = {.items = {item("https://a.example/live#1", "https://a.example/live", "One", ""),
                                    item("https://a.example/live#2", "https://a.example/live", "Two", "")}};
    (void)state;
    expect_different(&links, 2, IDENTITY_ADDRESS);
    expect_different(&guids, 2, IDENTITY_GUID);
}

static void title_and_date_decide_if_the_address_is_the_site(void **state) {
    struct bench bench = {.items = {item("0", "https://a.example/", "Weather", "2026-01-28"),
                                    item("0", "https://a.example/", "Weather", "2026-01-29"),
                                    item("0", "https://a.example/", "Tides", "2026-01-29")}};
    (void)state;
    expect_different(&bench, 3, IDENTITY_TITLE);
}

static void the_text_decides_if_nothing_else_does(void **state) {
    struct bench bench = {.items = {item("0", "https://a.example/", "", ""), item("0", "https://a.example/", "", "")}};
    (void)state;
    bench.items[0].entry.summary = SPAN("The ferry is late.");
    bench.items[1].entry.summary = SPAN("The ferry is on time.");
    expect_different(&bench, 2, IDENTITY_ALL);
}

/* When one of the items that share an identity leaves the feed, items that share nothing are not affected. */
static void only_items_that_share_an_identity_get_new_ones(void **state) {
    struct bench bench = {.items = {item("N/A", "https://a.example/1", "One", ""),
                                    item("N/A", "https://a.example/2", "Two", ""),
                                    item("33", "https://a.example/3", "Three", "")}};
    (void)state;
    find(&bench, 3);
    assert_int_equal(bench.found[0].level, IDENTITY_ADDRESS);
    assert_int_equal(bench.found[2].level, IDENTITY_USUAL);
    assert_span(identity(&bench, 2), "https://a.example/feed 33");
    arena_free(bench.arena);
}

/* A feed may list an item twice, or an older version of it as well. */
static void the_same_item_twice_is_one(void **state) {
    struct bench bench = {.items = {item("7", "https://a.example/1", "One", "2026-01-29"),
                                    item("7", "https://a.example/1?utm_medium=b", "One", "2026-01-29")}};
    (void)state;
    bench.items[1].entry.summary = SPAN("More is known now.");
    bench.items[1].entry.modified = SPAN("2026-01-30");
    find(&bench, 2);
    assert_span(identity(&bench, 0), "https://a.example/feed 7");
    assert_true(span_equal(identity(&bench, 0), identity(&bench, 1)));
    assert_false(span_equal(bench.found[0].version, bench.found[1].version));
    arena_free(bench.arena);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(well_behaved_items_keep_their_identity),
        cmocka_unit_test(a_repeated_guid_is_replaced_by_the_address),
        cmocka_unit_test(fragments_count_if_nothing_else_differs),
        cmocka_unit_test(title_and_date_decide_if_the_address_is_the_site),
        cmocka_unit_test(the_text_decides_if_nothing_else_does),
        cmocka_unit_test(only_items_that_share_an_identity_get_new_ones),
        cmocka_unit_test(the_same_item_twice_is_one),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
