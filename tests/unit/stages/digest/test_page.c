/* What the formats of the digest share. */
#include "unit/cmocka_test.h"
#include "unit/random_text.h"

#include "pipeline/base/table.h"
#include "pipeline/engine/edition.h"
#include "stages/digest/page.h"
#include "stages/language/names.h"

static void check_escaped(const char *text, const char *expected) {
    struct buffer out = BUFFER(1000);
    page_escape(&out, span_of(text));
    assert_span(buffer_span(&out), expected);
    buffer_free(&out);
}

static void text_is_escaped_for_content_and_attributes(void **state) {
    (void)state;
    check_escaped("a < b > c & d \"e\" 'f'", "a &lt; b &gt; c &amp; d &quot;e&quot; &#39;f&#39;");
    check_escaped("äöü – 洪水", "äöü – 洪水");
    check_escaped("", "");
    check_escaped("a\nb\tc", "a\nb\tc");
    check_escaped("a\x01"
                  "b\x7F"
                  "c\xE2\x80\xAE"
                  "d\x1b[2J",
                  "abcd[2J");
    check_escaped("a\xE2\x80\xA8"
                  "b\xE2\x80\xA9"
                  "c",
                  "a b c"); /* separators of lines and paragraphs */
}

/* Runs of characters that need no escape are copied at once. */
static void a_text_is_escaped_as_its_characters_are(void **state) {
    (void)state;
    unsigned seed = 3;
    struct buffer text = BUFFER(1 << 16), whole = BUFFER(1 << 16), parts = BUFFER(1 << 16);
    for (int i = 0; i < 20000; i++) {
        uint32_t rune;
        buffer_clear(&text);
        buffer_clear(&whole);
        buffer_clear(&parts);
        random_text(&seed, &text);
        struct span all = buffer_span(&text);
        page_escape(&whole, all);
        for (size_t at = 0, size; at < all.length; at += size) {
            size = text_next(all, at, &rune);
            page_escape(&parts, span_cut(all, at, at + size));
        }
        assert_true(span_equal(buffer_span(&whole), buffer_span(&parts)));
    }
    buffer_free(&text);
    buffer_free(&whole);
    buffer_free(&parts);
}

/* Whichever of eight bytes it is. */
static void each_byte_is_escaped_at_each_place(void **state) {
    (void)state;
    struct buffer whole = BUFFER(1 << 16), alone = BUFFER(1 << 16);
    for (unsigned place = 0; place < 17; place++)
        for (unsigned byte = 0; byte < 256; byte++) {
            char text[] = "abcdefgh (;=?@~xy";
            text[place] = (char)byte;
            buffer_clear(&whole), buffer_clear(&alone);
            page_escape(&whole, (struct span){text, sizeof text - 1});
            for (size_t i = 0; i < sizeof text - 1; i++) page_escape(&alone, (struct span){text + i, 1});
            assert_true(span_equal(buffer_span(&whole), buffer_span(&alone)));
        }
    buffer_free(&whole), buffer_free(&alone);
}

static void check_number(size_t number, const char *expected) {
    struct buffer out = BUFFER(100);
    page_number(&out, number);
    assert_span(buffer_span(&out), expected);
    buffer_free(&out);
}

static void thousands_are_apart(void **state) {
    (void)state;
    check_number(0, "0");
    check_number(999, "999");
    check_number(1000, "1,000");
    check_number(1978, "1,978");
    check_number(20005, "20,005");
    check_number(999999, "999,999");
    check_number(1000000, "1,000,000");
    check_number(1002003, "1,002,003");
}

static void check_doubts(size_t suspect, size_t failed, const char *expected) {
    struct buffer out = BUFFER(200);
    page_doubts(&out, suspect, failed);
    assert_span(buffer_span(&out), expected);
    buffer_free(&out);
}

static void doubts_are_counted(void **state) {
    (void)state;
    check_doubts(0, 0, "");
    check_doubts(1, 0, "1 sentence to check");
    check_doubts(2000, 0, "2,000 sentences to check");
    check_doubts(0, 1, "1 sentence not translated");
    check_doubts(0, 2, "2 sentences not translated");
    check_doubts(1, 1, "1 sentence to check, 1 not translated");
    check_doubts(2, 1000, "2 sentences to check, 1,000 not translated");
}

static struct span title_of(const char *source, const char *target, enum segment_status status) {
    static struct article article;
    article = (struct article){0};
    article.title.source = span_of(source);
    article.title.target = span_of(target);
    article.title.status = status;
    return page_title(&article);
}

static void the_title_is_english_if_it_may_be_shown(void **state) {
    (void)state;
    assert_span(title_of("Dos", "Two", SEGMENT_OK), "Two");
    assert_span(title_of("Dos", "Two", SEGMENT_SUSPECT), "Two");
    assert_span(title_of("Dos", "Two", SEGMENT_FAILED), "Dos");
    assert_span(title_of("Dos", "", SEGMENT_OK), "Dos");
    assert_span(title_of("", "", SEGMENT_NEW), "Untitled");
}

static void a_language_has_a_name(void **state) {
    (void)state;
    struct arena *arena = arena_new();
    struct table names;
    assert_true(language_names_read(TEST_DATA, arena, &names, NULL));
    const struct page page = {.languages = &names};
    assert_span(page_language(&page, "bg"), "Bulgarian");
    assert_span(page_language(&page, "xx"), "xx");
    assert_span(page_language(&page, ""), "unknown language");
    arena_free(arena);
}

/* A page of many megabytes leaves the buffer piece by piece. */
static void a_large_page_is_written_in_pieces(void **state) {
    (void)state;
    struct edition *edition = edition_new("2026-01-29");
    struct page_file file = {.edition = edition, .name = "large.html"};
    const struct page page = {.edition = edition, .file = &file}, whole = {.edition = edition};
    struct buffer out = BUFFER(4 << 20);
    buffer_add_string(&out, "first");
    page_drain(&page, &out);
    assert_int_equal(out.length, 5); /* that is little */
    while (out.length < (1 << 20) - 1) buffer_add_string(&out, ".");
    page_drain(&page, &out);
    assert_int_equal(file.written, 0);
    buffer_add_string(&out, ".");
    page_drain(&whole, &out);
    assert_int_equal(out.length, 1 << 20);
    page_drain(&page, &out);
    assert_int_equal(out.length, 0);
    assert_int_equal(file.written, 1 << 20);
    buffer_add_string(&out, "last");
    assert_true(page_finish(&page, &out));
    assert_int_equal(file.written, (1 << 20) + 4);
    assert_int_equal(edition->file_count, 1);
    assert_span(edition->files[0].name, "large.html");
    assert_int_equal(edition->files[0].bytes.length, (1 << 20) + 4);
    assert_true(span_starts(edition->files[0].bytes, SPAN("first.")));
    assert_true(span_ends(edition->files[0].bytes, SPAN(".last")));
    buffer_free(&out);
    edition_free(edition);
}

static void the_old_address_leads_to_the_new_one(void **state) {
    (void)state;
    struct edition *edition = edition_new("2026-01-29");
    const struct page page = {.edition = edition};
    struct buffer out = BUFFER(4096), little = BUFFER(10);
    strcpy(edition->version, "0123");
    assert_true(page_moved(&page, &out));
    assert_true(span_find(buffer_span(&out), SPAN("<title>Digest of 2026-01-29</title>")) != SIZE_MAX);
    assert_true(span_find(buffer_span(&out), SPAN("name=\"dragoman-version\" content=\"0123\"")) != SIZE_MAX);
    assert_true(span_find(buffer_span(&out), SPAN("content=\"0; url=index.html\"")) != SIZE_MAX);
    assert_false(page_moved(&page, &little));
    assert_span(page_days(edition), "2026-01-29");
    const struct edition_selection selection = {.name = SPAN("2026-01-29-ru")};
    edition->selection = &selection;
    assert_span(page_days(edition), "2026-01-29-ru");
    buffer_free(&out);
    buffer_free(&little);
    edition_free(edition);
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(text_is_escaped_for_content_and_attributes),
                                       cmocka_unit_test(a_text_is_escaped_as_its_characters_are),
                                       cmocka_unit_test(each_byte_is_escaped_at_each_place),
                                       cmocka_unit_test(thousands_are_apart),
                                       cmocka_unit_test(doubts_are_counted),
                                       cmocka_unit_test(the_title_is_english_if_it_may_be_shown),
                                       cmocka_unit_test(a_language_has_a_name),
                                       cmocka_unit_test(a_large_page_is_written_in_pieces),
                                       cmocka_unit_test(the_old_address_leads_to_the_new_one)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
