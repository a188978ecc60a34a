/* What was missing on several days, as one list. */
#include "unit/cmocka_test.h"

#include <stdio.h>

#include "stages/digest/notes.h"

enum { DAYS = 60, A_DAY = 200 };

/* Notes of a day on which some articles failed; `reason` is repeated to make them long. */
static struct span failed_day(struct arena *arena, size_t day, size_t first, size_t count, const char *reason) {
    struct buffer text = BUFFER(64 << 20);
    buffer_add_string(&text, "{\"failed\":[");
    for (size_t i = first; i < first + count; i++)
        buffer_print(&text, "%s{\"id\":\"%032zu\",\"since\":\"day %zu\",\"reason\":\"%s\"}", i > first ? "," : "", i,
                     day, reason);
    buffer_add_string(&text, "]}");
    struct span notes = arena_copy(arena, buffer_span(&text));
    buffer_free(&text);
    return notes;
}

static cJSON *join(const struct span *days, size_t count, struct arena *arena) {
    return json_parse(notes_join(days, count, NULL, arena), 16 << 20, "joined notes", NULL);
}

static double count_failed(const cJSON *notes) {
    return cJSON_GetArraySize(json_member(notes, "failed")) + json_member_number(notes, "more_missing", 0);
}

static void what_several_days_say_is_said_once(void **state) {
    (void)state;
    struct arena *arena = arena_new();
    struct span days[] = {failed_day(arena, 1, 0, 2, "old"), failed_day(arena, 2, 1, 2, "new")};
    cJSON *notes = join(days, 2, arena);
    assert_int_equal((int)count_failed(notes), 3);
    const cJSON *first = cJSON_GetArrayItem(json_member(notes, "failed"), 0);
    assert_true(span_is(json_member_text(first, "reason"), "new"));
    cJSON_Delete(notes);
    arena_free(arena);
}

static void very_many_articles_are_counted(void **state) {
    (void)state;
    struct arena *arena = arena_new();
    struct span days[DAYS];
    for (size_t i = 0; i < DAYS; i++) days[i] = failed_day(arena, i, i * A_DAY, A_DAY, "no text");
    cJSON *notes = join(days, DAYS, arena);
    assert_int_equal((int)count_failed(notes), DAYS * A_DAY);
    assert_in_range(cJSON_GetArraySize(json_member(notes, "failed")), 1, 1000);
    const cJSON *first = cJSON_GetArrayItem(json_member(notes, "failed"), 0);
    assert_true(span_is(json_member_text(first, "since"), "day 59"));
    cJSON_Delete(notes);
    arena_free(arena);
}

static void notes_that_are_too_long_do_not_look_as_if_nothing_were_missing(void **state) {
    (void)state;
    struct arena *arena = arena_new();
    struct buffer reason = BUFFER(1 << 20);
    for (size_t i = 0; i < 9000; i++) buffer_add_string(&reason, "word ");
    struct span days[] = {failed_day(arena, 1, 0, A_DAY, reason.at), failed_day(arena, 2, A_DAY, A_DAY, reason.at)};
    cJSON *notes = join(days, 2, arena);
    assert_non_null(notes);
    assert_int_equal(cJSON_GetArraySize(json_member(notes, "notes")), 1);
    cJSON_Delete(notes);
    buffer_free(&reason);
    arena_free(arena);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_several_days_say_is_said_once),
        cmocka_unit_test(very_many_articles_are_counted),
        cmocka_unit_test(notes_that_are_too_long_do_not_look_as_if_nothing_were_missing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
