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
    assert_span(read("*Note: 3*4 for #Europe.[][\n]", "*Nota: 3*4 para #Europa", arena, &unknown),
                "*Note: 3*4 for #Europe");
    assert_int_equal(unknown, 0);
    arena_free(arena);
}

/* An asterisk that the author uses as a footnote mark must not hide those of Apertium. */
static void marks_of_the_engine_go_beside_those_of_the_author(void **state) {
    (void)state;
    static const struct {
        const char *frame, *source, *text;
        unsigned unknown;
    } cases[] = {{"The ticket costs 90* euros, said *Brunhild *Okoye.[][\n]",
                  "El billete vale 90* euros, dijo Brunhild Okoye", "The ticket costs 90* euros, said Brunhild Okoye",
                  2},
                 {"* The mayor **Okoye spoke.[][\n]", "* El alcalde Okoye habló", "* The mayor Okoye spoke", 1},
                 {"*Note: *Okoye left.[][\n]", "*Nota: Okoye salió", "*Note: Okoye left", 1},
                 {"Prize # 1 for the #child.[][\n]", "Premio # 1 para el niño", "Prize # 1 for the child", 1},
                 {"The mayor #— of the right — left.[][\n]", "El alcalde — de derechas — salió",
                  "The mayor — of the right — left", 1},
                 {"The mayor #- of the right - left.[][\n]", "El alcalde - de derechas - salió",
                  "The mayor - of the right - left", 0},
                 {"Room \\#– he said – and @, too.[][\n]", "Sala – dijo – y, también", "Room – he said – and , too", 1},
                 {"#– Yes #, said *Okoye.[][\n]", "– Sí, dijo Okoye", "– Yes , said Okoye", 2}};
    struct arena *arena = arena_new();
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        unsigned unknown;
        assert_span(read(cases[i].frame, cases[i].source, arena, &unknown), cases[i].text);
        assert_int_equal(unknown, cases[i].unknown);
    }
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
                                       cmocka_unit_test(marks_of_the_engine_go_beside_those_of_the_author),
                                       cmocka_unit_test(figures_are_written_as_in_english)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
