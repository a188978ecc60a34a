/* What JSON-LD says about an article: every field in all its forms, and what belongs to other articles. */
#include "unit/cmocka_test.h"

#include "stages/extract/linked_data.h"

static struct arena *arena;

static int open_arena(void **state) {
    (void)state;
    arena = arena_new();
    return 0;
}

static int free_arena(void **state) {
    (void)state;
    arena_free(arena);
    return 0;
}

static struct linked_article read(const char *script) {
    struct span one = span_of(script);
    return linked_data_read(&one, 1, arena);
}

static struct linked_article read_two(const char *first, const char *second) {
    const struct span two[] = {span_of(first), span_of(second)};
    return linked_data_read(two, 2, arena);
}

/* Reads an article with these members. */
static struct linked_article read_members(const char *members) {
    return read(arena_print(arena, "{\"@type\":\"NewsArticle\",%s}", members).at);
}

static void every_field_is_read(void **state) {
    (void)state;
    struct linked_article article =
        read_members("\"headline\":\" Quay reopens \",\"description\":\"About the quay\",\"articleBody\":\"The quay.\","
                     "\"datePublished\":\"2026-01-29\",\"dateModified\":\"2026-01-30\",\"articleSection\":\"Harbour\","
                     "\"image\":\"/quay.jpg\",\"publisher\":{\"name\":\"The Quay\"},\"wordCount\":212,"
                     "\"author\":{\"@type\":\"Person\",\"name\":\"Nora Field\"}");
    assert_span(article.headline, "Quay reopens");
    assert_span(article.description, "About the quay");
    assert_span(article.body, "The quay.");
    assert_span(article.published, "2026-01-29");
    assert_span(article.modified, "2026-01-30");
    assert_span(article.section, "Harbour");
    assert_span(article.image, "/quay.jpg");
    assert_span(article.publisher, "The Quay");
    assert_int_equal(article.words, 212);
    assert_int_equal(article.person_count, 1);
    assert_span(article.people[0], "Nora Field");
    assert_int_equal(article.organization_count, 0);
    assert_false(article.paywalled || article.live || article.video || article.gallery || article.names_cut);
}

static void lists_give_their_first_value(void **state) {
    (void)state;
    struct linked_article article =
        read_members("\"headline\":[\"One\",\"Two\"],\"datePublished\":[\"2026-01-29\",\"2026-01-30\"],"
                     "\"image\":[{\"url\":[\"/1.jpg\",\"/2.jpg\"]},\"/3.jpg\"],\"articleSection\":[\"Sea\",\"Land\"]");
    assert_span(article.headline, "One");
    assert_span(article.published, "2026-01-29");
    assert_span(article.image, "/1.jpg");
    assert_span(article.section, "Sea");
    assert_span(read_members("\"image\":{\"url\":\"/1.jpg\"}").image, "/1.jpg");
}

static void dates_may_be_numbers(void **state) {
    (void)state;
    assert_span(read_members("\"datePublished\":1769695500").published, "1769695500");
    assert_span(read_members("\"dateModified\":[1769695500000]").modified, "1769695500000");
    assert_span(read_members("\"datePublished\":0").published, "");
    assert_span(read_members("\"datePublished\":1e14").published, "");
    assert_span(read_members("\"datePublished\":-1").published, "");
}

static void word_counts_must_be_possible(void **state) {
    (void)state;
    assert_int_equal(read_members("\"wordCount\":1").words, 1);
    assert_int_equal(read_members("\"wordCount\":999999").words, 999999);
    assert_int_equal(read_members("\"wordCount\":1000000").words, 0);
    assert_int_equal(read_members("\"wordCount\":-3").words, 0);
    assert_int_equal(
        read_two("{\"@type\":\"Article\",\"wordCount\":5}", "{\"@type\":\"Article\",\"wordCount\":6}").words, 5);
}

static void the_first_article_counts(void **state) {
    (void)state;
    struct linked_article article =
        read_two("{\"@type\":\"Article\",\"headline\":\"One\",\"author\":\"Nora Field\"}",
                 "{\"@type\":\"Article\",\"headline\":\"Two\",\"description\":\"Both\",\"author\":\"Karl Muster\"}");
    assert_span(article.headline, "One");
    assert_span(article.description, "Both");
    assert_int_equal(article.person_count, 1);
    assert_span(article.people[0], "Nora Field");
}

static void types_of_articles_are_known(void **state) {
    (void)state;
    static const char *const known[] = {"\"NewsArticle\"",
                                        "\"Article\"",
                                        "\"BlogPosting\"",
                                        "\"Report\"",
                                        "\"LiveBlogPosting\"",
                                        "\"SocialMediaPosting\"",
                                        "[\"A\",\"OpinionNewsArticle\"]"};
    static const char *const other[] = {"\"Person\"", "\"ArticleList\"", "[\"A\",\"B\"]", "null", "\"\""};
    for (size_t i = 0; i < sizeof known / sizeof *known; i++)
        assert_span(read(arena_print(arena, "{\"@type\":%s,\"headline\":\"H\"}", known[i]).at).headline, "H");
    for (size_t i = 0; i < sizeof other / sizeof *other; i++)
        assert_span(read(arena_print(arena, "{\"@type\":%s,\"headline\":\"H\"}", other[i]).at).headline, "");
}

/* ---------------------------------------------------------------- authors */

static void check_authors(const char *members, const char *people, const char *organizations) {
    struct linked_article article = read_members(members);
    struct buffer names = BUFFER(1 << 12), groups = BUFFER(1 << 12);
    buffer_add_string(&names, "");
    buffer_add_string(&groups, "");
    for (size_t i = 0; i < article.person_count; i++)
        buffer_print(&names, "%s%.*s", i ? "|" : "", SPAN_ARGS(article.people[i]));
    for (size_t i = 0; i < article.organization_count; i++)
        buffer_print(&groups, "%s%.*s", i ? "|" : "", SPAN_ARGS(article.organizations[i]));
    assert_span(buffer_span(&names), people);
    assert_span(buffer_span(&groups), organizations);
    buffer_free(&names);
    buffer_free(&groups);
}

static void authors_have_many_forms(void **state) {
    (void)state;
    check_authors("\"author\":\"Nora Field\"", "Nora Field", "");
    check_authors("\"author\":{\"name\":\"Nora Field\"}", "Nora Field", "");
    check_authors("\"author\":[\"Nora Field\",{\"name\":\"Karl Muster\"}]", "Nora Field|Karl Muster", "");
    check_authors("\"author\":[[{\"name\":\"Nora Field\"},\"Karl Muster\"],\"Ana Petkova\"]",
                  "Nora Field|Karl Muster|Ana Petkova", "");
    check_authors("\"author\":{\"name\":[\"Nora Field\",\"Karl Muster\"]}", "Nora Field|Karl Muster", "");
    check_authors("\"creator\":\"Nora Field\"", "Nora Field", "");
    check_authors("\"author\":\"Nora Field\",\"creator\":\"Karl Muster\"", "Nora Field", "");
    check_authors("\"author\":7,\"creator\":null", "", "");
}

static void organizations_are_told_from_people(void **state) {
    (void)state;
    static const char *const types[] = {"Organization", "NewsMediaOrganization", "Corporation", "WebSite",
                                        "Periodical"};
    for (size_t i = 0; i < sizeof types / sizeof *types; i++)
        check_authors(arena_print(arena, "\"author\":{\"@type\":\"%s\",\"name\":\"The Quay\"}", types[i]).at, "",
                      "The Quay");
    check_authors("\"author\":[{\"@type\":[\"Thing\",\"Organization\"],\"name\":\"The Quay\"},\"Nora Field\"]",
                  "Nora Field", "The Quay");
    check_authors("\"author\":{\"@type\":\"Organization\",\"name\":\"The Quay\"},\"creator\":\"Nora Field\"", "",
                  "The Quay");
}

static void references_are_followed(void **state) {
    (void)state;
    struct linked_article article =
        read("{\"@graph\":[{\"@type\":\"Article\",\"author\":[{\"@id\":\"#n\"},{\"@id\":\"#x\",\"name\":\"Ana "
             "Petkova\"},{\"@id\":\"#unknown\"}],\"publisher\":{\"@id\":\"#q\"}},{\"@id\":\"#x\",\"name\":\"Another\"},"
             "{\"@id\":\"#n\",\"name\":\"Nora Field\"},{\"@id\":\"#q\",\"name\":\"The Quay\"}]}");
    assert_int_equal(article.person_count, 2);
    assert_span(article.people[0], "Nora Field");
    assert_span(article.people[1], "Ana Petkova");
    assert_span(article.publisher, "The Quay");
}

static void too_many_authors_are_cut(void **state) {
    (void)state;
    for (size_t count = LINKED_NAMES - 1; count <= LINKED_NAMES + 1; count++) {
        struct buffer members = BUFFER(1 << 12);
        buffer_add_string(&members, "\"author\":[\"Nora Field\"");
        for (size_t i = 1; i < count; i++) buffer_print(&members, ",\"Author %zu\"", i);
        buffer_add_string(&members, "]");
        struct linked_article article = read_members(members.at);
        assert_int_equal(article.person_count, count < LINKED_NAMES ? count : LINKED_NAMES);
        assert_int_equal(article.names_cut, count > LINKED_NAMES);
        buffer_free(&members);
    }
}

/* ---------------------------------------------------------------- other objects */

static void other_articles_are_not_read(void **state) {
    (void)state;
    static const char *const members[] = {"itemListElement", "hasPart",  "mentions",  "citation",
                                          "comment",         "review",   "isBasedOn", "relatedLink",
                                          "associatedMedia", "publisher"};
    for (size_t i = 0; i < sizeof members / sizeof *members; i++) {
        const char *other = "{\"@type\":\"Article\",\"headline\":\"Other\",\"description\":\"Other\"}";
        struct linked_article article =
            read(arena_print(arena, "{\"@type\":\"WebPage\",\"%s\":%s}", members[i], other).at);
        assert_span(article.headline, "");
        article = read(arena_print(arena, "{\"@type\":\"WebPage\",\"%s\":[%s]}", members[i], other).at);
        assert_span(article.headline, "");
    }
    assert_span(read("{\"@type\":\"WebPage\",\"mainEntity\":{\"@type\":\"Article\",\"headline\":\"Own\"}}").headline,
                "Own");
}

static void paywalls_are_stated_in_several_ways(void **state) {
    (void)state;
    static const char *const closed[] = {"\"isAccessibleForFree\":false", "\"isAccessibleForFree\":\"False\"",
                                         "\"hasPart\":{\"isAccessibleForFree\":false}",
                                         "\"hasPart\":[{\"a\":1},{\"isAccessibleForFree\":\"false\"}]"};
    static const char *const open[] = {"\"isAccessibleForFree\":true", "\"isAccessibleForFree\":\"True\"",
                                       "\"hasPart\":{\"isAccessibleForFree\":true}", "\"hasPart\":[{\"a\":1}]",
                                       "\"a\":1"};
    for (size_t i = 0; i < sizeof closed / sizeof *closed; i++) assert_true(read_members(closed[i]).paywalled);
    for (size_t i = 0; i < sizeof open / sizeof *open; i++) assert_false(read_members(open[i]).paywalled);
}

static void live_blogs_have_updates(void **state) {
    (void)state;
    struct linked_article article =
        read("{\"@type\":\"LiveBlogPosting\",\"liveBlogUpdate\":[{\"@type\":\"BlogPosting\",\"headline\":\"One\","
             "\"articleBody\":\"First.\",\"description\":\"x\"},{\"description\":\"Second.\"},{\"a\":1},"
             "{\"headline\":\"Three\"}]}");
    assert_true(article.live);
    assert_int_equal(article.update_count, 3);
    assert_span(article.updates[0].headline, "One");
    assert_span(article.updates[0].body, "First.");
    assert_span(article.updates[1].headline, "");
    assert_span(article.updates[1].body, "Second.");
    assert_span(article.updates[2].headline, "Three");
    assert_span(article.headline, "");
    article = read_two("{\"@type\":\"LiveBlogPosting\",\"liveBlogUpdate\":{\"headline\":\"One\"}}",
                       "{\"@type\":\"LiveBlogPosting\",\"liveBlogUpdate\":[{\"headline\":\"Two\"}]}");
    assert_int_equal(article.update_count, 1);
    assert_span(article.updates[0].headline, "One");
    assert_int_equal(read_members("\"liveBlogUpdate\":[{\"headline\":\"One\"}]").update_count, 0);
}

static void updates_have_a_limit(void **state) {
    (void)state;
    struct buffer script = BUFFER(1 << 20);
    buffer_add_string(&script, "{\"@type\":\"LiveBlogPosting\",\"liveBlogUpdate\":[{\"headline\":\"0\"}");
    for (size_t i = 0; i < LINKED_UPDATES + 3; i++) buffer_print(&script, ",{\"headline\":\"%zu\"}", i);
    buffer_add_string(&script, "]}");
    assert_int_equal(read(script.at).update_count, LINKED_UPDATES);
    buffer_free(&script);
}

static void pages_without_an_article_are_described(void **state) {
    (void)state;
    static const char *const pages[] = {"WebPage", "ItemPage", "Recipe", "VideoObject"};
    for (size_t i = 0; i < sizeof pages / sizeof *pages; i++) {
        struct linked_article article =
            read(arena_print(arena,
                             "{\"@type\":\"%s\",\"datePublished\":\"2026-01-29\",\"dateModified\":\"2026-01-30\","
                             "\"author\":\"Nora Field\"}",
                             pages[i])
                     .at);
        assert_span(article.published, "2026-01-29");
        assert_span(article.modified, "2026-01-30");
        assert_int_equal(article.person_count, 1);
        assert_int_equal(article.video, i == 3);
    }
    assert_span(read("{\"@type\":\"Event\",\"datePublished\":\"2026-01-29\"}").published, "");
    assert_true(read("{\"@type\":\"ImageGallery\"}").gallery);
    assert_true(read("{\"@type\":\"MediaGallery\"}").gallery);
    assert_false(read("{\"@type\":\"ImageGallery\"}").video);
}

static void an_article_outweighs_its_page(void **state) {
    (void)state;
    struct linked_article article = read_two(
        "{\"@type\":\"WebPage\",\"datePublished\":\"2020-01-01\",\"dateModified\":\"2020-01-02\",\"author\":\"Karl "
        "Muster\"}",
        "{\"@type\":\"Article\",\"headline\":\"H\",\"datePublished\":\"2026-01-29\",\"dateModified\":\"2026-01-30\","
        "\"author\":\"Nora Field\"}");
    assert_span(article.published, "2026-01-29");
    assert_span(article.modified, "2026-01-30");
    assert_int_equal(article.person_count, 1);
    assert_span(article.people[0], "Nora Field");
    article = read_two("{\"@type\":\"VideoObject\"}", "{\"@type\":\"Article\",\"headline\":\"H\"}");
    assert_false(article.video);
    article = read_two("{\"@type\":\"ImageGallery\"}", "{\"@type\":\"Article\",\"headline\":\"H\"}");
    assert_false(article.gallery);
}

static void comments_are_collected_wherever_they_are(void **state) {
    (void)state;
    struct linked_article article = read(
        "{\"@type\":\"Article\",\"comment\":[{\"@type\":\"Comment\",\"text\":\"One.\"},{\"@type\":\"UserComments\","
        "\"text\":\"Two.\"},{\"@type\":\"Thing\",\"text\":\"No.\"}]}");
    assert_span(article.comments, "One.\nTwo.\n");
}

/* ---------------------------------------------------------------- invalid JSON */

static void common_mistakes_are_repaired(void **state) {
    (void)state;
    static const char *const scripts[] = {"{\"@type\":\"Article\",\"headline\":\"H, ]}\",}",
                                          "{\"@type\":[\"Article\" ,\r\n\t ],\"headline\":\"H, ]}\"}",
                                          "//<![CDATA[\n{\"@type\":\"Article\",\"headline\":\"H, ]}\"}\n//]]>",
                                          "/*]]><![CDATA[*/[{\"@type\":\"Article\",\"headline\":\"H, ]}\"}];/*]]>*/",
                                          "<!-- {\"@type\":\"Article\",\"headline\":\"H, ]}\"}; -->"};
    for (size_t i = 0; i < sizeof scripts / sizeof *scripts; i++) assert_span(read(scripts[i]).headline, "H, ]}");
    assert_span(read("{\"@type\":\"Article\",\"headline\":\"a \\\" ,}\",}").headline, "a \" ,}");
    assert_span(read("{\"@type\":\"Article\",\"headline\":\"H\"").headline, "");
    assert_span(read("").headline, "");
    struct linked_article article = read_two("{broken", "{\"@type\":\"Article\",\"headline\":\"H\"}");
    assert_span(article.headline, "H");
}

static void the_number_of_objects_is_limited(void **state) {
    (void)state;
    for (size_t count = 3000; count <= 5000; count += 2000) {
        struct buffer script = BUFFER(1 << 20);
        buffer_add_string(&script, "[{}");
        for (size_t i = 0; i < count; i++) buffer_add_string(&script, ",{}");
        buffer_add_string(&script, ",{\"@type\":\"Article\",\"headline\":\"H\",\"comment\":{\"@type\":\"Comment\","
                                   "\"text\":\"One.\"}},{\"@type\":\"WebPage\",\"datePublished\":\"2026-01-29\"}]");
        struct linked_article article = read(script.at);
        assert_span(article.headline, count < 4000 ? "H" : "");
        assert_span(article.comments, count < 4000 ? "One.\n" : "");
        assert_span(article.published, count < 4000 ? "2026-01-29" : "");
        buffer_free(&script);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_field_is_read),
        cmocka_unit_test(lists_give_their_first_value),
        cmocka_unit_test(dates_may_be_numbers),
        cmocka_unit_test(word_counts_must_be_possible),
        cmocka_unit_test(the_first_article_counts),
        cmocka_unit_test(types_of_articles_are_known),
        cmocka_unit_test(authors_have_many_forms),
        cmocka_unit_test(organizations_are_told_from_people),
        cmocka_unit_test(references_are_followed),
        cmocka_unit_test(too_many_authors_are_cut),
        cmocka_unit_test(other_articles_are_not_read),
        cmocka_unit_test(paywalls_are_stated_in_several_ways),
        cmocka_unit_test(live_blogs_have_updates),
        cmocka_unit_test(updates_have_a_limit),
        cmocka_unit_test(pages_without_an_article_are_described),
        cmocka_unit_test(an_article_outweighs_its_page),
        cmocka_unit_test(comments_are_collected_wherever_they_are),
        cmocka_unit_test(common_mistakes_are_repaired),
        cmocka_unit_test(the_number_of_objects_is_limited),
    };
    return cmocka_run_group_tests(tests, open_arena, free_arena);
}
