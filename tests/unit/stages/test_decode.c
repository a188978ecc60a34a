#include "unit/failure_is.h"
#include "unit/golden.h"

#include <iconv.h>

#include "pipeline/engine/resources.h"
#include "pipeline/engine/stage.h"

extern const struct stage stage_decode;

static struct article *decoded(void *state, struct span raw, const char *content_type, enum outcome expected) {
    struct article *article = article_new();
    struct failure failure = {0};
    article->origin.raw = raw;
    article->origin.content_type = span_of(content_type);
    assert_int_equal(stage_decode.work(state, article, &failure), expected);
    article->failure = failure;
    return article;
}

static void expect_as(void **state, struct span raw, const char *content_type, const char *name, const char *text) {
    struct article *article = decoded(*state, raw, content_type, STAGE_CONTINUE);
    assert_string_equal(article->encoding.name.at, name);
    assert_string_equal(article->text.at, text);
    article_free(article);
}

static void expect_refused(void **state, struct span raw, const char *sentence) {
    struct article *article = decoded(*state, raw, NULL, STAGE_FAIL);
    assert_failure(&article->failure, REACH_ARTICLE, REMEDY_NONE, CAUSE_ARTICLE, EXIT_DONE, sentence);
    article_free(article);
}

static void empty_input_is_refused(void **state) {
    expect_refused(state, SPAN(""), "contains no text");
}

static void whitespace_alone_is_rejected(void **state) {
    expect_refused(state, SPAN(" \r\n\t"), "contains no text");
}

static void an_image_is_named(void **state) {
    expect_refused(state, SPAN("\x89PNG\r\n\x1A\n\0\0\0\rIHDR"), "a PNG image");
}

static void binary_data_is_refused(void **state) {
    expect_refused(state, SPAN("\x01\x02\x03\x04\x05\x06\x07\x11\x12\x13 abc"), "binary data");
}

static void random_bytes_are_rejected(void **state) {
    char bytes[4096];
    uint32_t seed = 7;
    for (size_t i = 0; i < sizeof bytes; i++) {
        seed = seed * 1664525u + 1013904223u;
        bytes[i] = (char)(seed >> 24);
        if ((unsigned char)bytes[i] < ' ') bytes[i] = ' '; /* so that control characters do not give it away */
    }
    expect_refused(state, (struct span){bytes, sizeof bytes}, "not text in any known encoding");
}

static void ascii_is_utf8(void **state) {
    expect_as(state, SPAN("Plain words."), NULL, "utf-8", "Plain words.");
}

static void a_byte_order_mark_is_removed(void **state) {
    expect_as(state,
              SPAN("\xEF\xBB\xBF"
                   "caf\xC3\xA9"),
              NULL, "utf-8", "caf\xC3\xA9");
}

/* The text of a record from a list, which names no encoding. */
static void expect_record(void **state, const char *text, const char *expected, const char *repair) {
    struct article *article = article_new();
    struct failure failure = {0};
    article->text = arena_copy(article->arena, span_of(text));
    assert_int_equal(stage_decode.work(*state, article, &failure), STAGE_CONTINUE);
    assert_string_equal(article->text.at, expected);
    assert_int_equal(article->encoding.repair_count, repair != NULL);
    if (repair) assert_string_equal(article->encoding.repairs[0].kind.at, repair);
    assert_string_equal(article->encoding.name.length ? article->encoding.name.at : "", repair ? "utf-8" : "");
    article_free(article);
}

static void a_repair_of_a_record_is_written_beside_an_encoding(void **state) {
    expect_record(state, "La rÃ©union a Ã©tÃ© annulÃ©e.", "La réunion a été annulée.",
                  "mojibake utf-8 as windows-1252");
    expect_record(state, "Îíà ñêàçàëà, ÷òî ìîñò çàêðûò.", "Она сказала, что мост закрыт.",
                  "mojibake windows-1251 as windows-1252");
    expect_record(state, "e\xCC\x81t\xC3\xA9", "été", "nfc");
    expect_record(state, "La réunion a été annulée.", "La réunion a été annulée.", NULL);
}

static struct article *record_of(const char *title, const char *text, const char *paragraph) {
    struct article *article = article_new();
    article->title.source = arena_copy(article->arena, span_of(title));
    article->text = arena_copy(article->arena, span_of(text));
    if (paragraph) article_add_block(article, BLOCK_PARAGRAPH, arena_copy(article->arena, span_of(paragraph)));
    return article;
}

static void decode_record(void *state, struct article *article) {
    struct failure failure = {0};
    assert_int_equal(stage_decode.work(state, article, &failure), STAGE_CONTINUE);
}

static void the_headline_of_a_record_is_repaired_with_its_text(void **state) {
    struct article *article = record_of("L'Ã‰tÃ© arrive", "La rÃ©union a Ã©tÃ© annulÃ©e.", NULL);
    decode_record(*state, article);
    assert_span(article->title.source, "L'Été arrive");
    assert_span(article->text, "La réunion a été annulée.");
    article_free(article);
}

static void paragraphs_of_a_record_are_repaired(void **state) {
    struct article *article = record_of("ေက်ာင္းမ်ား ျပန္ဖြင့္မည္", "", "မႏၲေလး");
    article_add_block(article, BLOCK_PARAGRAPH, SPAN(""));
    article_add_block(article, BLOCK_PARAGRAPH, SPAN("သူသည္ ေဈးသို႔ သြားသည္။"));
    decode_record(*state, article);
    assert_span(article->title.source, "ကျောင်းများ ပြန်ဖွင့်မည်");
    assert_span(article->body[0].text, "မန္တလေး");
    assert_span(article->body[1].text, "");
    assert_span(article->body[2].text, "သူသည် ဈေးသို့ သွားသည်။");
    assert_string_equal(article->encoding.repairs[0].kind.at, "zawgyi");
    article_free(article);
}

static void a_record_that_was_divided_or_translated_is_left_alone(void **state) {
    struct article *article = record_of("L'Ã‰tÃ© arrive", "", "La rÃ©union a Ã©tÃ© annulÃ©e.");
    article_add_segment(article, &article->body[0], article->body[0].text);
    decode_record(*state, article);
    assert_span(article->title.source, "L'Ã‰tÃ© arrive");
    assert_span(article->body[0].text, "La rÃ©union a Ã©tÃ© annulÃ©e.");
    article_free(article);
    article = record_of("L'Ã‰tÃ© arrive", "La rÃ©union a Ã©tÃ© annulÃ©e.", NULL);
    article->title.target = SPAN("Summer is coming");
    decode_record(*state, article);
    assert_span(article->title.source, "L'Ã‰tÃ© arrive");
    article_free(article);
}

static void valid_utf8_overrides_a_wrong_label(void **state) {
    expect_as(state, SPAN("Zo\xC3\xAB heeft twee\xC3\xABntwintig \xE2\x82\xAC"), "text/html; charset=windows-1252",
              "utf-8", "Zo\xC3\xAB heeft twee\xC3\xABntwintig \xE2\x82\xAC");
}

static void utf16_without_a_mark_is_recognised_by_its_nuls(void **state) {
    expect_as(state, SPAN("W\0o\0r\0t\0 \0\xE9\0t\0\xE9\0"), NULL, "utf-16le", "Wort \xC3\xA9t\xC3\xA9");
}

static void utf32_with_a_mark(void **state) {
    expect_as(state, SPAN("\xFF\xFE\0\0A\0\0\0b\0\0\0"), NULL, "utf-32le", "Ab");
}

static void iso_2022_jp_is_recognised_by_its_escapes(void **state) {
    expect_as(state, SPAN("\x1B$B$3$s\x1B(B!"), NULL, "iso-2022-jp", "\xE3\x81\x93\xE3\x82\x93!");
}

static void hz_is_read(void **state) {
    expect_as(state, SPAN("~{VPND~} ok"), NULL, "hz-gb-2312", "\xE4\xB8\xAD\xE6\x96\x87 ok");
}

static void russian_in_windows_1251(void **state) {
    expect_as(
        state, SPAN("\xCF\xEE\xE3\xEE\xE4\xE0 \xF1\xE5\xE3\xEE\xE4\xED\xFF \xF5\xEE\xF0\xEE\xF8\xE0\xFF."), NULL,
        "windows-1251",
        "\xD0\x9F\xD0\xBE\xD0\xB3\xD0\xBE\xD0\xB4\xD0\xB0 \xD1\x81\xD0\xB5\xD0\xB3\xD0\xBE\xD0\xB4\xD0\xBD\xD1\x8F "
        "\xD1\x85\xD0\xBE\xD1\x80\xD0\xBE\xD1\x88\xD0\xB0\xD1\x8F.");
}

static void polish_in_windows_1250(void **state) {
    expect_as(state, SPAN("Wczoraj w porcie sta\263y trzy \263odzie, czekaj\271c na pomy\234lny wiatr."), NULL,
              "windows-1250",
              "Wczoraj w porcie sta\305\202y trzy \305\202odzie, czekaj\304\205c na pomy\305\233lny wiatr.");
}

static void japanese_in_shift_jis(void **state) {
    expect_as(state,
              SPAN("\215\360\223\372\201A\215`"
                   "\202\311\216O\220\307\202\314\221D\202\252\202\242\202\334\202\265\202\275\201B"),
              NULL, "shift_jis",
              "\346\230\250\346\227\245\343\200\201\346\270\257\343\201\253\344\270\211\351\232\273\343\201\256\350\210"
              "\271\343\201\214\343\201\204\343\201\276\343\201\227\343\201\237\343\200\202");
}

static void hebrew_in_windows_1255(void **state) {
    expect_as(state,
              SPAN("\371\354\345\371 \361\364\351\360\345\372 \362\356\343\345 \341\360\356\354 \345\347\351\353\345 "
                   "\354\370\345\347"),
              NULL, "windows-1255",
              "\327\251\327\234\327\225\327\251 \327\241\327\244\327\231\327\240\327\225\327\252 "
              "\327\242\327\236\327\223\327\225 \327\221\327\240\327\236\327\234 "
              "\327\225\327\227\327\231\327\233\327\225 \327\234\327\250\327\225\327\227");
}

static void korean_in_euc_kr(void **state) {
    expect_as(
        state,
        SPAN("\276\356\301\246 \307\327\261\270\277\241 \271\350 \274\274 \303\264\300\314 \300\326\276\372\264\331."),
        NULL, "euc-kr",
        "\354\226\264\354\240\234 \355\225\255\352\265\254\354\227\220 \353\260\260 \354\204\270 "
        "\354\262\231\354\235\264 \354\236\210\354\227\210\353\213\244.");
}

static void a_label_decides_between_equals(void **state) {
    expect_as(state, SPAN("caf\xE9"), "text/plain; charset=ISO-8859-1", "windows-1252", "caf\xC3\xA9");
}

static void an_unknown_label_is_only_evidence(void **state) {
    struct article *article = decoded(*state,
                                      SPAN("<meta charset=klingon><p>Gr\xC3\xBC\xC3\x9F"
                                           "e"),
                                      NULL, STAGE_CONTINUE);
    assert_string_equal(article->encoding.name.at, "utf-8");
    assert_string_equal(article->encoding.evidence[0].from.at, "html");
    assert_string_equal(article->encoding.evidence[0].says.at, "klingon");
    article_free(article);
}

static void undecodable_bytes_are_counted(void **state) {
    struct span raw = SPAN(
        "\xD0\x9F\xD0\xBE\xD0\xB3\xD0\xBE\xD0\xB4\xD0\xB0 \xD1\x81\xD0\xB5\xD0\xB3\xD0\xBE\xD0\xB4\xD0\xBD\xD1\x8F "
        "\xD1\x85\xD0\xBE\xD1\x80\xD0\xBE\xD1\x88\xD0\xB0\xD1\x8F \xFF");
    struct article *article = decoded(*state, raw, NULL, STAGE_CONTINUE);
    assert_int_equal(article->encoding.undecodable, 1);
    assert_true(span_ends(article->text, SPAN("\xEF\xBF\xBD")));
    article_free(article);
}

static void lines_in_another_encoding_are_read_by_it(void **state) {
    struct span raw = SPAN("Gestern fuhr das gro\xC3\x9F"
                           "e Schiff \xC3\xBC"
                           "ber die See.\nDas gr\xF6\xDF"
                           "te Schiff f\xE4hrt heute sp\xE4ter.\n"
                           "\xC3\x9C"
                           "ber die Br\xC3\xBC"
                           "cke.\n");
    struct article *article = decoded(*state, raw, NULL, STAGE_CONTINUE);
    assert_string_equal(article->encoding.name.at, "utf-8");
    assert_string_equal(
        article->text.at,
        "Gestern fuhr das große Schiff über die See.\nDas größte Schiff fährt heute später.\nÜber die Brücke.\n");
    assert_string_equal(article->encoding.repairs[0].kind.at, "lines in windows-1252");
    assert_int_equal(article->encoding.repairs[0].count, 1);
    assert_int_equal(article->encoding.undecodable, 0);
    article_free(article);
}

static void a_lost_byte_is_not_another_encoding(void **state) {
    struct article *article = decoded(*state,
                                      SPAN("\xC3\x9C"
                                           "ber die Br\xC3\xBC"
                                           "cke \xC3 und f\xC3\xBC"
                                           "r m\xC3\xBC"
                                           "de zur\xC3\xBC"
                                           "ck.\n\xC3\x96"
                                           "l.\n"),
                                      NULL, STAGE_CONTINUE);
    assert_string_equal(article->encoding.name.at, "utf-8");
    assert_int_equal(article->encoding.undecodable, 1);
    article_free(article);
}

/* ---------------------------------------------------------------- many encodings */

/* Appends the UTF-8 text in this encoding. */
static void encode(struct span text, const char *encoding, struct buffer *out) {
    char room[4096], *from = (char *)(uintptr_t)text.at, *to = room;
    size_t from_left = text.length, to_left = sizeof room;
    iconv_t converter = iconv_open(encoding, "UTF-8");
    if (converter == (iconv_t)-1) fail_msg("iconv does not know %s", encoding);
    if (iconv(converter, &from, &from_left, &to, &to_left) == (size_t)-1 ||
        iconv(converter, NULL, NULL, &to, &to_left) == (size_t)-1)
        fail_msg("%s has no characters for %.*s", encoding, SPAN_ARGS(text));
    iconv_close(converter);
    buffer_add(out, room, (size_t)(to - room));
}

static void describe_decoded(const struct article *article, struct buffer *out) {
    const struct encoding *encoding = &article->encoding;
    buffer_print(out, "  %.*s, certain to %.1f:", SPAN_ARGS(encoding->name), encoding->certainty);
    for (size_t i = 0; i < encoding->evidence_count; i++)
        buffer_print(out, " %.*s says %.*s;", SPAN_ARGS(encoding->evidence[i].from),
                     SPAN_ARGS(encoding->evidence[i].says));
    buffer_print(out, " %zu undecodable\n", encoding->undecodable);
    for (size_t i = 0; i < encoding->repair_count; i++)
        buffer_print(out, "  repaired: %.*s, %zu times\n", SPAN_ARGS(encoding->repairs[i].kind),
                     encoding->repairs[i].count);
    buffer_print(out, "  %.*s\n", SPAN_ARGS(article->text));
}

/* A line of the input is an encoding, a label ("-": none) and a text, which is encoded first. */
static void describe_encoded(void *state, struct span line, struct buffer *out) {
    struct span encoding = SPAN(""), label = SPAN(""), text = line;
    struct buffer bytes = BUFFER(1 << 16);
    char name[64], type[128];
    if (!span_next(&text, '\t', &encoding) || !span_next(&text, '\t', &label)) fail_msg("a line has no tab");
    snprintf(name, sizeof name, "%.*s", SPAN_ARGS(encoding));
    snprintf(type, sizeof type, "%.*s", SPAN_ARGS(label));
    encode(text, name, &bytes);
    struct article *article = decoded(state, buffer_span(&bytes), span_is(label, "-") ? NULL : type, STAGE_CONTINUE);
    buffer_print(out, "%s, labelled %s\n", name, type);
    describe_decoded(article, out);
    article_free(article);
    buffer_free(&bytes);
}

static void describe(void *state, struct span input, struct buffer *out) {
    struct span line;
    while (span_next(&input, '\n', &line))
        if (line.length) describe_encoded(state, line, out);
}

static void texts_are_decoded_as_expected(void **state) {
    static const struct golden golden = {"decode", "input.tsv", "expected.txt", 1, describe};
    golden_check(&golden, *state);
}

static struct resources *resources;

static int open_stage(void **state) {
    resources = resources_new(TEST_DATA);
    struct stage_context context = {.data_folder = TEST_DATA, .resources = resources};
    struct failure failure = {0};
    return stage_decode.open(&context, state, &failure) ? 0 : -1;
}

static int close_stage(void **state) {
    (void)state;
    resources_free(resources);
    return 0;
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(empty_input_is_refused),
        cmocka_unit_test(whitespace_alone_is_rejected),
        cmocka_unit_test(an_image_is_named),
        cmocka_unit_test(binary_data_is_refused),
        cmocka_unit_test(random_bytes_are_rejected),
        cmocka_unit_test(ascii_is_utf8),
        cmocka_unit_test(a_byte_order_mark_is_removed),
        cmocka_unit_test(a_repair_of_a_record_is_written_beside_an_encoding),
        cmocka_unit_test(the_headline_of_a_record_is_repaired_with_its_text),
        cmocka_unit_test(paragraphs_of_a_record_are_repaired),
        cmocka_unit_test(a_record_that_was_divided_or_translated_is_left_alone),
        cmocka_unit_test(valid_utf8_overrides_a_wrong_label),
        cmocka_unit_test(utf16_without_a_mark_is_recognised_by_its_nuls),
        cmocka_unit_test(utf32_with_a_mark),
        cmocka_unit_test(iso_2022_jp_is_recognised_by_its_escapes),
        cmocka_unit_test(hz_is_read),
        cmocka_unit_test(russian_in_windows_1251),
        cmocka_unit_test(polish_in_windows_1250),
        cmocka_unit_test(japanese_in_shift_jis),
        cmocka_unit_test(hebrew_in_windows_1255),
        cmocka_unit_test(korean_in_euc_kr),
        cmocka_unit_test(a_label_decides_between_equals),
        cmocka_unit_test(an_unknown_label_is_only_evidence),
        cmocka_unit_test(undecodable_bytes_are_counted),
        cmocka_unit_test(lines_in_another_encoding_are_read_by_it),
        cmocka_unit_test(a_lost_byte_is_not_another_encoding),
        cmocka_unit_test(texts_are_decoded_as_expected),
    };
    return cmocka_run_group_tests(tests, open_stage, close_stage);
}
