/* Nothing of an article is lost or changed: the output of the stage, line by line. */
#include "unit/extracted.h"

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

static void text_repeated_for_two_screen_sizes_is_taken_once(void **state) {
    assert_string_equal(read_page(*state,
                                  "<article><h1>The quay</h1><p>" LONG_ONE "</p><p>" LONG_ONE "</p><h2>By sea</h2>"
                                  "<p>" LONG_TWO "</p><h2>By sea</h2><p>" LONG_TWO "</p></article>"),
                        LONG_ONE "\nBy sea\n" LONG_TWO);
}

/* ---------------------------------------------------------------- long texts */

/* Returns how many of the numbered paragraphs of an article with 700 of them are found. The page has a menu and a list
 * of other stories. */
static size_t count_kept(void *state, const char *before, const char *after) {
    enum { PARAGRAPHS = 700 };
    struct buffer page = {.limit = 1 << 20};
    size_t kept = 0;
    buffer_add_string(&page, "<title>The inquiry | The Quay</title><nav><ul>");
    for (int i = 0; i < 30; i++) buffer_print(&page, "<li><a href=/%d>Section %d</a></li>", i, i);
    buffer_add_string(&page, "</ul></nav><main><h1>The inquiry</h1>");
    for (int i = 0; i < PARAGRAPHS; i++)
        buffer_print(&page, "%sAnswer number %d. " LONG_ONE " " LONG_TWO "%s", before, i, after);
    buffer_add_string(&page, "</main><ul>");
    for (int i = 0; i < 30; i++) buffer_print(&page, "<li><a href=/s%d>Another story from the harbour</a></li>", i);
    buffer_add_string(&page, "</ul>");
    for (const char *at = read_page(state, page.at); (at = strstr(at, "Answer number")); at++) kept++;
    buffer_free(&page);
    return kept;
}

static void a_long_article_stays_whole(void **state) {
    assert_int_equal(count_kept(*state, "<p>", "</p>"), 700);
    assert_int_equal(count_kept(*state, "<div>", "</div>"), 700);
    assert_int_equal(count_kept(*state, "<section><h2>A question</h2><p>", "</p></section>"), 700);
    assert_int_equal(count_kept(*state, "<div class=k8x><p class=zz9a>", "</p></div>"), 700);
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

static void dates_and_places_below_the_headline_are_not_text(void **state) {
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
    check_written(*state, "10<sup>n+1</sup> or x<sup>-k</sup> times", "10ⁿ⁺¹ or x^(-k) times");
    check_written(*state, "2<sup>m/2</sup> of the 3<sup>k&minus;1</sup> tiles", "2^(m/2) of the 3^(k−1) tiles");
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

static void a_headline_keeps_its_formula(void **state) {
    check_title(
        *state,
        "<html><head><title>CO2 falls in 12 km2 - News</title></head><body><article><h1>CO<sub>2</sub> falls in "
        "12 km<sup>2</sup></h1><p>" LONG_ONE "</p></article></body></html>",
        "CO₂ falls in 12 km²");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(repeated_answers_stay),
        cmocka_unit_test(repeated_results_stay),
        cmocka_unit_test(a_refrain_in_plain_text_stays),
        cmocka_unit_test(text_repeated_for_two_screen_sizes_is_taken_once),
        cmocka_unit_test(a_long_article_stays_whole),
        cmocka_unit_test(short_first_paragraphs_stay_in_every_script),
        cmocka_unit_test(a_short_mail_is_text),
        cmocka_unit_test(a_short_text_of_a_feed_is_text),
        cmocka_unit_test(dates_and_places_below_the_headline_are_not_text),
        cmocka_unit_test(powers_stay_powers),
        cmocka_unit_test(formulas_and_isotopes_stay),
        cmocka_unit_test(fractions_stay),
        cmocka_unit_test(ordinals_prices_and_times_stay),
        cmocka_unit_test(numbers_of_notes_go),
        cmocka_unit_test(a_headline_keeps_its_formula),
    };
    return cmocka_run_group_tests(tests, open_stage, close_stage);
}
