#define _GNU_SOURCE
/* The formats of the digest, for an edition made in memory. */
#include "unit/digest_test.h"

#include <cjson/cJSON.h>
#include <time.h>

#include "stages/digest/settings.h"

static void hostile_text_stays_text(void **state) {
    (void)state;
    const char *faces[] = {"index.html", "feed.xml"};
    for (size_t i = 0; i < 2; i++) {
        struct edition *edition = edition_new("2026-01-29");
        struct article *article = add_article(edition, "aa", "", "</title><script>alert(1)</script>\x01 & more");
        article->origin.address = SPAN("https://a.example/\"><img src=x onerror=alert(1)>");
        article->site = SPAN("<b>site</b>");
        add_sentence(article, "<iframe>", "\"><svg onload=alert(1)>", SEGMENT_SUSPECT);
        char *text = print(edition, faces[i]);
        assert_lacks(text, "<script");
        assert_lacks(text, "<img");
        assert_lacks(text, "<svg");
        assert_lacks(text, "<iframe");
        assert_lacks(text, "<b>site");
        assert_null(strchr(text, '\x01'));
        free(text);
        edition_free(edition);
    }
}

static void add_doubts(struct article *article) {
    static unsigned rests_on[] = {1};
    static struct summary_sentence sentence;
    sentence = (struct summary_sentence){.text = SPAN("There will be rain."),
                                         .rests_on = rests_on,
                                         .rests_on_count = 1,
                                         .doubt = SPAN("a <no> is gone")};
    article->summary =
        (struct summary){.sentences = &sentence, .count = 1, .method = "extractive", .summarized_by = -1};
    article->title.status = SEGMENT_SUSPECT;
    article->title_doubt = SPAN("17 became 71");
    add_sentence(article, "No hay lluvia.", "There will be rain.", SEGMENT_SUSPECT);
}

static void a_doubt_is_shown_in_every_format(void **state) {
    (void)state;
    static const char *const wanted[][3] = {
        {"index.html", "<mark class=\"doubt\">There will be rain.</mark>", "<mark class=\"doubt\">71 boats</mark>"},
        {"index.html", "Check the headline:</b> 17 became 71",
         "Check before you use it:</b> a &lt;no&gt; is gone. The source: <bdi lang=\"bg\">No hay lluvia.</bdi>"},
        {"stories/aa.html", "<mark class=\"doubt\">71 boats</mark>",
         "Check before you use it:</b> a &lt;no&gt; is gone. The source: <bdi lang=\"bg\">No hay lluvia.</bdi>"},
        {"digest.md", "There will be rain. **(to check: a \\<no\\> is gone)**",
         "71 boats **(to check: 17 became 71)**"},
        {"digest.json", "\"doubt\":\"a <no> is gone\"", "\"title_doubt\":\"17 became 71\""},
        {"feed.xml", "There will be rain. [to check: a &lt;no&gt; is gone]",
         "71 boats [to check: 17 became 71]</title>"},
    };
    for (size_t i = 0; i < sizeof wanted / sizeof *wanted; i++) {
        struct edition *edition = edition_new("2026-01-29");
        add_doubts(add_article(edition, "aa", "", "71 boats"));
        char *text = print(edition, wanted[i][0]);
        assert_has(text, wanted[i][1]);
        assert_has(text, wanted[i][2]);
        assert_lacks(text, "to check: no capitals");
        free(text);
        edition_free(edition);
    }
}

static void a_doubt_stays_well_formed_in_the_feed(void **state) {
    (void)state;
    struct edition *edition = edition_new("2026-01-29");
    add_doubts(add_article(edition, "aa", "", "71 boats"));
    edition->articles[0]->title_doubt = SPAN("a \xEF\xBF\xBE b & c");
    char *text = print(edition, "feed.xml");
    assert_has(text, "71 boats [to check: a  b &amp; c]</title>");
    assert_has(text, "label=\"71 boats [to check: a  b &amp; c]\"");
    free(text);
    edition_free(edition);
}

static void only_web_addresses_become_links(void **state) {
    (void)state;
    struct edition *edition = edition_new("2026-01-29");
    add_article(edition, "aa", "", "One")->origin.address = SPAN("javascript:alert(1)");
    char *text = print(edition, "index.html");
    assert_lacks(text, "javascript:");
    free(text);
    edition_free(edition);
}

static void a_saved_page_links_to_its_canonical_address(void **state) {
    (void)state;
    static const char *const addresses[] = {"page.html", "", "file:///srv/inbox/page.html"};
    for (size_t i = 0; i < 3; i++) {
        struct edition *edition = edition_new("2026-01-29");
        struct article *article = add_article(edition, "aa", "", "One");
        article->origin.address = span_of(addresses[i]);
        article->canonical = SPAN("https://paper.example/one");
        char *text = print(edition, "index.html");
        assert_has(text, "<a class=\"go\" href=\"https://paper.example/one\">original</a>");
        free(text);
        edition_free(edition);
    }
}

static void a_story_is_shown_once_with_its_lead_first(void **state) {
    (void)state;
    struct edition *edition = edition_new("2026-01-29");
    add_article(edition, "bb", "cc", "Same event from the north");
    add_article(edition, "aa", "aa", "Alone");
    add_article(edition, "cc", "cc", "The event")->published = SPAN("2026-01-29T05:00:00Z");
    char *text = print(edition, "index.html");
    assert_has(text, "<h3><a href=\"stories/cc.html\">The event</a></h3>");
    assert_has(text, "<a href=\"stories/cc.html#abb\">Same event from the north</a>");
    assert_has(text, "3 articles, 2 stories, 1 language");
    assert_true(strstr(text, "The event") < strstr(text, "Alone"));
    free(text);
    edition_free(edition);
}

static void failed_text_is_never_shown_as_english(void **state) {
    (void)state;
    const char *faces[] = {"check.html", "stories/aa.html", "digest.md", "digest.json", "index.html", "feed.xml"};
    for (size_t i = 0; i < 6; i++) {
        struct edition *edition = edition_new("2026-01-29");
        struct article *article = add_article(edition, "aa", "", "Title");
        article_add_finding(article, add_sentence(article, "източник", "worthless answer", SEGMENT_FAILED), "echo",
                            SEVERITY_ERROR, SPAN("the reason"));
        char *text = print(edition, faces[i]);
        assert_lacks(text, "worthless answer");
        if (i < 4) assert_has(text, "the reason");
        if (i == 4) assert_has(text, "1 not translated");
        free(text);
        edition_free(edition);
    }
}

static void flags_count_over_the_whole_article(void **state) {
    (void)state;
    struct edition *edition = edition_new("2026-01-29");
    struct article *article = add_article(edition, "aa", "", "Title");
    for (size_t i = 0; i < 40; i++)
        add_sentence(article, "изречение", "sentence", i == 39 ? SEGMENT_SUSPECT : SEGMENT_OK);
    char *text = print(edition, "digest.json");
    assert_has(text, "\"suspect\":1");
    assert_has(text, "\"id\":40");
    free(text);
    edition_free(edition);
}

static void problems_of_the_run_are_on_the_page(void **state) {
    (void)state;
    struct edition *edition = edition_new("2026-01-29");
    edition->run_notes = SPAN("{\"notes\":[{\"where\":\"costa\",\"what\":\"no <answer>\"}]}");
    char *text = print(edition, "index.html");
    assert_has(text, "<b>costa</b> <small>no &lt;answer&gt;</small>");
    free(text);
    edition_free(edition);
}

static void a_copy_is_marked_as_one(void **state) {
    (void)state;
    struct edition *edition = edition_new("2026-01-29");
    struct article *article = add_article(edition, "aa", "", "Title");
    article->duplicate_of = SPAN("0123456789abcdef0123456789abcdef");
    article->containment = 0.853;
    char *text = print(edition, "stories/aa.html");
    assert_has(text, "85 % of its text also appears in article 01234567");
    free(text);
    edition_free(edition);
}

static void an_empty_day_has_a_page(void **state) {
    (void)state;
    struct edition *edition = edition_new("2026-01-29");
    char *text = print(edition, "index.html");
    assert_has(text, "<p class=\"state ui\">No articles</p>");
    assert_lacks(text, "class=\"bar\"");
    free(text);
    text = print(edition, "check.html");
    assert_has(text, "<h1>Nothing to check</h1>");
    free(text);
    edition_free(edition);
}

/* They leave the buffer in pieces of a megabyte. */
static void large_formats_are_whole(void **state) {
    (void)state;
    enum { ARTICLES = 300, BYTES = 3000 };
    static char ids[ARTICLES][8], id[32], long_text[BYTES + 1];
    struct edition *edition = edition_new("2026-01-29");
    for (size_t i = 0; i < BYTES; i++) long_text[i] = i % 8 ? 'x' : ' ';
    for (size_t i = 0; i < ARTICLES; i++) {
        snprintf(ids[i], sizeof ids[i], "a%04zu", i);
        add_sentence(add_article(edition, ids[i], "", long_text), long_text, long_text, SEGMENT_SUSPECT);
    }
    char *json = print(edition, "digest.json"), *feed = print(edition, "feed.xml");
    assert_true(strlen(json) > 3 << 19 && strlen(feed) > 3 << 19);
    cJSON *tree = cJSON_Parse(json);
    assert_int_equal(cJSON_GetArraySize(cJSON_GetObjectItem(tree, "articles")), ARTICLES);
    assert_string_equal(feed + strlen(feed) - 8, "</feed>\n");
    for (size_t i = 0; i < ARTICLES; i++) {
        snprintf(id, sizeof id, "article/%s</id>", ids[i]);
        if (!strstr(feed, id)) fail_msg("%s is missing", id);
    }
    cJSON_Delete(tree);
    free(json);
    free(feed);
    edition_free(edition);
}

static void the_morning_is_a_time_of_day(void **state) {
    (void)state;
    static const struct {
        const char *written;
        int minutes;
    } rows[] = {{"08:00", 480}, {"00:00", 0}, {"00:01", 1},  {"23:59", 1439}, {"24:00", 0},
                {"08:60", 0},   {"8:00", 0},  {"08:00 ", 0}, {"08.00", 0},    {"", 0}};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        const struct digest_settings settings = {.morning = span_of(rows[i].written)};
        assert_int_equal(digest_morning(&settings), rows[i].minutes);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(the_morning_is_a_time_of_day),
                                       cmocka_unit_test(hostile_text_stays_text),
                                       cmocka_unit_test(a_doubt_is_shown_in_every_format),
                                       cmocka_unit_test(a_doubt_stays_well_formed_in_the_feed),
                                       cmocka_unit_test(only_web_addresses_become_links),
                                       cmocka_unit_test(a_saved_page_links_to_its_canonical_address),
                                       cmocka_unit_test(a_story_is_shown_once_with_its_lead_first),
                                       cmocka_unit_test(failed_text_is_never_shown_as_english),
                                       cmocka_unit_test(flags_count_over_the_whole_article),
                                       cmocka_unit_test(problems_of_the_run_are_on_the_page),
                                       cmocka_unit_test(a_copy_is_marked_as_one),
                                       cmocka_unit_test(an_empty_day_has_a_page),
                                       cmocka_unit_test(large_formats_are_whole)};
    setenv("TZ", "UTC", 1);
    tzset();
    return cmocka_run_group_tests(tests, NULL, NULL);
}
