/* What bytes say about themselves: byte order marks, labels, languages, kinds of files, and lost escapes. */
#include "unit/cmocka_test.h"

#include "stages/formats/sniff.h"

static void assert_name(const char *given, const char *wanted) {
    if (!wanted != !given || (wanted && strcmp(given, wanted) != 0))
        fail_msg("%s instead of %s", given ? given : "nothing", wanted ? wanted : "nothing");
}

static void byte_order_marks(void **state) {
    (void)state;
    static const struct {
        struct span raw;
        const char *name;
        size_t length;
    } marks[] = {
        {{"\xEF\xBB\xBFx", 4}, "utf-8", 3},  {{"\xFF\xFE\0\0", 4}, "utf-32le", 4}, {{"\0\0\xFE\xFF", 4}, "utf-32be", 4},
        {{"\xFF\xFEx\0", 4}, "utf-16le", 2}, {{"\xFE\xFF\0x", 4}, "utf-16be", 2},  {{"\xEF\xBBx", 3}, NULL, 0},
        {{"\xFF\xFE\0", 3}, "utf-16le", 2},  {{"x\xEF\xBB\xBF", 4}, NULL, 0},      {{"", 0}, NULL, 0}};
    for (size_t i = 0; i < sizeof marks / sizeof *marks; i++) {
        size_t length = 0;
        assert_name(sniff_mark(marks[i].raw, &length), marks[i].name);
        assert_int_equal(length, marks[i].length);
    }
}

static void files_that_are_not_text(void **state) {
    (void)state;
    const struct {
        struct span raw;
        const char *kind;
    } files[] = {{SPAN("\x89PNG\r\n\x1A\n."), "a PNG image"},
                 {SPAN("\x89PNG\n\x1A\n."), NULL},
                 {SPAN("\xFF\xD8\xFF."), "a JPEG image"},
                 {SPAN("GIF87a."), "a GIF image"},
                 {SPAN("GIF89a."), "a GIF image"},
                 {SPAN("GIF88a."), NULL},
                 {SPAN("%PDF-1.4"), "a PDF document"},
                 {SPAN("PK\x03\x04."), "a ZIP archive or office document"},
                 {SPAN("\x1F\x8B."), "gzip-compressed data"},
                 {SPAN("BZh9"), "bzip2-compressed data"},
                 {SPAN("\xFD"
                       "7zXZ."),
                  "xz-compressed data"},
                 {SPAN("\x28\xB5\x2F\xFD."), "zstd-compressed data"},
                 {SPAN("7z\xBC\xAF\x27\x1C."), "a 7z archive"},
                 {SPAN("Rar!\x1A\x07."), "a RAR archive"},
                 {SPAN("\x7F"
                       "ELF."),
                  "an ELF executable"},
                 {SPAN("ID3."), "an MP3 audio file"},
                 {SPAN("OggS."), "an Ogg audio file"},
                 {SPAN("fLaC."), "a FLAC audio file"},
                 {SPAN("\x1A\x45\xDF\xA3."), "a Matroska video"},
                 {SPAN("\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1."), "a legacy Office document"},
                 {SPAN("wOFF."), "a web font"},
                 {SPAN("wOF2."), "a web font"},
                 {SPAN("{\\rtf1"), "an RTF document"},
                 {SPAN("%!PS-Adobe"), "a PostScript document"},
                 {SPAN("SQLite format 3\0."), "an SQLite database"},
                 {SPAN("SQLite format 3 is a file"), NULL},
                 {SPAN("\0asm."), "a WebAssembly module"},
                 {SPAN("II*\0."), "a TIFF image"},
                 {SPAN("MM\0*."), "a TIFF image"},
                 {SPAN("RIFF....WEBPV"), "a WebP image"},
                 {SPAN("RIFF....WAVEf"), "a WAV audio file"},
                 {SPAN("RIFF and ready"), NULL},
                 {SPAN("RIFF....WEBP"), NULL},
                 {SPAN("\0\0\0\x1C"
                       "ftypavif."),
                  "an MP4 video or AVIF image"},
                 {SPAN("...ftypical case"), NULL},
                 {SPAN("plain text"), NULL},
                 {SPAN(""), NULL}};
    for (size_t i = 0; i < sizeof files / sizeof *files; i++) assert_name(sniff_file(files[i].raw), files[i].kind);
}

static void labels_of_headers(void **state) {
    (void)state;
    assert_span(sniff_http(SPAN("text/html; charset=koi8-r")), "koi8-r");
    assert_span(sniff_http(SPAN("text/html; CHARSET = \"koi8-r\"; x=y")), "koi8-r");
    assert_span(sniff_http(SPAN("text/html;charset='utf-8'")), "utf-8");
    assert_span(sniff_http(SPAN("text/html; charset: x; charset=big5,gbk")), "big5");
    assert_span(sniff_http(SPAN("text/html; charset")), "");
    assert_span(sniff_http(SPAN("text/html; charset = ")), "");
    assert_span(sniff_http(SPAN("text/html")), "");
    assert_span(sniff_http(SPAN("")), "");
}

static void labels_of_documents(void **state) {
    (void)state;
    assert_span(sniff_xml(SPAN("\n<?xml version='1.0' encoding='iso-8859-2'?><a/>")), "iso-8859-2");
    assert_span(sniff_xml(SPAN("<?xml version='1.0'?><a encoding='x'/>")), "");
    assert_span(sniff_xml(SPAN("<?xml encoding='x'")), "");
    assert_span(sniff_xml(SPAN("<a/><?xml encoding='x'?>")), "");
    assert_span(sniff_html(SPAN("<p><meta charset=cp1251>")), "cp1251");
    assert_span(sniff_html(SPAN("<META http-equiv=x content=\"text/html; charset=cp1250\">")), "cp1250");
    assert_span(sniff_html(SPAN("<!-- <meta charset=old> --><meta charset=new>")), "new");
    assert_span(sniff_html(SPAN("<!-- <meta charset=old>")), "");
    assert_span(sniff_html(SPAN("<meta name=x><p>charset=y</p>")), "");
    assert_span(sniff_html(SPAN("<meta charset=last")), "last");
    assert_span(sniff_html(SPAN("a < b")), "");
}

static void languages_that_are_stated(void **state) {
    (void)state;
    assert_span(sniff_feed_language(SPAN("<rss><channel><language>pt-BR</language>")), "pt-BR");
    assert_span(sniff_feed_language(SPAN("<feed xml:lang='bg'>")), "bg");
    assert_span(sniff_feed_language(SPAN("<dc:language>uk</dc:language>")), "uk");
    assert_span(sniff_feed_language(SPAN("<language> de </language>")), "de");
    assert_span(sniff_feed_language(SPAN("<language>e</language>")), "");
    assert_span(sniff_feed_language(SPAN("<language>12</language>")), "");
    assert_span(sniff_feed_language(SPAN("<language>abcdefghijklmnopq</language>")), "");
    assert_span(sniff_feed_language(SPAN("<language>e!</language>")), "");
    assert_span(sniff_feed_language(SPAN("<html lang='fr'>")), "");
    assert_span(sniff_language(SPAN("<html lang='fr'>")), "fr");
}

static void wide_text_without_a_mark(void **state) {
    (void)state;
    assert_name(sniff_wide(SPAN("<\0h\0t\0m\0l\0>\0")), "utf-16le");
    assert_name(sniff_wide(SPAN("\0<\0h\0t\0m\0l\0>")), "utf-16be");
    assert_name(sniff_wide(SPAN("<\0\0\0h\0\0\0t\0\0\0")), "utf-32le");
    assert_name(sniff_wide(SPAN("\0\0\0<\0\0\0h\0\0\0t")), "utf-32be");
    assert_name(sniff_wide(SPAN("<\0h\0t\0m")), NULL);
    assert_name(sniff_wide(SPAN("plain text, longer")), NULL);
    assert_name(sniff_wide(SPAN("one NUL \0 in a text of more than a hundred bytes is a mistake of some program and "
                                "says nothing of the encoding")),
                NULL);
}

static void utf7_and_escapes_that_were_lost(void **state) {
    (void)state;
    struct span label = SPAN("utf-7"), none = SPAN("");
    assert_name(sniff_stripped(SPAN("+BEEEPgQxBEAESwQ5-"), label), "utf-7");
    assert_name(sniff_stripped(SPAN("+BEEEPgQxBEAESwQ5-"), none), NULL);
    assert_name(sniff_stripped(SPAN("2+2=4 and a+b, +- and +x"), label), NULL);
    assert_name(sniff_stripped(SPAN("+AAAAAAAA- +AAAA-"), label), NULL);
    assert_name(sniff_stripped(SPAN("+4AA- +4AA- +4AA-"), label), NULL);
    assert_name(sniff_stripped(SPAN("$B$3$s$K$A$O(B"), SPAN("iso-2022-jp")), "iso-2022-jp");
    assert_name(sniff_stripped(SPAN("$B$3$s$K$A$O(B"), none), NULL);
    assert_int_equal(sniff_japanese_run(SPAN("$B$3$s(B.")), 8);
    assert_int_equal(sniff_japanese_run(SPAN("$@$3$s(J.")), 8);
    assert_int_equal(sniff_japanese_run(SPAN("$C$3$s(B.")), 0);
    assert_int_equal(sniff_japanese_run(SPAN("$B$3$s")), 0);
}

static void binary_data(void **state) {
    (void)state;
    assert_true(sniff_binary(SPAN("12345678\x01\x02")));
    assert_false(sniff_binary(SPAN("123456789\x01")));
    assert_false(sniff_binary(SPAN("\x1B$B\x08\x0E\x0F\t\r\n\f")));
    assert_false(sniff_binary(SPAN("")));
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(byte_order_marks),
                                       cmocka_unit_test(files_that_are_not_text),
                                       cmocka_unit_test(labels_of_headers),
                                       cmocka_unit_test(labels_of_documents),
                                       cmocka_unit_test(languages_that_are_stated),
                                       cmocka_unit_test(wide_text_without_a_mark),
                                       cmocka_unit_test(utf7_and_escapes_that_were_lost),
                                       cmocka_unit_test(binary_data)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
