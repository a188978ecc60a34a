/* How pages are classified (pages.txt), and the text used in place of pages without an article. */
#include "unit/cmocka_test.h"

#include <string.h>

#include "pipeline/base/file.h"
#include "pipeline/engine/stage.h"

extern const struct stage stage_extract;

static struct article *article_at(const char *page) {
    struct article *article = article_new();
    article->origin.address = SPAN("https://site.example/a");
    article->text = arena_copy(article_document(article), span_of(page));
    return article;
}

static struct failure failure;

static enum outcome extract(void *state, struct article *article) {
    failure = (struct failure){0};
    return stage_extract.work(state, article, &failure);
}

/* ---------------------------------------------------------------- pages.txt */

static bool page_is(void *state, struct span want, struct span name, struct span page) {
    struct article *article = article_new();
    article->origin.address = SPAN("https://site.example/a");
    article->text = arena_copy(article_document(article), page);
    enum outcome outcome = extract(state, article);
    enum content content = article->content;
    bool right = span_is(want, content_names.at[content]) && (outcome == STAGE_CONTINUE) == content_is_article(content);
    bool told = article->origin.note.length || failure.sentence[0];
    right = right && told == (content != CONTENT_WHOLE);
    if (!right) print_error("%.*s is %s: %s\n", SPAN_ARGS(name), content_names.at[content], failure.sentence);
    article_free(article);
    return right;
}

static void test_pages(void **state) {
    struct buffer file = BUFFER(1 << 20);
    assert_true(file_read(TEST_TESTS "/unit/stages/extract/pages.txt", &file));
    struct span rest = buffer_span(&file), want, name;
    size_t pages = 0, wrong = 0;
    for (size_t at; (at = span_find(rest, SPAN("\n== "))) != SIZE_MAX; pages++) {
        rest = span_cut(rest, at + 4, rest.length);
        assert_true(span_next(&rest, ' ', &want) && span_next(&rest, '\n', &name));
        wrong += !page_is(*state, want, name, span_cut(rest, 0, span_find(rest, SPAN("\n== "))));
    }
    buffer_free(&file);
    assert_true(pages >= 60);
    assert_int_equal(wrong, 0);
}

/* ---------------------------------------------------------------- what stands in */

#define WALL                                                                                                           \
    "<html lang=de><head><title>Portal</title><meta name=description content=\"Die Brücke bleibt gesperrt.\"></head>" \
    "<body><h1>Portal</h1><p>Wir verwenden Cookies. Mit der Nutzung unserer Seiten stimmen Sie der Speicherung "       \
    "zu.</p>"                                                                                                          \
    "<p>Weitere Angaben finden Sie unter Cookie-Einstellungen.</p></body></html>"
#define GONE                                                                                                           \
    "<html lang=en><head><title>Page not found</title><meta name=description content=\"All the news of the "           \
    "coast.\"></head><body><h1>Page not found</h1><p>The page you are looking for has gone.</p></body></html>"
#define FRAME "<html lang=de><head><title>Die Brücke</title></head><body><div id=app></div></body></html>"

static void test_the_feed_s_text_is_used(void **state) {
    static const struct {
        const char *page, *note;
    } cases[] = {{WALL, "The page shows only a request for consent; this text is from the feed."},
                 {GONE, "The page reports that the article was not found; this text is from the feed."},
                 {FRAME, "The page does not contain an article; this text is from the feed."}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct article *article = article_at(cases[i].page);
        article->feed.title = SPAN("Brücke gesperrt");
        article->feed.summary = SPAN("<p>Die Brücke über die Lauter bleibt bis zum Herbst gesperrt.</p>");
        article->feed.author = SPAN("Ada Merz");
        assert_int_equal(extract(*state, article), STAGE_CONTINUE);
        assert_span(article->origin.note, cases[i].note);
        assert_span(article->title.source, "Brücke gesperrt");
        assert_int_equal(article->block_count, 1);
        assert_span(article->body[0].text, "Die Brücke über die Lauter bleibt bis zum Herbst gesperrt.");
        assert_true(article->origin.truncated);
        assert_int_equal(article->author_count, 1);
        article_free(article);
    }
}

/* A headline alone is better than nothing; there is no body then. */
static void test_the_headline_alone_is_used(void **state) {
    struct article *article = article_at(GONE);
    article->feed.title = SPAN("Brücke gesperrt");
    assert_int_equal(extract(*state, article), STAGE_CONTINUE);
    assert_span(article->title.source, "Brücke gesperrt");
    assert_span(article->origin.note,
                "The page reports that the article was not found; this headline is from the feed.");
    assert_int_equal(article->block_count, 0);
    article_free(article);
}

/* The description of a wall is about the article behind it; that of an error page is not. */
static void test_the_description_is_used(void **state) {
    struct article *wall = article_at(WALL), *gone = article_at(GONE);
    assert_int_equal(extract(*state, wall), STAGE_CONTINUE);
    assert_span(wall->body[0].text, "Die Brücke bleibt gesperrt.");
    assert_span(wall->origin.note, "The page shows only a request for consent; this text is the page's description.");
    assert_int_equal(extract(*state, gone), STAGE_FAIL);
    assert_string_equal(
        failure.sentence,
        "The page reports that the article was not found, and no other text of the article is available");
    article_free(wall);
    article_free(gone);
}

/* A page with one line of the feed's long text is not the article. */
static void test_less_than_the_feed(void **state) {
    struct article *article = article_at("<html><body><h1>Brücke gesperrt</h1><p>Die Brücke über die Lauter bleibt "
                                         "gesperrt, hieß es.</p></body></html>");
    article->feed.title = SPAN("Brücke gesperrt");
    article->feed.summary =
        SPAN("Die Brücke über die Lauter bleibt bis zum Herbst gesperrt, teilte die Stadt am Dienstag "
             "mit. Grund ist ein Riss im mittleren Pfeiler, den Taucher entdeckt hatten.");
    assert_int_equal(extract(*state, article), STAGE_CONTINUE);
    assert_int_equal(article->content, CONTENT_EMPTY);
    assert_true(span_find(article->body[0].text, SPAN("Taucher")) != SIZE_MAX);
    article_free(article);
}

/* Text that is also in the feed is an article, whatever it is about. */
static void test_feed_vouches(void **state) {
    static const char text[] = "Wir verwenden Cookies und stimmen Sie zu: Unter diesem Namen tritt die Band heute auf.";
    struct buffer page = BUFFER(1024);
    buffer_print(&page, "<html><body><h1>Konzert</h1><p>%s</p></body></html>", text);
    for (int vouched = 0; vouched < 2; vouched++) {
        struct article *article = article_at(page.at);
        if (vouched) article->feed.summary = SPAN("Unter diesem Namen tritt die Band heute auf.");
        extract(*state, article);
        assert_int_equal(article->content, vouched ? CONTENT_WHOLE : CONTENT_CONSENT);
        article_free(article);
    }
    buffer_free(&page);
}

/* Even if the feed's text uses the words of walls. */
static void test_feed_vouches_for_an_article_on_walls(void **state) {
    static const char *const texts[] = {
        "Ein Knopf, auf dem alle akzeptieren steht, ist keine wirksame Einwilligung, entschied gestern das Gericht.",
        "Toute page où l’on lit tout accepter devra aussi offrir tout refuser, décide la commission.",
        "Beim Amt hieß es gestern sechs Stunden lang: Dienst vorübergehend nicht verfügbar, Seite nicht gefunden."};
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        struct buffer page = BUFFER(1024);
        buffer_print(&page, "<html><body><h1>Urteil</h1><p>%s</p></body></html>", texts[i]);
        struct article *article = article_at(page.at);
        article->feed.summary = span_of(texts[i]);
        extract(*state, article);
        assert_int_equal(article->content, CONTENT_WHOLE);
        article_free(article);
        buffer_free(&page);
    }
}

/* The feed's text is not a page. However short or odd, it is all there is. */
static void test_feed_text_is_not_judged(void **state) {
    struct article *article =
        article_at("<html><body><h1>Portal</h1><div>Cookies: alle akzeptieren</div></body></html>");
    article->feed.summary = SPAN("Cookies: alle akzeptieren");
    article->origin.is_feed_text = true;
    extract(*state, article);
    assert_int_equal(article->content, CONTENT_WHOLE);
    article_free(article);
}

/* The feed shows where the headline ends and the site's name begins. */
static void test_feed_title_without_the_site(void **state) {
    static const char *const titles[][2] = {{"Brücke gesperrt - Uferbote", "Brücke gesperrt"},
                                            {"Brücke gesperrt | Uferbote | Lauter", "Brücke gesperrt"},
                                            {"Brücke gesperrt • Uferbote", "Brücke gesperrt"},
                                            {"Brücke gesperrt｜Uferbote", "Brücke gesperrt"},
                                            {"Brücke gesperrt: Bis zum Herbst", "Brücke gesperrt: Bis zum Herbst"},
                                            {"Brücke gesperrt bis zum Herbst", "Brücke gesperrt bis zum Herbst"}};
    for (size_t i = 0; i < sizeof titles / sizeof *titles; i++) {
        struct buffer page = BUFFER(1024);
        buffer_print(&page,
                     "<html><head><title>%s</title></head><body><p>Die Brücke über die Lauter bleibt bis zum "
                     "Herbst gesperrt, teilte die Stadt am Dienstag mit.</p></body></html>",
                     titles[i][0]);
        struct article *article = article_at(page.at);
        article->feed.title = SPAN("Brücke gesperrt");
        assert_int_equal(extract(*state, article), STAGE_CONTINUE);
        assert_int_equal(article->content, CONTENT_WHOLE);
        assert_span(article->title.source, titles[i][1]);
        article_free(article);
        buffer_free(&page);
    }
}

static int open_stage(void **state) {
    struct stage_context context = {.data_folder = TEST_DATA};
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
        cmocka_unit_test(test_pages),
        cmocka_unit_test(test_the_feed_s_text_is_used),
        cmocka_unit_test(test_the_headline_alone_is_used),
        cmocka_unit_test(test_the_description_is_used),
        cmocka_unit_test(test_less_than_the_feed),
        cmocka_unit_test(test_feed_vouches),
        cmocka_unit_test(test_feed_vouches_for_an_article_on_walls),
        cmocka_unit_test(test_feed_text_is_not_judged),
        cmocka_unit_test(test_feed_title_without_the_site),
    };
    return cmocka_run_group_tests(tests, open_stage, close_stage);
}
