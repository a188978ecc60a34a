/* Nothing of an article is lost or changed, and nothing else gets in: what comes out of the stage, line by line. */
#include "unit/cmocka_test.h"

#include <stdio.h>
#include <string.h>

#include "pipeline/engine/stage.h"

extern const struct stage stage_extract;

#define LONG_ONE                                                                                                       \
    "The harbour office said on Monday that the northern quay would be closed to lorries until the end of March."
#define LONG_TWO                                                                                                       \
    "Two ferries a day will leave from the old fish market instead, and tickets bought before the storm stay valid."

static struct buffer lines = {.limit = 1 << 20};

static int open_stage(void **state) {
    struct stage_context context = {.data_folder = TEST_DATA};
    struct failure failure = {0};
    return stage_extract.open(&context, state, &failure) ? 0 : -1;
}

static int close_stage(void **state) {
    stage_extract.close(*state);
    buffer_free(&lines);
    return 0;
}

/* The blocks of what was found, parted by newlines; captions are not among them. */
static const char *read_article(void *state, struct article *article, const char *document) {
    struct failure failure = {0};
    article->text = arena_copy(article_document(article), span_of(document));
    stage_extract.work(state, article, &failure);
    buffer_clear(&lines);
    buffer_add_string(&lines, "");
    for (size_t i = 0; i < article->block_count; i++) {
        if (article->body[i].kind == BLOCK_CAPTION) continue;
        if (lines.length) buffer_add_string(&lines, "\n");
        buffer_add_span(&lines, article->body[i].text);
    }
    article_free(article);
    return lines.at ? lines.at : "";
}

static const char *read_page(void *state, const char *document) {
    struct article *article = article_new();
    article->origin.address = SPAN("https://news.example/story");
    return read_article(state, article, document);
}

static const char *read_mail(void *state, const char *type, const char *document) {
    struct article *article = article_new();
    article->origin.address = SPAN("/var/mail/desk");
    article->origin.content_type = span_of(type);
    article->title.source = SPAN("From the desk");
    return read_article(state, article, document);
}

/* ---------------------------------------------------------------- what is said twice */

static void repeated_answers_stay(void **state) {
    assert_string_equal(read_page(*state, "<article><h1>Five questions</h1><p>" LONG_ONE "</p><p>Will it reopen?</p>"
                                          "<p>Yes.</p><p>And the market?</p><p>Yes.</p><p>Who decides when the money "
                                          "that the region has promised will be paid out to the fishermen?</p>"
                                          "<p>I have nothing to say about that, and neither has the ministry in "
                                          "the capital, as far as I know.</p><p>Nothing at all?</p>"
                                          "<p>I have nothing to say about that, and neither has the ministry in "
                                          "the capital, as far as I know.</p></article>"),
                        LONG_ONE "\nWill it reopen?\nYes.\nAnd the market?\nYes.\nWho decides when the money that the "
                                 "region has promised will be paid out to the fishermen?\nI have nothing to say about "
                                 "that, and neither has the ministry in the capital, as far as I know.\nNothing at "
                                 "all?\nI have nothing to say about that, and neither has the ministry in the capital, "
                                 "as far as I know.");
}

static void repeated_results_stay(void **state) {
    assert_string_equal(read_page(*state,
                                  "<article><h1>The round</h1><p>" LONG_ONE "</p><ul><li>1:0</li><li>1:0</li>"
                                  "<li>0:0</li></ul><table><tr><td>Porto<td>3<tr><td>Porto<td>3</table><p>" LONG_TWO
                                  "</p></article>"),
                        LONG_ONE "\n1:0\n1:0\n0:0\nPorto | 3\nPorto | 3\n" LONG_TWO);
}

static void a_refrain_in_plain_text_stays(void **state) {
    assert_string_equal(read_mail(*state, "text/plain",
                                  "The song begins like this, and everybody on the quay knows it "
                                  "by heart:\n\nRow, row.\n\nRow, row.\n\nThen it stops.\n"),
                        "The song begins like this, and everybody on the quay knows it by heart:\nRow, row.\nRow, "
                        "row.\nThen it stops.");
}

static void what_is_printed_for_two_screens_is_said_once(void **state) {
    assert_string_equal(read_page(*state,
                                  "<article><h1>The quay</h1><p>" LONG_ONE "</p><p>" LONG_ONE "</p><h2>By sea</h2>"
                                  "<p>" LONG_TWO "</p><h2>By sea</h2><p>" LONG_TWO "</p></article>"),
                        LONG_ONE "\nBy sea\n" LONG_TWO);
}

/* ---------------------------------------------------------------- short texts */

static void short_first_paragraphs_stay_in_every_script(void **state) {
    static const char *const firsts[] = {"«¡Nunca más!»", "Կամուրջը փակ է։",  "တံတားပိတ်ထားသည်။", "Έκλεισε η γέφυρα;",
                                         "ድልድዩ ተዘግቷል።",   "पुल बंद है।",         "پل بند ہے۔",   "„Nie wieder!“",
                                         "สะพานปิด",       "橋は閉鎖された。", "ස්තුතියි.",        "(Закрыто.)"};
    for (size_t i = 0; i < sizeof firsts / sizeof *firsts; i++) {
        char page[2048], want[1024];
        snprintf(page, sizeof page, "<article><h1>The bridge</h1><p>%s</p><p>%s</p><p>%s</p></article>", firsts[i],
                 LONG_ONE, LONG_TWO);
        snprintf(want, sizeof want, "%s\n%s\n%s", firsts[i], LONG_ONE, LONG_TWO);
        assert_string_equal(read_page(*state, page), want);
    }
}

static void a_short_mail_is_text(void **state) {
    assert_string_equal(read_mail(*state, "text/html; charset=utf-8", "<html><body>The port is open.</body></html>"),
                        "The port is open.");
    assert_string_equal(read_mail(*state, "text/html", "<p>Mayor resigns</p>"), "Mayor resigns");
    assert_string_equal(read_mail(*state, "text/html", "<div><p>Порт открыт</p><p>Паромы ходят</p></div>"),
                        "Порт открыт\nПаромы ходят");
    assert_string_equal(read_mail(*state, "text/plain", "Mayor resigns\n"), "Mayor resigns");
}

static void a_short_text_of_a_feed_is_text(void **state) {
    struct article *article = article_new();
    article->origin.address = SPAN("https://news.example/story");
    article->origin.is_feed_text = true;
    assert_string_equal(read_article(*state, article,
                                     "<html><body><article><h1>Just in</h1><div>Mayor resigns</div>"
                                     "</article></body></html>"),
                        "Mayor resigns");
}

static void dates_and_places_below_the_headline_are_no_text(void **state) {
    assert_string_equal(read_page(*state, "<article><h1>The quay</h1><p>Santa Clara</p><p>3 min read</p><p>" LONG_ONE
                                          "</p><p>&nbsp;</p><p>" LONG_TWO "</p></article>"),
                        LONG_ONE "\n" LONG_TWO);
}

/* ---------------------------------------------------------------- above and below the line */

static void check_written(void *state, const char *written, const char *want) {
    char page[2048], all[1024];
    snprintf(page, sizeof page, "<article><h1>The plan</h1><p>" LONG_ONE "</p><p>It says: %s</p></article>", written);
    snprintf(all, sizeof all, LONG_ONE "\nIt says: %s", want);
    assert_string_equal(read_page(state, page), all);
}

static void powers_stay_powers(void **state) {
    check_written(*state, "3·10<sup>6</sup> kilowatts", "3·10⁶ kilowatts");
    check_written(*state, "10<sup>-9</sup> metres and 2<sup>10</sup> bytes", "10⁻⁹ metres and 2¹⁰ bytes");
    check_written(*state, "12 km<sup>2</sup>, 5 м<sup>3</sup>, 7 m s<sup>−1</sup>", "12 km², 5 м³, 7 m s⁻¹");
    check_written(*state, "E = mc<sup>2</sup> and x<sup>n</sup>", "E = mc² and xⁿ");
    check_written(*state, "(a + b)<sup>2</sup>", "(a + b)²");
    check_written(*state, "4 × 150<sup>2</sup>", "4 × 150²");
}

static void formulas_and_isotopes_stay(void **state) {
    check_written(*state, "H<sub>2</sub>O, CO<sub>2</sub>, Ca(OH)<sub>2</sub>", "H₂O, CO₂, Ca(OH)₂");
    check_written(*state, "<sup>235</sup>U and Ca<sup>2+</sup>", "²³⁵U and Ca²⁺");
}

static void fractions_stay(void **state) {
    check_written(*state, "<sup>1</sup>/<sub>2</sub> litre", "½ litre");
    check_written(*state, "3<sup>3</sup>&frasl;<sub>4</sub> hours", "3¾ hours");
    check_written(*state, "2<sup>5</sup>/<sub>16</sub> inches", "2 5/16 inches");
    check_written(*state, "3<sup>1/2</sup> inches", "3½ inches");
}

static void ordinals_prices_and_times_stay(void **state) {
    check_written(*state, "le 1<sup>er</sup> mai, M<sup>me</sup> Roux, the 2<sup>nd</sup>",
                  "le 1er mai, Mme Roux, the 2nd");
    check_written(*state, "el 5.<sup>o</sup> piso, la 3<sup>a</sup> vez", "el 5.º piso, la 3ª vez");
    check_written(*state, "€ 9<sup>99</sup> and $4<sup>50</sup>", "€ 9,99 and $4.50");
    check_written(*state, "la 19<sup>30</sup> și la 20<sup>00</sup>", "la 19:30 și la 20:00");
}

static void numbers_of_notes_go(void **state) {
    check_written(*state, "in 2023<sup>1</sup> and 3,500<sup>12</sup> homes", "in 2023 and 3,500 homes");
    check_written(*state, "the report<sup><a href=\"#n2\">[2]</a></sup> says", "the report says");
    check_written(*state, "the mayor<a href=\"#n\"><sup>3</sup></a> says", "the mayor says");
    check_written(*state, "the ministry<sup>4</sup> says so.<sup>5</sup>", "the ministry says so.");
    check_written(*state, "«abierto»<sup>*</sup> y (OMS)<sup>1</sup>", "«abierto» y (OMS)");
    check_written(*state, "in 20<sup class=\"footnote-ref\">6</sup> towns", "in 20 towns");
    check_written(*state, "the region<sup>a</sup>, too", "the region, too");
}

static void check_title(void *state, const char *page, const char *want) {
    struct article *article = article_new();
    struct failure failure = {0};
    article->origin.address = SPAN("https://news.example/story");
    article->text = arena_copy(article_document(article), span_of(page));
    stage_extract.work(state, article, &failure);
    if (!span_is(article->title.source, want)) fail_msg("%.*s, and not %s", SPAN_ARGS(article->title.source), want);
    article_free(article);
}

static void a_headline_keeps_its_formula(void **state) {
    check_title(
        *state,
        "<html><head><title>CO2 falls in 12 km2 - News</title></head><body><article><h1>CO<sub>2</sub> falls in "
        "12 km<sup>2</sup></h1><p>" LONG_ONE "</p></article></body></html>",
        "CO₂ falls in 12 km²");
}

/* ---------------------------------------------------------------- readers' comments */

#define STORY "<p>" LONG_ONE "</p><p>" LONG_TWO "</p>"
#define STORY_TEXT LONG_ONE "\n" LONG_TWO
#define SAID_ONE "I have lived on that street for thirty years, and nobody has ever asked us what we think of it."
#define SAID_TWO "So the ferry is back, which is good news for everybody but those who have to pay for it, namely us."
#define SAID_THREE "My grandfather built boats there, and he would laugh if he saw what they call a harbour today."

static void check_story_alone(void *state, const char *behind) {
    char page[8192];
    snprintf(page, sizeof page,
             "<html><body><div class=\"ArticleText\"><h1>The quay</h1>" STORY "</div>%s</body></html>", behind);
    assert_string_equal(read_page(state, page), STORY_TEXT);
}

static void comments_that_a_heading_announces_stay_out(void **state) {
    check_story_alone(*state, "<div id=k1><h3>Коментарі (2)</h3><div class=z><b>oles</b><p>" SAID_ONE "</p></div>"
                              "<div class=z><b>ivan77</b><p>" SAID_TWO "</p></div></div>");
    check_story_alone(*state, "<section><h2>Yorumlar</h2><ul><li><span>Ayse</span><p>" SAID_ONE "</p></li>"
                              "<li><span>mehmet</span><p>" SAID_TWO "</p></li></ul></section>");
    check_story_alone(*state, "<div class=x9><div class=t>Zgodby (3)</div><div class=q><i>ana</i><p>" SAID_ONE
                              "</p></div><div class=q><i>bor</i><p>" SAID_TWO
                              "</p></div><div class=q><i>cene</i><p>" SAID_THREE "</p></div></div>");
    check_story_alone(*state, "<div class=y><p>1 commentaire</p><div><b>luc</b><p>" SAID_ONE "</p></div></div>");
}

static void comments_that_nothing_announces_stay_out(void **state) {
    check_story_alone(
        *state, "<div id=u><div class=\"p even\"><b>falke</b> <i>12.03.2026 14:05</i><p>" SAID_ONE
                "</p><a>Antworten</a></div><div class=\"p odd\"><b>Hinnerk</b> <i>12.03.2026 15:11</i><p>" SAID_TWO
                "</p><a>Antworten</a></div></div>");
    check_story_alone(*state,
                      "<div><div class=m><b>ana</b><p>" SAID_ONE "</p><span>Me gusta</span></div><div class=m>"
                      "<b>luis</b><p>" SAID_TWO "</p><span>Me gusta</span></div><div class=m><b>eva</b><p>" SAID_THREE
                      "</p><span>Me gusta</span></div></div>");
}

static void comments_that_data_name_stay_out(void **state) {
    check_story_alone(*state,
                      "<div><div itemscope itemtype=\"https://schema.org/Comment\"><p>" SAID_ONE "</p></div></div>");
    check_story_alone(*state, "<script type=\"application/ld+json\">{\"@type\":\"NewsArticle\",\"comment\":[{\"@type\":"
                              "\"Comment\",\"text\":\"" SAID_ONE "\"},{\"@type\":\"Comment\",\"text\":\"" SAID_TWO
                              "\"}]}</script><div class=r><p>" SAID_ONE "</p><p>" SAID_TWO "</p></div>");
}

static void comments_inside_the_article_stay_out(void **state) {
    assert_string_equal(
        read_page(*state, "<article><h1>The quay</h1>" STORY "<h4>2 commenti</h4><div class=v><b>ugo</b>"
                          "<p>" SAID_ONE "</p></div><div class=v><b>ada</b><p>" SAID_TWO "</p></div></article>"),
        STORY_TEXT);
}

static void boxes_of_an_article_are_no_comments(void **state) {
    assert_string_equal(read_page(*state,
                                  "<article><h1>The quay</h1><p>" LONG_ONE "</p><div class=e><b>12:05</b><p>" SAID_ONE
                                  "</p></div><div class=e><b>12:30</b><p>" SAID_TWO "</p></div>"
                                  "<div class=e><b>13:10</b><p>" SAID_THREE "</p></div></article>"),
                        LONG_ONE "\n12:05\n" SAID_ONE "\n12:30\n" SAID_TWO "\n13:10\n" SAID_THREE);
    assert_string_equal(read_page(*state,
                                  "<article><h1>Three voices</h1><p>" LONG_ONE "</p><p>What they say (all of "
                                  "them)</p><div class=e><b>Ana Ruiz, fisher</b><p>" SAID_ONE "</p></div><div "
                                  "class=e><b>Luis Paz, baker</b><p>" SAID_TWO "</p></div><div class=e><b>Eva Gil"
                                  "</b><p>" SAID_THREE "</p></div></article>"),
                        LONG_ONE "\nWhat they say (all of them)\nAna Ruiz, fisher\n" SAID_ONE
                                 "\nLuis Paz, baker\n" SAID_TWO "\nEva Gil\n" SAID_THREE);
}

static void an_editor_s_comment_is_part_of_the_article(void **state) {
    assert_string_equal(read_page(*state, "<article><h1>The quay</h1>" STORY "<section><h2>Kommentar</h2><p>" SAID_ONE
                                          "</p></section><h2>Comment by the mayor</h2><p>" SAID_TWO "</p></article>"),
                        STORY_TEXT "\nKommentar\n" SAID_ONE "\nComment by the mayor\n" SAID_TWO);
}

/* ---------------------------------------------------------------- scripts */

static void script_text_never_gets_in(void **state) {
    static const char *const scripts[] = {
        "<script>var ad = '<p>" SAID_ONE "</p>';</script>",
        "<SCRIPT type=text/x>if (a < b) document.write(\"" SAID_ONE "\");</SCRIPT >",
        "<noscript><p>" SAID_ONE "</p></noscript>",
        "<style>.x:after { content: \"" SAID_ONE "\" }</style>",
        "<template><p>" SAID_ONE "</p></template>",
        "<svg><script>say('" SAID_ONE "')</script></svg>",
        "<!-- <p>" SAID_ONE "</p> -->",
    };
    for (size_t i = 0; i < sizeof scripts / sizeof *scripts; i++) {
        char page[4096];
        snprintf(page, sizeof page, "<article><h1>The quay</h1><p>" LONG_ONE "</p>%s<p>" LONG_TWO "</p></article>",
                 scripts[i]);
        assert_string_equal(read_page(*state, page), STORY_TEXT);
    }
}

static void scripts_in_a_text_given_as_data_stay_out(void **state) {
    assert_string_equal(read_page(*state,
                                  "<html><head><script type=\"application/ld+json\">{\"@type\":\"NewsArticle\","
                                  "\"articleBody\":\"<p>" LONG_ONE "</p>\\n<script>\\nvar track = function(x) { "
                                  "return x; };\\n<\\/script>\\n<p>" LONG_TWO "</p>\\n" SAID_ONE "\"}</script></head>"
                                  "<body><article><h1>The quay</h1><p>" LONG_ONE "</p></article></body></html>"),
                        LONG_ONE "\n" LONG_TWO "\n" SAID_ONE);
}

/* ---------------------------------------------------------------- headlines */

#define AND_TEXT "<p>" LONG_ONE "</p><p>" LONG_TWO "</p><p>" LONG_ONE " So they say.</p>"

static void the_site_and_the_section_are_no_headline(void **state) {
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

static void headings_below_the_article_are_no_headline(void **state) {
    check_title(*state,
                "<html><title>Ferries run again</title><article><h2>Ferries run again</h2>" AND_TEXT
                "<h1>More from the harbour today</h1></article>",
                "Ferries run again");
}

static void what_readers_see_outvotes_what_search_engines_get(void **state) {
    check_title(
        *state,
        "<html><title>Ferry timetable 2026 prices</title><meta property=og:title content=\"Ferry timetable 2026 "
        "prices\"><article><h1>Ferries run again</h1>" AND_TEXT "</article>",
        "Ferries run again");
}

static void kickers_are_told_from_headlines(void **state) {
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

static void names_behind_a_label_are_authors(void **state) {
    check_author(*state, "", "<p><b>Autor:</b> Jette Hansen<br>Quelle: Hafenblatt</p>", "Jette Hansen");
    check_author(*state, "", "<h5>Auteur :</h5><p>Anne Leroy</p>", "Anne Leroy");
    check_author(*state, "", "<p>Reporter: Nora Field</p>", "Nora Field");
    check_author(*state, "", "<p>作者：李明</p>", "李明");
    check_author(*state, "", "<p>Author: see below</p>", "");
}

static void links_below_a_name_are_no_authors(void **state) {
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
        cmocka_unit_test(repeated_answers_stay),
        cmocka_unit_test(repeated_results_stay),
        cmocka_unit_test(a_refrain_in_plain_text_stays),
        cmocka_unit_test(what_is_printed_for_two_screens_is_said_once),
        cmocka_unit_test(short_first_paragraphs_stay_in_every_script),
        cmocka_unit_test(a_short_mail_is_text),
        cmocka_unit_test(a_short_text_of_a_feed_is_text),
        cmocka_unit_test(dates_and_places_below_the_headline_are_no_text),
        cmocka_unit_test(powers_stay_powers),
        cmocka_unit_test(formulas_and_isotopes_stay),
        cmocka_unit_test(fractions_stay),
        cmocka_unit_test(ordinals_prices_and_times_stay),
        cmocka_unit_test(numbers_of_notes_go),
        cmocka_unit_test(a_headline_keeps_its_formula),
        cmocka_unit_test(comments_that_a_heading_announces_stay_out),
        cmocka_unit_test(comments_that_nothing_announces_stay_out),
        cmocka_unit_test(comments_that_data_name_stay_out),
        cmocka_unit_test(comments_inside_the_article_stay_out),
        cmocka_unit_test(boxes_of_an_article_are_no_comments),
        cmocka_unit_test(an_editor_s_comment_is_part_of_the_article),
        cmocka_unit_test(script_text_never_gets_in),
        cmocka_unit_test(the_site_and_the_section_are_no_headline),
        cmocka_unit_test(names_behind_a_label_are_authors),
        cmocka_unit_test(links_below_a_name_are_no_authors),
        cmocka_unit_test(the_words_of_the_headline_may_come_again),
        cmocka_unit_test(headings_below_the_article_are_no_headline),
        cmocka_unit_test(what_readers_see_outvotes_what_search_engines_get),
        cmocka_unit_test(kickers_are_told_from_headlines),
        cmocka_unit_test(a_comma_does_not_end_a_headline_that_two_say),
        cmocka_unit_test(scripts_in_a_text_given_as_data_stay_out),
    };
    return cmocka_run_group_tests(tests, open_stage, close_stage);
}
