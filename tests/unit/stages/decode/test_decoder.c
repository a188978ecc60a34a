/* Decoding whole containers, and the evidence that is recorded. */
#define _GNU_SOURCE
#include "unit/decoder_test.h"
#include "unit/failure_is.h"

#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>

static const struct span macedonian = {
    "<rss version='2.0'><channel><item><title>\x8D\xE5 \xF1\xE5 \xEE\xF2\xE2\xEE\xF0\xE8 "
    "\xEC\xEE\xF1\xF2\xEE\xF2 \xEA\xE0\xBC \x81\xE0\xE2\xE0\xF2\xEE</title>"
    "<description>\xC3\xF0\xE0\xE4\xEE\xED\xE0\xF7\xE0\xEB\xED\xE8\xEA\xEE\xF2 \xF0\xE5\xF7\xE5 "
    "\xE4\xE5\xEA\xE0 \xEC\xEE\xF1\xF2\xEE\xF2 \x9D\xE5 \xF1\xE5 \xEE\xF2\xE2\xEE\xF0\xE8.</description>"
    "</item></channel></rss>",
    0};

static struct encoding read_as(const struct decoder *decoder, struct document document, struct arena *arena,
                               struct buffer *text) {
    struct encoding encoding;
    struct decoding decoding;
    struct failure failure = {0};
    if (!document.raw.length) document.raw = span_of(macedonian.at);
    document.is_container = true;
    assert_true(decoder_read(decoder, &document, arena, &encoding, &decoding, text, &failure));
    return encoding;
}

static bool has_evidence(const struct encoding *encoding, const char *from, const char *says) {
    for (size_t i = 0; i < encoding->evidence_count; i++)
        if (span_is(encoding->evidence[i].from, from) && span_is(encoding->evidence[i].says, says)) return true;
    return false;
}

static void an_unlabelled_container_is_read_as_a_whole(void **state) {
    struct arena *arena = arena_new();
    struct buffer text = BUFFER(4096);
    struct encoding encoding = read_as(*state, (struct document){.raw = {NULL, 0}}, arena, &text);
    assert_span(encoding.name, "windows-1251");
    assert_int_equal(encoding.undecodable, 0);
    assert_non_null(strstr(text.at, "мост"));
    assert_non_null(strstr(text.at, "Ѓавато"));
    assert_int_equal(encoding.evidence_count, 1); /* there is no label */
    assert_true(has_evidence(&encoding, "model", "windows-1251"));
    buffer_free(&text);
    arena_free(arena);
}

static void labels_are_distinguished_from_defaults(void **state) {
    struct arena *arena = arena_new();
    struct buffer text = BUFFER(4096);
    struct encoding encoding = read_as(*state,
                                       (struct document){.content_type = SPAN("text/xml; charset=iso-8859-1"),
                                                         .setting = SPAN("mk"),
                                                         .feed = SPAN("sr-Cyrl"),
                                                         .address = SPAN("https://vesti.example.mk/rss")},
                                       arena, &text);
    assert_span(encoding.name, "windows-1251");
    assert_true(has_evidence(&encoding, "http", "iso-8859-1"));
    assert_true(has_evidence(&encoding, "setting", "mk"));
    assert_true(has_evidence(&encoding, "feed", "sr"));
    assert_true(has_evidence(&encoding, "domain", "mk"));
    assert_int_equal(encoding.evidence_count, 5);
    buffer_free(&text);
    arena_free(arena);
}

/* HTML inside an item says nothing about the encoding of the feed. */
static void html_within_a_container_is_not_a_label(void **state) {
    struct arena *arena = arena_new();
    struct buffer text = BUFFER(4096);
    struct document document = {
        .raw = SPAN("<feed><entry><content type=\"xhtml\"><head><meta charset=\"koi8-r\"/></head><p>caf\xC3\xA9</p>"
                    "</content></entry></feed>")};
    struct encoding encoding = read_as(*state, document, arena, &text);
    assert_span(encoding.name, "utf-8");
    assert_false(has_evidence(&encoding, "html", "koi8-r"));
    buffer_free(&text);
    arena_free(arena);
}

/* The two letters exist in many encodings; the rest of the bytes tells which one it is. */
static void the_bytes_say_where_they_come_from(void **state) {
    static const struct {
        const char *raw, *from, *says, *encoding;
    } all[] = {
        {"<html lang='el'><title>\xE1\xE5</title>", "language", "el", "windows-1253"},
        {"<HTML dir=rtl LANG=he-IL><title>\xE1\xE5</title>", "language", "he", "windows-1255"},
        {"<title>\xCC\xE8\xF0</title><language>bg</language>", "language", "bg", "windows-1251"},
        {"<title>\xE1\xE5</title><language>koi8-r</language>", "xml", "koi8-r", "koi8-r"},
        {"<title>\xE1\xE5</title><a href='http://news.example.gr/1'>", "links", "gr", "windows-1253"},
        {"<a href='//w3.org'><a href=\"https://news.example.bg:80/1\"><title>\xCC\xE8\xF0</title>\nhttp://example.bg, "
         "https://example.com/",
         "links", "bg", "windows-1251"},
    };
    for (size_t i = 0; i < sizeof all / sizeof *all; i++) {
        struct arena *arena = arena_new();
        struct buffer text = BUFFER(4096);
        struct encoding encoding = read_as(*state, (struct document){.raw = span_of(all[i].raw)}, arena, &text);
        assert_span(encoding.name, all[i].encoding);
        assert_true(has_evidence(&encoding, all[i].from, all[i].says));
        buffer_free(&text);
        arena_free(arena);
    }
}

/* English is often only a default, half of the links are not a majority, and UTF-8 needs no hints. */
static void weak_hints_are_ignored(void **state) {
    static const char *const all[] = {
        "<html lang='en-US'><title>\xE1\xE5</title>",
        "<title>\xE1\xE5</title><a href='http://example.gr/'><a href='http://example.com/'>",
        "<html lang='el'><title>\xCE\xB1</title><a href='http://example.gr/'>",
    };
    for (size_t i = 0; i < sizeof all / sizeof *all; i++) {
        struct arena *arena = arena_new();
        struct buffer text = BUFFER(4096);
        struct encoding encoding = read_as(*state, (struct document){.raw = span_of(all[i])}, arena, &text);
        assert_int_equal(encoding.evidence_count, 1);
        buffer_free(&text);
        arena_free(arena);
    }
}

static void a_short_text_is_judged_in_its_context(void **state) {
    struct buffer text = BUFFER(256);
    const struct span letter = SPAN("\xF9"); /* this byte is a different letter in other encodings */
    decoder_read_short(*state, letter, SPAN("iso-8859-1"), SPAN(""), &text);
    assert_string_not_equal(text.at, "Ы");
    buffer_clear(&text);
    decoder_read_short(*state, letter, SPAN("iso-8859-1"),
                       SPAN("\xED\xCF\xD3\xD4 \xD3\xCE\xCF\xD7\xC1 \xCF\xD4\xCB\xD2\xD9\xD4 \xD0\xCF\xD3\xCC\xC5 "
                            "\xC4\xD7\xD5\xC8 \xCC\xC5\xD4 \xD2\xC1\xC2\xCF\xD4, \xD3\xCF\xCF\xC2\xDD\xC9\xCC\xC1 "
                            "\xCD\xDC\xD2 \xC7\xCF\xD2\xCF\xC4\xC1."),
                       &text);
    assert_string_equal(text.at, "Ы");
    buffer_clear(&text);
    decoder_read_short(*state, SPAN("\xD0\x8C\xD0\xB5"), SPAN("windows-1252"), SPAN("caf\xE9"), &text);
    assert_string_equal(text.at, "Ќе"); /* valid UTF-8 is always read as UTF-8 */
    buffer_free(&text);
}

static void assert_refused(const struct decoder *decoder, struct span raw, const char *said) {
    struct arena *arena = arena_new();
    struct encoding encoding;
    struct decoding decoding;
    struct failure failure = {0};
    struct document document = {.raw = raw};
    assert_false(decoder_detect(decoder, &document, arena, &encoding, &decoding, &failure));
    assert_failure(&failure, REACH_ARTICLE, REMEDY_NONE, CAUSE_ARTICLE, EXIT_DONE, said);
    arena_free(arena);
}

static void what_is_no_text_is_named(void **state) {
    assert_refused(*state, SPAN(""), "the document contains no text (0 bytes)");
    assert_refused(*state, SPAN(" \r\n"), "the document contains no text (3 bytes)");
    assert_refused(*state, SPAN("%PDF-1.7\n"), "the document is a PDF document, not text");
    assert_refused(*state, SPAN("abcdefgh\x01\x02\x03"), "the document is binary data (11 bytes), not text");
}

/* The pages are never touched, so they take no memory. */
static void a_document_has_a_limit(void **state) {
    size_t size = ((size_t)256 << 20) + 1;
    char *bytes = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    assert_ptr_not_equal(bytes, MAP_FAILED);
    bytes[0] = bytes[size - 1] = 'a';
    assert_refused(*state, (struct span){bytes, size},
                   "the document is too large (268435457 bytes); the limit is 256 MiB");
    munmap(bytes, size);
}

/* Reads with an encodings.tsv that has only UTF-16. */
static void an_encoding_that_is_needed_may_be_missing(void **state) {
    (void)state;
    char folder[] = "/tmp/dragoman-tables-XXXXXX", command[600];
    assert_non_null(mkdtemp(folder));
    snprintf(command, sizeof command,
             "cp -rs %s/tables %s/ && cd %s/tables && rm encodings.tsv && grep '^utf-16' %s/tables/encodings.tsv > "
             "encodings.tsv",
             TEST_DATA, folder, folder, TEST_DATA);
    assert_int_equal(system(command), 0);
    struct failure failure = {0};
    struct resources *resources = resources_new(folder);
    const struct decoder *decoder = resources_borrow(resources, &decoder_resource, &failure);
    if (!decoder) fail_msg("%s", failure.sentence);
    struct arena *arena = arena_new();
    struct encoding encoding;
    struct decoding decoding;
    struct document document = {.raw = SPAN("The harbour is open.")};
    assert_false(decoder_detect(decoder, &document, arena, &encoding, &decoding, &failure));
    assert_failure(&failure, REACH_RUN, REMEDY_NONE, CAUSE_MACHINE, EXIT_CONFIG,
                   "tables/encodings.tsv lacks an encoding that the program requires; restore the original file");
    arena_free(arena);
    resources_free(resources);
    snprintf(command, sizeof command, "rm -r %s", folder);
    assert_int_equal(system(command), 0);
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(an_unlabelled_container_is_read_as_a_whole),
                                       cmocka_unit_test(labels_are_distinguished_from_defaults),
                                       cmocka_unit_test(html_within_a_container_is_not_a_label),
                                       cmocka_unit_test(the_bytes_say_where_they_come_from),
                                       cmocka_unit_test(weak_hints_are_ignored),
                                       cmocka_unit_test(a_short_text_is_judged_in_its_context),
                                       cmocka_unit_test(what_is_no_text_is_named),
                                       cmocka_unit_test(a_document_has_a_limit),
                                       cmocka_unit_test(an_encoding_that_is_needed_may_be_missing)};
    return cmocka_run_group_tests(tests, decoder_begin, decoder_end);
}
