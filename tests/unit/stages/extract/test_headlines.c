/* Which heading is the headline, and who the author. */
#include "unit/extracted.h"

/* ---------------------------------------------------------------- headlines */

#define AND_TEXT "<p>" LONG_ONE "</p><p>" LONG_TWO "</p><p>" LONG_ONE " So they say.</p>"

static void the_site_and_the_section_are_not_headlines(void **state) {
    check_title(
        *state,
        "<html><title>Ferries run again | Coast Daily</title><nav><h1 class=visually-hidden>Coast Daily</h1></nav>"
        "<main><h2>Ferries run again</h2>" AND_TEXT "</main>",
        "Ferries run again");
    check_title(*state,
                "<html><title>When will they sail? The calendar | Coast Daily</title><div class=head><h1 "
                "class=section-heading><a href=/sea/>All about the sea</a></h1></div><main><h1>Ferries run again"
                "</h1>" AND_TEXT "</main>",
                "Ferries run again");
    check_title(*state,
                "<html><title>Ferries run again - Coast</title><header><h1 aria-hidden=true class=logo>The Coast "
                "Daily Herald</h1></header><article><h2 class=entry-title>Ferries run again</h2>" AND_TEXT "</article>",
                "Ferries run again");
    check_title(*state,
                "<html><title>Ferries run again</title><ol class=breadcrumb><li><h1>Sea travel and harbours</h1></ol>"
                "<article><h2 class=headline>Ferries run again</h2>" AND_TEXT "</article>",
                "Ferries run again");
}

static void headings_below_the_article_are_not_headlines(void **state) {
    check_title(*state,
                "<html><title>Ferries run again</title><article><h2>Ferries run again</h2>" AND_TEXT
                "<h1>More from the harbour today</h1></article>",
                "Ferries run again");
}

static void visible_headlines_outvote_those_for_search_engines(void **state) {
    check_title(
        *state,
        "<html><title>Ferry timetable 2026 prices</title><meta property=og:title content=\"Ferry timetable 2026 "
        "prices\"><article><h1>Ferries run again</h1>" AND_TEXT "</article>",
        "Ferries run again");
}

static void kickers_are_distinguished_from_headlines(void **state) {
    check_title(*state,
                "<html><title>Ferries run again from Monday</title><meta property=og:title content=\"Ferries run again "
                "from Monday\"><article><h1><span>Sea travel</span> Ferries run again from Monday</h1>" AND_TEXT
                "</article>",
                "Ferries run again from Monday");
    check_title(
        *state,
        "<html><title>Sea travel: Ferries run again</title><meta property=og:title content=\"Sea travel: Ferries "
        "run again\"><article><h1>Ferries run again</h1>" AND_TEXT "</article>",
        "Sea travel: Ferries run again");
}

static void a_comma_does_not_end_a_headline_that_two_say(void **state) {
    check_title(*state,
                "<html><title>Ferries run again | Coast</title><meta property=og:title content=\"Ferries run again, at "
                "twice the price\"><article><h1>Ferries run again, at twice the price</h1>" AND_TEXT "</article>",
                "Ferries run again, at twice the price");
}

/* ---------------------------------------------------------------- authors */

static void check_author(void *state, const char *above, const char *below, const char *want) {
    char page[4096];
    struct article *article = article_new();
    struct failure failure = {0};
    snprintf(page, sizeof page,
             "<html><title>The quay</title><article><h1>The quay</h1>%s<p>" LONG_ONE "</p><p>" LONG_TWO
             "</p>%s</article></html>",
             above, below);
    article->text = arena_copy(article_document(article), span_of(page));
    stage_extract.work(state, article, &failure);
    assert_int_equal(article->author_count, want[0] != 0);
    if (article->author_count) assert_span(article->authors[0], want);
    article_free(article);
}

static void names_after_a_label_are_authors(void **state) {
    check_author(*state, "", "<p><b>Autor:</b> Jette Hansen<br>Quelle: Hafenblatt</p>", "Jette Hansen");
    check_author(*state, "", "<h5>Auteur :</h5><p>Anne Leroy</p>", "Anne Leroy");
    check_author(*state, "", "<p>Reporter: Nora Field</p>", "Nora Field");
    check_author(*state, "", "<p>作者：李明</p>", "李明");
    check_author(*state, "", "<p>Author: see below</p>", "");
}

static void links_below_a_name_are_not_authors(void **state) {
    check_author(*state, "<div class=author><a rel=author href=/a/ana>See full bio</a></div>", "", "");
    check_author(*state, "<div><a rel=author href=/a/ana>More stories by Ana Ruiz</a></div>", "", "Ana Ruiz");
    check_author(*state, "<div class=byline>ByAna Ruiz</div>", "", "Ana Ruiz");
}

static void the_words_of_the_headline_may_come_again(void **state) {
    assert_string_equal(read_page(*state, "<article><h1>Will the quay reopen?</h1><p>" LONG_ONE "</p><p>" LONG_TWO
                                          "</p><p>" LONG_ONE " So they say.</p><p>Will the quay reopen?</p><p>Yes.</p>"
                                          "</article>"),
                        LONG_ONE "\n" LONG_TWO "\n" LONG_ONE " So they say.\nWill the quay reopen?\nYes.");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_site_and_the_section_are_not_headlines),
        cmocka_unit_test(headings_below_the_article_are_not_headlines),
        cmocka_unit_test(visible_headlines_outvote_those_for_search_engines),
        cmocka_unit_test(kickers_are_distinguished_from_headlines),
        cmocka_unit_test(a_comma_does_not_end_a_headline_that_two_say),
        cmocka_unit_test(names_after_a_label_are_authors),
        cmocka_unit_test(links_below_a_name_are_not_authors),
        cmocka_unit_test(the_words_of_the_headline_may_come_again),
    };
    return cmocka_run_group_tests(tests, open_stage, close_stage);
}
