#include "unit/cmocka_test.h"

#include "stages/decode/repair.h"

static struct encodings encodings;
static struct writing *writing;
static struct candidates *candidates;
static struct repairer *repairer;

static void expect(const char *text, const char *expected, const char *kind) {
    struct article *article = article_new();
    struct buffer out = BUFFER(1 << 16);
    repair_text(repairer, span_of(text), -1, article, &out);
    assert_string_equal(out.at, expected);
    assert_int_equal(article->encoding.repair_count, kind ? 1 : 0);
    if (kind) assert_string_equal(article->encoding.repairs[0].kind.at, kind);
    buffer_free(&out);
    article_free(article);
}

static void clean(const char *text) {
    expect(text, text, NULL);
}

static void utf8_read_as_windows_1252(void **state) {
    (void)state;
    expect("Der K\xC3\x83\xC2\xA4se schmeckt.", "Der K\xC3\xA4se schmeckt.", "mojibake utf-8 as windows-1252");
}

static void utf8_read_twice_as_windows_1252(void **state) {
    (void)state;
    expect("Der K\xC3\x83\xC6\x92\xC3\x82\xC2\xA4se schmeckt.", "Der K\xC3\xA4se schmeckt.",
           "mojibake utf-8 as windows-1252 2 times");
}

static void only_the_broken_paragraph_is_changed(void **state) {
    (void)state;
    expect("K\xC3\xA4se.\nK\xC3\x83\xC2\xA4se.", "K\xC3\xA4se.\nK\xC3\xA4se.", "mojibake utf-8 as windows-1252");
}

static void windows_1251_read_as_windows_1252(void **state) {
    (void)state;
    expect("\xC3\x8F\xC3\xAE\xC3\xA3\xC3\xAE\xC3\xA4\xC3\xA0 \xC3\xB1\xC3\xA5\xC3\xA3\xC3\xAE\xC3\xA4\xC3\xAD\xC3\xBF",
           "\xD0\x9F\xD0\xBE\xD0\xB3\xD0\xBE\xD0\xB4\xD0\xB0 \xD1\x81\xD0\xB5\xD0\xB3\xD0\xBE\xD0\xB4\xD0\xBD\xD1\x8F",
           "mojibake windows-1251 as windows-1252");
}

static void utf8_read_as_macintosh(void **state) {
    (void)state;
    expect("Le b√©b√© dort.", "Le bébé dort.", "mojibake utf-8 as macintosh");
}

static void utf8_among_what_is_right(void **state) {
    (void)state;
    expect("L’Ã©tÃ© fut « long »…", "L’été fut « long »…", "mojibake utf-8 as windows-1252");
}

static void a_non_breaking_space_that_became_a_space(void **state) {
    (void)state;
    expect("Il pense Ã sa mÃ¨re, Ã  elle.", "Il pense à sa mère, à elle.", "mojibake utf-8 as windows-1252");
}

static void a_byte_that_is_gone(void **state) {
    (void)state;
    expect("â€œsoâ€� sagt man", "“so� sagt man", "mojibake utf-8 as windows-1252");
}

static void windows_1250_read_as_windows_1252(void **state) {
    (void)state;
    expect("Zagubi³em siê w mieœcie, ale znalaz³em drogê.", "Zagubiłem się w mieście, ale znalazłem drogę.",
           "mojibake windows-1250 as windows-1252");
}

static void windows_1254_read_as_windows_1252(void **state) {
    (void)state;
    expect("Kapýnýn önünde yaþlý bir adam oturuyordu, baþý aðrýyordu.",
           "Kapının önünde yaşlı bir adam oturuyordu, başı ağrıyordu.", "mojibake windows-1254 as windows-1252");
}

static void windows_1251_read_as_koi8_r(void **state) {
    (void)state;
    expect("пЕЙЮ РЕВЕР ОНД ЛНЯРНЛ, Х МХЙРН МЕ ЯКСЬЮЕР.", "Река течет под мостом, и никто не слушает.",
           "mojibake windows-1251 as koi8-r");
}

static void euc_kr_read_as_windows_1252(void **state) {
    (void)state;
    expect("¹Ù´å°¡¿¡¼\xC2\xAD"
           " ¾ÆÀÌµéÀÌ ³ë·¡¸¦ ºÎ¸¥´Ù.",
           "바닷가에서 아이들이 노래를 부른다.", "mojibake euc-kr as windows-1252");
}

static void utf8_read_as_gb18030(void **state) {
    (void)state;
    expect("浠婂ぉ鐨勫ぉ姘旈潪甯稿ソ锛屾垜浠幓鍏洯", "今天的天气非常好，我们去公园", "mojibake utf-8 as gb18030");
}

static void clean_east_asian_lines_are_left_alone(void **state) {
    (void)state;
    clean("鼹鼠与饕餮，魑魅魍魉");
    clean("薔薇と檸檬と蒲公英");
    clean("뷁 뛟 꿹은 드문 글자다.");
}

static void lines_of_one_kind_are_one_repair(void **state) {
    (void)state;
    struct article *article = article_new();
    struct buffer out = BUFFER(1 << 16);
    repair_text(repairer, span_of("schön\nschÃ¶n\nfrÃ¼h\n"), -1, article, &out);
    assert_string_equal(out.at, "schön\nschön\nfrüh\n");
    assert_int_equal(article->encoding.repair_count, 1);
    assert_int_equal(article->encoding.repairs[0].count, 2);
    assert_int_equal(article->encoding.repairs[0].paragraph, 2);
    buffer_free(&out);
    article_free(article);
}

static void clean_german_is_left_alone(void **state) {
    (void)state;
    clean("Stra\xC3\x9F"
          "en\xC3\xBC"
          "berg\xC3\xA4nge \xE2\x80\x9Eja\xE2\x80\x9C");
}

static void clean_ukrainian_is_left_alone(void **state) {
    (void)state;
    clean("\xD0\x9D\xD1\x96!");
}

static void a_product_sign_before_pounds_is_left_alone(void **state) {
    (void)state;
    clean("3\xC3\x97\xC2\xA3"
          "40");
}

static void capitals_are_left_alone(void **state) {
    (void)state;
    clean("R\xC3\x85\xC3\x98T");
}

static void clean_words_of_many_languages_are_left_alone(void **state) {
    (void)state;
    const char *const texts[] = {"À la fête, Noël était là.",
                                 "ÇOK GÜZEL BİR GÜN",
                                 "Łódź, żółw i źdźbło",
                                 "Ő tűzött fel egy kitűzőt",
                                 "Þór át fisk í gær",
                                 "Šťastný žlutý kůň",
                                 "Đường về nhà rất xa",
                                 "ÅRETS FÖRSTA SNÖ",
                                 "СССР и США",
                                 "Її їжа",
                                 "Το ΝΑΤΟ στην Αθήνα",
                                 "שלום עולם",
                                 "سلام دنیا",
                                 "สวัสดีครับ",
                                 "你好，世界",
                                 "こんにちは",
                                 "안녕하세요",
                                 "3 × £40 ± 5 °C",
                                 "“Où?” – «là»…"};
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) clean(texts[i]);
}

static void spaces_and_signs_are_no_letters_read_wrongly(void **state) {
    (void)state;
    clean("Die Möwen flogen über das Meer.\n\xC2\xA0 \xC2\xA0 \xC2\xA0 \xC2\xA0\xC2\xA0\n");
    clean("Das Boot fährt.\n••• ››› –––––––––––– ®\nA boat®, a deck® – it’s “new”…\n");
    clean("uhr\xC2\xA0\xC2\xA0\xC2\xA0\xC2\xA0\xC2\xA0\xC2\xA0\xC2\xA0\xC2\xA0\xC2\xA0\xC2\xA0 ort – mit Fähre");
}

static void an_old_habit_is_no_misdecoding(void **state) {
    (void)state;
    clean("A tetõn ülõ fiú nézte a mezõt, és fütyült a szélben.");
}

static int open_tables(void **state) {
    (void)state;
    struct failure failure = {0};
    if (!encodings_open(TEST_DATA "/tables", &encodings, &failure) || !writing_open(TEST_DATA, &writing, &failure))
        return -1;
    candidates = candidates_new(&encodings, writing);
    repairer = repairer_new(&encodings, writing, candidates);
    return 0;
}

static int close_tables(void **state) {
    (void)state;
    repairer_free(repairer);
    candidates_free(candidates);
    writing_close(writing);
    encodings_close(&encodings);
    return 0;
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(utf8_read_as_windows_1252),
        cmocka_unit_test(utf8_read_twice_as_windows_1252),
        cmocka_unit_test(only_the_broken_paragraph_is_changed),
        cmocka_unit_test(windows_1251_read_as_windows_1252),
        cmocka_unit_test(utf8_read_as_macintosh),
        cmocka_unit_test(utf8_among_what_is_right),
        cmocka_unit_test(a_non_breaking_space_that_became_a_space),
        cmocka_unit_test(a_byte_that_is_gone),
        cmocka_unit_test(windows_1250_read_as_windows_1252),
        cmocka_unit_test(windows_1254_read_as_windows_1252),
        cmocka_unit_test(windows_1251_read_as_koi8_r),
        cmocka_unit_test(euc_kr_read_as_windows_1252),
        cmocka_unit_test(utf8_read_as_gb18030),
        cmocka_unit_test(clean_east_asian_lines_are_left_alone),
        cmocka_unit_test(lines_of_one_kind_are_one_repair),
        cmocka_unit_test(clean_german_is_left_alone),
        cmocka_unit_test(clean_ukrainian_is_left_alone),
        cmocka_unit_test(a_product_sign_before_pounds_is_left_alone),
        cmocka_unit_test(capitals_are_left_alone),
        cmocka_unit_test(clean_words_of_many_languages_are_left_alone),
        cmocka_unit_test(spaces_and_signs_are_no_letters_read_wrongly),
        cmocka_unit_test(an_old_habit_is_no_misdecoding),
    };
    return cmocka_run_group_tests(tests, open_tables, close_tables);
}
