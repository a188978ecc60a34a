/* Stories read back from digest.json, and the page of a week that is made from them. */
#include "unit/day_file_test.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "stages/digest/week_page.h"

static const char whole[] =
    "{\"format\":\"dragoman-digest/1\",\"version\":\"1\",\"new\":[1,{\"a\":\"}]\"}],\"run\":{\"outages\":[{\"kind\":"
    "\"source\",\"name\":\"g[one\",\"since\":\"2026-01-28T01:00:00Z\",\"reason\":\"refused\"}]},\"stories\":[{\"id\":"
    "\"s1\","
    "\"title\":\"A \\\"quoted\\\" ], "
    "title\",\"weight\":12,\"outlets\":2,\"languages\":[\"de\",\"ru\"],\"earlier\":{\"day\":"
    "\"2026-01-28\",\"id\":\"s0\"},\"articles\":[\"a\",\"b\"]},{\"id\":\"s2\",\"title\":\"T\",\"articles\":[\"c\"]}],"
    "\"articles\":[{\"id\":\"a\"}]}";

static bool read_text(const char *text, struct arena *arena, struct day_file *ret_file) {
    return read_day_file(span_of(text), arena, ret_file);
}

static void stories_are_read_with_what_is_known_of_them(void **state) {
    (void)state;
    struct arena *arena = arena_new();
    struct day_file file;
    assert_true(read_text(whole, arena, &file));
    assert_int_equal(file.count, 2);
    assert_true(span_is(file.stories[0].title, "A \"quoted\" ], title"));
    assert_true(span_is(file.stories[0].earlier, "s0"));
    assert_int_equal(file.stories[0].count, 2);
    assert_true(span_is(file.stories[0].languages[1], "ru"));
    assert_int_equal((int)file.stories[0].weight, 12);
    assert_int_equal((int)file.stories[1].weight, 1);
    assert_true(span_find(file.notes, SPAN("g[one")) != SIZE_MAX);
    arena_free(arena);
}

static void all_stories_of_a_large_day_are_read(void **state) {
    (void)state;
    enum { STORIES = 5000 };
    static const char *const ends[] = {"],\"articles\":[\n{\"id\":\"a\"}]}\n", "],\"articles\":[{\"id\":\"a\"}]}",
                                       "]}"};
    for (size_t e = 0; e < sizeof ends / sizeof *ends; e++) {
        struct arena *arena = arena_new();
        struct buffer text = BUFFER(8 << 20);
        struct day_file file;
        buffer_add_string(&text, "{\"stories\":[");
        for (int i = 0; i < STORIES; i++)
            buffer_print(&text,
                         "%s{\"id\":\"s%d\",\"title\":\"The title of story %d\",\"related\":[],\"articles\":[\"a%d\"]}",
                         i ? ",\n" : "\n", i, i, i);
        buffer_add_string(&text, ends[e]);
        assert_true(read_text(text.at, arena, &file));
        assert_int_equal(file.count, STORIES);
        buffer_free(&text);
        arena_free(arena);
    }
}

static void a_damaged_file_gives_what_precedes_the_damage(void **state) {
    (void)state;
    struct arena *arena = arena_new();
    struct day_file file;
    for (size_t length = 0; length < sizeof whole - 1; length++) {
        char part[sizeof whole];
        snprintf(part, sizeof part, "%.*s", (int)length, whole);
        read_text(part, arena, &file);
        assert_in_range(file.count, 0, 2);
    }
    static const char *const wrong[] = {"[]",
                                        "{",
                                        "{\"stories\":{\"a\":\"",
                                        "{\"run\":\"\\",
                                        "}}}}",
                                        "{\"stories\":[[[[",
                                        "{\"stories\":[1,null,\"x\"],\"articles\":[]}"};
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) read_text(wrong[i], arena, &file);
    arena_free(arena);
}

static void what_stands_in_the_file_is_escaped(void **state) {
    (void)state;
    struct arena *arena = arena_new();
    struct buffer out = BUFFER(1 << 20);
    struct week week = {.name = "2026-W05", .version = "1"};
    for (size_t i = 0; i < WEEK_DAYS; i++) snprintf(week.days[i].day, 11, "2026-01-%02d", 26 + (int)i % 6);
    week.days[3].has_pages = true;
    assert_true(
        read_text("{\"stories\":[{\"id\":\"../../x\\\"><script>\",\"title\":\"<script>\",\"title_doubt\":\"<b>\","
                  "\"languages\":[\"\\\"<i>\"],\"articles\":[\"a\"]}]}",
                  arena, &week.days[3].file));
    assert_true(week_page_write(&week, SPAN(""), arena, &out));
    static const char *const never[] = {"<script", "<b>", "<i>", "../"};
    for (size_t i = 0; i < sizeof never / sizeof *never; i++)
        if (span_find(buffer_span(&out), span_of(never[i])) != SIZE_MAX) fail_msg("%s", never[i]);
    assert_true(span_find(buffer_span(&out), SPAN("&lt;script&gt;")) != SIZE_MAX);
    buffer_free(&out);
    arena_free(arena);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(stories_are_read_with_what_is_known_of_them),
        cmocka_unit_test(all_stories_of_a_large_day_are_read),
        cmocka_unit_test(a_damaged_file_gives_what_precedes_the_damage),
        cmocka_unit_test(what_stands_in_the_file_is_escaped),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
