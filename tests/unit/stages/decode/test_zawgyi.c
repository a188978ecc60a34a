/* Burmese in the encoding of the font Zawgyi-One, and what shares its code points. */
#include "unit/cmocka_test.h"

#include <string.h>

#include "stages/decode/zawgyi.h"

static struct zawgyi *zawgyi;

static int open_table(void **state) {
    (void)state;
    struct failure failure = {0};
    return zawgyi_open(TEST_DATA, &zawgyi, &failure) ? 0 : -1;
}

static int close_table(void **state) {
    (void)state;
    zawgyi_close(zawgyi);
    return 0;
}

static void expect_lines(const char *text, const char *expected, size_t lines, size_t first) {
    struct buffer out = BUFFER(1 << 16), again = BUFFER(1 << 16);
    size_t found, number;
    struct span unicode = zawgyi_text(zawgyi, span_of(text), &out, &found, &number);
    assert_span(unicode, expected);
    assert_int_equal(found, lines);
    assert_int_equal(number, first);
    assert_span(zawgyi_text(zawgyi, unicode, &again, &found, &number), expected);
    assert_int_equal(found, 0);
    buffer_free(&out);
    buffer_free(&again);
}

static void leave(const char *text) {
    expect_lines(text, text, 0, 0);
}

static void sentences_of_news_become_unicode(void **state) {
    (void)state;
    expect_lines("အစိုးရသည္ တံတားအသစ္ကို လာမည့္ႏွစ္တြင္ ဖြင့္မည္ဟု ေၾကညာခဲ့သည္။", "အစိုးရသည် တံတားအသစ်ကို လာမည့်နှစ်တွင် ဖွင့်မည်ဟု ကြေညာခဲ့သည်။", 1, 1);
    expect_lines("ေက်ာင္းသားမ်ားသည္ မနက္ျဖန္ ေဈးသို႔ သြားၾကမည္။", "ကျောင်းသားများသည် မနက်ဖြန် ဈေးသို့ သွားကြမည်။", 1, 1);
    expect_lines("<p>ျမန္မာႏိုင္ငံ၏ ေျမာက္ပိုင္းတြင္ မိုးႀကီးေနသည္။</p>", "<p>မြန်မာနိုင်ငံ၏ မြောက်ပိုင်းတွင် မိုးကြီးနေသည်။</p>", 1, 1);
}

/* Kinzi, stacked consonants, contracted words, loanwords, "that", and ligatures. */
static void syllables_are_put_in_order(void **state) {
    (void)state;
    static const struct {
        const char *zawgyi, *unicode;
    } words[] = {{"အဂၤလိပ္", "အင်္ဂလိပ်"}, {"သတၱဳ", "သတ္တု"},     {"ဗုဒၶ", "ဗုဒ္ဓ"},   {"ကမၻာ", "ကမ္ဘာ"},  {"ေယာက္်ား", "ယောက်ျား"},
                 {"ကၽြန္ုပ္", "ကျွန်ုပ်"},  {"ေပၚ", "ပေါ်"},    {"ဦး", "ဦး"},     {"ဥာဏ္", "ဉာဏ်"},    {"ပ႒ာန္း", "ပဋ္ဌာန်း"},
                 {"ဘုရွ္", "ဘုရှ်"},       {"လႊတ္", "လွှတ်"},     {"၎", "၎င်း"},     {"၄င္း", "၎င်း"},    {"၀န္ႀကီး", "ဝန်ကြီး"},
                 {"၅၀", "၅၀"},       {"ၾသဇာ", "သြဇာ"},  {"ညႊန္", "ညွှန်"},    {"ႏွစ္", "နှစ်"},      {"ရဲ ့", "ရဲ့ "},
                 {"ေစ်း", "ဈေး"},     {"ျပည္သူ႔", "ပြည်သူ့"}, {"အိႏၵိယ", "အိန္ဒိယ"}, {"သၾကၤန္", "သင်္ကြန်"}};
    for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
        struct buffer text = BUFFER(1024), expected = BUFFER(1024);
        buffer_print(&text, "သူသည္ ေျပာသည္ %s ဟု", words[i].zawgyi);
        buffer_print(&expected, "သူသည် ပြောသည် %s ဟု", words[i].unicode);
        expect_lines(text.at, expected.at, 1, 1);
        buffer_free(&text);
        buffer_free(&expected);
    }
}

static void unicode_is_left_alone_in_every_language(void **state) {
    (void)state;
    leave("အစိုးရသည် တံတားအသစ်ကို လာမည့်နှစ်တွင် ဖွင့်မည်ဟု ကြေညာခဲ့သည်။");
    leave("ယောက်ျား အင်္ဂလိပ် ဗုဒ္ဓ ပဋ္ဌာန်း သေယျာ ဉာဏ် ဩဇာ ၎င်း ၅၀");
    leave("ၵူၼ်းမိူင်း ၸိူဝ်းၼၼ်ႉ တေၶဝ်ႈမႃး ၼႂ်းဝဵင်း ဝၼ်းထီႈ 5 သေ ပွႆႇမႃး"); /* Shan */
    leave("ညးမန် ဂမၠိုင် ပ္ဍဲဍုၚ်မန်တံ ဒးကေတ်သၠဲ အရေဝ်ဘာသာ");              /* Mon */
    leave("ပှၤကညီဖိတဖၣ် လၢအအိၣ်ဝဲ လၢကီၢ်သူးအပူၤ န့ၣ်လီၤ ဒီးထံၣ်ဘၣ်ဝဲ");        /* S'gaw Karen */
    leave("တရားမျှတမှု ကိုယ်ခန္ဓာ စိတ္တ ဓမ္မ သင်္ဃာ ဝိညာဉ် မေတ္တာ");       /* Pali in Burmese */
    leave("Der Premier sagte: „Öö“ — ქართული ភាសាខ្មែរ አማርኛ");
}

static void lists_of_characters_are_left_alone(void **state) {
    (void)state;
    leave("က္ ခ္ ဂ္ ဃ္ င္ ေက ေခ ေဂ");
    leave("<က္<<က်<ာက္<<ာက်<ေက္<<ေက်<ောက္");
    leave("သရ ေ နှင့် ျ ြ ွ ှ တို့ကို လေ့လာသည်။");
}

static void one_typing_error_is_not_proof(void **state) {
    (void)state;
    leave("ဈေးဆိုင်များ ပြန်ဖွင့်ပြီး ေရာင်းချနေသည်။ လူများ လာသည်။");
    leave("မြို့ထဲတွင် စာဖတ္ အိမ်ပြန်သည်။");
    leave("ကျောင်းသားများ စာဖတ္");
}

static void lines_of_both_are_judged_one_by_one(void **state) {
    (void)state;
    expect_lines("ကျောင်းသားများ စာဖတ်နေကြသည်။ ဆရာလည်း ပြောနေသည်။\n"
                 "ေက်ာင္းသားမ်ား စာဖတ္ေနၾကသည္။\n"
                 "Plain words\n",
                 "ကျောင်းသားများ စာဖတ်နေကြသည်။ ဆရာလည်း ပြောနေသည်။\n"
                 "ကျောင်းသားများ စာဖတ်နေကြသည်။\n"
                 "Plain words\n",
                 1, 2);
    expect_lines("ေက်ာင္းသားမ်ား စာဖတ္ေနၾကသည္။\nစာသား\nမႏၲေလး\n", "ကျောင်းသားများ စာဖတ်နေကြသည်။\nစာသား\nမန္တလေး\n", 3, 1);
}

static void text_between_tags_is_judged_separately(void **state) {
    (void)state;
    expect_lines(
        "<ul><li>မြန်မာ့သတင်းများ ဖတ်ရန်နေရာ သေးသည်။</li><li>ပြည်တွင်း</li></ul><p>ေက်ာင္းသားမ်ား စာဖတ္ေနၾကသည္။ <b>ျမန္မာ</b></p>",
        "<ul><li>မြန်မာ့သတင်းများ ဖတ်ရန်နေရာ သေးသည်။</li><li>ပြည်တွင်း</li></ul><p>ကျောင်းသားများ စာဖတ်နေကြသည်။ <b>မြန်မာ</b></p>",
        1, 1);
    expect_lines("<p>ေက်ာင္းသားမ်ား စာဖတ္ေနၾကသည္။</p><p>ကျောင်းသားများ စာဖတ်နေကြသည်။ ဆရာ ပြောနေသည်။</p>\n<p>ေစ်းသို႔ သြားၾကသည္။</p>",
                 "<p>ကျောင်းသားများ စာဖတ်နေကြသည်။</p><p>ကျောင်းသားများ စာဖတ်နေကြသည်။ ဆရာ ပြောနေသည်။</p>\n<p>ဈေးသို့ သွားကြသည်။</p>",
                 2, 1);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(sentences_of_news_become_unicode),
        cmocka_unit_test(syllables_are_put_in_order),
        cmocka_unit_test(unicode_is_left_alone_in_every_language),
        cmocka_unit_test(lists_of_characters_are_left_alone),
        cmocka_unit_test(one_typing_error_is_not_proof),
        cmocka_unit_test(lines_of_both_are_judged_one_by_one),
        cmocka_unit_test(text_between_tags_is_judged_separately),
    };
    return cmocka_run_group_tests(tests, open_table, close_table);
}
