/* The choice of an article's title. */
#include "unit/cmocka_test.h"

#include "stages/extract/titles.h"

static void check_from(struct titles titles, const char *wanted, const char *wanted_evidence) {
    struct arena *arena = arena_new();
    struct span evidence, chosen = titles_choose(&titles, arena, &evidence);
    assert_span(chosen, wanted);
    if (wanted_evidence) assert_span(evidence, wanted_evidence);
    arena_free(arena);
}

static void check(struct titles titles, const char *wanted) {
    check_from(titles, wanted, NULL);
}

static void site_names_are_cut(void **state) {
    (void)state;
    check((struct titles){.document = SPAN("Rain again | The Quay"), .site = SPAN("The Quay")}, "Rain again");
    check((struct titles){.document = SPAN("The Quay: Rain again - QUAY.example"), .host = SPAN("www.quay.example")},
          "The Quay: Rain again");
    check((struct titles){.document = SPAN("Diario Sur | Vuelve la lluvia"), .site = SPAN("Diario Sur")},
          "Vuelve la lluvia");
    check((struct titles){.document = SPAN("港に新しい灯台-みなと新聞"), .site = SPAN("みなと新聞")}, "港に新しい灯台");
}

static void parts_of_words_and_of_headlines_stay(void **state) {
    (void)state;
    check((struct titles){.document = SPAN("The \"Job-Turbo\" helps - or does it?"), .site = SPAN("Turbo")},
          "The \"Job-Turbo\" helps - or does it?");
    check((struct titles){.document = SPAN("Rain - again"), .site = SPAN("The Quay")}, "Rain - again");
}

static void the_majority_wins(void **state) {
    (void)state;
    check((struct titles){.shared = SPAN("You won't believe this rain"),
                          .headline = SPAN("Rain again"),
                          .headings = {SPAN("Rain again")},
                          .heading_count = 1},
          "Rain again");
    check((struct titles){.shared = SPAN("Rain, again"),
                          .document = SPAN("Rain again | Weather | x"),
                          .headings = {SPAN("The Quay"), SPAN("Rain again")},
                          .heading_count = 2,
                          .site = SPAN("The Quay")},
          "Rain, again");
}

static void search_engines_are_outvoted(void **state) {
    (void)state;
    check((struct titles){.shared = SPAN("Rain London today weather"),
                          .document = SPAN("Rain London today weather"),
                          .headline = SPAN("It rains again"),
                          .headings = {SPAN("It rains again")},
                          .heading_count = 1},
          "It rains again");
}

static void longer_titles_are_cut_to_match_the_others(void **state) {
    (void)state;
    check((struct titles){.shared = SPAN("Rain comes again | Todo sobre la lluvia"),
                          .headings = {SPAN("Rain comes again")},
                          .heading_count = 1},
          "Rain comes again");
}

static void the_titles_that_agree_are_named(void **state) {
    (void)state;
    struct titles titles = {.shared = SPAN("Rain, again"),
                            .shared_from = SPAN("meta twitter:title"),
                            .document = SPAN("Rain again | The Quay"),
                            .headline = SPAN("It pours"),
                            .headings = {SPAN("Rain again"), SPAN("Rain again")},
                            .heading_count = 2,
                            .site = SPAN("The Quay")};
    check_from(titles, "Rain, again", "meta twitter:title, h1, title");
    check_from((struct titles){.headline = SPAN("Rain again")}, "Rain again", "json-ld headline");
}

/* Only the title shows which heading is the site's. */
static void headings_beside_the_headline_are_the_sites(void **state) {
    (void)state;
    check((struct titles){.document = SPAN("Ferries run again tomorrow | The Quay"),
                          .headings = {SPAN("The Quay"), SPAN("Ferries run again tomorrow")},
                          .places = {HEADING_FIRST, HEADING_SECOND},
                          .heading_count = 2},
          "Ferries run again tomorrow");
    check((struct titles){.document = SPAN("Крайбрежие » Фериботите тръгват отново"),
                          .shared = SPAN("Фериботите тръгват отново"),
                          .headings = {SPAN("Крайбрежие")},
                          .places = {HEADING_FIRST},
                          .heading_count = 1},
          "Фериботите тръгват отново");
    check((struct titles){.document = SPAN("港に新しい灯台｜みなと新聞"),
                          .headings = {SPAN("みなと新聞"), SPAN("港に新しい灯台")},
                          .places = {HEADING_FIRST, HEADING_SECOND},
                          .heading_count = 2},
          "港に新しい灯台");
    check((struct titles){.document = SPAN("Sea travel | Ferries run again"), /* the section comes first */
                          .headings = {SPAN("Ferries run again"), SPAN("Sea travel")},
                          .places = {HEADING_FIRST, HEADING_SECOND},
                          .heading_count = 2},
          "Ferries run again");
    check((struct titles){.document = SPAN("Rain | The Quay of the North"), /* no other title has it alone */
                          .headings = {SPAN("Rain")},
                          .places = {HEADING_FIRST},
                          .heading_count = 1},
          "Rain");
}

static void nothing_gives_nothing(void **state) {
    (void)state;
    check_from((struct titles){0}, "", "");
    check((struct titles){.headings = {SPAN("The Quay")}, .heading_count = 1, .site = SPAN("The Quay")}, "");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(site_names_are_cut),
        cmocka_unit_test(parts_of_words_and_of_headlines_stay),
        cmocka_unit_test(the_majority_wins),
        cmocka_unit_test(search_engines_are_outvoted),
        cmocka_unit_test(longer_titles_are_cut_to_match_the_others),
        cmocka_unit_test(the_titles_that_agree_are_named),
        cmocka_unit_test(headings_beside_the_headline_are_the_sites),
        cmocka_unit_test(nothing_gives_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
