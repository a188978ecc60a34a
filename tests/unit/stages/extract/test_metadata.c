/* What a page says about its article: meta tags, links and JSON-LD, and which of them counts. */
#include "unit/cmocka_test.h"

#include "stages/extract/metadata.h"

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

static struct metadata read_at(const char *address, const char *head) {
    struct tree *tree = arena_take(arena, sizeof *tree);
    *tree = tree_parse(arena_copy(arena, span_of(head)), arena);
    return metadata_read(tree, span_of(address), arena);
}

static struct metadata read(const char *head) {
    return read_at("https://news.example/a", head);
}

static struct metadata read_meta(const char *name, const char *content) {
    return read(arena_print(arena, "<meta name=\"%s\" content=\"%s\">", name, content).at);
}

static void assert_stated(struct stated stated, const char *text, const char *from) {
    assert_span(stated.text, text);
    if (*text) assert_span(stated.from, from);
}

static void each_tag_fills_its_field(void **state) {
    (void)state;
    static const struct {
        const char *name;
        size_t field;
    } rows[] = {{"og:site_name", offsetof(struct metadata, site)},
                {"application-name", offsetof(struct metadata, site)},
                {"og:image", offsetof(struct metadata, image)},
                {"twitter:image", offsetof(struct metadata, image)},
                {"article:section", offsetof(struct metadata, section)},
                {"section", offsetof(struct metadata, section)},
                {"article:modified_time", offsetof(struct metadata, modified)},
                {"og:updated_time", offsetof(struct metadata, modified)},
                {"dateModified", offsetof(struct metadata, modified)},
                {"last-modified", offsetof(struct metadata, modified)},
                {"og:url", offsetof(struct metadata, canonical)},
                {"content-language", offsetof(struct metadata, language)}};
    static const size_t fields[] = {offsetof(struct metadata, site),      offsetof(struct metadata, image),
                                    offsetof(struct metadata, section),   offsetof(struct metadata, modified),
                                    offsetof(struct metadata, canonical), offsetof(struct metadata, language)};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct metadata metadata = read_meta(rows[i].name, " A value ");
        for (size_t j = 0; j < sizeof fields / sizeof *fields; j++) {
            const struct stated *stated = (const struct stated *)(const void *)((const char *)&metadata + fields[j]);
            bool own = fields[j] == rows[i].field;
            assert_stated(*stated, own ? "A value" : "", arena_print(arena, "meta %s", rows[i].name).at);
        }
    }
}

static void titles_are_kept_apart(void **state) {
    (void)state;
    struct metadata metadata =
        read("<html><head><title> One &amp; two </title><title>No</title><meta property=og:title content=Three>"
             "<meta name=twitter:title content=Four><meta name=headline content=Five>"
             "<script type=application/ld+json>{\"@type\":\"Article\",\"headline\":\"Six\"}</script>");
    assert_span(metadata.titles.document, "One & two");
    assert_span(metadata.titles.shared, "Three");
    assert_span(metadata.titles.shared_from, "meta og:title");
    assert_span(metadata.titles.meta, "Five");
    assert_span(metadata.titles.meta_from, "meta headline");
    assert_span(metadata.titles.headline, "Six");
    static const char *const others[] = {"twitter:title", "parsely-title", "sailthru.title", "DC.Title"};
    for (size_t i = 0; i < sizeof others / sizeof *others; i++) {
        metadata = read_meta(others[i], "Four");
        assert_span(metadata.titles.shared, "Four");
        assert_span(metadata.titles.shared_from, arena_print(arena, "meta %s", others[i]).at);
        assert_int_equal(metadata.titles.meta.length, 0);
    }
}

static void names_may_be_in_three_attributes(void **state) {
    (void)state;
    assert_stated(read("<meta property=section name=og:image content=Sea>").section, "Sea", "meta section");
    assert_stated(read("<meta name=section itemprop=og:image content=Sea>").section, "Sea", "meta section");
    assert_stated(read("<meta itemprop=section content=Sea>").section, "Sea", "meta section");
    assert_stated(read("<meta itemprop=section content=\" \">").section, "", "");
    assert_stated(read("<meta content=Sea>").section, "", "");
}

static void the_first_of_a_field_counts(void **state) {
    (void)state;
    assert_stated(read("<meta name=section content=Sea><meta name=section content=Land>").section, "Sea",
                  "meta section");
    assert_stated(read("<html lang=bg><head><meta name=content-language content=es>").language, "bg", "html lang");
    assert_stated(read("<link rel=canonical href=\" /b \"><meta property=og:url content=/c>").canonical, "/b",
                  "link canonical");
    assert_stated(read("<meta property=og:url content=/c><link rel=Canonical href=/b>").canonical, "/c", "meta og:url");
    assert_stated(read("<link rel=alternate href=/b>").canonical, "", "");
}

static void json_ld_fills_what_the_tags_leave_open(void **state) {
    (void)state;
    const char *script = "<script type=application/ld+json>{\"@type\":\"Article\",\"publisher\":{\"name\":\"Quay &amp; "
                         "Sea\"},\"articleSection\":\"Sea &amp; sand\",\"image\":\"/1.jpg\",\"dateModified\":"
                         "\"2026-01-30\",\"author\":[{\"name\":\"N. &amp; F.\"},{\"@type\":\"Organization\","
                         "\"name\":\"Q &amp; A\"}]}</script>";
    struct metadata metadata = read(script);
    assert_stated(metadata.site, "Quay & Sea", "json-ld publisher");
    assert_stated(metadata.section, "Sea & sand", "json-ld articleSection");
    assert_stated(metadata.image, "/1.jpg", "json-ld image");
    assert_stated(metadata.modified, "2026-01-30", "json-ld dateModified");
    assert_span(metadata.linked.people[0], "N. & F.");
    assert_span(metadata.linked.organizations[0], "Q & A");
    metadata = read(arena_print(arena,
                                "<meta name=section content=Land><meta property=og:image content=/2.jpg><meta "
                                "property=og:site_name content=Reef><meta name=dateModified content=2026-01-31>%s",
                                script)
                        .at);
    assert_stated(metadata.site, "Reef", "meta og:site_name");
    assert_stated(metadata.section, "Land", "meta section");
    assert_stated(metadata.image, "/2.jpg", "meta og:image");
    assert_stated(metadata.modified, "2026-01-30", "json-ld dateModified"); /* it is the most reliable */
}

static void markup_is_decoded_twice_and_no_more(void **state) {
    (void)state;
    struct metadata metadata =
        read("<meta property=og:site_name content=\"A &amp;amp; B\"><meta name=section "
             "content=\"&lt;b&gt;Sea&lt;/b&gt;\"><meta property=og:title content=\"x &amp;amp;amp;amp; y\">");
    assert_stated(metadata.site, "A & B", "meta og:site_name");
    assert_stated(metadata.section, "Sea", "meta section");
    assert_span(metadata.titles.shared, "x &amp; y");
}

/* ---------------------------------------------------------------- lists */

static void descriptions_are_collected(void **state) {
    (void)state;
    static const char *const names[] = {"og:description", "Description", "twitter:description", "dc.description",
                                        "sailthru.description"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        assert_span(span_trim(read_meta(names[i], "About &amp;amp; so").descriptions), "About & so");
    assert_span(read("<script type=application/ld+json>{\"@type\":\"Article\",\"description\":\"One\"}</script><meta "
                     "name=description content=Two><meta name=og:description content=Three>")
                    .descriptions,
                "One\nTwo\nThree\n");
    struct buffer head = BUFFER(1 << 12);
    for (int i = 0; i < 12; i++) buffer_print(&head, "<meta name=description content=%d>", i);
    struct span all = read(head.at).descriptions, line;
    size_t count = 0;
    while (span_next(&all, '\n', &line)) count += line.length > 0;
    assert_int_equal(count, 8);
    buffer_free(&head);
}

static void dates_are_collected_in_order(void **state) {
    (void)state;
    struct metadata metadata = read("<meta name=pubdate content=\" 2026-01-28 \"><script type=application/ld+json>{"
                                    "\"@type\":\"Article\",\"datePublished\":\"2026-01-29\"}</script><meta "
                                    "property=Article:Published_Time content=2026-01-27><meta name=updated content=x>");
    assert_int_equal(metadata.date_count, 3);
    assert_stated(metadata.dates[0], "2026-01-29", "json-ld datePublished");
    assert_stated(metadata.dates[1], "2026-01-28", "meta pubdate");
    assert_stated(metadata.dates[2], "2026-01-27", "meta Article:Published_Time");
    for (size_t i = metadata.date_count; i < MAX_DATES + 3; i++) metadata_add_date(&metadata, SPAN("x"), SPAN("y"));
    assert_int_equal(metadata.date_count, MAX_DATES);
    metadata.date_count = 0;
    metadata_add_date(&metadata, SPAN(" "), SPAN("y"));
    assert_int_equal(metadata.date_count, 0);
}

static void authors_are_named_in_many_ways(void **state) {
    (void)state;
    static const char *const names[] = {"author", "Article:Author", "dc.creator", "sailthru.author",
                                        "byl",    "parsely-author", "author.name"};
    static const char *const others[] = {"twitter:creator", "its_author", "og:image:author",
                                         "authors",         "authority",  "aut"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        struct metadata metadata = read_meta(names[i], "Nora &amp;amp; Field");
        assert_int_equal(metadata.meta_author_count, 1);
        assert_stated(metadata.meta_authors[0], "Nora & Field", arena_print(arena, "meta %s", names[i]).at);
    }
    for (size_t i = 0; i < sizeof others / sizeof *others; i++)
        assert_int_equal(read_meta(others[i], "Nora Field").meta_author_count, 0);
    struct buffer head = BUFFER(1 << 12);
    for (int i = 0; i < MAX_META_AUTHORS + 2; i++) buffer_print(&head, "<meta name=author content=%d>", i);
    assert_int_equal(read(head.at).meta_author_count, MAX_META_AUTHORS);
    buffer_free(&head);
}

static void long_names_are_ignored(void **state) {
    (void)state;
    /* 60 and 61 bytes */
    assert_int_equal(read_meta("aaaaaaaaaabbbbbbbbbbccccccccccddddddddddeeeeeeeeeefffauthor", "N").meta_author_count,
                     1);
    assert_int_equal(read_meta("aaaaaaaaaabbbbbbbbbbccccccccccddddddddddeeeeeeeeeefffffauthor", "N").meta_author_count,
                     0);
}

static void the_host_is_that_of_the_address(void **state) {
    (void)state;
    const char *head = "<meta property=og:site_name content=Reef><link rel=canonical href=https://reef.example/x>";
    assert_span(read_at("https://quay.example/a", head).titles.host, "quay.example");
    assert_span(read_at("", head).titles.host, "reef.example");
    assert_span(read_at("", head).titles.site, "Reef");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_tag_fills_its_field),
        cmocka_unit_test(titles_are_kept_apart),
        cmocka_unit_test(names_may_be_in_three_attributes),
        cmocka_unit_test(the_first_of_a_field_counts),
        cmocka_unit_test(json_ld_fills_what_the_tags_leave_open),
        cmocka_unit_test(markup_is_decoded_twice_and_no_more),
        cmocka_unit_test(descriptions_are_collected),
        cmocka_unit_test(dates_are_collected_in_order),
        cmocka_unit_test(authors_are_named_in_many_ways),
        cmocka_unit_test(long_names_are_ignored),
        cmocka_unit_test(the_host_is_that_of_the_address),
    };
    return cmocka_run_group_tests(tests, open_arena, free_arena);
}
