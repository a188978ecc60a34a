#include "unit/cmocka_test.h"

#include <iconv.h>

#include "stages/decode/candidates.h"

static struct encodings encodings;
static struct writing *writing;
static struct candidates *candidates;

static size_t encode(const char *encoding, const char *text, char *ret_bytes, size_t room) {
    iconv_t converter = iconv_open(encoding, "UTF-8");
    char copy[1024], *from = copy, *to = ret_bytes;
    size_t left = strlen(text), size = room;
    assert_true(converter != (iconv_t)-1 && left < sizeof copy);
    memcpy(copy, text, left);
    assert_int_equal(iconv(converter, &from, &left, &to, &room), 0);
    iconv(converter, NULL, NULL, &to, &room);
    iconv_close(converter);
    return size - room;
}

/* The text, encoded in `encoding`, must be decoded correctly. The encoding found may have another name, because several
 * encodings agree on the characters used. */
static struct detection expect_same_text(const char *encoding, const char *text, struct detect_hints hints) {
    char bytes[2048];
    struct buffer out = BUFFER(1 << 14);
    struct span raw = {bytes, encode(encoding, text, bytes, sizeof bytes)};
    struct detection detection = candidates_compare(candidates, raw, &hints);
    assert_int_equal(encoding_convert(detection.encoding, raw, &out), 0);
    assert_string_equal(out.at, text);
    buffer_free(&out);
    return detection;
}

static const struct {
    const char *text, *encodings[8];
} sentences[] = {
    {"Вчера вечером в порту стояли три больших корабля, и никто не знал, когда они уйдут.",
     {"CP1251", "KOI8-R", "ISO-8859-5", "CP866", "IBM855", "MAC-CYRILLIC"}},
    {"Учора ввечері в порту стояли три великі кораблі, і ніхто не знав, коли вони підуть.",
     {"CP1251", "KOI8-U", "ISO-8859-5"}},
    {"Снощи в пристанището имаше три големи кораба и никой не знаеше кога ще тръгнат.",
     {"CP1251", "ISO-8859-5", "IBM855"}},
    {"Синоћ су у луци била три велика брода и нико није знао када ће отпловити.", {"CP1251", "ISO-8859-5"}},
    {"Wczoraj wieczorem w porcie stały trzy duże statki i nikt nie wiedział, kiedy odpłyną.",
     {"CP1250", "ISO-8859-2", "MAC-CENTRALEUROPE", "IBM852"}},
    {"Včera večer stály v přístavu tři velké lodě a nikdo nevěděl, kdy vyplují.",
     {"CP1250", "ISO-8859-2", "MAC-CENTRALEUROPE", "IBM852"}},
    {"Tegnap este három nagy hajó állt a kikötőben, és senki sem tudta, mikor indulnak.",
     {"CP1250", "ISO-8859-2", "IBM852"}},
    {"Sinoć su u luci bila tri velika broda i nitko nije znao kada će isploviti, možda već sutra.",
     {"CP1250", "ISO-8859-2"}},
    {"Dün akşam limanda üç büyük gemi vardı ve ne zaman gideceklerini kimse bilmiyordu.", {"CP1254", "IBM857"}},
    {"Vakar vakare uoste stovėjo trys dideli laivai, ir niekas nežinojo, kada jie išplauks.",
     {"CP1257", "ISO-8859-13", "CP775"}},
    {"Eile õhtul seisis sadamas kolm suurt laeva ja keegi ei teadnud, millal nad lähevad.", {"CP1257", "CP1252"}},
    {"Uue garaaži uks jäi öösel lahti, sest võti oli kadunud ja keegi ei näinud midagi.", {"CP1257", "CP1252"}},
    {"Tšehhi kapten jõi õhtul šokolaadi ning läks siis üle sadama koju magama.", {"CP1257", "CP1252"}},
    {"Gestern Abend lagen drei große Schiffe im Hafen, und für müde Träger war kein Platz.",
     {"CP1252", "MACINTOSH", "IBM850", "IBM437"}},
    {"Hier soir, trois grands bateaux étaient à quai et nul ne savait où ils iraient après.", {"CP1252", "MACINTOSH"}},
    {"Seguía el señor Núñez en el muelle; mañana llegarían más barcos, según él.", {"CP1252", "MACINTOSH"}},
    {"Χθες το βράδυ ήταν τρία μεγάλα πλοία στο λιμάνι και κανείς δεν ήξερε πότε θα φύγουν.",
     {"CP1253", "ISO-8859-7", "CP737", "IBM869"}},
    {"אתמול בערב עמדו בנמל שלוש ספינות גדולות ואיש לא ידע מתי יפליגו", {"CP1255", "ISO-8859-8", "IBM862"}},
    {"كانت في الميناء مساء أمس ثلاث سفن كبيرة ولم يعرف أحد متى ستغادر", {"CP1256", "ISO-8859-6"}},
    {"გუშინ საღამოს ნავსადგურში სამი დიდი გემი იდგა და არავინ იცოდა, როდის წავიდოდნენ.",
     {"GEORGIAN-PS", "GEORGIAN-ACADEMY"}},
    {"Երեկ երեկոյան նավահանգստում երեք մեծ նավ կար, և ոչ ոք չգիտեր, թե երբ են մեկնելու", {"ARMSCII-8"}},
    {"เมื่อคืนนี้มีเรือใหญ่สามลำอยู่ในท่าเรือและไม่มีใครรู้ว่าจะออกเมื่อไร", {"CP874"}},
    {"昨日の夕方、港には大きな船が三隻あり、いつ出るのか誰も知りませんでした。",
     {"CP932", "EUC-JP", "UTF-16LE", "UTF-16BE"}},
    {"昨天晚上港口停着三艘大船，没有人知道它们什么时候离开。", {"GB18030", "UTF-16LE", "UTF-16BE"}},
    {"昨天晚上港口停著三艘大船，沒有人知道它們什麼時候離開。", {"BIG5", "EUC-TW", "UTF-16BE"}},
    {"어제 저녁 항구에는 큰 배 세 척이 있었고 언제 떠날지 아무도 몰랐다.", {"UHC", "JOHAB"}},
};

static void every_language_in_its_encodings(void **state) {
    (void)state;
    for (size_t i = 0; i < sizeof sentences / sizeof *sentences; i++)
        for (size_t k = 0; k < 8 && sentences[i].encodings[k]; k++)
            expect_same_text(sentences[i].encodings[k], sentences[i].text, (struct detect_hints){0});
}

static void vietnamese_with_marks_apart(void **state) {
    (void)state;
    struct span raw = SPAN("T\364\354i qua ba con t\340u l\365\354n \360ang \360\342\362u \365\322 ca\322ng v\340 "
                           "kh\364ng ai bi\352\354t khi n\340o ch\372ng se\336 r\365\314i \360i.");
    struct detection detection = candidates_compare(candidates, raw, &(struct detect_hints){0});
    assert_string_equal(detection.encoding->name, "windows-1258");
}

static void a_label_decides_what_the_bytes_leave_open(void **state) {
    (void)state;
    struct span raw = SPAN("\xE0\xE1");
    struct detect_hints greek = {.http = SPAN("iso-8859-7")}, russian = {.html = SPAN("Windows-1251")};
    assert_string_equal(candidates_compare(candidates, raw, &greek).encoding->name, "iso-8859-7");
    assert_string_equal(candidates_compare(candidates, raw, &russian).encoding->name, "windows-1251");
}

static void a_wrong_label_is_ignored(void **state) {
    (void)state;
    struct detection detection = expect_same_text(
        "KOI8-R", sentences[0].text, (struct detect_hints){.http = SPAN("iso-8859-1"), .html = SPAN("windows-1251")});
    assert_string_equal(detection.encoding->name, "koi8-r");
}

static void a_country_decides_what_the_bytes_leave_open(void **state) {
    (void)state;
    struct span raw = SPAN("\xE1");
    struct detect_hints greek = {.domain = SPAN("gr")}, israeli = {.domain = SPAN("il")};
    assert_string_not_equal(candidates_compare(candidates, raw, &greek).encoding->name,
                            candidates_compare(candidates, raw, &israeli).encoding->name);
}

static void a_clear_text_is_more_certain_than_two_letters(void **state) {
    (void)state;
    double clear = expect_same_text("CP1251", sentences[0].text, (struct detect_hints){0}).certainty;
    double unclear = candidates_compare(candidates, SPAN("a \xE0 b"), &(struct detect_hints){0}).certainty;
    assert_true(clear > 0.9 && unclear < 0.8);
}

static int open_candidates(void **state) {
    (void)state;
    struct failure failure = {0};
    if (!encodings_open(TEST_DATA "/tables", &encodings, &failure) || !writing_open(TEST_DATA, &writing, &failure))
        return -1;
    candidates = candidates_new(&encodings, writing);
    return 0;
}

static int close_candidates(void **state) {
    (void)state;
    candidates_free(candidates);
    writing_close(writing);
    encodings_close(&encodings);
    return 0;
}

static struct detect_hints all_labels(const char *label) {
    return (struct detect_hints){.http = span_of(label), .xml = span_of(label), .html = span_of(label)};
}

/* Three labels that agree are strong evidence, but not against bytes that their encoding does not have. */
static void no_label_wins_that_lacks_a_byte_of_the_text(void **state) {
    (void)state;
    expect_same_text("CP1250", "Majčina dušica je trajnica", all_labels("windows-1257"));
    expect_same_text("CP1251", "Ќе дојде", all_labels("windows-1252"));
    expect_same_text("CP1253", "Άνοιξε το λιμάνι", all_labels("windows-874"));
    expect_same_text("CP1251", "Попът е тук", all_labels("shift_jis"));
}

/* An encoding that a label names is not penalised as rare, however the label is spelt. */
static void a_label_in_any_spelling_tells_where_nothing_else_does(void **state) {
    (void)state;
    assert_string_equal(encodings_find(&encodings, SPAN(" Windows_1251"))->name, "windows-1251");
    assert_string_equal(encodings_find(&encodings, SPAN("MS-EE"))->name, "windows-1250");
    assert_null(encodings_find(&encodings, SPAN("windows-12")));
    assert_null(encodings_find(&encodings, SPAN("-")));
    expect_same_text("CP437", "Ç", (struct detect_hints){.xml = SPAN("cp437")});
    expect_same_text("CP775", "Ć", (struct detect_hints){.http = SPAN("IBM 775")});
}

/* A single odd byte in a page is damage, even if another encoding has a letter for it. */
static void a_stray_byte_does_not_turn_a_page_into_another_language(void **state) {
    (void)state;
    struct buffer page = BUFFER(1 << 16), text = BUFFER(1 << 18);
    struct detect_hints hints = {.http = SPAN("iso-8859-1")};
    for (int i = 0; i < 40; i++)
        buffer_add_string(&page, "<p>Le pont a \xE9t\xE9 rouvert apr\xE8s deux ann\xE9"
                                 "es de travaux, a dit la maire.</p>\n");
    buffer_add_string(&page, "<p>\x81</p>\n");
    struct detection detection = candidates_compare(candidates, buffer_span(&page), &hints);
    assert_string_equal(detection.encoding->name, "windows-1252");
    encoding_convert(detection.encoding, buffer_span(&page), &text);
    assert_non_null(strstr(text.at, "été rouvert après deux années"));
    buffer_free(&page);
    buffer_free(&text);
}

/* A lower-case letter after an opening quotation mark must not cost less than a capital in another encoding. */
static void a_line_begins_with_a_capital_or_not(void **state) {
    (void)state;
    expect_same_text("MAC-CYRILLIC", "Дома е убаво", (struct detect_hints){0});
    expect_same_text("MAC-CYRILLIC", "Добро утро", (struct detect_hints){0});
    expect_same_text("CP1251", "„Мостот“ е отворен", (struct detect_hints){0});
    expect_same_text("KOI8-R", "Он", (struct detect_hints){0});
}

/* Combining marks follow letters of their script, and a single non-ASCII byte can identify MacRoman. */
static void one_byte_of_an_old_mac_is_enough(void **state) {
    (void)state;
    expect_same_text("MACINTOSH", "Brandt’s harbour notes", (struct detect_hints){0});
    expect_same_text("MACINTOSH", "Ward’s boat", (struct detect_hints){0});
    expect_same_text("MACINTOSH", "El barco llegó tarde a la bahía", (struct detect_hints){0});
    expect_same_text("MACINTOSH", "De coördinator kwam niet.", (struct detect_hints){0});
    expect_same_text("CP1252", "De coördinator kwam niet.", (struct detect_hints){0});
}

static void the_generic_currency_sign_is_unlikely(void **state) {
    (void)state;
    expect_same_text("ISO-8859-15", "Der Eintritt für Schüler kostet 3 € am Tag.", (struct detect_hints){0});
    expect_same_text("ISO-8859-15", "Le billet coûte 12 €, et les élèves paient la moitié.", (struct detect_hints){0});
    expect_same_text("CP1252", "Der KÃ¤pten fragte früh nach dem Wetter für München.", (struct detect_hints){0});
}

/* English in East Asian brackets is as foreign to the text as it would be after a space. */
static void english_in_east_asian_brackets(void **state) {
    (void)state;
    expect_same_text("EUC-JP", "『Harbour』", (struct detect_hints){0});
    expect_same_text("EUC-JP", "《Sea》", (struct detect_hints){0});
    expect_same_text("BIG5", "【Quiet Harbour】", (struct detect_hints){0});
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(no_label_wins_that_lacks_a_byte_of_the_text),
        cmocka_unit_test(a_label_in_any_spelling_tells_where_nothing_else_does),
        cmocka_unit_test(a_stray_byte_does_not_turn_a_page_into_another_language),
        cmocka_unit_test(every_language_in_its_encodings),
        cmocka_unit_test(vietnamese_with_marks_apart),
        cmocka_unit_test(a_line_begins_with_a_capital_or_not),
        cmocka_unit_test(one_byte_of_an_old_mac_is_enough),
        cmocka_unit_test(the_generic_currency_sign_is_unlikely),
        cmocka_unit_test(english_in_east_asian_brackets),
        cmocka_unit_test(a_label_decides_what_the_bytes_leave_open),
        cmocka_unit_test(a_wrong_label_is_ignored),
        cmocka_unit_test(a_country_decides_what_the_bytes_leave_open),
        cmocka_unit_test(a_clear_text_is_more_certain_than_two_letters),
    };
    return cmocka_run_group_tests(tests, open_candidates, close_candidates);
}
