/* By-lines on pages, with dates and places around the names. */
#include "unit/authors_of.h"

/* A page that has `byline` below its headline. */
static void check(void **state, const char *byline, const char *expected) {
    struct buffer page = BUFFER(1 << 16);
    buffer_print(&page,
                 "<title>The ferry is back</title><h1>The ferry is back</h1>%s<div class=article-body><p>The ferry "
                 "crossed the sound again on Monday, two weeks after the storm that had torn its ramp away.</p><p>The "
                 "fishermen, who had carried the post in the meantime, say that they will miss it a little.</p></div>",
                 byline);
    check_authors(*state, buffer_span(&page), byline, expected);
    buffer_free(&page);
}

static void links_are_read_where_the_text_is_more_than_names(void **state) {
    check(state, "<div class='left-authorbox'><a href='/author/77'>Aisha Quraishi</a> Wed 28 January 2026</div>",
          "Aisha Quraishi");
    check(state, "<div class='byline'><a href='/author/8'>Jette Hansen</a> 14:30 28.01.2026</div>", "Jette Hansen");
    check(state,
          "<p class='authors'>2026-01-28 14:30 <a href='/author/9'>Ann Bee</a> 2 min <a href='/author/10'>Cy "
          "Dee</a></p>",
          "Ann Bee;Cy Dee");
}

/* Authors in JSON-LD: one or several, by name, as objects, with several names, nested, by reference, or as creators. */
static void linked_data_names_authors_in_many_forms(void **state) {
    static const char *const forms[][2] = {
        {"\"author\":\"Ann Bee\"", "Ann Bee"},
        {"\"author\":{\"@type\":\"Person\",\"name\":\"Ann Bee\"}", "Ann Bee"},
        {"\"author\":{\"@type\":\"Person\",\"name\":[\"Ann Bee\",\"Cy Dee\"]}", "Ann Bee;Cy Dee"},
        {"\"author\":[\"Ann Bee\",{\"name\":\"Cy Dee\"}]", "Ann Bee;Cy Dee"},
        {"\"author\":[[{\"name\":\"Ann Bee\"}],[\"Cy Dee\"]]", "Ann Bee;Cy Dee"},
        {"\"creator\":\"Ann Bee\"", "Ann Bee"},
        {"\"creator\":[\"Ann Bee\",\"Cy Dee\"]", "Ann Bee;Cy Dee"},
        {"\"author\":\"Ann Bee\",\"creator\":\"Cy Dee\"", "Ann Bee"},
        {"\"author\":{\"@type\":\"Organization\",\"name\":\"Harbour News\"},\"creator\":\"Cy Dee\"", "Harbour News"},
        {"\"author\":{\"@id\":\"#b\"},\"about\":{\"@id\":\"#b\",\"@type\":\"Person\",\"name\":\"Ann Bee\"}",
         "Ann Bee"}};
    for (size_t i = 0; i < sizeof forms / sizeof *forms; i++) {
        struct buffer script = BUFFER(4096);
        buffer_print(&script,
                     "<script type='application/ld+json'>{\"@context\":\"https://schema.org\",\"@type\":"
                     "\"NewsArticle\",\"headline\":\"The ferry is back\",%s}</script>",
                     forms[i][0]);
        check(state, script.at, forms[i][1]);
        buffer_free(&script);
    }
}

static void labels_within_a_line_precede_names(void **state) {
    check(state, "<div>Published: 28 January 2026 09:15 Updated: 11:02 By: Ann Bee</div>", "Ann Bee");
    check(state, "<div>เผยแพร่: 28 ม.ค. 2569 09:15 โดย: กมลชนก ศรีสวัสดิ์</div>", "กมลชนก ศรีสวัสดิ์");
    check(state, "<div>28 იანვარი 2026, 14:30 ავტორი: გიორგი მამულია</div>", "გიორგი მამულია");
    check(state, "<div>Published: 28 January 2026 Section: Ann Bee</div>", "");
}

static void the_parts_of_a_line_are_read_one_by_one(void **state) {
    check(state, "<p>Wednesday, 28 January 2026, 14:30 | Written by Ann Bee</p>", "Ann Bee");
    check(state, "<p>วันพุธที่ 28 มกราคม พ.ศ. 2569 เวลา 14:30 น. | เขียนโดย สุภาวดี แก้วมณี</p>", "สุภาวดี แก้วมณี");
    check(state, "<p>28.01.2026 • Γράφει ο Κώστας Ρουμελιώτης</p>", "Κώστας Ρουμελιώτης");
    check(state, "<p>28 January 2026 | Harbour</p>", "");
}

static void spans_with_names_of_their_own_are_apart(void **state) {
    check(state, "<div><span class='d'>28 იანვარი 2026</span><span class='a'>ავტორი: გიორგი მამულია</span></div>",
          "გიორგი მამულია");
    check(state, "<div><span class='code'>No. 9812</span><span class='writer'>Author: Mina Salehi</span></div>",
          "Mina Salehi");
    check(state, "<div><span class='a'>Author: Ann Bee</span><span class='n'>Source: Harbour News</span></div>",
          "Ann Bee");
    check(state, "<div><span class='x'>Author: Han</span><span class='x'>na Berg</span></div>", "Hanna Berg");
}

static void sentences_about_an_author_are_not_names(void **state) {
    check(state, "<div class='author-info'><p>विवेक शर्मा संवाददाता हैं और गांवों की कहानियां लिखते हैं।</p></div>", "");
    check(state, "<div class='author'>王小明，常驻港口。</div>", "");
    check(state, "<div class='author'>Ann Bee Jr.</div>", "Ann Bee Jr.");
}

static void places_and_roles_in_a_byline_are_not_names(void **state) {
    check(state,
          "<div><span class='contributor-name'>Nora Field</span><span class='author-location'>Skagen</span></div>",
          "Nora Field");
    check(state, "<div><b class='author-name'>Nora Field</b><i class='author-role'>Harbour Desk</i></div>",
          "Nora Field");
    check(state, "<p><span class='author'>Nora Field</span><span class='author-email'>Write to us</span></p>",
          "Nora Field");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(links_are_read_where_the_text_is_more_than_names),
        cmocka_unit_test(linked_data_names_authors_in_many_forms),
        cmocka_unit_test(labels_within_a_line_precede_names),
        cmocka_unit_test(the_parts_of_a_line_are_read_one_by_one),
        cmocka_unit_test(spans_with_names_of_their_own_are_apart),
        cmocka_unit_test(sentences_about_an_author_are_not_names),
        cmocka_unit_test(places_and_roles_in_a_byline_are_not_names),
    };
    return cmocka_run_group_tests(tests, open_extract, close_extract);
}
