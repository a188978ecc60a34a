/* Names of people in bylines of many languages. */
#include "unit/cmocka_test.h"

#include "stages/extract/authors.h"

struct fixture {
    struct arena *arena;
    struct author_words *words;
};

/* Asserts the `people` and `others` (organizations, then handles) found, joined by ";". */
static void check_from(void **state, const char *text, const char *site, const char *people, const char *others) {
    struct fixture *fixture = *state;
    struct authors authors = {0};
    struct buffer found = BUFFER(1024), rest = BUFFER(1024);
    authors_add(fixture->words, span_of(text), span_of(site), fixture->arena, &authors);
    for (size_t i = 0; i < authors.person_count; i++)
        buffer_print(&found, "%s%.*s", i ? ";" : "", SPAN_ARGS(authors.people[i]));
    for (size_t i = 0; i < authors.organization_count; i++)
        buffer_print(&rest, "%s%.*s", rest.length ? ";" : "", SPAN_ARGS(authors.organizations[i]));
    for (size_t i = 0; i < authors.handle_count; i++)
        buffer_print(&rest, "%s%.*s", rest.length ? ";" : "", SPAN_ARGS(authors.handles[i]));
    assert_span(buffer_span(&found), people);
    assert_span(buffer_span(&rest), others);
    buffer_free(&found);
    buffer_free(&rest);
}

static void check(void **state, const char *text, const char *people) {
    check_from(state, text, "", people, "");
}

static void prefixes_are_cut(void **state) {
    check(state, "By Nora Field", "Nora Field");
    check(state, "VON JETTE HANSEN", "JETTE HANSEN");
    check(state, "Veröffentlicht von Jette Hansen", "Jette Hansen");
    check(state, "Por: Lucía Ortega", "Lucía Ortega");
    check(state, "Автор: Иван Петров", "Иван Петров");
    check(state, "بقلم: سلمى الحداد", "سلمى الحداد");
    check(state, "作者：李明", "李明");
    check(state, "Per-Erik Dahl", "Per-Erik Dahl");
    check(state, "Vonda Byrne", "Vonda Byrne");
}

static void joined_names_are_parted(void **state) {
    check(state, "Ann Bee, Cy Dee and Eve Fox", "Ann Bee;Cy Dee;Eve Fox");
    check(state, "Lucía Ortega y Andrés Pinar", "Lucía Ortega;Andrés Pinar");
    check(state, "José Ortega y Gasset", "José Ortega y Gasset");
    check(state, "Ortega y Gasset", "Ortega y Gasset");
    check(state, "Мария Иванова и Пётр Сидоров", "Мария Иванова;Пётр Сидоров");
    check(state, "Ann Bee;Ann Bee", "Ann Bee");
    check(state, "Élodie Márquez; ÉLODIE MÁRQUEZ", "Élodie Márquez");
    check(state, "Мария Иванова; МАРИЯ ИВАНОВА", "Мария Иванова");
}

static void roles_and_places_are_cut(void **state) {
    check(state, "Seb Roth, Lille", "Seb Roth");
    check(state, "Von Anna Berg und Jan Vos, Kyjiw", "Anna Berg;Jan Vos");
    check(state, "신현주 기자", "신현주");
    check(state, "Jane Doe | Senior Reporter", "Jane Doe");
}

static void organizations_are_recognised(void **state) {
    check_from(state, "dpa", "", "", "dpa");
    check_from(state, "Pier News Staff", "Pier News", "", "Pier News Staff");
    check_from(state, "The Daily Quay", "The Daily Quay", "", "The Daily Quay");
    check_from(state, "Anna Berg/dpa", "", "Anna Berg", "");
    check_from(state, "quay.example", "", "", "quay.example");
    check_from(state, "Guardian staff reporter", "", "", "Guardian staff reporter");
    check_from(state, "BR24 Redaktion", "", "", "BR24 Redaktion");
    check_from(state, "amw", "", "", "amw");
}

static void other_texts_are_not_names(void **state) {
    static const char *const texts[] = {"",
                                        "By",
                                        "admin",
                                        "105092",
                                        "a.b@quay.example",
                                        "https://quay.example/a",
                                        "@quay",
                                        "29 January 2026",
                                        "9 articles",
                                        "von, von und von"};
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) check(state, texts[i], "");
}

static void controls_are_not_names(void **state) {
    check(state, "See full bio", "");
    check(state, "Mehr erfahren", "");
    check(state, "Voir tous ses articles", "");
    check(state, "View profile", "");
    check(state, "Читать все", "");
}

static void links_to_more_hold_a_name(void **state) {
    check(state, "More stories by Nora Field", "Nora Field");
    check(state, "Alle Artikel von Jette Hansen", "Jette Hansen");
    check(state, "Ver todos los artículos de Lucía Ortega", "Lucía Ortega");
    check(state, "Tutti gli articoli di Ada Conti", "Ada Conti");
}

static void a_prefix_may_be_joined_to_the_name(void **state) {
    check(state, "ByNora Field", "Nora Field");
    check(state, "PorLucía Ortega", "Lucía Ortega");
    check(state, "АвторИван Петров", "Иван Петров");
    check(state, "Byron Hale", "Byron Hale");
    check(state, "Vonda Maier", "Vonda Maier");
    check(state, "DiMarco Rossi", "DiMarco Rossi");
    check(state, "Doorman", "Doorman");
}

static void accounts_and_positions_are_cut(void **state) {
    check(state, "Ana Ruiz @anaruiz", "Ana Ruiz");
    check(state, "By Ana Ruiz ⋅ Review Editor", "Ana Ruiz");
    check(state, "Ana Ruiz • Senior Reporter", "Ana Ruiz");
    check(state, "Ana Ruiz, Ben Gil Reporter", "Ana Ruiz;Ben Gil");
    check(state, "Ana Ruiz)", "Ana Ruiz");
    check(state, "Ana Ruiz, Jan Vos, and Nora Field", "Ana Ruiz;Jan Vos;Nora Field");
    check(state, "Von\xC2\xA0Jette Hansen", "Jette Hansen");
    check(state, "By\xC2\xA0", "");
    check(state, "By Ana Ruiz, Edited by Jan Vos", "Ana Ruiz");
    check(state, "Von Jette Hansen mit AP", "Jette Hansen");
    check(state, "Ana Ruiz, Dan Field", "Ana Ruiz;Dan Field");
}

static int set_up(void **state) {
    static struct fixture fixture;
    struct table table = {0};
    struct failure failure = {0};
    fixture.arena = arena_new();
    *state = &fixture;
    bool read = table_read(TEST_DATA, "extract/bylines.tsv", fixture.arena, &table, &failure) &&
                author_words_make(&table, fixture.arena, &fixture.words, &failure);
    if (!read) print_error("%s\n", failure.sentence);
    return read ? 0 : -1;
}

static int tear_down(void **state) {
    arena_free(((struct fixture *)*state)->arena);
    return 0;
}

static void scripts_without_spaces_join_names_and_words(void **state) {
    check(state, "記者林可晴", "林可晴");
    check(state, "记者王小明、李兰", "王小明;李兰");
    check(state, "김하늘기자 구독", "김하늘");
    check_from(state, "島聲報／ 記者林可晴／台中即時報導", "", "林可晴", "島聲報");
    check_from(state, "강변신문", "", "", "강변신문");
    check_from(state, "朝凪新聞デジタル", "", "", "朝凪新聞デジタル");
    check_from(state, "新华社记者", "", "", "新华社");
}

static void a_name_ends_where_a_date_is_glued_to_it(void **state) {
    check(state, "გიორგი მამულია28 იანვარი 2026", "გიორგი მამულია");
    check(state, "Ιωάννα Λάσκαρη28.01.2026", "Ιωάννα Λάσκαρη");
    check(state, "सीमा रावत28 जनवरी 2026", "सीमा रावत");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(prefixes_are_cut),
        cmocka_unit_test(joined_names_are_parted),
        cmocka_unit_test(roles_and_places_are_cut),
        cmocka_unit_test(organizations_are_recognised),
        cmocka_unit_test(other_texts_are_not_names),
        cmocka_unit_test(controls_are_not_names),
        cmocka_unit_test(links_to_more_hold_a_name),
        cmocka_unit_test(a_prefix_may_be_joined_to_the_name),
        cmocka_unit_test(accounts_and_positions_are_cut),
        cmocka_unit_test(scripts_without_spaces_join_names_and_words),
        cmocka_unit_test(a_name_ends_where_a_date_is_glued_to_it),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
