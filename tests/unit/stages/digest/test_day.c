#define _GNU_SOURCE
/* The day's page: order, leads, news, figures, names, size. */
#include "unit/digest_test.h"

#include <time.h>

/* ---------------------------------------------------------------- the day */

static struct article *add_dated(struct edition *edition, const char *id, const char *story, const char *published) {
    struct article *article = add_article(edition, id, story, id);
    article->published = span_of(published);
    article->origin.collected = SPAN("2026-01-29T20:30:00Z");
    return article;
}

static void assert_order(const char *text, const char *const *pieces) {
    for (size_t i = 0; pieces[i + 1]; i++) {
        const char *one = strstr(text, pieces[i]), *other = strstr(text, pieces[i + 1]);
        if (!one || !other || one > other) fail_msg("'%s' does not come before '%s'", pieces[i], pieces[i + 1]);
    }
}

static void undated_and_impossible_dates_come_last_and_are_marked(void **state) {
    (void)state;
    struct edition *edition = edition_new("2026-01-29");
    add_dated(edition, "future", "", "2031-05-05T10:00:00Z");
    add_dated(edition, "undated", "", "");
    add_dated(edition, "tokyo", "", "2026-01-29T23:30:00+09:00");
    add_dated(edition, "never", "", "2026-02-31");
    add_dated(edition, "london", "", "2026-01-29T20:00:00Z");
    add_dated(edition, "yesterday", "", "2026-01-28");
    add_dated(edition, "old", "", "2019-01-28");
    add_dated(edition, "older", "", "1998-12-31T22:00:00Z");
    char *text = print(edition, "index.html");
    static const char *const order[] = {"id=\"s-london\"", "id=\"s-tokyo\"", "id=\"s-yesterday\"",
                                        "id=\"s-old\"",    "id=\"s-older\"", "id=\"s-undated\"",
                                        "id=\"s-future\"", "id=\"s-never\"", NULL};
    assert_order(strstr(text, "id=\"t\">Stories"), order);
    assert_has(text, "<time datetime=\"2026-01-29T14:30+00:00\">14:30</time>");
    assert_has(text, "<time datetime=\"2026-01-28\">28 Jan</time>");
    assert_has(text, "<time datetime=\"2019-01-28\">28 Jan 2019</time>");
    assert_has(text, ">31 Dec 1998</time>");
    assert_has(text, "<em class=\"t\">undated</em>");
    assert_has(text, "dated 2031-05-05?");
    assert_has(text, "dated 2026-02-31?");
    free(text);
    edition_free(edition);
}

static void the_lead_is_sound_then_early_then_long(void **state) {
    (void)state;
    struct edition *edition = edition_new("2026-01-29");
    struct article *first = add_dated(edition, "first", "s", "2026-01-29T05:00:00Z");
    article_add_finding(first, add_sentence(first, "17", "71", SEGMENT_SUSPECT), "numbers", SEVERITY_WARNING,
                        SPAN("17 became 71"));
    struct article *second = add_dated(edition, "second", "s", "2026-01-29T06:00:00Z");
    article_add_finding(second, add_sentence(second, "x", "X", SEGMENT_SUSPECT), "capitals", SEVERITY_WARNING,
                        SPAN("capitals"));
    struct article *long_one = add_dated(edition, "long", "s", "2026-01-29T06:00:00Z");
    add_sentence(long_one, "дълго изречение", "a long sentence", SEGMENT_OK);
    add_dated(edition, "third", "s", "2026-01-29T07:00:00Z");
    char *text = print(edition, "index.html");
    assert_has(text, "<h3><a href=\"stories/s.html\">long</a></h3>");
    static const char *const order[] = {"#athird\"", "#asecond\"", "#afirst\"", NULL};
    assert_order(text, order);
    free(text);
    edition_free(edition);
}

/* Checks that both pages of a day with so many suspect and failed sentences say `expected`. */
static void check_counts(size_t suspect, size_t failed, const char *expected) {
    struct edition *edition = edition_new("2026-01-29");
    struct article *article = add_article(edition, "aa", "", "Title");
    for (size_t i = 0; i < failed; i++) add_sentence(article, "x", "", SEGMENT_FAILED);
    for (size_t i = 0; i < suspect; i++)
        article_add_finding(article, add_sentence(article, "y", "Y", SEGMENT_SUSPECT), "numbers", SEVERITY_WARNING,
                            SPAN("numbers"));
    char *day = print(edition, "index.html"), *check = print(edition, "check.html");
    assert_has(day, expected);
    assert_has(check, expected);
    free(day);
    free(check);
    edition_free(edition);
}

static void the_day_and_the_page_of_doubts_count_alike(void **state) {
    (void)state;
    check_counts(1, 0, ">1 sentence to check</");
    check_counts(0, 1, ">1 sentence not translated</");
    check_counts(2, 1, ">2 sentences to check, 1 not translated</");
}

static void what_came_since_the_morning_and_the_last_run_is_new(void **state) {
    (void)state;
    struct edition *edition = edition_new("2026-01-29");
    static const char *const collected[] = {"2026-01-29T07:59:59Z", "2026-01-29T08:00:00Z", "2026-01-29T12:00:01Z"};
    static const char *const ids[] = {"old", "morning", "noon"};
    for (size_t i = 0; i < 3; i++) add_article(edition, ids[i], "", ids[i])->origin.collected = span_of(collected[i]);
    strcpy(edition->seen_before, "2026-01-29T12:00:00Z");
    char *text = print(edition, "index.html");
    assert_has(text, "<label for=\"v-new\">2 new since 08:00</label>");
    assert_has(text, "<label for=\"v-last\">1 since the run of 12:00</label></b>");
    assert_has(text, "class=\"e l-bg\" id=\"s-old\"");
    assert_has(text, "class=\"e n l-bg\" id=\"s-morning\"");
    assert_has(text, "class=\"e n m l-bg\" id=\"s-noon\"");
    assert_has(text, "id=\"v-last\"><label for=\"v-last\">Latest<span class=\"n\">1</span>");
    assert_has(text, "body:has(#v-last:checked) .e:not(.m)");
    assert_has(text, "body:has(#l-bg:checked):has(#v-last:checked):not(:has(.m.l-bg)) .none");
    free(text);
    edition_free(edition);
}

static struct article *add_told(struct edition *edition, const char *id, const char *site, const char *english) {
    struct article *article = add_dated(edition, id, "s", "2026-01-29T06:00:00Z");
    article->site = span_of(site);
    add_sentence(article, "източник", english, SEGMENT_OK);
    return article;
}

static void figures_that_differ_are_compared_by_value(void **state) {
    (void)state;
    struct edition *edition = edition_new("2026-01-29");
    add_told(edition, "aa", "North", "Some 1,200 barges and 12 per cent of the 3 ferries waited on 4 January.");
    add_told(edition, "bb", "South", "About 1200 barges waited. It is 15% more, said three ferries on 5 January.");
    add_told(edition, "cc", "East", "At least 900 barges waited; 40 tugs moved and 50 tugs did not.");
    add_told(edition, "dd", "West", "There were 60 tugs.");
    char *text = print(edition, "index.html");
    assert_has(text, "<th scope=\"row\">barges</th><td class=\"off\">900 <i>East</i></td><td>1,200 <i>"
                     "North, South</i></td>");
    assert_has(text, "<th scope=\"row\">per cent</th><td>12 <i");
    assert_lacks(text, "<th scope=\"row\">ferr");
    assert_lacks(text, "<th scope=\"row\">January");
    assert_lacks(text, "<th scope=\"row\">tug");
    free(text);
    edition_free(edition);
}

static void names_that_sound_alike_are_one(void **state) {
    (void)state;
    struct edition *edition = edition_new("2026-01-29");
    add_article(edition, "aa", "", "Ministers meet President Zelensky in Silistra");
    add_article(edition, "bb", "", "Ministers meet President Zelenskyy in Silistra");
    add_article(edition, "cc", "", "The mayor of Silistra waits on Monday");
    char *text = print(edition, "index.html");
    assert_has(text, ">Silistra</a> <span class=\"num\">3</span>");
    assert_has(text, ">President Zelensky</a> <span class=\"num\">2</span>");
    assert_lacks(text, ">Monday</a>");
    assert_lacks(text, "Zelenskyy</a> <span");
    free(text);
    edition_free(edition);
}

static void right_to_left_texts_say_so(void **state) {
    (void)state;
    struct edition *edition = edition_new("2026-01-29");
    struct article *article = add_article(edition, "aa", "", "Port fees rise");
    strcpy(article->language.code, "ar");
    article->title.source = SPAN("رسوم الميناء ترتفع");
    article->site = SPAN("نهار");
    char *text = print(edition, "index.html");
    assert_has(text, "<p class=\"orig\" lang=\"ar\" dir=\"rtl\">رسوم الميناء ترتفع</p>");
    assert_has(text, "<bdi lang=\"ar\" dir=\"rtl\">نهار</bdi>");
    free(text);
    edition_free(edition);
}

static void a_failed_headline_stays_in_its_language(void **state) {
    (void)state;
    struct edition *edition = edition_new("2026-01-29");
    struct article *article = add_article(edition, "aa", "", "nonsense");
    article->title.source = SPAN("ახალი ხიდი");
    article->title.status = SEGMENT_FAILED;
    strcpy(article->language.code, "ka");
    char *text = print(edition, "index.html");
    assert_has(text, "<span class=\"bad\">Not translated:</span> <bdi lang=\"ka\">ახალი ხიდი</bdi>");
    assert_lacks(text, "nonsense");
    free(text);
    edition_free(edition);
}

static size_t count_of(const char *text, const char *piece) {
    size_t count = 0;
    for (const char *at = text; (at = strstr(at, piece)); at++) count++;
    return count;
}

static void articles_that_wait_are_on_the_page_by_reason(void **state) {
    (void)state;
    struct edition *edition = edition_new("2026-01-29");
    edition->run_notes =
        SPAN("{\"waiting\":[{\"id\":\"aa\",\"title\":\"ახალი <ხიდი>\",\"language\":\"ka\",\"address\":"
             "\"https://dila.example/1\",\"since\":\"2026-01-29T06:00:00Z\",\"for\":\"service\",\"on\":"
             "\"deepl\",\"reason\":\"service deepl: no Georgian\"},{\"id\":\"bb\",\"title\":\"B\",\"for\":\"money\","
             "\"reason\":\"the cap\"},{\"id\":\"cc\",\"source\":\"dila\",\"title\":\"C\",\"for\":\"service\",\"on\":"
             "\"deepl\",\"reason\":\"service deepl: no Georgian\"}],\"failed\":[{\"id\":\"dd\",\"title\":\"D\","
             "\"reason\":\"no text\"}]}");
    char *text = print(edition, "index.html");
    assert_has(text, "<bdi lang=\"ka\">ახალი &lt;ხიდი&gt;</bdi></div><a "
                     "href=\"https://dila.example/1\">original</a>");
    assert_has(text, "<b class=\"bad\">2 articles wait for service deepl</b>: no Georgian</p>");
    assert_has(text, "<b class=\"bad\">1 article waits for money</b>: the cap</p>");
    assert_has(text, "<b class=\"bad\">1 article failed</b>: no text</p>");
    assert_has(text, "<bdi>C</bdi> <span class=\"from\">· dila</span>");
    assert_int_equal(count_of(text, "no Georgian"), 1);
    assert_has(text, "<a href=\"#waiting\">3 articles waiting, 1 article failed</a>");
    assert_has(text, ">3 articles waiting, 1 article failed</a>");
    free(text);
    edition_free(edition);
}

static void outages_say_what_is_out_since_when_and_why(void **state) {
    (void)state;
    struct edition *edition = edition_new("2026-01-29");
    edition->run_notes =
        SPAN("{\"outages\":[{\"kind\":\"source\",\"name\":\"costa\",\"since\":\"2026-01-29T06:00:00Z\","
             "\"reason\":\"404 <gone>\"},{\"kind\":\"source\",\"name\":\"mina\",\"since\":"
             "\"2026-01-27T06:00:00Z\",\"reason\":\"\"},{\"kind\":\"service\",\"name\":\"deepl\","
             "\"since\":\"2026-01-29T06:00:00Z\",\"until\":\"2026-01-29T06:30:00Z\",\"reason\":"
             "\"service deepl: busy\"},{\"kind\":\"silence\",\"name\":\"reka\",\"since\":"
             "\"2026-01-20T06:00:00Z\",\"reason\":\"nothing new\"}],\"notes\":[{\"where\":\"costa\",\"what\":\"404 "
             "<gone>\"}],\"more_missing\":1200}");
    char *text = print(edition, "index.html");
    assert_has(text, "<li><b>costa</b> unreadable since 06:00<small>404 &lt;gone&gt;</small></li>");
    assert_has(text, "<li><b>mina</b> unreadable since 2026-01-27 06:00</li>");
    assert_has(text, "<li class=\"over\"><b>deepl</b> failed from 06:00 to 06:30<small>busy</small></li>");
    assert_has(text, "<li><b>reka</b> nothing new since 2026-01-20 06:00<small>nothing new</small></li>");
    assert_has(text, ">2 sources unreadable, 1 source silent, 1,200 articles missing, 1 outage over</a>");
    assert_int_equal(count_of(text, "404 &lt;gone&gt;"), 1);
    free(text);
    edition_free(edition);
}

/* A later version may know more kinds of outages. */
static void an_outage_of_an_unknown_kind_is_not_called_silence(void **state) {
    (void)state;
    struct edition *edition = edition_new("2026-01-29");
    edition->run_notes = SPAN("{\"outages\":[{\"kind\":\"weather\",\"name\":\"costa\",\"since\":"
                              "\"2026-01-28T06:00:00Z\",\"reason\":\"storm\"},{\"name\":\"mina\",\"since\":"
                              "\"2026-01-28T06:00:00Z\",\"until\":\"2026-01-29T06:30:00Z\",\"reason\":\"fog\"}]}");
    char *page = print(edition, "index.html"), *text = print(edition, "digest.md");
    assert_has(page, "<li><b>costa</b> out since 2026-01-28 06:00<small>storm</small></li>");
    assert_has(text, "- **costa**: out since 2026-01-28 06:00: storm\n");
    assert_has(text, "- **mina**: was out from 2026-01-28 06:00 to 2026-01-29 06:30: fog\n");
    assert_lacks(text, "nothing new");
    free(page);
    free(text);
    edition_free(edition);
}

/* ---------------------------------------------------------------- many articles */

static struct edition *edition_of(size_t count) {
    struct edition *edition = edition_new("2026-01-29");
    for (size_t i = 0; i < count; i++) {
        char id[32];
        snprintf(id, sizeof id, "id%zu", i);
        struct article *article = add_article(edition, id, "", "A title of some eight words in all");
        add_sentence(article, "източник", "One sentence of the source.", SEGMENT_OK);
    }
    return edition;
}

static void a_large_day_continues_on_more_pages(void **state) {
    (void)state;
    struct edition *edition = edition_of(1000);
    char *first = print(edition, "index.html"), *second = print(edition, "more-2.html"),
         *last = print(edition, "more-4.html");
    assert_int_equal(count_of(first, "id=\"s-"), 312);
    assert_int_equal(count_of(second, "id=\"s-"), 300);
    assert_int_equal(count_of(last, "id=\"s-"), 88);
    assert_true(strlen(first) < 400000);
    assert_has(first, "<a href=\"more-2.html\">Page 2: 688 more stories ›</a>");
    assert_has(second, "<label for=\"v-all\">");
    free(first);
    free(second);
    free(last);
    edition_free(edition);
}

static void an_article_costs_little_markup(void **state) {
    (void)state;
    struct edition *small = edition_of(20), *large = edition_of(120);
    char *one = print(small, "index.html"), *other = print(large, "index.html");
    size_t words = strlen("A title of some eight words in all");
    assert_true((strlen(other) - strlen(one)) / 100 - words <= 250);
    free(one);
    free(other);
    edition_free(small);
    edition_free(large);
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(undated_and_impossible_dates_come_last_and_are_marked),
                                       cmocka_unit_test(the_lead_is_sound_then_early_then_long),
                                       cmocka_unit_test(the_day_and_the_page_of_doubts_count_alike),
                                       cmocka_unit_test(what_came_since_the_morning_and_the_last_run_is_new),
                                       cmocka_unit_test(figures_that_differ_are_compared_by_value),
                                       cmocka_unit_test(names_that_sound_alike_are_one),
                                       cmocka_unit_test(right_to_left_texts_say_so),
                                       cmocka_unit_test(a_failed_headline_stays_in_its_language),
                                       cmocka_unit_test(articles_that_wait_are_on_the_page_by_reason),
                                       cmocka_unit_test(outages_say_what_is_out_since_when_and_why),
                                       cmocka_unit_test(an_outage_of_an_unknown_kind_is_not_called_silence),
                                       cmocka_unit_test(a_large_day_continues_on_more_pages),
                                       cmocka_unit_test(an_article_costs_little_markup)};
    setenv("TZ", "UTC", 1);
    tzset();
    return cmocka_run_group_tests(tests, NULL, NULL);
}
