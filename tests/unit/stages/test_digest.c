#define _GNU_SOURCE
/* The formats of the digest, for an edition made in memory. */
#include "unit/cmocka_test.h"
#include "unit/golden.h"

#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "pipeline/article/record.h"
#include "pipeline/engine/edition.h"

extern const struct stage stage_digest;

static struct article *add_article(struct edition *edition, const char *id, const char *story, const char *title) {
    struct article *article = article_new();
    snprintf(article->id, sizeof article->id, "%s", id);
    article->story = span_of(story);
    article->title.source = article->title.target = span_of(title);
    article->title.status = SEGMENT_OK;
    article->status = ARTICLE_COMPLETE;
    article->origin.collected = SPAN("2026-01-29T06:00:00Z");
    strcpy(article->language.code, "bg");
    edition_add(edition, article);
    return article;
}

static struct segment *add_sentence(struct article *article, const char *source, const char *target,
                                    enum segment_status status) {
    struct block *block = article_add_block(article, BLOCK_PARAGRAPH, span_of(source));
    struct segment *segment = article_add_segment(article, block, block->text);
    segment->target = span_of(target);
    segment->status = status;
    return segment;
}

/* Returns the named format of the edition as NUL-terminated text. */
static char *print(struct edition *edition, const char *name) {
    void *state = NULL;
    const struct digest_test_settings { struct span morning; } settings = {SPAN("08:00")};
    struct stage_context context = {.data_folder = TEST_DATA, .settings = &settings};
    struct failure failure = {0};
    assert_true(stage_digest.open(&context, &state, &failure));
    assert_true(stage_digest.edit(state, edition, &failure));
    stage_digest.close(state);
    for (size_t i = 0; i < edition->file_count; i++)
        if (span_is(edition->files[i].name, name))
            return strndup(edition->files[i].bytes.at, edition->files[i].bytes.length);
    fail_msg("there is no %s", name);
    return NULL;
}

static void assert_has(const char *text, const char *piece) {
    if (!strstr(text, piece)) fail_msg("'%s' does not stand in:\n%s", piece, text);
}

static void assert_lacks(const char *text, const char *piece) {
    if (strstr(text, piece)) fail_msg("'%s' stands in:\n%s", piece, text);
}

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
    assert_has(text, "<b>costa</b>: no &lt;answer&gt;");
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
    assert_has(text, "0 stories");
    free(text);
    edition_free(edition);
}

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
    char *text = print(edition, "index.html");
    static const char *const order[] = {"id=\"s-london\"",
                                        "id=\"s-tokyo\"",
                                        "id=\"s-yesterday\"",
                                        "id=\"s-undated\"",
                                        "id=\"s-future\"",
                                        "id=\"s-never\"",
                                        NULL};
    assert_order(strstr(text, "id=\"t\">Stories"), order);
    assert_has(text, "<time datetime=\"2026-01-29T14:30+00:00\">14:30</time>");
    assert_has(text, "<time datetime=\"2026-01-28\">28 Jan</time>");
    assert_has(text, "<span class=\"t\">undated</span>");
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

static void what_came_since_the_morning_and_the_last_run_is_new(void **state) {
    (void)state;
    struct edition *edition = edition_new("2026-01-29");
    static const char *const collected[] = {"2026-01-29T07:59:59Z", "2026-01-29T08:00:00Z", "2026-01-29T12:00:01Z"};
    static const char *const ids[] = {"old", "morning", "noon"};
    for (size_t i = 0; i < 3; i++) add_article(edition, ids[i], "", ids[i])->origin.collected = span_of(collected[i]);
    strcpy(edition->seen_before, "2026-01-29T12:00:00Z");
    char *text = print(edition, "index.html");
    assert_has(text, "2 stories new since 08:00");
    assert_has(text, "1 since the run before</b> (12:00)");
    assert_has(text, "class=\"e l-bg\" id=\"s-old\"");
    assert_has(text, "class=\"e n l-bg\" id=\"s-morning\"");
    assert_has(text, "class=\"e n l-bg\" id=\"s-noon\"");
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
    assert_has(text,
               "<th scope=\"row\">barge</th><td class=\"off\">900 <span class=\"lang\">East</span></td><td>1,200 <span "
               "class=\"lang\">North, South</span></td>");
    assert_has(text, "<th scope=\"row\">per cent</th><td>12 <span");
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
    assert_has(text, "<bdi dir=\"rtl\">نهار</bdi>");
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

static void articles_that_wait_are_on_the_page(void **state) {
    (void)state;
    struct edition *edition = edition_new("2026-01-29");
    edition->run_notes =
        SPAN("{\"waiting\":[{\"id\":\"aa\",\"title\":\"ახალი <ხიდი>\",\"language\":\"ka\",\"address\":"
             "\"https://dila.example/1\",\"since\":\"2026-01-29T06:00:00Z\",\"for\":\"service\",\"on\":"
             "\"deepl\",\"reason\":\"no service translates Georgian\"}]}");
    char *text = print(edition, "index.html");
    assert_has(text, "<bdi lang=\"ka\">ახალი &lt;ხიდი&gt;</bdi><small>waiting for service deepl since ");
    assert_has(
        text,
        "no service translates Georgian</small></div><a class=\"go\" href=\"https://dila.example/1\">original</a>");
    assert_has(text, "<a href=\"#waiting\">1 article waits or has failed</a>");
    free(text);
    edition_free(edition);
}

/* ---------------------------------------------------------------- many articles */

static size_t count_of(const char *text, const char *piece) {
    size_t count = 0;
    for (const char *at = text; (at = strstr(at, piece)); at++) count++;
    return count;
}

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
    assert_has(first, "<a href=\"more-2.html\">688 more ›</a>");
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

/* ---------------------------------------------------------------- a whole day */

/* Makes the pages of the records in `input`, one a line. The first two are one story. */
static void describe_day(void *state, struct span input, struct buffer *out) {
    (void)state;
    struct edition *edition = edition_new("2026-01-29");
    struct span line;
    while (span_next(&input, '\n', &line)) {
        struct article *article = NULL;
        if (!line.length) continue;
        assert_true(record_read(line, 0, &article, NULL));
        edition_add(edition, article);
        if (edition->count <= 2) article->story = span_of(edition->articles[0]->id);
    }
    free(print(edition, "index.html"));
    for (size_t i = 0; i < edition->file_count; i++) {
        const struct edition_file *file = &edition->files[i];
        if (!span_ends(file->name, SPAN(".html"))) continue;
        buffer_print(out, "======== %.*s\n", SPAN_ARGS(file->name));
        buffer_add_span(out, file->bytes);
    }
    edition_free(edition);
}

static void a_day_of_three_articles_is_as_expected(void **state) {
    static const struct golden golden = {"day", "input.ndjson", "expected.txt", 1, describe_day};
    golden_check(&golden, *state);
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(hostile_text_stays_text),
                                       cmocka_unit_test(a_doubt_is_shown_in_every_format),
                                       cmocka_unit_test(only_web_addresses_become_links),
                                       cmocka_unit_test(a_saved_page_links_to_its_canonical_address),
                                       cmocka_unit_test(a_story_is_shown_once_with_its_lead_first),
                                       cmocka_unit_test(failed_text_is_never_shown_as_english),
                                       cmocka_unit_test(flags_count_over_the_whole_article),
                                       cmocka_unit_test(problems_of_the_run_are_on_the_page),
                                       cmocka_unit_test(a_copy_is_marked_as_one),
                                       cmocka_unit_test(an_empty_day_has_a_page),
                                       cmocka_unit_test(undated_and_impossible_dates_come_last_and_are_marked),
                                       cmocka_unit_test(the_lead_is_sound_then_early_then_long),
                                       cmocka_unit_test(what_came_since_the_morning_and_the_last_run_is_new),
                                       cmocka_unit_test(figures_that_differ_are_compared_by_value),
                                       cmocka_unit_test(names_that_sound_alike_are_one),
                                       cmocka_unit_test(right_to_left_texts_say_so),
                                       cmocka_unit_test(a_failed_headline_stays_in_its_language),
                                       cmocka_unit_test(articles_that_wait_are_on_the_page),
                                       cmocka_unit_test(a_large_day_continues_on_more_pages),
                                       cmocka_unit_test(an_article_costs_little_markup),
                                       cmocka_unit_test(a_day_of_three_articles_is_as_expected)};
    setenv("TZ", "UTC", 1);
    tzset();
    return cmocka_run_group_tests(tests, NULL, NULL);
}
