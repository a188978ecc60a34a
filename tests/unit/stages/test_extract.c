/* Pages of many forms, modelled on real ones (tests/golden/extract). */
#include "unit/failure_is.h"
#include "unit/golden.h"

#include <time.h>

#include "pipeline/article/fields.h"
#include "pipeline/engine/stage.h"

extern const struct stage stage_extract;

static void print_field(struct buffer *out, const char *name, struct span value) {
    if (value.length) buffer_print(out, "%s: %.*s\n", name, SPAN_ARGS(value));
}

static void print_article(struct buffer *out, const struct article *article) {
    print_field(out, "title", article->title.source);
    for (size_t i = 0; i < article->author_count; i++) print_field(out, "author", article->authors[i]);
    print_field(out, "published", article->published);
    print_field(out, "modified", article->modified);
    print_field(out, "section", article->section);
    print_field(out, "site", article->site);
    print_field(out, "canonical", article->canonical);
    print_field(out, "image", article->image);
    print_field(out, "image caption", article->image_caption);
    if (article->content != CONTENT_WHOLE) print_field(out, "content", span_of(content_names.at[article->content]));
    print_field(out, "note", article->origin.note);
    if (article->paywalled) buffer_add_string(out, "paywalled\n");
    for (enum metadata_field field = 0; field < METADATA_FIELDS; field++) {
        struct span from = article->metadata_evidence[field];
        if (from.length) buffer_print(out, "%s from: %.*s\n", metadata_field_name(field), SPAN_ARGS(from));
    }
    buffer_add_string(out, "\n");
    for (size_t i = 0; i < article->block_count; i++)
        print_field(out, block_kind_names.at[article->body[i].kind], article->body[i].text);
}

static struct article *extracted(void *state, struct span page, const char *address) {
    struct article *article = article_new();
    struct failure failure = {0};
    article->origin.address = span_of(address);
    article->text = arena_copy(article_document(article), page);
    stage_extract.work(state, article, &failure);
    return article;
}

static void describe(void *state, struct span page, struct buffer *out) {
    struct article *article = extracted(state, page, "https://site.example/a");
    print_article(out, article);
    article_free(article);
}

static void test_golden(void **state) {
    golden_check(&(struct golden){"extract", "input.html", "expected.txt", 12, describe}, *state);
}

static void test_nothing_found(void **state) {
    struct article *article = article_new();
    struct failure failure = {0};
    article->text =
        arena_copy(article_document(article), SPAN("<html><body><nav><a href='/'>Home</a></nav></body></html>"));
    assert_int_equal(stage_extract.work(*state, article, &failure), STAGE_FAIL);
    assert_failure(&failure, REACH_ARTICLE, REMEDY_NONE, CAUSE_ARTICLE, EXIT_DONE, "no article text was found");
    article_free(article);
}

/* Runs the stage on a document without text of an article. */
static enum outcome run_without_text(void *state, struct article *article, const char *document,
                                     struct failure *failure) {
    *failure = (struct failure){0};
    article->origin.address = SPAN("https://site.example/a");
    article->text = arena_copy(article_document(article), span_of(document));
    return stage_extract.work(state, article, failure);
}

static void test_pages_of_other_kinds_say_what_they_are(void **state) {
    static const struct {
        const char *document, *said;
    } rows[] = {{"<html><head><title>404 Not Found</title></head><body><h1>404 Not Found</h1></body></html>",
                 ", and no other text of the article is available"},
                {"<?xml version=\"1.0\"?><Error><Code>NoSuchKey</Code></Error>",
                 "the document is XML without an article (root element <Error>)"},
                {"<?xml version=\"1.0\"?><rss version=\"2.0\"><channel/></rss>",
                 "the document is XML without an article (root element <rss>); to read it as a feed, set kind = feed"}};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct article *article = article_new();
        struct failure failure;
        assert_int_equal(run_without_text(*state, article, rows[i].document, &failure), STAGE_FAIL);
        assert_failure(&failure, REACH_ARTICLE, REMEDY_NONE, CAUSE_ARTICLE, EXIT_DONE, rows[i].said);
        assert_int_equal(article->title.source.length, 0);
        article_free(article);
    }
}

/* A part of a page without text waits for the whole page; one with text is used. */
static void test_a_part_of_a_page_may_be_too_little(void **state) {
    struct article *article = article_new();
    struct failure failure;
    article->origin.is_cut_off = article->origin.truncated = true;
    article->origin.note = SPAN("cut off");
    assert_int_equal(
        run_without_text(*state, article, "<html><head><title>The quay</title></head><body><nav>", &failure),
        STAGE_FAIL);
    assert_failure(&failure, REACH_ARTICLE, REMEDY_NEXT_RUN, CAUSE_NETWORK, EXIT_DONE,
                   "site.example sent only a part of the page, which has no text of the article: try again later");
    assert_string_equal(failure.blamed, "site.example");
    assert_false(article->origin.is_cut_off || article->origin.truncated);
    assert_int_equal(article->origin.note.length, 0);
    assert_int_equal(article->title.source.length, 0);
    article_free(article);
    article = article_new();
    article->origin.is_cut_off = article->origin.truncated = true;
    assert_int_equal(run_without_text(*state, article,
                                      "<html><body><article><h1>The quay</h1><p>The harbour office said on Monday that "
                                      "the northern quay would be closed to lorries until the end of March.",
                                      &failure),
                     STAGE_CONTINUE);
    assert_true(article->origin.truncated);
    article_free(article);
}

static void test_a_record_that_has_blocks_is_left_alone(void **state) {
    struct article *article = article_new();
    struct failure failure;
    article_add_block(article, BLOCK_PARAGRAPH, SPAN("Before."));
    assert_int_equal(
        run_without_text(*state, article, "<p>A text, which has a sentence or two of its own.</p>", &failure),
        STAGE_CONTINUE);
    assert_int_equal(article->block_count, 1);
    assert_span(article->body[0].text, "Before.");
    article_free(article);
}

/* Fields from the feed are kept if the page has none. */
static void test_fields_of_the_feed_are_used(void **state) {
    struct article *article = article_new();
    struct failure failure = {0};
    article->feed.content = SPAN("<p>A teaser that the feed carried, with a sentence or two, and then no more.</p>");
    article->feed.title = SPAN("From the feed");
    assert_int_equal(stage_extract.work(*state, article, &failure), STAGE_CONTINUE);
    assert_span(article->title.source, "From the feed");
    assert_span(article->metadata_evidence[FIELD_TITLE], "feed");
    assert_int_equal(article->block_count, 1);
    article_free(article);
}

static void test_addresses(void **state) {
    struct span page =
        SPAN("<html><head><title>A title of its own</title><link rel=canonical href='javascript:alert(1)'>"
             "<meta property='og:image' content='/i/a.jpg'></head><body><p>A text, which has a sentence or two of its "
             "own.</p>");
    struct article *article = extracted(*state, page, "https://site.example/a");
    assert_int_equal(article->canonical.length, 0);
    assert_span(article->image, "https://site.example/i/a.jpg");
    article_free(article);
}

/* Appends words of four letters, from the 22 letters beginning with `first`, in the same pattern for every script. */
static void add_words(struct buffer *page, uint32_t first, int count, bool text) {
    static uint32_t chance;
    if (!text) chance = 7;
    for (int i = 0; i < count; i++) {
        buffer_add_string(page, " ");
        for (int j = 0; j < 4; j++)
            buffer_add_rune(page, first + (chance = chance * 1664525 + 1013904223) / 65536 % 22);
        if (text && i % 7 == 6 && i + 1 < count) buffer_add_string(page, ",");
    }
    if (text) buffer_add_string(page, ".");
}

/* Returns the number of blocks of a page with a headline, a line of `below` words below it, the text, and a paragraph
 * of `elsewhere` words outside. */
static size_t count_blocks(void *state, uint32_t first, int below, int elsewhere) {
    struct buffer page = BUFFER(1 << 16);
    buffer_add_string(&page, "<html><body><main><h1>");
    add_words(&page, first, 6, false);
    buffer_add_string(&page, "</h1><p>");
    add_words(&page, first, below, below > 20);
    buffer_add_string(&page, "</p><p>");
    add_words(&page, first, 60, true);
    buffer_add_string(&page, "</p></main><div><div><p>");
    add_words(&page, first, elsewhere, true);
    buffer_add_string(&page, "</p></div></div>");
    struct article *article = extracted(state, buffer_span(&page), "https://site.example/a");
    size_t blocks = article->block_count;
    article_free(article);
    buffer_free(&page);
    return blocks;
}

/* Thresholds for short and long texts are the same in every script, however many bytes a letter takes. */
static void test_thresholds_count_characters(void **state) {
    static const uint32_t scripts[] = {0x430, 0x3B1, 0x561, 0x5D0, 0x10D0}; /* two or three bytes per letter */
    for (int length = 1; length < 40; length++)
        for (size_t i = 0; i < sizeof scripts / sizeof *scripts; i++) {
            size_t below = count_blocks(*state, 'a', length, 20), elsewhere = count_blocks(*state, 'a', 20, length);
            if (count_blocks(*state, scripts[i], length, 20) != below ||
                count_blocks(*state, scripts[i], 20, length) != elsewhere)
                fail_msg("%d words of letters from U+%04X on count otherwise than Latin ones", length, scripts[i]);
        }
    assert_int_not_equal(count_blocks(*state, 'a', 2, 20), count_blocks(*state, 'a', 20, 20));
}

struct dated {
    const char *address, *head;
    const char *above, *begin, *below; /* HTML above, at the beginning of, and below the text */
};

static void check_dated(void *state, struct dated page, const char *want) {
    struct article *article = article_new();
    struct failure failure = {0};
    article->origin.address = span_of(page.address ? page.address : "https://site.example/a");
    article->origin.collected = SPAN("2026-01-30T12:00:00Z");
    article->text = arena_print(
        article_document(article),
        "<html lang=en><head><title>The ferry sails again</title>%s</head><body><article><h1>"
        "The ferry sails again</h1>%s<p>%sThe ferry left on Thursday, and everybody was on the "
        "quay to see it. Two ships a day will leave from the old fish market now, and tickets "
        "that were bought before the storm stay valid until the end of March.</p>%s</article></body></html>",
        page.head ? page.head : "", page.above ? page.above : "", page.begin ? page.begin : "",
        page.below ? page.below : "");
    stage_extract.work(state, article, &failure);
    assert_span(article->published, want);
    article_free(article);
}

static void check_published(void *state, const char *address, const char *head, const char *want) {
    check_dated(state, (struct dated){.address = address, .head = head}, want);
}

/* If the first date is implausible, the next one is used. */
static void test_dates_are_weighed(void **state) {
    const char *plain = "https://site.example/a", *dated = "https://site.example/2026/01/29/ferry";
    check_published(*state, dated, "", "2026-01-29");
    check_published(*state, "https://site.example/2015/08/150803-ferry", "", "");
    check_published(*state, "https://site.example/2015/08/15", "", "2015-08-15");
    check_published(*state, "https://site.example/2026/02/20/ferry", "", "");
    check_published(*state, dated, "<meta property=article:published_time content=0001-01-01T00:00:00Z>", "2026-01-29");
    check_published(*state, dated, "<meta property=article:published_time content=1970-01-01T00:00:00+00:00>",
                    "2026-01-29");
    check_published(*state, dated, "<meta property=article:published_time content=2001-01-01T00:00:00Z>", "2026-01-29");
    check_published(*state, dated, "<meta property=article:published_time content=2036-01-29>", "2026-01-29");
    check_published(*state, plain, "<meta name=date content=1769695500>", "2026-01-29T14:05:00Z");
    check_published(
        *state, plain,
        "<script type=application/ld+json>{\"@type\":\"NewsArticle\",\"datePublished\":1769695500000}</script>",
        "2026-01-29T14:05:00Z");
    check_published(*state, plain, "<meta name=date content=\"2026-01-28T24:00:00Z\">", "2026-01-29T00:00:00Z");
}

/* The header of a page often shows today's date. */
static void test_the_date_of_today_is_not_the_articles(void **state) {
    const struct dated lines = {.above = "<p>28 January 2026</p>",
                                .head = "</head><body><header><div class=now>29 January 2026</div></header>"};
    check_dated(*state, lines, "2026-01-28");
    const struct dated labelled = {.below = "<p class=date>27 January 2026</p>",
                                   .head =
                                       "</head><body><header><p class=date>29 January 2026</p><ul><li><a href=/a>Quay"
                                       "</a><li><a href=/b>Sport</a><li><a href=/c>Rain</a></ul></header>"};
    check_dated(*state, labelled, "2026-01-27");
    const struct dated far = {.below = "<p class=date>27 January 2026</p>",
                              .head = "</head><body><p class=date>29 January 2026</p><p>One<p>Two<p>Three<p>Four"
                                      "<p>Five<p>Six<p>Seven<p>Eight"};
    check_dated(*state, far, "2026-01-27");
    const struct dated alone = {.head = "</head><body><header><p class=date>29 January 2026</p><ul><li><a href=/a>Quay"
                                        "</a><li><a href=/b>Sport</a><li><a href=/c>Rain</a></ul></header>"};
    check_dated(*state, alone, "2026-01-29");
}

/* A moment in UTC may be on another day than for the readers. */
static void test_local_days_are_taken(void **state) {
    const char *late = "<meta property=article:published_time content=2026-01-28T23:12:05Z>";
    const char *midnight = "<meta property=article:published_time content=2026-01-28T23:00:00Z>";
    const char *dated = "https://site.example/2026/01/29/ferry";
    check_dated(*state, (struct dated){.address = dated, .head = late}, "2026-01-29");
    check_dated(*state, (struct dated){.head = late, .above = "<p>29 Jan 2026, 00:12</p>"}, "2026-01-29T00:12+01:00");
    check_dated(*state, (struct dated){.head = midnight, .above = "<p>29 January 2026</p>"}, "2026-01-29");
    check_dated(*state,
                (struct dated){.head = "<meta property=article:published_time content=2026-01-29T02:44:10Z>",
                               .above = "<p>28/01/2026 21:44</p>"},
                "2026-01-28T21:44-05:00");
}

static void test_other_dates_do_not_move_a_moment(void **state) {
    const char *late = "<meta property=article:published_time content=2026-01-28T23:12:05Z>";
    const char *early = "<meta property=article:published_time content=2026-01-28T05:00:00Z>";
    check_dated(*state, (struct dated){.head = late, .above = "<p>29 January 2026</p>"}, "2026-01-28T23:12:05Z");
    check_dated(*state, (struct dated){.head = late, .above = "<p>29 Jan 2026, 00:19</p>"}, "2026-01-28T23:12:05Z");
    check_dated(*state, (struct dated){.head = late, .above = "<p>28 Jan 2026, 23:12</p><p>29 Jan 2026, 00:12</p>"},
                "2026-01-28T23:12:05Z");
    check_dated(*state, (struct dated){.head = early, .above = "<p>29 January 2026</p>"}, "2026-01-28T05:00:00Z");
    check_dated(*state, (struct dated){.address = "https://site.example/2026/01/20/ferry", .head = late},
                "2026-01-28T23:12:05Z");
}

static void test_addresses_hold_dates(void **state) {
    check_published(*state, "https://site.example/news/20260129/ferry.html", "", "2026-01-29");
    check_published(*state, "https://site.example/2026-01-29-ferry", "", "2026-01-29");
    check_published(*state, "https://site.example/local/2026-01/29/c_112.htm", "", "2026-01-29");
    check_published(*state, "https://site.example/n1/2026/0129/c1001.html", "", "2026-01-29");
    check_published(*state, "https://site.example/202601291", "", "");
    check_published(*state, "https://site.example/a20261329", "", "");
    check_published(*state, "https://site.example/41260129", "", "");
}

static void test_dates_without_a_year_take_that_of_the_address(void **state) {
    struct dated page = {.address = "https://site.example/2026/ferry", .above = "<p>Nora Field, 29 January</p>"};
    check_dated(*state, page, "2026-01-29");
    page.address = "https://site.example/2026/01/ferry";
    check_dated(*state, page, "2026-01-29");
    page.address = "https://site.example/2025/12/ferry"; /* not of that month */
    check_dated(*state, page, "");
    page.address = "https://site.example/ferry";
    check_dated(*state, page, "");
    page.address = "https://site.example/2026"; /* may be a number of anything */
    check_dated(*state, page, "");
    page.address = "https://site.example/1990/ferry";
    check_dated(*state, page, "");
    page.address = "https://site.example/1991/ferry";
    check_dated(*state, page, "1991-01-29");
    page.address = "https://site.example/2100/ferry";
    check_dated(*state, page, "");
    page.address = "https://site.example/2026/13/ferry";
    check_dated(*state, page, "");
    page.address = "/2026/ferry.html"; /* a file */
    check_dated(*state, page, "2026-01-29");
    page = (struct dated){.address = "https://site.example/2025/12/ferry", .above = "<p>Nora Field, 31 December</p>"};
    check_dated(*state, page, "2025-12-31");
}

/* Enough lines that what follows is not near the headline. */
#define FAR "<p>a</p><p>b</p><p>c</p><p>d</p><p>e</p><p>f</p><p>g</p><p>h</p><p>i</p><p>j</p><p>k</p><p>l</p>"

static void test_labelled_dates_are_found_below_the_text(void **state) {
    const char *changed = "<p>Last change: 30.01.2026 - 9:49<br>Published on: 29.01.2026</p>";
    check_dated(*state, (struct dated){.above = changed}, "2026-01-29");
    check_dated(*state, (struct dated){.below = changed}, "2026-01-29");
    check_dated(*state,
                (struct dated){.below = FAR "<p>Last change: 30.01.2026 - 9:49<br>Published on: 29.01.2026</p>"},
                "2026-01-29");
    check_dated(*state, (struct dated){.below = FAR "<div>Erschienen am Donnerstag, 29. Januar 2026</div>"},
                "2026-01-29");
    check_dated(*state, (struct dated){.below = FAR "<div>発行者 港新聞 公開日：2026年1月29日</div>"}, "2026-01-29");
    check_dated(*state, (struct dated){.below = FAR "<p>Last change: 29.01.2026</p>"}, "");
    check_dated(*state, (struct dated){.below = FAR "<p>Published by the harbour office since 29.01.2026</p>"}, "");
}

static void test_dates_of_changes_come_last(void **state) {
    check_dated(*state, (struct dated){.above = "<p>Updated on 30 January 2026</p><p>29 January 2026</p>"},
                "2026-01-29");
    check_dated(*state, (struct dated){.above = "<p>Aktualisiert: 30.01.2026</p><p>Erstellt: 29.01.2026</p>"},
                "2026-01-29");
    check_dated(*state,
                (struct dated){.above = "<time class=updated datetime=2026-01-30></time><p>29 January 2026</p>"},
                "2026-01-29");
    check_dated(*state,
                (struct dated){.above = "<time class=\"entry-date published updated\" datetime=2026-01-29></time>"},
                "2026-01-29");
    check_dated(*state, (struct dated){.above = "<p>Updated on 30 January 2026</p>"}, "2026-01-30");
}

static void test_datelines_are_dates(void **state) {
    check_dated(*state, (struct dated){.begin = "29.01.2026 – "}, "2026-01-29");
    check_dated(*state, (struct dated){.begin = "Press release of 29 January 2026 | Harbour - "}, "2026-01-29");
    check_dated(*state, (struct dated){.begin = "HARBOUR, January 29, 2026 (QPA) - "}, "2026-01-29");
    check_dated(*state, (struct dated){.begin = "On 29 January 2026 the harbour reopened. "}, "");
}

/* Malicious pages: time and memory after parsing must be bounded, too. */
static void check_bounded(void *state, const char *head, const char *piece, int count) {
    struct buffer page = BUFFER(64 << 20);
    buffer_print(&page, "<html><body>%s", head);
    for (int i = 0; i < count; i++) buffer_add_string(&page, piece);
    clock_t start = clock();
    struct article *article = extracted(state, buffer_span(&page), "https://site.example/a");
    double seconds = (double)(clock() - start) / CLOCKS_PER_SEC;
    size_t memory = arena_size(article->arena);
    article_free(article);
    buffer_free(&page);
    if (seconds > 20 || memory > (64u << 20)) fail_msg("%s: %.1f s, %zu bytes kept", piece, seconds, memory);
}

static void test_hurting(void **state) {
    check_bounded(*state, "", "<div class=\"article-body author\">", 100000);
    check_bounded(*state, "", "<div class=\"author\">a b</div>", 30000);
    check_bounded(*state, "<div class=\"byline\">", "<p>x</p>", 50000);
    check_bounded(*state, "", "<div><h3><a href=x>link text here</a></h3><p>text and text</p></div>", 20000);
    check_bounded(*state, "", "<h1>A title of some length</h1>", 30000);
    check_bounded(*state, "", "<meta name=\"description\" content=\"A &amp;amp; B\">", 30000);
    check_bounded(
        *state, "",
        "<script type=\"application/ld+json\">{\"@type\":\"NewsArticle\",\"author\":{\"@id\":\"x\"}}</script>", 20000);
    check_bounded(*state, "<table>", "<tr><td>a<td>b</tr>", 50000);
    check_bounded(*state, "", "a<br><br>", 100000);
    check_bounded(*state, "<script>", "x={", 500000);
    check_bounded(*state, "<script>x=", "[", 500000);
    check_bounded(*state, "<script>x=[", "{text:'A sentence of a paragraph, and more of it.'},", 50000);
    check_bounded(*state, "", "<script>x=[{a:f(1),b:\"", 30000);
    check_bounded(*state, "<script>[[\"Ref\",1],[1,1,2],", "[1,2,1,2,1,2],", 50000);
}

static int open_stage(void **state) {
    struct stage_context context = {.data_folder = TEST_DATA};
    struct failure failure = {0};
    if (stage_extract.open(&context, state, &failure)) return 0;
    print_error("%s\n", failure.sentence);
    return -1;
}

static int close_stage(void **state) {
    stage_extract.close(*state);
    return 0;
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_golden),
        cmocka_unit_test(test_nothing_found),
        cmocka_unit_test(test_pages_of_other_kinds_say_what_they_are),
        cmocka_unit_test(test_a_part_of_a_page_may_be_too_little),
        cmocka_unit_test(test_a_record_that_has_blocks_is_left_alone),
        cmocka_unit_test(test_fields_of_the_feed_are_used),
        cmocka_unit_test(test_addresses),
        cmocka_unit_test(test_hurting),
        cmocka_unit_test(test_thresholds_count_characters),
        cmocka_unit_test(test_dates_are_weighed),
        cmocka_unit_test(test_the_date_of_today_is_not_the_articles),
        cmocka_unit_test(test_local_days_are_taken),
        cmocka_unit_test(test_other_dates_do_not_move_a_moment),
        cmocka_unit_test(test_addresses_hold_dates),
        cmocka_unit_test(test_dates_without_a_year_take_that_of_the_address),
        cmocka_unit_test(test_labelled_dates_are_found_below_the_text),
        cmocka_unit_test(test_dates_of_changes_come_last),
        cmocka_unit_test(test_datelines_are_dates),
    };
    return cmocka_run_group_tests(tests, open_stage, close_stage);
}
