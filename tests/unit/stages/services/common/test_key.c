/* The memory's key changes with everything that influences an answer, and with nothing else. */
#include "unit/cmocka_test.h"

#include "stages/services/common/key.h"

static const struct service kind = {.name = "kind"}, other_kind = {.name = "kin"};
static const struct configured_service service = {.service = &kind, .name = {"mine", 4}};

struct parts {
    const char *source, *language, *model, *prompt, *glossary;
};

static struct memory_key key(struct parts parts) {
    return key_of(span_of(parts.source), parts.language, &service, span_of(parts.model), span_of(parts.prompt),
                  span_of(parts.glossary));
}

static void assert_same(struct memory_key one, struct memory_key other, bool wanted) {
    assert_int_equal(memcmp(one.bytes, other.bytes, sizeof one.bytes) == 0, wanted);
}

static void every_part_changes_the_key(void **state) {
    (void)state;
    static const struct parts all[] = {
        {"Hola.", "es", "m1", "p1", "g1"}, {"Hola!", "es", "m1", "p1", "g1"}, {"Hola.", "pt", "m1", "p1", "g1"},
        {"Hola.", "es", "m2", "p1", "g1"}, {"Hola.", "es", "m1", "p2", "g1"}, {"Hola.", "es", "m1", "p1", "g2"},
        {"Hola.", "es", "", "m1p1", "g1"}, {"Hola.", "es", "m1p1", "", "g1"}, {"Hola.", "es", "m1", "p1g1", ""},
        {"Hola.", "es", "m1", "p", "1g1"}, {"Hola.e", "s", "m1", "p1", "g1"}};
    size_t compared = 0;
    for (size_t i = 0; i < sizeof all / sizeof *all; i++)
        for (size_t j = 0; j < sizeof all / sizeof *all; j++, compared++) assert_same(key(all[i]), key(all[j]), i == j);
    assert_int_equal(compared, 121);
}

static void the_service_and_its_kind_count(void **state) {
    (void)state;
    struct configured_service renamed = service, of_other_kind = service, moved = service;
    renamed.name = SPAN("yours");
    of_other_kind.service = &other_kind;
    moved.name = SPAN("min");
    struct span text = SPAN("Hola."), none = SPAN("");
    struct memory_key usual = key_of(text, "es", &service, none, none, none);
    assert_same(usual, key_of(text, "es", &renamed, none, none, none), false);
    assert_same(usual, key_of(text, "es", &of_other_kind, none, none, none), false);
    assert_same(usual, key_of(text, "es", &moved, SPAN("e"), none, none), false);
}

static void white_space_is_folded_and_nothing_else(void **state) {
    (void)state;
    struct parts wanted = {"Buenos días, Ana.", "es", "m", "p", "g"};
    static const char *const same[] = {"  Buenos días, Ana.", "Buenos\n\tdías,  Ana. \r\n", "Buenos días, Ana.\f"};
    static const char *const other[] = {"Buenosdías, Ana.", "buenos días, Ana.", "Buenos dias, Ana.",
                                        "Buenos días Ana."};
    for (size_t i = 0; i < sizeof same / sizeof *same; i++)
        assert_same(key(wanted), key((struct parts){same[i], "es", "m", "p", "g"}), true);
    for (size_t i = 0; i < sizeof other / sizeof *other; i++)
        assert_same(key(wanted), key((struct parts){other[i], "es", "m", "p", "g"}), false);
}

static void imported_pairs_are_for_every_script_and_region(void **state) {
    (void)state;
    struct span text = SPAN("Dobar dan.");
    assert_same(key_of_import(text, "sr"), key_of_import(text, "sr-Cyrl"), true);
    assert_same(key_of_import(text, "sr"), key_of_import(text, "sr_RS"), true);
    assert_same(key_of_import(text, "sr"), key_of_import(text, "hr"), false);
    assert_same(key_of_import(text, "sr"), key_of_import(SPAN("Dobro jutro."), "sr"), false);
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(every_part_changes_the_key),
                                       cmocka_unit_test(the_service_and_its_kind_count),
                                       cmocka_unit_test(white_space_is_folded_and_nothing_else),
                                       cmocka_unit_test(imported_pairs_are_for_every_script_and_region)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
