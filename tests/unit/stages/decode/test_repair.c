#include "unit/cmocka_test.h"

#include "stages/decode/repair.h"

static struct encodings encodings;
static struct writing *writing;
static struct candidates *candidates;
static struct repairer *repairer;

static void expect(const char *text, const char *expected, const char *kind) {
    struct article *article = article_new();
    struct buffer out = BUFFER(1 << 16);
    struct span repaired = repair_text(repairer, span_of(text), -1, article, &out);
    assert_span(repaired, expected);
    assert_int_equal(repaired.at == text, !kind);
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

static void misread_utf8_among_correct_text(void **state) {
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
    struct span text = SPAN("one\n\nschön\nschÃ¶n\ntwo\nfrÃ¼h\nthree");
    assert_span(repair_text(repairer, text, -1, article, &out), "one\n\nschön\nschön\ntwo\nfrüh\nthree");
    assert_int_equal(article->encoding.repair_count, 1);
    assert_int_equal(article->encoding.repairs[0].count, 2);
    assert_int_equal(article->encoding.repairs[0].paragraph, 4);
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

static void spaces_and_signs_are_not_misread_letters(void **state) {
    (void)state;
    clean("Die Möwen flogen über das Meer.\n\xC2\xA0 \xC2\xA0 \xC2\xA0 \xC2\xA0\xC2\xA0\n");
    clean("Das Boot fährt.\n••• ››› –––––––––––– ®\nA boat®, a deck® – it’s “new”…\n");
    clean("uhr\xC2\xA0\xC2\xA0\xC2\xA0\xC2\xA0\xC2\xA0\xC2\xA0\xC2\xA0\xC2\xA0\xC2\xA0\xC2\xA0 ort – mit Fähre");
}

static void an_old_spelling_habit_is_not_a_misdecoding(void **state) {
    (void)state;
    clean("A tetõn ülõ fiú nézte a mezõt, és fütyült a szélben.");
}

static void signs_that_people_write_are_left_alone(void **state) {
    (void)state;
    const char *const texts[] = {"Der Umfang ist √π lang.",
                                 "∆° heißt es im Heft",
                                 "`¬´ sagt das Gesicht",
                                 "5 Å™ stand darauf",
                                 "Bitte KÜCHE™ kaufen",
                                 "CASĂ™ și GRĂDINĂ™",
                                 "ČAJOVŇA® – MLÉKÁRNA™",
                                 "7 ×£12 und 3×€4",
                                 "OLÁ… ATÉ… JÁ…",
                                 "MÃE™ e IRMÃ®",
                                 "FÅR Å… SMØR Å—",
                                 "S Ã O  J O Ã O",
                                 "V U L C Ã O",
                                 "PÃO Ã MESA",
                                 "─┤├─┤├─",
                                 "─┼─ ┬ │ ─┴─",
                                 "CAFÉ² und BÜRO³",
                                 "HAR DU SETT BÅT™?",
                                 "½ Ø, ¼ Å",
                                 "LÄNGE\xC2\xA0UND BREITE"};
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) clean(texts[i]);
}

static void a_sign_within_a_word_is_proof(void **state) {
    (void)state;
    expect("TÃ´lerie du port", "Tôlerie du port", "mojibake utf-8 as windows-1252");
    expect("PÃ´le emploi", "Pôle emploi", "mojibake utf-8 as windows-1252");
    expect("un filtre de 15Î¼m", "un filtre de 15μm", "mojibake utf-8 as windows-1252");
    expect("La citt√† non dorme.", "La città non dorme.", "mojibake utf-8 as macintosh");
    expect("Il va √† Lyon, puis √† Dijon.", "Il va à Lyon, puis à Dijon.", "mojibake utf-8 as macintosh");
}

static void one_sequence_among_correct_text_is_not_proof(void **state) {
    (void)state;
    clean("Sjö – FjÃ¤ll");
    clean("Bøker – BÃ¥t");
    expect("FjÃ¤ll och sjÃ¶ar – året runt", "Fjäll och sjöar – året runt", "mojibake utf-8 as windows-1252");
}

static void a_letter_of_another_script_is_not_put_into_a_word(void **state) {
    (void)state;
    expect("GÜZEL GÜNDÃœ\xC2\xA0"
           "ve ODASIÜ\xC2\xA0"
           "GENÄ°Å",
           "GÜZEL GÜNDÜ\xC2\xA0"
           "ve ODASIÜ\xC2\xA0"
           "GENİÅ",
           "mojibake utf-8 as windows-1252");
}

static void surrogates_encoded_one_by_one(void **state) {
    (void)state;
    expect("Hola \xC3\xAD\xC2\xA0\xC2\xBD\xC3\xAD\xC2\xB8\xC2\x80", "Hola 😀", "mojibake utf-8 as windows-1252");
    expect("Guten Tag \xC3\xAD\xC2\xA0\xC2\xBC\xC3\xAD\xC2\xBC\xC2\x9E!", "Guten Tag 🌞!",
           "mojibake utf-8 as windows-1252");
}

static void a_replacement_character_that_was_misread(void **state) {
    (void)state;
    clean("the boatï¿½s crew");
    clean("и лодка пїЅ тоже");
    expect("the boatï¿½s crÃ¨me", "the boat�s crème", "mojibake utf-8 as windows-1252");
    expect("Er sagte ï¿½neinï¿½ und fÃ¼hr fort.", "Er sagte �nein� und führ fort.", "mojibake utf-8 as windows-1252");
}

static void a_ligature_that_was_misread(void **state) {
    (void)state;
    expect("an eп¬ѓcient boat", "an eﬃcient boat", "mojibake utf-8 as windows-1251");
    expect("the п¬Ѓsh market", "the ﬁsh market", "mojibake utf-8 as windows-1251");
}

static void a_space_within_a_word_was_a_letter(void **state) {
    (void)state;
    expect("DÃ¡ as flores Ã s irmÃ£s e vai Ã sua casa.", "Dá as flores às irmãs e vai à sua casa.",
           "mojibake utf-8 as windows-1252");
    expect("Hai bÃ i hÃ¡t, má»™t cÃ¢u chuyá»‡n dÃ i", "Hai bài hát, một câu chuyện dài",
           "mojibake utf-8 as windows-1252");
    expect("C'est-Ã -dire lÃ , prÃ¨s du quai, et Ã l'aube.", "C'est-à-dire là, près du quai, et à l'aube.",
           "mojibake utf-8 as windows-1252");
    expect("La cittÃ . VerrÃ , perÃ², a maggio.", "La città. Verrà, però, a maggio.", "mojibake utf-8 as windows-1252");
}

static void signs_of_windows_read_as_latin_1(void **state) {
    (void)state;
    expect("Il dit\xC2\x85 rien, et l\xC2\x92\xC3\xA9t\xC3\xA9 passe", "Il dit… rien, et l’été passe",
           "mojibake windows-1252 as iso-8859-1");
    expect("Sie sagte \xC2\x84ja\xC2\x93 \xC2\x96 und ging", "Sie sagte „ja“ – und ging",
           "mojibake windows-1252 as iso-8859-1");
    expect("Ta \xC3\xBCtles: tule\xC2\x85", "Ta ütles: tule…", "mojibake windows-1252 as iso-8859-1");
    expect("Los \xC2\x91olores\xC2\x92 del puerto, seg\xC3\xBAn \xC3\xA9l", "Los ‘olores’ del puerto, según él",
           "mojibake windows-1252 as iso-8859-1");
}

static void letters_of_windows_read_as_latin_1(void **state) {
    (void)state;
    expect("Mehel on \xC2\x9A"
           "okolaad ja gara\xC2\x9E, naisel n\xC3\xBC\xC3\xBC"
           "d du\xC2\x9A\xC2\x9A",
           "Mehel on šokolaad ja garaž, naisel nüüd dušš", "mojibake windows-1252 as iso-8859-1");
    expect("V\xC3\xAD"
           "tr pou\xC2\x9A"
           "t\xC3\xAD draka na pl\xC3\xA1\xC2\x9Ei",
           "Vítr pouští draka na pláži", "mojibake windows-1252 as iso-8859-1");
}

static void a_list_of_letters_is_not_text(void **state) {
    (void)state;
    clean("À Â É È Ê Ë Î Ï Ô Ù Û Ü Ÿ Ç Œ Æ");
    clean("Die Buchstaben á č ď é ě í ň ó ř š ť ú ů ý ž stehen auf der Tafel.");
    clean("ăâîșț ĂÂÎȘȚ");
    clean("АБВГДЕЁЖЗИЙКЛМНОПРСТУФХЦЧШЩЪЫЬЭЮЯ");
    clean("x² + y² = z², µ = 3");
    clean("Auf der Tastatur: äöü, ÄÖÜ, ßäö, ÖÄÜ");
    clean("Acentos: ÁÉÍÓÚ, áéíóú, ÑÜ, ñü");
    clean("ÁÉÍÓÚ ÀÈÌÒÙ ÂÊÎÔÛ ÃÕ Ç");
    clean("Le vocali òàùèì, ÒÀÙÈÌ");
    clean("De danske bogstaver: ÆØÅ æøå ÆØÅ");
    clean("ØØØ ÅÅÅ ÆÆÆ");
}

static void letters_of_the_macintosh_read_as_latin_1(void **state) {
    (void)state;
    expect("El p\xC2\x87jaro cant\xC2\x97 en el jard\xC2\x92n", "El pájaro cantó en el jardín",
           "mojibake macintosh as iso-8859-1");
    expect("Die M\xC2\x9Awen fliegen \xC2\x9F"
           "ber das Wasser",
           "Die Möwen fliegen über das Wasser", "mojibake macintosh as iso-8859-1");
    expect("Le b\xC2\x8E"
           "b\xC2\x8E a dormi apr\xC2\x8Fs le go\xC2\x9Eter",
           "Le bébé a dormi après le goûter", "mojibake macintosh as iso-8859-1");
}

/* Correct letters next to C1 controls are not reinterpreted along with them. */
static void letters_beside_controls_are_left_alone(void **state) {
    (void)state;
    expect("Pośle \xC2\x96 wołała żona \xC2\x96 gdzie są ślady?", "Pośle – wołała żona – gdzie są ślady?",
           "mojibake windows-1252 as iso-8859-1");
    expect("D\xC2\x92un c\xC3\xB4t\xC3\xA9, l\xC2\x92\xC3\xA9t\xC3\xA9 ; de l\xC2\x92"
           "autre, l\xC2\x92hiver",
           "D’un côté, l’été ; de l’autre, l’hiver", "mojibake windows-1252 as iso-8859-1");
}

static void controls_that_no_encoding_explains_stay(void **state) {
    (void)state;
    clean("Nothing is here \xC2\x81 to be seen");
    clean("Tu nic nie ma \xC2\x81, naprawdę");
    clean("Menü \xC3\xAF\xC2\x84\xC2\x87 öffnen"); /* an icon from an icon font */
    clean("le prix &acirc;\xC2\x80\xC2\x93 été");
}

static void next_lines_of_a_mainframe_end_lines(void **state) {
    (void)state;
    expect("Die erste Zeile über\xC2\x85"
           "die zweite\xC2\x85"
           "die dritte\xC2\x85",
           "Die erste Zeile über\ndie zweite\ndie dritte\n", "line ends U+0085");
    expect("La mer.\xC2\x85Le vent.\xC2\x85", "La mer.\nLe vent.\n", "line ends U+0085");
    expect("Das macht Spaß\xC2\x85"
           "zu Fuß geht es\xC2\x85"
           "nach Hause\xC2\x85"
           "und weiter\xC2\x85"
           "bergab",
           "Das macht Spaß\nzu Fuß geht es\nnach Hause\nund weiter\nbergab", "line ends U+0085");
}

/* Reads each byte of the text as the character of its number. */
static void read_as_latin_1(const char *text, struct buffer *out) {
    for (size_t i = 0; text[i]; i++) buffer_add_rune(out, (unsigned char)text[i]);
}

static void a_next_line_within_a_letter_ends_no_line(void **state) {
    (void)state;
    static const char *const texts[] = {"Η κυβέρνηση ανακοίνωσε ότι τα νέα μέτρα θα ισχύσουν από την Δευτέρα.",
                                        "အစိုးရက စီမံကိန်းသစ်ကို လာမည့်နှစ်တွင် စတင်မည်ဟု ကြေညာခဲ့သည်။",
                                        "Rząd ogłosił, że będą zmiany, a sąd się zgodził; drogą idą ludzie."};
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        struct buffer misread = BUFFER(1 << 12);
        read_as_latin_1(texts[i], &misread);
        expect(misread.at, texts[i], "mojibake utf-8 as windows-1252");
        buffer_free(&misread);
    }
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
        cmocka_unit_test(misread_utf8_among_correct_text),
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
        cmocka_unit_test(spaces_and_signs_are_not_misread_letters),
        cmocka_unit_test(an_old_spelling_habit_is_not_a_misdecoding),
        cmocka_unit_test(signs_that_people_write_are_left_alone),
        cmocka_unit_test(a_sign_within_a_word_is_proof),
        cmocka_unit_test(one_sequence_among_correct_text_is_not_proof),
        cmocka_unit_test(a_letter_of_another_script_is_not_put_into_a_word),
        cmocka_unit_test(surrogates_encoded_one_by_one),
        cmocka_unit_test(a_replacement_character_that_was_misread),
        cmocka_unit_test(a_ligature_that_was_misread),
        cmocka_unit_test(a_space_within_a_word_was_a_letter),
        cmocka_unit_test(signs_of_windows_read_as_latin_1),
        cmocka_unit_test(letters_of_windows_read_as_latin_1),
        cmocka_unit_test(a_list_of_letters_is_not_text),
        cmocka_unit_test(letters_of_the_macintosh_read_as_latin_1),
        cmocka_unit_test(letters_beside_controls_are_left_alone),
        cmocka_unit_test(controls_that_no_encoding_explains_stay),
        cmocka_unit_test(next_lines_of_a_mainframe_end_lines),
        cmocka_unit_test(a_next_line_within_a_letter_ends_no_line),
    };
    return cmocka_run_group_tests(tests, open_tables, close_tables);
}
