/* Feeds of many forms, modelled on real ones (tests/golden/feed). */
#include "unit/failure_is.h"
#include "unit/golden.h"

#include "pipeline/base/json.h"
#include "stages/decode/decoder.h"
#include "stages/formats/feed.h"
#include "stages/formats/xml_text.h"
#include "unit/decoder_test.h"

static cJSON *item_json(const struct feed_item *item) {
    cJSON *object = cJSON_CreateObject();
    const struct feed_entry *entry = &item->entry;
    json_add_filled(object, "guid", item->guid);
    json_add_filled(object, "link", item->link);
    json_add_filled(object, "title", entry->title);
    json_add_filled(object, "summary", entry->summary);
    json_add_filled(object, "content", entry->content);
    json_add_filled(object, "author", entry->author);
    json_add_filled(object, "published", entry->published);
    json_add_filled(object, "modified", entry->modified);
    json_add_filled(object, "language", entry->language);
    json_add_filled(object, "section", entry->section);
    json_add_filled(object, "image", entry->image);
    json_add_filled(object, "enclosure", entry->enclosure);
    json_add_filled(object, "enclosure_type", entry->enclosure_type);
    return object;
}

static cJSON *feed_json(const struct decoder *decoder, struct span raw) {
    struct arena *arena = arena_new();
    struct feed feed;
    struct failure failure = {0};
    cJSON *root = cJSON_CreateObject();
    struct span text = decoded_by(decoder, raw, arena);
    if (feed_parse(text, SPAN("https://feed.example/news/feed.xml"), 100, arena, &feed, &failure)) {
        json_add_filled(root, "title", feed.title);
        if (feed.broken_at) cJSON_AddNumberToObject(root, "broken_at", (double)feed.broken_at);
        cJSON *items = cJSON_AddArrayToObject(root, "items");
        for (size_t i = 0; i < feed.count; i++) cJSON_AddItemToArray(items, item_json(&feed.items[i]));
    } else {
        json_add(root, "failure", span_of(failure.sentence));
    }
    arena_free(arena);
    return root;
}

static void describe(void *state, struct span feed, struct buffer *out) {
    cJSON *found = feed_json(state, feed);
    char *text = cJSON_Print(found);
    buffer_print(out, "%s\n", text);
    free(text);
    cJSON_Delete(found);
}

static void test_golden(void **state) {
    golden_check(&(struct golden){"feed", "input.xml", "expected.json", 12, describe}, *state);
}

static void test_item_limit(void **state) {
    (void)state;
    struct buffer text = BUFFER(1 << 24);
    buffer_add_string(&text, "<rss><channel>");
    for (int i = 0; i < 20000; i++)
        buffer_print(&text, "<item><title>n %d</title><link>https://a.example/%d</link></item>", i, i);
    buffer_add_string(&text, "</channel></rss>");
    struct arena *arena = arena_new();
    struct feed feed;
    assert_true(feed_parse(buffer_span(&text), SPAN("https://a.example/"), 10, arena, &feed, NULL));
    assert_int_equal(feed.count, 10);
    assert_int_equal(feed.left_out, 19990);
    arena_free(arena);
    buffer_free(&text);
}

/* A million open titles: the search for an end that is not there must not be repeated for each. */
static void test_repair_is_linear(void **state) {
    (void)state;
    struct buffer text = BUFFER(1 << 24), out = BUFFER(1 << 26);
    for (int i = 0; i < 1000000; i++) buffer_add_string(&text, "<title>");
    assert_true(xml_text_repair(buffer_span(&text), &out));
    assert_int_equal(out.length, text.length);
    buffer_free(&text);
    buffer_free(&out);
}

static void test_local_links_only_in_local_feeds(void **state) {
    (void)state;
    struct span text =
        SPAN("<rss><channel><item><title>t</title><link>file:///etc/passwd</link><description>d</description></item>"
             "</channel></rss>");
    struct arena *arena = arena_new();
    struct feed feed;
    assert_true(feed_parse(text, SPAN("https://a.example/"), 10, arena, &feed, NULL));
    assert_int_equal(feed.items[0].link.length, 0);
    assert_span(feed.items[0].refused, "file:///etc/passwd");
    assert_true(feed_parse(text, SPAN("file:///srv/feed.xml"), 10, arena, &feed, NULL));
    assert_span(feed.items[0].link, "file:///etc/passwd");
    assert_span(feed.items[0].refused, "file:///etc/passwd");
    arena_free(arena);
}

/* `refused` is what the feed in /srv/news/ may not read of `link`, which stands below these bases; "" = it may. */
static void expect_named(const char *feed_base, const char *item_base, const char *link, const char *refused) {
    struct arena *arena = arena_new();
    struct feed feed;
    struct span text = arena_print(arena,
                                   "<feed xml:base='%s'><entry xml:base='%s'><title>t</title><link href='%s'/></entry>"
                                   "</feed>",
                                   feed_base, item_base, link);
    assert_true(feed_parse(text, SPAN("file:///srv/news/feed.xml"), 10, arena, &feed, NULL));
    assert_span(feed.items[0].refused, refused);
    arena_free(arena);
}

static void test_bases_do_not_widen_what_a_local_feed_names(void **state) {
    (void)state;
    expect_named("", "", "a.html", "");
    expect_named("", "sub/", "a.html", "");
    expect_named("sub/", "../", "a.html", "");
    expect_named("https://a.example/", "", "/a.html", "");
    expect_named("", "", "../a.html", "../a.html");
    expect_named("", "", "/srv/news/a.html", "/srv/news/a.html");
    expect_named("", "", "FILE:/srv/news/a.html", "FILE:/srv/news/a.html");
    expect_named("file:///srv/news/", "", "a.html", "file:///srv/news/a.html");
    expect_named("/srv/", "news/", "a.html", "file:///srv/news/a.html");
    expect_named("sub/", "../../", "a.html", "file:///srv/a.html");
    expect_named("https://a.example/", "", "file:///etc/passwd", "file:///etc/passwd");
}

static void assert_refused(const char *text, const char *said) {
    struct arena *arena = arena_new();
    struct feed feed;
    struct failure failure = {0};
    if (feed_parse(span_of(text), SPAN("https://a.example/f"), 9, arena, &feed, &failure)) fail_msg("%s", said);
    assert_failure(&failure, REACH_SERVICE, REMEDY_NONE, CAUSE_SERVICE, EXIT_DONE, said);
    arena_free(arena);
}

static void test_what_is_no_feed_is_named(void **state) {
    (void)state;
    static const char bomb[] =
        "<!DOCTYPE rss [<!ENTITY a 'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa'>"
        "<!ENTITY b '&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;'>"
        "<!ENTITY c '&b;&b;&b;&b;&b;&b;&b;&b;&b;&b;&b;&b;&b;&b;&b;&b;&b;&b;&b;&b;'>"
        "<!ENTITY d '&c;&c;&c;&c;&c;&c;&c;&c;&c;&c;&c;&c;&c;&c;&c;&c;&c;&c;&c;&c;'>"
        "<!ENTITY e '&d;&d;&d;&d;&d;&d;&d;&d;&d;&d;&d;&d;&d;&d;&d;&d;&d;&d;&d;&d;'>"
        "<!ENTITY f '&e;&e;&e;&e;&e;&e;&e;&e;&e;&e;&e;&e;&e;&e;&e;&e;&e;&e;&e;&e;'>]>"
        "<rss><channel><item><title>&f;</title></item></channel></rss>";
    assert_refused("", "https://a.example/f is empty");
    assert_refused(" \n", "https://a.example/f is empty");
    assert_refused("<part><name>Wheel</name></part>", "https://a.example/f is not a feed: its first element is part");
    assert_refused("Soup of the day", "https://a.example/f is not a feed: ");
    assert_refused("{\"items\": [}", "the feed is not valid JSON near");
    assert_refused("{\"version\": \"1\", \"items\": []}", "is not a JSON Feed: it has no \"version\" of jsonfeed.org");
    assert_refused("{\"version\": \"https://jsonfeed.org/version/1.1\", \"items\": 1}", "or no \"items\"");
    assert_refused("<html><body>News</body></html>",
                   "is a web page, not a feed, and links to no feed; use kind = page");
    assert_refused("<html><head><link rel='alternate' type='application/rss+xml' href='/rss'></head></html>",
                   "is a web page, not a feed; it links to these feeds: https://a.example/rss");
    assert_refused(bomb, "https://a.example/f was rejected: its XML entities expand excessively");
}

static void expect_alternates(const char *page, const char *addresses) {
    struct arena *arena = arena_new();
    assert_span(feed_alternates(span_of(page), SPAN("https://a.example/news/"), arena), addresses);
    arena_free(arena);
}

static void test_what_a_page_names_as_its_feeds(void **state) {
    (void)state;
    expect_alternates("<LINK REL=alternate TYPE=application/rss+xml HREF=rss>", "https://a.example/news/rss");
    expect_alternates("<link href='/a?x=1&amp;y=2' type='application/atom+xml; charset=utf-8' rel='alternate'>",
                      "https://a.example/a?x=1&y=2");
    expect_alternates("<base href='https://b.example/x/'><link rel='alternate' type='text/xml' href='f.xml'>",
                      "https://b.example/x/f.xml");
    expect_alternates("<link rel='stylesheet' type='text/xml' href='s'><link rel='alternate' href='/en'>"
                      "<link rel='alternate' type='text/html' href='/m'>",
                      "");
    expect_alternates("<link rel='feed' href='/f'><!-- <link type='application/rss+xml' href='/old'> -->",
                      "https://a.example/f");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_golden),
        cmocka_unit_test(test_item_limit),
        cmocka_unit_test(test_repair_is_linear),
        cmocka_unit_test(test_local_links_only_in_local_feeds),
        cmocka_unit_test(test_bases_do_not_widen_what_a_local_feed_names),
        cmocka_unit_test(test_what_a_page_names_as_its_feeds),
        cmocka_unit_test(test_what_is_no_feed_is_named),
    };
    return cmocka_run_group_tests(tests, decoder_begin, decoder_end);
}
