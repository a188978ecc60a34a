/* The page of a week, byte by byte, made from lines "DAY TAB STATE TAB ABOUT TAB DIGEST". */
#include "unit/day_file_test.h"
#include "unit/golden.h"

#include <stdlib.h>
#include <time.h>

#include "stages/digest/week_page.h"

static void read_day(struct span line, struct arena *arena, struct week_day *ret_day) {
    struct span cells[4] = {{NULL, 0}};
    for (size_t i = 0; i < 4; i++) span_next(&line, '\t', &cells[i]);
    snprintf(ret_day->day, sizeof ret_day->day, "%.*s", SPAN_ARGS(cells[0]));
    ret_day->has_pages = span_is(cells[1], "pages");
    ret_day->is_to_come = span_is(cells[1], "to come");
    if (span_starts(cells[1], SPAN("20")))
        snprintf(ret_day->pruned, sizeof ret_day->pruned, "%.*s", SPAN_ARGS(cells[1]));
    ret_day->about = cells[2];
    if (cells[3].length) assert_true(read_day_file(cells[3], arena, &ret_day->file));
}

static void describe(void *state, struct span input, struct buffer *out) {
    (void)state;
    struct week week = {.name = "2026-W05", .version = "v1"};
    struct arena *arena = arena_new();
    struct span line;
    for (size_t i = 0; i < WEEK_DAYS && span_next(&input, '\n', &line); i++) read_day(line, arena, &week.days[i]);
    assert_true(week_page_write(&week, SPAN("body{}"), arena, out));
    arena_free(arena);
}

static void a_week_is_as_expected(void **state) {
    static const struct golden golden = {"week", "input.tsv", "expected.html", 2, describe};
    golden_check(&golden, *state);
}

/* Sixty stories are listed, the others counted. Of a story's languages, eight are named. */
static void a_list_has_limits(void **state) {
    (void)state;
    for (size_t count = 59; count <= 62; count++) {
        struct week week = {.name = "2026-W05", .version = "v1"};
        struct buffer text = BUFFER(1 << 20), out = BUFFER(1 << 20);
        struct arena *arena = arena_new();
        buffer_add_string(&text, "2026-01-26\tpages\t\t{\"stories\":[");
        for (size_t i = 0; i < count; i++)
            buffer_print(
                &text, "%s{\"id\":\"s%zu\",\"title\":\"T%zu\",\"weight\":%zu,\"languages\":%s,\"articles\":[\"a%zu\"]}",
                i ? "," : "", i, i, 1000 - i,
                i ? "[]" : "[\"aa\",\"bb\",\"cc\",\"dd\",\"ee\",\"ff\",\"gg\",\"hh\",\"ii\"]", i);
        buffer_add_string(&text, "]}");
        for (size_t i = 0; i < WEEK_DAYS; i++) strcpy(week.days[i].day, "2026-01-26");
        read_day(buffer_span(&text), arena, &week.days[0]);
        assert_true(week_page_write(&week, SPAN(""), arena, &out));
        const char *other =
            count == 61 ? "1 other story is on the pages of the days" : "2 other stories are on the pages of the days";
        assert_int_equal(strstr(out.at, other) != NULL, count > 60);
        assert_non_null(strstr(out.at, ">T58<"));
        assert_int_equal(strstr(out.at, ">T59<") != NULL, count > 59);
        assert_null(strstr(out.at, ">T60<"));
        assert_non_null(strstr(out.at, "hh"));
        assert_null(strstr(out.at, "ii<"));
        buffer_free(&text);
        buffer_free(&out);
        arena_free(arena);
    }
}

static void a_page_that_does_not_fit_is_refused(void **state) {
    (void)state;
    struct week week = {.name = "2026-W05", .version = "v1"};
    struct arena *arena = arena_new();
    struct buffer out = BUFFER(1000);
    for (size_t i = 0; i < WEEK_DAYS; i++) strcpy(week.days[i].day, "2026-01-26");
    assert_false(week_page_write(&week, SPAN(""), arena, &out));
    buffer_free(&out);
    arena_free(arena);
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(a_week_is_as_expected), cmocka_unit_test(a_list_has_limits),
                                       cmocka_unit_test(a_page_that_does_not_fit_is_refused)};
    setenv("TZ", "UTC", 1);
    tzset();
    return cmocka_run_group_tests(tests, NULL, NULL);
}
