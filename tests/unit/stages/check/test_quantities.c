#include "unit/cmocka_test.h"

#include <stdio.h>

#include "stages/check/quantities.h"

static struct word_tables *tables;

static int open_tables(void **state) {
    (void)state;
    struct failure failure = {0};
    return word_tables_open(TEST_DATA, &tables, &failure) ? 0 : -1;
}

static int close_tables(void **state) {
    (void)state;
    word_tables_close(tables);
    return 0;
}

static struct quantities read_text(const char *language, const char *text) {
    static struct quantities found;
    quantities_free(&found);
    struct reading reading = reading_make(tables, word_tables_language(tables, span_of(language)), span_of(text));
    quantities_read(tables, &reading, span_is(SPAN("en"), language), &found);
    reading_free(&reading);
    return found;
}

/* Asserts that the text has one number, and returns it. */
static struct quantity read_one(const char *language, const char *text) {
    struct quantities found = read_text(language, text);
    if (found.count != 1) print_message("%s: %zu numbers\n", text, found.count);
    assert_int_equal(found.count, 1);
    return found.items[0];
}

static void assert_means(const char *language, const char *text, double value) {
    struct quantity quantity = read_one(language, text);
    if (!quantity_has(&quantity, value)) print_message("%s is not %g\n", text, value);
    assert_true(quantity_has(&quantity, value));
}

static void assert_means_only(const char *language, const char *text, double value) {
    assert_means(language, text, value);
    assert_int_equal(read_one(language, text).value_count, 1);
}

static void precision_counts_significant_digits(void **state) {
    (void)state;
    assert_int_equal(read_one("en", "1200").precision, 2);
    assert_int_equal(read_one("en", "0.05").precision, 1);
    assert_int_equal(read_one("en", "2.0").precision, 2);
    assert_int_equal(read_one("en", "2,000").precision, 1);
    assert_int_equal(read_one("en", "1,234").precision, 4);
    assert_int_equal(read_one("en", "1,030,000").precision, 3);
    assert_int_equal(read_one("en", "two thousand three hundred").precision, 2);
    assert_int_equal(read_one("en", "one thousand two hundred").precision, 2);
    assert_int_equal(read_one("en", "two million").precision, 1);
}

static void roman_numerals_are_numbers(void **state) {
    (void)state;
    assert_means_only("ru", "XIX", 19);
    assert_means_only("en", "XLIV", 44);
    assert_means_only("fr", "XIXe", 19);
    assert_means_only("uk", "ХХІ", 21); /* in Cyrillic letters */
    assert_int_equal(read_one("en", "XX").kind, QUANTITY_ROMAN);
    assert_int_equal(read_one("en", "MMXXIV").kind, QUANTITY_PERHAPS);
    assert_int_equal(read_text("en", "I").count, 0);
    assert_int_equal(read_one("en", "VIVID").kind, QUANTITY_PERHAPS);
    assert_int_equal(read_one("en", "IIX").kind, QUANTITY_PERHAPS);
}

static void a_glued_letter_may_be_a_scale(void **state) {
    (void)state;
    struct quantity quantity = read_one("en", "5m");
    assert_true(quantity_has(&quantity, 5) && quantity_has(&quantity, 5e6));
    assert_int_equal(quantity.to, 2); /* the letter belongs to the number */
    quantity = read_one("en", "5mm");
    assert_false(quantity_has(&quantity, 5e6));
    assert_means("en", "5k", 5000);
    assert_means("tl", "2.8bn", 2.8e9);
}

static void fractions_belong_to_the_number(void **state) {
    (void)state;
    assert_means_only("en", "2 1/2", 2.5);
    assert_means_only("en", "2 1/2 million", 2.5e6);
    assert_int_equal(read_text("en", "2 3/2").count, 3); /* no fraction: three numbers */
    assert_int_equal(read_text("en", "2 2/2").count, 3);
    assert_int_equal(read_text("en", "2 1/12").count, 3);
    assert_int_equal(read_text("en", "1/2").count, 2);
    assert_int_equal(read_text("en", "2 1/25").count, 3);
    assert_int_equal(read_text("en", "2 11/2").count, 3);
    assert_int_equal(read_text("en", "2 1/ 2").count, 3);
    assert_means_only("en", "2½", 2.5);
    assert_means("en", "½", 0.5);
    assert_means("en", "two-thirds", 2);
}

static void ones_may_precede_tens(void **state) {
    (void)state;
    assert_means_only("de", "fünfundzwanzig", 25);
    assert_means_only("nl", "vijfentwintig", 25);
    assert_means_only("da", "fem og tyve", 25);
    assert_means_only("de", "fünf und zwanzig", 25);
    assert_means_only("ar", "خمسة وعشرون", 25);
    assert_int_equal(read_text("de", "fünf zwanzig").count, 2);
    assert_int_equal(read_text("de", "fünf und drei").count, 2);
    assert_int_equal(read_text("en", "twenty and five").count, 1);
}

static void teens_may_be_two_words(void **state) {
    (void)state;
    assert_means_only("tr", "on dört", 14);
    assert_means("kk", "он төрт", 14);
    assert_int_equal(read_text("en", "ten four").count, 2);
    assert_means_only("id", "lima puluh delapan", 58);
    assert_means_only("vi", "ba mươi", 30);
    assert_means_only("eu", "hogeita hamabi", 32);
}

static void numbers_are_found_inside_words(void **state) {
    (void)state;
    assert_means_only("cs", "sedmatřicetiletá", 37);
    assert_means_only("de", "zwanzigjährige", 20);
    assert_means_only("hu", "huszonötéves", 25);
}

static void every_meaning_of_a_word_is_kept(void **state) {
    (void)state;
    struct quantity either = read_one("zh", "六七千");
    assert_true(quantity_has(&either, 6000) && quantity_has(&either, 7000));
    struct quantity eighths = read_one("es", "octavos");
    assert_true(quantity_has(&eighths, 8) && quantity_has(&eighths, 16));
}

static void dates_are_kept_in_parts(void **state) {
    (void)state;
    struct quantity date = read_one("de", "14.06.2024");
    assert_int_equal(date.part_count, 3);
    assert_true(date.parts[0] == 14 && date.parts[1] == 6 && date.parts[2] == 2024);
}

static void decades_need_an_ending(void **state) {
    (void)state;
    assert_means("en", "1980s", 80);
    assert_means("de", "80er", 1980);
    assert_means("ru", "90-х", 1990);
    assert_means_only("en", "1010:", 1010);
    assert_means_only("en", "1980", 1980);
}

static void years_of_other_calendars_are_converted(void **state) {
    (void)state;
    struct quantity thai = read_one("th", "ปี 2570");
    assert_true(quantity_has(&thai, 2027) && thai.own_year == 2570);
    thai = read_one("th", "2500 บาท");
    assert_true(quantity_has(&thai, 2500) && thai.own_year == 0);
    struct quantity persian = read_one("fa", "سال ۱۴۰۲");
    assert_true(quantity_has(&persian, 2023) && quantity_has(&persian, 2024));
    assert_means("ja", "令和6年", 2024);
    assert_means("zh-Hant", "民國113年", 2024);
    assert_means("ar", "عام 1445 هـ", 2024);
    assert_means_only("es", "2570", 2570);
}

static void what_is_no_number_is_optional(void **state) {
    (void)state;
    assert_int_equal(read_text("en", "09:30 GMT+0100").items[2].kind, QUANTITY_PERHAPS);
    assert_true(read_text("en", "300 km (180 miles)").items[1].in_brackets);
    assert_false(read_text("en", "some people (180 of them)").items[0].in_brackets);
    assert_means("en", "SS19", 2019);
}

/* 250, in words, in the middle of a sentence. */
static const struct {
    const char *language, *text;
} in_words[] = {
    {"hu", "Kétszázötven ember jött el."},
    {"fi", "Kaksisataaviisikymmentä ihmistä tuli."},
    {"et", "Kakssada viiskümmend inimest tuli."},
    {"tr", "İki yüz elli kişi geldi."},
    {"el", "Διακόσια πενήντα άτομα ήρθαν."},
    {"ka", "ორას ორმოცდაათი ადამიანი მოვიდა."},
    {"hy", "Երկու հարյուր հիսուն մարդ եկավ։"},
    {"he", "מאתיים וחמישים איש הגיעו."},
    {"ar", "حضر مئتان وخمسون شخصا."},
    {"fa", "دویست و پنجاه نفر آمدند."},
    {"ur", "ڈھائی سو لوگ آئے۔"},
    {"hi", "ढाई सौ लोग आए।"},
    {"bn", "আড়াইশ মানুষ এসেছিল।"},
    {"ta", "இருநூற்று ஐம்பது பேர் வந்தனர்."},
    {"te", "రెండు వందల యాభై మంది వచ్చారు."},
    {"kn", "ಇನ್ನೂರ ಐವತ್ತು ಜನರು ಬಂದರು."},
    {"ml", "ഇരുനൂറ്റി അമ്പത് പേർ വന്നു."},
    {"si", "දෙසිය පනහක් පැමිණියහ."},
    {"th", "คนสองร้อยห้าสิบคนมา"},
    {"lo", "ຄົນສອງຮ້ອຍຫ້າສິບຄົນມາ"},
    {"km", "មនុស្សពីររយហាសិបនាក់មក"},
    {"vi", "Hai trăm năm mươi người đến."},
    {"id", "Dua ratus lima puluh orang datang."},
    {"ms", "Dua ratus lima puluh orang datang."},
    {"tl", "Dalawang daan at limampung tao ang dumating."},
    {"sw", "Watu mia mbili na hamsini walikuja."},
    {"so", "Laba boqol iyo konton qof ayaa yimid."},
    {"ha", "Mutane ɗari biyu da hamsin sun zo."},
    {"am", "ሁለት መቶ ሃምሳ ሰዎች መጡ።"},
    {"ga", "Tháinig dhá chéad caoga duine."},
    {"eu", "Berrehun eta berrogeita hamar pertsona etorri ziren."},
    {"gl", "Douscentas cincuenta persoas viñeron."},
    {"ca", "Dues-centes cinquanta persones van venir."},
    {"pt", "Duzentas e cinquenta pessoas vieram."},
    {"it", "Duecentocinquanta persone sono arrivate."},
    {"ro", "Două sute cincizeci de oameni au venit."},
    {"sq", "Dyqind e pesëdhjetë njerëz erdhën."},
    {"bg", "Двеста и петдесет души дойдоха."},
    {"mk", "Двесте и педесет луѓе дојдоа."},
    {"sr-Cyrl", "Двеста педесет људи је дошло."},
    {"bs", "Dvjesto pedeset ljudi je došlo."},
    {"hr", "Dvjesto pedeset ljudi je došlo."},
    {"sl", "Dvesto petdeset ljudi je prišlo."},
    {"sk", "Prišlo dvestopäťdesiat ľudí."},
    {"lt", "Atėjo du šimtai penkiasdešimt žmonių."},
    {"lv", "Ieradās divsimt piecdesmit cilvēku."},
    {"is", "Tvö hundruð og fimmtíu manns komu."},
    {"sv", "Tvåhundrafemtio personer kom."},
    {"da", "Tohundrede og halvtreds mennesker kom."},
    {"nb", "To hundre og femti mennesker kom."},
    {"nn", "To hundre og femti menneske kom."},
    {"nl", "Tweehonderdvijftig mensen kwamen."},
    {"af", "Tweehonderd-en-vyftig mense het gekom."},
    {"az", "İki yüz əlli nəfər gəldi."},
    {"kk", "Екі жүз елу адам келді."},
    {"uz", "Ikki yuz ellik kishi keldi."},
    {"tg", "Дусаду панҷоҳ нафар омаданд."},
    {"mn", "Хоёр зуун тавин хүн ирсэн."},
    {"ne", "दुई सय पचास जना आए।"},
    {"mr", "अडीचशे लोक आले."},
    {"gu", "અઢીસો લોકો આવ્યા."},
    {"pa", "ਢਾਈ ਸੌ ਲੋਕ ਆਏ।"},
    {"ps", "دوه سوه پنځوس کسان راغلل."},
    {"ja", "二百五十人が来た。"},
    {"zh", "二百五十人来了。"},
    {"be", "Прыйшло дзвесце пяцьдзясят чалавек."},
    {"de", "Zweihundertfünfzig Menschen kamen."},
    {"fr", "Deux cent cinquante personnes sont venues."},
    {"es", "Doscientas cincuenta personas vinieron."},
};

static void number_words_are_read_in_every_language(void **state) {
    (void)state;
    for (size_t i = 0; i < sizeof in_words / sizeof *in_words; i++) {
        struct quantities found = read_text(in_words[i].language, in_words[i].text);
        bool read = false;
        for (size_t j = 0; j < found.count; j++) read = read || quantity_has(&found.items[j], 250);
        if (!read) print_message("not read: %s: %s\n", in_words[i].language, in_words[i].text);
        assert_true(read);
    }
}

/* ---------------------------------------------------------------- French */

static const char *const french_ones[] = {"",         "un",     "deux",  "trois",    "quatre",   "cinq",    "six",
                                          "sept",     "huit",   "neuf",  "dix",      "onze",     "douze",   "treize",
                                          "quatorze", "quinze", "seize", "dix sept", "dix huit", "dix neuf"};

/* How a country counts: the names of 70, 80 and 90; empty = 60 and 10, 80 and 10. */
struct french {
    const char *seventy, *eighty, *ninety;
};

/* Writes the number with spaces between its words. */
static void write_french(const struct french *french, int number, char out[64]) {
    static const char *const tens[] = {"", "", "vingt", "trente", "quarante", "cinquante", "soixante"};
    int ten = number / 10, one = number % 10;
    const char *name = ten < 2    ? ""
                       : ten < 7  ? tens[ten]
                       : ten == 7 ? french->seventy
                       : ten == 8 ? french->eighty
                                  : french->ninety;
    if (ten < 2) name = "", one = number;
    if (ten == 7 && !*name) name = "soixante", one += 10;
    if (ten == 9 && !*name) name = "quatre vingt", one += 10;
    bool joined = ten >= 2 && one % 10 == 1 && !strstr(name, "quatre");
    snprintf(out, 64, "%s%s%s%s", name, *name && one ? " " : "", joined ? "et " : "", french_ones[one]);
}

static void assert_french(const char *before, const char *words, double value) {
    char text[96];
    snprintf(text, sizeof text, "%s%s", before, words);
    assert_means("fr", text, value);
    for (char *space = text + strlen(before); (space = strchr(space, ' '));) *space = '-';
    assert_means("fr", text, value);
}

/* With spaces, with hyphens, and after a hundred, as in France, Belgium and Switzerland. */
static void french_numbers_are_read_in_every_spelling(void **state) {
    static const struct french countries[] = {{"", "quatre vingt", ""},
                                              {"septante", "quatre vingt", "nonante"},
                                              {"septante", "huitante", "nonante"},
                                              {"septante", "octante", "nonante"}};
    char words[64];
    (void)state;
    for (size_t i = 0; i < sizeof countries / sizeof *countries; i++)
        for (int number = 2; number < 100; number++) {
            write_french(&countries[i], number, words);
            assert_french("", words, number);
            assert_french("cent ", words, 100 + number);
        }
    assert_means("fr", "quatre-vingt dix-sept", 97); /* half of the hyphens */
    assert_means("fr", "quatre-vingts", 80);
    assert_means("fr", "quatre-vingt mille", 80000);
    assert_means("fr", "mille neuf cent quatre vingt dix sept", 1997);
    assert_means("fr", "quatre vingt dix septième", 97);
    assert_means("fr", "soixante et onzième", 71);
    assert_means("fr", "nonante-deuxième", 92);
}

static void forms_of_several_words_are_whole(void **state) {
    (void)state;
    /* "хоёр*" is no stem of a form of several words that begins with it */
    assert_means("mn", "хоёр зуун", 200);
    assert_means("sw", "mia mbili na hamsini", 250);
    assert_means("af", "tweehonderd-en-vyftig", 250);
    assert_means("sw", "saa nane", 2);
    assert_means("am", "3 ሰዓት", 9);
}

/* A double holds about 308 digits, after which it is infinite. */
static void more_digits_than_fit_are_read_to_the_end(void **state) {
    enum { DIGITS = 400 };
    (void)state;
    struct buffer text = BUFFER(4096);
    for (size_t i = 0; i < DIGITS; i++) buffer_add_string(&text, "三");
    buffer_add_string(&text, "。17");
    struct quantities found = read_text("zh", text.at);
    assert_int_equal(found.count, 2);
    assert_int_equal(found.items[0].written.length, DIGITS * strlen("三"));
    assert_true(quantity_has(&found.items[1], 17));
    buffer_free(&text);
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(precision_counts_significant_digits),
                                       cmocka_unit_test(more_digits_than_fit_are_read_to_the_end),
                                       cmocka_unit_test(roman_numerals_are_numbers),
                                       cmocka_unit_test(a_glued_letter_may_be_a_scale),
                                       cmocka_unit_test(fractions_belong_to_the_number),
                                       cmocka_unit_test(ones_may_precede_tens),
                                       cmocka_unit_test(teens_may_be_two_words),
                                       cmocka_unit_test(numbers_are_found_inside_words),
                                       cmocka_unit_test(every_meaning_of_a_word_is_kept),
                                       cmocka_unit_test(dates_are_kept_in_parts),
                                       cmocka_unit_test(decades_need_an_ending),
                                       cmocka_unit_test(years_of_other_calendars_are_converted),
                                       cmocka_unit_test(what_is_no_number_is_optional),
                                       cmocka_unit_test(number_words_are_read_in_every_language),
                                       cmocka_unit_test(french_numbers_are_read_in_every_spelling),
                                       cmocka_unit_test(forms_of_several_words_are_whole)};
    return cmocka_run_group_tests(tests, open_tables, close_tables);
}
