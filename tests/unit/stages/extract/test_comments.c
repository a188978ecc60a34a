/* Readers' comments and scripts never become part of an article. */
#include "unit/extracted.h"

/* ---------------------------------------------------------------- readers' comments */

#define STORY "<p>" LONG_ONE "</p><p>" LONG_TWO "</p>"
#define STORY_TEXT LONG_ONE "\n" LONG_TWO
#define SAID_ONE "I have lived on that street for thirty years, and nobody has ever asked us what we think of it."
#define SAID_TWO "So the ferry is back, which is good news for everybody but those who have to pay for it, namely us."
#define SAID_THREE "My grandfather built boats there, and he would laugh if he saw what they call a harbour today."

/* Asserts that only the story is extracted, with `behind` after the article's element and inside it. */
static void check_story_alone(void *state, const char *behind) {
    static const char *const frames[] = {
        "<html><body><div class=\"ArticleText\"><h1>The quay</h1>" STORY "</div>%s</body></html>",
        "<html><body><article><h1>The quay</h1>" STORY "%s</article></body></html>",
    };
    for (size_t i = 0; i < sizeof frames / sizeof *frames; i++) {
        struct buffer page = BUFFER(8192);
        struct span frame = span_of(frames[i]);
        size_t place = span_find(frame, SPAN("%s"));
        buffer_add_span(&page, span_cut(frame, 0, place));
        buffer_add_string(&page, behind);
        buffer_add_span(&page, span_cut(frame, place + 2, frame.length));
        assert_string_equal(read_page(state, page.at), STORY_TEXT);
        buffer_free(&page);
    }
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

static void boxes_of_an_article_are_not_comments(void **state) {
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

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(comments_that_a_heading_announces_stay_out),
        cmocka_unit_test(comments_that_nothing_announces_stay_out),
        cmocka_unit_test(comments_that_data_name_stay_out),
        cmocka_unit_test(comments_inside_the_article_stay_out),
        cmocka_unit_test(boxes_of_an_article_are_not_comments),
        cmocka_unit_test(an_editor_s_comment_is_part_of_the_article),
        cmocka_unit_test(script_text_never_gets_in),
        cmocka_unit_test(scripts_in_a_text_given_as_data_stay_out),
    };
    return cmocka_run_group_tests(tests, open_stage, close_stage);
}
