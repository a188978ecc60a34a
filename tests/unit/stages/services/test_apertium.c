#include "unit/cmocka_test.h"

#include "stages/services/apertium/stream.h"

static struct span read(const char *frame, const char *source, struct arena *arena, unsigned *unknown) {
    return stream_read(span_of(frame), span_of(source), arena, unknown);
}

static void special_characters_are_escaped_and_come_back(void **state) {
    (void)state;
    struct arena *arena = arena_new();
    struct buffer out = BUFFER(1000);
    unsigned unknown;
    stream_write(SPAN("a [b] $5 ^c"), NULL, &out);
    assert_span(buffer_span(&out), "a \\[b\\] \\$5 \\^c.[][\n]");
    assert_span(read(out.at, "a [b] $5 ^c", arena, &unknown), "a [b] $5 ^c");
    assert_int_equal(unknown, 0);
    buffer_free(&out);
    arena_free(arena);
}

static void marks_are_counted_and_taken_away(void **state) {
    (void)state;
    struct arena *arena = arena_new();
    unsigned unknown;
    assert_span(read("The **взрив in *\\@120 plant.[][\n]", "взрив", arena, &unknown), "The взрив in 120 plant");
    assert_int_equal(unknown, 2);
    arena_free(arena);
}

static void marks_of_the_author_stay(void **state) {
    (void)state;
    struct arena *arena = arena_new();
    unsigned unknown;
    assert_span(read("see @user.[][\n]", "ver @user", arena, &unknown), "see @user");
    assert_int_equal(unknown, 0);
    arena_free(arena);
}

static void figures_are_written_as_in_english(void **state) {
    (void)state;
    struct arena *arena = arena_new();
    struct span source = SPAN("1.850 de 12.500, un 2,5 %");
    assert_span(stream_figures(FIGURES_COMMA, source, SPAN("1.850 of 12.500, 2,5 %"), arena), "1,850 of 12,500, 2.5 %");
    assert_span(stream_figures(FIGURES_UNKNOWN, source, SPAN("1.850"), arena), "1.850");
    arena_free(arena);
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(special_characters_are_escaped_and_come_back),
                                       cmocka_unit_test(marks_are_counted_and_taken_away),
                                       cmocka_unit_test(marks_of_the_author_stay),
                                       cmocka_unit_test(figures_are_written_as_in_english)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
