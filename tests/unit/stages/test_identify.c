/* Languages of texts, from a headline to a whole article; closely related languages; blocks in another language. */
#include <stdlib.h>

#include "unit/failure_is.h"

#include "config/reader.h"
#include "pipeline/engine/stage.h"

extern const struct stage stage_identify;

struct bench {
    struct config *config;
    void *state;
    struct article *article;
    struct failure failure;
};

static int begin(void **state) {
    static struct section_table tables[2];
    tables[0] = (struct section_table){.name = "identify", .settings = stage_identify.settings, .help = ""};
    struct bench *bench = calloc(1, sizeof *bench);
    bench->config = config_new(tables);
    config_finish(bench->config);
    struct stage_context context = {.data_folder = TEST_DATA,
                                    .settings = config_values(bench->config, stage_identify.settings.entries)};
    assert_true(stage_identify.open(&context, &bench->state, &bench->failure));
    bench->article = article_new();
    *state = bench;
    return 0;
}

static int end(void **state) {
    struct bench *bench = *state;
    article_free(bench->article);
    stage_identify.close(bench->state);
    config_free(bench->config);
    free(bench);
    return 0;
}

static enum outcome identify(struct bench *bench) {
    return stage_identify.work(bench->state, bench->article, &bench->failure);
}

static void add_block(struct bench *bench, const char *text) {
    article_add_block(bench->article, BLOCK_PARAGRAPH, span_of(text));
}

struct example {
    const char *code, *script, *text;
};

static void expect_titles(struct bench *bench, const struct example *examples, size_t count) {
    size_t wrong = 0;
    for (size_t i = 0; i < count; i++) {
        bench->article->language = (struct language){0};
        bench->article->title.source = span_of(examples[i].text);
        identify(bench);
        const struct language *language = &bench->article->language;
        if (strcmp(language->code, examples[i].code) == 0 && strcmp(language->script, examples[i].script) == 0)
            continue;
        print_error("%s (%s), not %s (%s): %s\n", language->code, language->script, examples[i].code,
                    examples[i].script, examples[i].text);
        wrong++;
    }
    assert_int_equal(wrong, 0);
}

static void sentences_are_identified(void **state) {
    static const struct example sentences[] = {
        {"af", "Latn", "Die ou brug oor die rivier sal tot die einde van Maart gesluit wees."},
        {"ar", "Arab", "سيبقى الجسر القديم مغلقا لأعمال الصيانة حتى نهاية الشهر."},
        {"az", "Latn", "Köhnə körpü təmir işlərinə görə mart ayının sonuna qədər bağlı qalacaq."},
        {"be", "Cyrl", "Стары мост праз раку будзе закрыты на рамонт да канца сакавіка."},
        {"bg", "Cyrl", "Старият мост над реката ще бъде затворен за ремонт до края на март."},
        {"bn", "Beng", "মেরামতের জন্য পুরোনো সেতুটি মার্চের শেষ পর্যন্ত বন্ধ থাকবে।"},
        {"ca", "Latn", "El pont vell romandrà tancat per obres fins a finals de març."},
        {"cs", "Latn", "Starý most přes řeku bude kvůli opravám uzavřen až do konce března."},
        {"cy", "Latn", "Bydd yr hen bont dros yr afon ar gau tan ddiwedd mis Mawrth."},
        {"da", "Latn", "Den gamle bro over åen bliver lukket for reparation indtil udgangen af marts."},
        {"de", "Latn", "Die alte Brücke über den Fluss bleibt bis Ende März gesperrt."},
        {"el", "Grek", "Η παλιά γέφυρα θα παραμείνει κλειστή για επισκευές έως τα τέλη Μαρτίου."},
        {"en", "Latn", "The old bridge over the river will stay closed until the end of March."},
        {"es", "Latn", "El viejo puente sobre el río permanecerá cerrado por obras hasta finales de marzo."},
        {"et", "Latn", "Vana sild üle jõe jääb remondi tõttu suletuks märtsi lõpuni."},
        {"eu", "Latn", "Ibaiaren gaineko zubi zaharra itxita egongo da martxoaren amaierara arte."},
        {"fa", "Arab", "پل قدیمی رودخانه برای تعمیرات تا پایان این ماه بسته خواهد بود."},
        {"fi", "Latn", "Joen ylittävä vanha silta pysyy suljettuna maaliskuun loppuun asti."},
        {"fr", "Latn", "Le vieux pont sur la rivière restera fermé pour travaux jusqu’à la fin du mois de mars."},
        {"ga", "Latn", "Beidh an seandroichead thar an abhainn dúnta go dtí deireadh mhí an Mhárta."},
        {"gl", "Latn", "A vella ponte sobre o río permanecerá pechada por obras ata finais de marzo."},
        {"gu", "Gujr", "જૂનો પુલ સમારકામ માટે માર્ચના અંત સુધી બંધ રહેશે."},
        {"he", "Hebr", "הגשר הישן מעל הנהר יישאר סגור לשיפוצים עד סוף מרץ."},
        {"hi", "Deva", "नदी पर बना पुराना पुल मरम्मत के लिए मार्च के अंत तक बंद रहेगा।"},
        {"hu", "Latn", "A folyó feletti régi híd felújítás miatt március végéig zárva marad."},
        {"hy", "Armn", "Գետի վրայի հին կամուրջը փակ կմնա մինչև մարտի վերջը։"},
        {"id", "Latn", "Jembatan tua di atas sungai itu akan ditutup karena perbaikan hingga akhir Maret."},
        {"is", "Latn", "Gamla brúin yfir ána verður lokuð vegna viðgerða til loka mars."},
        {"it", "Latn", "Il vecchio ponte sul fiume resterà chiuso per lavori fino alla fine di marzo."},
        {"ja", "Jpan", "川にかかる古い橋は、しゅうりのため三月のおわりまで通れません。"},
        {"ka", "Geor", "ძველი ხიდი მდინარეზე მარტის ბოლომდე დაკეტილი იქნება."},
        {"kk", "Cyrl", "Өзен үстіндегі ескі көпір жөндеу үшін наурыздың соңына дейін жабылады."},
        {"ko", "Hang", "강 위의 오래된 다리는 보수 공사로 삼월 말까지 폐쇄된다."},
        {"lt", "Latn", "Senasis tiltas per upę bus uždarytas remontui iki kovo pabaigos."},
        {"lv", "Latn", "Vecais tilts pār upi remonta dēļ būs slēgts līdz marta beigām."},
        {"mk", "Cyrl", "Стариот мост над реката ќе биде затворен за поправка до крајот на март."},
        {"mn", "Cyrl", "Голын дээрх хуучин гүүр засварын улмаас гуравдугаар сарын эцэс хүртэл хаалттай байна."},
        {"mr", "Deva", "नदीवरील जुना पूल दुरुस्तीसाठी मार्चच्या अखेरपर्यंत बंद राहणार आहे."},
        {"nb", "Latn", "Den gamle broen over elven blir stengt, og den åpner ikke igjen før i slutten av mars."},
        {"nl", "Latn", "De oude brug over de rivier blijft wegens herstel gesloten tot eind maart."},
        {"nn", "Latn", "Den gamle brua over elva vert stengd fram til slutten av mars, og ho skal ikkje opnast før."},
        {"pa", "Guru", "ਦਰਿਆ ਉੱਤੇ ਬਣਿਆ ਪੁਰਾਣਾ ਪੁਲ ਮੁਰੰਮਤ ਲਈ ਮਾਰਚ ਦੇ ਅੰਤ ਤੱਕ ਬੰਦ ਰਹੇਗਾ।"},
        {"pl", "Latn", "Stary most na rzece będzie zamknięty z powodu remontu do końca marca."},
        {"pt", "Latn", "A velha ponte sobre o rio ficará fechada para obras até ao fim de março."},
        {"ro", "Latn", "Podul vechi de peste râu va rămâne închis pentru reparații până la sfârșitul lunii martie."},
        {"ru", "Cyrl", "Старый мост через реку будет закрыт на ремонт до конца марта."},
        {"sk", "Latn", "Starý most cez rieku bude pre opravy zatvorený až do konca marca."},
        {"sl", "Latn", "Stari most čez reko bo zaradi popravil zaprt do konca marca."},
        {"so", "Latn", "Buundada duugga ah ee webiga dushiisa ayaa xirnaan doonta ilaa dhammaadka bisha."},
        {"sq", "Latn", "Ura e vjetër mbi lumë do të mbetet e mbyllur për riparime deri në fund të marsit."},
        {"sr-Cyrl", "Cyrl", "Стари мост преко реке биће затворен због поправке до краја марта."},
        {"sv", "Latn", "Den gamla bron över ån hålls stängd för reparation till slutet av mars."},
        {"sw", "Latn", "Daraja la zamani juu ya mto litafungwa kwa matengenezo hadi mwisho wa mwezi Machi."},
        {"ta", "Taml", "ஆற்றின் மீதுள்ள பழைய பாலம் மார்ச் இறுதி வரை மூடப்பட்டிருக்கும்."},
        {"te", "Telu", "నదిపై ఉన్న పాత వంతెన మరమ్మతుల కోసం మార్చి చివరి వరకు మూసివేయబడుతుంది."},
        {"th", "Thai", "สะพานเก่าข้ามแม่น้ำจะปิดซ่อมจนถึงสิ้นเดือนมีนาคม"},
        {"tl", "Latn", "Isasara ang lumang tulay sa ibabaw ng ilog hanggang sa katapusan ng Marso."},
        {"tr", "Latn", "Nehrin üzerindeki eski köprü onarım nedeniyle mart sonuna kadar kapalı kalacak."},
        {"uk", "Cyrl", "Старий міст через річку буде закрито на ремонт до кінця березня."},
        {"ur", "Arab", "دریا پر بنا پرانا پل مرمت کے لیے مارچ کے آخر تک بند رہے گا۔"},
        {"vi", "Latn", "Cây cầu cũ bắc qua sông sẽ đóng cửa để sửa chữa cho đến cuối tháng ba."},
        {"zh-Hans", "Hani", "河上的旧桥因维修将关闭至三月底。"},
        {"zh-Hant", "Hani", "河上的舊橋因維修將關閉至三月底。"},
    };
    expect_titles(*state, sentences, sizeof sentences / sizeof *sentences);
}

static void three_words_are_identified(void **state) {
    static const struct example headlines[] = {
        {"de", "Latn", "Brücke bleibt gesperrt"}, {"fr", "Latn", "Le pont fermé"},
        {"pl", "Latn", "Most będzie zamknięty"},  {"hu", "Latn", "Lezárták a hidat"},
        {"fi", "Latn", "Silta pysyy suljettuna"}, {"tr", "Latn", "Köprü trafiğe kapandı"},
        {"ru", "Cyrl", "Мост закрыли на ремонт"}, {"uk", "Cyrl", "Міст закрили через ремонт"},
        {"el", "Grek", "Έκλεισε η γέφυρα"},       {"vi", "Latn", "Cầu tạm đóng"},
        {"ro", "Latn", "Podul rămâne închis"},    {"lv", "Latn", "Tilts paliek slēgts"},
        {"lt", "Latn", "Tiltas lieka uždarytas"}, {"sq", "Latn", "Ura mbetet e mbyllur"},
        {"is", "Latn", "Brúin verður lokuð"},     {"ja", "Jpan", "橋はまだ渡れない"},
        {"zh-Hans", "Hani", "旧桥仍然关闭"},      {"ko", "Hang", "다리는 아직 폐쇄"},
    };
    expect_titles(*state, headlines, sizeof headlines / sizeof *headlines);
}

static void close_languages_are_distinguished_by_their_words(void **state) {
    static const struct example pairs[] = {
        {"hr", "Latn", "Vlada je prošli tjedan odlučila tko će od siječnja voditi tvornicu kruha."},
        {"sr-Latn", "Latn", "Vlada je prošle nedelje odlučila ko će od januara da vodi fabriku hleba."},
        {"bs", "Latn",
         "Vlada je prošle sedmice odlučila ko će od januara voditi fabriku hljeba, rečeno je u saopćenju."},
        {"nb", "Latn", "Jeg vet ikke hva de skal gjøre, sa hun til avisen, men noen må ta ansvar."},
        {"nn", "Latn", "Eg veit ikkje kva dei skal gjere, sa ho til avisa, men nokon må ta ansvar."},
        {"da", "Latn", "Jeg ved ikke, hvad de skal gøre, sagde hun til avisen, men nogen må tage ansvar."},
        {"id", "Latn", "Dia bilang bahwa mobil itu bisa diparkir di kantor pemerintah kota."},
        {"ms", "Latn", "Beliau berkata kereta itu boleh diletakkan di pejabat kerajaan tempatan."},
        {"gl", "Latn", "O goberno dixo onte que non haberá máis cartos para as escolas nin para os concellos."},
        {"pt", "Latn", "O governo disse ontem que não haverá mais dinheiro para as escolas nem para os municípios."},
        {"cs", "Latn", "Vláda řekla, že žádné další peníze pro školy nebudou."},
        {"sk", "Latn", "Vláda povedala, že žiadne ďalšie peniaze pre školy nebudú."},
        {"bg", "Cyrl", "Правителството каза, че няма да има повече пари за училищата."},
        {"mk", "Cyrl", "Владата рече дека нема да има повеќе пари за училиштата."},
        {"be", "Cyrl", "Урад сказаў, што больш грошай для школ не будзе."},
        {"uk", "Cyrl", "Уряд сказав, що більше грошей для шкіл не буде."},
    };
    expect_titles(*state, pairs, sizeof pairs / sizeof *pairs);
}

static void text_without_accents_is_identified(void **state) {
    static const struct example plain[] = {
        {"cs", "Latn", "Vlada rekla, ze zadne dalsi penize pro skoly letos nebudou, protoze rozpocet je prazdny."},
        {"ro", "Latn", "Guvernul a spus ca nu vor mai fi bani pentru scoli, fiindca bugetul este gol."},
        {"tr", "Latn", "Hukumet okullar icin baska para olmayacagini soyledi, cunku butce bos."},
        {"fr", "Latn", "Le gouvernement a declare que les ecoles ne recevront plus d'argent cette annee."},
    };
    expect_titles(*state, plain, sizeof plain / sizeof *plain);
}

static void title_and_body_count_together(void **state) {
    struct bench *bench = *state;
    bench->article->title.source = SPAN("Breaking news update");
    add_block(bench, "Der Bürgermeister sagte am Montag, dass die Brücke noch bis Ende März gesperrt bleibt.");
    add_block(bench, "Die Arbeiten hätten länger gedauert als geplant, weil das Wasser zu hoch stand.");
    assert_int_equal(identify(bench), STAGE_CONTINUE);
    assert_string_equal(bench->article->language.code, "de");
    assert_true(bench->article->language.certainty > 0.99);
}

static void a_block_in_another_language_is_recognised(void **state) {
    struct bench *bench = *state;
    add_block(bench, "Der Bürgermeister sagte am Montag, dass die Brücke noch bis Ende März gesperrt bleibt.");
    add_block(bench, "Le maire a déclaré lundi que le pont resterait fermé jusqu'à la fin du mois de mars.");
    add_block(bench, "Die Arbeiten hätten länger gedauert als geplant, weil das Wasser zu hoch stand.");
    add_block(bench, "Мост закрыт до конца марта, сообщили в администрации города.");
    add_block(bench, "Bonjour!");
    assert_int_equal(identify(bench), STAGE_CONTINUE);
    const struct article *article = bench->article;
    assert_string_equal(article->language.code, "de");
    assert_string_equal(article->body[0].language, "");
    assert_string_equal(article->body[1].language, "fr");
    assert_string_equal(article->body[2].language, "");
    assert_string_equal(article->body[3].language, "ru");
    assert_string_equal(article->body[4].language, "");
}

static void a_name_in_other_letters_leaves_a_block_alone(void **state) {
    struct bench *bench = *state;
    add_block(bench, "Кметът каза в понеделник, че мостът ще остане затворен до края на март.");
    add_block(bench, "Според Daily Bridge Observer ремонтът струва два милиона лева.");
    assert_int_equal(identify(bench), STAGE_CONTINUE);
    assert_string_equal(bench->article->language.code, "bg");
    assert_string_equal(bench->article->body[1].language, "");
}

static void similar_words_do_not_split_off_a_block(void **state) {
    struct bench *bench = *state;
    add_block(bench, "Gradonačelnik je u ponedjeljak rekao da će most ostati zatvoren do kraja ožujka.");
    add_block(bench, "Most je star i treba ga popraviti.");
    add_block(bench, "Tvrtka je zaposlila dvjesto ljudi, tko god je htio raditi dobio je posao.");
    assert_int_equal(identify(bench), STAGE_CONTINUE);
    assert_string_equal(bench->article->language.code, "hr");
    assert_int_equal(bench->article->block_count, 3);
    for (size_t i = 0; i < bench->article->block_count; i++) assert_string_equal(bench->article->body[i].language, "");
}

static void a_given_language_is_kept(void **state) {
    struct bench *bench = *state;
    strcpy(bench->article->language.code, "bs");
    add_block(bench, "Gradonačelnik je u ponedjeljak rekao da će most ostati zatvoren.");
    add_block(bench, "Le maire a déclaré lundi que le pont resterait fermé jusqu'à la fin du mois de mars.");
    assert_int_equal(identify(bench), STAGE_CONTINUE);
    assert_string_equal(bench->article->language.code, "bs");
    assert_string_equal(bench->article->body[1].language, "");
    assert_string_equal(bench->article->language.script, "Latn");
}

static void english_is_skipped(void **state) {
    struct bench *bench = *state;
    add_block(bench, "The mayor said on Monday that the bridge would stay closed until the end of March.");
    assert_int_equal(identify(bench), STAGE_DROP);
    assert_int_equal(bench->article->status, ARTICLE_SKIPPED);
    assert_failure(&bench->article->failure, REACH_ARTICLE, REMEDY_NONE, CAUSE_ARTICLE, EXIT_DONE, "'en'");
}

static void without_letters_there_is_no_language(void **state) {
    struct bench *bench = *state;
    add_block(bench, "1 : 0 (3 : 2) … € 12,50");
    assert_int_equal(identify(bench), STAGE_FAIL);
    assert_failure(&bench->failure, REACH_ARTICLE, REMEDY_NONE, CAUSE_ARTICLE, EXIT_DONE, "no letters");
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, begin, end)

int main(void) {
    const struct CMUnitTest tests[] = {
        TEST(sentences_are_identified),
        TEST(three_words_are_identified),
        TEST(close_languages_are_distinguished_by_their_words),
        TEST(text_without_accents_is_identified),
        TEST(title_and_body_count_together),
        TEST(a_block_in_another_language_is_recognised),
        TEST(a_name_in_other_letters_leaves_a_block_alone),
        TEST(similar_words_do_not_split_off_a_block),
        TEST(a_given_language_is_kept),
        TEST(english_is_skipped),
        TEST(without_letters_there_is_no_language),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
