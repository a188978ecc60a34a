#include "unit/cmocka_test.h"

#include "stages/language/figures.h"

static struct arena *arena;
static struct table table;

static int read_table(void **state) {
    (void)state;
    struct failure failure = {0};
    arena = arena_new();
    return figures_read(TEST_DATA, arena, &table, &failure) ? 0 : -1;
}

static int free_table(void **state) {
    (void)state;
    arena_free(arena);
    return 0;
}

/* Writes the English of a text whose numbers the engine left as they are. */
static void assert_written(const char *language, const char *text, const char *expected) {
    struct buffer out = BUFFER(1000);
    figures_write(figures_marks(&table, span_of(language)), span_of(text), span_of(text), &out);
    assert_span(buffer_span(&out), expected);
    buffer_free(&out);
}

static void figures_are_written_as_in_english(void **state) {
    (void)state;
    assert_written("de", "1.234 houses, 3.500.000 euros, 1,4 million", "1,234 houses, 3,500,000 euros, 1.4 million");
    assert_written("pt-BR", "12.345,67 reais", "12,345.67 reais");
    assert_written("pl", "from 1,5-2,5 to -0,75 %", "from 1.5-2.5 to -0.75 %");
    assert_written("es", "1.234 houses, 2,125 percent", "1,234 houses, 2.125 percent");
    assert_written("tr", "0,125 percent", "0.125 percent");
}

static void what_english_writes_alike_stays(void **state) {
    (void)state;
    assert_written("de", "2.5 of 12 on 14.06.2024 at 19.30", "2.5 of 12 on 14.06.2024 at 19.30");
    assert_written("zh", "1.234 and 1,5", "1.234 and 1,5");
    assert_written("en", "1,234.5", "1,234.5");
}

static void links_versions_and_addresses_stay(void **state) {
    (void)state;
    static const char *const texts[] = {
        "https://n.example/1.234", "v1.234 and A4.500", "10.100.200.150",      "2.4.123", "0221-1.234",
        "code 1.234/5 or 7:1,5",   "me@1.234",          "articles 1,2,3 and 4"};
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) assert_written("de", texts[i], texts[i]);
}

/* Spanish is written both ways: only what the other numbers of the text decide is changed. */
static void doubtful_figures_stay(void **state) {
    (void)state;
    assert_written("es", "1,234 houses", "1,234 houses");
    assert_written("es", "18.345 pesos, 2.5 more", "18.345 pesos, 2.5 more");
    assert_written("de", "1,234 houses", "1,234 houses");
}

static void only_figures_of_the_source_are_changed(void **state) {
    (void)state;
    struct buffer out = BUFFER(1000);
    figures_write(FIGURES_COMMA, SPAN("2.500 Menschen"), SPAN("2.500 people and 3.500 more"), &out);
    assert_span(buffer_span(&out), "2,500 people and 3.500 more");
    buffer_free(&out);
}

static void languages_are_found_by_their_codes(void **state) {
    (void)state;
    assert_int_equal(figures_marks(&table, SPAN("de-AT")), FIGURES_COMMA);
    assert_int_equal(figures_marks(&table, SPAN("sr-Latn")), FIGURES_COMMA);
    assert_int_equal(figures_marks(&table, SPAN("ES")), FIGURES_EITHER);
    assert_int_equal(figures_marks(&table, SPAN("zh-Hans")), FIGURES_UNKNOWN);
    assert_int_equal(figures_marks(&table, SPAN("")), FIGURES_UNKNOWN);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(figures_are_written_as_in_english),      cmocka_unit_test(what_english_writes_alike_stays),
        cmocka_unit_test(links_versions_and_addresses_stay),      cmocka_unit_test(doubtful_figures_stay),
        cmocka_unit_test(only_figures_of_the_source_are_changed), cmocka_unit_test(languages_are_found_by_their_codes)};
    return cmocka_run_group_tests(tests, read_table, free_table);
}
