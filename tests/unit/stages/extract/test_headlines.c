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

/* Asserts the authors, joined by ";". */
static void check_author(void *state, const char *above, const char *below, const char *want) {
    char page[8192];
    struct article *article = article_new();
    struct failure failure = {0};
    struct buffer found = BUFFER(1024);
    snprintf(page, sizeof page,
             "<html><title>The quay</title><article><h1>The quay</h1>%s<p>" LONG_ONE "</p><p>" LONG_TWO
             "</p>%s</article></html>",
             above, below);
    article->text = arena_copy(article_document(article), span_of(page));
    stage_extract.work(state, article, &failure);
    for (size_t i = 0; i < article->author_count; i++)
        buffer_print(&found, "%s%.*s", i ? ";" : "", SPAN_ARGS(article->authors[i]));
    assert_span(buffer_span(&found), want);
    buffer_free(&found);
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

static void dates_are_cut_from_bylines(void **state) {
    check_author(*state, "<p>By Nora Field January 29, 2026</p>", "", "Nora Field");
    check_author(*state, "<p class=byline>Updated 29 January 2026 by Nora Field</p>", "", "Nora Field");
    check_author(*state, "<p class=byline>Nora Field, updated on 29 January 2026</p>", "", "Nora Field");
    check_author(*state, "<div class=byline>Jette Hansen 29.01.2026, 14:05 Uhr</div>", "", "Jette Hansen");
    check_author(*state, "<div class=byline>29.01.2026, 14:05 Uhr</div>", "", "");
    check_author(*state, "<p class=byline>By Nora Field<span>Published January 29, 2026</span></p>", "", "Nora Field");
}

static void who_made_the_pictures_is_no_author(void **state) {
    check_author(*state, "<p class=byline>Photographs by Tom Marsh</p><p class=byline>By Nora Field</p>", "",
                 "Nora Field");
    check_author(*state, "<p class=byline>Von Jette Hansen</p><p class=byline>Fotos: Jan Vos</p>", "", "Jette Hansen");
    check_author(*state, "<p class=byline>Фото: Иван Петров</p>", "", "");
}

static void the_beginning_of_a_byline_may_stand_alone(void **state) {
    check_author(*state, "<div><p>By</p></div><div><p>Nora Field</p></div>", "", "Nora Field");
    check_author(*state, "<div><p>Por:</p></div><div><p>Ana Ruiz</p></div>", "", "Ana Ruiz");
    check_author(*state, "<div class=author><span class=author-from>von</span> Jette Hansen</div>", "", "Jette Hansen");
    check_author(*state, "<div class=author><span class=author-button>Follow</span> Harbour 7</div>", "", "");
}

/* So much text that what follows it is not near the headline. */
#define MUCH "<p>" LONG_ONE "</p><p>" LONG_TWO " So it is.</p><p>" LONG_ONE " Or so.</p>"
#define FAR MUCH MUCH MUCH MUCH MUCH

static void a_text_may_be_signed(void **state) {
    check_author(*state, "", FAR "<p><em>Von Jette Hansen</em></p>", "Jette Hansen");
    check_author(*state, "", FAR "<p>(By Nora Field) +++</p>", "Nora Field");
    check_author(*state, "", FAR "<p>Texte : Anne Leroy</p><p>The end.</p>", "Anne Leroy");
    check_author(*state, "", FAR "<p>Related Articles</p>", "");
    check_author(*state, "", FAR "<p>Photo by Tom Marsh</p>", "");
}

static void editors_are_authors_where_nobody_else_is_named(void **state) {
    check_author(*state, "", FAR "<div>(责编：李明、王芳)</div>", "李明;王芳");
    check_author(*state, "", FAR "<div>责任编辑： 李明</div>", "李明");
    check_author(*state, "<p>作者：张伟</p>", FAR "<div>(责编：李明)</div>", "张伟");
}

#define LINKED(author)                                                                                                 \
    "<script type=application/ld+json>{\"@type\":\"NewsArticle\",\"headline\":\"The quay\",\"author\":" author "}"     \
    "</script>"
#define ORGANIZATION(name) "{\"@type\":\"Organization\",\"name\":\"" name "\"}"

static void a_byline_completes_a_first_name(void **state) {
    check_author(*state, LINKED("\"Nora\"") "<p>By Nora Field</p>", "", "Nora Field");
    check_author(*state, LINKED("\"Nora\"") "<p>By Eleonora Field</p>", "", "Nora");
    check_author(*state, LINKED("\"Nora Field\"") "<p>By Nora Field Marsh</p>", "", "Nora Field");
}

static void agencies_are_authors_beside_people(void **state) {
    check_author(*state, LINKED("[\"Nora Field\"," ORGANIZATION("Quay Press Agency") "]"), "",
                 "Nora Field;Quay Press Agency");
    check_author(*state,
                 "<meta property=og:site_name content=\"Coast Daily\">" LINKED(
                     "[\"Nora Field\"," ORGANIZATION("Coast Daily") "]"),
                 "", "Nora Field");
    check_author(*state, LINKED("[\"Nora Field\"," ORGANIZATION("Redaktion") "]"), "", "Nora Field");
    check_author(*state, LINKED("\"Nora Field, AP Harbour Writer\""), "", "Nora Field");
}

static void a_link_to_a_person_does_not_replace_the_desk(void **state) {
    const char *link = "<p>The interview was made by our reporter <a href=/author/tom>Tom Marsh</a></p>";
    char above[1024];
    check_author(*state, link, "", "Tom Marsh");
    snprintf(above, sizeof above, "%s%s", LINKED(ORGANIZATION("Harbour desk")), link);
    check_author(*state, above, "", "Harbour desk");
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
        cmocka_unit_test(dates_are_cut_from_bylines),
        cmocka_unit_test(who_made_the_pictures_is_no_author),
        cmocka_unit_test(the_beginning_of_a_byline_may_stand_alone),
        cmocka_unit_test(a_text_may_be_signed),
        cmocka_unit_test(editors_are_authors_where_nobody_else_is_named),
        cmocka_unit_test(a_byline_completes_a_first_name),
        cmocka_unit_test(agencies_are_authors_beside_people),
        cmocka_unit_test(a_link_to_a_person_does_not_replace_the_desk),
        cmocka_unit_test(the_words_of_the_headline_may_come_again),
    };
    return cmocka_run_group_tests(tests, open_stage, close_stage);
}
